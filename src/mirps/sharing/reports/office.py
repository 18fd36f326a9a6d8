"""A report as DOCX: real styles, a contents field with its entries, a linked list of sources.

Drawings are set as PNG made by the same typesetter as the PDF. Dates inside the file are
the report's own and the archive's are fixed: the same report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm
from docx.text.paragraph import Paragraph as DocxParagraph

from mirps.base.texts.api import say
from mirps.sharing.reports import office_xml as xml
from mirps.sharing.reports.paper import pictures_png
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Cards,
    Contradiction,
    Contradictions,
    Document,
    Grid,
    Heading,
    Line,
    Number,
    Paragraph,
    Picture,
    SourceList,
    Text,
)

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write(document: Document) -> bytes:
    out = io.BytesIO()
    _Office(document).build().save(out)
    return _same_bytes(out.getvalue())


def _same_bytes(made: bytes) -> bytes:
    """The archive without the clock: entries keep their order, times are fixed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(item))
    return out.getvalue()


class _Office:
    def __init__(self, document: Document) -> None:
        self.d = document
        self.lang = document.lang
        self.file = docx.Document()
        self.heads = 0
        svgs = [b.svg for s in document.sections for b in s.blocks if isinstance(b, Picture)]
        self.images = iter(pictures_png(svgs))

    def build(self) -> Any:
        d = self.d
        xml.dress(self.file, d.locale.replace("_", "-"), short=d.short)
        self.properties()
        if d.draft:
            self.file.add_paragraph(d.draft, style="Subtitle")
        self.file.add_paragraph(d.title, style="Title")
        self.file.add_paragraph(d.subtitle, style="Subtitle")
        if not d.short:
            self.file.add_paragraph(" · ".join(d.states))
            parts = [d.author, d.note, d.dated()]
            self.file.add_paragraph(" · ".join(part for part in parts if part))
            self.contents()
        for section in d.sections:
            self.heading(section.title, 1)
            if not (section.runs_on or d.short):
                self.file.paragraphs[-1].paragraph_format.page_break_before = True
            for block in section.blocks:
                self.block(block)
        return self.file

    def properties(self) -> None:
        core = self.file.core_properties
        stamp = datetime.combine(self.d.published, time(12))
        core.title, core.subject, core.author = self.d.title, self.d.subtitle, self.d.author
        core.last_modified_by, core.comments, core.language = (
            self.d.author,
            "",
            self.d.locale.replace("_", "-"),
        )
        core.created = core.modified = stamp
        core.revision = 1

    def contents(self) -> None:
        entries = []
        for section in self.d.sections:
            entries.append((1, section.title))
            entries += [
                (2, _plain(b.line)) for b in section.blocks if isinstance(b, Heading) and b.level == 2
            ]
        numbered = self._numbered()
        self.file.add_paragraph(say("reports.contents", self.lang), style="TOC Heading")
        xml.contents(
            self.file,
            [(level, words, f"_Toc{n}") for (level, words), n in zip(entries, numbered, strict=True)],
        )

    def _numbered(self) -> list[int]:
        """The bookmark numbers of the headings that the contents list, in order."""
        levels = [
            lv for s in self.d.sections for lv in (1, *(b.level for b in s.blocks if isinstance(b, Heading)))
        ]
        return [n for n, level in enumerate(levels, 1) if level <= 2]

    def heading(self, words: str, level: int) -> None:
        self.heads += 1
        paragraph = self.file.add_paragraph(words, style=f"Heading {min(level, 3)}")
        xml.bookmark(paragraph, f"_Toc{self.heads}", self.heads)

    def block(self, block: Block) -> None:
        match block:
            case Heading(level, line):
                self.heading(_plain(line), level)
            case Paragraph(line):
                self.line(self.file.add_paragraph(), line)
            case Bullets(items, ordered):
                for item in items:
                    self.line(
                        self.file.add_paragraph(style="List Number" if ordered else "List Bullet"), item
                    )
            case Cards():
                self.cards(block)
            case Grid():
                self.grid(block)
            case Picture():
                self.picture(block)
            case Contradictions(items):
                for finding in items:
                    self.contradiction(finding)
            case SourceList():
                self.sources()

    def line(self, paragraph: DocxParagraph, line: Line) -> None:
        for part in line:
            match part:
                case Number():
                    self.number(paragraph, part)
                case Text(words, strong, em, href):
                    if href:
                        xml.link(paragraph, words, address=href)
                    else:
                        run = paragraph.add_run(words)
                        run.bold, run.italic = strong or None, em or None
                case Bind():
                    raise TypeError("an unbound figure")

    def number(self, paragraph: DocxParagraph, n: Number) -> None:
        run = paragraph.add_run(n.words)
        run.bold, run.italic = n.strong or None, n.em or None
        xml.link(paragraph, f"[{n.note}]", anchor=f"source-{n.note}", raised=True)

    def caption(self, words: str) -> None:
        if words:
            self.file.add_paragraph(words, style="Caption").paragraph_format.keep_with_next = True

    def cards(self, block: Cards) -> None:
        head = tuple((Text(say(f"reports.column.{k}", self.lang)),) for k in ("what", "value", "when"))
        rows: tuple[tuple[Line, ...], ...] = tuple(
            ((Text(c.label),), (c.number,), (Text(c.detail or "–"),)) for c in block.items
        )
        self.grid(Grid(block.title, head, rows, (False, True, False)))

    def grid(self, g: Grid) -> None:
        self.caption(g.title)
        table = self.file.add_table(rows=0, cols=len(g.head), style="Light List Accent 1")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        for row in (g.head, *g.rows):
            for cell, line, numeric in zip(table.add_row().cells, row, g.numeric, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.style = "Table Text"
                if numeric:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self.line(paragraph, line)
        xml.shape(table, g.title, wide=17.0 if self.d.short else 16.0)
        self.file.add_paragraph(style="Table Text")

    def picture(self, p: Picture) -> None:
        self.caption(p.title)
        shape = self.file.add_picture(io.BytesIO(next(self.images)), width=Cm(9 if p.half else 15.5))
        properties = shape._inline.docPr
        properties.set("descr", p.alt)
        properties.set("title", p.title)
        notes = [n for row in p.data.rows for line in row for n in line if isinstance(n, Number)]
        paragraph = self.file.add_paragraph(f"{say('reports.sources', self.lang)}: ", style="Table Text")
        for n in notes:
            xml.link(paragraph, f"[{n.note}]", anchor=f"source-{n.note}")

    def contradiction(self, c: Contradiction) -> None:
        paragraph = self.file.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{c.state}. {c.what}. ").bold = True
        self.line(paragraph, c.stated)
        paragraph.add_run(f" {c.follows} ")
        paragraph.add_run(c.answer).italic = True

    def sources(self) -> None:
        for s in self.d.sources:
            paragraph = self.file.add_paragraph(f"[{s.note}] ", style="Source")
            xml.bookmark(paragraph, f"source-{s.note}", 10_000 + s.note)
            xml.link(paragraph, s.words, address=f"{self.d.base}/{self.lang}/figure/{s.figure}/")
            if s.fragment:  # as a document says it
                paragraph.add_run(f" {s.what}. {s.document}, ")
                xml.tongue(paragraph.add_run(f"{s.place}: “{s.fragment}”"), "en-US")
            else:
                paragraph.add_run(f" {s.what}. {', '.join(filter(None, (s.document, s.place)))}")


def _plain(line: Line) -> str:
    return "".join(p.words for p in line if not isinstance(p, Bind))
