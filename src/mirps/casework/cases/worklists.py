"""Lists of cases: whose turn it is, what is due, who has how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from mirps.casework.cases import posts, queries
from mirps.casework.cases.models import Standing
from mirps.casework.cases.numbers import tidy
from mirps.people.custody.api import Seat

PAGE = 25
#: As `role`: whatever roles the reader holds.
MINE = "mine"


@dataclass(frozen=True, slots=True)
class Worklist:
    """`next`: what to ask for the page after; empty on the last."""

    rows: list[Standing]
    count: int
    next: str = ""


def worklist(
    seat: Seat, *, on: date, procedure: str = "", stage: str = "", role: str = "", handler: str = "", office: str = "",
    due_before: date | None = None, text: str = "", order: str = "due", page: str = "", open_: bool | None = True,
) -> Worklist:  # fmt: skip
    rows = Standing.objects.select_related("case").filter(queries.seen(seat))
    for name, value in (("procedure", procedure), ("stage", stage), ("handler", handler), ("office", office)):
        if value:
            rows = rows.filter(**{name: value})
    if open_ is not None:
        rows = rows.filter(open=open_)
    if role:
        rows = rows.filter(_turn(seat, role, on))
    if due_before:
        rows = rows.filter(due__lt=due_before)
    if text:
        rows = rows.filter(case__number=tidy(text))
    count = rows.count()
    start = int(page or 0)
    found = list(rows.order_by(F("due").asc(nulls_last=True), "case_id")[start : start + PAGE + 1])
    return Worklist(found[:PAGE], count, str(start + PAGE) if len(found) > PAGE else "")


def _turn(seat: Seat, role: str, on: date) -> Q:
    """The cases in whose stage it is the turn of a role (`mine`: of one that the reader holds)."""
    found = Q(pk__in=[])
    held: dict[str, set[str]] = {}
    if role == MINE:
        for post in posts.held(seat.user, institution=seat.institution, on=on):
            held.setdefault(post.procedure, set()).add(post.role)
    for name, versions in _here(seat).items():
        for p in versions.values():
            roles = held.get(name, set()) if role == MINE else {role}
            stages = [code for code, s in p.stages.items() if roles & set(s.turn)]
            if stages:
                found |= Q(procedure=name, version=p.version, stage__in=stages)
    return found


def _here(seat: Seat) -> Mapping[str, Mapping[str, Any]]:
    from mirps.casework.procedures.api import procedures

    return {n: vs for n, vs in procedures().items() if next(iter(vs.values())).state == seat.state}


def counts(seat: Seat) -> dict[tuple[str, str], int]:
    """(procedure, stage) -> open cases."""
    rows = Standing.objects.filter(queries.seen(seat), open=True).order_by("procedure", "stage")
    return {
        (r["procedure"], r["stage"]): r["n"] for r in rows.values("procedure", "stage").annotate(n=Count("*"))
    }


def load(seat: Seat) -> dict[str, int]:
    """Who has how many open cases in hand; under the empty name, those that nobody has."""
    rows = Standing.objects.filter(queries.seen(seat), open=True).order_by("handler")
    return {r["handler"]: r["n"] for r in rows.values("handler").annotate(n=Count("*"))}
