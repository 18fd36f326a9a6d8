"""Money is converted only by a dated rate, counted once along a chain, and a gap says what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.results.flows import Circle, Flow, chain, entering, feeding, overdrawn
from mirps.planning.results.gaps import Cost, Part, Period, Stated, gap, topmost
from mirps.planning.results.money import Amount, Money, Rate, convert, total

MAY = date(2024, 5, 31)
LEMPIRAS = Rate("rate/hnl", "HNL", "USD", MAY, Fraction(6_055_348, 150_000_000))


def money(amount: int | str, currency: str = "USD") -> Money:
    return Money(Decimal(amount), currency)


def flow(key: str, giver: str, taker: str, amount: int | str, currency: str = "USD", *out_of: str) -> Flow:
    return Flow(key, giver, taker, money(amount, currency), MAY, out_of)


def test_the_rate_that_two_amounts_of_a_source_imply_gives_back_the_second_to_the_cent() -> None:
    found = convert(Amount(money(150_000_000, "HNL"), MAY, "x"), "USD", [LEMPIRAS])
    assert found is not None
    assert found.value == Decimal(6_055_348)
    assert [(u.rate.day, u.inverse) for u in found.by] == [(MAY, False)]
    back = convert(Amount(money(6_055_348), MAY, "x"), "HNL", [LEMPIRAS])
    assert back is not None
    assert back.value == Decimal(150_000_000)
    assert back.by[0].inverse


def test_nothing_is_converted_without_a_rate_a_day_or_a_currency() -> None:
    for amount in (
        Amount(money(5, "GTQ"), MAY, "no rate"),
        Amount(money(5, "HNL"), None, "no day"),
        Amount(money(5, ""), MAY, "no currency"),
        Amount(money(5, "HNL"), date(2019, 1, 1), "the rate is of another time"),
    ):
        assert convert(amount, "USD", [LEMPIRAS]) is None
        assert total([amount], "USD", [LEMPIRAS]).kept == (amount,)
        assert total([amount], "USD", [LEMPIRAS]).value == 0


def test_the_last_rate_known_on_the_day_is_taken_before_a_later_one_though_that_is_nearer() -> None:
    old = Rate("rate/old", "HNL", "USD", date(2024, 1, 1), Fraction(1, 20))
    late = Rate("rate/late", "HNL", "USD", date(2024, 6, 1), Fraction(1, 40))
    found = convert(Amount(money(40, "HNL"), date(2024, 5, 30), "x"), "USD", [late, old])
    assert found is not None
    assert (found.value, found.by[0].rate.key) == (2, "rate/old")
    only = convert(Amount(money(40, "HNL"), date(2024, 5, 30), "x"), "USD", [late])
    assert only is not None
    assert only.by[0].rate.key == "rate/late"


def test_what_a_source_gave_in_both_currencies_needs_no_day_and_other_amounts_do() -> None:
    said = replace(LEMPIRAS, implied=frozenset({"my24-hnd-003", "my24-hnd-004"}))
    its_own = Amount(money(150_000_000, "HNL"), None, "contribution/x", "my24-hnd-003")
    found = convert(its_own, "USD", [said])
    assert found is not None
    assert found.value == Decimal(6_055_348)
    assert convert(replace(its_own, figure="another"), "USD", [said]) is None
    assert convert(its_own, "EUR", [said]) is None, "and it says nothing of a third currency"


def test_a_way_through_a_third_currency_shows_both_rates_and_a_direct_one_goes_before_it() -> None:
    euro = Rate("rate/eur", "EUR", "USD", MAY, Fraction(11, 10))
    found = convert(Amount(money(100, "EUR"), MAY, "x"), "HNL", [LEMPIRAS, euro])
    assert found is not None
    assert [(u.rate.key, u.inverse) for u in found.by] == [("rate/eur", False), ("rate/hnl", True)]
    direct = Rate("rate/direct", "EUR", "HNL", date(2024, 1, 1), Fraction(27))
    assert convert(Amount(money(100, "EUR"), MAY, "x"), "HNL", [LEMPIRAS, euro, direct]).value == 2700  # type: ignore[union-attr]


def test_what_a_fund_hands_on_is_not_counted_beside_what_it_was_given() -> None:
    flows = [
        flow("a", "ESP", "FUND", 1_000, "EUR"),
        flow("b", "FUND", "SENAF", 600, "USD"),
        flow("c", "FUND", "ONPAR", 300, "USD"),
    ]
    fed = feeding(flows, pots={"FUND"})
    assert [f.key for f in entering(flows, fed)] == ["a"]
    assert [f.key for f in entering(flows[1:], fed)] == ["b", "c"], "of Honduras and Panama alone, both enter"
    assert chain("b", fed) == ["a"]


def test_a_way_out_of_the_scope_and_back_into_it_counts_once() -> None:
    flows = [flow("a", "A", "B", 9), flow("b", "B", "C", 9, "USD", "a"), flow("c", "C", "D", 9, "USD", "b")]
    fed = feeding(flows)
    assert [f.key for f in entering([flows[0], flows[2]], fed)] == ["a"]


def test_a_circle_is_refused_with_its_path() -> None:
    flows = [
        flow("a", "A", "B", 1, "USD", "c"),
        flow("b", "B", "C", 1, "USD", "a"),
        flow("c", "C", "A", 1, "USD", "b"),
    ]
    with pytest.raises(Circle) as refused:
        feeding(flows)
    path = refused.value.path
    assert path[0] == path[-1]
    assert set(path) == {"a", "b", "c"}
    by_key = {f.key: f for f in flows}
    for up, down in pairwise(path):
        assert down in by_key[up].out_of, "each on the path comes out of the next"


def test_two_funds_that_give_to_each_other_are_a_circle() -> None:
    with pytest.raises(Circle):
        feeding([flow("a", "F", "G", 1), flow("b", "G", "F", 1)], pots={"F", "G"})


def test_more_handed_on_than_came_in_is_told_and_not_corrected() -> None:
    flows = [flow("a", "ESP", "FUND", 100), flow("b", "FUND", "X", 70), flow("c", "FUND", "Y", 60)]
    fed = feeding(flows, pots={"FUND"})
    (found,) = overdrawn(flows, fed)
    assert (found.came.amount, found.went.amount, found.onward) == (100, 130, ("b", "c"))
    assert sum(f.money.amount for f in entering(flows, fed)) == 100


amounts = st.integers(1, 10**9).map(Decimal)
currencies = st.sampled_from(["USD", "HNL", "EUR", ""])


@st.composite
def networks(draw: st.DrawFn) -> list[Flow]:
    """Flows that come out of earlier ones or out of nothing."""
    out: list[Flow] = []
    for n in range(draw(st.integers(1, 8))):
        named = draw(st.lists(st.sampled_from([f.key for f in out]), unique=True, max_size=2)) if out else []
        held = Money(draw(amounts), draw(currencies))
        out.append(Flow(f"f{n}", f"giver{n}", f"taker{n}", held, MAY, tuple(named)))
    return out


def entered(flows: list[Flow]) -> tuple[dict[str, Decimal], list[Decimal]]:
    """What enters, by currency; amounts without one are never added up."""
    sums: dict[str, Decimal] = {}
    unclear = []
    for f in entering(flows, feeding(flows)):
        if f.money.currency:
            sums[f.money.currency] = sums.get(f.money.currency, Decimal(0)) + f.money.amount
        else:
            unclear.append(f.money.amount)
    return sums, sorted(unclear)


@given(networks(), st.data())
def test_an_intermediary_put_into_a_chain_changes_no_total(flows: list[Flow], data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(flows))
    first = replace(old, taker="between")
    second = Flow(f"{old.key}-on", "between", old.taker, old.money, old.day, (old.key,))
    with_it = [
        replace(f, out_of=tuple(second.key if k == old.key else k for k in f.out_of))
        for f in flows
        if f is not old
    ]
    assert entered([*with_it, first, second]) == entered(flows)


@given(networks(), st.data())
def test_a_flow_told_in_parts_sums_to_what_it_was_told_as_one(flows: list[Flow], data: st.DataObject) -> None:
    old = data.draw(st.sampled_from([f for f in flows if f.money.currency] or flows[:1]))
    if not old.money.currency:
        return
    part = data.draw(st.integers(0, int(old.money.amount)).map(Decimal))
    parts = [
        replace(old, key=f"{old.key}-1", money=Money(part, old.money.currency)),
        replace(old, key=f"{old.key}-2", money=Money(old.money.amount - part, old.money.currency)),
    ]
    rest = [
        replace(
            f,
            out_of=tuple(new for k in f.out_of for new in ([p.key for p in parts] if k == old.key else [k])),
        )
        for f in flows
        if f is not old
    ]
    assert entered([*rest, *parts]) == entered(flows)


@given(networks(), st.randoms())
def test_the_order_in_which_flows_are_told_changes_nothing(flows: list[Flow], chance: object) -> None:
    turned = list(flows)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert entered(turned) == entered(flows)


@given(networks())
def test_what_enters_is_never_more_than_what_is_told_and_never_nothing(flows: list[Flow]) -> None:
    found = entering(flows, feeding(flows))
    assert 0 < len(found) <= len(flows)


def cost(key: str, commitment: str, year: str = "2024", **parts: Money) -> Cost:
    return Cost(key, commitment, "HND", Period(year, year), {Part(k): (Stated(m),) for k, m in parts.items()})


def test_an_amount_of_an_objective_holds_those_of_its_actions_in_the_same_period() -> None:
    above = {"node/action": "node/objective", "node/objective": "node/pillar"}
    costs = [
        cost("c1", "node/objective", need=money(100)),
        cost("c2", "node/action", need=money(60), own=money(10)),
        cost("c3", "node/action", "2025", need=money(70)),
    ]
    counted, held = topmost(costs, Part.NEED, above)
    assert [c.key for c in counted] == ["c1", "c3"], "another year's is not held by it"
    assert [(h.cost, h.by) for h in held] == [("c2", "c1")]
    counted, held = topmost(costs, Part.OWN, above)
    assert [c.key for c in counted] == ["c2"], "the objective states none of the State's own money"


def test_a_gap_is_need_less_all_that_was_given_and_names_what_it_could_not_convert() -> None:
    costs = [
        cost("c1", "node/a", need=money(10_000_000), own=money(150_000_000, "HNL")),
        cost("c2", "node/b", need=money(5, "GTQ")),
    ]
    flows = [
        replace(flow("d", "ESP", "FUND", 1_000_000), serves=frozenset({"node/a"})),
        replace(flow("e", "FUND", "HND", 800_000, "USD", "d"), serves=frozenset({"node/a"})),
        replace(flow("f", "IADB", "HND", 17_000_000, ""), serves=frozenset({"node/a"})),
    ]
    found = gap(costs, flows, fed=feeding(flows), above={}, currency="USD", rates=[LEMPIRAS])
    assert found.value == Decimal(10_000_000 - 6_055_348 - 1_000_000)
    assert [a.whence for a in found.kept] == ["c2", "f"]
    assert [r.key for r in found.rates] == ["rate/hnl"]


def test_what_a_state_gives_for_itself_stands_apart_from_what_others_give() -> None:
    flows = [replace(flow("a", "HND.CN", "", 4), own=True), flow("b", "ESP", "OAS", 9)]
    found = gap([cost("c", "node/a", need=money(20))], flows, fed={}, above={}, currency="USD", rates=[])
    assert (found.own.value, found.other.value, found.value) == (4, 9, 7)


def test_without_a_stated_need_there_is_no_gap() -> None:
    found = gap([cost("c", "node/a", own=money(5))], [], fed={}, above={}, currency="USD", rates=[])
    assert found.value is None
    assert found.given == 5


def test_a_plan_in_which_something_stands_under_itself_still_comes_to_an_end() -> None:
    above = {"node/a": "node/b", "node/b": "node/a"}
    counted, held = topmost([cost("c", "node/a", need=money(1))], Part.NEED, above)
    assert ([c.key for c in counted], held) == (["c"], []), "and holds nothing of itself"


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last", "year"),
    [
        ("2024", "", date(2024, 1, 1), date(2024, 12, 31), 2024),
        ("2024-02", "", date(2024, 2, 1), date(2024, 2, 29), 2024),
        ("2024-12", "2024-12", date(2024, 12, 1), date(2024, 12, 31), 2024),
        ("2024", "2026", date(2024, 1, 1), date(2026, 12, 31), None),
        ("", "", None, None, None),
    ],
)
def test_a_period_is_as_exact_as_it_was_stated(
    starts: str, ends: str, first: date | None, last: date | None, year: int | None
) -> None:
    p = Period(starts, ends)
    assert (p.first, p.last, p.year) == (first, last, year)
