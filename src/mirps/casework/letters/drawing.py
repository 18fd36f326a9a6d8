"""A letter as PDF: Typst markup from what it says, compiled to tagged PDF (PDF/UA-1). Pure but for the fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from mirps.base.marked.faults import Fault, Faults
from mirps.base.paper.api import bytes_of, compile_pdf, qr_svg, quote
from mirps.base.texts.api import say
from mirps.casework.letters.templates import Block

CARD = "card"
#: Of the photo on a card, in millimetres: its width and height.
PHOTO = (25, 32)
#: As a photo: it stood when the card was issued, and was let go since.
GONE = b""


@dataclass(frozen=True, slots=True)
class Face:
    """A letter in one language, in words. `rows`: what stands in its box. `lines`: how it is verified.
    `paper`: a name that Typst knows (`us-letter`, `a4`)."""

    lang: str
    state: str
    authority: str
    title: str
    rows: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    foot: str
    alt: str
    paper: str


@cache
def _preamble() -> str:
    return Path(__file__).with_name("letter.typ").read_text(encoding="utf-8")


def pdf(
    face: Face,
    kind: str,
    token: str,
    *,
    at: datetime,
    sample: bool = False,
    file: str = "",
    photo: bytes | None = None,
) -> bytes:
    """`at`: when it was issued. The same letter gives the same bytes. `sample`: it is marked as one, bears a code
    that means nothing, and a card that does not fit on its two faces raises Faults. `photo`: of a card, as PNG, or
    GONE; None for a card without."""
    made = compile_pdf(markup(face, kind, token, sample=sample, photo=photo), at=at)
    if sample and kind == CARD and len(PdfReader(BytesIO(made)).pages) > 1:
        raise Faults([Fault(file, 0, "", "letter_card")])
    return made


def markup(face: Face, kind: str, token: str, *, sample: bool = False, photo: bytes | None = None) -> str:
    named = {"title": face.title, "author": face.authority, "lang": face.lang, "token": token}
    base = ", ".join(f"{k}: {quote(v)}" for k, v in named.items())
    blocks = "".join(f"({quote(b.kind)}, {_list(b.lines)}), " for b in face.blocks)
    rows = "".join(f"{_list(row)}, " for row in face.rows)
    given = [
        f"authority: {quote(face.authority)}", f"state: {quote(face.state)}", f"title: {quote(face.title)}",
        f"rows: ({rows})", f"blocks: ({blocks})", f"qr: {quote(qr_svg(token))}", f"alt: {quote(face.alt)}",
        f"lines: {_list(face.lines)}", f"foot: {quote(face.foot)}",
    ]  # fmt: skip
    if sample:
        given.append(f"sample: {quote(say('letters.sample', face.lang))}")
    if photo is not None and kind == CARD:
        given.append(f"without: {quote(say('letters.photo.without', face.lang))}")
        given.append(f"photo: {bytes_of(photo) if photo else 'none'}")
        given.append(f"photo-alt: {quote(say('letters.photo.alt', face.lang))}")
        given.append(f"photo-size: ({PHOTO[0]}mm, {PHOTO[1]}mm)")
    shape = "card" if kind == CARD else "letter"
    if kind != CARD:
        given.append(f"paper: {quote(face.paper)}")
    return f"{_preamble()}\n#show: base.with({base})\n#{shape}({', '.join(given)})\n"


def _list(texts: Sequence[str]) -> str:
    return f"({''.join(f'{quote(t)}, ' for t in texts)})"
