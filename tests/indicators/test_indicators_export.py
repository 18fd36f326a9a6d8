"""The case ledger is counted without naming anybody, day by day, and as it was known on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.desks import AT, Walked, at_decision, claimed, posted, registered, saying, seat
from tests.registry.said import who

from mirps.casework.cases import api as cases
from mirps.evidence.indicators import api, exporting
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.exporting import as_known, export, pseudonym
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.planning import Span
from mirps.people.registry import api as registry

pytestmark = pytest.mark.django_db
DAY = AT.date()
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def case() -> Walked:
    posted()
    return at_decision(
        claimed(who("Ximena", "Vásquez López"), who("Nicolás", "Vásquez", role="child", born="2019-02-03"))
    )


def counted(folder: Path, on: date, code: str, **members: str) -> int:
    with engine(1) as db:
        cubes = Cubes(db, [api.indicators()[code]], YEAR).count(as_known(db, folder, on), parents())
        return int(cubes.cell(code, **members).value or 0)


def test_each_day_is_known_as_it_was(case: Walked, tmp_path: Path) -> None:
    case.does("recognise", "coordinator", days=12)
    case.does("notify_grant", "protection", days=13)
    days = dict(export(tmp_path, until=DAY + timedelta(30)))
    assert sum(days.values()) == 8
    later = DAY + timedelta(30)
    for on, decided, pending in ((DAY, 0, 1), (DAY + timedelta(11), 0, 1), (DAY + timedelta(13), 1, 0)):
        assert counted(tmp_path, on, "asylum_decisions", outcome="recognised") == decided
        assert counted(tmp_path, on, "asylum_pending") == pending
    assert counted(tmp_path, DAY - timedelta(1), "asylum_applications") == 0
    assert counted(tmp_path, later, "asylum_applications", state="MEX", office="MEX.COMAR.TAP") == 1
    assert counted(tmp_path, later, "asylum_recognised") == 2  # both people of the case
    assert counted(tmp_path, later, "people_served") == 1  # the one whose case it is


def test_a_decision_that_was_set_aside_is_none(case: Walked, tmp_path: Path) -> None:
    case.does("refuse", "coordinator", days=12)
    case.does("notify_refusal", "protection", days=13)
    case.does("appeal", days=14)
    list(export(tmp_path, until=DAY + timedelta(14)))
    assert counted(tmp_path, DAY + timedelta(14), "asylum_refusals") == 1
    case.does("allow_review", "reviewer", days=20)
    case.does("recognise", "coordinator", days=21)
    list(export(tmp_path, until=DAY + timedelta(30)))
    assert counted(tmp_path, DAY + timedelta(30), "asylum_refusals") == 0
    assert counted(tmp_path, DAY + timedelta(30), "asylum_decisions") == 1
    assert counted(tmp_path, DAY + timedelta(19), "asylum_refusals") == 1


def test_a_day_that_is_written_is_left_alone(case: Walked, tmp_path: Path) -> None:
    first = dict(export(tmp_path, until=DAY + timedelta(10)))
    stamps = {p: p.stat().st_mtime_ns for p in tmp_path.glob("*/*.parquet")}
    case.does("recognise", "coordinator", days=12)
    again = dict(export(tmp_path, until=DAY + timedelta(12)))
    assert set(again) == {max(first), DAY + timedelta(12)}
    assert all(p.stat().st_mtime_ns == at for p, at in stamps.items() if p.stem < max(first).isoformat())


def busy(case: Walked) -> date:
    """Cases over a month: decided and set aside, told late and annulled, with a guardian who came and went. The last
    day."""
    late, other = saying("sign_in", 4), claimed(who("Nadia", "Pineda", born="2012-05-01"))
    aunt = registered(who("Filomena", "Ortiz", born="1970-03-03"))[0]
    number = registry.Person.objects.get(pk=aunt).number
    other.does("admit", days=1)
    other.does("appoint_guardian", "protection", days=2, values={"guardian": number})
    cases.take_late(other.id, late, seat=seat(), role="registration", at=AT + timedelta(days=9))
    other.does("end_guardian", "protection", days=10)
    other.does("void", days=16, target=late.id)
    case.does("refuse", "coordinator", days=12)
    case.does("notify_refusal", "protection", days=13)
    case.does("appeal", days=14)
    case.does("allow_review", "reviewer", days=20)
    case.does("recognise", "coordinator", days=21)
    return DAY + timedelta(21)


def held(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each day's file."""
    with engine(1) as db:
        return {
            f"{path.parent.name}/{path.stem}": sorted(db.execute(f"FROM '{path}'").fetchall(), key=repr)
            for path in folder.glob("*/*.parquet")
        }


@pytest.mark.parametrize("at_once", [1, 5, 12])
def test_days_that_are_read_together_say_what_each_says_by_itself(
    case: Walked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    last = busy(case)
    told = list(export(tmp_path / "together", until=last))
    days = [day for day, _ in told]
    assert days == sorted(set(days))  # each once, however often something was recorded on it
    for day, acts in told:
        assert list(export(tmp_path / "alone", until=day))[-1] == (day, acts)
    monkeypatch.setattr(exporting, "MOST_ACTS", at_once)
    assert list(export(tmp_path / "some", until=last)) == told
    assert held(tmp_path / "together") == held(tmp_path / "alone") == held(tmp_path / "some")
    assert sum(acts for _, acts in told) > len(days)


def test_many_days_cost_the_questions_of_one(case: Walked, tmp_path: Path) -> None:
    def asked(name: str, until: date) -> int:
        with CaptureQueriesContext(connection) as told:
            list(export(tmp_path / name, until=until))
        return len(told)

    last = busy(case)
    assert asked("many", last) == asked("one", DAY)


def test_an_export_that_was_broken_off_goes_on_with_the_day_that_was_not_told(
    case: Walked, tmp_path: Path
) -> None:
    last = busy(case)
    whole = list(export(tmp_path / "whole", until=last))
    begun = export(tmp_path / "half", until=last)
    told = [next(begun) for _ in range(4)]
    begun.close()
    assert told == whole[:4]
    assert list(export(tmp_path / "half", until=last)) == whole[2:]  # the last that was kept is written anew
    assert held(tmp_path / "half") == held(tmp_path / "whole")


def test_no_file_names_anybody(case: Walked, tmp_path: Path) -> None:
    list(export(tmp_path, until=DAY + timedelta(30)))
    person = registry.Person.objects.order_by("id").first()
    assert person is not None
    told = []
    with engine(1) as db:
        for over in Over:
            rows = db.execute(f"SELECT * FROM read_parquet('{tmp_path / over.value}/*.parquet')").fetchall()
            told += [str(value) for row in rows for value in row]
    said = " ".join(told)
    assert said
    for secret in ("Ximena", "Vásquez", case.number, str(case.id), str(person.pk), case.id.hex):
        assert secret not in said
    assert str(pseudonym("case", case.id)) in said
    assert pseudonym("case", case.id) != pseudonym("person", case.id)


def test_ages_are_groups_on_the_day_of_the_claim() -> None:
    from mirps.evidence.indicators.milestones import age_at

    day = datetime(2026, 3, 4, tzinfo=UTC).date()
    assert age_at("2008-03-05", day) == "12-17"
    assert age_at("2008-03-04", day) == "18-59"
    assert age_at("1960", day) == "60+"
    assert age_at("", day) == "_U"
    assert age_at("2030-01-01", day) == "_U"
