"""A ministry fills its workbook in offline, uploads it with four mistakes, mends them, and sends it twice."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page
from tests.browser.people import DESK, PHONE, whole
from tests.browser.test_entering import Office, office, served

__all__ = ["office", "served"]

pytestmark = pytest.mark.browser

WORDS = {
    "es": {"get": "En español (.xlsx)", "wrong": "Lo que está mal", "some": "Guardado: 1.", "all": "Guardado: 4.",
           "again": "ya se recibió", "unread": "No se pudo leer el libro", "sheet": "Valores"},
    "en": {"get": "In English (.xlsx)", "wrong": "What is wrong", "some": "Saved: 1.", "all": "Saved: 4.",
           "again": "was taken in on", "unread": "The workbook could not be read", "sheet": "Values"},
}  # fmt: skip


def fill(path: Path, answers: dict[str, object]) -> None:
    """Type answers into the sheet of values, as a program without a connection would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    for row in sheet.iter_rows(min_row=5):
        if row[0].value in answers:
            row[7].value = answers[row[0].value]
            if isinstance(row[7].value, int):
                row[7].number_format = "#,##0"
    book.save(path)


def press(page: Page, selector: str) -> None:
    """Press what leads on, and wait until the next page stands."""
    with page.expect_navigation():
        page.click(selector)


def upload(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    page.set_input_files("#f-file", path)
    press(page, "main form button[type=submit]")


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_four_mistakes_are_named_mended_and_the_same_file_changes_nothing(
    office: Office, tmp_path: Path, lang: str, size: dict[str, int]
) -> None:
    say, turn = WORDS[lang], ["es", "en"].index(lang) * 2 + (size is DESK)
    page = office.page("ana", size)
    address = f"{office.address}/{lang}/rounds/2025/workbook/HND.INM/"
    page.goto(address)
    whole(page)
    with page.expect_download() as got:
        page.click(f"text={say['get']}")
    path = tmp_path / got.value.suggested_filename
    got.value.save_as(path)
    assert path.name == f"2025-HND.INM-{lang}.xlsx"

    fill(path, {"hnd-inm-001": "1.200.000,5", "hnd-inm-001/sex=F": 12.5, "hnd-inm-001/sex=M": -3,
                "hnd-inm-002": date(2025, 2, 1), "hnd-inm-003": 40 + turn})  # fmt: skip
    upload(page, address, path)
    whole(page)
    assert say["wrong"] in page.inner_text("main")
    rows = page.locator("table.faults tbody tr")
    assert rows.count() == 4
    told = rows.all_inner_texts()
    for row, cell in zip(told, ("H6", "H7", "H8", "H13"), strict=True):
        assert f"{say['sheet']}" in row
        assert cell in row
    press(page, "button[value=right]")
    assert say["some"] in page.inner_text("[role=status]")

    mended = {"hnd-inm-001": 1200 + turn, "hnd-inm-001/sex=F": 700 + turn, "hnd-inm-001/sex=M": 400 + turn,
              "hnd-inm-002": 90 + turn}  # fmt: skip
    fill(path, dict(mended))
    upload(page, address, path)
    assert page.locator("table.faults").count() == 0
    whole(page)
    press(page, "button[value=all]")
    assert say["all"] in page.inner_text("[role=status]")
    whole(page)

    upload(page, address, path)
    assert say["again"] in page.inner_text("[role=status]")
    page.goto(office.at("hnd-inm-001/", lang))
    assert page.locator("input[data-cell]").first.input_value() == f"{1200 + turn:,}"


def test_what_another_changed_meanwhile_is_chosen_by_keyboard(office: Office, tmp_path: Path) -> None:
    page = office.page("luis")
    address = f"{office.address}/es/rounds/2025/workbook/HND.INM/"
    content = page.request.get(f"{address}es.xlsx").body()
    for n, name in enumerate(("mine.xlsx", "theirs.xlsx")):
        (tmp_path / name).write_bytes(content)
        fill(tmp_path / name, {"hnd-inm-003": 500 + n})
    other = office.page("ana")
    upload(other, address, tmp_path / "theirs.xlsx")
    press(other, "button[value=all]")
    upload(page, address, tmp_path / "mine.xlsx")
    whole(page)
    mine = page.locator("fieldset.met input[value=mine]")
    page.locator("fieldset.met input[value=leave]").focus()
    page.keyboard.press("ArrowDown")  # round to the first
    assert mine.is_checked()
    press(page, "button[value=right]")
    page.goto(office.at("hnd-inm-003/"))
    assert page.locator("input[data-cell]").first.input_value() == "500"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_is_no_workbook_is_said_on_the_page_itself(office: Office, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "datos.xlsx"
    path.write_bytes(io.BytesIO(b"PK\x03\x04 cut off").getvalue())
    page = office.page("ana", PHONE)
    upload(page, f"{office.address}/{lang}/rounds/2025/workbook/HND.INM/", path)
    assert WORDS[lang]["unread"] in page.inner_text("[role=alert]")
    whole(page)


def test_without_javascript_it_is_all_the_same(office: Office, tmp_path: Path) -> None:
    page = office.page("rosa", java_script_enabled=False)
    page.goto(f"{office.address}/en/rounds/2025/workbooks/")
    press(page, "text=National Migration Institute")
    path = tmp_path / "book.xlsx"
    path.write_bytes(page.request.get(f"{page.url}en.xlsx").body())
    fill(path, {"hnd-inm-001/age=0-17": 77})
    upload(page, page.url, path)
    press(page, "button[value=all]")
    assert "Saved: 1." in page.inner_text("[role=status]")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_list_of_workbooks_is_clean(office: Office, lang: str) -> None:
    for size in (PHONE, DESK):
        page = office.page("rosa", size)
        page.goto(f"{office.address}/{lang}/rounds/2025/workbooks/")
        whole(page)
