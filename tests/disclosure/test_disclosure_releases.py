"""What was published last month does not undo this month's table, nor the other way round."""

from __future__ import annotations

import numpy as np

from mirps.evidence.disclosure import api
from mirps.evidence.disclosure.api import Dimension, Protected, Release, Sum, Table, Why

RULES = api.rules()["default"]
PLACES = api.flat("place", ["A", "B", "C", "D"])


def until(month: int, rows: list[list[int]]) -> Table:
    """Months up to one, and the year so far; four places."""
    members = ("year", *(f"m{i}" for i in range(1, month + 1)))
    months = Dimension("month", members, (Sum(0, tuple(range(1, month + 1))),))
    leaves = np.zeros((month + 1, 5))
    leaves[1:, 1:] = rows[:month]
    return api.table((months, PLACES), leaves)


ROWS = [[12, 30, 3, 25], [14, 22, 18, 31], [40, 4, 17, 28]]


def cell(t: Table, *members: str) -> int:
    at = [d.position[m] for d, m in zip(t.dimensions, members, strict=True)]
    return int(np.ravel_multi_index(at, t.values.shape))


def shown_whole(t: Table) -> Release:
    return Release(t, np.zeros(t.values.size, bool), np.zeros(t.values.size), np.zeros(t.values.size))


def test_a_cell_hidden_last_month_stays_hidden() -> None:
    first = api.protect(until(2, ROWS), RULES)
    second = api.protect(until(3, ROWS), RULES, earlier=[first.release()])
    assert not second.refused
    for was in np.flatnonzero(first.hidden).tolist():
        month, place = first.table.key(was)
        if month != "year":
            assert second.hidden[cell(second.table, month, place)]


def test_what_was_shown_last_month_is_not_used_to_hide_anything_now() -> None:
    first = api.protect(until(2, ROWS), RULES)
    second = api.protect(until(3, ROWS), RULES, earlier=[first.release()])
    for was in np.flatnonzero(~first.hidden).tolist():
        month, place = first.table.key(was)
        if month != "year":
            assert not second.hidden[cell(second.table, month, place)]


def test_together_both_releases_protect_what_each_alone_would_not() -> None:
    # Alone, the second table may show last month's hidden cells; only the audit of both sees it.
    first = api.protect(until(2, ROWS), RULES)
    naked = api.protect(until(3, ROWS), RULES)
    both = api.protect(until(3, ROWS), RULES, earlier=[first.release()])
    assert both.audit.clean
    assert both.audit.asked >= naked.audit.asked


def test_a_small_revision_is_hidden_because_the_difference_is_a_small_count() -> None:
    t = until(2, [[12, 30, 20, 25], [14, 22, 18, 31]])
    revised = until(2, [[12, 32, 20, 25], [14, 22, 18, 31]])
    done = api.protect(revised, RULES, earlier=[shown_whole(t)])
    assert done.why.get(cell(revised, "m1", "B")) is Why.REVISION or done.refused


def test_a_cell_that_everybody_has_read_already_is_named_and_the_release_refused() -> None:
    t = until(1, ROWS)
    done = api.protect(t, RULES, earlier=[shown_whole(t)])
    assert done.refused
    assert cell(t, "m1", "C") in done.hopeless


def test_the_bounds_hold_against_both_releases_by_an_independent_count() -> None:
    first = api.protect(until(2, ROWS), RULES)
    second = api.protect(until(3, ROWS), RULES, earlier=[first.release()])
    least, most = _range_of(first, second, cell(second.table, "m1", "C"))
    assert least <= 3 - 2
    assert most >= 3 + 2


def _range_of(first: Protected, second: Protected, target: int) -> tuple[float, float]:
    """By linear programs over the months' leaves, written apart from the product's: every shown cell of both
    releases is one equation."""
    import highspy

    t = second.table
    n = 3 * 4
    rows, rest = [], []
    for done in (first, second):
        for c in np.flatnonzero(~done.hidden).tolist():
            month, place = done.table.key(c)
            months = (
                range(len(done.table.dimensions[0].members) - 1) if month == "year" else [int(month[1:]) - 1]
            )
            places = range(4) if place == "_T" else ["ABCD".index(place)]
            rows.append([1.0 if (i // 4 in months and i % 4 in places) else 0.0 for i in range(n)])
            rest.append(float(done.table.values.ravel()[c]))
    month, place = t.key(target)
    at = (int(month[1:]) - 1) * 4 + "ABCD".index(place)
    ends = []
    for way in (1.0, -1.0):
        h = highspy.Highs()
        h.silent()
        for i in range(n):
            h.addVar(0.0, 1000.0)
            h.changeColCost(i, way if i == at else 0.0)
        for row, r in zip(rows, rest, strict=True):
            used = [i for i, x in enumerate(row) if x]
            h.addRow(r, r, len(used), np.array(used, np.int32), np.ones(len(used)))
        h.run()
        ends.append(way * h.getInfo().objective_function_value)
    return ends[0], ends[1]
