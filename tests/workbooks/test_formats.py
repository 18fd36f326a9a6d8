"""Random answers round trip exactly in every country; LibreOffice reads, checks and saves a workbook."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number
from mirps.evidence.entries.api import ABSENCES, Given
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.rounds.api import Ask, Round
from mirps.evidence.workbooks import queries
from mirps.evidence.workbooks.checks import NAMES
from mirps.evidence.workbooks.planning import Fate
from mirps.evidence.workbooks.reading import read
from mirps.evidence.workbooks.rules import Meta, note_in, says
from mirps.evidence.workbooks.sheet import Asking, Entry, Workbook, check
from mirps.evidence.workbooks.typed import typed
from mirps.evidence.workbooks.writing import write as write_book

from .conftest import cell, changed, fill, look, made, opened, rows_of, standing, take_in, values_of, write

KEY = b"tests"
LOCALES = sorted({(c, lang) for c in codelists.locales() for lang in ("es", "en")})
ABOUT = {"state": "HND", "institution": "HND.INM", "sector": "asylum", "measure": "asylum.applications"}
TOTAL, WOMEN, MEN = "hnd-inm-001", "hnd-inm-001/sex=F", "hnd-inm-001/sex=M"

notes = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85\ufffe\uffff"), max_size=60
)  # fmt: skip
values = st.one_of(
    st.integers(-(10**14), 10**14).map(Decimal),
    st.decimals(-(10**8), 10**8, places=6),
    st.decimals(-(10**14), 10**14, places=6),
)  # the last have more digits than a spreadsheet keeps


@st.composite
def answers(draw: Any) -> Given:
    note = draw(notes)
    if draw(st.booleans()):
        return Given(draw(values), "", draw(st.sampled_from(list(Qualifier))), note, note)
    return Given(None, draw(st.sampled_from(["", *ABSENCES])), Qualifier.EXACT, note, note)


def book_of(given: list[Given], state: str, lang: str, **ask: Any) -> Workbook:
    """A workbook with one thing asked for each answer."""
    things = []
    for n, g in enumerate(given):
        a = Ask(code=f"x-{n:03d}", unit="difference", **{**ABOUT, **ask})
        entry = Entry(a.code, "", "Total", g, 1, Decimal(5), "2024")
        things.append(Asking(a, "Medida", "Detalle", "", "", "Población", "2025", "unidad", False, (entry,)))
    meta = Meta("2025", "HND.INM", lang, "", {t.ask.code: 1 for t in things})
    return Workbook(meta, "Ronda", "Institución", state, state, queries.locale_of(state, lang), "", "", (),
                    (("Sector", tuple(things)),))  # fmt: skip


@pytest.mark.parametrize(("state", "lang"), LOCALES)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(filled=st.lists(answers(), min_size=1, max_size=12))
def test_what_is_written_into_a_workbook_is_read_back_exactly(
    state: str, lang: str, filled: list[Given]
) -> None:
    found = read(write_book(book_of(filled, state, lang), KEY), KEY, queries.labels())
    assert (found.faults, found.remarks) == ((), ())
    words = queries.language(f"{state}.X", lang)
    for n, g in enumerate(filled):
        said = typed(found.rows[f"x-{n:03d}"], "difference", Given(), words)
        assert said.faults == ()
        assert says(said.given, lang) == says(g, lang)


@pytest.mark.parametrize(("state", "lang"), LOCALES)
@settings(max_examples=30)
@given(value=values)
def test_a_number_typed_as_text_in_the_country_s_style_is_the_same_number(
    state: str, lang: str, value: Decimal
) -> None:
    from mirps.evidence.workbooks.rules import Column, Raw, Row

    words = queries.language(f"{state}.X", lang)
    raws = {Column.VALUE: Raw("H6", number(value, words.locale))}
    said = typed(Row("x", "V", 6, raws), "difference", Given(), words)
    assert said.faults == ()
    assert said.given.value == value


def office(tmp_path: Path, content: bytes, to: str, name: str = "libro.xlsx") -> Path:
    """The file as LibreOffice saves it, worked out anew."""
    soffice = shutil.which("soffice")
    assert soffice, "install libreoffice-calc: apt-get install libreoffice-calc-nogui"
    source = tmp_path / name
    source.write_bytes(content)
    out = tmp_path / "out"
    done = subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", to,
         "--outdir", str(out), str(source)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    made_ = list(out.glob(f"*.{to.partition(':')[0]}"))
    assert made_, f"{done.stdout} {done.stderr} (is libreoffice-calc-nogui installed?)"
    return made_[0]


@pytest.mark.office
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_workbook_saved_by_libreoffice_is_still_read(round_2025: Round, tmp_path: Path, lang: str) -> None:
    content = fill(made(lang=lang), {TOTAL: 1200, WOMEN: "1,100", "hnd-inm-002": 7.5})
    back = office(tmp_path, content, "xlsx:Calc MS Excel 2007 XML").read_bytes()
    assert back != content
    plan = look(back).plan
    assert [(f.key, f.row) for f in plan.faults] == [("whole", "hnd-inm-002")]
    assert len(plan.of(Fate.WRITE)) == 2
    take_in(back)
    assert standing() == {(TOTAL, ""): 1200, (TOTAL, "sex=F"): 1100}


@pytest.mark.office
def test_a_workbook_that_went_through_ods_and_back_is_still_read(round_2025: Round, tmp_path: Path) -> None:
    ods = office(tmp_path, fill(made(), {TOTAL: 1200}), "ods").read_bytes()
    assert [f.key for f in look(ods).plan.faults] == ["ods"]
    (tmp_path / "again").mkdir()
    back = office(tmp_path / "again", ods, "xlsx", "libro.ods").read_bytes()
    assert take_in(back).counts["written"] == 1
    csv = office(tmp_path / "again", ods, "csv", "libro.ods").read_bytes()
    assert [f.key for f in look(csv).plan.faults] == ["csv"]


def fill_for_checks(book: Any, sheet: Any) -> None:
    """Each thing that the column of checks says, in turn."""
    rows = rows_of(sheet)
    said = [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"]
    sheet.cell(rows["a"], 8).value, sheet.cell(rows["a"], 10).value = 5, said[1].strip('"').split(",")[0]
    sheet.cell(rows["c"], 8).value = 10
    sheet.cell(rows["c/sex=F"], 8).value, sheet.cell(rows["c/sex=M"], 8).value = 8, 3
    sheet.cell(rows["d"], 8).value = 10
    for part, value in (("F", 4), ("M", 3), ("_U", 0)):
        sheet.cell(rows[f"d/sex={part}"], 8).value = value
    sheet.cell(rows["e"], 8).value = 501
    sheet.cell(rows["f"], 8).value = 499
    sheet.cell(rows["g"], 8).value, sheet.cell(rows["g"], 9).value = 10, "aproximado"
    sheet.cell(rows["g/sex=F"], 8).value = 11


def checked_book() -> Workbook:
    """One thing asked for each thing that the checks may say: a to g."""
    things = []
    for code in "abcdefg":
        a = Ask(
            code=code, unit="person", required=code == "b", breakdown="sex" if code in "cdg" else "", **ABOUT
        )
        parts = [f"{code}/sex={m}" for m in ("F", "M", "_U")] if a.breakdown else []
        entries = tuple(
            Entry(k, k.partition("/")[2], k, Given(), 0, Decimal(100) if k in "ef" else None, "")
            for k in (code, *parts)
        )
        things.append(Asking(a, code, "", "", "", "", "2025", "personas", True, entries))
    keys = [e.key for t in things for e in t.entries]
    meta = Meta("2025", "HND.INM", "es", "", dict.fromkeys(keys, 0))
    return Workbook(meta, "Ronda", "Inst", "HND", "Honduras", "es_HN", "", "", (), (("S", tuple(things)),))


EXPECTED = {"a": "both", "b": "missing", "c": "above", "d": "below", "e": "jump", "f": "", "g": ""}


@pytest.mark.office
def test_the_formulas_of_the_checks_say_in_libreoffice_what_the_product_says(tmp_path: Path) -> None:
    from mirps.base.texts.api import say

    book = checked_book()
    content = changed(write_book(book, KEY), fill_for_checks)  # saved without any result: worked out anew
    sheet = opened(office(tmp_path, content, "xlsx").read_bytes())
    values_ = values_of(_values_only(tmp_path / "out" / "libro.xlsx"))
    rows = rows_of(values_)
    said = {say(f"workbooks.check.{n}", "es"): n for n in NAMES}
    shown = {k: said.get(str(values_.cell(rows[k], 12).value or "")[2:], "") for k in EXPECTED}
    assert shown == EXPECTED
    assert sheet is not None
    found = read(content, KEY, queries.labels())
    words = queries.language("HND.INM", "es")
    for _, things in book.sectors:
        for t in things:
            filled = tuple(
                replace(e, given=typed(found.rows[e.key], "person", Given(), words).given) for e in t.entries
            )
            now = replace(t, entries=filled)
            assert check(now, now.entries[0]) == EXPECTED[t.ask.code]


def _values_only(path: Path) -> Any:
    import openpyxl

    return openpyxl.load_workbook(path, data_only=True)


def test_a_long_number_is_text_in_the_country_s_style(tmp_path: Path) -> None:
    long = Decimal("123456789012.123457")
    for state, lang, shown in (
        ("HND", "es", "123,456,789,012.123457"),
        ("CRI", "es", "123\u00a0456\u00a0789\u00a0012,123457"),
    ):
        book = opened(write_book(book_of([Given(long)], state, lang), KEY))
        assert values_of(book).cell(6, 8).value == shown


def test_what_stood_is_inside_with_its_note(round_2025: Round) -> None:
    write(cell(TOTAL), 12, qualifier=Qualifier.AT_LEAST, note_es="Nota")
    sheet = values_of(opened(made()))
    assert [sheet.cell(6, x).value for x in (8, 9, 11)] == [12, "al menos", "Nota"]
    assert note_in(Given(note_es="a", note_en="b"), "en") == "b"


@pytest.mark.parametrize(
    ("stored", "shape", "value"),
    [
        (0.46, "0%", "46"),
        (0.125, "0.0 %", "12.5"),
        (46, "General", "46"),
        ("46 %", "@", "46"),
        ("12.5%", "@", "12.5"),
    ],
)
def test_a_share_is_kept_as_its_cell_shows_it(stored: object, shape: str, value: str) -> None:
    from mirps.evidence.workbooks.rules import Column, Raw, Row

    row = Row("x", "V", 6, {Column.VALUE: Raw("H6", stored, shape)})
    said = typed(row, "percent", Given(), queries.language("HND.INM", "es"))
    assert said.faults == ()
    assert said.given.value == Decimal(value)
