"""The descriptors beside the data say what the data are, in both languages, and are held to it."""

from __future__ import annotations

import json
from typing import Any

import frictionless
import pytest

from mirps.base.codelists.api import data_folder
from mirps.evidence.figures.api import COLUMNS
from mirps.sharing.exports import api

MEASURES, ROUND = data_folder() / "measures", data_folder() / "rounds" / "2024"
MADE = {MEASURES: api.describe_measures, ROUND: api.describe_round}


@pytest.mark.parametrize("folder", list(MADE), ids=lambda f: f.name)
def test_the_file_is_what_the_code_lists_make(folder: Any) -> None:
    held = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert held == api.written(MADE[folder](folder)), "run `mirps figures describe` and commit the files"


@pytest.mark.parametrize("folder", list(MADE), ids=lambda f: f.name)
def test_frictionless_finds_the_data_valid(folder: Any) -> None:
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:10]


@pytest.mark.parametrize("folder", list(MADE), ids=lambda f: f.name)
def test_every_field_is_told_in_both_languages(folder: Any) -> None:
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        for field in resource["schema"]["fields"]:
            assert all((field["title_es"], field["title_en"])), field["name"]


def test_frictionless_refuses_a_code_that_no_list_holds(tmp_path: Any) -> None:
    described = api.describe_round(ROUND)
    described["resources"] = described["resources"][:1]
    lines = (ROUND / "figures.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "figures.csv").write_text(
        "\n".join([lines[0], lines[1].replace(",AMER,", ",XXX,")]), encoding="utf-8"
    )
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert ["state", "constraint-error"] in report.flatten(["fieldName", "type"])


def test_a_column_of_the_ledger_without_a_description_would_be_seen() -> None:
    from mirps.sharing.exports.descriptor import field

    assert all("title_es" in field("figures", c) for c in COLUMNS)
