"""One thread from a pledge through action, indicator and money to the result, from wherever it is taken up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import partial_date, say
from mirps.planning.plans import api as plans
from mirps.planning.plans.api import Item, Strand, Thread
from mirps.planning.plans.threads import KINDS
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.plans import Shown, shown
from mirps.web.pages.planning.plans_board import one, shelf_of
from mirps.web.pages.planning.plans_words import Row, Words


@dataclass(frozen=True, slots=True)
class Bead:
    """A record on a thread, with those of its strand that hang on it."""

    key: str
    kind: str
    title: str
    href: str
    here: bool  # the one that the thread was taken up by
    status: str
    why: str  # what it hangs on, of other strands
    detail: str
    row: Row | None
    shown: Shown | None
    under: tuple[Bead, ...]


@dataclass(frozen=True, slots=True)
class Part:
    strand: str
    n: int
    beads: tuple[Bead, ...]
    left_off: int


@require_safe
@reading
def thread(desk: Desk, kind: str, code: str) -> HttpResponse:
    """What leads up to a record from a pledge, and what comes of it; gaps are named."""
    if kind not in KINDS:
        raise Http404
    held = desk.record(kind, code)
    drafts = desk.works_on(held)
    found = _walked(desk, held.key, drafts)
    known = _known(desk, found)
    teller = _Teller(desk, found, known)
    title = records.title(kind, known[held.key][1], desk.lang) or code
    return desk.page(
        "planning/thread.html", title=title, href=showing.address_of(held.key, desk.lang),
        parts=[teller.part(s) for s in Strand], gaps=[s.word for s in Strand if not teller.top(s)],
        kind_name=say(f"kind.{kind}.name", desk.lang),
        trail=[(say(f"kind.{kind}.many", desk.lang), desk.url("records", kind=kind)),
               (title, showing.address_of(held.key, desk.lang)), (say("plans.thread.title", desk.lang), "")],
    )  # fmt: skip


def _walked(desk: Desk, key: str, drafts: bool) -> Thread:
    """The thread through a record; that of what is in force is walked once while nothing public changes."""

    def walk() -> Thread:
        return plans.thread(key, lambda keys: plans.edges(keys, drafts=drafts))

    return walk() if drafts else shelf_of(desk).once(("thread", key), walk)


def _known(desk: Desk, found: Thread) -> dict[str, tuple[Record, dict[str, Any]]]:
    """The records of a thread that this person may know of."""
    out = {}
    for r in Record.objects.filter(pk__in=[i.key for i in found.items]).order_by("place", "key"):
        data = desk.shown(r)
        if data is not None and r.status != "withdrawn":
            out[r.key] = (r, data)
    return out


class _Teller:
    def __init__(self, desk: Desk, found: Thread, known: Mapping[str, tuple[Record, dict[str, Any]]]) -> None:
        self.desk, self.found, self.known = desk, found, known
        self.items = {i.key: i for i in found.items if i.key in known}
        self.rows = self._rows()

    def top(self, strand: Strand) -> list[Item]:
        """What of a strand hangs on nothing else of it."""
        mine = [i for i in self.items.values() if i.strand is strand]
        return [i for i in mine if not self._own(i)]

    def part(self, strand: Strand) -> Part:
        n = sum(i.strand is strand for i in self.items.values())
        beads = tuple(self._bead(i, frozenset()) for i in self.top(strand))
        return Part(strand.word, n, beads, self.found.left_off.get(strand, 0))

    def _own(self, i: Item) -> list[str]:
        return [k for k in i.above if k in self.items and self.items[k].strand is i.strand]

    def _bead(self, i: Item, seen: frozenset[str]) -> Bead:
        r, data = self.known[i.key]
        under = [
            x for x in self.items.values()
            if x.strand is i.strand and i.key in x.above and x.key not in seen | {i.key} and self._own(x)[0] == i.key
        ]  # fmt: skip
        row, shown_ = self.rows.get(i.key, (None, None))
        return Bead(
            key=i.key, kind=say(f"kind.{r.kind}.name", self.desk.lang), here=i.key == self.found.start,
            title=self._title(i.key), href=showing.address_of(i.key, self.desk.lang), row=row, shown=shown_,
            status=r.status if r.status != "published" else "", why=self._why(i), detail=self._detail(r, data),
            under=tuple(self._bead(x, seen | {i.key}) for x in sorted(under, key=lambda x: self.known[x.key][0].place)),
        )  # fmt: skip

    def _title(self, key: str) -> str:
        r, data = self.known[key]
        return records.title(r.kind, dict(data), self.desk.lang) or r.code

    def _why(self, i: Item) -> str:
        """What of the strands before it hangs on."""
        others = [k for k in i.above if k in self.items and self.items[k].strand is not i.strand]
        return ", ".join(
            f"«{self._title(k)}»" if self.desk.lang == "es" else f"'{self._title(k)}'" for k in others[:3]
        )

    def _detail(self, r: Record, data: Mapping[str, Any]) -> str:
        """An amount of money, where the record is one."""
        kind = records.kinds()[r.kind]
        for name in ("amount", "need", "agreed", "paid-amount"):
            if name in kind.by and isinstance(data.get(name), dict):
                return showing.money(data[name], self.desk.lang, self.desk.locale)
        if r.kind == "progress":
            stage = (
                say(f"kind.progress.choice.stage.{data['stage']}", self.desk.lang)
                if data.get("stage")
                else ""
            )
            day = partial_date(data["day"], self.desk.locale) if data.get("day") else ""
            return " · ".join(filter(None, (stage, day)))
        return ""

    def _rows(self) -> dict[str, tuple[Row | None, Shown | None]]:
        """How the parts of plans on the thread stand."""
        roots = {r.root for r, _ in self.known.values() if r.kind == "node"}
        out: dict[str, tuple[Row | None, Shown | None]] = {}
        words = Words(self.desk)
        for root in Record.objects.filter(pk__in=roots).order_by("key"):
            e = one(self.desk, root)
            if e is None:
                continue
            for b in e.whole.tree.walk():
                if b.node.key in self.items:
                    out[b.node.key] = (
                        words.row(e, b, lambda _: False),
                        shown(self.desk, e.judged[b.node.key]),
                    )
        return out


patterns: list[URLPattern] = [
    path("planning/thread/<str:kind>/<str:code>/", thread, name="thread"),
]
