"""Setting a round up from the last one: what is asked, by when, opening and closing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.access import api as access
from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.figures import api as figures
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Ask, Asked, Change, Due, Kind, Round, RoundFault, Stage
from mirps.sharing.portal import wording
from mirps.web.pages.rounds import invited
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import names
from mirps.web.pages.rounds.fields import Fields

#: The breakdowns that a thing may be asked by.
BREAKDOWNS = ("", "sex", "age", "sex;age", "sex*age")
#: Kinds that people set up; `loaded` is for rounds read from documents.
KINDS = (Kind.ANNUAL, Kind.MID_YEAR, Kind.THEMATIC)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def new(desk: Desk) -> HttpResponse:
    desk.require("round.setup")
    f = Fields(desk.request, desk.lang)
    earlier = list(Round.objects.order_by("-ends", "code"))
    if f.posted:
        made = _made(desk, f, earlier)
        if made is not None:
            return desk.go("round-setup", code=made.code)
    return desk.page("rounds/new.html", 422 if f.faults else 200, f=f, earlier=earlier, kinds=KINDS,
                     year=earlier[0].ends.year + 1 if earlier else desk.now.year,
                     trail=[(say("rounds.new.title", desk.lang), "")])  # fmt: skip


def _made(desk: Desk, f: Fields, earlier: list[Round]) -> Round | None:
    code = f.text("code", most=20, required=True)
    if code and not (code.replace("-", "").isalnum() and code.isascii() and code == code.lower()):
        f.fault("code", "rounds.form.code")
    kind = f.choice("kind", [k.value for k in KINDS])
    title_es, title_en = f.text("title_es", required=True), f.text("title_en", required=True)
    starts, ends, cut_off = f.day("starts"), f.day("ends"), f.day("cut_off", required=False)
    previous = f.choice("previous", [r.code for r in earlier], required=False)
    if f.faults or starts is None or ends is None:
        return None
    asks = rounds.proposed_from(previous=previous, starts=starts, ends=ends) if previous else []
    try:
        return rounds.set_up(
            code=code, kind=Kind(kind), title_es=title_es, title_en=title_en, starts=starts, ends=ends,
            cut_off=cut_off, asks=asks, previous=previous, by=desk.user.username, at=desk.now,
        )  # fmt: skip
    except RoundFault as e:
        f.fault("code" if "taken" in e.key else "ends", e.key, **e.values)
        return None


@require_safe
@at_the_door
def overview(desk: Desk) -> HttpResponse:
    desk.require("round.setup")
    every = list(rounds.asked(desk.round.code))
    chosen = desk.request.GET.get("state", "")
    states = sorted({a.state for a in every}, key=codelists.member_states().index)
    chosen = chosen if chosen in states else (states[0] if states else "")
    shown = [a for a in every if a.state == chosen]
    groups: dict[str, list[Asked]] = {}
    for a in shown:
        groups.setdefault(a.institution, []).append(a)
    return desk.page(
        "rounds/setup.html",
        groups=[(code, desk.institution_name(code), found) for code, found in groups.items()],
        states=[(s, sum(a.state == s for a in every)) for s in states], chosen=chosen,
        measures=figures.measures(), changed=sum(a.change == Change.CHANGED for a in every),
        fresh=sum(a.change == Change.NEW for a in every), all=len(every),
        next_stages=[s for s in (Stage.OPEN, Stage.CLOSED) if s in _after(desk.round)],
        steps=[(d, desk.due(d)) for d in Due], words=lambda a: _restricted(a, desk.lang),
        gaps=len(_gaps(_duties(desk))), told=len(invited.workers(desk.round, desk.now)),
        trail=[(say("rounds.setup.title", desk.lang), "")],
    )  # fmt: skip


def _trail(desk: Desk, here: str) -> list[tuple[str, str]]:
    """From the round's page by its setting up to this page."""
    setup = (say("rounds.setup.title", desk.lang), desk.url("round-setup", code=desk.round.code))
    return [*([setup] if desk.may("round.setup") else []), (here, "")]


def _restricted(a: Asked, lang: str) -> str:
    """What the thing asked is restricted to, in words."""
    universe = a.universe if lang == "en" else codelists.universes().get(a.universe, a.universe)
    return " · ".join(filter(None, [_members(a.dimensions, lang), universe, a.place]))


def _members(dimensions: str, lang: str) -> str:
    return " · ".join(wording.member(k, v, lang) for k, v in figures.parse_dimensions(dimensions).items())


def _after(r: Round) -> frozenset[Stage]:
    from mirps.evidence.rounds.rules import STAGES

    return STAGES[Stage(r.stage)]


@require_POST
@at_the_door
def turn(desk: Desk) -> HttpResponse:
    """Open, close or open again, with its reason."""
    f = Fields(desk.request, desk.lang)
    to = Stage(f.choice("to", [Stage.OPEN.value, Stage.CLOSED.value]) or Stage.OPEN)
    desk.require("round.open" if to is Stage.OPEN else "round.close")
    reason = f.text("reason", most=500)
    try:
        if to is Stage.OPEN:
            invited.open_round(round=desk.round.code, by=desk.user.username, at=desk.now, reason=reason)
        else:
            invited.close_round(round=desk.round.code, by=desk.user.username, at=desk.now, reason=reason)
    except RoundFault as e:
        return desk.page("rounds/refused.html", 422, why=say(e.key, desk.lang, **e.values),
                         back=desk.url("round-setup", code=desk.round.code))  # fmt: skip
    return desk.go("round-setup", "?kept=1", code=desk.round.code)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def dates(desk: Desk) -> HttpResponse:
    """By when: for the whole round, a State, or one institution. Later changes say why."""
    desk.require("round.setup")
    f = Fields(desk.request, desk.lang)
    if f.posted:
        state = f.choice("state", codelists.member_states(), required=False)
        asked = rounds.asked(desk.round.code, state=state).order_by()
        bodies = set(asked.values_list("institution", flat=True))
        institution = f.choice("institution", bodies, required=False) if state else ""
        step = f.choice("step", [d.value for d in Due])
        due = f.end_of_day("due", zone(state))
        if not f.faults and due is not None:
            try:
                with transaction.atomic():
                    rounds.set_due(
                        round=desk.round, step=Due(step), due=due, state=state, institution=institution,
                        reason=f.text("reason", most=500), by=desk.user.username, at=desk.now,
                    )  # fmt: skip
                    if desk.round.stage != Stage.PREPARING:
                        invited.tell(
                            round=desk.round, kind="extended", state=state, institution=institution,
                            by=desk.user.username, at=desk.now,
                        )  # fmt: skip
                return desk.go("round-dates", "?kept=1", code=desk.round.code)
            except RoundFault as e:
                f.fault("reason", e.key, **e.values)
    pairs = sorted(set(rounds.asked(desk.round.code).order_by().values_list("state", "institution")))
    return desk.page(
        "rounds/dates.html", 422 if f.faults else 200, f=f, steps=list(Due), states=codelists.member_states(),
        institutions=[(s, i, desk.institution_name(i)) for s, i in pairs],
        held=list(reversed(desk.due_dates)), who=names(d.by for d in desk.due_dates),
        trail=_trail(desk, say("rounds.dates", desk.lang)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def ask(desk: Desk, ask: str = "") -> HttpResponse:
    """One thing asked: change it, or ask for one more (no `ask` in the address)."""
    desk.require("round.setup")
    held = rounds.asked(desk.round.code).filter(code=ask).first() if ask else None
    if ask and held is None:
        raise Http404
    f = Fields(desk.request, desk.lang)
    answered = held is not None and desk.round.stage != Stage.PREPARING
    if f.posted:
        done = (
            _withdrawn(desk, f, held) if "withdraw" in f.raw and held is not None else _asked(desk, f, held)
        )
        if done:
            return desk.go("round-setup", f"?state={done}&kept=1", code=desk.round.code)
    return desk.page(
        "rounds/ask.html", 422 if f.faults else 200, f=f, a=held, answered=answered,
        states=codelists.member_states(), institutions=_institutions(),
        measures=dict(sorted(figures.measures().items(), key=lambda m: m[1].name(desk.lang).casefold())),
        populations=codelists.populations(), units=codelists.units(), breakdowns=BREAKDOWNS,
        changes=list(Change), words=_members(held.dimensions, desk.lang) if held else "",
        trail=_trail(
            desk,
            figures.measures()[held.measure].name(desk.lang) if held else say("rounds.setup.ask-more", desk.lang),
        ),
    )  # fmt: skip


def _institutions() -> list[codelists.Code]:
    return [c for c in codelists.institutions().values() if c.extra.get("state") in codelists.member_states()]


def _withdrawn(desk: Desk, f: Fields, held: Asked) -> str:
    try:
        rounds.withdraw(asked=held, reason=f.text("reason", most=500), by=desk.user.username, at=desk.now)
    except RoundFault as e:
        f.fault("reason", e.key, **e.values)
        return ""
    return held.state


def _asked(desk: Desk, f: Fields, held: Asked | None) -> str:
    """Keep what was typed. Returns the State, or nothing when something is at fault."""
    institution = f.choice("institution", [c.code for c in _institutions()])
    measure = f.choice("measure", figures.measures())
    given = {
        "institution": institution, "measure": measure,
        "unit": f.choice("unit", codelists.units()),
        "population": f.choice("population", codelists.populations(), required=False),
        "dimensions": _dimensions(f),
        "breakdown": f.choice("breakdown", BREAKDOWNS, required=False),
        "required": f.flag("required"), "low": f.number("low"), "high": f.number("high"),
        "guidance_es": f.text("guidance_es", most=1000), "guidance_en": f.text("guidance_en", most=1000),
        "change_es": f.text("change_es", most=1000), "change_en": f.text("change_en", most=1000),
        **_period(f),
    }  # fmt: skip
    change = Change(f.choice("change", [c.value for c in Change]) or Change.NEW)
    if f.faults:
        return ""
    state = institution.partition(".")[0]
    was = held.ask() if held else Ask(
        code=rounds.next_code(state, institution, Asked.objects.filter(round=desk.round).values_list("code", flat=True)),  # noqa: E501
        state=state, institution=institution, sector="", measure=measure, unit="", order=9999,
    )  # fmt: skip
    wanted = {**given, "state": state, "sector": figures.measures()[measure].sector}
    new = rounds.moved(was, **wanted) if held else replace(was, **wanted)  # type: ignore[arg-type]
    new = (
        new
        if new.change is Change.CHANGED and held and held.change == Change.SAME
        else replace(new, change=change)
    )
    if new.change is Change.CHANGED and not (new.change_es and new.change_en):
        f.fault("change_es", "rounds.form.say-change")
        return ""
    try:
        rounds.ask(round=desk.round, asks=[new], by=desk.user.username, at=desk.now)
    except RoundFault as e:
        f.fault("measure", e.key, **e.values)
        return ""
    if desk.round.stage != Stage.PREPARING:
        entries.prepare(round=desk.round.code)
    return state


def _dimensions(f: Fields) -> str:
    given = f.text("dimensions")
    try:
        pairs = figures.parse_dimensions(given)
    except ValueError:
        f.fault("dimensions", "rounds.form.dimensions", found=given)
        return ""
    known = codelists.dimensions()
    if any(k not in known or v not in known[k] for k, v in pairs.items()):
        f.fault("dimensions", "rounds.form.dimensions", found=given)
    return figures.canonical_dimensions(pairs)


def _period(f: Fields) -> dict[str, date | None]:
    starts, ends = f.day("period_start", required=False), f.day("period_end", required=False)
    as_of = f.day("as_of", required=False)
    if not as_of and not (starts and ends):
        f.fault("as_of", "rounds.form.when")
    if starts and ends and ends < starts:
        f.fault("period_end", "round.fault.reversed")
    return {"period_start": starts, "period_end": ends, "as_of": as_of}


@dataclass(frozen=True, slots=True)
class Duty:
    """Who does what for one institution of a round; an empty list is a gap to fill."""

    state: str
    institution: str
    asked: int
    enter: list[str]
    review: list[str]
    approve: list[str]


@require_safe
@at_the_door
def people(desk: Desk) -> HttpResponse:
    """Who enters, reviews and approves for each institution, and where nobody does."""
    if not (desk.may("round.setup") or desk.may("watch.read")):
        desk.require("round.setup")
    on = desk.now.date()
    held, duties = access.holdings(on=on), _duties(desk)
    return desk.page(
        "rounds/people.html", duties=[(s, [d for d in duties if d.state == s]) for s in codelists.member_states()],
        gaps=_gaps(duties),
        region=[(act, _named(held, act, "", "", on)) for act in ("entry.review-region", "entry.approve-region")],
        may_manage=desk.may("people.manage"), trail=_trail(desk, say("rounds.people.title", desk.lang)),
    )  # fmt: skip


def _gaps(duties: list[Duty]) -> list[Duty]:
    return [d for d in duties if not (d.enter and d.approve)]


def _duties(desk: Desk) -> list[Duty]:
    on = desk.now.date()
    asked = Counter(rounds.asked(desk.round.code).values_list("state", "institution").order_by())
    held = access.holdings(on=on)
    return [
        Duty(
            state, institution, n,
            _named(held, "entry.write", state, institution, on),
            _named(held, "entry.review", state, institution, on),
            _named(held, "entry.approve-state", state, institution, on),
        )
        for (state, institution), n in sorted(asked.items())
    ]  # fmt: skip


def _named(
    held: list[tuple[access.User, access.Grant]], act: str, state: str, body: str, on: date
) -> list[str]:
    """The people who may do `act` there, the nearest role first."""
    return [u.called for u in access.able(held, act, state=state, on=on, body=body)]


patterns = [
    path("rounds/new/", new, name="round-new"),
    path("rounds/<slug:code>/setup/", overview, name="round-setup"),
    path("rounds/<slug:code>/setup/turn/", turn, name="round-turn"),
    path("rounds/<slug:code>/setup/dates/", dates, name="round-dates"),
    path("rounds/<slug:code>/setup/people/", people, name="round-people"),
    path("rounds/<slug:code>/setup/ask/", ask, name="round-ask-new"),
    path("rounds/<slug:code>/setup/ask/<slug:ask>/", ask, name="round-ask"),
]
