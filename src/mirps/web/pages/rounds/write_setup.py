"""What a round asks to be written: the list of sections, one more, rewording, withdrawing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import NotTaken, Section, Wanted
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.fields import Fields
from mirps.web.pages.rounds.write_words import REGION


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def sections(desk: Desk) -> HttpResponse:
    """Every section that the round asks for, State by State; the proposal is taken with one button."""
    desk.require("round.setup")
    if desk.request.method == "POST":
        narratives.prepare(round=desk.round.code, by=desk.user.username, at=desk.now)
        return desk.go("round-sections", "?kept=1", code=desk.round.code)
    every = list(Section.objects.filter(round=desk.round).order_by("state", "order", "code"))
    groups = [
        (s, [x for x in every if x.state == s and not x.withdrawn_at])
        for s in ["", *codelists.member_states()]
    ]
    return desk.page(
        "rounds/write-setup.html", groups=groups, gone=[x for x in every if x.withdrawn_at],
        none=not every, kept=desk.request.GET.get("kept", ""), REGION=REGION, trail=_trail(desk),
    )  # fmt: skip


def _trail(desk: Desk, *more: tuple[str, str]) -> list[tuple[str, str]]:
    here = desk.url("round-sections", code=desk.round.code) if more else ""
    return [
        (say("rounds.setup.title", desk.lang), desk.url("round-setup", code=desk.round.code)),
        (say("narratives.setup.title", desk.lang), here), *more,
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def one(desk: Desk, id: int = 0) -> HttpResponse:
    """One section: reword it, limit it, move it, withdraw it; or ask for one more (no id)."""
    desk.require("round.setup")
    held = Section.objects.filter(pk=id, round=desk.round).first() if id else None
    if id and held is None:
        raise Http404
    f = Fields(desk.request, desk.lang)
    if f.posted and _done(desk, f, held):
        return desk.go("round-sections", "?kept=1", code=desk.round.code)
    title = held.title(desk.lang) if held else say("narratives.setup.more", desk.lang)
    return desk.page(
        "rounds/write-setup-one.html", 422 if f.faults else 200, f=f, s=held, states=codelists.member_states(),
        chosen=desk.request.POST.getlist("states"), REGION=REGION, title=title, trail=_trail(desk, (title, "")),
    )  # fmt: skip


def _done(desk: Desk, f: Fields, held: Section | None) -> bool:
    about: dict[str, Any] = {"by": desk.user.username, "at": desk.now}
    try:
        if held is not None and f.raw.get("do") == "withdraw":
            narratives.withdraw(section=held.pk, **about)
            return True
        if held is not None and f.raw.get("do") == "restore":
            narratives.restore(section=held.pk, **about)
            return True
        wanted, order = _wanted(f), _count(f, "order")
        if f.faults:
            return False
        if held is not None:
            narratives.change(section=held.pk, wanted=wanted, order=order, **about)
            return True
        states = ["" if s == REGION else s for s in desk.request.POST.getlist("states")]
        known = [s for s in states if not s or s in codelists.member_states()]
        narratives.ask_for(round=desk.round.code, states=known, wanted=wanted, **about)
    except NotTaken as e:
        f.fault("states" if "states" in e.key else "title_es", e.key, **e.values)
        return False
    return True


def _wanted(f: Fields) -> Wanted:
    return Wanted(
        f.text("title_es", required=True), f.text("title_en", required=True),
        f.text("guidance_es", most=2000), f.text("guidance_en", most=2000),
        f.flag("required"), f.flag("story"), _count(f, "words"),
    )  # fmt: skip


def _count(f: Fields, name: str) -> int:
    given = f.raw.get(name, "") or "0"
    if not (given.isascii() and given.isdecimal()) or len(given) > 5:
        f.fault(name, "narratives.setup.fault.count", found=given)
        return 0
    return int(given)


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/setup/sections/", sections, name="round-sections"),
    path("rounds/<slug:code>/setup/sections/new/", one, name="round-section-new"),
    path("rounds/<slug:code>/setup/sections/<int:id>/", one, name="round-section"),
]
