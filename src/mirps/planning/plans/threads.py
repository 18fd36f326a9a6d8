"""One thread from a pledge through action, indicator and money to the result, from wherever it is taken
up. Pure: a walk over what records name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Strand(IntEnum):
    """The parts of a thread in their order."""

    PLEDGE = 0
    ACTION = 1
    INDICATOR = 2
    MONEY = 3
    RESULT = 4

    @property
    def word(self) -> str:
        return self.name.lower()


#: Kinds by what they are in a thread; others take no part in one.
KINDS = {
    "instrument": Strand.PLEDGE, "paragraph": Strand.PLEDGE,
    "plan": Strand.ACTION, "node": Strand.ACTION, "agreement": Strand.ACTION,
    "framework": Strand.INDICATOR, "framework-node": Strand.INDICATOR, "indicator": Strand.INDICATOR,
    "cost": Strand.MONEY, "contribution": Strand.MONEY, "transaction": Strand.MONEY, "call": Strand.MONEY,
    "project": Strand.MONEY, "disbursement": Strand.MONEY, "portfolio": Strand.MONEY,
    "progress": Strand.RESULT, "follow-up": Strand.RESULT, "project-report": Strand.RESULT, "practice": Strand.RESULT,
    "evaluation": Strand.RESULT, "recommendation": Strand.RESULT,
}  # fmt: skip
#: Fields that do not carry a thread: what was before, or where it was copied from.
BACKWARD = frozenset({"previous", "builds-on"})
#: Fields that name what comes of a thing of the same strand, not what it serves.
FORWARD = frozenset({"projects", "calls", "leads_to"})
MOST_STEPS = 10
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True)
class Edge:
    """That `source` names `target` in a field, or stands under it (field `parent`)."""

    source: str
    target: str
    field: str


@dataclass(frozen=True, slots=True)
class Item:
    """A record in a thread: `above` are those of the thread that it hangs on."""

    key: str
    strand: Strand
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thread:
    start: str
    items: tuple[Item, ...]
    left_off: Mapping[Strand, int] = field(default_factory=dict)

    def of(self, strand: Strand) -> list[Item]:
        return [i for i in self.items if i.strand is strand]

    @property
    def gaps(self) -> tuple[Strand, ...]:
        """The strands in which nothing is linked."""
        return tuple(s for s in Strand if not self.of(s))


#: Every edge that touches one of the keys.
Edges = Callable[[Collection[str]], Iterable[Edge]]


def strand(key: str) -> Strand | None:
    return KINDS.get(key.partition("/")[0])


def directed(e: Edge) -> tuple[str, str] | None:
    """(nearer to the pledge, nearer to the result), or None for an edge that carries no thread."""
    a, b = strand(e.source), strand(e.target)
    if a is None or b is None or e.field in BACKWARD:
        return None
    # Of one strand: what names or stands under another serves it.
    return (e.source, e.target) if a < b or (a == b and e.field in FORWARD) else (e.target, e.source)


def thread(start: str, edges: Edges) -> Thread:
    """The thread through `start`: all that leads up to it from a pledge, and all that hangs on it. Taken up
    past the actions, also what hangs on the nearest action. Raises KeyError for a kind that has no part."""
    at = KINDS[start.partition("/")[0]]
    ups: dict[str, set[str]] = {}
    named = _Named({}, {})
    up = _walk({start}, edges, ups, named, upward=True)
    heads = {start}
    if at > Strand.ACTION:
        heads |= _nearest(start, ups)
    down = _walk(heads, edges, ups, named, upward=False)
    if at is Strand.PLEDGE:
        down = _answering(start, down, ups, named)
    found = {start} | up | down
    items, left = _bounded(start, found, ups)
    return Thread(start, items, left)


@dataclass(frozen=True, slots=True)
class _Named:
    """What was seen of actions on the way: the pledges that each names, and what it stands under."""

    pledges: dict[str, set[str]]
    parents: dict[str, str]

    def see(self, e: Edge) -> None:
        if strand(e.source) is Strand.ACTION and strand(e.target) is Strand.PLEDGE:
            self.pledges.setdefault(e.source, set()).add(e.target)
        elif e.field == "parent":
            self.parents[e.source] = e.target

    def nearest(self, key: str) -> set[str]:
        """The pledges that an action answers to: its own, else those of what it stands under."""
        for _ in range(MOST_STEPS):
            if self.pledges.get(key):
                return self.pledges[key]
            key = self.parents.get(key, "")
        return set()


def _answering(start: str, down: set[str], ups: Mapping[str, set[str]], named: _Named) -> set[str]:
    """What hangs on a pledge, without actions that answer to another one and what hangs on these alone: a
    wide plan answers to several pledges, and each of its narrower plans to one."""
    pledges = {start} | {k for k in down if strand(k) is Strand.PLEDGE}

    def other(key: str) -> bool:
        nearest = named.nearest(key) if strand(key) is Strand.ACTION else set()
        return bool(nearest) and not nearest & pledges

    kept, rest = {start}, {k for k in down if not other(k)}
    while reached := {k for k in rest if ups.get(k, set()) & kept}:
        kept |= reached
        rest -= reached
    return kept - {start}


def _walk(
    starts: set[str], edges: Edges, ups: dict[str, set[str]], named: _Named, *, upward: bool
) -> set[str]:
    seen, front = set(starts), set(starts)
    pledged = False
    for _ in range(MOST_STEPS):
        reached: set[str] = set()
        answered = pledged
        for e in edges(front):
            named.see(e)
            pair = directed(e)
            if pair is None:
                continue
            high, low = pair
            near, far = (low, high) if upward else (high, low)
            if near not in front:
                continue
            if upward and strand(far) is Strand.PLEDGE and strand(near) is not Strand.PLEDGE:
                if pledged:
                    continue  # a nearer pledge is known: what the wider plan answers to beside it is another thread
                answered = True
            ups.setdefault(low, set()).add(high)
            reached.add(far)
        pledged = answered
        front = reached - seen
        if not front:
            break
        seen |= front
    return seen - starts


def _nearest(start: str, ups: Mapping[str, set[str]]) -> set[str]:
    """The actions closest above."""
    front, seen = {start}, {start}
    while front:
        front = {h for k in front for h in ups.get(k, ())} - seen
        if found := {k for k in front if k.startswith("node/")} or {
            k for k in front if strand(k) is Strand.ACTION
        }:
            return found
        seen |= front
    return set()


def _bounded(
    start: str, found: set[str], ups: Mapping[str, set[str]]
) -> tuple[tuple[Item, ...], dict[Strand, int]]:
    items: list[Item] = []
    left: dict[Strand, int] = {}
    for s in Strand:
        mine = sorted((k for k in found if strand(k) is s), key=lambda k: (k != start, _far(k, ups), k))
        if len(mine) > MOST_ITEMS:
            left[s] = len(mine) - MOST_ITEMS
        items += [Item(k, s, tuple(sorted(ups.get(k, set()) & found))) for k in mine[:MOST_ITEMS]]
    return tuple(items), left


def _far(key: str, ups: Mapping[str, set[str]]) -> int:
    """How many steps of its own strand stand above it: a plan comes before its actions."""
    n, seen = 0, {key}
    front = {key}
    while front and n < MOST_STEPS:
        front = {h for k in front for h in ups.get(k, ()) if strand(h) is strand(key)} - seen
        seen |= front
        n += bool(front)
    return n
