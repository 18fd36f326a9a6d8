"""Tables that stay full: controlled rounding adds up, and keyed noise is the same for the same people."""

from __future__ import annotations

import duckdb
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.evidence.disclosure import api, cellkey
from mirps.evidence.disclosure.tables import with_margins


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 100_000), st.sampled_from([3, 5]))
def test_a_rounded_table_adds_up_and_shows_multiples_only(seed: int, base: int) -> None:
    dice = np.random.default_rng(seed)
    leaves = np.zeros((5, 4, 3))
    leaves[1:, 1:, 1:] = dice.poisson(6, (4, 3, 2))
    t = api.table(
        (api.flat("a", list("wxyz")), api.flat("b", list("ijk")), api.flat("c", list("FM"))), leaves
    )
    done = api.controlled(t, base)
    assert not (done.values % base).any()
    assert (done.values >= 0).all()
    assert np.allclose(with_margins(t.dimensions, done.values.copy()), done.values)
    assert done.furthest < 2 * base


def test_a_table_of_two_dimensions_rounds_each_cell_to_a_neighbour() -> None:
    leaves = np.zeros((4, 4))
    leaves[1:, 1:] = [[1, 4, 7], [2, 2, 8], [5, 3, 1]]
    t = api.table((api.flat("a", list("xyz")), api.flat("b", list("ijk"))), leaves)
    assert api.controlled(t, 3).furthest < 3


def test_noise_has_mean_zero_keeps_zeros_and_shows_no_small_count() -> None:
    made = cellkey.noise()
    assert not made.steps[0].any()
    for count, row in enumerate(made.steps[1:], 1):
        shown = count + row
        assert ((shown == 0) | (shown >= 3)).all()
        assert np.abs(row).max() <= made.widest
        assert abs(row.mean()) < 0.1 or count < 3


def test_the_same_people_get_the_same_noise_in_every_table_and_another_key_another() -> None:
    made = cellkey.noise()
    db = duckdb.connect()
    db.execute("CREATE TABLE people AS SELECT i AS id, i % 7 AS place, i % 3 AS age FROM range(300) t(i)")

    def counts(where: str, secret: int) -> list[tuple[int, int]]:
        key = f"sum({cellkey.key_expression('id', secret)})"
        shown = cellkey.shown_expression("count(*)", key, made)
        return db.execute(
            f"SELECT place, {shown} FROM people {where} GROUP BY place ORDER BY place"
        ).fetchall()

    assert counts("", 41) == counts("", 41)
    alone = {p: n for place in range(7) for p, n in counts(f"WHERE place = {place}", 41)}
    assert alone == dict(counts("", 41))
    assert counts("", 41) != counts("", 42)


def test_a_column_of_one_rounds_with_its_total() -> None:
    t = api.table((api.flat("a", ["x"]),), np.array([0.0, 4.0]))
    assert api.controlled(t, 5).values.tolist() == [5.0, 5.0]
