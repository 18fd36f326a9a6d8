"""Watching a round: how far everyone has come, who is late, and reminding them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.notices import api as notices
from mirps.base.notices.api import Notice, zone
from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.rounds.api import Status
from mirps.evidence.watch import api as watch
from mirps.evidence.watch.api import Body
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.page import private
from mirps.web.pages.rounds import watch_told
from mirps.web.pages.rounds.door import Desk, at_the_door

#: The strip of a row: each status with how high its bar stands, in the order of the work.
STRIP = (
    (Status.EMPTY, 0), (Status.DRAFT, 4), (Status.RETURNED, 4), (Status.SUBMITTED, 8), (Status.STATE, 12),
    (Status.REGION, 16), (Status.PUBLISHED, 16),
)  # fmt: skip
WIDE, HIGH = 640, 200  # the drawing of the course
MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Row:
    """An institution (or, without one, its State together) as the table shows it."""

    body: Body
    name: str
    days: int | None
    late: bool
    strip: list[tuple[str, int, float, float]]  # status, height, where it begins, how wide
    words: str


def mine(desk: Desk) -> list[str]:
    """The States whose progress this person may see. Raises Refused when there is none."""
    found = desk.states("watch.read")
    if not found:
        desk.require("watch.read")
    return found


def may_remind(desk: Desk, state: str) -> bool:
    return any(desk.may(act, state=state) for act in ("entry.review", "entry.review-region", "round.setup"))


def row(desk: Desk, b: Body) -> Row:
    name = desk.institution_name(b.institution) if b.institution else state_name(b.state, desk.lang)
    strip, at = [], 0.0
    for status, height in STRIP:
        width = 120 * b.of(status) / b.all if b.all else 0
        if width:
            strip.append((status.value, height, round(at, 1), round(width, 1)))
        at += width
    words = ", ".join(
        f"{say(f'watch.status.{s.value}', desk.lang)}: {b.of(s)}" for s, _ in STRIP if b.of(s)
    )  # fmt: skip
    return Row(b, name, b.days(desk.now, zone(b.state)), b.late(desk.now), strip, words)


@require_safe
@at_the_door
def page(desk: Desk) -> HttpResponse:
    states = mine(desk)
    every = [b for b in watch.bodies(desk.round) if b.state in states]
    texts = [w for w in watch.sections(desk.round) if w.section.state in (*states, "")]
    only_late = desk.request.GET.get("show") == "late"
    shown = [b for b in every if not only_late or b.late(desk.now)]
    groups = [
        (s, row(desk, watch.together([b for b in every if b.state == s], s)),
         [row(desk, b) for b in shown if b.state == s], may_remind(desk, s))
        for s in states if any(b.state == s for b in shown)
    ]  # fmt: skip
    days = watch.course(
        desk.round.code, states=states, zone=zone(""), last=desk.now.astimezone(zone("")).date()
    )[-MOST_DAYS:]
    whole = watch.together(every)
    return desk.page(
        "rounds/watch.html", groups=groups, only_late=only_late, whole=whole, days=days,
        late=sum(b.late(desk.now) for b in every), lines=drawn(days, whole.all),
        by_state=watch.BY_STATE, by_region=watch.BY_REGION,
        wide=WIDE, high=HIGH, told=desk.request.GET.get("told", "")[:4],
        texts=[w for w in texts if not only_late or w.late(desk.now)], now=desk.now,
        trail=[(say("watch.title", desk.lang), "")],
    )  # fmt: skip


def drawn(days: Sequence[watch.Day], all: int) -> dict[str, str]:
    """The course as two lines: what was given, and what was handed over. Nothing for less than two days."""
    if len(days) < 2 or not all:
        return {}
    step = WIDE / (len(days) - 1)

    def line(values: Sequence[int]) -> str:
        return " ".join(f"{i * step:.1f},{HIGH - HIGH * v / all:.1f}" for i, v in enumerate(values))

    return {"given": line([d.given for d in days]), "handed": line([d.handed for d in days])}


@require_safe
@at_the_door
def table(desk: Desk) -> HttpResponse:
    """The same as the page, for a spreadsheet: one line an institution."""
    states, out = mine(desk), io.StringIO()
    writer = csv.writer(out)
    columns = ("state", "institution", "name", "asked", "given", "submitted", "state_approved", "region_approved",
               "required_missing", "returned", "open_questions", "unanswered_contradictions", "last_activity",
               "due", "days_left", "late")  # fmt: skip
    writer.writerow(columns)
    for b in watch.bodies(desk.round):
        if b.state in states:
            r = row(desk, b)
            writer.writerow([
                b.state, b.institution, r.name, b.all, b.given, b.handed, b.of(*watch.BY_STATE),
                b.of(*watch.BY_REGION), b.lacking, b.returned, b.questions, b.contradictions, _iso(b.last),
                _iso(b.due), "" if r.days is None else r.days, "yes" if r.late else "no",
            ])  # fmt: skip
    answer = private(HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8"))
    answer["Content-Disposition"] = f'attachment; filename="{desk.round.code}-watch.csv"'
    return answer


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def remind(desk: Desk) -> HttpResponse:
    """Who would be reminded and in what words; then, confirmed, it is done."""
    posted = desk.request.method == "POST"
    given = desk.request.POST if posted else desk.request.GET
    states, wanted = mine(desk), set(given.getlist("body")[:500])
    state = given.get("state", "")
    held = [b for b in watch.bodies(desk.round) if b.state in states and b.owes]
    chosen = [
        b
        for b in held
        if (b.institution in wanted if wanted else b.late(desk.now) and state in ("", b.state))
    ]
    for s in {b.state for b in chosen}:
        if not may_remind(desk, s):
            desk.require("entry.review", state=s)
    reminders = watch_told.for_bodies(chosen, at=desk.now)
    if posted and given.get("sure") and reminders:
        n = watch_told.remind(round=desk.round, reminders=reminders, by=desk.user.username, at=desk.now)
        return desk.go("watch", f"?told={n}", code=desk.round.code)
    return desk.page(
        "rounds/watch-remind.html",
        lines=[(row(desk, b), r.people) for b, r in zip(chosen, reminders, strict=True)],
        examples=_examples(desk, reminders), state=state,
        others=[row(desk, b) for b in held if b not in chosen and may_remind(desk, b.state)],
        trail=[(say("watch.title", desk.lang), desk.url("watch", code=desk.round.code)),
               (say("watch.remind.title", desk.lang), "")],
    )  # fmt: skip


def _examples(desk: Desk, reminders: Sequence[watch_told.Reminder]) -> list[tuple[str, str, str]]:
    """The first reminder as it will be read, in each language: (language, sentence, what it is about)."""
    first = next((r for r in reminders if r.people), None)
    if first is None:
        return []
    here = zone(first.state)
    due = first.due.astimezone(here).date() if first.due else None
    notice = Notice(
        kind="reminder", round=desk.round.code, state=first.state, institution=first.institution, due=due
    )
    today = desk.now.astimezone(here).date()
    return [(x, notices.title(notice, x, today), notices.where(notice, x)) for x in LANGUAGES]


patterns = [
    path("rounds/<slug:code>/watch/", page, name="watch"),
    path("rounds/<slug:code>/watch.csv", table, name="watch-csv"),
    path("rounds/<slug:code>/watch/remind/", remind, name="watch-remind"),
]
