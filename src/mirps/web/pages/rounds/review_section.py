"""One section of a State's texts in review, and answering a contradiction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts import prose
from mirps.base.texts.api import DEFAULT_LOCALE, LANGUAGES
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Piece, Section, changes
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Level, Part, Seen
from mirps.evidence.rounds.api import CannotStep, Step
from mirps.sharing.portal import wording
from mirps.web.pages.rounds import review_told
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.fields import Fields
from mirps.web.pages.rounds.review import readable, refused, trail
from mirps.web.pages.rounds.review_cell import RETURNS, Seat, role_in, said
from mirps.web.pages.rounds.review_words import ACTS, Words, levels


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed (`same`), came (`new`) or went (`gone`) since the last approval; `figure` is set
    where they are the value of a figure that the text names."""

    kind: str
    text: str
    figure: str = ""


def runs(pieces: Iterable[Piece], named: narratives.Figures, lang: str) -> list[Run]:
    """A text as it will be read: each figure that it names by its value, in the text's own language."""
    out = []
    for p in pieces:
        end = 0
        for m in prose.BIND.finditer(p.text):
            held = named.of(m[1])
            value = wording.value(held.figure, lang, DEFAULT_LOCALE[lang]) if held else m[0]
            out += [
                Run(p.kind, p.text[end : m.start()]),
                Run(p.kind, value, held.figure.id if held else m[1]),
            ]
            end = m.end()
        out.append(Run(p.kind, p.text[end:]))
    return [r for r in out if r.text]


@require_safe
@at_the_door
def by_code(desk: Desk, state: str, section: str) -> HttpResponse:
    """The section by its code, for what is told of it."""
    held = Section.objects.filter(round=desk.round, state=state, code=section, withdrawn_at=None).first()
    if held is None or not held.state:
        raise Http404
    _levels(desk, held)
    return desk.go("review-section", code=desk.round.code, id=held.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def section(desk: Desk, id: int) -> HttpResponse:
    held = Section.objects.filter(pk=id, round=desk.round, withdrawn_at=None).first()
    if held is None or not held.state:
        raise Http404
    found, gives = _levels(desk, held)
    wanted = desk.request.GET.get("level") or desk.request.POST.get("level")
    level = next((x for x in found if x == wanted), found[0] if found else Level.STATE)
    at = Seat(level, bool(found), gives)
    f = Fields(desk.request, desk.lang)
    if f.posted and (answer := _acted(desk, f, at, held)) is not None:
        return answer
    part = review.parts(desk.round.code, state=held.state, level=level, section=held.pk)[0]
    return _shown(desk, f, at, part)


def _levels(desk: Desk, held: Section) -> tuple[list[Level], bool]:
    """At which levels this person reviews the section, and whether they write it. Raises Refused."""
    found, gives = levels(desk, held.state), desk.may("narrative.write", state=held.state)
    if not found and not gives:
        raise Refused(desk.why_not(ACTS[Level.STATE][0], state=held.state))
    return found, gives


def _shown(desk: Desk, f: Fields, at: Seat, part: Part) -> HttpResponse:
    words, held = Words(desk, part.section.state, at.level), part.section
    visible = at.gives or readable(at.level, part)
    then = part.then or {}
    named = narratives.nameable(desk.round.code, held.state)
    texts = [
        (lang, runs(changes(then.get(lang, part.now[lang]), part.now[lang]), named, lang))
        for lang in LANGUAGES if part.now.get(lang)
    ]  # fmt: skip
    consents = narratives.consents(held.pk) if held.story else []
    return desk.page(
        "rounds/review-section.html", 422 if f.faults else 200, f=f, seat=at, state=held.state, part=part,
        section=held, words=words, level=at.level, visible=visible, texts=texts if visible else [],
        consents=consents if visible else [], stale=narratives.held([held])[held.pk].stale,
        why_not=words.part_why_not(part), remarks=review.remarks(section=held.pk),
        steps=review.section_steps(section=held.pk), done=desk.request.GET.get("done", ""),
        may={do: desk.may(at.act(do), state=held.state) for do in ("approve", "send-back", "unlock")},
        trail=trail(desk, held.state, (held.title(desk.lang), "")) if at.reviews else [(held.title(desk.lang), "")],
    )  # fmt: skip


def _acted(desk: Desk, f: Fields, at: Seat, held: Section) -> HttpResponse | None:
    do, state = f.raw.get("do", ""), held.state
    if do in ("question", "comment", "answer", "settle"):
        if do in ("question", "settle"):
            desk.require(at.level.review_act, state=state)
        return said(
            desk, f, do, role=role_in(desk, at, state, ""), back=("review-section", held.pk), section=held.pk
        )
    if do not in ("approve", *RETURNS):
        raise Http404
    desk.require(at.act(do), state=state)
    version = int(f.raw["version"]) if f.raw.get("version", "").isdecimal() else -1
    about: dict[str, Any] = {
        "round": desk.round.code, "state": state, "seen": Seen({}, {held.pk: version}), "by": desk.user.username,
        "role": desk.role_for(at.act(do), state=state), "at": desk.now,
    }  # fmt: skip
    try:
        with transaction.atomic():
            _done(desk, at, do, f.raw.get("text", ""), about)
    except CannotStep as e:
        if e.key in ("workflow.fault.reason", "review.fault.empty", "review.fault.long"):
            f.fault(do, "review.fault.reason" if "long" not in e.key else e.key)
            return None
        return refused(desk, state, at.level, e)
    return desk.go("review-section", f"?done={do}#now", code=desk.round.code, id=held.pk)


def _done(desk: Desk, at: Seat, do: str, text: str, about: dict[str, Any]) -> None:
    if do == "approve":
        review_told.approved(desk, at.level, review.approve(level=at.level, **about))
    elif do == "unlock":
        review_told.moved(desk, Step.UNLOCK, review.unlock(reason=text, **about))
    else:
        review_told.moved(desk, Step.SEND_BACK, review.send_back(message=text, **about))


patterns = [
    path("rounds/<slug:code>/review/section/<int:id>/", section, name="review-section"),
    path("rounds/<slug:code>/review/<slug:state>/text/<slug:section>/", by_code, name="review-text"),
]
