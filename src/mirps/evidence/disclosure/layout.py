"""How a table's columns are to be read: its dimensions with their hierarchies, and what its numbers are. Pure.

    sensitivity: children
    value: people
    dimensions:
      place: {sums: {_T: [MEX, GTM], MEX: [MEX-09, MEX-15]}}
      month: {sums: {"2024": [2024-01, 2024-02]}, also: {2024-H1: [2024-01, 2024-02]}}
      sex: {}

`{}` is a flat dimension: whatever members stand in the file, and their total `_T`. `also`: a second way of
grouping, whose totals may be totals already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.evidence.disclosure.tables import Dimension, Sum
from mirps.evidence.figures.rules import TOTAL

MOST_MEMBERS = 20_000
MOST_DIMENSIONS = 6


@dataclass(frozen=True)
class Layout:
    """`dimensions`: each by its name; None where it is flat, its members as they stand in the file."""

    dimensions: Mapping[str, Dimension | None]
    value: str = "value"
    sensitivity: str = "default"
    exempt: bool = False


def read(raw: bytes, file: str, sensitivities: Collection[str]) -> Layout:
    """Raises Faults with everything that is wrong."""
    r = Reading(file)
    given = r.parts(tree(raw, file), ("dimensions", "value", "sensitivity", "exempt"), ("dimensions",))
    found: dict[str, Dimension | None] = {}
    for name, node in r.entries(given.get("dimensions"), MOST_DIMENSIONS).items():
        found[name] = _dimension(r, name, node)
    sensitivity = r.text(given["sensitivity"]) if "sensitivity" in given else "default"
    if "sensitivity" in given:
        r.known(given["sensitivity"], sensitivity, sensitivities)
    value = r.text(given["value"]) if "value" in given else "value"
    exempt = r.yes(given.get("exempt"))
    r.end()
    return Layout(found, value, sensitivity, exempt)


def _dimension(r: Reading, name: str, node: Node) -> Dimension | None:
    parts = r.parts(node, ("sums", "also"))
    if not parts:
        return None
    members: dict[str, int] = {}
    sums: list[Sum] = []
    totals: set[str] = set()
    parents: dict[str, str] = {}
    for key in ("sums", "also"):
        given = parts.get(key)
        for total, listed in (given.keys or {} if given else {}).items():
            names = r.texts(listed)
            twice = [n for n in names if key == "sums" and n in parents]
            for n in twice:
                r.fault(listed, "table_two_totals", found=n, one=parents[n], other=total)
            if not names or len(set(names)) != len(names):
                r.fault(listed, "table_parts", found=total)
            if key == "sums":
                parents |= dict.fromkeys(names, total)
            totals.add(total)
            at = [members.setdefault(m, len(members)) for m in (total, *names)]
            sums.append(Sum(at[0], tuple(at[1:])))
    if len(members) > MOST_MEMBERS:
        r.fault(node, "table_large", most=MOST_MEMBERS)
        return None
    made = Dimension(name, tuple(members), tuple(sums))
    if circular(made):
        r.fault(node, "table_circle", found=name)
        return None
    return made


def circular(d: Dimension) -> bool:
    """Is some total, by way of its parts, a part of itself?"""
    waits = {s.total: 0 for s in d.sums}
    over: dict[int, list[int]] = {}
    for s in d.sums:
        for p in s.parts:
            if p in waits:
                over.setdefault(p, []).append(s.total)
                waits[s.total] += 1
    ready = [m for m, n in waits.items() if n == 0]
    done = 0
    while ready:
        done += 1
        for total in over.get(ready.pop(), ()):
            waits[total] -= 1
            if waits[total] == 0:
                ready.append(total)
    return done < len(waits)


def flat_over(name: str, found: Sequence[str]) -> Dimension:
    """The members as they stand, in order, and their total."""
    members = (TOTAL, *dict.fromkeys(m for m in found if m != TOTAL))
    return Dimension(name, members, (Sum(0, tuple(range(1, len(members)))),))
