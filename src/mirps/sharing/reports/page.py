"""A report as HTML: fragments for the portal's page, or one file that stands alone.

No inline style and no script: the portal's content security policy forbids both. Every
number leads to the page of its figure; every source note leads to the list of sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from mirps.base.texts.api import say
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Card,
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
    Section,
    Source,
    SourceList,
    Text,
)


@dataclass(frozen=True, slots=True)
class Fragments:
    """What a page of the portal takes in: the contents list and the body, both safe HTML."""

    contents: Markup
    body: Markup


def fragments(document: Document) -> Fragments:
    return Fragments(Markup(contents(document)), Markup("".join(_Page(document).body())))  # noqa: S704


def standalone(document: Document, css: str) -> bytes:
    """The whole report as one HTML file with its style in it."""
    parts = fragments(document)
    skip = escape(say("reports.skip", document.lang))
    html = f"""<!doctype html>
<html lang="{document.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)}</title>
<meta name="author" content="{escape(document.author)}">
<meta name="date" content="{document.published.isoformat()}">
<style>
{css}</style>
</head>
<body class="report-page">
<a class="report-skip" href="#report">{skip}</a>
<header class="report-cover">
{_cover(document)}</header>
{parts.contents}
<main id="report">
{parts.body}</main>
</body>
</html>
"""
    return html.encode()


def _cover(d: Document) -> str:
    draft = f'<p class="report-draft" role="note">{escape(d.draft)}</p>\n' if d.draft else ""
    return (
        f'{draft}<p class="report-brand">{escape(d.author)}</p>\n'
        f"<h1>{escape(d.title)}</h1>\n<p>{escape(d.subtitle)}</p>\n"
        f'<p class="report-states">{escape(" · ".join(d.states))}</p>\n'
        f'<p class="report-meta">{f"{escape(d.note)} · " if d.note else ""}'
        f'<time datetime="{d.published.isoformat()}">{escape(d.dated())}</time></p>\n'
    )


def contents(d: Document) -> str:
    """The list of sections and their headings of the second level."""
    out = ['<nav class="report-contents" aria-labelledby="report-contents">\n']
    out.append(f'<h2 id="report-contents">{escape(say("reports.contents", d.lang))}</h2>\n<ol>\n')
    for s in d.sections:
        # The chapters of the States are all built alike: their names are enough.
        inner = [b for b in s.blocks if isinstance(b, Heading) and b.level == 2 and not s.opener]
        out.append(f'<li><a href="#{s.code}">{escape(s.title)}</a>')
        if inner:
            items = "".join(f'<li><a href="#{h.anchor}">{escape(_plain(h.line))}</a></li>' for h in inner)
            out.append(f"<ul>{items}</ul>")
        out.append("</li>\n")
    out.append("</ol>\n</nav>\n")
    return "".join(out)


def _plain(line: Line) -> str:
    return "".join(p.words for p in line if not isinstance(p, Bind))


class _Page:
    def __init__(self, document: Document) -> None:
        self.d = document
        self.lang = document.lang

    def body(self) -> Iterator[str]:
        yield f'<article class="report" lang="{self.lang}">\n'
        for section in self.d.sections:
            yield from self.section(section)
        yield "</article>\n"

    def section(self, s: Section) -> Iterator[str]:
        title, blocks = f'<h2 id="{s.code}">{escape(s.title)}</h2>\n', s.blocks
        if s.opener and blocks and isinstance(blocks[0], Cards):
            title = f'<div class="report-opener">\n{title}{self.cards(blocks[0])}</div>\n'
            blocks = blocks[1:]
        yield f'<section aria-labelledby="{s.code}">\n{title}'
        for block in blocks:
            yield self.block(block)
        yield f'<p class="report-back"><a href="#report-contents">{escape(say("reports.back", self.lang))}</a></p>\n'
        yield "</section>\n"

    def block(self, block: Block) -> str:
        match block:
            case Heading(level, line, anchor):
                return f'<h{level + 1} id="{anchor}">{self.line(line)}</h{level + 1}>\n'
            case Paragraph(line):
                return f"<p>{self.line(line, notes=True)}</p>\n"
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                inner = "".join(f"<li>{self.line(i, notes=True)}</li>\n" for i in items)
                return f"<{tag}>\n{inner}</{tag}>\n"
            case Cards():
                return self.cards(block)
            case Grid():
                label = escape(block.title or say("reports.table", self.lang))
                scroll = f'class="report-table" tabindex="0" role="region" aria-label="{label}"'
                return f"<div {scroll}>{self.grid(block)}</div>\n"
            case Picture():
                return self.picture(block)
            case Contradictions(items):
                return f'<ul class="report-findings">\n{"".join(self.contradiction(i) for i in items)}</ul>\n'
            case SourceList(title):
                return self.sources(title)
            case _:
                raise TypeError(f"not a bound block: {block!r}")

    def line(self, line: Line, *, notes: bool = False) -> str:
        return "".join(self.part(p, notes) for p in line if not isinstance(p, Bind))

    def part(self, part: Text | Number, notes: bool) -> str:
        if isinstance(part, Number):
            out = self.number(part, notes=notes)
        elif part.href:
            out = f'<a href="{escape(part.href)}">{escape(part.words)}</a>'
        else:
            out = str(escape(part.words))
        if part.em:
            out = f"<em>{out}</em>"
        return f"<strong>{out}</strong>" if part.strong else out

    def address(self, figure: str) -> str:
        return f"{self.d.base}/{self.lang}/figure/{figure}/"

    def number(self, n: Number, *, notes: bool) -> str:
        out = f'<a class="report-number" href="{self.address(n.figure)}">{escape(n.words)}</a>'
        if notes:
            label = escape(say("reports.note", self.lang, n=n.note))
            out += f'<sup class="report-note"><a href="#source-{n.note}" aria-label="{label}">[{n.note}]</a></sup>'
        return out

    def cards(self, block: Cards) -> str:
        title = f'<p class="report-caption">{escape(block.title)}</p>\n' if block.title else ""
        inner = "".join(self.card(c) for c in block.items)
        return f'{title}<ul class="report-cards">\n{inner}</ul>\n'

    def card(self, card: Card) -> str:
        return (
            f"<li><strong>{self.number(card.number, notes=False)}</strong>"
            f"<span>{escape(card.label)}</span><small>{escape(card.detail)}</small></li>\n"
        )

    def grid(self, g: Grid) -> str:
        def cell(tag: str, line: Line, i: int, scope: str = "") -> str:
            side = ' class="number"' if g.numeric[i] else ""
            return f"<{tag}{scope}{side}>{self.line(line)}</{tag}>"

        caption = f"<caption>{escape(g.title)}</caption>" if g.title else ""
        head = "".join(cell("th", line, i, ' scope="col"') for i, line in enumerate(g.head))
        rows = []
        for row in g.rows:
            first = cell("th", row[0], 0, ' scope="row"')
            rows.append(
                f"<tr>{first}{''.join(cell('td', line, i + 1) for i, line in enumerate(row[1:]))}</tr>\n"
            )
        return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody></table>"

    def picture(self, p: Picture) -> str:
        summary = escape(say("reports.data", self.lang))
        kind = f"{p.kind} half" if p.half else p.kind
        return (
            f'<figure class="report-picture {kind}">\n<figcaption>{escape(p.title)}</figcaption>\n{p.svg}\n'
            f"<details><summary>{summary}</summary>\n{self.grid(p.data)}\n</details>\n</figure>\n"
        )

    def contradiction(self, c: Contradiction) -> str:
        kind = "" if c.answered else ' class="open"'
        return (
            f"<li{kind}><p><strong>{escape(c.state)}. {escape(c.what)}.</strong> {self.line(c.stated, notes=True)}"
            f' {escape(c.follows)}</p><p class="report-answer">{escape(c.answer)}</p></li>\n'
        )

    def sources(self, title: str) -> str:
        inner = "".join(self.source(s) for s in self.d.sources)
        return f'<ol class="report-sources" aria-label="{escape(title)}">\n{inner}</ol>\n'

    def source(self, s: Source) -> str:
        where = f", {escape(s.place)}" if s.place else ""
        if s.fragment:  # as a document says it
            where = f', <span lang="en">{escape(s.place)}: <q>{escape(s.fragment)}</q></span>'
        return (
            f'<li id="source-{s.note}" value="{s.note}"><a href="{self.address(s.figure)}">{escape(s.words)}</a> '
            f"{escape(s.what)}. {escape(s.document)}{where}</li>\n"
        )
