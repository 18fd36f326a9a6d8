"""Contributions add up by currency, stage and reach, and no money enters a sum twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.planning.contributions.rules import (
    STAGES,
    Contribution,
    Left,
    Reach,
    Stated,
    Wanted,
    disagreements,
    exactness,
    hanging,
    kept,
    parts,
    summed,
)
from mirps.planning.contributions.rules import given as read


def one(code: str, amount: str | None = "100", currency: str = "USD", **more: Any) -> Contribution:
    held: dict[str, Any] = {"stage": "pledged", "form": "money", "states": ("HND",), **more}
    return Contribution(
        code=code, donor="ESP.GOV", title={"es": code, "en": code}, purpose={}, currency=currency,
        amount=None if amount is None else Decimal(amount), **held,
    )  # fmt: skip


def totals(*of: Contribution, every: tuple[Contribution, ...] = ()) -> dict[tuple[str, str], Decimal]:
    return {(x.stage, x.currency): x.total for x in summed(of, hanging(every) if every else None).lines}


def test_currencies_and_stages_are_never_added_together() -> None:
    got = totals(one("a"), one("b", currency="EUR"), one("c", stage="disbursed"), one("d", "1.5"))
    assert got == {("pledged", "USD"): Decimal("101.5"), ("pledged", "EUR"): 100, ("disbursed", "USD"): 100}


def test_what_goes_beyond_the_region_has_a_sum_of_its_own() -> None:
    got = summed(
        [one("a"), one("b", states=("WORLD",)), one("c", states=()), one("d", states=("HND", "LAC"))]
    )
    assert [(x.reach, x.total) for x in got.lines] == [
        (Reach.REGION, Decimal(100)),
        (Reach.WIDER, Decimal(300)),
    ]


def test_a_part_is_summed_in_the_whole_and_only_there() -> None:
    whole, part = one("whole", "75"), one("part", "1.4", part_of=("whole",))
    got = summed([whole, part])
    assert [x.total for x in got.lines] == [75]
    assert got.left[Left.PART] == (part,)
    assert got.within == {"part": "whole"}


def test_a_part_is_summed_by_itself_where_the_whole_was_not_chosen() -> None:
    whole, part = one("whole", "75"), one("part", "1.4", part_of=("whole",))
    assert totals(part, every=(whole, part)) == {("pledged", "USD"): Decimal("1.4")}


def test_a_part_of_a_part_is_held_by_the_whole_even_where_nobody_gave_an_amount_between_them() -> None:
    whole, middle = one("whole", "75"), one("middle", None, part_of=("whole",))
    part = one("part", "1", part_of=("middle",))
    assert totals(whole, middle, part) == {("pledged", "USD"): 75}
    assert totals(whole, part, every=(whole, middle, part)) == {("pledged", "USD"): 75}


def test_money_paid_out_of_a_pledge_is_in_the_sum_of_what_was_paid() -> None:
    pledge, paid = one("pledge", "75"), one("paid", "10", stage="disbursed", part_of=("pledge",))
    assert totals(pledge, paid) == {("pledged", "USD"): 75, ("disbursed", "USD"): 10}


def test_a_pledge_within_a_commitment_is_in_the_commitment() -> None:
    commitment, pledge = one("all", "75", stage="committed"), one("part", "1.4", part_of=("all",))
    assert totals(commitment, pledge) == {("committed", "USD"): 75}


def test_a_part_in_another_currency_than_the_whole_enters_no_sum() -> None:
    got = summed([one("whole"), one("part", currency="EUR", part_of=("whole",))])
    assert [(x.currency, x.total) for x in got.lines] == [("USD", Decimal(100))]


def test_two_that_name_each_other_as_their_whole_are_counted_once() -> None:
    assert totals(one("a", part_of=("b",)), one("b", part_of=("a",))) == {("pledged", "USD"): 100}


def test_what_of_a_wider_sum_is_for_the_region_is_told_and_not_added() -> None:
    whole = one("whole", "75", stage="committed", states=("LAC",))
    parts_ = (
        one("a", "1.4", part_of=("whole",)),
        one("b", "0.9", part_of=("whole",)),
        one("c", "0.2", part_of=("a",)),
    )
    got = summed([whole, *parts_])
    assert [(x.reach, x.total) for x in got.lines] == [(Reach.WIDER, Decimal(75))]
    assert [(x.reach, x.stage, x.total, x.count) for x in got.inside] == [
        (Reach.REGION, "pledged", Decimal("2.3"), 2)
    ]


def test_what_cannot_be_summed_is_named_with_its_reason() -> None:
    unclear, nothing, food = one("u", "187", ""), one("n", None), one("f", None, form="goods")
    got = summed([unclear, nothing, food])
    assert got.lines == ()
    assert got.left == {Left.CURRENCY: (unclear,), Left.AMOUNT: (nothing,), Left.KIND: (food,)}


def test_a_sum_with_a_least_in_it_is_a_least() -> None:
    assert exactness(["exact", "more-than"]) == "more-than"
    assert exactness(["exact", "exact"]) == "exact"
    assert exactness(["up-to", "more-than"]) == "about"


def test_years_are_those_that_a_contribution_covers() -> None:
    assert list(one("a", starts="2022", ends="2024-03").years) == [2022, 2023, 2024]
    assert list(one("a", made="2023-12").years) == [2023]
    assert list(one("a").years) == []
    assert list(one("a", starts="2024", ends="2023").years) == [2024]


def test_a_reader_chooses_by_donor_state_year_stage_and_form() -> None:
    c = one("a", starts="2023", ends="2024", form="goods")
    assert all(w.holds(c) for w in (
        Wanted(), Wanted(donor="ESP.GOV"), Wanted(state="HND"), Wanted(year="2024"), Wanted(form="in-kind"),
        Wanted(form="goods"),
    ))  # fmt: skip
    assert not any(w.holds(c) for w in (
        Wanted(donor="CAN.GOV"), Wanted(state="none"), Wanted(year="2022"), Wanted(year="none"), Wanted(form="cash"),
        Wanted(stage="planned"), Wanted(year="nonsense"),
    ))  # fmt: skip


def test_a_figure_that_says_otherwise_is_noticed() -> None:
    c = one("a", "187", "", figures=(("amount", "f-1"), ("other", "f-2")))
    same = Stated(Decimal(187), "XXX", "exact")
    assert disagreements([c], {"f-1": same, "f-2": Stated(Decimal(4), "item", "exact")}) == {}
    assert disagreements([c], {"f-1": Stated(Decimal(187), "USD", "exact")}) == {"a": "f-1"}
    assert disagreements([c], {"f-1": Stated(Decimal(187), "XXX", "at_least")}) == {"a": "f-1"}
    assert disagreements([c], {"f-1": Stated(Decimal(187), "XXX", "exact", superseded=True)}) == {"a": "f-1"}
    assert disagreements([c], {}) == {}


def test_promises_know_what_keeps_them_and_wholes_their_parts() -> None:
    pledge, paid = one("pledge"), one("paid", fulfils=("pledge",), part_of=("pledge",))
    assert kept([pledge, paid]) == parts([pledge, paid]) == {"pledge": [paid]}


def test_a_record_is_read_as_the_kind_keeps_it() -> None:
    got = read("a", "CAN.GOV", {
        "title": {"es": "A", "en": "A"}, "stage": "pledged", "form": "grant",
        "amount": {"amount": "1400000", "currency": "CAD"},
        "part-of": ["contribution/all"], "part-is": "assumed", "state-shares": [{"state": "HND", "percent": "40"}],
        "figures": [{"what": "amount", "figure": "viam-mirps-005"}],
        "source": [{"document": "VIAM", "locator": "Canada", "fragment": "CAD 1.4M"}],
    })  # fmt: skip
    assert (got.amount, got.currency, got.part_of, got.assumed) == (Decimal(1400000), "CAD", ("all",), True)
    assert got.state_shares == (("HND", Decimal(40)),)
    assert got.figures == (("amount", "viam-mirps-005"),)
    assert got.sources == (("VIAM", "Canada", "CAD 1.4M"),)


codes = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def webs(draw: st.DrawFn) -> list[Contribution]:
    made = []
    for code in draw(st.lists(codes, unique=True, min_size=1)):
        above = tuple(x for x in draw(st.lists(codes, unique=True, max_size=3)) if x != code)
        amount = draw(st.none() | st.integers(1, 9).map(str))
        made.append(
            one(
                code,
                amount,
                draw(st.sampled_from(["USD", ""])),
                stage=draw(st.sampled_from(STAGES)),
                part_of=above,
            )
        )
    return made


@settings(max_examples=300)
@given(webs())
def test_every_contribution_is_in_one_sum_or_named_with_one_reason(of: list[Contribution]) -> None:
    got = summed(of)
    assert sum(x.count for x in got.lines) + sum(len(x) for x in got.left.values()) == len(of)


@settings(max_examples=300)
@given(webs())
def test_what_is_left_out_as_a_part_is_held_by_one_that_has_an_amount_and_came_as_far(
    of: list[Contribution],
) -> None:
    by = {c.code: c for c in of}
    for part, whole in summed(of).within.items():
        assert by[whole].summable
        assert STAGES.index(by[whole].stage) >= STAGES.index(by[part].stage)


@settings(max_examples=200)
@given(webs(), st.randoms())
def test_the_order_in_which_they_are_read_changes_no_sum(of: list[Contribution], chance: object) -> None:
    mixed = list(of)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert totals(*mixed) == totals(*of)


@settings(max_examples=200)
@given(webs())
def test_where_there_is_money_with_a_currency_there_is_a_sum(of: list[Contribution]) -> None:
    assert bool(summed(of).lines) == any(c.summable for c in of)
