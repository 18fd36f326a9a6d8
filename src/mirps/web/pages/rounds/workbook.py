"""Workbooks: downloaded, filled in offline, uploaded, looked at, taken in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import LANGUAGES, number, say
from mirps.evidence.entries.api import given_in
from mirps.evidence.rounds.api import Due, Round, Stage
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks.api import Choice, Fate, Item, Looked, Taken
from mirps.web.jinja import moment
from mirps.web.pages.page import private
from mirps.web.pages.rounds.attachments import READERS
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import Entering, label, names, thing
from mirps.web.pages.rounds.workbook_words import made, name_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Every member of a ZIP bears this day, so that the same workbooks give the same bytes.
_DAY = (2025, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of a workbook, as the page shows it."""

    key: str
    name: str
    part: str
    place: str
    before: str
    after: str
    note: str
    version: int
    who: str


@require_safe
@at_the_door
def every(desk: Desk) -> HttpResponse:
    """The workbooks that this person may work with."""
    mine = desk.institutions("entry.write")
    states = sorted({s for s, _ in workbooks.institutions(desk.round.code) if _may_all(desk, s)})
    return desk.page(
        "rounds/workbooks.html", mine=[(s, i, desk.institution_name(i)) for s, i in mine],
        states=states, all=_may_all(desk, ""), trail=[(say("workbooks.page.all", desk.lang), "")],
    )  # fmt: skip


def _may_all(desk: Desk, state: str) -> bool:
    return any(desk.may(act, state=state) for act in ("entry.write", "watch.read", "round.setup"))


@require_safe
@at_the_door
def archive(desk: Desk, state: str, tongue: str) -> HttpResponse:
    """Every workbook of a State, or of the round (`all`), as one ZIP."""
    wanted = "" if state == "all" else state
    if not _may_all(desk, wanted):
        desk.require("entry.write", state=wanted)
    found = workbooks.institutions(desk.round.code, state=wanted)
    if not found or tongue not in LANGUAGES:
        raise Http404
    content = packed(desk.round, found, tongue, desk)
    return _file(content, f"{desk.round.code}-{state}-{tongue}.zip", "application/zip")


def packed(round: Round, institutions: Iterable[tuple[str, str]], lang: str, desk: Desk) -> bytes:
    """Whoever only hands workbooks out is given them blank: answers are their institution's and State's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for state, institution in institutions:
            own = any(desk.may(act, state=state, body=institution) for act in READERS)
            content = made(round, state, institution, lang, now=desk.now, blank=not own)
            z.writestr(zipfile.ZipInfo(name_of(round.code, institution, lang), _DAY), content)
    return out.getvalue()


@require_safe
@at_the_door
def download(desk: Desk, institution: str, tongue: str) -> HttpResponse:
    e = Entering(desk, institution)
    if tongue not in LANGUAGES:
        raise Http404
    try:
        content = made(desk.round, e.state, institution, tongue, now=desk.now)
    except LookupError:
        raise Http404 from None
    return _file(content, name_of(desk.round.code, institution, tongue), XLSX)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = private(HttpResponse(content, content_type=kind))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def one(desk: Desk, institution: str) -> HttpResponse:
    """An institution's workbook: to download, to upload, what was taken in."""
    e = Entering(desk, institution)
    if desk.request.method == "POST":
        e.require_write()
        return _uploaded(e)
    return _page(e)


def _page(e: Entering, fault: str = "", looked: Looked | None = None) -> HttpResponse:
    desk = e.desk
    held = workbooks.uploads(desk.round.code, e.institution)
    due = desk.due(Due.ENTRY, state=e.state, institution=e.institution)
    faults = [workbooks.told(f, e.lang, e.locale) for f in looked.plan.faults] if looked else []
    return desk.page(
        "rounds/workbook.html", 422 if fault or faults else 200, e=e, fault=fault, faults=faults, held=held,
        who=names(u.by for u in held), due=due, most=workbooks.MOST_BYTES // 1024 // 1024,
        open=desk.round.stage in (Stage.OPEN, Stage.CLOSED), said=_said(e, held),
        trail=[*e.trail, (say("workbooks.page.title", e.lang), "")],
    )  # fmt: skip


def _said(e: Entering, held: list[workbooks.Upload]) -> str:
    """What has just come of an upload, or nothing."""
    got = e.desk.request.GET
    if got.get("none"):
        return say("workbooks.page.nothing-kept", e.lang)
    if got.get("gone"):
        return say("workbooks.page.gone", e.lang)
    if got.get("new"):
        return say("workbooks.page.nothing-new", e.lang)
    for u in held:
        if got.get("again") == str(u.pk):
            return say("workbooks.page.again", e.lang, when=moment(u.at, e.locale))
        if got.get("taken") == str(u.pk):
            counts = {k: number(u.outcome.get(k, 0), e.locale) for k in ("written", "conflicts", "refused")}
            return say("workbooks.page.kept", e.lang, n=counts["written"], conflicts=counts["conflicts"],
                       wrong=counts["refused"])  # fmt: skip
    return ""


def _uploaded(e: Entering) -> HttpResponse:
    """Look at what was sent. What can be read is kept until it is taken in; the look has an address."""
    desk, sent = e.desk, e.desk.request.FILES.get("file")
    where = {"code": desk.round.code, "institution": e.institution}
    if sent is None or not sent.size:
        return _page(e, say("workbooks.page.choose-file", e.lang))
    content = sent.read(workbooks.MOST_BYTES + 1)
    looked = workbooks.look(
        round=desk.round, institution=e.institution, content=content, by=desk.user.username
    )
    if looked.before is not None:
        return desk.go("workbook", f"?again={looked.before.pk}", **where)
    if looked.plan.fatal:
        return _page(e, looked=looked)
    workbooks.keep(content, looked.digest, sent.name or "")
    return desk.go("workbook-check", digest=looked.digest, **where)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def check(desk: Desk, institution: str, digest: str) -> HttpResponse:
    """What a workbook would change, and taking it in."""
    e = Entering(desk, institution)
    e.require_write()
    where = {"code": desk.round.code, "institution": institution}
    if before := workbooks.taken_before(desk.round.code, institution, digest):
        return desk.go("workbook", f"?again={before.pk}", **where)
    found = workbooks.kept(digest)
    if found is None:
        return desk.go("workbook", "?gone=1", **where)
    content, name = found
    if desk.request.method == "POST":
        if desk.request.POST.get("keep") == "none":
            workbooks.drop(digest)
            return desk.go("workbook", "?none=1", **where)
        done = _taken(e, content, name)
        if done.upload is not None:
            workbooks.drop(digest)
            return desk.go("workbook", f"?{'again' if done.again else 'taken'}={done.upload.pk}", **where)
    looked = workbooks.look(round=desk.round, institution=institution, content=content, by=desk.user.username)
    if looked.plan.fatal:
        return _page(e, looked=looked)
    return _look(e, looked)


def _taken(e: Entering, content: bytes, name: str) -> Taken:
    post = e.desk.request.POST
    choices, seen = {}, {}
    for field, value in post.items():
        mark, _, key = str(field).partition("-")
        if mark == "choice" and value in list(Choice):
            choices[key] = Choice(str(value))
        elif mark == "seen" and str(value).isdecimal():
            seen[key] = int(str(value)[:9])
    return workbooks.take_in(
        round=e.desk.round.code, institution=e.institution, content=content, name=name,
        by=e.desk.user.username, at=e.desk.now, whole=post.get("keep") == "all", choices=choices, seen=seen,
    )  # fmt: skip


def _look(e: Entering, looked: Looked) -> HttpResponse:
    plan, desk = looked.plan, e.desk
    hints = workbooks.worth_a_look(plan, desk.round.code)
    counts = {f.value: len(plan.of(f)) for f in Fate} | {"wrong": len(plan.faults)}
    posted = desk.request.method == "POST"
    everyone = names(i.cell.written_by for i in plan.items)
    show = [_shown(e, i, plan.lang, everyone) for i in plan.of(Fate.WRITE)]
    return desk.page(
        "rounds/workbook-check.html", 409 if posted else 200, e=e, posted=posted, counts=counts,
        faults=[workbooks.told(f, e.lang, e.locale) for f in plan.faults], writes=show,
        conflicts=[_shown(e, i, plan.lang, everyone) for i in plan.of(Fate.CONFLICT)],
        hints=[(_shown(e, i, plan.lang, everyone), say(f"workbooks.remark.{h.key.rpartition('.')[2]}", e.lang))
               for i, h in hints],
        remarks=[(f"{r.sheet} {r.cell}".strip(), workbooks.remark(r, e.lang, e.locale)) for r in plan.remarks],
        trail=[*e.trail, (say("workbooks.page.title", e.lang), e.url("workbook")),
               (say("workbooks.page.check", e.lang), "")],
    )  # fmt: skip


def _shown(e: Entering, item: Item, lang: str, who: object) -> Shown:
    held, mine = given_in(item.cell), item.mine
    total = not item.key.partition("/")[2]
    before, after = (
        workbooks.answer(g.value, g.absence, g.qualifier, e.lang, e.locale) for g in (held, mine)
    )
    note = mine.note_es if lang == "es" else mine.note_en
    was = held.note_es if lang == "es" else held.note_en
    return Shown(
        key=item.key, name=thing(item.line.ask, e.lang, e.locale).name,
        part="" if total else label(item.line.ask, item.cell.dimensions, e.lang), place=item.place,
        before=before, after=after, note=note if note != was else "", version=item.cell.version,
        who=who.get(item.cell.written_by, ""),  # type: ignore[attr-defined]
    )  # fmt: skip


_ONE = "rounds/<slug:code>/workbook/<str:institution>/"
patterns: list[URLPattern] = [
    path("rounds/<slug:code>/workbooks/", every, name="workbooks"),
    path("rounds/<slug:code>/workbooks/<str:state>-<slug:tongue>.zip", archive, name="workbooks-zip"),
    path(_ONE, one, name="workbook"),
    path(f"{_ONE}<slug:tongue>.xlsx", download, name="workbook-file"),
    path(f"{_ONE}<slug:digest>/", check, name="workbook-check"),
]
