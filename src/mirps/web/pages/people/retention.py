"""Retention: what the rules would let go of, listed; approval asked; the sweep, where it is small.

Large sweeps are carried out by `mirps retention run`.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.custody.api import CustodyFault, Duty, Request
from mirps.people.registry.api import Person
from mirps.people.retention import api as retention
from mirps.people.retention.api import Rule, Sweep
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.page import explained
from mirps.web.pages.people.custodian import Custodian, answering

#: How much a page lets go of while somebody waits, and how many numbers it names of a rule.
AT_ONCE, NAMED = 200, 20


@dataclass(frozen=True, slots=True)
class Told:
    """A rule as the page tells it, with what the last dry run found of it."""

    title: str
    basis: str
    found: int = 0
    numbers: tuple[str, ...] = ()
    done: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
@answering("retention.run")
def sweeps(desk: Custodian) -> HttpResponse:
    """The rules and the last dry run; posted, a new one."""
    seat = desk.seat_of(Duty.RETENTION)
    if desk.request.method == "POST":
        made = retention.dry_run(seat=seat, at=desk.now)
        return desk.go("sweep", id=made.pk)
    with custody.seated(seat):
        held = list(Sweep.objects.filter(state=seat.state, institution=seat.institution)[:20])
    rules = [told(desk, r) for r in retention.rules_for(seat.state)]
    return desk.page("people/custody/sweeps.html", rules=rules, sweeps=held, stands=standing)


def standing(row: Sweep) -> str:
    """A key of custody.retention: how a sweep stands."""
    return "ended" if row.ended_at else "begun" if row.begun_at else "listed"


def told(desk: Custodian, rule: Rule, row: Sweep | None = None) -> Told:
    basis = say("custody.retention.proposal", desk.lang) if rule.basis == "proposal" else rule.basis
    title = say(f"custody.retention.rule.{rule.key}", desk.lang)
    if row is None:
        return Told(title, basis)
    ids = row.found.get(rule.key, [])
    return Told(title, basis, len(ids), _numbers(ids), row.done.get(rule.key, 0))


def _numbers(ids: list[str]) -> tuple[str, ...]:
    """Of files, the first of their numbers."""
    return tuple(
        Person.objects.filter(pk__in=ids[:NAMED]).order_by("number").values_list("number", flat=True)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering("retention.run")
def sweep(desk: Custodian, id: UUID) -> HttpResponse:
    """One dry run: what it listed, asking for approval, carrying it out."""
    found = next((b for b in desk.bodies for row in _held(desk, b, id) if row), None)
    if found is None:
        raise Http404
    desk.body = found
    seat, typed = desk.seat_of(Duty.RETENTION), Typed(desk.request, desk.lang)
    row = next(iter(_held(desk, found, id)))
    request = Request.objects.filter(act=retention.ACT, subject=row.subject).first()
    size = sum(len(ids) for key, ids in row.found.items() if key != retention.HELD)
    if typed.posted:
        try:
            _do(desk, seat, row, request, typed, size)
            return desk.go("sweep", "?done=1", id=row.pk)
        except CustodyFault as e:
            typed.fault("why" if e.key == "custody.request.detail" else "form", e.key, **e.values)
    with custody.seated(seat):
        rules = [told(desk, r, row) for r in retention.rules_for(seat.state)]
        held = _numbers(row.found.get(retention.HELD, []))
    answer = desk.page(
        "people/custody/sweep.html", 422 if typed.faults else 200, f=typed, row=row, rules=rules, size=size,
        held=held, held_n=len(row.found.get(retention.HELD, [])),
        asked=request, stands=standing(row), small=size <= AT_ONCE, done="done" in desk.request.GET,
        approved=bool(request and request.answer == "approved" and not request.used_at and request.until > desk.now),
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


def _held(desk: Custodian, body: tuple[str, str], id: UUID) -> list[Sweep]:
    desk.body = body
    with custody.seated(desk.seat_of(Duty.RETENTION)):
        return list(Sweep.objects.filter(pk=id, state=body[0], institution=body[1]))


def _do(
    desk: Custodian, seat: custody.Seat, row: Sweep, request: Request | None, typed: Typed, size: int
) -> None:
    if typed.get("do") == "ask":
        retention.ask(seat=seat, sweep=row.pk, why=typed.get("why"), at=desk.now)
    elif size <= AT_ONCE:
        approval = request.pk if request else None
        for _ in retention.carry_out(seat=seat, sweep=row.pk, request=approval, at=desk.now):
            pass


patterns: list[URLPattern] = [
    path("people/custody/retention/", sweeps, name="retention"),
    path("people/custody/retention/<uuid:id>/", sweep, name="sweep"),
]
