"""What became of a project: agreed and amended, due and met, reported and computed, said by whom. Pure.

Money is compared only within one currency, and a share is given only where both amounts are known: what
cannot be computed says why. What a source states and what is computed are never mixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mirps.planning.records import dates

#: Stages after which nothing more is expected.
OVER = frozenset({"closed", "cancelled"})
#: Stages before which nothing is owed: there is no agreement yet.
BEFORE = frozenset({"submitted", "designing", "approved", "negotiated"})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; `currency` is empty where its source names none."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Disbursement:
    key: str
    due: date | None = None
    amount: Money | None = None
    conditional: bool = False  # whether a condition is written
    met: date | None = None
    paid: date | None = None
    paid_amount: Money | None = None  # None: the amount agreed

    def settled(self) -> Money | None:
        """What was paid; None while nothing was."""
        return (self.paid_amount or self.amount) if self.paid else None


@dataclass(frozen=True, slots=True)
class Report:
    key: str
    sort: str  # progress, financial or final
    until: date | None = None  # the last day of its period
    due: date | None = None
    handed: date | None = None
    progress: Decimal | None = None  # per cent, as the entity states it
    spent: Money | None = None  # in all, up to `until`


@dataclass(frozen=True, slots=True)
class Amendment:
    key: str
    signed: date
    agreed: Money | None = None
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project with what stands under it. `told`: the day of what is known of it."""

    key: str
    stage: str
    agreed: Money | None = None
    ends: str = ""  # as exact as it is known: 2025, 2025-03, 2025-03-31
    ended: str = ""
    told: date | None = None
    disbursements: tuple[Disbursement, ...] = ()
    reports: tuple[Report, ...] = ()
    amendments: tuple[Amendment, ...] = ()


def last_day(when: str) -> date | None:
    """The last day that a date as exact as it is known may mean; None where nothing is known of it."""
    return dates.last_day(when) if when else None


def agreed_on(p: Project, on: date) -> Money | None:
    """The amount of the agreement as amended by then."""
    changed = [a for a in p.amendments if a.signed <= on and a.agreed]
    return max(changed, key=lambda a: a.signed).agreed if changed else p.agreed


def ends_on(p: Project, on: date) -> str:
    """The expected end as amended by then."""
    changed = [a for a in p.amendments if a.signed <= on and a.ends]
    return max(changed, key=lambda a: a.signed).ends if changed else p.ends


class Unknown(StrEnum):
    """Why a share cannot be computed."""

    NO_AGREEMENT = "no-agreement"  # no source gives the amount agreed
    NOT_PAID = "not-paid"  # nothing is recorded as paid
    NO_SPENDING = "no-spending"  # no report gives what was spent
    CURRENCIES = "currencies"  # the amounts are in different currencies, or in one that is not named


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` in per cent with one decimal; or why not."""

    percent: Decimal | None
    part: Money | None
    whole: Money | None
    why: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    paid: Share  # paid of what was agreed
    spent: Share  # spent of what was paid


def computed(p: Project, on: date) -> Computed:
    """Execution from what is recorded by a day: paid of agreed, and spent of paid."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for d in p.disbursements:
        if (done := d.settled()) and d.paid and d.paid <= on:
            sums[done.currency] += done.amount
    agreed = agreed_on(p, on)
    paid = _one(sums)
    if agreed is None:
        first = Share(None, paid, None, Unknown.NO_AGREEMENT)
    elif not sums:
        first = Share(None, None, agreed, Unknown.NOT_PAID)
    else:
        first = _share(paid, agreed)
    handed = [r for r in p.reports if r.spent and r.handed and r.handed <= on]
    last = max(handed, key=lambda r: (r.until or date.min, r.handed or date.min), default=None)
    if last is None:
        second = Share(None, None, paid, Unknown.NO_SPENDING)
    elif not sums:
        second = Share(None, last.spent, None, Unknown.NOT_PAID)
    else:
        second = _share(last.spent, paid)
    return Computed(first, second)


def _one(sums: Mapping[str, Decimal]) -> Money | None:
    """The sum where there is one currency, and it is named."""
    if len(sums) != 1 or "" in sums:
        return None
    ((currency, amount),) = sums.items()
    return Money(amount, currency)


def _share(part: Money | None, whole: Money | None) -> Share:
    if (
        part is None
        or whole is None
        or part.currency != whole.currency
        or not part.currency
        or not whole.amount
    ):
        return Share(None, part, whole, Unknown.CURRENCIES)
    return Share((100 * part.amount / whole.amount).quantize(Decimal("0.1")), part, whole)


def stated(p: Project, on: date) -> Report | None:
    """The last report handed in by then that states how far the project has come."""
    found = [r for r in p.reports if r.progress is not None and r.handed and r.handed <= on]
    return max(found, key=lambda r: (r.until or date.min, r.handed or date.min), default=None)


class Matter(StrEnum):
    REPORT = "report"  # a report was due and is not in
    CONDITION = "condition"  # a disbursement was due and its condition is not met
    PAYMENT = "payment"  # its condition is met (or there is none), and it is not paid
    END = "end"  # the project was to have ended
    SILENCE = "silence"  # it was to have ended, and nothing was said of it since


@dataclass(frozen=True, slots=True)
class Late:
    matter: Matter
    key: str  # of what is late
    due: date

    def days(self, on: date) -> int:
        return (on - self.due).days


def late(p: Project, on: date) -> list[Late]:
    """What is overdue on a day, the longest first. What is due that day is not late yet.

    A project that was to have ended and of which nothing was said since is not called late: nobody told.
    """
    if p.stage in OVER:
        return []
    found: list[Late] = []
    for r in p.reports:
        if r.due and r.due < on and not (r.handed and r.handed <= on):
            found.append(Late(Matter.REPORT, r.key, r.due))
    for d in p.disbursements:
        if d.due and d.due < on and not (d.paid and d.paid <= on):
            waits = d.conditional and not (d.met and d.met <= on)
            found.append(Late(Matter.CONDITION if waits else Matter.PAYMENT, d.key, d.due))
    end = last_day(ends_on(p, on))
    if end and end < on and not p.ended and p.stage != "ended":
        silent = p.told is None or p.told <= end
        found.append(Late(Matter.SILENCE if silent else Matter.END, p.key, end))
    return sorted(found, key=lambda x: (x.due, x.key))


@dataclass(frozen=True, slots=True)
class People:
    """A row of beneficiaries. `sex` and `age`: a group, "total", "unknown" or "not-collected"."""

    population: str
    sex: str
    age: str
    people: Decimal


def reached(rows: Iterable[People]) -> dict[str, Decimal]:
    """People by population, each counted once.

    A row for all sexes and ages is the total; without one the rows that part the population by sex and age
    are added. A breakdown by sex alone and one by age alone tell of the same people: the larger sum counts,
    for what one of them leaves out the other may hold.
    """
    by: dict[str, list[People]] = defaultdict(list)
    for r in rows:
        by[r.population].append(r)
    return {population: _total(held) for population, held in by.items()}


def _total(held: Sequence[People]) -> Decimal:
    whole = [r.people for r in held if r.sex in _WHOLE and r.age in _WHOLE]
    if whole:
        return max(whole)
    by_sex = sum((r.people for r in held if r.age in _WHOLE), Decimal(0))
    by_age = sum((r.people for r in held if r.sex in _WHOLE), Decimal(0))
    both = sum((r.people for r in held if r.sex not in _WHOLE and r.age not in _WHOLE), Decimal(0))
    return max(by_sex, by_age, both)


_WHOLE = frozenset({"total", "not-collected"})


def unfit(rows: Iterable[People]) -> list[str]:
    """Populations whose parts are more than their total."""
    by: dict[str, list[People]] = defaultdict(list)
    for r in rows:
        by[r.population].append(r)
    wrong = []
    for population, held in by.items():
        whole = [r.people for r in held if r.sex in _WHOLE and r.age in _WHOLE]
        parts = (
            _total([r for r in held if not (r.sex in _WHOLE and r.age in _WHOLE)]) if whole else Decimal(0)
        )
        if whole and parts > max(whole):
            wrong.append(population)
    return wrong


@dataclass(frozen=True, slots=True)
class Said:
    """What one document says of one project; `known`: the day it became known."""

    project: str
    document: str
    known: date
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One project across the documents: None where a document does not name it."""

    project: str
    said: tuple[Said | None, ...]
    #: Fields on which the documents that name it differ. What moves with time (stage, progress) is not among them.
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    documents: tuple[str, ...]  # in the order in which they became known
    rows: tuple[Row, ...]

    @property
    def disputed(self) -> tuple[str, ...]:
        """Projects that some of the documents leave out."""
        return tuple(r.project for r in self.rows if None in r.said)

    def named(self, document: str) -> int:
        """How many projects a document names."""
        at = self.documents.index(document)
        return sum(1 for r in self.rows if r.said[at] is not None)


#: What two documents can contradict each other in.
STEADY = ("title", "entity", "partners", "administrator", "programme")


def matrix(said: Iterable[Said]) -> Matrix:
    """Projects × documents. A document that names one project of the programme speaks of the programme: a
    project that it does not name is left out by it."""
    held = sorted(said, key=lambda s: (s.known, s.document, s.project))
    documents = tuple(dict.fromkeys(s.document for s in held))
    by: dict[str, dict[str, Said]] = defaultdict(dict)
    for s in held:
        by[s.project][s.document] = s
    rows = (
        Row(project, tuple(of.get(d) for d in documents), _differ(of.values()))
        for project, of in sorted(by.items())
    )
    return Matrix(documents, tuple(rows))


def _differ(said: Iterable[Said]) -> tuple[str, ...]:
    named = [s for s in said if s.data.get("titled") != "unnamed"]
    found = []
    for field in STEADY:
        values = [_plain(s.data.get(field)) for s in named]
        if field == "title":
            # A description of ours is no title: two of them do not contradict each other.
            values = [_plain(s.data.get(field)) for s in named if s.data.get("titled") != "described"]
        values = [v for v in values if v]  # silence contradicts nothing
        if len(set(values)) > 1:
            found.append(field)
    return tuple(found)


def _plain(held: object) -> str:
    if isinstance(held, Mapping):
        return str(held.get("en") or held.get("es") or "")
    if isinstance(held, list):
        return "; ".join(sorted(str(v) for v in held))
    return str(held or "")
