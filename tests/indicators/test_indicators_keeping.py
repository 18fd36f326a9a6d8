"""The standing cubes follow the case ledger day by day, and are begun anew where that is not enough."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cases.desks import AT, Walked, at_decision, claimed, posted
from tests.registry.said import who

from mirps.evidence.indicators import api, keeping
from mirps.evidence.indicators import standing as standings
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.exporting import as_known, export
from mirps.evidence.indicators.keeping import Kept
from mirps.evidence.indicators.layers import parents

pytestmark = pytest.mark.django_db
DAY = AT.date()
ALL = list(api.indicators().values())


@pytest.fixture
def case() -> Walked:
    posted()
    return at_decision(claimed(who("Ximena", "Vásquez López")))


def kept(folder: Path) -> Kept:
    with engine(1) as db:
        return keeping.keep(db, folder, keeping.standing(folder, ALL, parents()))


def same_as_a_full_count(folder: Path, on: date) -> bool:
    def said(cubes: Cubes) -> dict[str, list[str]]:
        return {code: sorted(map(repr, cubes.cells(code))) for code in cubes.indicators}

    with engine(1) as db:
        stood = said(keeping.standing(folder, ALL, parents()).read(db, on=on))
        span = standings.ALWAYS
        return stood == said(Cubes(db, standings.kept(ALL), span).count(as_known(db, folder, on), parents()))


def test_what_was_exported_is_taken_in_once_and_a_day_that_goes_on_again(
    case: Walked, tmp_path: Path
) -> None:
    list(export(tmp_path, until=DAY + timedelta(11)))
    assert kept(tmp_path).full
    assert kept(tmp_path) == Kept(0, False, frozenset())
    case.does("recognise", "coordinator", days=12)
    list(export(tmp_path, until=DAY + timedelta(12)))
    taken = kept(tmp_path)
    assert not taken.full
    assert "asylum_decisions" in taken.touched
    assert "asylum_applications" not in taken.touched
    case.does("notify_grant", "protection", days=12)  # later on the same day: its file is written anew
    list(export(tmp_path, until=DAY + timedelta(12)))
    assert kept(tmp_path).touched
    for on in (DAY + timedelta(11), DAY + timedelta(12)):
        assert same_as_a_full_count(tmp_path, on)


def test_after_many_days_the_floor_is_raised_and_nothing_else_changes(
    case: Walked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 1)
    monkeypatch.setattr(keeping, "STAY", 1)
    list(export(tmp_path, until=DAY + timedelta(11)))
    kept(tmp_path)
    for days, act, by in ((12, "recognise", "coordinator"), (13, "notify_grant", "protection")):
        case.does(act, by, days=days)
        list(export(tmp_path, until=DAY + timedelta(days)))
        kept(tmp_path)
    stands = keeping.standing(tmp_path, ALL, parents())
    assert stands.days()[0] == DAY + timedelta(12)
    assert same_as_a_full_count(tmp_path, DAY + timedelta(13))
    with engine(1) as db, pytest.raises(standings.Changed):
        stands.read(db, on=DAY + timedelta(11))


def test_where_days_are_gone_or_the_key_is_another_all_is_counted_anew(case: Walked, tmp_path: Path) -> None:
    list(export(tmp_path, until=DAY + timedelta(11)))
    kept(tmp_path)
    min((tmp_path / "cases").glob("*.parquet")).unlink()
    assert kept(tmp_path).full
    (tmp_path / "export.json").write_text('{"key": 99, "last": "2026-01-01"}', encoding="utf-8")
    assert kept(tmp_path).full
    assert same_as_a_full_count(tmp_path, DAY + timedelta(11))
