"""Parts and totals, shares and bases: each rule by example."""

from __future__ import annotations

import pytest
from tests.ledger.making import check, fig, told

FOUR = {
    "f-girls": ("age=0-17;sex=F", 80),
    "f-boys": ("age=0-17;sex=M", 53),
    "f-women": ("age=18+;sex=F", 105),
    "f-men": ("age=18+;sex=M", 84),
}


def four(total: int, **more: object) -> list[tuple[str, str, tuple[str, ...]]]:
    parts = [fig(id_, value, dimensions=dims) for id_, (dims, value) in FOUR.items()]
    return told(fig("f-all", total, **more), *parts)


def test_girls_boys_women_and_men_who_make_the_total_are_silent() -> None:
    assert four(322) == []


def test_parts_below_a_total_that_they_should_make_are_incomplete() -> None:
    assert four(332) == [
        ("contradiction", "parts_below_total", ("f-all", "f-girls", "f-boys", "f-women", "f-men"))
    ]


def test_parts_above_their_total_are_impossible() -> None:
    assert four(321) == [
        ("contradiction", "parts_exceed_total", ("f-all", "f-girls", "f-boys", "f-women", "f-men"))
    ]


def test_a_wrong_total_is_told_once_when_sexes_and_ages_are_both_stated() -> None:
    parts = [fig(id_, value, dimensions=dims) for id_, (dims, value) in FOUR.items()]
    sexes = [fig("f-f", 185, dimensions="sex=F"), fig("f-m", 137, dimensions="sex=M")]
    assert told(fig("f-all", 330), *sexes, *parts) == [
        ("contradiction", "parts_below_total", ("f-all", "f-f", "f-m"))
    ]


@pytest.mark.parametrize(
    ("total", "qualifier", "silent"),
    [
        (330, "about", True),
        (400, "about", False),
        (300, "at_least", True),
        (323, "at_least", False),
        (330, "at_most", True),
        (321, "at_most", False),
    ],
)
def test_a_total_is_held_to_what_its_qualifier_allows(total: int, qualifier: str, silent: bool) -> None:
    assert (four(total, qualifier=qualifier) == []) is silent


def test_one_part_alone_says_nothing_of_a_larger_total() -> None:
    assert told(fig("f-all", 100), fig("f-f", 40, dimensions="sex=F")) == []


def test_people_of_unknown_sex_are_a_part_too() -> None:
    stated = [
        fig("f-f", 40, dimensions="sex=F"),
        fig("f-m", 50, dimensions="sex=M"),
        fig("f-u", 10, dimensions="sex=_U"),
    ]
    assert told(fig("f-all", 100), *stated) == []
    assert [k for _, k, _ in told(fig("f-all", 101), *stated)] == ["parts_below_total"]


def test_a_suppressed_part_leaves_room_below_the_total_and_none_above() -> None:
    hidden = fig("f-m", None, dimensions="sex=M", absence="_S")
    assert told(fig("f-all", 100), fig("f-f", 40, dimensions="sex=F"), hidden) == []
    assert [k for _, k, _ in told(fig("f-all", 39), fig("f-f", 40, dimensions="sex=F"), hidden)] == [
        "parts_exceed_total"
    ]


def test_a_member_of_a_member_is_part_of_it_and_not_beside_it() -> None:
    family = fig("f-fam", 60, dimensions="family=FAMILY")
    single_parents = fig("f-one", 50, dimensions="family=SINGLE_PARENT")
    assert told(fig("f-all", 100), family, single_parents) == []
    assert told(fig("f-all", 100), family, fig("f-one", 61, dimensions="family=SINGLE_PARENT")) == [
        ("contradiction", "parts_exceed_total", ("f-fam", "f-one"))
    ]


def test_population_classes_may_leave_some_out_but_not_exceed_what_holds_them() -> None:
    refugees, seekers = fig("p-ref", 40, population="REF"), fig("p-asy", 50, population="ASY")
    assert told(fig("p-pip", 100, population="PIP"), refugees, seekers) == []
    assert told(fig("p-pip", 89, population="PIP"), refugees, seekers) == [
        ("contradiction", "parts_exceed_total", ("p-pip", "p-ref", "p-asy"))
    ]


def test_refugees_and_asylum_seekers_counted_together_are_exactly_the_two() -> None:
    refugees, seekers = fig("p-ref", 40, population="REF"), fig("p-asy", 50, population="ASY")
    assert told(fig("p-ras", 90, population="RAS"), refugees, seekers) == []
    assert [k for _, k, _ in told(fig("p-ras", 91, population="RAS"), refugees, seekers)] == [
        "parts_below_total"
    ]


def test_the_seven_states_make_the_region() -> None:
    states = [fig(f"s-{s.lower()}", 10, state=s) for s in ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")]
    assert told(fig("s-all", 70, state="MIRPS"), *states) == []
    assert [k for _, k, _ in told(fig("s-all", 71, state="MIRPS"), *states)] == ["parts_below_total"]
    assert told(fig("s-all", 71, state="MIRPS"), *states[1:]) == []
    assert [k for _, k, _ in told(fig("s-all", 59, state="MIRPS"), *states[1:])] == ["parts_exceed_total"]


def test_what_may_not_be_added_up_is_not_added_up_but_a_part_is_no_larger_than_its_whole() -> None:
    of = {"measure": "venues", "unit": "institution", "population": "NAP"}
    places = [fig("v-1", 6, dimensions="sex=F", **of), fig("v-2", 7, dimensions="sex=M", **of)]
    assert told(fig("v-all", 8, **of), *places) == []
    assert [f for _, _, f in told(fig("v-all", 6, **of), *places)] == [("v-all", "v-2")]


def test_a_place_has_no_more_than_the_country() -> None:
    assert told(fig("f-all", 100), fig("f-here", 101, place="Tapachula")) == [
        ("contradiction", "parts_exceed_total", ("f-all", "f-here"))
    ]


def test_places_that_together_exceed_the_country_are_a_doubt_because_one_may_lie_in_another() -> None:
    places = [fig("f-1", 60, place="Darién"), fig("f-2", 60, place="Metetí")]
    assert [s for s, _, _ in told(fig("f-all", 100), *places)] == ["warning"]


def test_figures_of_other_periods_bases_or_stages_are_not_added_together() -> None:
    others = [
        fig("f-f", 400, dimensions="sex=F", universe="another base"),
        fig("f-m", 400, dimensions="sex=M", stage="approved"),
        fig("f-x", 400, dimensions="sex=M", period_start="2020-01-01", period_end="2020-12-31"),
    ]
    assert told(fig("f-all", 100), *others) == []


def shares(*values: object) -> list[tuple[str, str, tuple[str, ...]]]:
    names = ("SINGLE", "FAMILY", "COUPLE_OTHER")
    return told(
        *(
            fig(f"q-{n.lower().replace('_', '-')}", v, unit="percent", dimensions=f"family={n}")
            for n, v in zip(names, values, strict=False)
        )
    )


def test_shares_of_a_whole_make_a_hundred_within_rounding() -> None:
    assert shares(51, 41, 8) == []
    assert shares(33, 33, 33) == []
    assert [k for _, k, _ in shares(51, 41, 18)] == ["shares_exceed_whole"]
    assert [k for _, k, _ in shares(51, 31, 8)] == ["shares_below_whole"]
    assert shares(51, 31) == []  # a list that is not complete may make less


def test_shares_of_an_open_list_may_stop_short_of_a_hundred_but_not_pass_it() -> None:
    of = [
        fig(f"n-{n.lower()}", v, unit="percent", dimensions=f"nationality={n}")
        for n, v in (("HND", 69.1), ("HTI", 8.7))
    ]
    assert told(*of) == []
    assert [k for _, k, _ in told(*of, fig("n-cub", 30.5, unit="percent", dimensions="nationality=CUB"))] == [
        "shares_exceed_whole"
    ]


def test_a_percentage_agrees_with_its_part_and_its_base() -> None:
    base, part = fig("f-all", 200), fig("f-f", 94, dimensions="sex=F")
    assert told(base, part, fig("f-pc", 47, unit="percent", dimensions="sex=F")) == []
    assert told(base, part, fig("f-pc", 57, unit="percent", dimensions="sex=F")) == [
        ("contradiction", "share_mismatch", ("f-pc", "f-all", "f-f"))
    ]


def test_a_share_lies_between_nothing_and_everything_but_a_rate_may_not() -> None:
    assert [k for _, k, _ in told(fig("f-pc", 147, unit="percent", dimensions="sex=F"))] == [
        "share_impossible"
    ]
    assert told(fig("f-rate", 147, unit="percent", measure="progress")) == []


def test_a_finding_says_what_is_stated_and_what_follows() -> None:
    [found] = check(fig("f-all", 332), *(fig(i, v, dimensions=d) for i, (d, v) in FOUR.items()))
    assert (found.stated, found.expected, found.state) == ("332", "322", "HND")
    assert found.params["parts"] == "80 + 53 + 105 + 84"


def test_shares_of_a_part_are_not_held_to_a_hundred() -> None:
    of = [fig(f"q-{s.lower()}", 30, unit="percent", dimensions=f"age=0-17;sex={s}") for s in "FM"]
    assert told(*of) == []


def test_members_counted_together_stand_apart_from_each_of_them() -> None:
    both = fig("n-both", 94, unit="percent", dimensions="nationality=HND_CUB_HTI_SLV_VEN_GTM_COL")
    assert told(both, fig("n-hnd", 69.1, unit="percent", dimensions="nationality=HND")) == []


def test_a_total_stated_twice_is_checked_by_the_same_one_whatever_the_order() -> None:
    figures = [
        fig("f-1", 100),
        fig("f-2", 90),
        fig("f-f", 40, dimensions="sex=F"),
        fig("f-m", 50, dimensions="sex=M"),
    ]
    expected = [
        ("contradiction", "parts_below_total", ("f-1", "f-f", "f-m")),
        ("contradiction", "restated", ("f-2", "f-1")),
    ]
    assert told(*figures) == expected
    assert told(*reversed(figures)) == expected
