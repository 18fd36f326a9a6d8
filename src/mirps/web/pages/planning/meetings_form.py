"""Entering a meeting or event: its agenda, participants and other dates row by row; then, under it, an
agreement or the minutes, read by whoever reads the meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import LANGUAGES, say
from mirps.planning.meetings.api import Span
from mirps.planning.records import api as records
from mirps.planning.records.api import Data, Field, Kind, Met, Record, Refused, Type
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, working
from mirps.web.pages.planning.editing import Form, Input, understood
from mirps.web.pages.planning.record import owner

ROWS = ("dates", "agenda", "participants")
#: Empty rows offered below those that are filled; how many rows there may be.
SPARE, MOST = 3, 60
#: The inputs of the form in groups: what and when, where and who.
WHAT = ("title.es", "title.en", "sort", "standing", "starts", "ends", "from", "to")
WHERE = ("audience", "hosts", "place.es", "place.en", "summary.es", "summary.en", "online")


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a row."""

    name: str
    label: str
    value: str
    lang: str = ""
    options: tuple[tuple[str, str], ...] = ()
    proposed: str = ""


class EventForm(Form):
    """The form of an event: its rows are typed cell by cell, `agenda.0.es`, and kept as its kind keeps them."""

    def __init__(self, desk: Desk, kind: Kind, data: Mapping[str, Any]) -> None:
        super().__init__(desk, kind, data)
        if self.posted:
            for name in ROWS:
                self.typed[name] = "\n".join(" | ".join(r) for r in self._posted(kind[name]) if any(r))

    def _posted(self, f: Field) -> list[list[str]]:
        """The rows as typed, empty ones too. A bar parts the cells of a row, and so cannot be in one."""
        post = self.desk.request.POST
        rows = []
        for n in range(MOST):
            if not any(f"{f.name}.{n}.{s.name}" in post for s in f.of):
                break
            cells = [" ".join(post.get(f"{f.name}.{n}.{s.name}", "")[:600].split()) for s in f.of]
            cells = [understood(s, c) for s, c in zip(f.of, cells, strict=True)]
            if any("|" in c for c in cells):
                self.faults.setdefault(f.name, say("calendar.form.fault.bar", self.desk.lang))
            rows.append([c.replace("|", "/") for c in cells])
        return rows

    def read(self) -> Data:
        data = super().read()
        starts, ends = data.get("starts", ""), data.get("ends", "")
        if starts and ends and Span(starts, ends).until != ends:
            self.faults.setdefault("ends", say("calendar.form.fault.order", self.desk.lang))
        if data.get("from") and data.get("from") == data.get("to"):
            self.faults.setdefault("to", say("calendar.form.fault.clock", self.desk.lang))
        return data

    def group(self, cells: Sequence[str]) -> list[Input]:
        made = {i.cell: i for i in self.inputs()}
        return [made[c] for c in cells]

    @property
    def rest(self) -> tuple[str, ...]:
        """What is seldom filled."""
        return tuple(c for c in records.columns(self.kind) if c not in (*WHAT, *WHERE, *ROWS))

    def rows(self, name: str) -> list[list[Cell]]:
        """What is held or was typed, and empty rows to fill."""
        f = self.kind[name]
        held = [[str(row.get(s.name, "")) for s in f.of] for row in self.held.get(name, ())]
        filled = [r for r in self._posted(f) if any(r)] if self.posted else held
        spare = SPARE * 3 if self.desk.request.POST.get("more") == name else SPARE
        filled += [[""] * len(f.of)] * spare
        return [
            [self._cell(f, s, n, v) for s, v in zip(f.of, row, strict=True)]
            for n, row in enumerate(filled[:MOST])
        ]

    def _cell(self, f: Field, s: Field, n: int, value: str) -> Cell:
        lang = self.desk.lang
        options = [(o, showing.choice(self.kind, f"{f.name}.{s.name}", o, lang)) for o in s.options]
        return Cell(
            name=f"{f.name}.{n}.{s.name}", label=showing.label(self.kind, f"{f.name}.{s.name}", lang), value=value,
            lang=s.name if s.name in ("es", "en") else "", options=tuple(options),
            proposed=self._propose(s.list) if s.type is Type.CODE else "",
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@working
def new(desk: Desk) -> HttpResponse:
    """A meeting or event that is not there yet."""
    kind = records.kinds()["event"]
    owners = desk.owners(kind)
    if not owners:
        desk.require("calendar.write")
    form = EventForm(desk, kind, {"audience": kind.audience.value})
    if form.posted and "more" not in desk.request.POST:
        state, _, body = desk.request.POST.get("_owner", "|".join(owners[0]))[:80].partition("|")
        desk.require("calendar.write", state=state, body=body)
        data = form.read()
        made = None if form.faults else _saved(desk, form, data, Place(state, body))
        if made is not None:
            return desk.go("event", code=made.code)
    return _shown(desk, form, None, owners)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a record is, what it stands under; and, of one that is changed, its code and number as seen."""

    state: str
    body: str
    parent: str = ""
    code: str = ""
    base: int = 0


def _saved(desk: Desk, form: Form, data: Data, where: Place) -> Record | None:
    """The record as written; None where it was refused, with the faults in the form. Raises Met."""
    k = form.kind
    code = where.code or form.typed.get("_code", "").strip()
    code = code or records.proposed_code(k.name, records.title(k.name, data, desk.lang), where.state)
    last = records.last_place(where.parent) if where.parent and not where.base else None
    try:
        with transaction.atomic():
            made = records.save(
                kind=k.name, code=code, data=data, base=where.base, parent=where.parent, state=where.state,
                body=where.body, place=last, by=desk.username, at=desk.now,
                role=desk.role_for(f"{k.domain}.write", state=where.state, body=where.body),
                reason=form.typed.get("_reason", "")[:500], confirmed=form.confirmed,
            )  # fmt: skip
            form.keep(made.key)
            return made
    except Refused as e:
        form.add(e.faults)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@working
def edit(desk: Desk, code: str) -> HttpResponse:
    """Change a meeting or event; what somebody else wrote meanwhile is not overwritten unseen."""
    held = desk.record("event", code)
    desk.require("calendar.write", state=held.state, body=held.body)
    form = EventForm(desk, records.kinds()["event"], {"audience": held.audience, **held.data})
    if not form.posted or "more" in desk.request.POST:
        return _shown(desk, form, held, [])
    data = form.read()
    if form.faults:
        return _shown(desk, form, held, [])
    seen = desk.request.POST.get("_base", "")
    base = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    try:
        made = _saved(
            desk, form, data, Place(held.state, held.body, code=held.code, base=base or held.number)
        )
    except Met as e:
        return _shown(
            desk, form, e.held, [], met=showing.differences(form.kind, e.held.data, e.mine, desk.lang)
        )
    return desk.go("event", code=code) if made else _shown(desk, form, held, [])


def _shown(
    desk: Desk, form: EventForm, held: Record | None, owners: list[tuple[str, str]], met: Any = ()
) -> HttpResponse:
    name = say(f"calendar.form.{'edit' if held else 'new'}", desk.lang)
    trail = [(say("calendar.title", desk.lang), desk.url("calendar"))]
    if held:
        trail.append((showing.title(desk, held), desk.url("event", code=held.code)))
    groups = {"what": form.group(WHAT), "where": form.group(WHERE), "rest": form.group(form.rest)}
    rows = {name: form.rows(name) for name in ROWS}
    return desk.page(
        "planning/event-edit.html", 409 if met else (422 if form.faults else 200), form=form, r=held, met=met,
        groups=groups, rows=rows, hints={"dates": "dates-hint", "agenda": "agenda-hint", "participants": "people-hint"},
        owners=[(f"{s}|{b}", owner(desk, s, b)) for s, b in owners], title=name, trail=[*trail, (name, "")],
        inputs=[i for g in groups.values() for i in g],
        row_faults=[(n, showing.label(form.kind, n, desk.lang), form.faults[n]) for n in ROWS if n in form.faults],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@working
def under(desk: Desk, code: str, kind: str) -> HttpResponse:
    """An agreement or minutes of a meeting. Unless its writer says otherwise, whoever reads the meeting reads
    an agreement of it; minutes of what is public are for members until somebody says that they are public."""
    if kind not in ("agreement", "minutes"):
        raise Http404
    above = desk.record("event", code)
    desk.require("calendar.write", state=above.state, body=above.body)
    k = records.kinds()[kind]
    offered = {"audience": "own" if above.audience == "own" else "members", **_offered(k, above)}
    form = Form(desk, k, offered, above.key)
    if form.posted:
        data = form.read()
        made = None if form.faults else _saved(desk, form, data, Place(above.state, above.body, above.key))
        if made is not None:
            return desk.go("event", f"#{kind}s" if kind == "agreement" else "#minutes", code=code)
    title = say(f"calendar.event.new-{kind}", desk.lang)
    return desk.page(
        "planning/record-edit.html", 422 if form.faults else 200, k=k, r=None, inputs=form.inputs(), form=form, met=(),
        owners=[], title=title, trail=[
            (say("calendar.title", desk.lang), desk.url("calendar")),
            (showing.title(desk, above), desk.url("event", code=code)), (title, ""),
        ],
    )  # fmt: skip


def _offered(k: Kind, above: Record) -> dict[str, Any]:
    """What the minutes of a meeting are called and dated unless their writer says otherwise."""
    if k.name != "minutes":
        return {}
    titles = {
        lang: say("calendar.event.minutes-of", lang, title=above.data["title"][lang])
        for lang in LANGUAGES if above.data.get("title", {}).get(lang)
    }  # fmt: skip
    return {"title": titles, "date": above.data.get("ends") or above.data.get("starts", "")}


patterns: list[URLPattern] = [
    path("planning/event-new/", new, name="event-new"),
    path("planning/event/<str:code>/edit/", edit, name="event-edit"),
    path("planning/event/<str:code>/new/<str:kind>/", under, name="event-under"),
]
