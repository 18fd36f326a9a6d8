"""How alike two names are, and why: which parts agree, which are swapped, misspelt by how much.

The degree is for putting candidates in order, the reasons are for the officer who decides. Edit distances
are by rapidfuzz (optimal string alignment: a letter left out, put in, changed, or two exchanged).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Literal

from rapidfuzz.distance import OSA, JaroWinkler

from mirps.people.identity.names import Name, Part

Kind = Literal["same", "sounds", "initial", "misspelt", "swapped", "moved", "only-one", "differs"]
Side = Literal["given", "surnames"]

#: How much a part counts that sounds the same, that only its initial tells, that one name alone has.
_SOUNDS, _INITIAL, _ABSENT = 0.97, 0.8, 0.75
#: From here on two words are one word misspelt: two slips in seven letters, one in three.
_MISSPELT = 0.66


@dataclass(frozen=True, slots=True, repr=False)
class Reason:
    """One thing that speaks for or against; `wording` says it.

    `side` and `nth` (1 to 3) tell which part; `one` and `other` are the parts as written, `slips` the
    letters by which they differ.
    """

    kind: Kind
    side: Side
    nth: int
    one: str
    other: str
    slips: int = 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0 (nothing in common) to 1 (the same), and the reasons, surnames first."""

    degree: float
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=65536)
def likeness_of_words(one: str, other: str, one_sound: str, other_sound: str) -> float:
    """From 0 to 1, of two hearts (A to Z) and their sounds; the same either way round."""
    if one == other:
        return 1.0
    if one_sound == other_sound and one_sound:
        return _SOUNDS
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[:1] == other[:1] else 0.0
    by_letter = max(OSA.normalized_similarity(one, other), OSA.normalized_similarity(one_sound, other_sound))
    return min(0.96, (by_letter + JaroWinkler.similarity(*sorted((one, other)))) / 2)


def compare(one: Name, other: Name) -> Likeness:
    """Surnames are weighed half again as much as given names; the order of surnames costs little."""
    found = [_side("surnames", one.surnames, other.surnames), _side("given", one.given, other.given)]
    moved = _moved(one, other)
    weight = sum(w for _, w, _ in found)
    degree = sum(d * w for d, w, _ in found) / weight
    reasons = [reason for _, _, of_side in found for reason in of_side]
    if moved and moved[0] > degree:
        degree, reasons = moved[0], [moved[1], *(r for r in reasons if r.kind in ("same", "sounds"))]
    return Likeness(round(degree, 4), tuple(reasons))


def _side(side: Side, one: tuple[Part, ...], other: tuple[Part, ...]) -> tuple[float, float, list[Reason]]:
    """Degree, weight and reasons of the surnames or of the given names, in the best order of the parts."""
    each = 1.5 if side == "surnames" else 1.0
    short, long = sorted((one[:3], other[:3]), key=len)
    if not short:
        absent = [_reason("only-one", side, n, p, p) for n, p in enumerate(long)]
        return _ABSENT * 0.5, each * len(long) * 0.5, absent
    order = max(
        permutations(range(len(long)), len(short)),
        key=lambda o: (_agreement(short, long, o), [-n for n in o]),
    )
    swapped = list(order) != sorted(order)
    reasons = [_reason("swapped", side, 0, one[0], other[0])] if swapped and side == "surnames" else []
    reasons += [_pair(side, n, *_told(one, short[n], long[at])) for n, at in enumerate(order)]
    lone = [n for n in range(len(long)) if n not in order]
    reasons += [_reason("only-one", side, n, long[n], long[n]) for n in lone]
    degree = (_agreement(short, long, order) + _ABSENT * 0.5 * len(lone)) / (len(short) + 0.5 * len(lone))
    return degree - (0.02 if swapped else 0), each * (len(short) + 0.5 * len(lone)), reasons


def _agreement(short: tuple[Part, ...], long: tuple[Part, ...], order: tuple[int, ...]) -> float:
    return sum(_of(short[n], long[at]) for n, at in enumerate(order))


def _of(one: Part, other: Part) -> float:
    return likeness_of_words(one.heart, other.heart, one.sound, other.sound)


def _told(one: tuple[Part, ...], a: Part, b: Part) -> tuple[Part, Part]:
    """The two in the order in which the names were given."""
    return (a, b) if any(p is a for p in one) else (b, a)


def _pair(side: Side, n: int, one: Part, other: Part) -> Reason:
    degree = _of(one, other)
    if one.heart == other.heart:
        return _reason("same", side, n, one, other)
    if degree == _SOUNDS:
        return _reason("sounds", side, n, one, other)
    if one.initial or other.initial:
        return _reason("initial" if degree else "differs", side, n, one, other)
    slips = OSA.distance(one.heart, other.heart)
    return _reason("misspelt" if degree >= _MISSPELT else "differs", side, n, one, other, slips)


def _moved(one: Name, other: Name) -> tuple[float, Reason] | None:
    """A part that stands among the given names in one and among the surnames in the other."""
    mine, theirs = {p.sound for p in one.parts}, {p.sound for p in other.parts}
    crossing = [p for p in one.given if p.sound in {q.sound for q in other.surnames}]
    crossing += [p for p in one.surnames if p.sound in {q.sound for q in other.given}]
    if not crossing or len(mine & theirs) < min(2, len(mine), len(theirs)):
        return None
    shared = len(mine & theirs) / len(mine | theirs)
    return 0.95 * shared, _reason("moved", "given", 0, crossing[0], crossing[0])


def _reason(kind: Kind, side: Side, n: int, one: Part, other: Part, slips: int = 0) -> Reason:
    return Reason(kind, side, min(n, 2) + 1, one.written, other.written, slips)
