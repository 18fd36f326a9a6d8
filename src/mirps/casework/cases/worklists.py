"""Lists of cases: whose turn it is, what is due, who has how many.

Filters are those of the columns of Standing, each with an index. A page is asked for by the last row of the one
before, so that the hundredth costs what the first does; a count stops where nobody would read on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from mirps.casework.cases import catalogue, decrees, handing, posts, queries, rules
from mirps.casework.cases.models import Standing, Subject
from mirps.casework.cases.numbers import tidy
from mirps.casework.procedures.model import Actor, Procedure
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

PAGE, COUNTED = 25, 5_000
#: As `role`: whatever roles the reader holds. As `handler`: the reader, and those they stand in for.
MINE = "mine"
#: As `handler`: in nobody's hands.
NOBODY = "-"
ORDERS = ("due", "entered")


@dataclass(frozen=True, slots=True)
class Worklist:
    """`count`: of all pages; `more`: at least so many. `next`: what to ask for the page after; empty on the last.
    `decrees`: dates of a row that knows fewer (Standing.decree) are being counted anew."""

    rows: list[Standing]
    count: int
    more: bool = False
    next: str = ""
    decrees: int = 0


def worklist(
    seat: Seat, *, on: date, procedure: str = "", stage: str = "", role: str = "", handler: str = "",
    office: str = "", due_before: date | None = None, missed: int = 0, aside: bool = False, text: str = "",
    order: str = "due", page: str = "", open_: bool | None = True,
) -> Worklist:  # fmt: skip
    """The cases that a seat sees, of those asked for. `on`: the reader's day. `text`: a case's number, or a
    person's. `missed`: at least so many in a row. Read it within `custody.seated(seat)`."""
    rows = _asked(seat, on, {"procedure": procedure, "stage": stage, "office": office})
    if open_ is not None:
        rows = rows.filter(open=open_)
    if handler:
        rows = rows.filter(handler__in=_hands(seat, handler, on))
    if role:
        rows = rows.filter(_turn(seat, role, on, procedure))
    if due_before:
        rows = rows.filter(due__lt=due_before)
    if missed:
        rows = rows.filter(missed__gte=missed)
    if aside:
        rows = rows.filter(aside__gt=0)
    if text:
        rows = rows.filter(_about(text))
    count = rows.order_by()[: COUNTED + 1].count()
    found, after = _page(rows, order, page)
    return Worklist(found, min(count, COUNTED), count > COUNTED, after, decrees.stamp(seat.state))


def _asked(seat: Seat, on: date, asked: dict[str, str]) -> QuerySet[Standing]:
    holders = {rules.holder(p) for p in queries.concerning(seat)} | {seat.institution}
    rows = Standing.objects.filter(queries.seen(seat), institution__in=holders)
    for name, value in asked.items():
        if value:
            rows = rows.filter(**{name: value})
    return rows


def _page(rows: QuerySet[Standing], order: str, page: str) -> tuple[list[Standing], str]:
    """A page, and what asks for the next: the order's value and the id of the last row."""
    by = order if order in ORDERS else ORDERS[0]
    if page:
        value, _, id_ = page.partition("_")
        if value:
            after = (
                Q(**{f"{by}__gt": value})
                | Q(**{by: value, "case_id__gt": id_})
                | Q(**{f"{by}__isnull": True})
            )
        else:  # those without a date come last
            after = Q(**{f"{by}__isnull": True, "case_id__gt": id_})
        rows = rows.filter(after)
    listed = rows.select_related("case").order_by(F(by).asc(nulls_last=by == "due" or None), "case_id")
    found = list(listed[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{getattr(last, by) or ''}_{last.pk}"


def _hands(seat: Seat, handler: str, on: date) -> set[str]:
    if handler == NOBODY:
        return handing.in_place_of(seat.user, seat, on=on)[1]
    return handing.in_place_of(seat.user, seat, on=on)[0] if handler == MINE else {handler}


def _turn(seat: Seat, role: str, on: date, procedure: str) -> Q:
    """The cases in whose stage it is the turn of a role (`mine`: of one that the reader holds at its office).

    What waits for an officer to whom it was given (Actor.PERSON) is among one's own while it is in one's hands, or
    in nobody's. What every case asked for has in common is said first: by it a database finds them.
    """
    held: dict[str, dict[str, set[str]]] = {}
    if role == MINE:
        for post in posts.HELD(user=seat.user, institution=seat.institution, on=on):
            held.setdefault(post.procedure, {}).setdefault(post.role, set()).add(post.office)
    waits = [
        _Waits(p, code, offices if "" not in offices and rules.holder(p) == seat.institution else set())
        for p in catalogue.of_state(seat.state)
        if procedure in ("", p.name)
        for code, offices in (held.get(p.name, {}) if role == MINE else {role: {""}}).items()
        if code in p.roles
    ]
    names, stages = {w.p.name for w in waits}, {s for w in waits for s in w.stages}
    common = Q(procedure__in=names, stage__in=stages)
    if waits and all(w.offices for w in waits):
        common &= Q(office__in=set().union(*(w.offices for w in waits)))
    hands = set[str]()
    if role == MINE and any(w.person for w in waits):
        hands = set().union(*handing.in_place_of(seat.user, seat, on=on))
    each = Q(pk__in=[])
    for w in waits:
        one = Q(procedure=w.p.name, version=w.p.version, stage__in=w.stages)
        if w.offices:
            one &= Q(office__in=w.offices)
        each |= one & Q(handler__in=hands) if hands and w.person else one
    return common & each


class _Waits:
    """The stages in which it is a role's turn, at these offices (none: wherever the case is)."""

    def __init__(self, p: Procedure, code: str, offices: set[str]) -> None:
        self.p, self.offices = p, offices
        self.stages = {s for s, stage in p.stages.items() if code in stage.turn}
        self.person = p.roles[code].actor is Actor.PERSON


def _about(text: str) -> Q:
    """By a case's number, or by that of a person who is in it."""
    if number := tidy(text):
        return Q(case__number=number)
    person, also = registry.by_number(registry.tidy(text))
    ids = [p.id for p in (person, *also) if p]
    return Q(pk__in=Subject.objects.filter(person__in=ids, until=None).order_by().values("case"))


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
    rows = Standing.objects.filter(institution=seat.institution, open=True)
    return rows.filter(office=seat.office) if seat.office else rows
