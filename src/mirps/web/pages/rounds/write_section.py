"""One section, in one language beside the other: writing it, translating it, handing it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Held, NotReady, NotTaken, Outcome, Section, SectionText, Written
from mirps.evidence.rounds.api import CannotStep, Status, Step
from mirps.web.pages.page import private
from mirps.web.pages.rounds import write_told
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import names, uuid_of
from mirps.web.pages.rounds.write_words import Choice, Writing, by_language, status_of

#: The longest text that a page gives back to whoever typed it, however far beyond what a section holds.
_POSTED = 2_000_000


@dataclass(slots=True)
class Typed:
    """What somebody posted, and what to say of it."""

    text: str | None = None  # None: the page shows what stands
    fault: str = ""
    query: str = ""
    found: list[Choice] | None = None
    met: Written | None = None
    lacks: list[tuple[str, str, int]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def section(desk: Desk, state: str, section: str) -> HttpResponse:
    w = Writing(desk, state)
    s = w.section(section)
    held = narratives.held([s])[s.pk]
    wanted = desk.request.GET.get("lang") or desk.request.POST.get("lang") or held.original or desk.lang
    lang = wanted if wanted in LANGUAGES else desk.lang
    typed = Typed()
    if desk.request.method == "POST":
        answer = _acted(w, s, held, lang, typed)
        if answer is not None:
            return answer
        held = narratives.held([s])[s.pk]
    return _page(w, w.section(section), held, lang, typed)


def _acted(w: Writing, s: Section, held: Held, lang: str, typed: Typed) -> HttpResponse | None:
    """Do what was asked; None when the page is to be shown again with what was typed."""
    raw = w.desk.request.POST
    do = raw.get("do", "save")
    if do == "submit":
        w.desk.require("narrative.write", state=w.state)
        return _handed(w, s, typed)
    if do in ("approve", "send-back"):
        return _judged(w, s, do, typed)
    typed.text = raw.get("text", "")[:_POSTED]
    if do == "find":
        typed.query = raw.get("q", "")
        typed.found = w.choices(typed.query, lang)
        return None
    if raw.get("bind"):
        typed.text = _bound(typed.text, raw["bind"])
    if do == "reread":
        typed.text = held.version(lang).text
    return _saved(w, s, held, lang, typed)


def _bound(text: str, given: str) -> str:
    """The text with one typed number replaced by the figure chosen for it: `start|number|figure`."""
    at, _, rest = given.partition("|")
    words, _, id_ = rest.partition("|")
    text = text.replace("\r\n", "\n")
    start = int(at) if at.isascii() and at.isdecimal() and len(at) < 8 else -1
    if start < 0 or not words or text[start : start + len(words)] != words:
        return text
    return f"{text[:start]}[[{id_}]]{text[start + len(words) :]}"


def _saved(w: Writing, s: Section, held: Held, lang: str, typed: Typed) -> HttpResponse | None:
    raw, live = w.desk.request.POST, _wants_json(w.desk)
    if why := w.shut(s, held, lang):
        typed.fault = why
        return _json({"outcome": "refused", "said": why}, 409) if live else None
    try:
        with transaction.atomic():
            done = narratives.write(
                section=s.pk, lang=lang, text=typed.text or "", base=_whole(raw.get("base")),
                of=_of(w, s, held, lang), client=uuid_of(raw.get("client", "")),
                by=w.desk.user.username, at=w.desk.now,
            )  # fmt: skip
            if done.stale and done.outcome is Outcome.WRITTEN and not held.stale:
                write_told.to_translate(w.desk, s, narratives.other(lang))
    except NotTaken as e:
        typed.fault = say(e.key, w.lang, **e.values)
        return _json({"outcome": "refused", "said": typed.fault}, 422) if live else None
    if live:
        return _told(w, done)
    if done.outcome is Outcome.CONFLICT:
        typed.met = done
        return None
    return w.desk.go(
        "write-section", f"?lang={lang}&kept=1", code=w.desk.round.code, state=w.address, section=s.code
    )


def _of(w: Writing, s: Section, held: Held, lang: str) -> int:
    """The version of the original that the writer read this translation against: the one they had beside
    it, unless it changed and they did not say that they read it."""
    raw = w.desk.request.POST
    seen = _whole(raw.get("of"))
    if raw.get("do") == "reread" or raw.get("current") or not held.stale or held.original == lang:
        return seen
    return held.version(lang).of


def _whole(text: str | None) -> int:
    """A version as a form says it; one that fits nothing when it does not."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _wants_json(desk: Desk) -> bool:
    return desk.request.headers.get("Accept", "").startswith("application/json")


def _json(content: dict[str, object], status: int = 200) -> HttpResponse:
    return private(JsonResponse(content, status=status))


def _told(w: Writing, done: Written) -> HttpResponse:
    """The receipt of a text that the page saved by itself."""
    stands = done.stands
    content: dict[str, object] = {
        "outcome": done.outcome.value, "version": stands.number if stands else 0,
        "said": say(f"narratives.saved.{done.outcome.value}", w.lang),
    }  # fmt: skip
    if done.outcome is Outcome.CONFLICT and stands:
        who = names([stands.by])[stands.by]
        content |= {"theirs": stands.text, "said": say("narratives.met.live", w.lang, who=who)}
    return _json(content)


def _handed(w: Writing, s: Section, typed: Typed) -> HttpResponse | None:
    desk = w.desk
    try:
        with transaction.atomic():
            done = narratives.take(
                sections=[s.pk], step=Step.SUBMIT, by=desk.user.username,
                role=desk.role_for("narrative.write", state=w.state), at=desk.now,
            )  # fmt: skip
            write_told.handed_over(desk, done)
    except NotReady as e:
        typed.lacks = w.sentences(e.lacks[s.pk])
        typed.fault = say(e.key, desk.lang, **e.values)
        return None
    except CannotStep as e:
        typed.fault = refusal(desk, e)
        return None
    return desk.go("write", "?handed=1", code=desk.round.code, state=w.address)


def _judged(w: Writing, s: Section, do: str, typed: Typed) -> HttpResponse | None:
    """A section of the region is approved or sent back here: no State's reviewers see it."""
    desk, raw = w.desk, w.desk.request.POST
    act = "entry.approve-region" if do == "approve" else "entry.review-region"
    desk.require(act)
    about: dict[str, Any] = {"by": desk.user.username, "role": desk.role_for(act), "at": desk.now}
    try:
        with transaction.atomic():
            if s.state:
                raise CannotStep("workflow.fault.step", step=do, status=s.status)
            if do == "approve":
                narratives.approve_of_region(section=s.pk, version=_whole(raw.get("version")), **about)
            else:
                reason = raw.get("reason", "").strip()[:2000]
                narratives.take(sections=[s.pk], step=Step.SEND_BACK, reason=reason, **about)
            write_told.moved(desk, s, "approved" if do == "approve" else "returned")
    except CannotStep as e:
        typed.fault = refusal(desk, e)
        return None
    return desk.go("write", "?done=1", code=desk.round.code, state=w.address)


def refusal(desk: Desk, e: CannotStep) -> str:
    """Why a step was refused, in a sentence."""
    values = dict(e.values)
    if "step" in values:
        form = "did" if e.key == "workflow.fault.same-person" else "act"
        values["step"] = say(f"review.{form}.{values['step']}", desk.lang)
    if "status" in values:
        values["status"] = say(f"review.status.{values['status']}", desk.lang)
    return say(e.key, desk.lang, **values)


def _page(w: Writing, s: Section, held: Held, lang: str, typed: Typed) -> HttpResponse:
    desk, beside = w.desk, narratives.other(lang)
    own, theirs = held.version(lang), held.version(beside)
    text = own.text if typed.text is None else typed.text
    lacks = typed.lacks or w.sentences(narratives.lacks([s], desk.now.date())[s.pk])
    short = text if len(text) <= narratives.MOST else ""
    spots = [(x, w.offers(x.words, lang)) for x in narratives.unbound(short, lang)[:100]]
    status = 409 if typed.met else 422 if typed.fault else 200
    return desk.page(
        "rounds/write.html", status, w=w, s=s, held=held, language=lang, beside=beside, own=own, second=theirs,
        text=text, typed=typed, spots=spots, shut=w.shut(s, held, lang), client=uuid4(),
        preview=w.preview(short, lang), beside_preview=w.preview(theirs.text, beside),
        changed=_changed(s, held, lang), signs=narratives.signs(short) if s.story else [],
        words=narratives.words(short), lacks=by_language(lacks), status_of=status_of, languages=LANGUAGES,
        consents=narratives.consents(s.pk) if s.story else [], agreed=narratives.agreed,
        returned=_returned(s), kept=desk.request.GET.get("kept", ""), on=desk.now.date(),
        version=narratives.versions_of([s.pk])[s.pk],
        may_judge=not s.state and s.status == Status.SUBMITTED and desk.may("entry.approve-region"),
        reviews=_talked_about(w, s),
        who=names([typed.met.stands.by if typed.met and typed.met.stands else ""]),
        trail=w.trail((s.title(desk.lang), "")),
    )  # fmt: skip


def _talked_about(w: Writing, s: Section) -> str:
    """Whether this person reviews the section on its own page, answers questions there, or neither."""
    if not s.state:
        return ""
    return "review" if w.desk.may("entry.approve-state", state=s.state) else "answer" if w.writes else ""


def _changed(s: Section, held: Held, lang: str) -> list[narratives.Piece]:
    """What changed in the original since the translation was read against it."""
    if not held.stale:
        return []
    was = narratives.text_of(s.pk, held.original, held.version(held.translation).of)
    return narratives.changes(was, held.version(held.original).text)


def _returned(s: Section) -> str:
    if s.status != Status.RETURNED:
        return ""
    back = [t for t in narratives.steps_taken(s.pk) if t.step in (Step.SEND_BACK, Step.UNLOCK)]
    return back[-1].reason if back else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A version with what it changed of the one before it."""

    version: SectionText
    pieces: list[narratives.Piece]


@require_safe
@at_the_door
def history(desk: Desk, state: str, section: str) -> HttpResponse:
    """Every version of both languages with what each changed, and the steps of the section."""
    w = Writing(desk, state)
    s = w.section(section)
    found: list[Told] = []
    was = dict.fromkeys(LANGUAGES, "")
    for t in narratives.versions(s.pk):
        found.append(Told(t, narratives.changes(was[t.lang], t.text)))
        if t.number is not None:
            was[t.lang] = t.text
    steps = narratives.steps_taken(s.pk)
    people = names([*(x.version.by for x in found), *(x.by for x in steps)])
    return desk.page(
        "rounds/write-history.html", w=w, s=s, found=found[::-1][:100], more=max(len(found) - 100, 0),
        steps=steps, who=people,
        trail=w.trail(
            (s.title(desk.lang), w.url("write-section", s)), (say("narratives.history.title", desk.lang), "")
        ),
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/write/<slug:state>/<slug:section>/history/", history, name="write-history"),
    path("rounds/<slug:code>/write/<slug:state>/<slug:section>/", section, name="write-section"),
]
