"""The agreement with an applicant that was selected: written by who runs the call, signed by both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import Agreement, CallFault, Fault, Instalment, Proposal, Stage, What
from mirps.web.pages.planning import calls_told, showing
from mirps.web.pages.planning.calls_desk import APPLY, RUN, At, Told, faults_of, of_proposal
from mirps.web.pages.planning.calls_run import person
from mirps.web.pages.planning.door import Desk, working

#: Instalments that the form offers.
MOST_INSTALMENTS = 6


@require_http_methods(["GET", "HEAD", "POST"])
@working
def agreement(desk: Desk, proposal: UUID) -> HttpResponse:
    """The agreement: for the applicant and for who runs the call, once applicants were told."""
    at, held = of_proposal(desk, proposal)
    room = at.inside
    decided = room.ledger.decisions.get(str(held.pk))
    owner = desk.may(APPLY, state=held.state, body=held.institution) and room.owns(room.name, held)
    runner = at.runs and room.may(What.CHECK, held)
    selected = decided is not None and decided.outcome == "selected" and at.stage is Stage.TOLD
    if not selected or not (owner or runner):
        raise Http404
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        try:
            with transaction.atomic():
                _step(desk, at, held, owner=owner, runner=runner)
        except CallFault as e:
            faults = faults_of(desk, e)
        else:
            return desk.go("agreement", "?kept=1", proposal=proposal)
    return desk.page(
        "planning/proposal-agreement.html",
        422 if faults else 200,
        **_shown(desk, at, held, faults, owner, runner),
    )


def _shown(
    desk: Desk, at: At, held: Proposal, faults: list[tuple[str, str]], owner: bool, runner: bool
) -> dict[str, Any]:
    room, key = at.inside, str(held.pk)
    a = room.ledger.agreements.get(key)
    decided = room.ledger.decisions[key]
    project = room.ledger.projects.get(key, "")
    return {
        "at": at, "p": held, "told": Told(at, held), "a": a, "faults": faults, "owner": owner, "runner": runner,
        "project": project,
        "project_href": showing.address_of(project, desk.lang) if project else "", "post": desk.request.POST,
        "writes": runner and not (a and a.whole), "rows": _rows(desk, a), "amount": at.money(a.amount) if a else "",
        "granted": at.money(decided.amount), "granted_plain": texts.number(decided.amount or Decimal(0), desk.locale),
        "signed": {side: (person(who), when) for side, (who, when) in a.signed.items()} if a else {},
        "instalments": [(x.due, at.money(x.amount), x.condition) for x in a.instalments] if a else [],
        "may_sign": _may_sign(room.name, a, owner, runner), "kept": desk.request.GET.get("kept") == "1",
        "trail": at.trail(
            (Told(at, held).heading, desk.url("proposal", proposal=held.pk)),
            (say("calls.agreement.title", at.lang), ""),
        ),
    }  # fmt: skip


def _may_sign(name: str, a: Agreement | None, owner: bool, runner: bool) -> str:
    """The side for which this person may sign now, or nothing."""
    if a is None or a.whole or any(who == name for who, _ in a.signed.values()):
        return ""
    if owner and "applicant" not in a.signed:
        return "applicant"
    return "fund" if runner and not owner and "fund" not in a.signed and a.by != name else ""


def _rows(desk: Desk, a: Agreement | None) -> list[dict[str, str]]:
    post, out = desk.request.POST, []
    for n in range(MOST_INSTALMENTS):
        x = a.instalments[n] if a and n < len(a.instalments) else None
        out.append({
            "due": post.get(f"due-{n}", x.due if x else ""),
            "amount": post.get(f"amount-{n}", texts.number(x.amount, desk.locale) if x else ""),
            "es": post.get(f"condition-es-{n}", x.condition.get("es", "") if x else ""),
            "en": post.get(f"condition-en-{n}", x.condition.get("en", "") if x else ""),
        })  # fmt: skip
    return out


def _step(desk: Desk, at: At, held: Proposal, *, owner: bool, runner: bool) -> None:
    post = desk.request.POST
    role = desk.role_for(APPLY, state=held.state, body=held.institution) if owner else desk.role_for(RUN)
    common: dict[str, Any] = {"proposal": str(held.pk), "user": at.user, "role": role, "at": desk.now}
    if post.get("step") == "write":
        if not runner:
            raise Http404
        calls.write_agreement(**_typed(desk), **common)
        calls_told.to_sign(at, held)
    elif post.get("step") == "sign":
        number, side = post.get("number", ""), post.get("side", "")
        if (side == "fund" and not runner) or (side == "applicant" and not owner):
            raise Http404
        calls.sign(number=int(number) if number.isdecimal() and len(number) < 9 else 0, side=side, **common)
    else:
        raise Http404


def _typed(desk: Desk) -> dict[str, Any]:
    post, instalments = desk.request.POST, []
    for n in range(MOST_INSTALMENTS):
        if not (post.get(f"amount-{n}", "").strip() or post.get(f"due-{n}", "").strip()):
            continue
        due = post.get(f"due-{n}", "").strip()
        condition = {lang: post.get(f"condition-{lang}-{n}", "").strip()[:2000] for lang in ("es", "en")}
        instalments.append(
            Instalment(_day(due, f"due-{n}").isoformat(), _number(desk, f"amount-{n}"), condition)
        )
    return {
        "amount": _number(desk, "amount"), "starts": _day(post.get("starts", ""), "starts"),
        "ends": _day(post.get("ends", ""), "ends"),
        "instalments": instalments,
    }  # fmt: skip


def _number(desk: Desk, name: str) -> Decimal:
    typed = desk.request.POST.get(name, "").strip()
    try:
        return texts.read_number(typed, desk.locale)
    except texts.NotANumber:
        raise CallFault(Fault("calls.fault.plain-number", name, {"found": typed[:40]})) from None


def _day(text: str, name: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year < 2200:
        raise CallFault(Fault("calls.fault.day", name, {"found": text[:40]}))
    return found


patterns: list[URLPattern] = [
    path("planning/proposals/<uuid:proposal>/agreement/", agreement, name="agreement")
]
