"""Counts are protected before they leave: whoever is told all that is released infers no small cell."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.indicators.making import put
from tests.releases.making import HALF, YEAR, Attacker, case, counted, family, guarded

from mirps.evidence.disclosure import api as disclosure
from mirps.evidence.figures.api import NOT_COLLECTED, SUPPRESSED, TOTAL, UNKNOWN
from mirps.evidence.indicators import api as indicators
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.families import families
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.leaves import overlapping, pieces
from mirps.evidence.indicators.model import SUMMED
from mirps.evidence.indicators.planning import Span
from mirps.evidence.releases.guarding import again, guard, kept, news
from mirps.evidence.releases.rules import Row, row
from mirps.evidence.releases.shaping import is_child

RULES = disclosure.rules()
DECIDED = ("asylum_decisions", "asylum_refusals", "asylum_recognition_rate")
_days = st.integers(0, 273).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
_people = st.lists(
    st.tuples(
        st.sampled_from(["F", "M", "_U"]), st.sampled_from(["0-4", "12-17", "0-17", "18-59", "60+", "_U"]),
        st.sampled_from(["recognised", "refused", "complementary"]), _days, st.integers(1, 9),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


def rows_of(people: list[tuple[str, str, str, date, int]]) -> list[dict[str, Any]]:
    out = []
    for sex, age, outcome, day, times in people:
        out += [case(len(out) + k, sex=sex, age=age, outcome=outcome, decided=day) for k in range(times)]
    return out


def threshold(cell: str) -> int:
    return RULES["children" if is_child(cell) else "default"].threshold


@settings(max_examples=30, deadline=None, derandomize=True)
@given(_people)
def test_nobody_infers_a_small_cell_from_all_that_was_released(people: Any) -> None:
    """Half a year is released, then nine months: decisions, refusals and the rate of recognition of both."""
    rows, f = rows_of(people), family(*DECIDED)
    half, _ = counted(f, rows, HALF)
    first = guarded(half) if half.table.values.any() else None
    nine, found = counted(f, rows, YEAR, HALF)
    earlier = [again(first.kept)] if first and not first.laid_bare else []
    second = guarded(nine, *earlier)
    attacker = Attacker(f, found, [YEAR, HALF])
    if first and earlier:
        attacker.told(first.rows, HALF)
    if not second.laid_bare:
        attacker.told(second.rows, YEAR)
    for item in f.items:
        for cell in nine.breakdowns:
            for span, period in ((YEAR, ""), (HALF, nine.table.dimensions[1].members[1])):
                value = nine.table.values.ravel()[nine.cell(item.name, cell, period)]
                if 0 < value < threshold(cell):
                    low, high = attacker.bounds(item.name, span, cell)
                    assert high >= value + 1 - 1e-6, (item.name, cell, span, value, low, high)
                    assert low <= value - 1 + 1e-6, (item.name, cell, span, value, low, high)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(_people, st.data())
def test_a_later_count_does_not_tell_how_few_came_to_an_earlier_one(people: Any, data: Any) -> None:
    rows, f = rows_of(people), family(*DECIDED)
    before = rows[: data.draw(st.integers(1, len(rows)))]
    then, _ = counted(f, before, YEAR)
    now, _ = counted(f, rows, YEAR)
    first = guarded(then)
    if first.laid_bare:
        return
    second = guarded(now, again(first.kept))
    shown = {(r.code, r.cell): r.value for r in first.rows if r.value is not None}
    for r in second.rows if not second.laid_bare else ():
        counts = indicators.indicators()[r.code].counts in SUMMED
        if counts and r.value is not None and (r.code, r.cell) in shown:
            apart = abs(r.value - shown[r.code, r.cell])
            assert apart == 0 or apart >= threshold(r.cell), r


def test_what_is_shown_is_what_is_counted_and_what_is_small_is_told_as_suppressed() -> None:
    rows = [case(n, sex="FM"[n % 2], age="18-59", decided=date(2024, 3, 1 + n % 20)) for n in range(40)]
    rows += [case(100 + n, sex="M", age="60+", outcome="refused") for n in range(3)]
    s, _ = counted(family("asylum_decisions", "asylum_refusals"), rows, YEAR)
    got = {(r.code, r.cell): r for r in guarded(s).rows}
    with engine(1) as db:
        sources = put(db, rows, [])
        chosen = [indicators.indicators()[c] for c in ("asylum_decisions", "asylum_refusals")]
        cubes = Cubes(db, chosen, YEAR).count(sources, parents())
        for (code, cell), r in got.items():
            members = dict(p.split("=") for p in cell.split(";")) if cell != TOTAL else {}
            counted_ = cubes.cell(code, state="MEX", **members)
            if r.value is not None:
                assert r.value == counted_.value, r
            else:
                assert r.absence == SUPPRESSED
    refused = got["asylum_refusals", TOTAL]
    assert (refused.value, refused.absence, refused.why) == (None, SUPPRESSED, "threshold")
    assert got["asylum_decisions", TOTAL].value == 43
    assert got["asylum_decisions", "age=60+"].absence == SUPPRESSED


def test_children_are_held_to_their_own_threshold() -> None:
    rows = [case(n) for n in range(50)] + [case(100 + n, age="5-11") for n in range(8)]
    got = {r.cell: r for r in guarded(counted(family("asylum_decisions"), rows, YEAR)[0]).rows}
    assert got["age=5-11"].absence == SUPPRESSED
    assert got["age=0-17"].absence == SUPPRESSED
    rows = [case(n) for n in range(50)] + [case(100 + n, age="60+") for n in range(8)]
    got = {r.cell: r for r in guarded(counted(family("asylum_decisions"), rows, YEAR)[0]).rows}
    assert got["age=60+"].value == 8


def test_a_dimension_that_nobody_asked_for_is_told_as_not_collected() -> None:
    rows = [case(n, age="_L", sex="_U") for n in range(30)]
    got = {r.cell: r for r in guarded(counted(family("asylum_decisions"), rows, YEAR)[0]).rows}
    assert got["age=0-17"].absence == got["age=_U"].absence == NOT_COLLECTED
    assert got["sex=F"].absence == UNKNOWN
    assert got["sex=_U"].value == 30


def test_a_table_that_must_stay_full_is_rounded_and_adds_up() -> None:

    i = indicators.indicators()["asylum_decisions"]
    i = dataclasses.replace(i, protect=dataclasses.replace(i.protect, full=5))
    f = families([i])[0]
    rows = [case(n, sex="FM"[n % 2]) for n in range(41)] + [
        case(100 + n, sex="_U", age="60+") for n in range(3)
    ]
    done = guarded(counted(f, rows, YEAR)[0])
    assert not done.laid_bare
    got = {r.cell: r for r in done.rows}
    assert all(r.value is not None and r.value % 5 == 0 and r.rounded == 5 for r in done.rows)
    assert got["sex=F"].value + got["sex=M"].value + got["sex=_U"].value == got[TOTAL].value  # type: ignore[operator]
    assert done.report["method"] == "rounded"


def test_quantiles_are_shown_only_where_enough_are_behind_them() -> None:

    f = family("asylum_processing_median")
    rows = [case(n) for n in range(20)] + [case(100 + n, sex="M") for n in range(4)]
    s, _ = counted(f, rows, YEAR)
    told = {(f.name, cell): Decimal(51) for cell in s.breakdowns}
    got = {r.cell: r for r in guard(s, RULES, earlier=[], public=[], quantiles=told).rows}
    assert got["sex=F"].value == 51
    assert (got["sex=M"].value, got["sex=M"].absence) == (None, SUPPRESSED)


def test_a_small_change_waits_and_a_large_one_is_news() -> None:
    f = family(*DECIDED)
    rows = [case(n) for n in range(40)]
    before = again(guarded(counted(f, rows, YEAR)[0]).kept)
    assert news(counted(f, rows, YEAR)[0], before, RULES) == "same"
    assert news(counted(f, [*rows, case(90)], YEAR)[0], before, RULES) == "little"
    assert news(counted(f, rows + [case(90 + n) for n in range(5)], YEAR)[0], before, RULES) == "more"


def test_what_is_kept_of_a_release_is_read_again_whole() -> None:
    rows = [case(n, sex="FM"[n % 2], age=("0-4", "18-59")[n % 3 == 0]) for n in range(20)]
    done = guarded(counted(family(*DECIDED), rows, YEAR, HALF)[0])
    assert kept(again(done.kept)) == done.kept


def test_indicators_that_may_count_one_row_belong_together() -> None:
    found = families(indicators.indicators().values())
    together = {i.code: f.name for f in found for i in f.members}
    assert together["asylum_refusals"] == together["asylum_decisions"] == together["asylum_recognition_rate"]
    assert together["asylum_applications"] == together["asylum_undecided_share"]
    assert together["asylum_applications"] != together["reunification_requests"]
    assert "people_served" not in together
    assert len(together) == len(indicators.indicators()) - 1


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([(2024, 7, 2024, 9)], 1),  # follows: both add up to nine months
        ([(2023, 1, 2023, 6)], 0),  # a half year lies between
        ([(2023, 1, 2023, 6), (2023, 7, 2023, 12)], 2),
    ],
)
def test_periods_that_share_days_or_follow_each_other_are_looked_at_together(
    others: Any, expected: int
) -> None:
    def months(a: int, b: int, c: int, d: int) -> Span:
        return Span(date(a, b, 1), date(c + d // 12, d % 12 + 1, 1) - timedelta(1))

    spans = [months(*o) for o in others]
    near = overlapping(months(2024, 1, 2024, 6), spans)
    assert len(near) == expected
    cut = pieces([months(2024, 1, 2024, 6), *spans])
    assert all(a.last < b.first for a, b in pairwise(cut))


def test_a_row_tells_itself_and_is_read_again() -> None:

    for r in (
        Row("a", TOTAL, Decimal("12.5")),
        Row("a", "sex=F", None, SUPPRESSED, "others"),
        Row("a", "x", None),
    ):
        assert row(r.told()) == r


def test_the_attacker_of_these_tests_is_no_straw_man() -> None:
    """Told everything but the small cell itself, it works that out."""
    rows = [case(n, sex="FM"[n % 2]) for n in range(40)] + [
        case(100 + n, sex="_U", age="60+") for n in range(3)
    ]
    f = family("asylum_decisions", "asylum_refusals")
    s, found = counted(f, rows, YEAR)
    attacker = Attacker(f, found, [YEAR])
    values = s.table.values.ravel()
    told = [
        Row("asylum_decisions", c, Decimal(int(values[s.cell("asylum_decisions", c)]))) for c in s.breakdowns
    ]
    attacker.told([r for r in told if r.cell != "age=60+"], YEAR)
    assert attacker.bounds("asylum_decisions", YEAR, "age=60+") == (3, 3)
    protected = Attacker(f, found, [YEAR])
    protected.told(guarded(s).rows, YEAR)
    low, high = protected.bounds("asylum_decisions", YEAR, "age=60+")
    assert (low <= 1, high >= 5) == (True, True)
