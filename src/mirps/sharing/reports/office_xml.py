"""What python-docx has no call for: fields, bookmarks, links, languages, styles (ECMA-376)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

DEEP = RGBColor(0x0B, 0x3D, 0x66)
FONT = "Noto Sans"


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def dress(file: Any, language: str, *, short: bool) -> None:
    """Page, styles and language of a new file."""
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2 if short else 2.5)
    section.top_margin = section.bottom_margin = Cm(1.8 if short else 2.5)
    styles = file.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(_element("w:lang", val=language, eastAsia=language))
    _font(styles["Normal"], 9 if short else 10)
    for name, size in (
        ("Title", 26),
        ("Subtitle", 12),
        ("Heading 1", 18),
        ("Heading 2", 13),
        ("Heading 3", 11),
    ):
        _font(styles[name], size * (0.75 if short else 1), bold=name != "Subtitle", deep=True)
    _font(styles["Caption"], 9, bold=True, deep=True)
    styles["Heading 1"].paragraph_format.page_break_before = False
    _added(styles, "Table Text", 8.5)
    source = _added(styles, "Source", 8)
    source.paragraph_format.left_indent, source.paragraph_format.first_line_indent = Cm(1), Cm(-1)
    for level in (1, 2):
        entry = _added(styles, f"TOC {level}", 9.5).paragraph_format
        entry.left_indent, entry.space_after, entry.line_spacing = Cm(0.6 * (level - 1)), Pt(0), 1.0
    heading = _added(styles, "TOC Heading", 16)
    _font(heading, 16, bold=True, deep=True)
    update = _element("w:updateFields", val="true")
    file.settings.element.append(update)


def _added(styles: Any, name: str, size: float) -> Any:
    style = (
        styles[name] if name in [s.name for s in styles] else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    style.base_style = styles["Normal"]
    _font(style, size)
    style.paragraph_format.space_after = Pt(2)
    return style


def _font(style: Any, size: float, *, bold: bool | None = None, deep: bool = False) -> None:
    font = style.font
    font.name, font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    if bold is not None:
        font.bold = bold
    if deep:
        font.color.rgb = DEEP


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Name a paragraph, so that links lead to it."""
    paragraph._p.insert(
        1 if paragraph._p.pPr is not None else 0, _element("w:bookmarkStart", id=str(number), name=name)
    )
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def link(
    paragraph: Paragraph, words: str, *, anchor: str = "", address: str = "", raised: bool = False
) -> None:
    """A link to a bookmark or to an address. `raised` sets it as a superscript note."""
    made = _element("w:hyperlink")
    if anchor:
        made.set(qn("w:anchor"), anchor)
    else:
        made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = Run(_element("w:r"), paragraph)
    run.text = words
    run.font.color.rgb = DEEP
    if raised:
        run.font.superscript = True
    made.append(run._r)
    paragraph._p.append(made)


def tongue(run: Run, language: str) -> None:
    """The language of a run that differs from its file's."""
    run._r.get_or_add_rPr().append(_element("w:lang", val=language))


def shape(table: Table, words: str, *, wide: float) -> None:
    """Columns across `wide` cm, the first the widest. The first row heads the table on every page;
    `words` describe it to screen readers."""
    others = len(table.columns) - 1
    rest = min(4.4, wide * 0.6 / max(others, 1))
    widths = [Cm(wide - rest * others), *[Cm(rest)] * others]
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.set(qn("w:firstColumn"), "0")
        look.set(qn("w:val"), "0420")
    first = table.rows[0]._tr.get_or_add_trPr()
    first.append(_element("w:tblHeader", val="true"))
    if words:
        table._tbl.tblPr.append(_element("w:tblDescription", val=words))


def contents(file: Any, entries: Sequence[tuple[int, str, str]]) -> None:
    """A contents field that already holds its entries: (level, words, bookmark)."""
    for i, (level, words, name) in enumerate(entries):
        paragraph = file.add_paragraph(style=f"TOC {level}")
        if i == 0:
            _field(paragraph, "begin")
            instruction = _element("w:instrText")
            instruction.text = 'TOC \\o "1-2" \\h \\z \\u'
            paragraph.add_run()._r.append(instruction)
            _field(paragraph, "separate")
        link(paragraph, words, anchor=name)
        if i == len(entries) - 1:
            _field(paragraph, "end")


def _field(paragraph: Paragraph, kind: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType=kind))
