"""The door to paper: tagged PDF (PDF/UA-1) from Typst markup, with the house's own fonts.

Text goes into markup as Typst strings (`quote`), so that nothing in a name or a sentence is read as markup. The
time stamp is given, not read from a clock: the same markup gives the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
import typst

__all__ = ["FONTS", "compile_pdf", "fonts", "qr_svg", "quote"]

FONTS = Path(__file__).with_name("fonts")


@cache
def fonts() -> typst.Fonts:
    """Noto Sans alone: no font of the machine changes a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def compile_pdf(source: str, *, at: datetime) -> bytes:
    """Tagged PDF from markup. Raises typst.TypstError with the place in the markup."""
    stamp = at.astimezone(UTC).replace(microsecond=0)
    pdf: bytes = typst.compile(
        source.encode(), format="pdf", pdf_standards="ua-1", timestamp=stamp, font_paths=fonts()
    )
    return pdf


def quote(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def qr_svg(content: str) -> str:
    """A QR code (ISO/IEC 18004) at level M, as SVG for `image(bytes(…), format: "svg")`."""
    drawn = BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
