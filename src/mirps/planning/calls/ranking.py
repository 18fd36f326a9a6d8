"""From the scores that readers gave to a ranking that explains itself. Pure, exact (no floating point).

A reader's score for a criterion is put on a scale of 0 to 100 by its highest score. A criterion's mean is
over the readers who gave it one; a proposal's total is the mean of its criteria by their weights. A score
that is missing is missing: it is never counted as nothing, and a proposal without any score for a
criterion, or read by too few, has no place and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from mirps.planning.calls.rules import Criterion

#: Totals of readers further apart than this (of 100) are shown as a difference to be talked over.
WIDE = Decimal(25)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one reader gave one proposal. A criterion that the reader could not judge is not in `scores`."""

    reader: str
    proposal: str
    scores: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Mark:
    """A proposal's scores added up; all of 100."""

    proposal: str
    total: Fraction | None
    by_criterion: Mapping[str, Fraction] = field(default_factory=dict)
    by_reader: Mapping[str, Fraction] = field(default_factory=dict)
    readers: int = 0
    lacks: str = ""  # "readers" or the code of a criterion that nobody scored
    missing: int = 0  # scores that readers left out

    @property
    def lowest(self) -> Fraction | None:
        return min(self.by_reader.values(), default=None)

    @property
    def highest(self) -> Fraction | None:
        return max(self.by_reader.values(), default=None)

    @property
    def wide(self) -> bool:
        low, high = self.lowest, self.highest
        return low is not None and high is not None and high - low > Fraction(WIDE)


@dataclass(frozen=True, slots=True)
class Place:
    """`position` None: not ranked. `broke`: the criterion by which a tie with the next one above was broken;
    `shared`: nothing tells it from others of the same position."""

    mark: Mark
    position: int | None
    broke: str = ""
    shared: bool = False


def mark(proposal: str, sheets: Iterable[Sheet], criteria: Sequence[Criterion], least: int) -> Mark:
    """The marks of one proposal by the sheets given of it; `least`: the fewest readers it needs."""
    mine = [s for s in sheets if s.proposal == proposal]
    means: dict[str, Fraction] = {}
    missing = 0
    for c in criteria:
        given = [_scaled(s.scores[c.code], c) for s in mine if c.code in s.scores]
        missing += len(mine) - len(given)
        if given:
            means[c.code] = sum(given, Fraction(0)) / len(given)
    by_reader = {s.reader: total for s in mine if (total := _total(s, criteria)) is not None}
    lacks = ""
    if len(by_reader) < least:
        lacks = "readers"
    elif unscored := [c.code for c in criteria if c.code not in means]:
        lacks = unscored[0]
    total = None if lacks else _weighted(means, criteria)
    return Mark(proposal, total, means, by_reader, len(by_reader), lacks, missing)


def rank(marks: Iterable[Mark], criteria: Sequence[Criterion]) -> list[Place]:
    """Marks in their order. Of equal totals the better in the weightiest criterion stands first, then in
    the next; those that no criterion tells apart share a position. Those without a total come last."""
    by_weight = sorted(criteria, key=lambda c: (-c.weight, c.code))
    held = list(marks)
    ranked = sorted(
        (m for m in held if m.total is not None),
        key=lambda m: (*(-x for x in _key(m, by_weight)), m.proposal),
    )
    places: list[Place] = []
    for n, m in enumerate(ranked):
        above = places[-1] if places else None
        if above and _key(m, by_weight) == _key(above.mark, by_weight):
            places[-1] = Place(above.mark, above.position, above.broke, shared=True)
            places.append(Place(m, above.position, shared=True))
            continue
        tied = above is not None and above.mark.total == m.total
        places.append(Place(m, n + 1, _breaker(above.mark, m, by_weight) if above and tied else ""))
    unranked = sorted((m for m in held if m.total is None), key=lambda m: m.proposal)
    return places + [Place(m, None) for m in unranked]


def shown(value: Fraction | None) -> Decimal | None:
    """A mark as people read it: two decimals, halves up. Only ever for showing."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the ranking alone would lead to. `why`: rank, money (nothing is left), mark (below what the call
    asks for), unranked."""

    proposal: str
    outcome: str  # selected, reserve, not-selected, undecided
    why: str


def propose(
    places: Sequence[Place], asked: Mapping[str, Decimal], total: Decimal | None, pass_mark: Decimal | None
) -> list[Proposed]:
    """Down the ranking while the money lasts. It stops at the first that no longer fits: to pass over one
    for a cheaper one below is for the committee, with its reason."""
    left, found, full = total, [], False
    for p in places:
        name = p.mark.proposal
        if p.mark.total is None:
            found.append(Proposed(name, "undecided", "unranked"))
        elif pass_mark is not None and p.mark.total < Fraction(pass_mark):
            found.append(Proposed(name, "not-selected", "mark"))
        elif full or (left is not None and asked.get(name, Decimal(0)) > left):
            full = True
            found.append(Proposed(name, "reserve", "money"))
        else:
            left = None if left is None else left - asked.get(name, Decimal(0))
            found.append(Proposed(name, "selected", "rank"))
    return found


def _scaled(score: Decimal, c: Criterion) -> Fraction:
    return Fraction(score) / Fraction(c.top) * 100


def _total(s: Sheet, criteria: Sequence[Criterion]) -> Fraction | None:
    """One reader's own total, over the criteria that they judged."""
    held = {c.code: _scaled(s.scores[c.code], c) for c in criteria if c.code in s.scores}
    return _weighted(held, [c for c in criteria if c.code in held]) if held else None


def _weighted(means: Mapping[str, Fraction], criteria: Sequence[Criterion]) -> Fraction:
    weight = sum((Fraction(c.weight) for c in criteria), Fraction(0))
    return sum((Fraction(c.weight) * means[c.code] for c in criteria), Fraction(0)) / weight


def _key(m: Mark, by_weight: Sequence[Criterion]) -> tuple[Fraction, ...]:
    assert m.total is not None
    return (m.total, *(m.by_criterion[c.code] for c in by_weight))


def _breaker(above: Mark, m: Mark, by_weight: Sequence[Criterion]) -> str:
    return next((c.code for c in by_weight if above.by_criterion[c.code] != m.by_criterion[c.code]), "")
