"""Everything that can be wrong with a workbook is named: sheet, cell, what, why, what helps; all at once."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl.styles import Font

from mirps.base.texts.api import LANGUAGES, catalogue
from mirps.evidence.rounds.api import Round
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks import opening, planning, reading, typed
from mirps.evidence.workbooks.api import Fault
from mirps.evidence.workbooks.rules import Column, Unreadable

from .conftest import changed, fill, look, made, opened, rows_of, saved, standing, take_in, values_of

TOTAL, WOMEN = "hnd-inm-001", "hnd-inm-001/sex=F"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as z:
        return {n: z.read(n) for n in z.namelist()}


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(content)
    return packed({**parts, name: change(parts.get(name, b""))})


def types(content: bytes, old: bytes, new: bytes) -> bytes:
    return with_part(content, "[Content_Types].xml", lambda x: x.replace(old, new))


def bomb(content: bytes) -> bytes:
    return packed({**parts_of(content), "xl/media/big.bin": b"\0" * (opening.MOST_UNPACKED + 1)})


def lying_bomb(content: bytes) -> bytes:
    """A part whose directory entry claims to be small."""
    whole = bytearray(packed({**parts_of(content), "xl/lie.xml": b"<a>" + b" " * 5_000_000 + b"</a>"}))
    claimed = struct.pack("<L", 5_000_007)
    while (at := whole.find(claimed)) >= 0:
        whole[at : at + 4] = struct.pack("<L", 10)
    return bytes(whole)


def locked_zip(content: bytes) -> bytes:
    """The mark of a part that needs a password, in every entry."""
    whole = bytearray(content)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (found := whole.find(mark, start)) >= 0:
            whole[found + at] |= 1
            start = found + 4
    return bytes(whole)


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'

#: What is sent instead of a workbook, made from a good one; the fault that it must be given.
FILES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "nothing": ("empty", lambda c: b""),
    "too large": ("large", lambda c: c + b"\0" * opening.MOST_BYTES),
    "the old format": ("xls", lambda c: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "behind a password": (
        "password", lambda c: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    "a locked ZIP": ("password", locked_zip),
    "CSV": ("csv", lambda c: "Código,VALOR\nhnd-inm-001,12\n".encode()),
    "PDF": ("pdf", lambda c: b"%PDF-1.7\n..."),
    "a picture": ("kind", lambda c: b"\x89PNG\r\n\x1a\n\0\0\0"),
    "ODS": ("ods", lambda c: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
    "a text document": ("kind", lambda c: packed({"mimetype": b"application/vnd.oasis.opendocument.text"})),
    "any ZIP": ("kind", lambda c: packed({"a.txt": b"a"})),
    "DOCX": ("kind", lambda c: packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})),
    "XLSB": ("xlsb", lambda c: packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b""})),
    "XLSM": ("macros", lambda c: types(c, b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")),
    "a macro": ("macros", lambda c: with_part(c, "xl/vbaProject.bin", lambda _: b"\xd0\xcf")),
    "cut off": ("broken", lambda c: c[: len(c) // 2]),
    "cut off at the end": ("broken", lambda c: c[:-30]),
    "a damaged part": ("broken", lambda c: c[:200] + bytes([c[200] ^ 255]) + c[201:]),
    "XML that ends early": ("broken", lambda c: with_part(c, "xl/worksheets/sheet2.xml", lambda x: x[: len(x) // 2])),
    "no list of sheets": (
        "not-ours", lambda c: with_part(c, "xl/workbook.xml", lambda x: x.replace(b"sheets>", b"lost>"))),
    "a bomb": ("bomb", bomb),
    "a bomb that lies": ("broken", lying_bomb),
    "many parts": ("bomb", lambda c: packed({**parts_of(c), **{f"x/{i}": b"" for i in range(600)}})),
    "an entity": ("unsafe", lambda c: with_part(c, "xl/sharedStrings.xml", lambda x: DTD + x.partition(b"?>")[2])),
    "an entity in another encoding": (
        "unsafe", lambda c: with_part(c, "xl/worksheets/sheet2.xml",
                                      lambda x: (DTD + x.partition(b"?>")[2]).decode().encode("utf-16"))),
    "an entity behind UTF-7": (
        "unsafe", lambda c: with_part(c, "xl/styles.xml",
                                      lambda x: b'<?xml version="1.0" encoding="UTF-7"?>' + x.partition(b"?>")[2])),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_readable_workbook_is_refused_with_its_own_reason(round_2025: Round, name: str) -> None:
    key, spoil = FILES[name]
    content = spoil(made())
    seen = look(content)
    assert [(f.key, f.whole) for f in seen.plan.faults] == [(key, True)]
    assert take_in(content).nothing
    assert standing() == {}


def rename(book: Any, sheet: Any, text: str = "otra", column: int = 8) -> None:
    sheet.cell(3, column).value = None
    sheet.cell(4, column).value = text


def drop_meta(book: Any, sheet: Any) -> None:
    del book["mirps"]


def forge(book: Any, sheet: Any) -> None:
    book["mirps"]["B3"] = "HND.INE"


def forge_version(book: Any, sheet: Any) -> None:
    meta = book["mirps"]
    for row in meta.iter_rows():
        if row[0].value == "cell":
            row[2].value = 7


def other_format(book: Any, sheet: Any) -> None:
    book["mirps"]["B1"] = "mirps:0"


def drop_values(book: Any, sheet: Any) -> None:
    book.remove(sheet)


WHOLE: dict[str, tuple[str, Callable[[Any, Any], None]]] = {
    "no hidden sheet": ("not-ours", drop_meta),
    "another institution written in": ("signature", forge),
    "other versions written in": ("signature", forge_version),
    "another format": ("format", other_format),
    "no values": ("no-values", drop_values),
    "the values' column renamed": ("column-missing", rename),
    "the codes' column renamed": ("column-missing", lambda b, s: rename(b, s, column=1)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_workbook_that_lost_what_it_is_known_by_is_refused_whole(round_2025: Round, name: str) -> None:
    key, spoil = WHOLE[name]
    plan = look(changed(made(), spoil)).plan
    assert key in {f.key for f in plan.faults}
    assert plan.fatal


def put(address: str, value: object, shape: str = "") -> Callable[[Any, Any], None]:
    def change(book: Any, sheet: Any) -> None:
        sheet[address].value = value
        if shape:
            sheet[address].number_format = shape

    return change


def merge(book: Any, sheet: Any) -> None:
    sheet["H6"].value = 12
    sheet.merge_cells("H6:H7")


def hide(book: Any, sheet: Any) -> None:
    sheet["H7"].value = 12
    sheet.row_dimensions[7].hidden = True


def second_sheet(book: Any, sheet: Any) -> None:
    copy = book.copy_worksheet(sheet)
    sheet["H6"].value = 5
    copy["H6"].value = 6


#: What is done to a good workbook; the fault, the cell it is named with, and what it says stands there.
CELLS: dict[str, tuple[str, str, str, Callable[[Any, Any], None]]] = {
    "words": ("letters", "H6", "doce", put("H6", "doce")),
    "a number with its unit": ("letters", "H6", "12 personas", put("H6", "12 personas")),
    "another country's style": ("style", "H6", "1.234.567", put("H6", "1.234.567")),
    "a comma for decimals": ("style", "H13", "3,5", put("H13", "3,5")),
    "thousands in the wrong place": ("groups", "H6", "12,34,5,", put("H6", "12,34,5,")),
    "far too long": ("long", "H6", "1" * 60, put("H6", "1" * 70)),
    "a date": ("date", "H6", "2025-02-01", put("H6", date(2025, 2, 1))),
    "a percentage": ("percent", "H6", "12 %", put("H6", 0.12, "0%")),
    "a percentage in words": ("percent", "H6", "12%", put("H6", "12%")),
    "true": ("truth", "H6", "True", put("H6", True)),
    "an error": ("error", "H6", "#DIV/0!", put("H6", "#DIV/0!")),
    "a formula never worked out": ("formula-empty", "H6", "", put("H6", "=1+1")),
    "decimals of people": ("whole", "H6", "1.5", put("H6", 1.5)),
    "below zero": ("negative", "H6", "-4", put("H6", -4)),
    "above the limit": ("high", "H6", "1000001", put("H6", 1_000_001)),
    "larger than any": ("number", "H13", "1e+30", put("H13", 1e30)),
    "a reason that is none": ("absence", "J6", "quién sabe", put("J6", "quién sabe")),
    "a sureness that is none": ("sure", "I6", "segurísimo", put("I6", "segurísimo")),
    "merged cells": ("merged", "H6", "12", merge),
    "a hidden row": ("hidden", "H7", "12", hide),
    "a code that is none": ("code-unknown", "13", "hnd-inm-999", put("A13", "hnd-inm-999")),
    "the same code twice": ("code-twice", "6", TOTAL, second_sheet),
    "an endless note": ("note-long", "K6", "a" * 60, put("K6", "a" * 5000)),
}


@pytest.mark.parametrize("name", CELLS)
def test_what_is_wrong_in_a_cell_is_named_with_its_place_and_the_rest_is_right(
    round_2025: Round, name: str
) -> None:
    key, at, found, spoil = CELLS[name]
    good = "hnd-inm-001/age=18+"

    def change(book: Any, sheet: Any) -> None:
        sheet.cell(rows_of(sheet)[good], 8).value = 77
        if name in {"a code that is none"}:
            sheet["H13"].value = 3
        spoil(book, sheet)

    content = changed(made(), change)
    faults = [f for f in look(content).plan.faults if f.key != "row-missing"]
    named = [(f.key, f.cell, f.found) for f in faults]
    assert (key, at, found) in named
    assert {f.key for f in faults} <= {key, "merged"}
    assert not any(f.whole for f in faults)
    take_in(content)
    assert standing()[TOTAL, "age=18+"] == 77


def test_both_a_value_and_a_reason_is_one_fault(round_2025: Round) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet["H6"].value = 12
        options = [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"]
        sheet["J6"].value = options[1].strip('"').split(",")[0]

    assert [f.key for f in look(changed(made(), change)).plan.faults] == ["value_and_absence"]


def test_all_faults_are_told_at_once(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: "doce", WOMEN: 1.5, "hnd-inm-001/sex=M": -1, "hnd-inm-002": True})
    assert [f.key for f in look(content).plan.faults] == ["letters", "whole", "negative", "truth"]


def test_a_deleted_row_is_named_and_what_it_held_stays(round_2025: Round) -> None:
    take_in(fill(made(), {"hnd-inm-002": 5}))
    content = changed(made(), lambda b, s: s.delete_rows(13))
    plan = look(content).plan
    assert [(f.key, f.row) for f in plan.faults] == [("row-missing", "hnd-inm-002")]
    take_in(content)
    assert standing()["hnd-inm-002", ""] == 5


def test_rows_and_columns_may_be_moved_and_sheets_renamed_and_added(round_2025: Round) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet["H6"].value, sheet["K6"].value = 12, "nota"
        sheet.insert_cols(3, 2)  # the answers move to the right
        sheet.insert_rows(8, 3)
        sheet.insert_rows(1)
        sheet.title = "Datos 2025"
        book.create_sheet("Mis cuentas")["A1"] = "borrador"
        book.move_sheet(sheet, -1)

    taken = take_in(changed(made(), change))
    assert taken.plan.faults == ()
    assert standing() == {(TOTAL, ""): 12}


def test_a_column_that_lost_its_mark_is_known_by_its_name_in_either_language(round_2025: Round) -> None:
    def change(book: Any, sheet: Any) -> None:
        for x in range(1, 13):
            sheet.cell(3, x).value = None
        sheet["H4"].value = "value"
        sheet["H6"].value = 12

    assert take_in(changed(made(), change)).counts["written"] == 1


def test_a_deleted_column_leaves_what_it_held_and_is_named(round_2025: Round) -> None:
    from .conftest import cell, write

    write(cell(TOTAL), 5, note_es="Queda")

    def change(book: Any, sheet: Any) -> None:
        sheet["H6"].value = 6
        sheet.delete_cols(11)

    content = changed(made(), change)
    assert [(f.key, f.values["column"]) for f in look(content).plan.faults] == [
        ("column-missing", Column.NOTE)
    ]
    take_in(content)
    assert (cell(TOTAL).value, cell(TOTAL).note_es) == (6, "Queda")


def test_a_hidden_row_that_nobody_changed_is_no_fault(round_2025: Round) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.row_dimensions[7].hidden = True
        sheet["H6"].value = 12

    assert look(changed(made(), change)).plan.faults == ()


def test_a_formula_counts_for_what_it_showed_and_is_remarked(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: "=5+7"})
    for empty in (b"<v></v>", b"<v/>", b"<v />"):
        worked = b"<f>5+7</f><v>12</v>"
        content = with_part(
            content, "xl/worksheets/sheet2.xml", lambda x, e=empty, w=worked: x.replace(b"<f>5+7</f>" + e, w)
        )
    seen = look(content)
    assert [(r.key, r.cell) for r in seen.plan.remarks] == [("formula", "H6")]
    take_in(content)
    assert standing() == {(TOTAL, ""): 12}


def test_a_workbook_of_another_institution_or_round_is_refused_and_says_whose_it_is(
    round_2025: Round,
) -> None:
    theirs = fill(made("CRI.DGME"), {"cri-dgme-001": 5})
    faults = look(theirs).plan.faults
    assert [f.key for f in faults] == ["other-institution"]
    told = workbooks.told(faults[0], "es", "es_HN")
    assert "Dirección General de Migración" in told.why
    assert take_in(theirs).nothing


def test_a_workbook_of_another_round_is_refused_and_says_which(round_2025: Round) -> None:
    from datetime import timedelta

    from mirps.evidence.entries import api as entries
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Due, Kind, Stage

    from .conftest import NOW, ask

    other = rounds.set_up(
        code="2026", kind=Kind.ANNUAL, title_es="Ronda anual 2026", title_en="Annual round 2026",
        starts=date(2026, 1, 1), ends=date(2026, 12, 31), cut_off=None, by="s", at=NOW,
        asks=[ask("hnd-inm-001", "HND", "HND.INM")],
    )  # fmt: skip
    rounds.set_due(round=other, step=Due.ENTRY, due=NOW + timedelta(days=400), by="s", at=NOW)
    entries.prepare(round="2026")
    rounds.turn(round="2026", to=Stage.OPEN, by="s", at=NOW)
    faults = look(fill(made(round="2026"), {TOTAL: 5})).plan.faults
    assert [(f.key, f.values) for f in faults] == [("other-round", {"theirs": "2026", "here": "2025"})]


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"nan", b"1e-300", b"-0", b"9" * 400])
def test_a_number_that_no_spreadsheet_shows_is_a_fault_or_nought(round_2025: Round, number: bytes) -> None:
    content = fill(made(), {TOTAL: 123456})
    content = with_part(
        content, "xl/worksheets/sheet2.xml", lambda x: x.replace(b"<v>123456</v>", b"<v>" + number + b"</v>")
    )
    take_in(content)
    assert standing() in ({}, {(TOTAL, ""): 0})


def test_thousands_of_merged_cells_are_not_gone_through(round_2025: Round) -> None:
    many = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(100, 2200))
    content = with_part(
        made(), "xl/worksheets/sheet2.xml",
        lambda x: x.replace(b"<autoFilter", b"<mergeCells>" + many + b"</mergeCells><autoFilter", 1),
    )  # fmt: skip
    assert [f.key for f in look(content).plan.faults] == ["bomb"]


def test_a_workbook_signed_with_another_key_is_refused(round_2025: Round, settings: Any) -> None:
    content = made()
    settings.SECRET_KEY = "another-" + "y" * 50
    assert [f.key for f in look(content).plan.faults] == ["signature"]


def test_a_sheet_with_a_million_rows_is_not_walked_through(round_2025: Round) -> None:
    content = changed(made(), lambda b, s: put("H1048576", 1)(b, s))
    assert look(content).plan.faults == ()


def test_external_links_are_remarked_and_never_followed(round_2025: Round) -> None:
    content = packed(
        {**parts_of(fill(made(), {TOTAL: 3})), "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    )
    assert [r.key for r in look(content).plan.remarks] == ["links"]


def test_words_may_be_written_large_or_small_and_bold(round_2025: Round) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet["H6"].value, sheet["I6"].value = 12, "  AL   MENOS "
        sheet["H6"].font = Font(bold=True)

    assert take_in(changed(made(), change)).counts["written"] == 1


def keys_in(module: Any) -> set[str]:
    """Every fault that a module's text names."""
    import inspect
    import re

    text = inspect.getsource(module)
    return set(re.findall(r'(?:_no|Fault|wrong|at|_at)\((?:row, raw, |row, r, )?"([a-z_-]+)"', text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_says_why_and_what_helps_in_both_languages(lang: str) -> None:
    remarks = {"links", "formula", "asked-since"}
    keys = set().union(*(keys_in(m) for m in (opening, planning, reading, typed))) - remarks
    keys |= {k for k, _ in FILES.values()} | {k for k, _ in WHOLE.values()} | {c[0] for c in CELLS.values()}
    keys |= {f"locked-{s}" for s in ("closed", "submitted", "state-approved", "region-approved", "published")}
    keys |= {"low", "high", "whole", "negative", "number", "value_and_absence", "round-preparing"}
    assert len(keys) > 45
    values = {"most": 5, "meant": "1", "column": Column.VALUE, "other": "x", "theirs": "2024", "here": "2025",
              "limit": 3, "found": 4}  # fmt: skip
    for key in sorted(keys):
        told = workbooks.told(Fault(key, values, "Hoja", "H6", "x", "code"), lang, "es_HN")
        assert told.why.strip()
        assert told.do.strip()
        assert "{" not in told.why + told.do
        assert told.where
    for key in remarks:
        assert workbooks.remark(Fault(key, {"n": 3}), lang, "es_HN")
    named = {k.split(".")[2] for k in catalogue() if k.startswith("workbooks.fault.")}
    assert keys <= named


def test_an_unreadable_file_says_so_without_a_database() -> None:
    with pytest.raises(Unreadable):
        reading.read(b"PK\x03\x04 nothing", b"key", {})


def test_opening_and_closing_again_changes_nothing(round_2025: Round) -> None:
    content = saved(opened(made()))
    assert values_of(opened(content)).title == "Valores"
    assert look(content).plan.faults == ()
