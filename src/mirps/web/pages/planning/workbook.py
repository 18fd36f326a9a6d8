"""Records by workbook: download what there is, fill it in offline, see what would change, take it in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.workbooks import api as workbooks
from mirps.planning.records import api as records
from mirps.planning.records import sheets
from mirps.planning.records.api import Kind, Met, Record, Refused, Status
from mirps.planning.records.sheets import Fate, Held, Item, Line
from mirps.web.pages.page import private
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, working
from mirps.web.pages.planning.record import owner

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a workbook holds: everything of a kind under `root`, or of an owner."""

    kind: Kind
    root: str
    state: str
    body: str
    held: list[Record]

    @property
    def query(self) -> str:
        return f"root={self.root}" if self.root else f"owner={self.state}|{self.body}"

    def parent(self, r: Record) -> str:
        """The code of what it stands under, where that is a row too."""
        kind, _, code = r.parent.partition("/")
        return code if kind == self.kind.name and r.parent != self.root else ""


def _scope(desk: Desk, kind: str) -> Scope:
    """The scope of the address. 404 for none; Refused for one that this person may not write."""
    k = records.kinds().get(kind)
    if k is None:
        raise Http404
    root = desk.request.GET.get("root", "")
    if root:
        above = Record.objects.filter(pk=root).first()
        if above is None or not desk.may_read(above):
            raise Http404
        desk.require(f"{k.domain}.write", state=above.state, body=above.body)
        held = [r for r in Record.objects.filter(root=above.root).order_by("place", "key") if r.kind == kind]
        mine = _under(above.key, held)
        return Scope(k, root, above.state, above.body, mine)
    owners = desk.owners(k)
    state, _, body = desk.request.GET.get("owner", "|".join(owners[0]) if owners else "|").partition("|")
    desk.require(f"{k.domain}.write", state=state, body=body)
    held = list(Record.objects.filter(kind=kind, state=state, body=body).order_by("parent", "place", "key"))
    return Scope(k, "", state, body, held)


def _under(root: str, held: list[Record]) -> list[Record]:
    """What stands under `root`, each after what it stands under."""
    by_parent: dict[str, list[Record]] = {}
    for r in held:
        by_parent.setdefault(r.parent, []).append(r)
    out: list[Record] = []
    stack = list(reversed(by_parent.get(root, [])))
    while stack:
        r = stack.pop()
        out.append(r)
        stack += reversed(by_parent.get(r.key, []))
    return out


@require_safe
@working
def download(desk: Desk, kind: str) -> HttpResponse:
    s = _scope(desk, kind)
    lines = [Line(r.code, s.parent(r), r.number, records.flat(s.kind, r.data)) for r in s.held]
    columns = [*sheets.BESIDE, *records.columns(s.kind)]
    heads = {c: showing.cell_name(s.kind, c, desk.lang) for c in columns}
    hints = {f.name: hint for f in s.kind.fields if (hint := showing.hint(s.kind, f.name, desk.lang))}
    words = sheets.Words(
        say(f"kind.{kind}.many", desk.lang).capitalize(), say("record.workbook.help", desk.lang), heads, hints
    )
    options = sheets.listed(
        s.kind, lambda name: records.listed(name) if name in ("states", "sectors", "units") else ()
    )
    answer = private(HttpResponse(sheets.write(s.kind, lines, words, options), content_type=XLSX))
    name = f"{kind}-{(s.root.partition('/')[2] or s.body or s.state or 'mirps').lower()}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@working
def upload(desk: Desk, kind: str) -> HttpResponse:
    """A filled workbook: look at what it brings, then take it in; what is right of it, or nothing."""
    s = _scope(desk, kind)
    if desk.request.method != "POST":
        return _page(desk, s)
    digest = desk.request.POST.get("digest", "")
    if digest:
        kept = workbooks.kept(digest)
        if kept is None:
            return _page(desk, s, fault=say("record.workbook.gone", desk.lang))
        return _take(desk, s, kept[0], digest)
    given = desk.request.FILES.get("file")
    if given is None:
        return _page(desk, s, fault=say("record.workbook.choose", desk.lang))
    if given.size and given.size > workbooks.MOST_BYTES:
        return _page(
            desk, s, fault=say("record.workbook.large", desk.lang, most=workbooks.MOST_BYTES // 2**20)
        )
    content = given.read()
    looked = _look(desk, s, content)
    if isinstance(looked, str):
        return _page(desk, s, fault=looked)
    digest = hashlib.sha256(content).hexdigest()
    workbooks.keep(content, digest, given.name or "")
    return _page(desk, s, looked=looked, digest=digest)


@dataclass(frozen=True, slots=True)
class Looked:
    items: list[Item]
    letters: dict[str, str]

    def count(self, *fates: Fate) -> int:
        return sum(i.fate in fates for i in self.items)


def _look(desk: Desk, s: Scope, content: bytes) -> Looked | str:
    """What a file would bring; a sentence where it cannot be read at all."""
    try:
        sheet = sheets.read(content, s.kind)
    except workbooks.Unreadable as e:
        told = workbooks.told(e.faults[0], desk.lang, desk.locale)
        return f"{told.why} {told.do}"
    held = {r.code: Held(r.number, r.data, s.parent(r), r.status != Status.SUBMITTED) for r in s.held}
    known = records.known(
        lambda text: texts.read_number(text, desk.locale) if not _canonical(text) else _decimal(text)
    )
    items = sheets.planned(s.kind, sheet, held, known, lambda data: records.faults_of(s.kind, data))
    return Looked(items, sheet.letters)


def _canonical(text: str) -> bool:
    """Whether a number stands as a workbook's own cells hold it: digits and at most one point."""
    bare = text.removeprefix("-")
    return bare.replace(".", "", 1).isdecimal() and "." not in bare[-4:-3]


def _decimal(text: str):  # type: ignore[no-untyped-def]
    from decimal import Decimal

    return Decimal(text)


def _take(desk: Desk, s: Scope, content: bytes, digest: str) -> HttpResponse:
    looked = _look(desk, s, content)
    if isinstance(looked, str):
        return _page(desk, s, fault=looked)
    if desk.request.POST.get("way") == "all" and looked.count(Fate.WRONG, Fate.MET, Fate.CLOSED):
        return _page(desk, s, looked=looked, digest=digest, fault=say("record.workbook.not-all", desk.lang))
    try:
        with transaction.atomic():
            done = records.take(
                kind=s.kind.name, items=looked.items, root=s.root, state=s.state, body=s.body,
                by=desk.username, at=desk.now,
                role=desk.role_for(f"{s.kind.domain}.write", state=s.state, body=s.body),
            )  # fmt: skip
            desk.followed(s.kind.name)
    except Refused as e:
        return _page(desk, s, fault=showing.fault_words(s.kind, e.faults[0], desk.lang))
    except Met:
        return _page(
            desk,
            s,
            looked=_looked_again(desk, s, content),
            digest=digest,
            fault=say("record.met.act", desk.lang),
        )
    workbooks.drop(digest)
    return _page(desk, _scope(desk, s.kind.name), done=len(done))


def _looked_again(desk: Desk, s: Scope, content: bytes) -> Looked | None:
    found = _look(desk, _scope(desk, s.kind.name), content)
    return None if isinstance(found, str) else found


def _page(
    desk: Desk, s: Scope, *, fault: str = "", looked: Looked | None = None, digest: str = "", done: int | None = None
) -> HttpResponse:  # fmt: skip
    faults = []
    for i in looked.items if looked else ():
        for f in i.faults:
            cell = f"{looked.letters.get(f.cell, '')}{i.row.at}" if looked else ""
            typed = i.row.cells.get(f.cell, "") if f.cell != "code" else i.row.code
            name = showing.cell_name(s.kind, f.cell, desk.lang) if f.cell else ""
            faults.append((cell, name, typed, showing.fault_words(s.kind, f, desk.lang)))
    return desk.page(
        "planning/workbook.html", 422 if fault else 200, s=s, fault=fault, looked=looked, faults=faults, digest=digest,
        done=done, fates=Fate, whose=owner(desk, s.state, s.body),
        trail=[(say(f"kind.{s.kind.name}.many", desk.lang), desk.url("records", kind=s.kind.name)),
               (say("record.workbook.title", desk.lang), "")],
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/records/<str:kind>/workbook/", upload, name="records-workbook"),
    path("planning/records/<str:kind>/workbook/download/", download, name="records-workbook-file"),
]
