"""A letter as PDF: Typst markup from what it says, compiled to tagged PDF (PDF/UA-1). Pure but for the fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from mirps.base.paper.api import compile_pdf, qr_svg, quote
from mirps.casework.letters.templates import Block

CARD = "card"


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


def pdf(face: Face, kind: str, token: str, *, at: datetime) -> bytes:
    """`at`: when it was issued. The same letter gives the same bytes."""
    return compile_pdf(markup(face, kind, token), at=at)


def markup(face: Face, kind: str, token: str) -> str:
    named = {"title": face.title, "author": face.authority, "lang": face.lang, "token": token}
    base = ", ".join(f"{k}: {quote(v)}" for k, v in named.items())
    blocks = "".join(f"({quote(b.kind)}, {_list(b.lines)}), " for b in face.blocks)
    rows = "".join(f"{_list(row)}, " for row in face.rows)
    given = [
        f"authority: {quote(face.authority)}", f"state: {quote(face.state)}", f"title: {quote(face.title)}",
        f"rows: ({rows})", f"blocks: ({blocks})", f"qr: {quote(qr_svg(token))}", f"alt: {quote(face.alt)}",
        f"lines: {_list(face.lines)}", f"foot: {quote(face.foot)}",
    ]  # fmt: skip
    shape = "card" if kind == CARD else "letter"
    if kind != CARD:
        given.append(f"paper: {quote(face.paper)}")
    return f"{_preamble()}\n#show: base.with({base})\n#{shape}({', '.join(given)})\n"


def _list(texts: Sequence[str]) -> str:
    return f"({''.join(f'{quote(t)}, ' for t in texts)})"
