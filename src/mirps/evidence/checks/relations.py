"""What must hold between quantities, and what is said when it does not.

Each verdict takes quantities as a text or the ledger states them and returns None
when they can all be true at once, or a `Breach`. Rounding and qualifiers are honoured
by reading every quantity as the interval of values that it allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from mirps.evidence.figures.rules import Qualifier

CONTRADICTION = "contradiction"
WARNING = "warning"

#: 'About' is read as five per cent either way, as the design of the checks sets it.
ABOUT = Decimal("0.05")
#: 'More than' has no upper end in language; an end is needed for arithmetic.
FAR = Decimal(10)
HUNDRED = Decimal(100)


class Interval(NamedTuple):
    """The values that a statement allows, both ends included."""

    lo: Decimal
    hi: Decimal

    def meets(self, other: Interval) -> bool:
        return self.lo <= other.hi and other.lo <= self.hi


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated value. `step` is the size of its last stated digit ('1.24 million': 10,000)."""

    value: Decimal
    unit: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    step: Decimal = Decimal(1)

    def interval(self) -> Interval:
        slack = self._slack()
        low, high = self.value - slack, self.value + slack
        if self.qualifier is Qualifier.ABOUT:
            round_to = 5 if abs(self.value) < 100 else 10
            share = (
                ABOUT if self.value % round_to == 0 or self.step != 1 else ABOUT / 5
            )  # 'some 512' is hardly rounded
            room = max(abs(self.value) * share, slack)
            return Interval(self.value - room, self.value + room)
        if self.qualifier is Qualifier.AT_LEAST:
            return Interval(low, max(abs(self.value) * FAR, high))
        if self.qualifier is Qualifier.AT_MOST:
            return Interval(min(Decimal(0), low), high)
        return Interval(low, high)

    def _slack(self) -> Decimal:
        return Decimal(0) if self.step == 1 and self.unit != "percent" else self.step / 2

    def loose(self) -> Interval:
        """As `interval`, for a computed percentage: it may have been rounded, or cut off."""
        span = self.interval()
        if self.qualifier is not Qualifier.EXACT:
            return span
        return Interval(span.lo - self.step / 2, span.hi + self.step / 2)


@dataclass(frozen=True, slots=True)
class Breach:
    """Statements that cannot all be true: what is stated, and what would follow from the rest."""

    kind: str
    severity: str
    stated: str
    expected: str
    params: Mapping[str, str] = field(default_factory=dict)


def plain(value: Decimal) -> str:
    """A value without exponent or idle zeros, at most two decimals when it is long."""
    if value != value.to_integral_value():
        value = value.quantize(Decimal("0.01")) if abs(value) >= 1 else value.quantize(Decimal("0.0001"))
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def add(parts: Sequence[Quantity]) -> Interval:
    spans = [p.interval() for p in parts]
    return Interval(sum((s.lo for s in spans), Decimal(0)), sum((s.hi for s in spans), Decimal(0)))


def parts_and_total(total: Quantity, parts: Sequence[Quantity], *, exhaustive: bool) -> Breach | None:
    """Parts above their total are impossible; below it, only an exhaustive list is at odds."""
    summed, whole = add(parts), total.interval()
    if not parts or summed.meets(whole):
        return None
    said = sum((p.value for p in parts), Decimal(0))
    params = {
        "parts": " + ".join(plain(p.value) for p in parts),
        "sum": plain(said),
        "total": plain(total.value),
    }
    if summed.lo > whole.hi:
        return Breach("parts_exceed_total", CONTRADICTION, plain(total.value), plain(said), params)
    if exhaustive:
        return Breach("parts_below_total", CONTRADICTION, plain(total.value), plain(said), params)
    return None


def shares(parts: Sequence[Quantity], *, exhaustive: bool) -> Breach | None:
    """Shares of one whole: together above 100 is impossible; an exhaustive set makes 100."""
    if len(parts) < 2:
        return None
    said = sum((p.value for p in parts), Decimal(0))
    room = sum((p.step / 2 for p in parts), Decimal(0))
    if any(p.qualifier is not Qualifier.EXACT for p in parts):
        room += said * ABOUT
    params = {"parts": " + ".join(plain(p.value) for p in parts), "sum": plain(said)}
    if said - room > HUNDRED and not any(p.qualifier is Qualifier.AT_MOST for p in parts):
        return Breach("shares_exceed_whole", CONTRADICTION, plain(said), "100", params)
    if exhaustive and said + room < HUNDRED and not any(p.qualifier is Qualifier.AT_LEAST for p in parts):
        return Breach("shares_below_whole", CONTRADICTION, plain(said), "100", params)
    return None


def bears_out(part: Quantity, base: Quantity, share: Quantity) -> bool:
    """Whether a part and its base allow the percentage."""
    p, b = part.interval(), base.interval()
    found = Interval(max(p.lo, Decimal(0)) / b.hi * HUNDRED, p.hi / max(b.lo, Decimal("0.5")) * HUNDRED)
    return found.meets(share.loose())


def share_of(part: Quantity, base: Quantity, share: Quantity) -> Breach | None:
    """A percentage stated beside its part and its base."""
    if base.value <= 0 or bears_out(part, base, share):
        return None
    expected = part.value / base.value * HUNDRED
    params = {"part": plain(part.value), "base": plain(base.value), "share": plain(share.value)}
    params["expected"] = plain(expected.quantize(Decimal("0.01")))
    return Breach("share_mismatch", CONTRADICTION, plain(share.value), params["expected"], params)


def part_of(part: Quantity, whole: Quantity) -> Breach | None:
    """'45 of the 40 participants': a part cannot be larger than its whole."""
    if part.interval().lo <= whole.interval().hi:
        return None
    params = {"parts": plain(part.value), "sum": plain(part.value), "total": plain(whole.value)}
    return Breach("parts_exceed_total", CONTRADICTION, plain(whole.value), plain(part.value), params)


def change(
    before: Quantity, after: Quantity, stated: Quantity | None = None, *, direction: int = 0
) -> Breach | None:
    """Growth against both its ends. `stated` is in percent or in the ends' own unit;
    `direction` is 1 for 'rose', -1 for 'fell', 0 when no word tells."""
    a, b = before.interval(), after.interval()
    params = {"before": plain(before.value), "after": plain(after.value)}
    moved = after.value - before.value
    if (direction > 0 and b.hi <= a.lo) or (direction < 0 and b.lo >= a.hi):
        word = "increase" if direction > 0 else "decrease"
        return Breach("direction_mismatch", CONTRADICTION, word, plain(moved), params)
    if stated is None or before.value == 0:
        return None
    sizes = [abs(y - x) for x in a for y in b]
    if stated.unit == "percent" and before.unit != "percent":
        sizes = [abs(y - x) / x * HUNDRED for x in a for y in b if x > 0]
        expected = abs(moved) / before.value * HUNDRED
        said = stated.loose()
    else:
        said = stated.interval()
        expected = abs(moved)
    low = Decimal(0) if a.meets(b) and a != b else min(sizes)
    if Interval(low, max(sizes)).meets(said):
        return None
    params |= {"stated": plain(stated.value), "expected": plain(expected.quantize(Decimal("0.01")))}
    params["sign"] = "%" if stated.unit == "percent" else ""
    return Breach("change_mismatch", CONTRADICTION, params["stated"], params["expected"], params)


def multiple(before: Quantity, after: Quantity, factor: Decimal) -> Breach | None:
    """'Doubled', 'three times as many': loose words, so a tenth either way is allowed."""
    if before.value <= 0:
        return None
    a, b = before.interval(), after.interval()
    room = Decimal("0.1")
    found = Interval(b.lo / a.hi, b.hi / max(a.lo, Decimal("0.01")))
    if found.meets(Interval(factor * (1 - room), factor * (1 + room))):
        return None
    expected = before.value * factor
    params = {"before": plain(before.value), "after": plain(after.value), "factor": plain(factor)}
    params["expected"] = plain(expected)
    return Breach("multiple_mismatch", CONTRADICTION, plain(after.value), plain(expected), params)


def cumulative(series: Sequence[Quantity]) -> Breach | None:
    """A total counted since a beginning cannot fall."""
    for earlier, later in pairwise(series):
        if later.interval().hi < earlier.interval().lo:
            params = {"before": plain(earlier.value), "after": plain(later.value)}
            return Breach("series_falls", CONTRADICTION, params["after"], params["before"], params)
    return None


def list_count(stated: Quantity, fewest: int, most: int) -> Breach | None:
    """A stated count against the items listed; an unclear list counts from `fewest` to `most`."""
    if stated.interval().meets(Interval(Decimal(fewest), Decimal(most))):
        return None
    listed = str(fewest) if fewest == most else f"{fewest}-{most}"
    params = {"stated": plain(stated.value), "listed": listed}
    return Breach("list_count", CONTRADICTION, plain(stated.value), listed, params)


def product(factors: Sequence[Quantity], total: Quantity) -> Breach | None:
    low, high, said = Decimal(1), Decimal(1), Decimal(1)
    for factor in factors:
        span = factor.interval()
        low, high, said = low * span.lo, high * span.hi, said * factor.value
    if Interval(low, high).meets(total.interval()):
        return None
    params = {"factors": " × ".join(plain(f.value) for f in factors), "product": plain(said)}
    params["total"] = plain(total.value)
    return Breach("product_mismatch", CONTRADICTION, plain(total.value), plain(said), params)


def average(total: Quantity, count: Quantity, rate: Quantity) -> Breach | None:
    """A mean against the total and the number that it is spread over."""
    if count.value <= 0:
        return None
    t, n, r = total.interval(), count.interval(), rate.interval()
    room = max(rate.step * Decimal("0.99"), rate.value * Decimal("0.01"))  # rounded, or cut off
    found = Interval(t.lo / n.hi, t.hi / max(n.lo, Decimal("0.01")))
    if found.meets(Interval(r.lo - room, r.hi + room)):
        return None
    expected = total.value / count.value
    params = {"total": plain(total.value), "count": plain(count.value), "rate": plain(rate.value)}
    params["expected"] = plain(expected)
    return Breach("rate_mismatch", CONTRADICTION, plain(rate.value), plain(expected), params)


def ratio(first: Quantity, second: Quantity, for_each: Decimal) -> Breach | None:
    """'Two girls for every boy' against how many there are of both; a tenth either way is allowed."""
    if second.value <= 0 or for_each <= 0:
        return None
    a, b = first.interval(), second.interval()
    room = for_each / 10
    if Interval(a.lo / b.hi, a.hi / max(b.lo, Decimal("0.01"))).meets(
        Interval(for_each - room, for_each + room)
    ):
        return None
    found = (first.value / second.value).quantize(Decimal("0.01"))
    params = {"first": plain(first.value), "second": plain(second.value), "stated": plain(for_each)}
    params["expected"] = plain(found)
    return Breach("ratio_mismatch", CONTRADICTION, plain(for_each), plain(found), params)


def restated(first: Quantity, again: Quantity) -> Breach | None:
    """The same thing said twice must leave a value that both allow."""
    if first.interval().meets(again.interval()):
        return None
    params = {"first": plain(first.value), "again": plain(again.value)}
    bounded = {Qualifier.AT_LEAST, Qualifier.AT_MOST}
    kind = "qualifier_mismatch" if {first.qualifier, again.qualifier} & bounded else "restated"
    return Breach(kind, CONTRADICTION, plain(again.value), plain(first.value), params)


def duration(stated: Quantity, fewest: Decimal, most: Decimal, label: str) -> Breach | None:
    """A stated length against the dates beside it, in the same unit of time."""
    if stated.interval().meets(Interval(fewest, most)):
        return None
    found = plain(fewest) if fewest == most else f"{plain(fewest)}-{plain(most)}"
    params = {"stated": plain(stated.value), "expected": found, "period": label}
    return Breach("duration_mismatch", CONTRADICTION, plain(stated.value), found, params)


def ordered(low: Quantity, high: Quantity) -> Breach | None:
    """'Between 20 and 10' has its ends reversed."""
    if low.value <= high.value:
        return None
    params = {"low": plain(low.value), "high": plain(high.value)}
    stated = f"{params['low']}-{params['high']}"
    return Breach("range_reversed", CONTRADICTION, stated, f"{params['high']}-{params['low']}", params)


def conversion(a: Quantity, a_in: Quantity, b: Quantity, b_in: Quantity) -> Breach | None:
    """Two conversions between the same currencies imply two rates; a tenth apart is too much."""
    if not (a.value and a_in.value and b.value and b_in.value):
        return None
    first, again = a.value / a_in.value, b.value / b_in.value
    if abs(first - again) <= first * Decimal("0.1"):
        return None
    params = {"first": plain(first), "again": plain(again), "units": f"{a.unit}/{a_in.unit}"}
    return Breach("conversion_mismatch", CONTRADICTION, plain(b_in.value), plain(b.value / first), params)
