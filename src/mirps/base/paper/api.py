"""The door to paper: tagged PDF (PDF/UA-1) from Typst markup, with the house's own fonts.

Text goes into markup as Typst strings (`quote`), so that nothing in a name or a sentence is read as markup. The
time stamp is given, not read from a clock: the same markup gives the same bytes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
import typst

__all__ = ["FONTS", "bytes_of", "compile_pdf", "fonts", "picture", "qr_svg", "quote"]

#: Pixels per inch of a picture: a face is known, and a page stays small.
_PPI = 220
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


def bytes_of(content: bytes) -> str:
    """Typst bytes, for something small."""
    return f"bytes(({','.join(map(str, content))},))"


def picture(content: bytes, *, width: float, height: float) -> bytes:
    """A JPEG or PNG drawn anew as a PNG of so many millimetres: upright, cut to fill them, and without what the
    camera noted beside it (EXIF: where, when, with what). Raises ValueError for what is no such picture.

    It is read from memory (Linux): what was sealed never lies open on a disk.
    """
    form = "png" if content.startswith(b"\x89PNG") else "jpg"
    size = f"width: {width}mm, height: {height}mm"
    with os.fdopen(os.memfd_create("picture"), "wb") as held:
        held.write(content)
        held.flush()
        source = f'#set page({size}, margin: 0pt)\n#image("/{held.fileno()}", format: "{form}", {size}, fit: "cover")'
        try:
            drawn: bytes = typst.compile(  # type: ignore[call-overload] # its stub takes the root for a source
                source.encode(), format="png", ppi=_PPI, root="/proc/self/fd", font_paths=fonts()
            )
        except typst.TypstError as e:
            raise ValueError("not a picture") from e
    return drawn


def qr_svg(content: str) -> str:
    """A QR code (ISO/IEC 18004) at level M, as SVG for `image(bytes(…), format: "svg")`."""
    drawn = BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
