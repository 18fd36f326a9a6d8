"""Agreements with other States: the list, terms put down, and one agreement to read, sign, decline or end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access import api as access
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.people.linkage import api as rows
from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage.api import Every, Stage
from mirps.web.desk import Desk
from mirps.web.pages.linkage.door import agreement_of, at_linkage
from mirps.web.pages.linkage.words import Told, named, told
from mirps.web.pages.nodes import called
from mirps.web.pages.rounds.enter_words import names
from mirps.web.pages.rounds.fields import Fields

#: What may stand after ?done=.
DONE = ("proposed", "signed", "sealed", "declined", "ended")
#: Agreements on the list, the latest.
MOST = 100
#: Which field of the form a refusal is about.
_FIELDS = {"comparer": "comparer", "threshold": "threshold", "past": "until", "stranger": "partner"}


@require_safe
@at_linkage
def listed(desk: Desk) -> HttpResponse:
    every = [told(desk, held) for held in links.agreements()[:MOST]]
    parts = {
        "waiting": [a for a in every if a.stage in (Stage.PROPOSED, Stage.SIGNED)],
        "in-force": [a for a in every if a.stage is Stage.IN_FORCE],
        "over": [a for a in every if a.over],
    }
    return desk.page(
        "linkage/list.html", parts=parts, empty=not every, may=_signs(desk), PERSONS=links.PERSONS
    )


def _signs(desk: Desk) -> bool:
    """Whether this person signs for the State of this node; the region's signs nothing."""
    return exchange.node() != exchange.REGION and desk.may(links.SIGN, state=exchange.node())


@require_http_methods(["GET", "HEAD", "POST"])
@at_linkage
def new(desk: Desk) -> HttpResponse:
    desk.require(links.SIGN, state=exchange.node())
    f, known = Fields(desk.request, desk.lang), list(exchange.Peer.objects.order_by("pk"))
    partners = [p.pk for p in known if p.pk != exchange.REGION]
    comparers = sorted((p.pk for p in known), key=lambda code: code != exchange.REGION)
    if f.posted and (made := _proposed(desk, f, partners, comparers)):
        return desk.go("linkage", "?done=proposed", id=made)
    scheme = rows.scheme()
    return desk.page(
        "linkage/new.html", 422 if f.faults else 200, f=f, partners=_choices(desk, partners),
        comparers=_choices(desk, comparers), least=links.LEAST_THRESHOLD,
        most=links.MOST_THRESHOLD, attributes=named("attribute", scheme.attributes, desk.lang),
        groups=named("group", ("way", *scheme.groups), desk.lang),
        every=[(e.value, say(f"linkage.every.{e}", desk.lang)) for e in Every],
    )  # fmt: skip


def _choices(desk: Desk, codes: list[str]) -> list[tuple[str, str]]:
    return [(code, called(code, desk.lang)) for code in codes]


def _proposed(desk: Desk, f: Fields, partners: list[str], comparers: list[str]) -> UUID | None:
    said: dict[str, Any] = {
        "partner": f.choice("partner", partners), "comparer": f.choice("comparer", comparers),
        "purpose": f.text("purpose", most=links.MOST_TEXT, required=True),
        "basis": f.text("basis", most=links.MOST_TEXT, required=True), "until": f.day("until"),
        "every": f.choice("every", list(Every)),
    }  # fmt: skip
    limit = f.number("threshold")
    if limit is None or limit != int(limit):
        f.fault("threshold", "linkage.page.whole")
    if f.faults or limit is None:
        return None
    try:
        return links.propose(**said, threshold=int(limit), by=desk.username, at=desk.now).pk
    except Refusal as e:
        why = e.key.rpartition(".")[2]
        f.fault(_FIELDS.get(why, str(e.values.get("field", "purpose"))), e.key, **e.values)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@at_linkage
def one(desk: Desk, id: UUID) -> HttpResponse:
    held, f = agreement_of(id), Fields(desk.request, desk.lang)
    if f.posted and (done := _done(desk, f, id)):
        return desk.go("linkage", f"?done={done}", id=id)
    a, done = told(desk, held), desk.request.GET.get("done", "")
    signers = [s.user for s in held.signatures.all()]
    sealed = {s.node: s for s in held.seals.all()}
    own = exchange.node()
    return desk.page(
        "linkage/one.html", 422 if f.faults else 200, a=a, f=f, own=own, sealed=sealed, PERSONS=links.PERSONS,
        done=done if done in DONE else "", may=a.ours and _signs(desk), why_not=desk.why_not(links.SIGN, state=own),
        mine=access.same_person(desk.username, signers), next=_next(a, sealed.keys()), called=called,
        to_sign=a.ours and not a.over and own not in sealed, ended_by=_who(desk, held.ended_by),
    )  # fmt: skip


def _who(desk: Desk, by: str) -> str:
    """Another State by its name, a person by theirs."""
    return called(by[5:], desk.lang) if by.startswith("node ") else names([by]).get(by, "")


def _done(desk: Desk, f: Fields, id: UUID) -> str:
    """What was done of what was posted; nothing where something is wrong with it."""
    desk.require(links.SIGN, state=exchange.node())
    if desk.user is None:
        return ""
    signing = f.raw.get("do") == "sign"
    if signing and not f.flag("sure"):
        f.fault("sure", "linkage.page.sure-missing")
        return ""
    try:
        if signing:
            held = links.sign(agreement=id, user=desk.user, at=desk.now)
            return "sealed" if held.seals.filter(node=exchange.node()).exists() else "signed"
        held = links.end(agreement=id, reason=f.raw.get("reason", ""), by=desk.username, at=desk.now)
    except Refusal as e:
        f.fault("sure" if signing else "reason", e.key, **e.values)
        return ""
    return links.stage_of(held, on=desk.now.date()).value


def _next(a: Told, sealed: Any) -> str:
    """Who does what next: the key of a sentence."""
    if a.over:
        return ""
    if a.stage is not Stage.IN_FORCE:
        if not a.ours:
            return "states"
        return "theirs" if exchange.node() in sealed else "ours"
    if not a.ours:
        return "comparer"
    return a.counts[0][0].stands if a.counts else "none"
