"""How wholes fall into parts: areas, population classes and the members of dimensions.

Read from data/codelists. Members that stand beside each other in a code list exclude each
other; a member that overlaps its siblings has a `parent`, or a code that joins theirs
(`HND_CUB_HTI`: the three together).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import combinations, product

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.rules import ABSENCES, TOTAL, canonical_dimensions, parse_dimensions

#: In the column `together` of populations.csv: a class of several, of which the source does not tell which.
UNTOLD = "*"


@dataclass(frozen=True, slots=True)
class Split:
    """One way that a whole falls into parts.

    `needed` are the parts that together make the whole; empty when the list may be incomplete.
    `parts` holds these and whatever else may stand beside them (unknown, suppressed).
    """

    axis: str
    whole: str
    parts: tuple[str, ...]
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    parent: str = ""
    exhaustive_set: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What the code lists say of parts and wholes. Empty lists mean that nothing is known.

    `feeds` names the flow by which alone a stock rises, where its code does not say so
    (`x-cumulative` rises by `x`).
    """

    states: tuple[Split, ...] = ()
    populations: tuple[Split, ...] = ()
    dimensions: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    unit_kinds: Mapping[str, str] = field(default_factory=dict)
    known_from: Mapping[str, date] = field(default_factory=dict)
    feeds: Mapping[str, str] = field(default_factory=dict)


@cache
def own() -> Hierarchy:
    """The hierarchy of this installation's code lists."""
    classes = codelists.populations().values()
    stocks = codelists.rows(codelists.data_folder() / "codelists" / "stocks.csv")
    return Hierarchy(
        states=tuple(
            _areas({c.code: (c.extra["kind"], c.extra["parent"]) for c in codelists.states().values()})
        ),
        populations=tuple(
            _populations(
                {c.code: c.extra["parent"] for c in classes},
                {c.code: _counted(c.extra["together"]) for c in classes if c.extra["together"]},
            )
        ),
        dimensions={
            k: members((c.code, c.extra) for c in v.values()) for k, v in codelists.dimensions().items()
        },
        unit_kinds={c.code: c.extra["kind"] for c in codelists.units().values()},
        known_from={
            code: date.fromisoformat(row["known_from"])
            for code, row in codelists.documents().items()
            if row["known_from"]
        },
        feeds={row["stock"]: row["fed_by"] for _, row in stocks},
    )


def members(codes: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, Member]:
    """A dimension's members from its code list (columns parent and exhaustive_set)."""
    listed = dict(codes)
    return {
        code: Member(
            parent=extra.get("parent", ""),
            exhaustive_set=extra.get("exhaustive_set", ""),
            joined=not extra.get("parent") and sum(p in listed for p in code.split("_")) > 1,
        )
        for code, extra in listed.items()
    }


def _areas(listed: Mapping[str, tuple[str, str]]) -> Iterator[Split]:
    """Each area against its States together, and against each area inside it alone."""
    for area, (kind, _) in listed.items():
        if kind != "area":
            continue
        states = tuple(s for s, (k, _) in listed.items() if k == "state" and area in _above(s, listed))
        if states:
            direct = all(listed[s][1] == area for s in states)
            yield Split("state", area, states, frozenset(states) if direct else frozenset())
        for inner, (k, parent) in listed.items():
            if k == "area" and parent == area:
                yield Split("state", area, (inner,))


def _above(code: str, listed: Mapping[str, tuple[str, str]]) -> list[str]:
    out: list[str] = []
    while (code := listed[code][1]) and code in listed and code not in out:
        out.append(code)
    return out


def _counted(together: str) -> tuple[str, ...]:
    """The classes that a class counts together, none when no source tells which."""
    return tuple(code for code in together.split() if code != UNTOLD)


def _populations(parents: Mapping[str, str], together: Mapping[str, tuple[str, ...]]) -> Iterator[Split]:
    """Each class against those one and two steps below it. Classes counted together stand apart."""
    for whole in parents:
        below = [c for c, p in parents.items() if p == whole and c not in together]
        if below:
            yield Split("population", whole, tuple(below))
        deeper = [
            d for c in below for d in ([x for x, p in parents.items() if p == c and x not in together] or [c])
        ]
        if deeper != below:
            yield Split("population", whole, tuple(deeper))
    for code, counted in together.items():
        if code in parents and counted:
            yield Split("population", code, counted, frozenset(counted))
            if parents[code]:
                yield Split("population", parents[code], (code,))


def dimension_splits(
    texts: Iterable[str], known: Mapping[str, Mapping[str, Member]], *, whole_stated: bool = True
) -> list[Split]:
    """The ways in which the stated sets of members split one another, simplest first.

    `texts` are canonical `key=member` sets. A split over one dimension comes before one over
    two (`age=0-17;sex=F` and its like against the total over both).
    """
    stated = {t: parse_dimensions(t) for t in texts}
    found: dict[tuple[str, tuple[tuple[str, str, str], ...]], list[str]] = {}
    for text, pairs in stated.items():
        for size in range(1, min(len(pairs), 4) + 1):
            for keys in combinations(sorted(pairs), size):
                for whole, levels in _wholes(pairs, keys, known):
                    if not whole_stated or whole in stated:
                        found.setdefault((whole, levels), []).append(text)
    splits = []
    for (whole, levels), parts in found.items():
        needed = _needed(parse_dimensions(whole), levels, known)
        complete = bool(needed) and needed <= set(parts)
        axis = ";".join(key for key, _, _ in levels)
        splits.append(Split(axis, whole, tuple(sorted(parts)), needed if complete else frozenset()))
    return sorted(splits, key=lambda s: (s.axis.count(";"), s.whole, s.axis, s.parts))


def _wholes(
    pairs: Mapping[str, str], keys: tuple[str, ...], known: Mapping[str, Mapping[str, Member]]
) -> Iterator[tuple[str, tuple[tuple[str, str, str], ...]]]:
    """What `pairs` is a part of along `keys`: the whole, and (key, parent, set) for each key."""
    options: list[list[tuple[str, str, str]]] = []
    for key in keys:
        listed = known.get(key, {})
        member = listed.get(pairs[key], Member())
        if member.joined:
            return
        if pairs[key] in ABSENCES:  # people of an unknown member stand beside every top-level set
            sets = {m.exhaustive_set for m in listed.values() if not m.parent} or {""}
            options.append([(key, "", s) for s in sorted(sets)])
        else:
            options.append([(key, member.parent, member.exhaustive_set)])
    for levels in product(*options):
        whole = dict(pairs) | {key: parent or TOTAL for key, parent, _ in levels}
        yield canonical_dimensions(whole), tuple(levels)


def _needed(
    whole: Mapping[str, str],
    levels: tuple[tuple[str, str, str], ...],
    known: Mapping[str, Mapping[str, Member]],
) -> frozenset[str]:
    """Every part of an exhaustive split, or nothing when one of its dimensions is not exhaustive."""
    choices: list[list[tuple[str, str]]] = []
    for key, parent, set_ in levels:
        codes = [c for c, m in known.get(key, {}).items() if m.exhaustive_set == set_ and m.parent == parent]
        if not set_ or not codes:
            return frozenset()
        choices.append([(key, c) for c in codes])
    return frozenset(canonical_dimensions(dict(whole) | dict(combo)) for combo in product(*choices))
