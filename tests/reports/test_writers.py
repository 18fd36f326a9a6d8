"""The same tree in three formats: links and notes in HTML, tags in PDF, styles in DOCX."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pikepdf
import pytest
from tests.reports.making import FIGURES, Small

from mirps.sharing.reports import building
from mirps.sharing.reports.page import fragments
from mirps.sharing.reports.tree import Document

TEXT = """# T

[[f-3]] people came, **[[f-4|abs]]** fewer; [[f-5]] was given. [[f-3|bare]] again. See [the site](https://x.example).

## A <heading> & more

```figures
title: Cards
figures: {f-1: people, f-2: refugees}
```

```chart
title: A chart
figures: {f-1: Everyone, f-2: Refugees}
```

- One [[f-1]]
- Another *word*

```table
title: A table
head: [What, How many]
rows:
  - [People, "[[f-1]]"]
  - ["#panic() $x$ \\\\ [y]", "[[f-2]]"]
```

```sources
```
"""


@pytest.fixture
def report(small: Callable[..., Small]) -> Small:
    return small(TEXT)


def made(report: Small, format: str, lang: str = "en", **more: object) -> bytes:
    return building.write(
        report.document(lang, linked=format == "html", base="https://m.example", **more), format
    )


def test_every_number_leads_to_its_figure(report: Small) -> None:
    html = made(report, "html").decode()
    numbers = re.findall(
        r'<a class="report-number" href="https://m.example/en/figure/([\w-]+)/">([^<]+)</a>', html
    )
    assert {i for i, _ in numbers} == {f.id for f in FIGURES}
    assert ("f-3", "More than 266,000") in numbers
    assert ("f-3", "266,000") in numbers
    assert ("f-4", "35%") in numbers
    assert ("f-5", "USD\u00a01,400,000") in numbers


def test_each_note_leads_to_a_source_with_document_place_and_fragment(report: Small) -> None:
    html = made(report, "html").decode()
    for note in re.findall(r'href="#source-(\d+)"', html):
        assert f'id="source-{note}"' in html
    assert "MIRPS Annual Report 2024" in html
    assert "<q>home to 226029 persons</q>" in html


def test_html_needs_no_inline_style_or_script_for_the_portal(report: Small) -> None:
    parts = fragments(report.document("es"))
    assert " style=" not in parts.body + parts.contents
    assert "<script" not in parts.body
    assert 'lang="es"' in parts.body


def test_text_of_a_source_cannot_become_markup(report: Small) -> None:
    html = made(report, "html").decode()
    assert "A &lt;heading&gt; &amp; more" in html
    assert "#panic() $x$" in html
    assert made(report, "pdf").startswith(b"%PDF")


def test_numbers_are_written_as_the_readers_country_writes_them(small: Callable[..., Small]) -> None:
    report = small("# T\n\n[[f-1]] and [[f-3]], [[f-4]].\n")
    words = set(_numbers(building.document(report.plan(), building.Request("es", state="CRI"), report.book)))
    assert words == {"226\u00a0029", "más de 266\u00a0000", "−35\u00a0%"}


def _numbers(document: Document) -> list[str]:
    return [s.words for s in document.sources]


def test_pdf_is_tagged_titled_and_speaks_its_language(report: Small) -> None:
    with pikepdf.open(io.BytesIO(made(report, "pdf", "es"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("es")
        assert str(pdf.docinfo["/Title"]) == "Pequeño"
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        with pdf.open_outline() as outline:
            assert [i.title for i in outline.root][-1] == "T"
        assert {str(a) for a in _alternatives(pdf)} == {
            "Gráfico: A chart. Everyone: 226,029; Refugees: 22,344."
        }


def _alternatives(pdf: pikepdf.Pdf) -> list[object]:
    """The alternative text of every figure in the structure tree."""
    found = []
    todo = [pdf.Root.StructTreeRoot]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == "/Figure":
                found.append(node["/Alt"])
            if "/K" in node:
                todo.append(node["/K"])
    return found


def test_docx_has_styles_contents_language_and_alternative_texts(report: Small) -> None:
    content = made(report, "docx", "es")
    file = docx.Document(io.BytesIO(content))
    styles = {p.style.name for p in file.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet", "Source", "TOC 1", "TOC 2"} <= styles
    assert [p.text for p in file.paragraphs if p.style.name.startswith("TOC ")][1:] == [
        "T",
        "A <heading> & more",
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body, style = parts.read("word/document.xml").decode(), parts.read("word/styles.xml").decode()
    assert 'descr="Gráfico: A chart.' in body
    assert 'w:val="es-419"' in style
    assert (
        "https://m.example/es/figure/f-1/"
        in zipfile.ZipFile(io.BytesIO(content)).read("word/_rels/document.xml.rels").decode()
    )
    assert file.core_properties.title == "Pequeño"


@pytest.mark.parametrize("format", ["html", "pdf", "docx"])
def test_the_same_input_gives_the_same_bytes(report: Small, format: str) -> None:
    assert made(report, format) == made(report, format)


@pytest.mark.parametrize("format", ["html", "pdf", "docx"])
def test_a_draft_says_that_it_is_one(report: Small, format: str) -> None:
    assert made(report, format, draft=True) != made(report, format)


@pytest.mark.parametrize("format", ["html", "pdf", "docx"])
def test_a_report_that_gives_its_sources_no_place_has_them_at_the_end(
    small: Callable[..., Small], format: str
) -> None:
    document = small("# T\n\n[[f-1]] people.\n").document("es")
    assert [s.title for s in document.sections] == ["T", "Fuentes"]
    assert building.write(document, format)


def test_a_report_without_drawings_has_no_pictures(small: Callable[..., Small]) -> None:
    report = small("# T\n\nNothing.\n")
    assert building.write(report.document(), "docx")
    assert report.document().sources == ()


def test_a_long_brief_is_refused(report: Small) -> None:
    with pytest.raises(building.Unfit):
        building.write(replace(report.document(), short=False), "pdf", max_pages=1)
