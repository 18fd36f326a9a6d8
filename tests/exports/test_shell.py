"""`mirps figures`, as a person types it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.exports.conftest import NOW

from mirps.base.access.api import User, give_role
from mirps.evidence.figures.api import FigureRow
from mirps.web.shell.figures import FORMATS, figures


def run(*arguments: str) -> Result:
    return CliRunner().invoke(figures, list(arguments))


@pytest.fixture
def focal_point(loaded: None) -> str:
    user = User.objects.create(username="cri")
    give_role(
        user=user,
        role="focal-point",
        state="CRI",
        starts=NOW.date().replace(year=2020),
        ends=None,
        by="test",
        at=NOW,
    )
    return "cri"


REASONS = ("--reason-es", "Suma de las partes", "--reason-en", "Sum of the parts")


def test_the_formats_are_those_of_the_exports() -> None:
    from mirps.sharing.exports import api

    assert tuple(api.FORMATS) == ("csv", "json", "xlsx", "hxl", "sdmx", "sdmx-structure", "package")
    assert set(FORMATS) == set(api.FORMATS)


def test_an_empty_ledger_exports_the_data_package(db: None) -> None:
    FigureRow.objects.filter(round="2024").update(round="elsewhere")
    result = run("export", "--round", "2024", "--lang", "en")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 0
    assert len(rows) > 300
    assert {r["round"] for r in rows} == {"2024"}


def test_the_ledger_and_the_package_export_the_same_bytes(loaded: None) -> None:
    from_ledger = run("export", "--lang", "en").stdout
    FigureRow.objects.filter(round="2024").update(round="elsewhere")
    assert run("export", "--lang", "en").stdout == from_ledger


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_is_written_to_its_file_whole(loaded: None, tmp_path: Path, format: str) -> None:
    out = tmp_path / "out"
    result = run("export", "--format", format, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 10_000
    assert list(tmp_path.iterdir()) == [out]
    if format == "package":
        assert zipfile.ZipFile(out).testzip() is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "--state", "HDN", "--lang", "en"), "is not a code of --state. There are: BLZ"),
        (("export", "--measure", "asylum.aplications"), "asylum.applications"),
        (("export", "--known-on", "31/12/2024", "--lang", "en"), "Write it like this: 2024-12-31"),
        (("export", "--round", "1999"), "No existe la ronda «1999»"),
        (("show", "ar24-xxx-001", "--lang", "en"), "no public figure with the id “ar24-xxx-001”"),
        (("export", "--out", "/nowhere/at/all.csv"), "/nowhere/at/all.csv"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(loaded: None, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_list_and_show_tell_a_figure(loaded: None) -> None:
    assert "ar24-cri-001\tCRI" in run("list", "--state", "CRI").stdout
    shown = run("show", "ar24-cri-001", "--lang", "en").stdout
    assert "226029" in shown
    assert "people" in shown


def test_a_correction_replaces_and_keeps_the_old_statement(focal_point: str) -> None:
    result = run("correct", "ar24-cri-001", "--value", "234430", "--as", focal_point, *REASONS)
    assert result.exit_code == 0, result.output
    assert FigureRow.objects.get(pk="ar24-cri-001").superseded_by == "ar24-cri-001-r2"
    assert FigureRow.objects.get(pk="ar24-cri-001-r2").value == 234430
    told = run("history", "ar24-cri-001", "--lang", "en").stdout
    assert "Sum of the parts" in told
    assert "ar24-cri-001-r2" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ar24-cri-001", "--value", "234.430,5"), "234.430,5"),
        (("ar24-cri-001", "--set", "state=MEX"), "state"),
        (("ar24-cri-001", "--set", "status=draft"), "status"),
        (("ar24-cri-999", "--value", "1"), "ar24-cri-999"),
        (("ar24-hnd-001", "--value", "1"), "HND"),
        (("ar24-cri-001", "--value", "1", "--id", "ar24-cri-002"), "ar24-cri-002"),
    ],
)
def test_an_unfit_correction_changes_nothing(focal_point: str, arguments: tuple[str, ...], said: str) -> None:
    before = FigureRow.objects.count()
    result = run("correct", *arguments, "--as", focal_point, *REASONS, "--lang", "en")
    assert result.exit_code == 2
    assert said in result.stderr
    assert FigureRow.objects.count() == before


def test_a_correction_does_not_cite_the_sentence_that_it_corrects(focal_point: str) -> None:
    assert run("correct", "ar24-cri-001", "--value", "234430", "--as", focal_point, *REASONS).exit_code == 0
    new = FigureRow.objects.get(pk="ar24-cri-001-r2")
    assert (new.document, new.locator, new.fragment) == ("", "", "")
    assert (new.state, new.measure) == ("CRI", FigureRow.objects.get(pk="ar24-cri-001").measure)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_corrected_figure_has_a_page_that_says_so(focal_point: str, client: Client, lang: str) -> None:
    run("correct", "ar24-cri-001", "--value", "234430", "--as", focal_point, *REASONS)
    page = client.get(f"/{lang}/figure/ar24-cri-001-r2/")
    assert page.status_code == 200
    assert {"es": "Corrección anotada", "en": "Correction recorded"}[lang] in page.content.decode()
    assert client.get(f"/{lang}/state/CRI/").status_code == 200
