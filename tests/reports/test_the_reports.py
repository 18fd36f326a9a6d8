"""The reports of this installation: proved, equal in both languages and in every format."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from tests.reports.making import nobody_doubts

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.figures.api import Book
from mirps.sharing.reports import building
from mirps.sharing.reports.building import Request
from mirps.sharing.reports.tree import Document, Picture

CODES = ["annual-2024", "mid-year-2024"]
STATES = ["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"]


def document(code: str, lang: str, book: Book, *, state: str = "", linked: bool = False) -> Document:
    request = Request(lang, state, linked=linked, base="https://m.example")
    return building.make(building.plan_of(code), request, book, nobody_doubts).document


@pytest.mark.parametrize("code", CODES)
def test_every_report_is_proved(code: str, round_2024: Book) -> None:
    found = building.faults(building.plan_of(code), round_2024, nobody_doubts)
    assert [f"{f.file}:{f.line} {say(f.key, 'en', **f.values)}" for f in found] == []


@pytest.mark.parametrize("state", STATES)
def test_the_brief_of_each_state_is_proved_and_has_two_pages_at_most(state: str, round_2024: Book) -> None:
    for lang in LANGUAGES:
        made = document("country-brief", lang, round_2024, state=state)
        assert len(PdfReader(io.BytesIO(building.write(made, "pdf"))).pages) <= 2
        assert len(made.sources) >= 6


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", ["HND", "BLZ"])
def test_a_brief_writes_its_day_as_the_report_does(state: str, lang: str, round_2024: Book) -> None:
    """The CLDR puts a zero before the day in Honduras and in Belize."""
    brief = document("country-brief", lang, round_2024, state=state)
    words = {"es": ">5 de diciembre de 2024<", "en": ">5 December 2024<"}[lang]
    assert words in building.write(brief, "html").decode()
    assert brief.dated() == document("annual-2024", lang, round_2024).dated()


@pytest.mark.parametrize("code", CODES)
def test_both_languages_carry_the_same_figures_section_by_section(code: str, round_2024: Book) -> None:
    es, en = (document(code, lang, round_2024) for lang in LANGUAGES)
    assert sorted(es.figures()) == sorted(en.figures())
    assert [s.code for s in es.sections] == [s.code for s in en.sections]
    assert [len(s.blocks) for s in es.sections] == [len(s.blocks) for s in en.sections]


def test_the_annual_report_holds_the_figures_of_its_round(round_2024: Book) -> None:
    """Every figure of the annual report stands in ours, but for people's stories."""
    held = set(document("annual-2024", "en", round_2024).figures())
    stated = {
        i
        for i, e in round_2024.entries.items()
        if e.figure.document == "AR24" and e.figure.sector != "stories"
    }
    assert sorted(stated - held) == []


def test_the_annual_report_has_charts_and_maps(round_2024: Book) -> None:
    blocks = [b for s in document("annual-2024", "es", round_2024).sections for b in s.blocks]
    assert sum(isinstance(b, Picture) for b in blocks) >= 25
    assert sum(isinstance(b, Picture) and b.kind == "map" for b in blocks) >= 4


def _normal(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_three_formats_say_the_same_numbers(lang: str, round_2024: Book) -> None:
    made = document("mid-year-2024", lang, round_2024)
    html = _normal(re.sub(r"<[^>]+>", "", building.write(made, "html").decode()))
    pdf = _normal(
        " ".join(p.extract_text() for p in PdfReader(io.BytesIO(building.write(made, "pdf"))).pages)
    )
    file = docx.Document(io.BytesIO(building.write(made, "docx")))
    office = _normal(" ".join(p.text for p in file.paragraphs))
    for source in made.sources:
        words = _normal(source.words)
        assert words in html
        assert words.replace(" ", "") in pdf.replace(" ", "")
        assert words in office


@pytest.mark.parametrize("format", building.FORMATS)
def test_an_annual_report_built_twice_has_the_same_bytes(format: str, round_2024: Book) -> None:
    one, other = (
        building.write(document("annual-2024", "es", round_2024, linked=format == "html"), format)
        for _ in range(2)
    )
    assert one == other


@pytest.mark.office
@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_opens_the_docx_with_its_contents(lang: str, round_2024: Book, tmp_path: Path) -> None:
    made = document("mid-year-2024", lang, round_2024)
    path = tmp_path / "report.docx"
    path.write_bytes(building.write(made, "docx"))
    soffice = shutil.which("soffice")
    assert soffice, "install libreoffice-writer: apt-get install libreoffice-writer-nogui"
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = [p.extract_text() for p in PdfReader(tmp_path / "report.pdf").pages]
    first = _normal(pages[0])
    assert say("reports.contents", lang) in first
    assert all(_normal(s.title) in first for s in made.sections)
    whole = _normal(" ".join(pages)).replace(" ", "")
    assert all(_normal(s.words).replace(" ", "") in whole for s in made.sources)


@pytest.mark.office
def test_poppler_reads_the_numbers_of_the_pdf(round_2024: Book, tmp_path: Path) -> None:
    made = document("annual-2024", "es", round_2024)
    path = tmp_path / "report.pdf"
    path.write_bytes(building.write(made, "pdf"))
    pdftotext = shutil.which("pdftotext")
    assert pdftotext, "install poppler-utils: apt-get install poppler-utils"
    text = subprocess.run(
        [pdftotext, str(path), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    squeezed = re.sub(r"\s+", "", text)
    assert [s.words for s in made.sources if re.sub(r"\s+", "", s.words) not in squeezed] == []
