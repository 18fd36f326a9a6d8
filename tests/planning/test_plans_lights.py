"""A light says why: late and unfinished is never green, no data is never green, figures go before words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.texts.api import catalogue
from mirps.evidence.figures.api import Book, Entry, Figure, Flow, Measure
from mirps.planning.plans.lights import (
    Colour,
    Computed,
    Dates,
    Light,
    Point,
    Stage,
    Stated,
    Sum,
    last_said,
    light,
)
from mirps.planning.plans.readings import Unclear, parsed, reading, summed

TODAY = date(2026, 3, 10)
days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
stated = st.builds(
    Stated, day=days, stage=st.sampled_from(Stage), percent=st.none() | st.decimals(0, 120, places=1)
)
points = st.builds(Point, st.decimals(-50, 50, places=1), st.none() | days)
computed = st.builds(
    Computed, now=points, baseline=st.none() | points, target=st.none() | st.decimals(-50, 50, places=1)
)
dates_of = st.builds(Dates, starts=st.none() | days, due=st.none() | days, own=st.booleans())


@given(dates_of, st.none() | stated, st.none() | computed)
def test_late_and_unfinished_is_never_green(when: Dates, said: Stated | None, shown: Computed | None) -> None:
    found = light(when, said, shown, TODAY)
    share = shown.share if shown else None
    reached = share is not None and share >= 100
    said_done = said is not None and said.day <= TODAY and said.stage is Stage.DONE and share is None
    if when.due and when.due < TODAY and not (reached or said_done):
        assert found.colour is not Colour.GREEN


@given(dates_of)
def test_no_data_is_never_green(when: Dates) -> None:
    found = light(when, None, None, TODAY)
    assert found.colour in (Colour.GREY, Colour.RED)
    # Red alone because its own date has passed: that much is known.
    assert (found.colour is Colour.RED) == bool(when.due and when.due < TODAY and when.own)
    assert found.basis == ""


@given(dates_of, st.none() | stated, st.none() | computed)
def test_every_light_has_a_sentence_in_both_languages(
    when: Dates, said: Stated | None, shown: Computed | None
) -> None:
    found = light(when, said, shown, TODAY)
    text = catalogue()[f"plans.light.{found.reason}"]
    for words in (text.es, text.en):
        assert {name for _, name, _, _ in Formatter().parse(words) if name} <= set(found.values)


@given(dates_of, stated, computed)
def test_where_a_figure_shows_it_the_figure_counts(when: Dates, said: Stated, shown: Computed) -> None:
    found = light(when, said, shown, TODAY)
    if shown.share is not None and not (said.stage is Stage.DROPPED and said.day <= TODAY):
        assert found.basis == "computed"
        assert found.percent == shown.share


@given(dates_of, stated)
def test_what_is_said_of_a_day_to_come_does_not_count_yet(when: Dates, said: Stated) -> None:
    if said.day > TODAY:
        assert light(when, said, None, TODAY) == light(when, None, None, TODAY)


def _light(*, due: str = "", starts: str = "", stage: str = "", day: str = "2026-03-01", percent: int | None = None,
           own: bool = True) -> Light:  # fmt: skip
    said = (
        Stated(date.fromisoformat(day), Stage(stage), None if percent is None else Decimal(percent))
        if stage
        else None
    )
    when = Dates(
        date.fromisoformat(starts) if starts else None, date.fromisoformat(due) if due else None, own
    )
    return light(when, said, None, TODAY)


@pytest.mark.parametrize(
    ("given_", "colour", "reason"),
    [
        ({"due": "2026-03-09"}, Colour.RED, "late-unsaid"),
        ({"due": "2026-03-09", "stage": "under-way", "percent": 90}, Colour.RED, "late-percent-before"),
        ({"due": "2026-02-09", "stage": "under-way", "percent": 90}, Colour.RED, "late-percent"),
        ({"due": "2026-03-09", "stage": "in-review"}, Colour.RED, "late-stage-before"),
        ({"due": "2026-02-09", "stage": "in-review"}, Colour.RED, "late-stage"),
        ({"due": "2026-03-09", "stage": "in-review", "own": False}, Colour.RED, "plan-over-stage"),
        ({"due": "2023-12-31", "own": False}, Colour.GREY, "over-unsaid"),
        ({"due": "2026-03-10", "stage": "under-way"}, Colour.AMBER, "soon"),
        ({"due": "2026-03-20", "stage": "under-way", "percent": 50}, Colour.AMBER, "soon-percent"),
        ({"due": "2026-03-20", "stage": "under-way", "percent": 80}, Colour.GREEN, "on-course"),
        (
            {"due": "2026-12-31", "starts": "2025-01-01", "stage": "under-way", "percent": 20},
            Colour.AMBER,
            "behind",
        ),
        ({"stage": "under-way"}, Colour.GREEN, "stage.under-way"),
        ({"stage": "under-way", "day": "2025-01-01"}, Colour.AMBER, "silent"),
        ({"stage": "held-up"}, Colour.AMBER, "held-up"),
        ({"stage": "not-started", "starts": "2026-01-01"}, Colour.AMBER, "not-started"),
        ({"stage": "not-started", "starts": "2027-01-01"}, Colour.GREY, "not-begun"),
        ({"stage": "done", "day": "2026-02-01", "due": "2026-01-01"}, Colour.GREEN, "done-after"),
        ({"stage": "done", "day": "2025-12-01", "due": "2026-01-01"}, Colour.GREEN, "done"),
        ({"stage": "done", "percent": 60}, Colour.AMBER, "done-but-percent"),
        ({"stage": "dropped", "due": "2025-01-01"}, Colour.GREY, "dropped"),
        ({"starts": "2027-01-01"}, Colour.GREY, "to-begin"),
        ({}, Colour.GREY, "no-data"),
    ],
)
def test_each_state_has_its_colour_and_its_reason(
    given_: dict[str, object], colour: Colour, reason: str
) -> None:
    found = _light(**given_)  # type: ignore[arg-type]
    assert (found.colour, found.reason) == (colour, reason)


def test_a_thing_goes_late_on_the_day_after_its_date() -> None:
    when = Dates(due=TODAY)
    assert not light(when, None, None, TODAY).late
    assert light(when, None, None, TODAY + timedelta(days=1)).late


def test_what_is_called_done_while_the_figure_shows_less_is_not_green() -> None:
    shown = Computed(Point(Decimal(60), date(2026, 2, 1), ("f1",)), Point(Decimal(0)), Decimal(100))
    found = light(Dates(), Stated(date(2026, 2, 1), Stage.DONE), shown, TODAY)
    assert (found.colour, found.reason, found.percent) == (Colour.AMBER, "done-but-figure", Decimal(60))


def test_the_last_word_counts_and_not_one_about_a_later_day() -> None:
    said = [
        Stated(date(2026, 1, 1), Stage.UNDER_WAY),
        Stated(date(2026, 2, 1), Stage.DONE),
        Stated(date(2027, 1, 1), Stage.DROPPED),
    ]
    found = last_said(said, TODAY)
    assert found is not None
    assert found.stage is Stage.DONE


def test_things_under_one_are_counted_by_colour() -> None:
    found = Sum.of([_light(), _light(stage="done"), _light(due="2026-01-01")])
    assert (found.grey, found.green, found.red, found.late, found.all) == (1, 1, 1, 1, 3)


# --- what the ledger shows --------------------------------------------------------------------------

STOCK = Measure("refugees", "R", "R", "person", Flow.STOCK, False, True, True, "asylum")
FLOW = Measure("permits", "P", "P", "permit", Flow.FLOW, True, True, True, "jobs")


def _figure(id_: str, value: int, **kw: object) -> Figure:
    return Figure(id=id_, document="AR24", locator="", fragment="", state="CRI", sector="asylum",
                  value=Decimal(value), **{"measure": "refugees", "unit": "person", **kw})  # type: ignore[arg-type]  # fmt: skip


def _ledger(*figures: Figure):  # type: ignore[no-untyped-def]
    book = Book.of(figures, {})

    def of(measure: str) -> list[Entry]:
        return book.select(measure=measure)

    return of


def test_a_stock_goes_from_its_value_at_the_start_to_the_last() -> None:
    of = _ledger(
        _figure("a", 10, as_of=date(2023, 12, 31)),
        _figure("b", 20, as_of=date(2024, 6, 30)),
        _figure("c", 25, as_of=date(2024, 12, 31)),
    )
    found = reading("refugees CRI", of, STOCK, starts=date(2024, 1, 1), target=Decimal(40))
    assert isinstance(found, Computed)
    assert (found.baseline, found.now) == (
        Point(Decimal(10), date(2023, 12, 31), ("a",)), Point(Decimal(25), date(2024, 12, 31), ("c",)),
    )  # fmt: skip
    assert found.share == 50


def test_periods_that_overlap_are_not_added_and_every_figure_that_counts_is_named() -> None:
    of = _ledger(
        _figure(
            "jan-may",
            50,
            measure="permits",
            unit="permit",
            period_start=date(2024, 1, 1),
            period_end=date(2024, 5, 31),
        ),
        _figure(
            "jan-sep",
            90,
            measure="permits",
            unit="permit",
            period_start=date(2024, 1, 1),
            period_end=date(2024, 9, 30),
        ),
        _figure(
            "oct",
            10,
            measure="permits",
            unit="permit",
            period_start=date(2024, 10, 1),
            period_end=date(2024, 10, 31),
        ),
        _figure(
            "before",
            7,
            measure="permits",
            unit="permit",
            period_start=date(2023, 1, 1),
            period_end=date(2023, 12, 31),
        ),
    )
    found = reading("permits CRI", of, FLOW, starts=date(2024, 1, 1), target=Decimal(200))
    assert isinstance(found, Computed)
    assert (found.now.value, found.now.figures) == (Decimal(100), ("oct", "jan-sep"))
    assert found.share == 50


spans = st.tuples(st.integers(0, 700), st.integers(0, 400), st.integers(0, 1000))


@given(st.lists(spans, max_size=12), st.none() | st.integers(0, 700))
def test_no_day_is_counted_twice_and_none_before_the_plan(
    held: list[tuple[int, int, int]], since: int | None
) -> None:
    first = date(2023, 1, 1)
    figures = {
        f"f{i}": _figure(f"f{i}", value, measure="permits", unit="permit", period_start=first + timedelta(days=a),
                         period_end=first + timedelta(days=a + n))
        for i, (a, n, value) in enumerate(held)
    }  # fmt: skip
    starts = None if since is None else first + timedelta(days=since)
    found = summed(figures.values(), starts)
    if found is None:
        assert not [f for f in figures.values() if starts is None or f.period_start >= starts]
        return
    taken = [figures[i] for i in found.figures]
    assert found.value == sum(f.value for f in taken)
    days = [d for f in taken for d in range(f.period_start.toordinal(), f.period_end.toordinal() + 1)]
    assert len(days) == len(set(days))
    assert starts is None or min(f.period_start for f in taken) >= starts


def test_a_series_that_means_several_things_is_not_computed_and_says_between_what() -> None:
    of = _ledger(
        _figure("a", 10, population="REF", as_of=date(2024, 1, 1)),
        _figure("b", 9, population="ASY", as_of=date(2024, 1, 1)),
    )
    found = reading("refugees CRI", of, STOCK)
    assert isinstance(found, Unclear)
    assert (found.why, len(found.between)) == ("several", 2)
    one = reading("refugees CRI population=REF", of, STOCK)
    assert isinstance(one, Computed)
    assert one.now.figures == ("a",)


def test_a_series_without_figures_says_so_and_one_figure_alone_shows_no_way() -> None:
    assert reading("refugees PAN", _ledger(_figure("a", 1)), STOCK) == Unclear("none")
    one = reading("refugees CRI", _ledger(_figure("a", 1, as_of=date(2024, 1, 1))), STOCK, target=Decimal(9))
    assert isinstance(one, Computed)
    assert one.share is None


def test_what_the_target_lies_below_is_progress_downwards() -> None:
    of = _ledger(_figure("a", 200, as_of=date(2024, 1, 1)), _figure("b", 150, as_of=date(2025, 1, 1)))
    found = reading("refugees CRI", of, STOCK, target=Decimal(100))
    assert isinstance(found, Computed)
    assert found.share == 50


def test_a_series_names_its_members_and_what_stands_beside_them() -> None:
    found = parsed("asylum.applications MEX sex=F;population=ASY")
    assert (found.dimensions, found.beside) == ("sex=F", (("population", "ASY"),))
