"""Events, declarations and projects as first read, each with the document that says it."""

from __future__ import annotations

import csv
from functools import cache

import pytest
from frictionless import Package
from tests.data.reading import one_line, places

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.vocabulary import read_own_round

FOLDER = codelists.data_folder() / "governance"
TABLES = sorted(path.name for path in FOLDER.glob("*.csv"))
STATES = {"BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"}


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name.removesuffix('.csv')}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_package_describes_every_table_and_each_is_valid() -> None:
    package = Package(str(FOLDER / "datapackage.json"))
    assert sorted(str(r.path) for r in package.resources) == TABLES
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("table", TABLES)
def test_each_row_quotes_its_document(table: str, texts: dict[str, str]) -> None:
    for row in rows(table):
        assert places(one_line(row["fragment"]), texts[row["document"]]), row
        assert len(row["fragment"].split()) <= 8, row
        assert row["locator"], row


@pytest.mark.parametrize("table", TABLES)
def test_each_row_uses_codes_that_exist_and_speaks_both_languages(table: str) -> None:
    institutions = codelists.institutions()
    held = {f.id for f in read_own_round("2024").figures}
    for row in rows(table):
        for column, value in row.items():
            if column in {"institution", "entity", "partner", "lead"} and value:
                assert value in institutions, (table, column, value)
            if column == "state" and value:
                assert value in codelists.states(), (table, value)
            if column == "figure" and value:
                assert value in held, (table, value)
            if column.endswith("_es"):
                assert bool(value) == bool(row[f"{column[:-3]}_en"]), (table, row)


def test_each_state_has_a_project_of_each_programme_in_the_annual_report() -> None:
    for programme in ("FUND", "GPIP"):
        states = {
            p["state"] for p in rows("projects") if p["programme"] == programme and p["document"] == "AR24"
        }
        assert states == STATES


def test_the_progress_of_a_project_is_a_figure_of_the_same_state_and_document() -> None:
    held = {f.id: f for f in read_own_round("2024").figures}
    for project in rows("projects"):
        if project["figure"]:
            figure = held[project["figure"]]
            assert (figure.state, figure.document) == (project["state"], project["document"])
            assert figure.measure == "project.execution"


def test_a_date_is_as_precise_as_it_says() -> None:
    length = {"day": 10, "month": 7, "year": 4, "": 0}
    for name, column in (("events", "date"), ("declarations", "date")):
        for row in rows(name):
            assert len(row[column]) == length[row["precision"]], row
