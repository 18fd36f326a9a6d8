"""Every form of the 2024 round: opens, describes itself, says the same numbers in both languages."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from tests.exports.conftest import entry

from mirps.evidence.figures import api as figures
from mirps.sharing.exports import api
from mirps.sharing.exports.rows import row_of
from mirps.sharing.exports.sheets import write_xlsx

REQUIRED = {
    "id", "document", "state", "sector", "measure", "value", "unit", "qualifier", "population", "dimensions",
    "place", "period_start", "period_end", "as_of", "source", "fragment", "note",
}  # fmt: skip


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def test_the_csv_has_every_figure_of_the_package(exported: Any) -> None:
    stated = {f.id for f in figures.read_own_round("2024").figures}
    rows = table(exported("csv"))
    assert {r["id"] for r in rows} == stated
    assert set(rows[0]) >= REQUIRED


@pytest.mark.parametrize("format", ["csv", "hxl", "json", "xlsx"])
def test_both_languages_carry_the_same_numbers(exported: Any, format: str) -> None:
    def numbers(body: bytes) -> list[tuple[object, ...]]:
        keys = ("id", "value", "unit", "qualifier", "period_end", "as_of")
        if format == "json":
            found: list[dict[str, Any]] = json.loads(body)["figures"]
        elif format == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
            head, *lines = sheet.iter_rows(values_only=True)
            found = [dict(zip(head, line, strict=False)) for line in lines]
        else:
            found = [dict(r) for r in table(body)]
        return [tuple(r[k] for k in keys) for r in found]

    es, en = numbers(exported(format, "es")), numbers(exported(format, "en"))
    assert len(es) > 300
    assert es == en


def test_names_and_notes_are_in_the_language_asked_for(exported: Any) -> None:
    es, en = ({r["id"]: r for r in table(exported("csv", lang))} for lang in ("es", "en"))
    assert (es["ar24-cri-001"]["unit_label"], en["ar24-cri-001"]["unit_label"]) == ("personas", "people")
    assert all(es[i]["note"] == es[i]["note_es"] and en[i]["note"] == en[i]["note_en"] for i in es)


def test_the_json_is_what_its_schema_says(exported: Any) -> None:
    jsonschema.Draft202012Validator(api.json_schema()).validate(json.loads(exported("json")))


def test_the_workbook_opens_with_its_four_sheets(exported: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported("xlsx", "en")))
    assert book.sheetnames == ["Figures", "Measures", "Sources", "Notes"]
    head = [c.value for c in book["Figures"][1]]
    first = {h: c.value for h, c in zip(head, book["Figures"][2], strict=True)}
    assert first["value"] == 20300000
    assert first["as_of"].date() == date(2024, 6, 30)


def test_nothing_in_the_workbook_is_a_formula() -> None:
    row = row_of(entry(note_en='=HYPERLINK("http://x")', fragment="@SUM(1)", place="+1"), "en")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(write_xlsx([row], "en", "test"))))
    cells = [c for line in book.worksheets[0].iter_rows(min_row=2) for c in line if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n", "d", "inlineStr"}
    assert '=HYPERLINK("http://x")' in [c.value for c in cells]


def test_the_package_loads_again_as_it_is(exported: Any, tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(exported("package"))).extractall(tmp_path)
    back = figures.read_table(tmp_path / "figures.csv", figures.vocabulary()).figures()
    assert sorted(back, key=lambda f: f.id) == sorted(
        figures.read_own_round("2024").figures, key=lambda f: f.id
    )


def test_the_package_describes_itself(exported: Any, tmp_path: Path) -> None:
    import frictionless

    zipfile.ZipFile(io.BytesIO(exported("package"))).extractall(tmp_path)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


@pytest.mark.parametrize("format", list(api.FORMATS))
def test_the_same_ledger_makes_the_same_bytes(exported: Any, format: str) -> None:
    assert exported(format) == exported(format)


def test_one_state_or_one_measure_can_be_asked_for(exported: Any) -> None:
    rows = table(exported("csv", state="HND", measure="asylum.applications"))
    whole = table(exported("csv"))
    assert rows == [r for r in whole if r["state"] == "HND" and r["measure"] == "asylum.applications"]


def test_a_large_value_with_decimals_keeps_every_digit() -> None:
    assert (
        row_of(entry(value=Decimal("123456789012345678.123456")), "en")["value"]
        == "123456789012345678.123456"
    )
