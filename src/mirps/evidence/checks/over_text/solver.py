"""Whether a number follows from the others of its passage by some plain arithmetic.

The relations of a passage are read loosely and then checked charitably: a result that any sum,
difference, product, quotient or percentage of the other numbers gives is never called wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks.reading.mentions import Mention

#: So many numbers are combined; of more than `TOO_MANY` some combination gives nearly anything.
MOST = 8
TOO_MANY = 14
#: Factors that nobody needs to state: twice, months of a year, per cent, thousands.
_KNOWN = tuple(Decimal(n) for n in (2, 12, 100, 1000))


def near(a: Decimal, b: Decimal, step: Decimal = Decimal(1)) -> bool:
    """Equal but for rounding: half the last stated digit, or half a per cent of a product."""
    return abs(a - b) <= max(step / 2 if step != 1 else Decimal(0), abs(b) / 1000)


def explained(stated: Mention, others: Iterable[Mention], *, loose: bool = True) -> bool:
    """Whether the stated value is a sum, difference, product, quotient or share of the others."""
    values = [m.value for m in others if m.value > 0]
    if len(values) > TOO_MANY:
        return True
    values = values[:MOST]
    return any(near(found, stated.value, stated.step) for found in results(values, loose=loose))


def results(values: Sequence[Decimal], *, loose: bool = True) -> Iterable[Decimal]:
    """What plain arithmetic makes of some numbers; when `loose`, with factors that nobody needs to state."""
    values = [v for v in values if v]
    for size in range(2, min(len(values), 7) + 1):
        for group in combinations(values, size):
            total = sum(group, Decimal(0))
            yield total
            yield 2 * max(group) - total  # the largest less the rest
            yield total / size
    for a, b in combinations(values, 2):
        low, high = sorted((a, b))
        yield a * b
        yield high / low
        yield low / high * 100
        yield high / low * 100
        yield (high - low) / low * 100
        yield (high - low) / high * 100
        yield a * b / 100
    for a, b, c in combinations(values, 3):
        yield a * b * c
        for x, y, z in ((a, b, c), (a, c, b), (b, c, a)):
            yield x * y + z
            yield x * y - z
            yield x * y / z
            yield (x + y) * z
            yield abs(x - y) * z
    for a, b, c, d in combinations(values[:7], 4):
        yield from (a * b + c * d, a * c + b * d, a * d + b * c)
    for a in values if loose else ():
        for n in _KNOWN:
            yield a * n
            yield a / n
