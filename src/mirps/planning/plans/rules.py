"""A plan as a tree: what stands under what, in which order, and how a part is moved. Pure.

Levels and their order are those of the Regional Action Plans (priority, objective, action, result) and of
the workplans and strategies that the reports tell of (output, deliverable, activity).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from mirps.base.refusal import Refusal

LEVELS = ("pillar", "priority", "objective", "action", "result", "output", "deliverable", "activity")
#: What is usually put under a level.
NEXT = {
    "": "objective", "pillar": "objective", "priority": "objective", "objective": "action", "action": "activity",
    "result": "output", "output": "activity", "deliverable": "activity", "activity": "activity",
}  # fmt: skip
#: Levels that say what is to be reached, and so need something that measures them.
MEASURED = frozenset({"objective", "result", "output", "deliverable"})
#: Levels that say what is to be done, and so cost something.
COSTED = frozenset({"action", "output", "deliverable", "activity"})
MOST_DEPTH = 9


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a plan. `starts` is the first day of what is written, `due` the last (2024-12: 31 December)."""

    key: str
    parent: str
    level: str
    title: Mapping[str, str]
    place: int = 0
    number: str = ""
    starts: date | None = None
    due: date | None = None
    institutions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    series: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    status: str = ""
    base: int = 0  # the number of its last change

    def called(self, lang: str) -> str:
        return self.title.get(lang) or self.title.get("en" if lang == "es" else "es") or ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with where it stands: how deep, under which number, and what stands under it."""

    node: Node
    depth: int
    number: str
    under: tuple[Branch, ...]

    def walk(self) -> Iterator[Branch]:
        yield self
        for b in self.under:
            yield from b.walk()


@dataclass(frozen=True)
class Tree:
    """The nodes of one plan. A node whose parent is not among them (withdrawn, not in force) is left out
    with all under it, and named in `lost`."""

    root: str
    nodes: Mapping[str, Node]
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: str, nodes: Iterable[Node]) -> Tree:
        held = {n.key: n for n in nodes}
        under: dict[str, list[Node]] = {}
        for n in held.values():
            under.setdefault(n.parent, []).append(n)
        children = {
            parent: tuple(n.key for n in sorted(found, key=lambda n: (n.place, n.key)))
            for parent, found in under.items()
        }
        return cls(root, held, children)

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        numbered = any(n.number for n in self.nodes.values())
        return self._under(self.root, 0, "", numbered)

    def _under(self, key: str, depth: int, prefix: str, numbered: bool) -> tuple[Branch, ...]:
        out = []
        for i, k in enumerate(self.children.get(key, ()), start=1):
            n = self.nodes[k]
            number = n.number if numbered else f"{prefix}{i}"
            out.append(Branch(n, depth, number, self._under(k, depth + 1, f"{number}.", numbered)))
        return tuple(out)

    def walk(self) -> Iterator[Branch]:
        """Every node from top to bottom, as it is read."""
        for b in self.branches:
            yield from b.walk()

    @cached_property
    def lost(self) -> tuple[str, ...]:
        reached = {b.node.key for b in self.walk()}
        return tuple(k for k in self.nodes if k not in reached)

    def above(self, key: str) -> list[Node]:
        """What a node stands under, nearest first."""
        out: list[Node] = []
        while (n := self.nodes.get(key)) is not None and n.parent in self.nodes and len(out) <= MOST_DEPTH:
            out.append(self.nodes[n.parent])
            key = n.parent
        return out

    def beneath(self, key: str) -> set[str]:
        """Everything under a node."""
        found: set[str] = set()
        stack = [key]
        while stack:
            for k in self.children.get(stack.pop(), ()):
                if k not in found:
                    found.add(k)
                    stack.append(k)
        return found

    def depth(self, key: str) -> int:
        return 0 if key == self.root else len(self.above(key)) + 1


class Way(StrEnum):
    UP = "up"
    DOWN = "down"
    IN = "in"  # under the one before it
    OUT = "out"  # beside what it stands under, after it


@dataclass(frozen=True, slots=True)
class Move:
    """Where a node goes: its parent, and the order of all that then stands there."""

    parent: str
    order: tuple[str, ...]


class CannotMove(Refusal):
    """A node that cannot go there; `key` is that of the sentence that says why."""


def moved(tree: Tree, key: str, way: Way) -> Move:
    """One step. Raises CannotMove."""
    node = tree.nodes[key]
    beside = list(tree.children[node.parent])
    at = beside.index(key)
    if way in (Way.UP, Way.DOWN):
        to = at + (1 if way is Way.DOWN else -1)
        if not 0 <= to < len(beside):
            raise CannotMove("plans.move.first" if way is Way.UP else "plans.move.last")
        beside[at], beside[to] = beside[to], beside[at]
        return Move(node.parent, tuple(beside))
    if way is Way.IN:
        if at == 0:
            raise CannotMove("plans.move.nothing-before")
        return placed(tree, key, beside[at - 1])
    if node.parent not in tree.nodes:
        raise CannotMove("plans.move.top")
    return placed(tree, key, tree.nodes[node.parent].parent, after=node.parent)


def placed(tree: Tree, key: str, parent: str, after: str | None = None) -> Move:
    """Under `parent`, after one of its children (None: at the end; "": first). Raises CannotMove."""
    if parent != tree.root and parent not in tree.nodes:
        raise CannotMove("plans.move.unknown")
    if parent == key or parent in tree.beneath(key):
        raise CannotMove("plans.move.itself")
    if tree.depth(parent) + _height(tree, key) > MOST_DEPTH:
        raise CannotMove("plans.move.deep")
    beside = [k for k in tree.children.get(parent, ()) if k != key]
    at = len(beside) if after is None else (beside.index(after) + 1 if after in beside else 0)
    beside.insert(at, key)
    return Move(parent, tuple(beside))


def _height(tree: Tree, key: str) -> int:
    return 1 + max((_height(tree, k) for k in tree.children.get(key, ())), default=0)


def next_code(plan: str, taken: Iterable[str], level: str) -> str:
    """A code that none has yet: `<plan>.<first letter of the level><n>`."""
    held = set(taken)
    mark = "t" if level == "activity" else level[:1]
    n = 1 + sum(1 for c in held if c.startswith(f"{plan}.{mark}"))
    while f"{plan}.{mark}{n}" in held:
        n += 1
    return f"{plan}.{mark}{n}"


@dataclass(frozen=True, slots=True)
class Lack:
    """What a node should have and does not."""

    indicator: bool = False
    owner: bool = False
    money: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(n for n in ("indicator", "owner", "money") if getattr(self, n))


def lacking(
    tree: Tree, node: Node, *, plan_owners: Sequence[str], measured: AbstractSet[str] = frozenset(),
    paid: AbstractSet[str] = frozenset(),
) -> Lack:  # fmt: skip
    """What a node lacks. An owner is also who answers for what stands above it, or for the plan; money
    also what is given for what stands above it. `measured` and `paid` are keys of nodes that indicators
    and costs, contributions or projects name."""
    line = (node, *tree.above(node.key))
    return Lack(
        indicator=node.level in MEASURED and not (node.indicators or node.series or node.key in measured),
        owner=not (plan_owners or any(n.institutions or n.bodies for n in line)),
        money=node.level in COSTED and not any(n.key in paid for n in line),
    )
