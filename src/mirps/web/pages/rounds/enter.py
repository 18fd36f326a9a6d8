"""An institution's part of a round: what is asked, how far it is, and handing it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.notices import api as notices
from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, CellStep, Ready
from mirps.evidence.review.api import Remark, RemarkKind
from mirps.evidence.rounds.api import CannotStep, Change, Stage, Status
from mirps.web.pages.rounds import enter_ask, enter_met
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import Entering, Thing, names, thing


@dataclass(frozen=True, slots=True)
class Row:
    """One thing asked, as the list shows it."""

    code: str
    thing: Thing
    status: Status
    required: bool
    change: Change
    given: int
    all: int
    value: str
    computed: str  # what was counted from cases, where nobody has written anything
    returned: str  # the reason for which it came back
    returned_by: str
    said: list[str]  # what the checks say
    ready: bool
    lacking: bool
    lacks_note: bool
    goes: int
    questions: int  # that nobody has resolved


def rows_of(e: Entering) -> list[tuple[str, list[Row]]]:
    """What is asked, by sector, in the order of the sectors' list."""
    every = [c for r in e.things for c in r.line.cells]
    back = entries.returns(every)
    who = names(s.by for s in back.values())
    asks = Counter(
        Remark.objects.filter(cell__in=every, kind=RemarkKind.QUESTION, resolved_at=None)
        .order_by("id").values_list("cell__asked__code", flat=True)
    )  # fmt: skip
    counted = entries.proposals((r.total, r.line.ask) for r in e.things)
    groups: dict[str, list[Row]] = {}
    for r in e.things:
        computed = e.computed(counted.get(r.total.pk)) if r.total.status == Status.EMPTY else ""
        groups.setdefault(r.line.ask.sector, []).append(
            _row(e, r, back, who, asks[r.line.ask.code], computed)
        )
    order = list(codelists.sectors())
    return sorted(groups.items(), key=lambda g: order.index(g[0]) if g[0] in order else len(order))


def _row(
    e: Entering, r: Ready, back: Mapping[int, CellStep], who: Mapping[str, str], questions: int, computed: str
) -> Row:  # fmt: skip
    ask, cells = r.line.ask, r.line.cells
    came = [back[c.pk] for c in cells if c.pk in back]
    last = max(came, key=lambda s: s.pk) if came else None
    return Row(
        code=ask.code, thing=thing(ask, e.lang, e.locale), status=r.status, required=ask.required,
        change=ask.change, given=sum(c.status != Status.EMPTY for c in cells), all=len(cells),
        value=e.shown(r.total.value, r.total.absence), computed=computed, returned=last.reason if last else "",
        returned_by=who[last.by] if last else "",
        said=[e.sentence(h) for h in r.look.all if h.stop or h.key in entries.TO_SEE],
        ready=r.ready, lacking=r.lacking, lacks_note=bool(r.cells) and r.look.lacks_note, goes=len(r.cells),
        questions=questions,
    )  # fmt: skip


def next_of(e: Entering) -> str:
    """Where to go on: what came back, else the first that is not whole after the last one written."""
    things = e.things
    returned = [r for r in things if r.status is Status.RETURNED]
    if returned:
        return returned[0].line.ask.code
    open_ = [
        i for i, r in enumerate(things)
        if any(c.status == Status.EMPTY for c in r.line.cells) and not e.shut(r.total)
    ]  # fmt: skip
    if not open_:
        return ""
    mine = [
        (c.written_at, i) for i, r in enumerate(things) for c in r.line.cells
        if c.written_at and c.written_by == e.desk.user.username
    ]  # fmt: skip
    last = max(mine)[1] if mine else -1
    return things[next((i for i in open_ if i >= last), open_[0])].line.ask.code


@require_safe
@at_the_door
def sheet(desk: Desk, institution: str) -> HttpResponse:
    e = Entering(desk, institution)
    groups = rows_of(e)
    rows = [r for _, found in groups for r in found]
    return desk.page(
        "rounds/enter.html", e=e, groups=groups, returned=[r for r in rows if r.status is Status.RETURNED],
        go_on=next_of(e) if e.writes else "", state_words=_state_words(e, rows), due=e.due,
        given=sum(r.given for r in rows), all=sum(r.all for r in rows),
        ready=sum(r.ready for r in rows), sent=desk.request.GET.get("sent", "")[:4],
        files=len(entries.files_of(desk.round.code, institution=institution)),
    )  # fmt: skip


def _state_words(e: Entering, rows: Sequence[Row]) -> str:
    """The state that the whole list is in, where it needs a word: empty, not open, closed, late, done."""
    stage = Stage(e.desk.round.stage)
    if not rows:
        return "nothing"
    if stage is not Stage.OPEN:
        return stage.value
    handed = all(r.status not in (Status.EMPTY, Status.DRAFT, Status.RETURNED) for r in rows)
    if handed:
        return "done"
    return "late" if e.late else ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def submit(desk: Desk, institution: str) -> HttpResponse:
    """What lacks, what the checks say, what goes to whom; then all of it or a selection goes."""
    e = Entering(desk, institution)
    desk.require("entry.submit", state=e.state, body=institution)
    fault = ""
    posted = desk.request.method == "POST"
    chosen = desk.request.POST.getlist("asked")[:1000]
    if posted:
        try:
            with transaction.atomic():  # nobody is told of what did not happen
                gone = entries.submit(
                    round=desk.round.code, institution=institution, asked=chosen, by=desk.user.username,
                    role=desk.role_for("entry.submit", state=e.state, body=institution), at=desk.now,
                )  # fmt: skip
                told(e, gone)
        except CannotStep as wrong:
            fault = _why_not(e, wrong)
        else:
            return desk.go("enter", f"?sent={len(gone)}", code=desk.round.code, institution=institution)
    rows = [r for _, found in rows_of(e) for r in found]
    return desk.page(
        "rounds/enter-submit.html", 422 if fault else 200, e=e, fault=fault, rows=rows,
        trail=[*e.trail, (say("entries.submit.title", desk.lang), "")],
        lacking=[r for r in rows if r.lacking], unexplained=[r for r in rows if r.lacks_note],
        goes=[r for r in rows if r.goes], chosen=chosen if posted else [r.code for r in rows if r.ready],
        receivers=[u.called for u in receivers(e)],
    )  # fmt: skip


def _why_not(e: Entering, wrong: CannotStep) -> str:
    by_code = {r.line.ask.code: r for r in e.things}
    code = str(wrong.values.get("asked", ""))
    held = by_code.get(code)
    name = thing(held.line.ask, e.lang, e.locale).name if held else code
    return say(wrong.key, e.lang, **{**wrong.values, "asked": name})


def receivers(e: Entering) -> list[User]:
    """Who reviews what a State's institutions hand over: those who answer for the whole State."""
    on = e.desk.now.date()
    own = [(u, g) for u, g in access.holdings(on=on) if g.state == e.state]
    return access.able(own, "entry.review", state=e.state, on=on)


def told(e: Entering, gone: Sequence[Cell]) -> None:
    """Tell those who review that something came."""
    about = notices.About(round=e.desk.round.code, state=e.state, institution=e.institution)
    if gone:
        notices.tell(
            to=receivers(e), kind="submitted", about=about, by=e.desk.user.username, at=e.desk.now
        )  # fmt: skip


#: The list and the pages below it; `enter/<institution>/<ask>/` comes after every word that could be a code.
patterns: list[URLPattern] = [
    path("rounds/<slug:code>/enter/<str:institution>/", sheet, name="enter"),
    path("rounds/<slug:code>/enter/<str:institution>/submit/", submit, name="enter-submit"),
    *enter_met.patterns,
]
#: Last of all: a thing asked, by its code.
last_patterns: list[URLPattern] = enter_ask.patterns
