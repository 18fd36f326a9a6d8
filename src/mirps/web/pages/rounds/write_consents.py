"""Consents of people whose story is told: recorded without their name, and taken back."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Consent, NotTaken, Section
from mirps.evidence.rounds.api import Status
from mirps.web.pages.rounds import write_told
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import names
from mirps.web.pages.rounds.fields import Fields
from mirps.web.pages.rounds.write_words import Writing

#: Which field a fault of a consent is about.
_FIELDS = {"called": "called", "held-by": "held_by", "reference": "reference", "given": "given",
           "until": "until", "uses": "uses", "names": "names_changed"}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def consents(desk: Desk, state: str, section: str) -> HttpResponse:
    w = Writing(desk, state)
    s = w.section(section)
    if not s.story:
        raise Http404
    f = Fields(desk.request, desk.lang)
    if f.posted:
        desk.require("narrative.write", state=w.state)
        done = _revoked(desk, s, f) if f.raw.get("revoke") else _recorded(desk, s, f)
        if done:
            return desk.go("write-consents", "?kept=1", code=desk.round.code, state=state, section=section)
    held = narratives.consents(s.pk)
    return desk.page(
        "rounds/write-consents.html", 422 if f.faults else 200, w=w, s=s, f=f, consents=held,
        agreed=narratives.agreed, on=desk.now.date(), uses=narratives.USES,
        chosen=desk.request.POST.getlist("uses"), who=names([c.by for c in held]),
        bodies=[(c.code, c.name(desk.lang)) for c in _bodies(w)], kept=desk.request.GET.get("kept", ""),
        trail=w.trail(
            (s.title(desk.lang), w.url("write-section", s)), (say("narratives.consent.title", desk.lang), "")
        ),
    )  # fmt: skip


def _bodies(w: Writing) -> list[codelists.Code]:
    """The institutions that may keep a consent: the State's, or any where the region writes."""
    found = codelists.institutions().values()
    return [c for c in found if not w.state or c.extra.get("state") == w.state]


def _recorded(desk: Desk, s: Section, f: Fields) -> bool:
    given, until = f.day("given"), f.day("until", required=False)
    if f.faults or given is None:
        return False
    try:
        narratives.record_consent(
            section=s.pk, called=f.raw.get("called", ""), held_by=f.raw.get("held_by", ""),
            reference=f.raw.get("reference", ""), given=given, until=until,
            uses=desk.request.POST.getlist("uses"), names_changed=f.flag("names_changed"),
            by=desk.user.username, at=desk.now,
        )  # fmt: skip
    except NotTaken as e:
        f.fault(_FIELDS.get(e.key.rpartition(".")[2], "called"), e.key, **e.values)
        return False
    return True


def _revoked(desk: Desk, s: Section, f: Fields) -> bool:
    key = f.raw["revoke"]
    held = Consent.objects.filter(pk=int(key) if key.isascii() and key.isdecimal() else 0, section=s).first()
    if held is None:
        raise Http404
    with transaction.atomic():
        narratives.revoke_consent(consent=held.pk, by=desk.user.username, at=desk.now)
        if s.status == Status.PUBLISHED:
            write_told.taken_back(desk, s)
    return True


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/write/<slug:state>/<slug:section>/consents/", consents, name="write-consents"),
]
