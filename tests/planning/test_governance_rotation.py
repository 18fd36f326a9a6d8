"""Who presides next, and why: the alphabetical order, and who has had a turn already."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.codelists import api as codelists
from mirps.planning.governance.rotation import ahead, alphabetical, explained, following

MEMBERS = ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")
HELD = list(zip(range(2019, 2026), ("MEX", "SLV", "GTM", "HND", "PAN", "BLZ", "CRI"), strict=True))


def order(lang: str) -> list[str]:
    return alphabetical({s: codelists.states().name(s, lang) for s in MEMBERS})


def test_the_order_is_the_same_in_both_languages() -> None:
    assert order("es") == order("en") == list(MEMBERS)


def test_after_costa_rica_comes_el_salvador_and_mexico_is_passed_over_no_more() -> None:
    turns = ahead(order("es"), HELD, 7)
    assert [(t.year, t.state) for t in turns] == list(
        zip(range(2026, 2033), ("SLV", "GTM", "HND", "MEX", "PAN", "BLZ", "CRI"), strict=True)
    )
    assert not any(t.skipped for t in turns)
    assert {t.round for t in turns} == {2}


def test_the_rule_gives_every_turn_since_it_was_set_up() -> None:
    found = explained(order("es"), HELD)
    assert [year for year, turn in found.items() if turn is None] == [2019, 2020]
    panama = found[2023]
    assert panama
    assert panama.skipped == ("MEX",), "Mexico had presided in 2019"


def test_by_the_codes_of_the_states_the_rule_would_not_hold() -> None:
    found = explained(sorted(MEMBERS), HELD)
    assert found[2021] is None


def test_nobody_follows_nobody() -> None:
    assert ahead(order("es"), [], 3) == []
    with pytest.raises(ValueError, match="nobody has presided"):
        following(order("es"), [])


@given(st.lists(st.sampled_from("ABCDEF"), min_size=2, max_size=6, unique=True), st.data())
def test_a_round_gives_every_state_one_turn_and_no_more(states: list[str], data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(states))
    turns = ahead(sorted(states), [(2000, first)], len(states) * 3 - 1)
    whole = [first, *(t.state for t in turns)]
    for n in range(3):
        assert sorted(whole[n * len(states) : (n + 1) * len(states)]) == sorted(states)
