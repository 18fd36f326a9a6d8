"""One value in review: what it was and is, what was said of it, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Attachment, Cell
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Field, Item, Level, RemarkKind, Seen
from mirps.evidence.rounds.api import CannotStep, Status, Step
from mirps.web.pages.rounds import review_told
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.fields import Fields
from mirps.web.pages.rounds.review import readable, refused, trail
from mirps.web.pages.rounds.review_words import ACTS, Block, Row, Words, levels, unpaired

#: What a form on the page may ask for, and the act that it needs (of State and institution).
RETURNS = {"send-back": Step.SEND_BACK, "unlock": Step.UNLOCK}


@dataclass(frozen=True)
class Seat:
    """From where this person looks at an answer: at which level, and whether they gave it."""

    level: Level
    reviews: bool
    gives: bool

    def act(self, do: str) -> str:
        """The act that a form needs."""
        if do == "unlock":
            return "entry.unlock"
        return self.level.approve_act if do == "approve" else self.level.review_act


def seat(desk: Desk, state: str, institution: str) -> Seat:
    """Raises Refused for somebody who neither reviews nor gives this answer."""
    held = levels(desk, state, institution)
    gives = any(desk.may(a, state=state, body=institution) for a in ("entry.write", "entry.submit"))
    if not held and not gives:
        raise Refused(desk.why_not(ACTS[Level.STATE][0], state=state, body=institution))
    wanted = desk.request.GET.get("level") or desk.request.POST.get("level")
    level = next((x for x in held if x == wanted), held[0] if held else Level.STATE)
    return Seat(level, bool(held), gives)


@require_safe
@at_the_door
def by_figure(desk: Desk, figure: str) -> HttpResponse:
    """The value by its figure, for what is told of it."""
    of = Cell.objects.select_related("asked").filter(asked__round=desk.round, figure=figure)
    held = of.order_by("pk").first() if figure else None
    if held is None:
        raise Http404
    seat(desk, held.asked.state, held.asked.institution)
    return desk.go("review-cell", code=desk.round.code, id=held.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def cell(desk: Desk, id: int) -> HttpResponse:
    of = Cell.objects.select_related("asked").filter(asked__round=desk.round, asked__withdrawn_at=None)
    held = of.filter(pk=id).first()
    if held is None:
        raise Http404
    state, institution = held.asked.state, held.asked.institution
    at = seat(desk, state, institution)
    f = Fields(desk.request, desk.lang)
    if f.posted:
        answer = acted(desk, f, at, held)
        if answer is not None:
            return answer
    return _shown(desk, f, at, held)


def _item(desk: Desk, level: Level, held: Cell) -> tuple[Item, Field]:
    lines = [
        x for x in entries.sheet(desk.round.code, state=held.asked.state, institution=held.asked.institution)
        if x.asked.pk == held.asked_id
    ]  # fmt: skip
    if not lines:  # it is no longer asked
        raise Http404
    item = review.items(lines, level)[0]
    return item, next(x for x in item.fields if x.cell.pk == held.pk)


def _shown(desk: Desk, f: Fields, at: Seat, held: Cell) -> HttpResponse:
    item, field = _item(desk, at.level, held)
    words = Words(desk, held.asked.state, at.level).beside([item])
    block, row = words.block(item), words.row(item, field)
    state, institution = held.asked.state, held.asked.institution
    may = {
        do: desk.may(at.act(do), state=state, body=institution) for do in ("approve", "send-back", "unlock")
    }
    seen_all = at.gives or readable(at.level, field)
    return desk.page(
        "rounds/review-cell.html", 422 if f.faults else 200, f=f, seat=at, state=state, item=item, field=field,
        block=block, row=row, words=words, may=may, level=at.level, visible=seen_all,
        returnable=_returnable(at.level, block), figure=entries.figure_of(held, item.ask),
        doubts=[words.doubt(x) for x in field.findings], past=_past(desk, item, field),
        **(_inside(words, held) if seen_all else {"remarks": [], "history": [], "attachments": []}),
        who=words.listed(words.able(at.level.approve_act, institution)),
        done=f.raw.get("done") or desk.request.GET.get("done", ""),
        trail=trail(desk, state, (block.name, "")) if at.reviews else [(block.name, "")],
    )  # fmt: skip


def _inside(words: Words, held: Cell) -> dict[str, object]:
    """What only those may read who may read the value."""
    a = held.asked
    files = Attachment.objects.filter(
        Q(asked=a) | Q(asked=None), round=a.round_id, institution=a.institution, withdrawn_at=None
    ).order_by("id")
    said_of = review.remarks(cell=held.pk)
    return {"remarks": said_of, "history": history(words, held), "attachments": list(files)}


def _returnable(level: Level, block: Block) -> list[tuple[str, list[Row]]]:
    """What may go back: at this level what waits for it or was approved by it. What the State approved
    it takes up again itself (unlocks); what is not yet approved it sends back."""
    approved = (Status.STATE, Status.REGION)
    back = approved if level is Level.REGION else (Status.SUBMITTED,)
    rows = [("send-back", [r for r in block.rows if r.field.status in back])]
    if level is Level.STATE:
        rows.append(("unlock", [r for r in block.rows if r.field.status in approved]))
    return rows


def _past(desk: Desk, item: Item, field: Field) -> list[entries.Earlier]:
    found = entries.history([(item.ask, field.cell.dimensions)], before=desk.round.code)
    return found[item.ask.code, field.cell.dimensions]


@dataclass(frozen=True)
class Happened:
    """One line of a value's history: a version that was written or a step that was taken."""

    at: str
    who: str
    did: str
    value: str
    note: str
    reason: str
    order: tuple[datetime, int]


def history(words: Words, held: Cell) -> list[Happened]:
    """Every version and step, oldest first."""
    ask = held.asked.ask()
    base = entries.figure_of(held, ask)
    out = []
    for s in entries.versions(held.pk):
        figure = replace(base, value=s.value, absence=s.absence, qualifier=entries.given_in(s).qualifier)
        did = "write" if s.value is not None or s.absence else "erase"
        if s.number is None:
            did = "kept-aside"
        out.append(
            Happened(
                words.moment(s.at), words.name(s.by), say(f"review.did.{did}", words.lang),
                words.plain(figure), (s.note_es if words.lang == "es" else s.note_en) or s.note_es, "", (s.at, 0),
            )
        )  # fmt: skip
    for t in review.steps(cell=held.pk):
        out.append(
            Happened(
                words.moment(t.at), words.name(t.by), say(f"review.did.{t.step}", words.lang), "", "",
                t.reason, (t.at, 1),
            )
        )  # fmt: skip
    return sorted(out, key=lambda h: h.order)


def acted(desk: Desk, f: Fields, at: Seat, held: Cell) -> HttpResponse | None:
    """Do what the form asks. None when something typed is at fault: the page says it."""
    do = f.raw.get("do", "")
    state, institution = held.asked.state, held.asked.institution
    if do in RETURNS:
        return _returned(desk, f, at, held, RETURNS[do])
    if do not in ("question", "comment", "answer", "settle"):
        raise Http404
    if do in ("question", "settle"):
        desk.require(at.level.review_act, state=state, body=institution)
    role = role_in(desk, at, state, institution)
    return said(desk, f, do, role=role, back=("review-cell", held.pk), cell=held.pk)


def role_in(desk: Desk, at: Seat, state: str, institution: str) -> str:
    """The role in which somebody speaks: as a reviewer, else as one who gives the answer."""
    acts = (*ACTS[at.level], "entry.write", "entry.submit")
    return next((r for a in acts if (r := desk.role_for(a, state=state, body=institution))), "")


def said(
    desk: Desk, f: Fields, do: str, *, role: str, back: tuple[str, int],
    cell: int | None = None, section: int | None = None,
) -> HttpResponse | None:  # fmt: skip
    """Ask, answer, comment or settle; then lead back to the page."""
    given = f.raw.get("question", "")[:18]
    number = int(given) if given.isdecimal() else 0
    place = f"answer-{number}" if do == "answer" else do
    by = desk.user.username
    if do == "settle":
        review.settle(question=number, by=by, at=desk.now, cell=cell, section=section)
    else:
        try:
            with transaction.atomic():
                made = review.remark(
                    kind=RemarkKind(do), text=f.raw.get("text", ""), lang=desk.lang, by=by, role=role,
                    at=desk.now, cell=cell, section=section, answers=number or None,
                )  # fmt: skip
                review_told.remarked(desk, made)
        except CannotStep as e:
            f.fault(place, e.key, **e.values)
            return None
    return desk.go(back[0], f"?done={do}#said", code=desk.round.code, id=back[1])


def _returned(desk: Desk, f: Fields, at: Seat, held: Cell, step: Step) -> HttpResponse | None:
    state, institution = held.asked.state, held.asked.institution
    desk.require(at.act(step.value), state=state, body=institution)
    chosen = unpaired(" ".join(desk.request.POST.getlist("seen")))
    same = set(
        Cell.objects.filter(asked=held.asked, pk__in=list(chosen)).order_by("pk").values_list("pk", flat=True)
    )
    seen = Seen({k: v for k, v in chosen.items() if k in same})
    if not len(seen):
        f.fault(f"{step.value}-which", "review.fault.none-chosen")
        return None
    act = review.unlock if step is Step.UNLOCK else review.send_back
    words = {"reason" if step is Step.UNLOCK else "message": f.raw.get("text", "")}
    try:
        with transaction.atomic():
            done = act(
                round=desk.round.code, state=state, seen=seen, by=desk.user.username, at=desk.now,
                role=desk.role_for(at.act(step.value), state=state, body=institution), **words,
            )  # fmt: skip
            review_told.moved(desk, step, done)
    except CannotStep as e:
        if e.key in ("workflow.fault.reason", "review.fault.empty", "review.fault.long"):
            f.fault(step.value, "review.fault.reason" if "long" not in e.key else e.key)
            return None
        return refused(desk, state, at.level, e)
    return desk.go("review-cell", f"?done={step.value}#now", code=desk.round.code, id=held.pk)


patterns = [
    path("rounds/<slug:code>/review/cell/<int:id>/", cell, name="review-cell"),
    path("rounds/<slug:code>/review/figure/<str:figure>/", by_figure, name="review-figure"),
]
