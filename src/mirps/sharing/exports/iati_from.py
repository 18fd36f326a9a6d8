"""From contributions, projects and calls to activities of IATI, or to why one cannot be told truly. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from mirps.planning.contributions.api import REGION, STATES, Contribution
from mirps.sharing.exports.iati import (
    Activity,
    Budget,
    Flow,
    Org,
    OrgBudget,
    Refusal,
    Role,
    Settings,
    Share,
    Status,
    Transaction,
    When,
    Why,
    Words,
)

HUNDRED = Decimal(100)
_FLOWS = {"pledged": Flow.PLEDGE, "committed": Flow.COMMITMENT, "disbursed": Flow.DISBURSEMENT}
_FINANCE = {"grant": "110", "loan": "421"}
_DAC, _OWN = "1", "99"


@dataclass(frozen=True, slots=True)
class Paid:
    """A disbursement of a project that was paid."""

    code: str
    day: date
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Project:
    """What the activity of a project is made of; `when` are as exact as they are known."""

    key: str
    title: Words
    summary: Words
    stage: str
    states: tuple[str, ...]
    sectors: tuple[str, ...]
    entity: str
    partners: tuple[str, ...]
    administrator: str
    starts: str
    ends: str
    signed: str
    agreed: Decimal | None
    currency: str
    paid: tuple[Paid, ...]
    known: date
    funders: tuple[tuple[str, str], ...] = ()  # (institution, key of the contribution)


@dataclass(frozen=True, slots=True)
class Call:
    key: str
    title: Words
    summary: Words
    opens: str
    closes: str
    total: Decimal | None
    currency: str
    administrator: str
    known: date


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences that a file carries, in both languages: texts iati.says."""

    exactness: Mapping[str, Words]  # by exactness
    day: Mapping[str, Words]  # "made", "period" or "known": what the day of a transaction is
    part: Words  # that its {amount} is in the activity that it is part of


def contribution(
    c: Contribution, settings: Settings, said: Said, today: date, within: Mapping[str, str]
) -> Activity | Refusal:
    """The activity of a contribution. `within`: code -> code of the exported one that holds its money; such
    a part is a sub-activity without transactions, so that who adds the file up counts it once."""
    if why := _lacking(c):
        return Refusal(c.key, why)
    day, basis = _day(c)
    if day is None:
        return Refusal(c.key, Why.DAY)
    if day > today:
        return Refusal(c.key, Why.AHEAD, day.isoformat())
    countries, region = _where(c.states, c.state_shares, settings)
    sectors = _sectors(c.sectors, c.sector_shares, settings)
    donor, part = settings.org(c.donor), c.code in within
    channels = [settings.org(code) for code in c.channels]
    # Of a promise nobody said that it began.
    planned = c.stage == "pledged"
    began = When.PLANNED_START if planned else When.ACTUAL_START
    dates = _dates(c.starts, c.ends, today, planned=planned) or ((began, day),)
    inside = (
        {lang: text.format(amount=f"{c.currency} {c.amount:f}") for lang, text in said.part.items()}
        if part
        else {}
    )
    return Activity(
        key=c.key, identifier=settings.identifier(c.key), title=c.title,
        description=_joined(c.purpose, said.exactness.get(c.exactness, {}), inside, c.note or {}),
        status=_status(c, dates), dates=dates, changed=_midnight(c.known or day),
        orgs=((Role.FUNDING, donor), *((Role.EXTENDING, o) for o in channels)),
        countries=countries, region=region, sectors=sectors, finance=_FINANCE.get(c.form, ""),
        transactions=() if part else (Transaction(
            _FLOWS[c.stage], day, c.amount or Decimal(0), c.currency,
            _joined(said.day[basis], said.exactness.get(c.exactness, {})), donor, settings.identifier(c.key),
            channels[0] if channels else None,
        ),),
        related=((1, settings.identifier(f"contribution/{within[c.code]}")),) if part else (),
        hierarchy=2 if part else 1,
    )  # fmt: skip


def _lacking(c: Contribution) -> Why | None:
    if c.amount is None:
        return Why.KIND if c.in_kind else Why.AMOUNT
    if not c.currency:
        return Why.CURRENCY
    if c.stage not in _FLOWS:
        return Why.STAGE
    if c.state_shares and _total(c.state_shares) != HUNDRED:
        return Why.STATE_SHARES
    if c.sector_shares and _total(c.sector_shares) != HUNDRED:
        return Why.SECTOR_SHARES
    if c.starts and c.ends and last(c.ends) < first(c.starts):
        return Why.DATES
    return None


def _day(c: Contribution) -> tuple[date | None, str]:
    """The day of its transaction and what it is: the day it was made, the end of the period that a payment
    is told for, or, of a promise, the day on which it became known."""
    if c.made:
        return last(c.made), "made"
    if c.stage == "disbursed":
        return (last(c.ends), "period") if c.ends else (None, "")
    return c.known, "known"


def _status(c: Contribution, dates: Sequence[tuple[When, date]]) -> Status:
    if c.stage == "pledged":
        return Status.PIPELINE
    ended = any(when is When.ACTUAL_END for when, _ in dates)
    return Status.CLOSED if ended else Status.IMPLEMENTATION


def project(p: Project, settings: Settings, today: date) -> Activity | Refusal:
    """The activity of a project: who funds it, administers it and carries it out, what was agreed and paid."""
    dates = _dates(p.starts or p.signed, p.ends, today)
    if not any(when in (When.PLANNED_START, When.ACTUAL_START) for when, _ in dates):
        return Refusal(p.key, Why.DATES)
    if p.agreed is not None and not p.currency:
        return Refusal(p.key, Why.CURRENCY)
    if late := [x for x in p.paid if x.day > today]:
        return Refusal(p.key, Why.AHEAD, late[0].day.isoformat())
    spent = sum((x.value for x in p.paid if x.currency == p.currency), Decimal(0))
    if p.agreed is not None and spent > p.agreed:
        return Refusal(p.key, Why.OVERSPENT, f"{spent} > {p.agreed} {p.currency}")
    if p.paid and not (p.funders or p.administrator):
        return Refusal(p.key, Why.DONOR)
    budgets = _budgets(p.agreed, p.currency, p.starts or p.signed, p.ends, firm=bool(p.signed))
    if budgets is None:
        return Refusal(p.key, Why.PERIOD)
    countries, region = _where(p.states, (), settings)
    giver = (
        settings.org(p.administrator or p.funders[0][0])
        if (p.administrator or p.funders)
        else settings.reporting
    )
    taker = settings.org(p.entity) if p.entity else None
    own = settings.identifier(p.key)
    return Activity(
        key=p.key, identifier=own, title=p.title, description=p.summary or p.title, status=_project_status(p.stage),
        dates=dates, orgs=_project_orgs(p, settings), changed=_midnight(p.known), countries=countries, region=region,
        sectors=_sectors(p.sectors, (), settings), budgets=budgets,
        transactions=tuple(
            Transaction(Flow.DISBURSEMENT, x.day, x.value, x.currency, p.title, giver,
                        settings.identifier(p.funders[0][1]) if len(p.funders) == 1 else "", taker, own)
            for x in p.paid
        ),
        related=tuple((3, settings.identifier(key)) for _, key in p.funders),
    )  # fmt: skip


def _project_orgs(p: Project, settings: Settings) -> tuple[tuple[Role, Org], ...]:
    named = [(Role.FUNDING, code) for code, _ in p.funders]
    named += [(Role.EXTENDING, p.administrator)] if p.administrator else []
    named += [(Role.IMPLEMENTING, code) for code in (p.entity, *p.partners) if code]
    return tuple((role, settings.org(code)) for role, code in dict.fromkeys(named)) or (
        (Role.ACCOUNTABLE, settings.reporting),
    )


def _project_status(stage: str) -> Status:
    if stage == "cancelled":
        return Status.CANCELLED
    if stage in ("ended", "closed"):
        return Status.CLOSED
    return Status.IMPLEMENTATION if stage in ("signed", "starting", "running") else Status.PIPELINE


def call(c: Call, settings: Settings, today: date) -> Activity | Refusal:
    """The activity of a call: money that is to be given, in the pipeline until it closed."""
    dates = _dates(c.opens, c.closes, today)
    if not any(when in (When.PLANNED_START, When.ACTUAL_START) for when, _ in dates):
        return Refusal(c.key, Why.DATES)
    if c.total is not None and not c.currency:
        return Refusal(c.key, Why.CURRENCY)
    budgets = _budgets(c.total, c.currency, c.opens, c.closes, firm=False)
    if budgets is None:
        return Refusal(c.key, Why.PERIOD)
    closed = any(when is When.ACTUAL_END for when, _ in dates)
    org = settings.org(c.administrator) if c.administrator else settings.reporting
    return Activity(
        key=c.key, identifier=settings.identifier(c.key), title=c.title, description=c.summary or c.title,
        status=Status.CLOSED if closed else Status.PIPELINE, dates=dates, orgs=((Role.EXTENDING, org),),
        changed=_midnight(c.known), region=Share(settings.regions["MIRPS"], HUNDRED, _DAC),
        sectors=(Share(settings.unstated, HUNDRED, _DAC),), budgets=budgets,
    )  # fmt: skip


def budgets_of(projects: Collection[Project], settings: Settings) -> list[OrgBudget]:
    """What was agreed to be given to each implementing entity, by year: the organisation's file."""
    out = []
    for p in projects:
        held = _budgets(p.agreed, p.currency, p.starts or p.signed, p.ends, firm=True)
        if p.entity and p.signed and p.currency and held:
            out += [OrgBudget(settings.org(p.entity), b.starts, b.ends, b.value, b.currency) for b in held]
    return out


def _budgets(
    agreed: Decimal | None, currency: str, starts: str, ends: str, *, firm: bool
) -> tuple[Budget, ...] | None:
    """The budget of each year, by its days, summing to the whole to the cent. None where an amount has no
    period: a budget cannot be told without one. Nothing where there is no amount."""
    if agreed is None:
        return ()
    if not starts or not ends:
        return None
    one, end = first(starts), last(ends)
    if end < one:
        return None
    days, given, out = (end - one).days + 1, Decimal(0), []
    for year in range(one.year, end.year + 1):
        a, b = max(one, date(year, 1, 1)), min(end, date(year, 12, 31))
        part = (
            agreed - given
            if year == end.year
            else (agreed * ((b - a).days + 1) / days).quantize(Decimal("0.01"))
        )
        given += part
        out.append(Budget(a, b, part, currency, firm))
    return tuple(out)


def _dates(starts: str, ends: str, today: date, *, planned: bool = False) -> tuple[tuple[When, date], ...]:
    """The first and the last day; nothing where the first is not known."""
    if not starts:
        return ()
    one = first(starts)
    out = [(When.PLANNED_START if planned or one > today else When.ACTUAL_START, one)]
    if ends:
        end = last(ends)
        out.append((When.PLANNED_END if planned or end > today else When.ACTUAL_END, end))
    return tuple(out)


def _where(
    states: Sequence[str], shares: Sequence[tuple[str, Decimal]], settings: Settings
) -> tuple[tuple[Share, ...], Share | None]:
    """Countries with their shares where they are known, one country, or the region that holds them all:
    shares that nobody stated are not made up."""
    if shares and all(code in STATES for code, _ in shares):
        return tuple(Share(settings.countries[code], percent) for code, percent in shares), None
    if len(states) == 1 and states[0] in STATES:
        return (Share(settings.countries[states[0]], HUNDRED),), None
    if states and REGION.issuperset(states):
        return (), Share(settings.regions["MIRPS"], HUNDRED, _DAC)
    area = "WORLD" if not states or "WORLD" in states else "LAC"
    return (), Share(settings.regions[area], HUNDRED, _DAC)


def _sectors(
    sectors: Sequence[str], shares: Sequence[tuple[str, Decimal]], settings: Settings
) -> tuple[Share, ...]:
    """Our own codes (vocabulary 99) where the shares are known or there is one sector, and the DAC's."""
    known = list(shares) or ([(sectors[0], HUNDRED)] if len(sectors) == 1 else [])
    own = [Share(code, percent, _OWN, settings.sector_names.get(code, {})) for code, percent in known]
    if known and all(code in settings.sectors for code, _ in known):
        summed: dict[str, Decimal] = {}
        for code, percent in known:
            summed[settings.sectors[code]] = summed.get(settings.sectors[code], Decimal(0)) + percent
        return (*(Share(code, percent, _DAC) for code, percent in summed.items()), *own)
    return (Share(settings.several if sectors else settings.unstated, HUNDRED, _DAC), *own)


def _joined(*words: Words) -> Words:
    return {lang: " ".join(filter(None, (w.get(lang, "") for w in words))) for lang in ("es", "en")}


def _total(shares: Sequence[tuple[str, Decimal]]) -> Decimal:
    return sum((percent for _, percent in shares), Decimal(0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def first(when: str) -> date:
    """The first day of "2024", "2024-12" or "2024-12-05"."""
    return date.fromisoformat((when + "-01-01")[:10])


def last(when: str) -> date:
    """The last day of "2024", "2024-12" or "2024-12-05"."""
    if len(when) == 10:
        return date.fromisoformat(when)
    year, month = int(when[:4]), int(when[5:7] or 12)
    return date(year, month, monthrange(year, month)[1])
