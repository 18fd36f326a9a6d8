"""Cubes that stand on disk are those of a full count, whatever comes and in whatever order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators.making import DAY, PARENTS, act_rows, case_rows, put, waiting

from mirps.evidence.indicators import api, standing
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.standing import Changed, Standing

ALL = list(api.indicators().values())
#: A smaller failure would take minutes to find; the rows are few as they are.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
Row = dict[str, Any]
#: Day of recording -> the rows that its file has, each case once.
Days = dict[date, list[Row]]


def nth(n: int) -> date:
    return DAY + timedelta(n)


def recorded(rows: Iterable[Row], day: date) -> list[Row]:
    return list({r["case_id"]: {**r, "case_id": r["case_id"] % 12, "recorded": day} for r in rows}.values())


def once(rows: Iterable[Row]) -> list[Row]:
    return list({r["case_id"]: r for r in rows}.values())


def known(days: Days, on: date) -> list[Row]:
    """Each case as it was recorded last."""
    return once(row for day in sorted(days) if day <= on for row in days[day])


def counted(db: duckdb.DuckDBPyConnection, cases: list[Row], acts: list[Row]) -> dict[str, list[str]]:
    return said(Cubes(db, standing.kept(ALL), standing.ALWAYS).count(put(db, cases, acts), PARENTS))


def said(cubes: Cubes) -> dict[str, list[str]]:
    return {code: sorted(map(repr, cubes.cells(code))) for code in cubes.indicators}


@given(st.data())
@settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
def test_days_taken_in_in_any_order_and_again_give_what_a_full_count_gives_on_each_day(
    data: st.DataObject,
) -> None:
    first: Days = {nth(0): once(recorded(data.draw(case_rows), nth(0)))}
    later: Days = {nth(n): once(recorded(data.draw(case_rows), nth(n))) for n in (1, 2, 3)}
    order = data.draw(st.permutations([*later, nth(2)]))  # one of them twice
    before_it_was_over = data.draw(st.integers(0, 5))
    with tempfile.TemporaryDirectory() as home, engine(1) as db:
        stands = Standing(Path(home), ALL, PARENTS)
        stands.begin(db, put(db, first[nth(0)], []), nth(0))
        for n, day in enumerate(order):
            whole = day != nth(2) or nth(2) in order[:n]
            put(db, later[day] if whole else later[day][:before_it_was_over], [])
            stands.take(db, Over.CASES, day, "cases")
        for day in (nth(0), nth(2), nth(3)):
            assert said(stands.read(db, on=day)) == counted(db, known(first | later, day), [])
        stands.settle(db, nth(2))
        assert said(stands.read(db)) == counted(db, known(first | later, nth(3)), [])
        late = once(recorded(data.draw(case_rows), nth(1)))  # below the floor
        put(db, late, [])
        stands.take(db, Over.CASES, nth(1), "cases")
        every = first | later | {nth(1): once([*later[nth(1)], *late])}
        assert said(stands.read(db)) == counted(db, known(every, nth(3)), [])


@given(act_rows, act_rows, act_rows)
@settings(max_examples=4, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
def test_a_days_acts_count_once_however_often_the_day_is_taken_in(
    before: list[Row], new: list[Row], more: list[Row]
) -> None:
    with tempfile.TemporaryDirectory() as home, engine(1) as db:
        stands = Standing(Path(home), ALL, PARENTS)
        stands.begin(db, put(db, [], before), nth(0))
        for acts in (new, [*new, *more]):
            put(db, [], acts)
            stands.take(db, Over.ACTS, nth(1), "acts")
        assert said(stands.read(db)) == counted(db, [], [*before, *new, *more])


@pytest.fixture
def one() -> Row:
    return waiting(case_id=7, person_id=7)


def test_told_are_the_indicators_that_a_day_touches(tmp_path: Path, one: Row) -> None:
    with engine(1) as db:
        stands = Standing(tmp_path, ALL, PARENTS)
        stands.begin(db, put(db, [one], []), nth(0))
        assert stands.take(db, Over.CASES, nth(1), "cases") == set()  # nothing is new
        put(db, [one | {"interviewed": nth(1)}], [])
        touched = stands.take(db, Over.CASES, nth(1), "cases")
        assert {"asylum_interviews", "asylum_interviewed_share"} <= touched
        assert not touched & {"asylum_decisions", "asylum_closures", "asylum_pending_age"}
        assert stands.read(db, ["asylum_interviews"]).cell("asylum_interviews", state="MEX").value == 1
        assert stands.read(db, on=nth(0)).cell("asylum_interviews", state="MEX").value == 0


def test_a_day_that_cannot_be_read_changes_nothing(tmp_path: Path, one: Row) -> None:
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    with engine(1) as db:
        stands = Standing(tmp_path / "standing", ALL, PARENTS)
        stands.begin(db, put(db, [one], []), nth(0))
        before = said(stands.read(db))
        with pytest.raises(duckdb.Error):
            stands.take(db, Over.CASES, nth(1), f"read_parquet('{tmp_path}/torn.parquet')")
        assert said(stands.read(db)) == before
        assert stands.days() == (nth(0), 0)


def test_cubes_of_other_definitions_are_not_added_to(tmp_path: Path, one: Row) -> None:
    with engine(1) as db:
        with pytest.raises(Changed):
            Standing(tmp_path, ALL, PARENTS).read(db)
        Standing(tmp_path, ALL, PARENTS).begin(db, put(db, [one], []), nth(1))
        for other in (Standing(tmp_path, ALL[:3], PARENTS), Standing(tmp_path, ALL, {})):
            with pytest.raises(Changed):
                other.read(db)
        with pytest.raises(Changed):  # what was known before the floor is not kept
            Standing(tmp_path, ALL, PARENTS).read(db, on=nth(0))


def test_different_persons_are_never_kept_as_sums() -> None:
    assert "people_served" not in {i.code for i in standing.kept(ALL)}
    assert "asylum_recognition_rate" in {i.code for i in standing.kept(ALL)}
