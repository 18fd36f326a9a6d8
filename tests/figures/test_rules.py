"""What a figure is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.evidence.figures.book import Event, fold
from mirps.evidence.figures.rules import (
    Figure,
    Status,
    canonical_dimensions,
    faults,
    parse_dimensions,
    supersede,
)

FIGURE = Figure("a-1", "AR24", "p", "five words", "HND", "jobs", "m", Decimal(5), "person")
names = st.text("abcxyz-", min_size=1, max_size=6)


@given(st.dictionaries(names, names, max_size=5))
def test_dimensions_are_written_in_one_way_and_read_back(pairs: dict[str, str]) -> None:
    text = canonical_dimensions(pairs)
    assert parse_dimensions(text) == pairs
    assert canonical_dimensions(parse_dimensions(text)) == text


@pytest.mark.parametrize("text", ["sex", "sex=", "=F", "sex=F;sex=M"])
def test_a_faulty_dimension_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="dimension"):
        parse_dimensions(text)


def test_a_value_and_an_absence_exclude_each_other() -> None:
    assert faults(FIGURE) == []
    assert faults(Figure(**{**as_dict(FIGURE), "absence": "_S"})) == ["figure.fault.value_or_absence"]
    assert faults(Figure(**{**as_dict(FIGURE), "value": None})) == ["figure.fault.value_or_absence"]
    assert faults(Figure(**{**as_dict(FIGURE), "value": None, "absence": "_S"})) == []


def test_a_superseding_figure_needs_an_id_of_its_own() -> None:
    assert supersede(FIGURE, id="a-2", value=Decimal(6)).supersedes == "a-1"
    with pytest.raises(ValueError, match="id of its own"):
        supersede(FIGURE, value=Decimal(6))


STEPS = st.lists(
    st.tuples(st.sampled_from([*(s.value for s in Status), "superseded"]), st.integers(0, 50)), max_size=12
)


@given(STEPS, st.randoms(use_true_random=False), st.integers(0, 50))
def test_the_order_in_which_events_arrive_does_not_matter(
    steps: list[tuple[str, int]], rng: object, day: int
) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    events = [
        Event("f", kind, start + timedelta(days=n, seconds=i), other="g") for i, (kind, n) in enumerate(steps)
    ]
    mixed = list(events)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    until = start + timedelta(days=day)
    assert fold(Status.DRAFT, events, until) == fold(Status.DRAFT, mixed, until)


def as_dict(figure: Figure) -> dict[str, object]:
    return {name: getattr(figure, name) for name in Figure.__dataclass_fields__}
