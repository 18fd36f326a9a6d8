"""Relations that the data declare: what must hold between figures that no code list ties together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.parts import finding
from mirps.evidence.checks.over_ledger.rows import Rows
from mirps.evidence.checks.relations import (
    CONTRADICTION,
    Breach,
    Interval,
    Quantity,
    list_count,
    parts_and_total,
    plain,
    product,
    restated,
    share_of,
)
from mirps.evidence.figures.package import Relation
from mirps.evidence.figures.rules import Qualifier

Verdict = Callable[[Quantity, Sequence[Quantity], dict[str, str]], Breach | None]


def check_declared(rows: Rows, relations: Sequence[Relation]) -> Iterator[LedgerFinding]:
    """Each relation whose figures are all stated. A superseded figure is read as its successor.

    `params` are `key=value` pairs joined by `;`: `listed=7` (count: how many items the text lists),
    `exhaustive=no` (sum: the parts may leave something out), `read=literal`.
    """
    for relation in relations:
        found = [rows.find(id_) for id_ in (relation.left, *relation.right)]
        figures = [row for row in found if row is not None and rows.columns["value"][row]]
        if len(figures) < len(found) or relation.kind not in VERDICTS:
            continue
        params = dict(p.partition("=")[::2] for p in relation.params.replace(";", " ").split() if "=" in p)
        left, *right = (_read(rows.quantity(row), params) for row in figures)
        if breach := VERDICTS[relation.kind](left, right, params):
            yield finding(rows, breach, figures, relation=relation.id)


def _read(quantity: Quantity, params: dict[str, str]) -> Quantity:
    """With `read=literal`, 'about' and the like are said of a number that was set, and it is taken as written."""
    return replace(quantity, qualifier=Qualifier.EXACT) if params.get("read") == "literal" else quantity


def _sum(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    return parts_and_total(left, right, exhaustive=params.get("exhaustive") != "no")


def _product(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    return product(right, left)


def _count(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    listed = int(params.get("listed") or len(right))
    return list_count(left, listed, listed)


def _same(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    return next((b for r in right if (b := restated(left, r))), None)


def _share(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    if len(right) != 2:
        return None
    base, part = right
    return share_of(part, base, left)


def _at_most(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    for limit in right:
        if left.interval().lo > limit.interval().hi:
            stated, most = plain(left.value), plain(limit.value)
            return Breach("above_limit", CONTRADICTION, stated, most, {"stated": stated, "limit": most})
    return None


def _difference(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    if len(right) != 2:
        return None
    a, b = (r.interval() for r in right)
    if Interval(a.lo - b.hi, a.hi - b.lo).meets(left.interval()):
        return None
    stated, expected = plain(left.value), plain(right[0].value - right[1].value)
    values = {
        "stated": stated,
        "expected": expected,
        "first": plain(right[0].value),
        "again": plain(right[1].value),
    }
    return Breach("difference_mismatch", CONTRADICTION, stated, expected, values)


def _ratio(left: Quantity, right: Sequence[Quantity], params: dict[str, str]) -> Breach | None:
    if len(right) != 2 or not right[1].value:
        return None
    a, b = (r.interval() for r in right)
    tiny = Decimal("0.01")
    span = left.interval()
    room = max(left.step / 2, abs(left.value) * tiny)
    if Interval(a.lo / max(b.hi, tiny), a.hi / max(b.lo, tiny)).meets(
        Interval(span.lo - room, span.hi + room)
    ):
        return None
    expected = plain(right[0].value / right[1].value)
    values = {"total": plain(right[0].value), "count": plain(right[1].value), "rate": plain(left.value)}
    return Breach("rate_mismatch", CONTRADICTION, values["rate"], expected, values | {"expected": expected})


VERDICTS: dict[str, Verdict] = {
    "sum": _sum,
    "product": _product,
    "count": _count,
    "same": _same,
    "share": _share,
    "at_most": _at_most,
    "difference": _difference,
    "ratio": _ratio,
}
