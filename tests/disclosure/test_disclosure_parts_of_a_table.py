"""Cells under stricter rules, cells that are no part of what is published, and cells that a document told before."""

from __future__ import annotations

import numpy as np

from mirps.evidence.disclosure import api
from mirps.evidence.disclosure.api import Flags, Table, Why
from mirps.evidence.disclosure.tables import Dimension, Sum

DEFAULT, CHILDREN = api.rules()["default"], api.rules()["children"]


def line(*parts: int) -> Table:
    """A total and its parts."""
    return api.table((api.flat("part", [f"P{i}" for i in range(len(parts))]),), np.array([0, *parts], float))


def flags(table: Table, *cells: int) -> Flags:
    out = np.zeros(table.values.size, np.bool_)
    out[list(cells)] = True
    return out


def test_a_cell_of_children_is_held_to_the_stricter_threshold() -> None:
    t = line(7, 7, 30, 40)
    assert not api.protect(t, DEFAULT).hidden.any()
    done = api.protect(t, DEFAULT, stricter=[(flags(t, 2), CHILDREN)])
    assert done.why[2] is Why.THRESHOLD
    assert not done.refused
    assert 1 not in done.why or done.why[1] is Why.OTHERS


def test_a_small_difference_that_nobody_publishes_hides_what_would_give_it_away() -> None:
    """Nine months are published, then ten: the month between has three people."""
    period = Dimension("period", ("ten", "nine", "october"), (Sum(0, (1, 2)),))
    t = api.table(
        (period, api.flat("sex", ["F", "M"])), np.array([[0, 0, 0], [0, 40, 50], [0, 3, 20]], float)
    )
    nine = Dimension("period", ("nine",), ())
    first = api.protect(api.table((nine, t.dimensions[1]), np.array([[0, 40, 50]], float)), DEFAULT)
    assert not first.hidden.any()
    between = flags(t, 6, 7, 8)
    done = api.protect(t, DEFAULT, earlier=[first.release()], withheld=between)
    assert not done.refused
    assert done.audit.clean
    assert done.hidden[1]  # ten months less nine are the three women of October
    assert all(done.why[c] is Why.WITHHELD for c in (6, 7, 8))


def test_what_was_withheld_once_may_be_published_later() -> None:
    t = line(30, 40)
    first = api.protect(t, DEFAULT, withheld=flags(t, 1, 2))
    assert not api.protect(t, DEFAULT, earlier=[first.release()]).hidden.any()


def test_what_a_document_told_is_neither_hidden_nor_protected() -> None:
    t = line(3, 30, 40)
    assert api.protect(t, DEFAULT).hidden[1]
    done = api.protect(t, DEFAULT, public=flags(t, 1))
    assert not done.hidden.any()
    assert not done.refused
