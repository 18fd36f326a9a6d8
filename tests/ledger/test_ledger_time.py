"""Statements at different times, statements made twice, and declared relations: each rule by example."""

from __future__ import annotations

import pytest
from tests.ledger.making import fig, relation, told


def span(start: str, end: str) -> dict[str, str]:
    return {"period_start": start, "period_end": end}


MAY = span("2024-01-01", "2024-05-31")
SEPTEMBER = span("2024-01-01", "2024-09-30")


def test_a_count_from_one_beginning_does_not_fall() -> None:
    assert told(fig("t-5", 100, **MAY), fig("t-9", 120, **SEPTEMBER)) == []
    assert told(fig("t-5", 100, **MAY), fig("t-9", 90, **SEPTEMBER)) == [
        ("contradiction", "series_falls", ("t-9", "t-5"))
    ]


def test_about_a_hundred_and_then_ninety_six_is_no_fall() -> None:
    assert told(fig("t-5", 100, qualifier="about", **MAY), fig("t-9", 96, **SEPTEMBER)) == []


def test_a_fall_is_only_a_doubt_when_no_beginning_is_stated() -> None:
    found = told(fig("t-5", 100, period_end="2024-05-31"), fig("t-9", 90, period_end="2024-09-30"))
    assert found == [("warning", "series_falls", ("t-9", "t-5"))]


def test_a_period_inside_another_holds_no_more() -> None:
    year, summer = fig("t-y", 100), fig("t-s", 101, **span("2024-06-01", "2024-08-31"))
    assert told(year, summer) == [("contradiction", "parts_exceed_total", ("t-y", "t-s"))]


def test_quarters_make_the_year() -> None:
    ends = ("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")
    quarters = [fig(f"t-q{n}", 25, **span(f"2024-{a}", f"2024-{b}")) for n, (a, b) in enumerate(ends)]
    assert told(fig("t-y", 100), *quarters) == []
    assert [k for _, k, _ in told(fig("t-y", 103), *quarters)] == ["parts_below_total"]
    assert told(fig("t-y", 103), *quarters[1:]) == []


def test_the_same_number_for_a_period_and_for_a_shorter_one_in_one_document_is_at_odds() -> None:
    long = fig("t-13", 544, **span("2023-09-01", "2024-09-30"))
    assert told(long, fig("t-9", 544, **SEPTEMBER)) == [("contradiction", "restated_period", ("t-13", "t-9"))]
    assert told(long, fig("t-9", 544, document="D2", **SEPTEMBER)) == []
    assert told(fig("t-13", 3, **span("2023-09-01", "2024-09-30")), fig("t-9", 3, **SEPTEMBER)) == []


def test_a_running_stock_does_not_fall_but_a_population_may() -> None:
    def two(measure: str) -> list[tuple[str, str, tuple[str, ...]]]:
        return told(
            fig("t-1", 2646, measure=measure, as_of="2024-05-31"),
            fig("t-2", 2609, measure=measure, as_of="2024-09-30"),
        )

    assert two("recognised-cumulative") == [("contradiction", "series_falls", ("t-2", "t-1"))]
    assert two("present") == []


def test_a_stock_rises_by_no_more_than_came_in() -> None:
    stock = [
        fig("t-1", 2609, measure="recognised-cumulative", as_of="2024-05-31"),
        fig("t-2", 2646, measure="recognised-cumulative", as_of="2024-09-30"),
    ]
    assert told(*stock, fig("t-in", 40, measure="recognised", **SEPTEMBER)) == []
    assert told(*stock, fig("t-in", 20, measure="recognised", **SEPTEMBER)) == [
        ("contradiction", "stock_outruns_flow", ("t-2", "t-1", "t-in"))
    ]
    assert [
        s
        for s, _, _ in told(*stock, fig("t-in", 20, measure="recognised", qualifier="at_least", **SEPTEMBER))
    ] == ["warning"]
    assert told(*stock, fig("t-in", 20, measure="recognised", **MAY)) == []  # another time


@pytest.mark.parametrize(("last", "jumps"), [(131, False), (1310, True), (13, True)])
def test_a_value_far_from_its_history_is_a_jump(last: int, jumps: bool) -> None:
    values = [100, 104, 110, 113, 119, 125, last]
    series = [
        fig(f"t-{2018 + n}", v, **span(f"{2018 + n}-01-01", f"{2018 + n}-12-31"))
        for n, v in enumerate(values)
    ]
    found = told(*series)
    assert ([(s, k, f[0]) for s, k, f in found] == [("warning", "jump", "t-2024")]) is jumps
    assert told(*series[:1], *series[-4:]) == []  # five points are no history


def test_the_same_thing_stated_twice_has_one_value() -> None:
    assert told(fig("t-a", 100), fig("t-b", 100, document="D2")) == []
    assert told(fig("t-a", 100), fig("t-b", 120, document="D2")) == [
        ("contradiction", "restated", ("t-b", "t-a"))
    ]
    assert told(fig("t-a", 100, qualifier="at_least"), fig("t-b", 120, document="D2")) == []
    assert [k for _, k, _ in told(fig("t-a", 130, qualifier="at_least"), fig("t-b", 120, document="D2"))] == [
        "qualifier_mismatch"
    ]


def test_a_value_kept_for_triangulation_is_a_doubt_and_no_part_of_sums() -> None:
    kept = fig("t-b", 120, role="triangulation")
    assert told(fig("t-a", 100), kept) == [("warning", "restated", ("t-b", "t-a"))]
    assert told(fig("t-a", 100), fig("t-f", 120, dimensions="sex=F", role="triangulation")) == []


def test_a_figure_that_was_superseded_no_longer_counts() -> None:
    parts = [fig("t-f", 40, dimensions="sex=F"), fig("t-m", 50, dimensions="sex=M")]
    assert told(fig("t-a", 100), fig("t-a2", 90, supersedes="t-a"), *parts) == []


def test_ages_in_stories_are_no_statistics() -> None:
    ages = [fig(f"t-{n}", n, measure="story", unit="year", period_end=None) for n in (35, 72)]
    assert told(*ages) == []


def test_a_rounded_million_allows_what_it_rounds() -> None:
    rounded = fig("t-a", 1240000, fragment="1.24 million people")
    assert told(rounded, fig("t-b", 1238412)) == []
    assert [k for _, k, _ in told(rounded, fig("t-b", 1250001))] == ["restated"]


def test_one_measure_in_two_units_is_a_doubt_and_a_unit_of_another_kind_a_contradiction() -> None:
    people = fig("t-1", 70, **SEPTEMBER)
    families = fig("t-2", 20, unit="family", document="D2", **MAY)
    assert told(people, families) == [("warning", "unit_differs", ("t-1", "t-2"))]
    assert told(fig("t-1", 70, unit="USD")) == [("contradiction", "unit_wrong", ("t-1",))]


def test_a_stated_change_agrees_with_both_its_ends() -> None:
    before = fig("t-23", 200, **span("2023-01-01", "2023-12-31"))
    compare = {"compare_start": "2023-01-01", "compare_end": "2023-12-31"}
    fall = fig("t-c", -35, unit="percent_change", **compare)
    assert told(before, fig("t-24", 130), fall) == []
    assert [(k, f) for _, k, f in told(before, fig("t-24", 150), fall)] == [
        ("change_mismatch", ("t-c", "t-23", "t-24"))
    ]
    assert [k for _, k, _ in told(before, fig("t-24", 270), fall)] == ["direction_mismatch"]
    fewer = fig("t-c", -70, unit="difference", **compare)
    assert told(before, fig("t-24", 130), fewer) == []
    assert [k for _, k, _ in told(before, fig("t-24", 131), fewer)] == ["change_mismatch"]


def test_dates_that_cannot_be_are_found() -> None:
    backwards = fig("t-1", 5, **span("2024-12-31", "2024-01-01"))
    assert [k for _, k, _ in told(backwards)] == ["period_reversed"]
    later = fig("t-1", 5, unit="difference", compare_start="2025-01-01", compare_end="2025-12-31")
    assert [k for _, k, _ in told(later)] == ["period_reversed"]
    assert [k for _, k, _ in told(fig("t-1", 5, as_of="2031-01-01", document="AR24"))] == ["date_ahead"]
    assert told(fig("t-1", 5, as_of="2031-01-01", document="AR24", stage="planned")) == []


def test_a_year_in_the_quoted_words_lies_in_the_figures_period() -> None:
    assert told(fig("t-1", 5, fragment="5 people in 2024")) == []
    assert [k for _, k, _ in told(fig("t-1", 5, fragment="5 people in 2022"))] == ["period_label"]
    assert told(fig("t-1", 2022, fragment="a total of 2022 people")) == []
    assert told(fig("t-1", 2100, fragment="from 2000 to 2100 people")) == []


def test_a_length_of_time_agrees_with_its_dates() -> None:
    days = {"measure": "length", "unit": "day", **span("2024-10-15", "2024-10-16")}
    assert told(fig("t-1", 2, **days)) == []
    assert [k for _, k, _ in told(fig("t-1", 5, **days))] == ["duration_mismatch"]


@pytest.mark.parametrize(
    ("kind", "left", "right", "found"),
    [
        ("sum", 19, (9, 10), []),
        ("sum", 18, (9, 10), ["parts_exceed_total"]),
        ("sum", 20, (9, 10), ["parts_below_total"]),
        ("product", 29712, (4, 7428), []),
        ("product", 28800, (4, 7428), ["product_mismatch"]),
        ("same", 61, (61,), []),
        ("same", 61, (60,), ["restated"]),
        ("share", 25, (200, 50), []),
        ("share", 35, (200, 50), ["share_mismatch"]),
        ("at_most", 18, (25,), []),
        ("at_most", 25, (18,), ["above_limit"]),
        ("difference", 30, (50, 20), []),
        ("difference", 31, (50, 20), ["difference_mismatch"]),
        ("ratio", 4, (20, 5), []),
        ("ratio", 5, (20, 5), ["rate_mismatch"]),
    ],
)
def test_a_declared_relation_holds(kind: str, left: int, right: tuple[int, ...], found: list[str]) -> None:
    """Bases of their own keep the figures apart for every other rule."""
    figures = [fig("r-left", left, universe="left", unit="percent" if kind == "share" else "person")]
    figures += [fig(f"r-{n}", v, universe=f"right {n}") for n, v in enumerate(right)]
    declared = relation(kind, "r-left", *(f"r-{n}" for n in range(len(right))))
    assert [k for _, k, _ in told(*figures, relations=(declared,))] == found


def test_a_stated_count_is_the_number_of_items_listed() -> None:
    six = fig("r-left", 6, measure="bodies", unit="item")
    assert told(six, relations=(relation("count", "r-left", params="listed=6"),)) == []
    assert [k for _, k, _ in told(six, relations=(relation("count", "r-left", params="listed=7"),))] == [
        "list_count"
    ]


def test_a_relation_is_asked_of_the_figure_that_now_stands_and_is_passed_over_where_one_is_missing() -> None:
    corrected = fig("r-a2", 19, universe="a", supersedes="r-a")
    figures = [
        fig("r-a", 18, universe="a"),
        corrected,
        fig("r-b", 9, universe="b"),
        fig("r-c", 10, universe="c"),
    ]
    assert told(*figures, relations=(relation("sum", "r-a", "r-b", "r-c"),)) == []
    assert told(figures[0], relations=(relation("sum", "r-a", "r-b", "r-c"),)) == []


def test_a_relation_read_literally_takes_an_estimate_as_written() -> None:
    total = fig("r-left", 28800, qualifier="about", universe="a")
    figures = [total, fig("r-0", 4, universe="b"), fig("r-1", 7428, qualifier="about", universe="c")]
    assert told(*figures, relations=(relation("product", "r-left", "r-0", "r-1"),)) == []
    literal = relation("product", "r-left", "r-0", "r-1", params="read=literal")
    assert [k for _, k, _ in told(*figures, relations=(literal,))] == ["product_mismatch"]
