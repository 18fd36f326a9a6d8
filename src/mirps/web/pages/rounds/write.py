"""Writing the texts of a round: a State's sections, and handing them over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Held, Lack, NotReady, Section
from mirps.evidence.rounds.api import CannotStep, Due, Stage, Status, Step
from mirps.web.pages.rounds import (
    write_consents,
    write_json,
    write_section,
    write_setup,
    write_told,
)
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.write_words import Writing, status_of


@dataclass(frozen=True, slots=True)
class Item:
    """A section as the list shows it."""

    section: Section
    held: Held
    languages: list[tuple[str, str, int]]  # language, how far, words
    lacks: int
    returned: str  # why it came back
    asked: bool  # whether it may be handed over by whoever reads


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def sections(desk: Desk, state: str) -> HttpResponse:
    """What a State is asked to write, how far each section is in each language; handing over."""
    w = Writing(desk, state)
    wanted = narratives.sections(desk.round.code, state=w.state)
    lacks = narratives.lacks(wanted, desk.now.date())
    fault = ""
    if desk.request.method == "POST":
        desk.require("narrative.write", state=w.state)
        chosen = {int(k) for k in desk.request.POST.getlist("section") if k.isascii() and k.isdecimal()}
        going = [s.pk for s in wanted if s.pk in chosen]
        fault = hand_over(w, going) if going else say("narratives.fault.none-chosen", desk.lang)
        if not fault:
            return desk.go("write", f"?handed={len(going)}", code=desk.round.code, state=state)
    held = narratives.held(wanted)
    items = [_item(w, s, held[s.pk], lacks[s.pk]) for s in wanted]
    return desk.page(
        "rounds/write-list.html", 422 if fault else 200, w=w, items=items, fault=fault,
        ready=[i for i in items if i.asked and not i.lacks], handed=desk.request.GET.get("handed", ""),
        due=_due(desk, w), trail=w.trail(), may_set_up=desk.may("round.setup"),
    )  # fmt: skip


def _due(desk: Desk, w: Writing) -> datetime | None:
    return desk.due(Due.ENTRY, state=w.state)


def _item(w: Writing, s: Section, held: Held, lacks: list[Lack]) -> Item:
    languages = [
        (lang, status_of(held, lang), narratives.words(held.version(lang).text)) for lang in LANGUAGES
    ]
    back = [t for t in narratives.steps_taken(s.pk) if t.step in (Step.SEND_BACK, Step.UNLOCK)]
    returned = back[-1].reason if back and s.status == Status.RETURNED else ""
    stage = Stage(w.desk.round.stage)
    open_ = w.writes and not narratives.writable(stage, Status(s.status)) and not held.empty
    return Item(s, held, languages, len(lacks), returned, open_)


def hand_over(w: Writing, going: list[int]) -> str:
    """Hand sections over: nothing when it was done, else why it was not, in a sentence."""
    desk = w.desk
    try:
        with transaction.atomic():
            done = narratives.take(
                sections=going, step=Step.SUBMIT, by=desk.user.username,
                role=desk.role_for("narrative.write", state=w.state), at=desk.now,
            )  # fmt: skip
            write_told.handed_over(desk, done)
    except NotReady as e:
        return say(e.key, desk.lang, **e.values)
    except CannotStep as e:
        return write_section.refusal(desk, e)
    return ""


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/write/<slug:state>/", sections, name="write"),
    *write_setup.patterns,
    *write_json.patterns,
    *write_consents.patterns,
    *write_section.patterns,
]
