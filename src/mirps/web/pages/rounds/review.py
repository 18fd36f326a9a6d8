"""Reviewing a round: the seven States, then one State, institution by institution, field by field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.findings import api as findings
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Field, Item, Level, Part, Seen, Shift
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import BY_STATE, CannotStep, Due, Status
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.rounds import review_told
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.review_words import ACTS, Words, levels, pairs, unpaired

#: What the list can be narrowed to, in the order of its tabs.
SHOWN = ("waiting", "changed", "new", "contradictions", "questions", "missing", "all")
A_PAGE = 20  # things asked on one page


def matches(show: str, f: Field, level: Level) -> bool:
    """Whether a field belongs under a tab."""
    waits = f.status is level.waits
    return {
        "waiting": waits,
        "changed": waits and f.shift in (Shift.VALUE, Shift.NOTE),
        "new": waits and f.shift is Shift.NEW,
        "contradictions": bool(f.contradictions),
        "questions": bool(f.questions),
        "missing": f.status in (Status.EMPTY, Status.DRAFT, Status.RETURNED),
        "all": True,
    }[show]


@dataclass(frozen=True)
class Body:
    """One institution's part of a State, counted."""

    code: str
    name: str
    all: int
    waiting: int
    changed: int
    contradictions: int
    questions: int
    missing: int
    unchanged: str  # said when nothing differs from what was approved, or nothing


def state_of(desk: Desk, state: str) -> tuple[list[str], Level, list[Level]]:
    """The institutions of a State that this person reviews, and at which level. Raises Refused."""
    if state not in codelists.member_states():
        raise Http404
    asked = rounds.asked(desk.round.code, state=state).order_by()
    bodies = sorted(set(asked.values_list("institution", flat=True)))
    mine = [b for b in bodies if levels(desk, state, b)]
    held = levels(desk, state, mine[0]) if mine else levels(desk, state)
    if not held:
        raise Refused(desk.why_not(ACTS[Level.STATE][0], state=state))
    wanted = desk.request.GET.get("level") or desk.request.POST.get("level")
    return mine, next((x for x in held if x == wanted), held[0]), held


@require_safe
@at_the_door
def region(desk: Desk) -> HttpResponse:
    """The seven States, side by side."""
    if not levels(desk, ""):
        mine = [s for s in codelists.member_states() if levels(desk, s)]
        if not mine:
            raise Refused(desk.why_not("entry.review-region"))
        return desk.go("review", code=desk.round.code, state=mine[0])
    held = review.standings(desk.round.code)
    lines = [
        (s, held.get(s) or review.Standing(s, {}, 0, 0), desk.due(Due.REGION, state=s))
        for s in codelists.member_states()
    ]
    return desk.page(
        "rounds/review-region.html",
        lines=lines,
        S=Status,
        trail=[(say("review.region.title", desk.lang), "")],
    )


@require_safe
@at_the_door
def state(desk: Desk, state: str) -> HttpResponse:
    """One State: its institutions, then what was asked of them, narrowed and page by page."""
    bodies, level, held = state_of(desk, state)
    q = desk.request.GET
    every = [
        i for i in review.review(desk.round.code, state=state, level=level) if i.asked.institution in bodies
    ]
    parts = review.parts(desk.round.code, state=state, level=level) if levels(desk, state) else []
    shown = q.get("show") if q.get("show") in SHOWN else "waiting"
    body = q.get("institution", "") if q.get("institution") in bodies else ""
    sector = q.get("sector", "")
    found = [
        i for i in every
        if body in ("", i.asked.institution) and sector in ("", i.ask.sector)
        and any(matches(shown or "waiting", f, level) for f in i.fields)
    ]  # fmt: skip
    sheet = Paginator(found, A_PAGE).get_page(q.get("page"))
    words = Words(desk, state, level).beside(sheet.object_list)
    return desk.page(
        "rounds/review-state.html", state=state, level=level, levels=held,
        bodies=[_body(words, b, [i for i in every if i.asked.institution == b]) for b in bodies],
        tabs=[(x, sum(matches(x, f, level) for i in every for f in i.fields
                      if body in ("", i.asked.institution) and sector in ("", i.ask.sector))) for x in SHOWN],
        shown=shown, body=body, sector=sector, sectors=sorted({i.ask.sector for i in every}),
        blocks=[words.block(i) for i in sheet.object_list], sheet=sheet, words=words,
        parts=[(p, words.part_why_not(p)) for p in parts], address=_address(state, level, shown, body, sector),
        ready=len(review.bulk(every, level, desk.user.username).ready),
        may_approve=desk.may(level.approve_act, state=state), may_release=desk.may("release.read", state=state),
        who=words.listed(words.able(level.approve_act)), due=_due(desk, state, level),
        done=_done(desk), trail=trail(desk, state),
    )  # fmt: skip


def _due(desk: Desk, state: str, level: Level) -> object:
    return desk.due(Due.STATE if level is Level.STATE else Due.REGION, state=state)


def trail(desk: Desk, state: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    here = desk.url("review", code=desk.round.code, state=state) if more else ""
    return [
        (say("review.region.title", desk.lang), desk.url("review-region", code=desk.round.code)),
        (state_name(state, desk.lang), here),
        *more,
    ]


def _address(state: str, level: Level, shown: str | None, body: str, sector: str) -> str:
    """The list as it is narrowed now, as the query of an address."""
    given = {"level": level.value, "show": shown, "institution": body, "sector": sector}
    return "?" + urlencode({k: v for k, v in given.items() if v})


def _done(desk: Desk) -> str:
    """What was just done here, told once: `?done=approve&n=3`."""
    did, n = desk.request.GET.get("done", ""), desk.request.GET.get("n", "")
    if did not in ("approve", "send-back", "unlock", "answered") or not (n.isascii() and n.isdecimal()):
        return ""
    return say(f"review.done.{did}", desk.lang, n=int(n[:6]))


def _body(words: Words, code: str, found: list[Item]) -> Body:
    fields = [f for i in found for f in i.fields]
    level = words.level
    approved = [f.then for f in fields if f.then is not None and f.then.approved]
    same = bool(approved) and all(
        f.then is not None and f.then.approved and f.shift is Shift.SAME for f in fields if f.given
    )
    unchanged = ""
    if same:
        last = max(approved, key=lambda t: (t.at is not None, t.at))
        mine = "you" if last.by == words.desk.user.username else "other"
        unchanged = say(
            f"review.unchanged.{mine}", words.lang, who=words.name(last.by), when=words.moment(last.at)
        )
    n = {x: sum(matches(x, f, level) for f in fields) for x in SHOWN}
    return Body(
        code, codelists.institutions().name(code, words.lang), len(fields), n["waiting"], n["changed"],
        n["contradictions"], n["questions"], n["missing"], unchanged,
    )  # fmt: skip


@require_safe
@at_the_door
def summary(desk: Desk, state: str) -> HttpResponse:
    """What would be approved at once, in numbers, and what stays out with why. Nothing is done yet."""
    bodies, level, _ = state_of(desk, state)
    body = desk.request.GET.get("institution", "") if desk.request.GET.get("institution") in bodies else ""
    desk.require(level.approve_act, state=state, body=body)
    every = [
        i for i in review.review(desk.round.code, state=state, level=level, institution=body)
        if i.asked.institution in bodies
    ]  # fmt: skip
    return _summary(desk, state, level, body, every)


def _summary(desk: Desk, state: str, level: Level, body: str, every: list[Item], status: int = 200,
             refused: str = "") -> HttpResponse:  # fmt: skip
    bulk = review.bulk(every, level, desk.user.username)
    words = Words(desk, state, level)
    by_body: Counter[str] = Counter()
    shifts: Counter[str] = Counter()
    for i in every:
        for f in i.fields:
            if f.cell.pk in bulk.ready:
                by_body[i.asked.institution] += 1
                shifts[f.shift.value] += 1
    return desk.page(
        "rounds/review-approve.html", status, state=state, level=level, body=body, bulk=bulk,
        seen=pairs(bulk.ready), counts=[(desk.institution_name(c), n) for c, n in sorted(by_body.items())],
        shifts=[(s.value, shifts[s.value]) for s in Shift if shifts[s.value]],
        missing=sum(f.status in (Status.EMPTY, Status.DRAFT, Status.RETURNED) for i in every for f in i.fields),
        out=[(words.block(i).name, words.row(i, f)) for i, f, _ in bulk.out[:100]], refused=refused,
        trail=trail(desk, state, (say("review.bulk.title", desk.lang), "")),
    )  # fmt: skip


@require_POST
@at_the_door
def approve(desk: Desk, state: str) -> HttpResponse:
    """Approve what was seen: these cells in these versions, all or none."""
    _, level, _ = state_of(desk, state)
    seen = unpaired(desk.request.POST.get("seen", "")[:60_000])
    asked = rounds.Asked.objects.filter(round=desk.round, cells__in=list(seen)).order_by()
    for body in sorted(set(asked.values_list("institution", flat=True))):
        desk.require(level.approve_act, state=state, body=body)
    back = desk.request.POST.get("back", "")
    try:
        with transaction.atomic():
            done = review.approve(
                round=desk.round.code, state=state, level=level, seen=Seen(seen), by=desk.user.username,
                role=desk.role_for(level.approve_act, state=state), at=desk.now,
            )  # fmt: skip
            review_told.approved(desk, level, done)
    except CannotStep as e:
        return refused(desk, state, level, e, back)
    mark = back if back.startswith("?") and "\n" not in back and len(back) < 400 else "?"
    query, _, anchor = mark.partition("#")
    joined = f"{query}&" if len(query) > 1 else "?"
    return desk.go(
        "review", f"{joined}done=approve&n={len(done)}" + (f"#{anchor}" if anchor else ""),
        code=desk.round.code, state=state,
    )  # fmt: skip


def refused(desk: Desk, state: str, level: Level, fault: CannotStep, back: str = "") -> HttpResponse:
    """Why nothing was done, and the way on: the contradiction to answer, the question to settle."""
    words = Words(desk, state, level)
    doubts, asked = [], []
    if isinstance(fault, review.Unanswered):
        codes = sorted({c for found in fault.codes.values() for c in found})
        doubts = [words.doubt(f) for f in findings.current().filter(code__in=codes)]
    if isinstance(fault, review.StillAsked):
        asked = sorted(fault.questions)
    overtaken = isinstance(fault, review.Overtaken)
    return desk.page(
        "rounds/review-refused.html", 409 if overtaken else 422, state=state, level=level,
        why=words.refusal(fault), doubts=doubts, asked=asked, lacks=words.lacks(fault),
        held=fault.held if isinstance(fault, review.Overtaken) and fault.held.figure else None,
        back=desk.url("review", code=desk.round.code, state=state) + (back if back.startswith("?") else ""),
        trail=trail(desk, state, (say("review.refused.title", desk.lang), "")),
    )  # fmt: skip


def readable(level: Level, part: Part | Field) -> bool:
    """Whether the reader may see what was answered: the region, what the State answered for."""
    return level is Level.STATE or part.status in BY_STATE


patterns = [
    path("rounds/<slug:code>/review/", region, name="review-region"),
    path("rounds/<slug:code>/review/<slug:state>/", state, name="review"),
    path("rounds/<slug:code>/review/<slug:state>/approve/", summary, name="review-summary"),
    path("rounds/<slug:code>/review/<slug:state>/approve/now/", approve, name="review-approve"),
]
