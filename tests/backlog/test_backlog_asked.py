"""What is asked is read or refused with why; what is begun with comes from figures, and says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.evidence.backlog import api as backlog
from mirps.evidence.backlog.starting import assumptions
from mirps.evidence.figures import api as figures

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def begun(state: str = "CRI") -> dict[str, backlog.Start]:
    return backlog.starting(figures.book(), state)


def values(state: str = "CRI") -> dict[str, float | None]:
    return {key: s.value for key, s in begun(state).items()}


def test_costa_rica_begins_with_what_the_documents_say(loaded: None) -> None:
    start = begun()
    assert backlog.states(figures.book()) == ["CRI"]
    assert start["pending"] == backlog.Start(203_900, "published", ("my24-cri-006",))
    assert (start["teams"].value or 0) * (start["per_team"].value or 0) == 510
    assert start["per_team"].how == "derived"
    # 211,750 less 205,122 asylum-seekers in 122 days, and 250 to 510 interviews a week meanwhile.
    grown = (211_750 - 205_122) / (122 / 7)
    assert (start["inflow_low"].value, start["inflow_high"].value) == (round(grown + 250), round(grown + 510))
    assert len(start["inflow_low"].figures) == 4
    assert start["sure"].how == "assumed"


def test_at_the_published_pace_the_published_estimate_of_more_than_ten_years_lies_between(
    loaded: None,
) -> None:
    """In January 2024 the deputy minister said more than ten years; nobody new, 250 or 510 interviews a week."""
    alone = {**values(), "inflow_low": 0.0, "inflow_high": 0.0, "target": 0.0, "worked": 52.0, "years": 20.0}
    fast = backlog.compare({"a": backlog.plans(alone)["base"]}, runs=50)["a"]
    slow = backlog.compare({"a": backlog.plans({**alone, "per_team": 25.0})["base"]}, runs=50)["a"]
    assert fast.cleared.middle / 52 == pytest.approx(7.7, abs=0.2)
    assert slow.cleared.middle / 52 == pytest.approx(15.7, abs=0.4)


def test_with_those_who_come_the_pending_never_falls_and_the_page_says_what_is_lacking(loaded: None) -> None:
    found = backlog.compare(backlog.plans(values()), runs=100)
    assert found["base"].cleared.never
    assert found["base"].lacking == pytest.approx((630 * 890) ** 0.5 - 510 * 50 / 52, rel=0.02)
    assert found["base"].lacking - found["team"].lacking == pytest.approx(51 * 50 / 52)


def test_where_nothing_is_published_all_is_assumed(loaded: None) -> None:
    assert {s.how for s in begun("BLZ").values()} == {"assumed"}
    assert backlog.read({}, values("BLZ"))[1] == {}


def test_every_field_has_something_to_begin_with_within_its_bounds(loaded: None) -> None:
    for state in ("CRI", "BLZ"):
        start = values(state)
        assert backlog.read({k: "" if v is None else str(v) for k, v in start.items()}, start) == (start, {})
    assert set(assumptions()) - set(backlog.FIELDS) == {"within_weeks"}


@pytest.mark.parametrize(
    ("given_", "field", "why"),
    [
        ({"teams": "many"}, "teams", "number"),
        ({"teams": ""}, "teams", "number"),
        ({"teams": "nan"}, "teams", "number"),
        ({"teams": "1" * 400}, "teams", "number"),
        ({"teams": "0"}, "teams", "bounds"),
        ({"worked": "53"}, "worked", "bounds"),
        ({"inflow_low": "900", "inflow_high": "300"}, "inflow_high", "order"),
        ({"inflow_low": "0"}, "inflow_low", "zero"),
        ({"interviewed": "300000"}, "interviewed", "part"),
        ({"simplified_share": "60", "merged_share": "50"}, "merged_share", "shares"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    loaded: None, given_: dict[str, str], field: str, why: str
) -> None:
    assert backlog.read(given_, values())[1] == {field: why}


def test_an_open_field_may_be_left_empty_and_a_comma_is_a_point(loaded: None) -> None:
    found, wrong = backlog.read({"decisions": " ", "teams": "10,5"}, values())
    assert (found["decisions"], found["teams"], wrong) == (None, 10.5, {})


TYPED = st.one_of(st.text(max_size=25), st.floats().map(str), st.integers(0, 3000).map(str))


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(backlog.FIELDS)), TYPED))
def test_whatever_is_typed_there_is_a_plan_or_a_reason(typed: dict[str, str]) -> None:
    start = {key: assumptions().get(key, 100.0) for key in backlog.FIELDS}
    found, wrong = backlog.read(typed, start)
    assert set(wrong) <= set(backlog.FIELDS)
    if not wrong:
        assert set(backlog.plans(found)) == {"base", "team", "simplified", "closures", "all"}
