"""Dates stated twice: they agree, or a finding names both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirps.evidence.checks.stated_dates import agree, check_stated_dates, read_stated_dates

HEADER = (
    "id,subject_es,subject_en,state,date_a,document_a,locator_a,fragment_a,"
    "date_b,document_b,locator_b,fragment_b,kind,note_es,note_en\n"
)


def a_file(folder: Path, first: str, again: str, kind: str = "dates_differ") -> Path:
    path = folder / "dates.csv"
    row = f"d-1,Acto,Event,HND,{first},AR24,p. 1,on a day,{again},MY24,p. 2,on another,{kind},Nota.,Note.\n"
    path.write_text(HEADER + row, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2024-09-11", "2024-09-11", True),
        ("2024-09", "2024-09-11", True),
        ("2024", "2024-09", True),
        ("2024-09-11", "2024-09-10", False),
        ("2024-06", "2024-05", False),
        ("2022-12", "2023", False),
        ("2023/2033", "2024/2034", False),
        ("2004/2018", "2004/..", False),
        ("2024", "2024/2025", False),
    ],
)
def test_a_month_agrees_with_its_days_and_a_period_only_with_itself(one: str, other: str, same: bool) -> None:
    assert agree(one, other) is agree(other, one) is same


def test_two_days_for_one_event_are_a_contradiction_that_names_both_places(tmp_path: Path) -> None:
    [found] = check_stated_dates(read_stated_dates(a_file(tmp_path, "2024-09-11", "2024-09-10")))
    assert (found.severity, found.state, found.stated, found.expected) == (
        "contradiction", "HND", "2024-09-11", "2024-09-10",
    )  # fmt: skip
    assert (found.params["first_locator"], found.params["again_locator"]) == ("p. 1", "p. 2")


def test_dates_that_agree_raise_no_doubt(tmp_path: Path) -> None:
    assert check_stated_dates(read_stated_dates(a_file(tmp_path, "2024-09", "2024-09-10"))) == []


def test_a_doubtful_date_is_a_warning(tmp_path: Path) -> None:
    [found] = check_stated_dates(read_stated_dates(a_file(tmp_path, "2024-07-07", "", "date_doubtful")))
    assert found.severity == "warning"


@pytest.mark.parametrize("date", ["31 June", "2024-13", "2024-02-30", "2024/"])
def test_what_is_no_date_is_refused_with_its_line_and_the_form_to_use(tmp_path: Path, date: str) -> None:
    with pytest.raises(ValueError, match=r"dates.csv, line 2: .*2024-09-11"):
        read_stated_dates(a_file(tmp_path, date, "2024"))


def test_an_unknown_kind_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dates_differ, periods_differ, date_doubtful"):
        read_stated_dates(a_file(tmp_path, "2024", "2025", "odd"))
