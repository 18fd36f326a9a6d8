"""Cubes that stand on disk are those of a full count, day after day, at the cost of the day."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators.making import PARENTS, case_rows, put

from mirps.evidence.indicators import api, standing
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.model import Over

ALL = list(api.indicators().values())
#: A smaller failure would take minutes to find; the rows are few as they are.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def _said(cubes: Cubes) -> dict[str, list[str]]:
    return {code: sorted(map(repr, cubes.cells(code))) for code in cubes.indicators}


@given(case_rows, case_rows, st.data())
@settings(max_examples=5, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
def test_a_change_taken_in_gives_what_a_full_count_gives(
    before: list[Any], new: list[Any], data: st.DataObject
) -> None:
    changes = min(len(before), len(new), data.draw(st.integers(0, 5)))  # the first so many are said anew
    with tempfile.TemporaryDirectory() as home, engine(1) as db:
        folder = Path(home)
        put(db, before, [])
        standing.begin(db, folder, ALL, "cases", PARENTS)
        put(db, before[:changes], [])
        db.execute("CREATE OR REPLACE TABLE changed AS SELECT *, -1 AS weight FROM cases")
        put(db, new, [])
        db.execute("INSERT INTO changed SELECT *, 1 FROM cases")
        standing.add(db, folder, ALL, "changed", PARENTS)
        stood = _said(standing.read(db, folder, ALL, PARENTS))
        put(db, before[changes:] + new, [])
        full = Cubes(db, standing.kept(ALL), standing.ALWAYS).count({Over.CASES: "cases"}, PARENTS)
        assert stood == _said(full)


def test_cubes_of_other_definitions_are_not_added_to(tmp_path: Path) -> None:
    with engine(1) as db:
        put(db, [], [])
        standing.begin(db, tmp_path, ALL, "cases", PARENTS)
        with pytest.raises(standing.Changed):
            standing.read(db, tmp_path, ALL[:3], PARENTS)
        with pytest.raises(standing.Changed):
            standing.read(db, tmp_path, ALL, {})


def test_different_persons_are_never_kept_as_sums() -> None:
    assert "people_served" not in {i.code for i in standing.kept(ALL)}
    assert "asylum_recognition_rate" in {i.code for i in standing.kept(ALL)}
