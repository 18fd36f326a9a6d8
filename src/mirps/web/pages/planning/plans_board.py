"""Plans as they stand today, judged once and kept until something of them changes: the plan itself, a figure
of a measure that it stands on, or the day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Entry
from mirps.planning.plans import api as plans
from mirps.planning.plans.api import Computed, Gauge, Judged, Lack, Node, Sight, Stamp, Whole
from mirps.planning.records.api import Record, end_of
from mirps.sharing.portal import queries as portal
from mirps.sharing.portal.shelf import Shelf
from mirps.web.pages.planning.door import Desk

Named = tuple[frozenset[str], frozenset[str]]


@dataclass
class Evaluated:
    """A plan, how each part stands, and what each part lacks."""

    whole: Whole
    judged: Mapping[str, Judged]
    named: Named = field(default=(frozenset(), frozenset()))

    @cached_property
    def lacks(self) -> dict[str, Lack]:
        measured, paid = self.named
        tree, owners = self.whole.tree, self.whole.plan.owners
        return {
            b.node.key: plans.lacking(tree, b.node, plan_owners=owners, measured=measured, paid=paid)
            for b in tree.walk()
        }

    @cached_property
    def lists(self) -> dict[str, list[Node]]:
        """The parts that are late, what was due first first, and those that lack an indicator, an owner or money."""
        nodes = self.whole.tree.nodes
        late = [
            b.node
            for b in self.whole.tree.walk()
            if (light := self.judged[b.node.key].light) is not None and light.late
        ]
        found = {"late": sorted(late, key=lambda n: (self._due(n), n.key))}
        for what in ("indicator", "owner", "money"):
            found[what] = [nodes[k] for k, lack in self.lacks.items() if getattr(lack, what)]
        return found

    @cached_property
    def answering(self) -> dict[str, dict[str, list[Node]]]:
        """The same, by who answers for a part: whom it names, else what it stands under, else the plan."""
        out: dict[str, dict[str, list[Node]]] = {}
        for what, nodes in self.lists.items():
            by = out.setdefault(what, {})
            for n in nodes:
                for code in self._who(n):
                    by.setdefault(code, []).append(n)
        return out

    def _who(self, n: Node) -> tuple[str, ...]:
        for x in (n, *self.whole.tree.above(n.key)):
            if x.institutions or x.bodies:
                return (*x.institutions, *x.bodies)
        return self.whole.plan.owners

    @cached_property
    def due(self) -> dict[str, date]:
        """When each late part had to be done."""
        return {n.key: self._due(n) for n in self.lists["late"]}

    def _due(self, n: Node) -> date:
        """By its own date, or that of what it stands in."""
        above = (n, *self.whole.tree.above(n.key))
        return next((x.due for x in above if x.due), self.whole.plan.due or date.max)


@dataclass
class _Kept:
    stamp: Stamp
    today: date
    token: str
    groups: tuple[object, ...]  # of the ledger, one a measure: the same objects while nothing of them changed
    made: Evaluated


_lock = threading.Lock()
_kept: dict[tuple[str, bool], _Kept] = {}
_named: dict[bool, tuple[str, Named]] = {}
_sight: tuple[Shelf, Sight] | None = None


def forget() -> None:
    """Throw away what is kept (a test's database is not the next one's)."""
    global _sight
    _kept.clear()
    _named.clear()
    _sight = None


def shelf_of(desk: Desk) -> Shelf:
    return portal.shelf(desk.now, getattr(desk.request, "ledger_token", ""))


def today_of(desk: Desk) -> date:
    return desk.now.date()


def one(desk: Desk, record: Record) -> Evaluated | None:
    """A plan as this person may know of it; None for one that is not in force and not theirs."""
    return next(iter(_evaluated(desk, [record])), None)


def every(desk: Desk) -> list[Evaluated]:
    """Every plan that this person may know of."""
    found = Record.objects.filter(kind="plan").order_by("place", "key")
    return _evaluated(desk, list(found.defer("data", "words_es", "words_en")))


def _evaluated(desk: Desk, found: Iterable[Record]) -> list[Evaluated]:
    shelf, today = shelf_of(desk), today_of(desk)
    wanted = [(r.key, desk.works_on(r)) for r in found if desk.may_read(r)]
    fresh = {w: k.made for w in wanted if (k := _kept.get(w)) is not None and _holds(k, w, shelf, today)}
    old = [w for w in wanted if w not in fresh]
    stamps = plans.stamps([root for root, _ in old]) if old else {}
    out = []
    for w in wanted:
        made = fresh.get(w) or _again(w, stamps.get(w[0]), shelf, today)
        if made is not None:
            named = _named_by(w[1], shelf.token)
            if made.named is not named:
                made = Evaluated(made.whole, made.judged, named)
                if (kept := _kept.get(w)) is not None:
                    kept.made = made
            out.append(made)
    return out


def _holds(k: _Kept, wanted: tuple[str, bool], shelf: Shelf, today: date) -> bool:
    """Whether what is kept is known to hold without asking: nothing public changed, and it has no drafts."""
    return k.token == shelf.token and k.today == today and not wanted[1]


def _again(wanted: tuple[str, bool], stamp: Stamp | None, shelf: Shelf, today: date) -> Evaluated | None:
    if stamp is None:
        return None
    kept = _kept.get(wanted)
    if kept is not None and kept.stamp == stamp and kept.today == today:
        groups = _groups(kept.made.whole, shelf)
        if len(groups) == len(kept.groups) and all(a is b for a, b in zip(groups, kept.groups, strict=True)):
            kept.token = shelf.token
            return kept.made
    whole = plans.whole(wanted[0], drafts=wanted[1])
    if whole is None:
        return None
    made = Evaluated(whole, judge(whole, shelf, today))
    with _lock:
        _kept[wanted] = _Kept(stamp, today, shelf.token, _groups(whole, shelf), made)
    return made


def _groups(whole: Whole, shelf: Shelf) -> tuple[object, ...]:
    """What of the ledger a plan stands on, as objects that stay the same while nothing of them changes."""
    measures = [shelf.by_measure.get(m) for m in sorted(whole.measures)]
    return (*measures, *(shelf.public.get(i) for i in sorted(whole.figures)))


def judge(whole: Whole, shelf: Shelf, today: date) -> dict[str, Judged]:
    """How the parts of a plan stand. What was looked up of one version of the ledger serves the next plan."""
    global _sight
    if _sight is None or _sight[0] is not shelf:
        _sight = (shelf, sight(lambda m: shelf.by_measure.get(m, ()), shelf.public.get))
    return plans.judged(whole, today, _sight[1])


def sight(ledger: Callable[[str], Iterable[Entry]], entry: Callable[[str], Entry | None]) -> Sight:
    """The ledger as plans are judged by it."""

    def indicator(g: Gauge, state: str, on: date) -> Computed | None:
        return plans.indicator(g.data, state, ledger, entry, on)

    return Sight(ledger, entry, figures.measures(), indicator)


def on_day(desk: Desk, record: Record, on: date) -> Evaluated | None:
    """A plan as it was in force, and as figures were known, at the end of a day; for a day to come, as it
    will stand if nothing more is said."""
    if on <= today_of(desk):
        return as_known(desk, record, on)
    e = one(desk, record)
    return None if e is None else Evaluated(e.whole, judge(e.whole, shelf_of(desk), on), e.named)


def as_known(desk: Desk, record: Record, on: date) -> Evaluated | None:
    """A plan as it was in force, and as figures were known, at the end of a day."""
    at = end_of(on)
    whole = plans.whole(record.key, drafts=desk.works_on(record), at=at)
    if whole is None:
        return None
    shelf = shelf_of(desk)
    known = {i: e for i, e in shelf.public.items() if e.figure.known_at is None or e.figure.known_at <= at}
    groups: dict[str, list[Entry]] = {}
    for e in known.values():
        if e.figure.measure in whole.measures and e.superseded_by not in known:
            groups.setdefault(e.figure.measure, []).append(e)

    judged = plans.judged(whole, on, sight(lambda m: groups.get(m, ()), known.get))
    return Evaluated(whole, judged)


def _named_by(drafts: bool, token: str) -> Named:
    """What indicators and money name. The same object is kept while it says the same."""
    kept = _named.get(drafts)
    if kept is not None and kept[0] == token and not drafts:
        return kept[1]
    measured, paid = plans.named_by(public=not drafts)
    found: Named = (frozenset(measured), frozenset(paid))
    if kept is not None and kept[1] == found:
        found = kept[1]
    _named[drafts] = (token, found)
    return found
