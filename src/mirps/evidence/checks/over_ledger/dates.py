"""Dates that cannot be, and labels at odds with their period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.parts import finding
from mirps.evidence.checks.over_ledger.rows import NO_DAY, Bools, Rows
from mirps.evidence.checks.relations import CONTRADICTION, Breach, duration
from mirps.evidence.figures.rules import Flow

#: Stages in which a statement may speak of a day that has not come.
AHEAD = frozenset({"planned", "announced", "committed", "estimated", "eligible", "approved", "projected"})
#: Days in a unit of time, fewest and most.
LENGTHS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}

#: A year is one when a word says so: '2000 people' is a count.
_YEAR = re.compile(
    r"\b(?:in|of|since|during|until|by|year|en|de|del|desde|durante|hasta|año|january|february|march|april|may|june"
    r"|july|august|september|october|november|december)\s+(19[5-9]\d|20[0-6]\d)(?![\d.,]*\d|-\d|\s*%)",
    re.IGNORECASE,
)


def check_dates(rows: Rows) -> Iterator[LedgerFinding]:
    yield from _order(rows)
    yield from _future(rows)
    yield from _labels(rows)
    yield from _durations(rows)


def _order(rows: Rows) -> Iterator[LedgerFinding]:
    """Periods that end before they begin, comparisons with a later time than their own."""
    start, end, day = (rows.day(c) for c in ("period_start", "period_end", "as_of"))
    c_start, c_end = rows.day("compare_start"), rows.day("compare_end")
    last = np.where(day != NO_DAY, day, end)
    yield from _reversed(
        rows, (start != NO_DAY) & (end != NO_DAY) & (end < start), "period_start", "period_end"
    )
    yield from _reversed(
        rows, (c_start != NO_DAY) & (c_end != NO_DAY) & (c_end < c_start), "compare_start", "compare_end"
    )
    before = (day != NO_DAY) & (start != NO_DAY) & (day < start)
    yield from _reversed(rows, before, "period_start", "as_of")
    own = "period_end" if (end != NO_DAY).any() else "as_of"
    yield from _reversed(rows, (c_end != NO_DAY) & (last != NO_DAY) & (c_end > last), "compare_end", own)


def _reversed(rows: Rows, where: Bools, first: str, second: str) -> Iterator[LedgerFinding]:
    for row in np.flatnonzero(where).tolist():
        a = rows.columns[first][row]
        b = rows.columns[second][row] or rows.columns["as_of"][row]
        period = f"{a}/{b}"
        yield finding(
            rows, Breach("period_reversed", CONTRADICTION, period, f"{b}/{a}", {"period": period}), [row]
        )


def _future(rows: Rows) -> Iterator[LedgerFinding]:
    """A count of what had not yet happened when its document became known.

    A document known in December may speak of 'this year' as a whole: only later years count.
    """
    known = rows.hierarchy.known_from
    years = np.array([known[d].year if d in known else 9999 for d in rows.names["document"]], dtype=np.int64)
    counted = rows.measured("stock_flow", Flow.STOCK, Flow.FLOW) & ~rows.mask("stage", AHEAD)
    for column in ("as_of", "period_end"):
        stated = np.array([int(v[:4]) if v else 0 for v in rows.names[column]], dtype=np.int64)
        if not rows.n or not len(years):
            continue
        late = counted & (stated[rows.codes[column]] > years[rows.codes["document"]])
        for row in np.flatnonzero(late).tolist():
            when, doc = rows.columns[column][row], rows.columns["document"][row]
            params = {"date": when, "document": doc, "known": known[doc].isoformat()}
            yield finding(rows, Breach("date_ahead", CONTRADICTION, when, params["known"], params), [row])


def _labels(rows: Rows) -> Iterator[LedgerFinding]:
    """A year named in the quoted words that lies outside the figure's dates."""
    columns = rows.columns
    for row, fragment in enumerate(columns["fragment"]):
        if "19" not in fragment and "20" not in fragment:
            continue
        dates = [
            columns[c][row] for c in ("period_start", "period_end", "as_of", "compare_start", "compare_end")
        ]
        years = [int(d[:4]) for d in dates if d]
        if not years:
            continue
        value = columns["value"][row]
        named = [int(y) for y in _YEAR.findall(fragment) if not value or Decimal(value) != int(y)]
        if named and not any(min(years) <= y <= max(years) for y in named):
            label, period = str(named[0]), " / ".join(d for d in dates if d)
            params = {"label": label, "period": period}
            yield finding(rows, Breach("period_label", CONTRADICTION, label, period, params), [row])


def _durations(rows: Rows) -> Iterator[LedgerFinding]:
    """A length of time beside the dates that it runs from and to."""
    start, end = rows.day("period_start"), rows.day("period_end")
    lasting = rows.measured("stock_flow", Flow.PARAMETER) & rows.mask("unit", LENGTHS) & ~np.isnan(rows.value)
    lasting &= ~rows.measured("sector", "stories")
    for row in np.flatnonzero(lasting & (start != NO_DAY) & (end != NO_DAY)).tolist():
        days = int(end[row] - start[row])
        fewest, most = LENGTHS[rows.columns["unit"][row]]
        low, high = Decimal(days // most), Decimal(-(-(days + 1) // fewest))
        period = f"{rows.columns['period_start'][row]}/{rows.columns['period_end'][row]}"
        if breach := duration(rows.quantity(row), low, high, period):
            yield finding(rows, breach, [row])
