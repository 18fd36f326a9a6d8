"""A report as PDF: Typst markup from the tree, compiled to tagged PDF (PDF/UA-1).

The markup is one text with its drawings in it; text goes in as Typst strings, so nothing
in a figure or a sentence can be read as markup. Fonts are the package's own, the time
stamp is the report's publication date: the same report gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import cast

import typst

from mirps.base.paper import api as paper
from mirps.base.paper.api import quote
from mirps.base.texts.api import say
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Cards,
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

PREAMBLE = Path(__file__).with_name("report.typ")


def write(document: Document) -> bytes:
    return compile_pdf(markup(document), document)


def compile_pdf(source: str, document: Document) -> bytes:
    """Tagged PDF from markup. Raises typst.TypstError with the place in the markup."""
    return paper.compile_pdf(source, at=datetime.combine(document.published, time(12), UTC))


def pictures_png(svgs: list[str], *, ppi: float = 160) -> list[bytes]:
    """Drawings as PNG, for formats that cannot hold SVG."""
    if not svgs:
        return []
    pages = "#pagebreak()\n".join(
        f'#image(bytes({quote(svg)}), format: "svg", width: 16cm)\n' for svg in svgs
    )
    source = f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}"
    made: object = typst.compile(source.encode(), format="png", ppi=ppi, font_paths=paper.fonts())
    return made if isinstance(made, list) else [cast("bytes", made)]


def _wide(picture: Picture) -> str:
    """How much of its room a drawing takes: a chart all, a map less, the less the taller it is."""
    if picture.kind == "chart":
        return "100%"
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg)
    tall = box is not None and float(box[2]) > 0.75 * float(box[1])
    if picture.half:
        return "78%" if tall else "100%"
    return "52%" if tall else "78%"


def markup(document: Document) -> str:
    """The report as Typst markup, beginning with the package's own preamble."""
    return PREAMBLE.read_text(encoding="utf-8") + "".join(_Paper(document).parts())


class _Paper:
    def __init__(self, document: Document) -> None:
        self.d = document
        self.lang = document.lang

    def parts(self) -> Iterator[str]:
        d = self.d
        fields = {
            "title": d.title,
            "subtitle": d.subtitle,
            "author": d.author,
            "date": d.dated(),
            "lang": d.lang,
            "contents": say("reports.contents", d.lang),
            "draft": d.draft,
            "note": d.note,
        }
        given = ", ".join(f"{k}: {quote(v)}" for k, v in fields.items())
        given += f", states: ({''.join(quote(s) + ', ' for s in d.states)})"
        short = "true" if d.short else "false"
        yield f"\n#show: report.with({given}, short: {short})\n"
        for section in d.sections:
            yield "" if section.runs_on or d.short else "#pagebreak(weak: true)\n"
            blocks = section.blocks
            if section.opener and blocks and isinstance(blocks[0], Cards):
                yield f"#opener({quote(section.title)}, ({self.cells(blocks[0])},))\n"
                yield "#[\n#show heading.where(level: 2): set heading(outlined: false, bookmarked: true)\n"
                yield from self.flow(blocks[1:])
                yield "]\n"
            else:
                yield f"= #{quote(section.title)};\n"
                yield from self.flow(blocks)

    def flow(self, blocks: Sequence[Block]) -> Iterator[str]:
        """The blocks one below another; two drawings of half a page stand side by side."""
        rest = list(blocks)
        while rest:
            match rest:
                case [Picture(half=True) as one, Picture(half=True) as other, *rest]:
                    yield f"#pair({self.picture(one)}, {self.picture(other)})\n"
                case [block, *rest]:
                    yield self.block(block)

    def cells(self, cards: Cards) -> str:
        return ", ".join(
            f"([{self.number(c.number)}], {quote(c.label)}, {quote(c.detail)})" for c in cards.items
        )

    def picture(self, p: Picture) -> str:
        cells = (cell for row in p.data.rows for line in row for cell in line)
        notes = "".join(self.note(n) for n in cells if isinstance(n, Number))
        return f"picture({quote(p.title)}, {quote(p.alt)}, {quote(p.svg)}, [{notes}], {_wide(p)})"

    def block(self, block: Block) -> str:
        match block:
            case Heading(level, line):
                return f"{'=' * level} {self.line(line)}\n"
            case Paragraph(line):
                return f"{self.line(line)}\n\n"
            case Bullets(items, ordered):
                tag = "enum" if ordered else "list"
                return f"#{tag}({', '.join(f'[{self.line(i)}]' for i in items)})\n"
            case Cards():
                return f"#cards({quote(block.title)}, ({self.cells(block)},))\n"
            case Grid():
                return f"#grid-of({quote(block.title)}, {self.grid(block)})\n"
            case Picture():
                made = self.picture(block)
                return f"#half({made})\n" if block.half else f"#{made}\n"
            case Contradictions(items):
                return "".join(
                    f"#contradiction({quote(f'{c.state}. {c.what}.')}, [{self.line(c.stated)}], "
                    f"{quote(c.follows)}, {quote(c.answer)})\n"
                    for c in items
                )
            case SourceList():
                return self.sources()
            case _:
                raise TypeError(f"not a bound block: {block!r}")

    def line(self, line: Line) -> str:
        return "".join(self.part(p) for p in line if not isinstance(p, Bind))

    def part(self, part: Text | Number) -> str:
        if isinstance(part, Number):
            out = self.number(part)
        elif part.href:
            out = f"#link({quote(part.href)}, {quote(part.words)});"
        else:
            out = f"#{quote(part.words)};"
        if part.em:
            out = f"#emph[{out}];"
        return f"#strong[{out}];" if part.strong else out

    def number(self, n: Number) -> str:
        return f"#{quote(n.words)};{self.note(n)}"

    def note(self, n: Number) -> str:
        return f"#note({n.note});"

    def grid(self, g: Grid) -> str:
        head = ", ".join(f"[{self.line(c)}]" for c in g.head)
        rows = ", ".join(f"[{self.line(c)}]" for row in g.rows for c in row)
        aligned = ", ".join("right" if n else "left" for n in g.numeric)
        return f"({aligned},), ({head},), ({rows},)"

    def sources(self) -> str:
        heads = ", ".join(f"{quote(say(f'reports.column.{k}', self.lang))}" for k in ("note", "stated"))
        named = {s.code: s.document for s in self.d.sources if s.code}
        documents = "".join(f"({quote(code)}, {quote(title)}), " for code, title in named.items())
        rows = []
        for s in self.d.sources:
            address = f"{self.d.base}/{self.lang}/figure/{s.figure}/"
            rows.append(
                f"source({s.note}, {quote(s.words)}, {quote(s.what)}, {quote(s.code or s.document)}, {quote(s.place)}, "
                f"{quote(s.fragment)}, {quote(address)})"
            )
        return f"#sources(({documents}), ({heads}), ({', '.join(rows)},))\n"
