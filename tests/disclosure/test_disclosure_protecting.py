"""A protected table shows nothing that lets a hidden cell be worked out: tried by counting every possible table."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.evidence.disclosure import api
from mirps.evidence.disclosure.api import Cost, Method, Protected, Table, Why
from mirps.evidence.disclosure.audit import Secret, audit
from mirps.evidence.disclosure.exchanges import exchanges
from mirps.evidence.disclosure.patterns import Task, pattern
from mirps.evidence.disclosure.rules import mark
from mirps.evidence.disclosure.tables import Dimension, Sum
from mirps.evidence.disclosure.witnesses import Witnesses

RULES = api.rules()["default"]


def table_of(rows: list[list[int]]) -> Table:
    leaves = np.zeros((len(rows) + 1, len(rows[0]) + 1))
    leaves[1:, 1:] = rows
    places = api.flat("place", [f"P{i}" for i in range(len(rows))])
    groups = api.flat("age", [f"A{i}" for i in range(len(rows[0]))])
    return api.table((places, groups), leaves)


def made(seed: int, places: int = 9, ages: int = 6) -> Table:
    """Two departments with their municipalities, ages and sexes, many small counts."""
    dice = np.random.default_rng(seed)
    parents = {"_T": "", "D1": "_T", "D2": "_T"} | {f"M{i}": f"D{1 + i % 2}" for i in range(places)}
    where = api.tree("place", parents)
    leaves = np.zeros((len(where.members), ages + 1, 3))
    leaves[3:, 1:, 1:] = dice.poisson(dice.lognormal(1.5, 1.2, (places, ages, 1)), (places, ages, 2))
    ages_of = api.flat("age", [f"A{i}" for i in range(ages)])
    return api.table((where, ages_of, api.flat("sex", ["F", "M"])), leaves)


def possible(done: Protected, most: int) -> np.ndarray:
    """Every table of whole numbers that shows the same, with leaves up to `most`: one row each, all cells."""
    t = done.table
    shape = t.values.shape
    hidden = done.hidden.reshape(shape)
    leaves = [(i, j) for i in range(1, shape[0]) for j in range(1, shape[1])]
    free = [at for at in leaves if hidden[at]]
    tables = np.zeros((1, *shape))
    for at in leaves:
        tables[:, at[0], at[1]] = 0 if hidden[at] else t.values[at]
    if not free:
        return tables
    choices = np.array(list(itertools.product(range(most + 1), repeat=len(free))), float).reshape(
        -1, len(free)
    )
    tables = np.repeat(tables, len(choices), axis=0)
    for k, (i, j) in enumerate(free):
        tables[:, i, j] = choices[:, k]
    tables[:, 0, 1:] = tables[:, 1:, 1:].sum(axis=1)
    tables[:, :, 0] = tables[:, :, 1:].sum(axis=2)
    shown = ~hidden
    return tables[(tables[:, shown] == t.values[shown]).all(axis=1)]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=3),
    st.sampled_from([Method.OPTIMAL, Method.MOVES]),
    st.sampled_from(list(Cost)),
)
def test_no_hidden_cell_can_be_worked_out_by_trying_every_table(
    rows: list[list[int]], method: Method, cost: Cost
) -> None:
    done = api.protect(table_of(rows), RULES, method=method, cost=cost)
    if done.refused:
        assert done.hopeless
        return
    tables = possible(done, 9)
    v, shape = done.table.values, done.table.values.shape
    for cell in np.flatnonzero(done.marked.hidden):
        at = np.unravel_index(cell, shape)
        assert done.hidden[cell]
        assert tables[:, at[0], at[1]].max() >= min(v[at] + done.marked.up[cell], 9)
        assert tables[:, at[0], at[1]].min() <= v[at] - done.marked.down[cell]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_shown_is_true_and_what_is_small_is_hidden(seed: int) -> None:
    done = api.protect(made(seed), RULES)
    small = (done.table.values.ravel() > 0) & (done.table.values.ravel() < RULES.threshold)
    assert done.audit.clean
    assert not done.refused
    assert done.hidden[small].all()
    assert set(done.why) == set(np.flatnonzero(done.hidden).tolist())


@pytest.mark.parametrize("seed", range(4))
def test_an_audit_by_programs_alone_finds_what_the_moves_proved(seed: int) -> None:
    done = api.protect(made(seed), RULES, method=Method.MOVES)
    alone = Secret(
        done.table.values.ravel(), done.table.equations, done.hidden, done.marked.up, done.marked.down
    )
    assert audit(alone, exact=True).clean


def test_the_audit_finds_the_cells_that_can_be_worked_out() -> None:
    t = table_of([[3, 12, 20], [9, 30, 11], [14, 8, 40]])
    alone = np.zeros(t.values.size, bool)
    alone[np.ravel_multi_index((1, 1), t.values.shape)] = True
    need = np.where(alone, 2.0, 0.0)
    found = audit(Secret(t.values.ravel(), t.equations, alone, need, need))
    assert [(x.low, x.high) for x in found.narrow] == [(3, 3)]


def test_a_forged_witness_is_not_believed() -> None:
    t = table_of([[3, 12], [9, 30]])
    k = _task(t)
    given = pattern(k).witnesses
    alone = np.zeros(t.values.size, bool)
    alone[np.ravel_multi_index((1, 1), t.values.shape)] = True
    secret = Secret(t.values.ravel(), t.equations, alone, k.up, k.down)
    up = np.abs(given.ups)  # everything rises: the sums no longer hold
    cell = np.flatnonzero(alone)
    twice = np.array([5.0, -5.0])  # far apart, and nothing moves
    for forged in (
        Witnesses(given.start, given.cells, up, up),
        Witnesses(np.array([0, 2]), np.repeat(cell, 2), twice, -twice),
    ):
        found = audit(secret, witnesses=forged)
        assert found.by_witness == 0
        assert len(found.narrow) == 1


def _task(t: Table) -> Task:
    v = t.values.ravel()
    small = (v > 0) & (v < 5)
    need = np.where(small, np.ceil(v / 2), 0.0)
    return Task(t, small, need, need, np.zeros(len(v), bool), 1 + np.log2(1 + v))


@pytest.mark.parametrize("seed", range(3))
def test_the_moves_cost_no_less_than_the_optimum_which_is_protected_too(seed: int) -> None:
    t = made(seed, places=4, ages=3)
    best = api.protect(t, RULES, method=Method.OPTIMAL)
    moved = api.protect(t, RULES, method=Method.MOVES)
    assert best.optimal
    assert best.audit.clean
    assert moved.audit.clean
    assert best.cost <= moved.cost + 1e-6


def test_the_search_costs_little_more_than_the_optimum() -> None:
    best, found = 0.0, 0.0
    for seed in range(4):
        t = made(seed, places=6, ages=4)
        best += api.protect(t, RULES, method=Method.OPTIMAL).cost
        found += api.protect(t, RULES, method=Method.MOVES).cost
    assert found <= 1.08 * best


def test_the_same_table_is_protected_in_the_same_way_again() -> None:
    one, other = (api.protect(made(7), RULES, method=Method.MOVES) for _ in range(2))
    assert (one.hidden == other.hidden).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(2, 12))
def test_a_higher_threshold_hides_by_rule_whatever_a_lower_one_does(seed: int, threshold: int) -> None:
    t = made(seed)
    low, high = (dataclasses.replace(RULES, threshold=n) for n in (threshold, threshold + 3))
    assert not (api.rules_ask(t, low) & ~api.rules_ask(t, high)).any()


def test_children_are_hidden_up_to_ten_and_nobody_can_rule_out_that_there_were_ten() -> None:
    t = table_of([[7, 40, 35], [60, 22, 31], [28, 70, 55]])
    done = api.protect(t, api.rules()["children"], exact=True)
    cell = int(np.ravel_multi_index((1, 1), t.values.shape))
    assert done.why[cell] is Why.THRESHOLD
    assert 7 + done.audit.seen_high[cell] >= 10


def test_zeros_are_shown_unless_the_subject_forbids_it() -> None:
    t = table_of([[0, 40, 35], [60, 22, 31], [28, 70, 55]])
    cell = int(np.ravel_multi_index((1, 1), t.values.shape))
    assert not api.protect(t, RULES).hidden[cell]
    assert api.protect(t, api.rules()["gbv"]).why[cell] is Why.ZERO


def test_a_published_historical_table_is_shown_whole_and_the_audit_says_what_it_tells() -> None:
    t = table_of([[3, 12], [9, 30]])
    done = api.protect(t, RULES, exempt=True)
    assert not done.hidden.any()
    assert not done.refused
    assert len(done.audit.narrow) == 1


def test_what_cannot_be_protected_is_refused_and_named() -> None:
    t = table_of([[3]])
    whole = api.protect(t, RULES)
    assert not whole.refused  # everything can be hidden
    fixed = dataclasses.replace(t, collected=np.array([[True, True], [True, True]]))
    before = api.protect(fixed, RULES, exempt=True)
    release = dataclasses.replace(before.release(), hidden=np.zeros(4, bool))
    done = api.protect(t, RULES, earlier=[release])
    assert done.refused
    assert set(done.hopeless) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("code", "contributions", "why"),
    [
        ("default", [40, 35, 30, 25], None),
        ("default", [60, 40], Why.GIVERS),
        ("default", [80, 50, 10, 10], Why.DOMINANCE),
        ("default", [500, 240, 90, 60], None),
        ("gbv", [500, 240, 90, 60], Why.GIVERS),
        ("gbv", [80, 10, 10, 6, 4], Why.DOMINANCE),
        ("gbv", [50, 45, 4, 3, 3], Why.P_PERCENT),
    ],
)
def test_a_sum_of_money_tells_too_much_by_few_givers_by_large_ones_or_by_what_the_second_can_work_out(
    code: str, contributions: list[int], why: Why | None
) -> None:
    rules, first, second = api.rules()[code], float(contributions[0]), float(contributions[1])
    extra = {"first": first, "second": second, "givers": float(len(contributions))}
    money = dataclasses.replace(
        api.table((api.flat("place", ["P"]),), np.full(2, float(sum(contributions)))),
        extra={name: np.full(2, number) for name, number in extra.items()},
    )
    found = mark(money, rules)
    assert found.why.get(1) is why
    if why is not None:  # where an attacker's bound must at least lie, neither large ones nor the second tell
        bound = money.values[1] + found.up[1]
        large = first + (second if rules.largest == 2 else 0)
        assert large <= bound * rules.share / 100 + 1e-9
        assert bound - first - second >= first * rules.p_percent / 100 - 1e-9


def test_children_and_violence_are_never_less_strict_than_the_rest() -> None:
    for code in ("children", "gbv"):
        r = api.rules()[code]
        assert r.threshold > RULES.threshold
        assert r.reach == 0  # to the threshold
        assert (r.share, r.p_percent, r.givers) != (RULES.share, RULES.p_percent, RULES.givers)
        assert r.share <= RULES.share
        assert r.p_percent >= RULES.p_percent
        assert r.givers >= RULES.givers


def test_sums_of_money_are_hidden_where_one_giver_is_nearly_all() -> None:
    t = table_of([[900, 700, 800], [650, 820, 790], [700, 600, 910]])
    first = np.where(t.values > 1500, t.values * 0.2, t.values * 0.3)
    first[1, 1] = 890
    second = np.minimum(first, t.values - first) * 0.8
    second[1, 1] = 5
    money = dataclasses.replace(
        t, extra={"first": first, "second": second, "givers": np.full(t.values.shape, 9.0)}
    )
    done = api.protect(money, RULES)
    cell = int(np.ravel_multi_index((1, 1), t.values.shape))
    assert done.why[cell] in (Why.DOMINANCE, Why.P_PERCENT)
    assert done.audit.clean
    assert (done.marked.up[cell]) >= 890 * 0.15 - 5 - 1e-9


TREE = api.tree("p", {"_T": "", "A": "_T", "B": "_T"} | {f"{g}{i}": g for g in "AB" for i in range(3)})
MONTHS = Dimension(
    "month", ("Y", "1", "2", "3", "4", "H1", "H2"),
    (Sum(0, (1, 2, 3, 4)), Sum(0, (5, 6)), Sum(5, (1, 2)), Sum(6, (3, 4))),
)  # fmt: skip


@pytest.mark.parametrize("d", [TREE, MONTHS, api.flat("x", list("abc"))], ids=lambda d: d.name)
def test_what_stands_for_a_member_changes_every_sum_as_it_does(d: Dimension) -> None:
    n = len(d.members)
    e = exchanges(api.table((d,), np.ones(n)))
    for member in range(n):
        whole = np.zeros((e.high[member] - e.low[member], n))
        for row, bundle in enumerate(range(e.low[member], e.high[member])):
            mine = slice(e.start[bundle], e.start[bundle + 1])
            whole[row, e.off[mine]] = e.sign[mine]
        own = whole[e.own[member] - e.low[member]]
        assert np.flatnonzero(own).tolist() == [member]
        assert len(whole) > 1
        for s in d.sums:
            changes = whole[:, s.total] - whole[:, list(s.parts)].sum(axis=1)
            assert (changes == changes[e.own[member] - e.low[member]]).all()


def test_two_ways_of_grouping_are_both_the_attackers() -> None:
    places = api.flat("place", ["A", "B", "C"])
    leaves = np.zeros((7, 4))
    leaves[1:5, 1:] = [[3, 20, 15], [18, 9, 33], [25, 16, 8], [9, 41, 12]]
    done = api.protect(api.table((MONTHS, places), leaves), RULES, exact=True)
    assert done.audit.clean
    assert not done.refused
