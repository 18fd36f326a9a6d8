"""Lists of cases: whose turn it is, what is due, who has how many.

Filters are those of the columns of Standing. A page is asked for by the last row of the one before, so that the
hundredth costs what the first does. Rows are found and counted in an index that holds every column asked of it;
a list is compiled once for each form that it takes (listing.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mirps.casework.cases import catalogue, handing, listing, posts, queries, rules
from mirps.casework.cases.handing import AtWork, Role
from mirps.casework.cases.listing import Form, Group
from mirps.casework.cases.models import Standing
from mirps.casework.cases.numbers import tidy
from mirps.casework.procedures.model import Actor
from mirps.people.custody.api import Holding, Seat
from mirps.people.registry import api as registry

PAGE = 20
#: As `role`: whatever roles the reader holds. As `handler`: the reader, and those they stand in for.
MINE = "mine"
#: As `handler`: in nobody's hands.
NOBODY = "-"
_NOWHERE = AtWork((), frozenset(), frozenset())


class About(NamedTuple):
    """Whom a case is about, and at whose desk that file is kept: by which it is known whether a seat may see it."""

    person: UUID
    kept: Holding


@dataclass(frozen=True, slots=True)
class Worklist:
    """`count`: of all pages (of a long list, as it was within the last minute). `next`: what to ask for the page
    after; empty on the last. `decrees`: dates of a row that knows fewer (Standing.decree) are being counted anew.
    `about`: case -> whom it is about."""

    rows: list[Standing]
    count: int
    next: str = ""
    decrees: int = 0
    about: Mapping[UUID, About] = field(default_factory=dict)


def worklist(
    seat: Seat, *, on: date, procedure: str = "", stage: str = "", role: str = "", handler: str = "",
    office: str = "", due_before: date | None = None, missed: int = 0, aside: bool = False, text: str = "",
    order: str = "due", page: str = "", open_: bool | None = True,
) -> Worklist:  # fmt: skip
    """The cases that a seat sees, of those asked for. `on`: the reader's day. `text`: a case's number, or a
    person's. `missed`: at least so many in a row. Read it within `custody.seated(seat)`."""
    told, parts = queries.kind(seat)
    values: dict[str, Any] = dict(told)
    plain = {"procedure": procedure, "stage": stage, "at": office, "before": due_before}
    values |= {k: v for k, v in plain.items() if v}
    if parts:
        values["holders"] = sorted({rules.holder(p) for p in queries.concerning(seat)} | {seat.institution})
    at_work = _NOWHERE
    if MINE in (role, handler) or handler == NOBODY:
        at_work = handing.at_work(seat, on=on)
    if handler:
        values["hands"] = sorted({MINE: at_work.mine, NOBODY: at_work.free}.get(handler, {handler}))
    groups = tuple(_turn(seat, role, at_work, values)) if role else ()
    if text:
        values |= _about(text)
    form = Form(parts, open_, groups, missed, aside, order if order in listing.ORDERS else listing.ORDERS[0])
    if role and not groups:
        return Worklist([], 0)
    from_, values = values, values | _after(page)
    asked = listing.page(form, values, PAGE + 1)
    counted = listing.Counting(form, from_, whose=(seat.duty, bool(seat.purpose)), sure=bool(page))
    found, after = _cut(form, asked())
    whole = not page and not after  # what stands on one page needs no counting
    count = len(found) if whole else counted()
    about = {r.pk: _about_whom(told) for r in found if (told := vars(r)["about"])}
    decrees = max((vars(r)["decrees"] or 0 for r in found), default=0)
    return Worklist(found, count, after, decrees, about)


def _about_whom(told: str) -> About:
    person, _, kept = told.partition(" ")
    return About(UUID(person), _desk(kept))


@lru_cache(maxsize=5_000)
def _desk(told: str) -> Holding:
    """Most lines of a list are kept at the same few."""
    return Holding(*told.split(" "))


def _after(page: str) -> dict[str, Any]:
    """What asks for the page after: the order's value and the id of the last row; those without a date come last."""
    value, _, id_ = page.partition("_")
    return ({"last": UUID(id_)} if page else {}) | ({"reached": date.fromisoformat(value)} if value else {})


def _cut(form: Form, found: list[Standing]) -> tuple[list[Standing], str]:
    """A page, and what asks for the next."""
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{getattr(last, form.order) or ''}_{last.pk}"


def _turn(seat: Seat, role: str, at_work: AtWork, values: dict[str, Any]) -> Iterator[Group]:
    """The cases in whose stage it is the turn of a role (`mine`: of one that the reader holds at its office), a
    group for each procedure, its offices, and version where they differ; what each asks for is put into `values`.

    What waits for an officer to whom it was given (Actor.PERSON) is among one's own while it is in one's hands, or
    in nobody's.
    """
    waits, hands = _waits(seat, role, at_work.roles, values.get("procedure", "")), at_work.mine | at_work.free
    at = {office for _, offices, _ in waits for office in offices or [""]}
    if len(at) == 1 and "" not in at:  # what all have in common is said once: by it a database finds them
        values.setdefault("at", *at)
    for (name, offices, person), by_version in waits.items():
        every = by_version.values()
        alike = len({frozenset(s) for s in every}) == 1 and len(by_version) == len(catalogue.versions(name))
        for version, found in [("", next(iter(every)))] if alike else by_version.items():
            stages = found & {values["stage"]} if "stage" in values else found
            if stages:
                where = () if values.get("at") in offices else sorted(offices)
                yield _group(values, name, version, sorted(stages), where, hands if person else ())


def _waits(
    seat: Seat, role: str, roles: Iterable[Role], procedure: str
) -> dict[tuple[str, frozenset[str], bool], dict[str, set[str]]]:
    """Procedure, offices (none: wherever the case is), and whether it waits for whoever has the case in hand ->
    version -> the stages in which it is the turn of such a role."""
    held: dict[str, dict[str, set[str]]] = {}
    for each in roles:
        held.setdefault(each.procedure, {}).setdefault(each.role, set()).add(each.office)
    out: dict[tuple[str, frozenset[str], bool], dict[str, set[str]]] = {}
    for p in catalogue.of_state(seat.state):
        if procedure not in ("", p.name):
            continue
        mine = held.get(p.name, {}) if role == MINE else {role: {""}}
        here = rules.holder(p) == seat.institution
        for code, offices in mine.items():
            if code in p.roles:
                where = frozenset(offices) if here and "" not in offices else frozenset[str]()
                person = role == MINE and p.roles[code].actor is Actor.PERSON
                stages = {s for s, stage in p.stages.items() if code in stage.turn}
                out.setdefault((p.name, where, person), {}).setdefault(p.version, set()).update(stages)
    return out


def _group(
    values: dict[str, Any],
    name: str,
    version: str,
    stages: Sequence[str],
    offices: Sequence[str],
    hands: Collection[str],
) -> Group:
    asked: dict[str, Any] = {"version": version, "offices": list(offices), "hands": sorted(hands)}
    asked |= {} if "procedure" in values else {"procedure": name}
    asked |= {} if "stage" in values else {"stages": stages}
    said = {k: v for k, v in asked.items() if v}
    n = 1 + max((int(k.partition("-")[2]) for k in values if "-" in k), default=0)
    values.update({f"{k}-{n}": v for k, v in said.items()})
    return Group(n, frozenset(said))


def _about(text: str) -> dict[str, Any]:
    """By a case's number, or by that of a person who is in it."""
    if number := tidy(text):
        return {"number": number}
    person, also = registry.by_number(registry.tidy(text))
    return {"persons": [p.id for p in (person, *also) if p]}


def counts(seat: Seat) -> dict[tuple[str, str], int]:
    """(procedure, stage) -> open cases, of those that the seat sees of its own institution."""
    rows = _own(seat).order_by("procedure", "stage").values("procedure", "stage").annotate(n=Count("*"))
    return {(r["procedure"], r["stage"]): r["n"] for r in rows}


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has in hand. `late`: past their date. `away`: today, and who stands in (perhaps nobody)."""

    user: str
    open: int
    late: int
    away: bool = False
    stands_in: str = ""


def load(seat: Seat) -> dict[str, int]:
    """Who has how many open cases in hand; under the empty name, those that nobody has."""
    rows = _own(seat).order_by("handler").values("handler").annotate(n=Count("*"))
    return {r["handler"]: r["n"] for r in rows}


def loads(seat: Seat, *, on: date) -> list[Load]:
    """The same for a supervisor: how many of them are late, who is away, and whoever holds a post and has none."""
    late = Count("case_id", filter=Q(due__lt=on))
    rows = _own(seat).order_by("handler").values("handler").annotate(n=Count("*"), late=late)
    gone = {a.user: a.stands_in for a in handing.absences(seat, on=on).filter(starts__lte=on)}
    held = dict.fromkeys(posts.officers(seat, on=on), (0, 0)) | {
        r["handler"]: (r["n"], r["late"]) for r in rows
    }
    found = [Load(u, n, behind, u in gone, gone.get(u, "")) for u, (n, behind) in held.items()]
    return sorted(found, key=lambda one: (-one.open, one.user))


def _own(seat: Seat) -> QuerySet[Standing]:
    rows = Standing.objects.filter(institution=seat.institution, state=seat.state, open=True)
    return rows.filter(office=seat.office) if seat.office else rows
