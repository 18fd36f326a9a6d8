"""The registration form leaves the house as an XLSForm that pyxform and JavaRosa read without a word."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import pyxform
from click.testing import CliRunner
from lxml import etree

from mirps.people.intake import xlsform
from mirps.people.registry.api import book
from mirps.web.shell.form import form

LEVELS = ["group", "individual", "comprehensive"]
NS = {"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}
VALIDATE = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"


def rows(sheet: Any) -> list[dict[str, str]]:
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


@cache
def survey(level: str) -> dict[str, dict[str, str]]:
    read = openpyxl.load_workbook(BytesIO(xlsform.workbook(book(), level)))
    return {row["name"]: row for row in rows(read["survey"]) if row["name"]}


@pytest.mark.parametrize("level", LEVELS)
def test_pyxform_has_nothing_to_say_against_the_form(level: str) -> None:
    made = etree.fromstring(xlsform.xform(book(), level).encode())
    root = made.find(".//x:instance/*", NS)
    assert root is not None
    assert (root.get("id"), root.get("version")) == (f"mirps-registration-{level}", book().form.version)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("java"), reason="ODK Validate needs Java")
@pytest.mark.parametrize("level", LEVELS)
def test_the_engine_of_odk_collect_reads_the_form(level: str, tmp_path: Path) -> None:
    """ODK Validate, which pyxform brings, is JavaRosa: it finds rules that run in a circle, and wrong formulas."""
    made = tmp_path / "form.xml"
    made.write_text(xlsform.xform(book(), level), encoding="utf-8")
    command = ["java", "-Djava.awt.headless=true", "-jar", VALIDATE, made]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("column", ["label", "constraint_message", "required_message", "hint"])
def test_what_is_said_in_one_language_is_said_in_the_other(column: str) -> None:
    for name, row in survey("comprehensive").items():
        es, en = row[f"{column}::Español (es)"], row[f"{column}::English (en)"]
        assert bool(es) == bool(en), name


def test_every_question_that_a_person_sees_has_words() -> None:
    unseen = ("calculate", "start", "end", "deviceid")
    seen = {n: r for n, r in survey("comprehensive").items() if r["type"] not in unseen}
    assert [n for n, r in seen.items() if not r["label::Español (es)"]] == []


def test_a_form_asks_what_its_level_asks_and_no_more() -> None:
    asked = {level: survey(level) for level in LEVELS}
    assert "group_size" in asked["group"]
    assert "person_birth" not in asked["group"]
    assert "person_birth" in asked["individual"]
    assert "person_education" not in asked["individual"]
    assert "person_education" in asked["comprehensive"]


def test_within_a_form_a_lower_level_asks_less() -> None:
    asked = survey("individual")
    assert asked["person_birth"]["relevant"] == "${registration_level} = 'individual'"
    assert asked["group_size"]["relevant"] == "${registration_level} = 'group'"
    assert not asked["person_name"]["relevant"]


def test_what_the_registry_needs_the_form_needs() -> None:
    asked = survey("individual")
    assert asked["person_birth_date_day"]["required"] == "yes"
    assert asked["person_sex_sex"]["required"] == "yes"
    assert asked["person_name_given"]["required"] == "${person_name_surnames} = ''"
    assert not asked["person_photo_file"]["required"]


def test_a_document_that_nobody_has_is_left_out_and_one_begun_is_finished() -> None:
    asked = survey("individual")
    assert not asked["person_document_type"]["required"]
    assert asked["person_document_number"]["relevant"] == "${person_document_type} != ''"
    assert asked["person_document_number"]["required"] == "yes"


def test_a_number_is_scanned_a_face_is_photographed_and_a_date_is_as_exact_as_it_is_known() -> None:
    asked = survey("individual")
    assert asked["person_document_number_scan"]["type"] == "barcode"
    assert asked["person_photo_file"]["type"] == "image"
    looks = [asked[f"person_birth_date_{exact}"]["appearance"] for exact in xlsform.EXACT]
    assert looks == [None, "month-year", "year"]


def test_only_the_first_person_answers_for_the_group() -> None:
    role = survey("individual")["person_role"]
    assert role["relevant"] == "position(..) > 1"
    assert role["choice_filter"] == "name != 'head'"


def test_every_code_of_a_list_can_be_chosen() -> None:
    read = openpyxl.load_workbook(BytesIO(xlsform.workbook(book(), "comprehensive")))
    choices: dict[str, set[str]] = {}
    for row in rows(read["choices"]):
        choices.setdefault(row["list_name"], set()).add(row["name"])
    assert choices["needs"] == set(book().lists["needs"])
    assert choices["document_types"] == set(book().lists["document-types"])
    assert {"HND", "MEX", "HTI"} <= choices["countries"]


def test_no_two_questions_bear_one_name() -> None:
    read = openpyxl.load_workbook(BytesIO(xlsform.workbook(book(), "comprehensive")))
    names = [row["name"] for row in rows(read["survey"]) if row["name"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("command", "begins"), [("xlsx", b"PK"), ("xml", b"<?xml")])
def test_the_shell_writes_the_form(command: str, begins: bytes, tmp_path: Path) -> None:
    out = tmp_path / f"form.{command}"
    done = CliRunner().invoke(form, [command, "--level", "group", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(begins)


def test_the_shell_says_which_levels_there_are() -> None:
    done = CliRunner().invoke(form, ["xlsx", "--level", "whole", "--out", "form.xlsx"])
    assert done.exit_code == 2
    assert "group, individual, comprehensive" in done.output


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_opens_the_form(tmp_path: Path) -> None:
    made = tmp_path / "form.xlsx"
    made.write_bytes(xlsform.workbook(book(), "individual"))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "csv", "--outdir", tmp_path, made], check=True, capture_output=True, timeout=120
    )
    assert "person_name_given" in (tmp_path / "form.csv").read_text(encoding="latin-1")
