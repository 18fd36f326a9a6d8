"""The paragraph of a source document in which a figure stands, read when a page needs it.

The documents are no part of the product: an installation that holds them (MIRPS_SOURCES) can
show the passage, any other names the place and the fragment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mirps.base.codelists import api as lists
from mirps.evidence.figures.api import Figure

#: Of the paragraph, at most so many characters on each side of the fragment.
SIDE = 700


@dataclass(frozen=True, slots=True)
class Passage:
    before: str
    fragment: str
    after: str
    others: int  # how many other places of the document have the same words


def passage(figure: Figure, folder: Path) -> Passage | None:
    """The paragraph around the figure's fragment, or nothing when it is not here to read."""
    row = lists.documents().get(figure.document)
    path = folder / row["file"] if row and row["file"] else None
    if path is None or not figure.fragment or not path.is_file():
        return None
    return find(_text(path, path.stat().st_mtime_ns), figure.fragment, figure.locator)


@lru_cache(maxsize=16)
def _text(path: Path, changed: int) -> str:
    return path.read_text(encoding="utf-8")


def find(text: str, fragment: str, locator: str) -> Passage | None:
    """The fragment in its paragraph. Of several places the one nearest below the locator's heading."""
    words = r"\s+".join(re.escape(w) for w in fragment.split())
    hits = list(re.finditer(words, text))
    if not hits:
        return None
    headings = [h.strip() for h in locator.split(",")[0].split(">")]
    hit = min(hits, key=lambda m: _distance(text, m.start(), headings))
    start = _edge(text, hit.start(), -1)
    end = _edge(text, hit.end(), 1)
    before, after = _flat(text[start : hit.start()]), _flat(text[hit.end() : end])
    if len(before) > SIDE:
        before = "… " + before[-SIDE:].partition(" ")[2]
    if len(after) > SIDE:
        after = after[:SIDE].rpartition(" ")[0] + " …"
    return Passage(before, _flat(hit.group()), after, len(hits) - 1)


def _distance(text: str, at: int, headings: list[str]) -> int:
    """How far the last heading stands above the place; the first heading must stand above it too."""
    section = text.rfind(f"\n{headings[0]}\n", 0, at)
    nearest = text.rfind(f"\n{headings[-1]}", max(section, 0), at)
    return at - nearest if nearest >= 0 else len(text) + (at - section if section >= 0 else len(text))


def _edge(text: str, at: int, step: int) -> int:
    """The end of the paragraph: the nearest empty line in that direction."""
    if step < 0:
        found = max((m.end() for m in re.finditer(r"\n\s*\n", text[max(0, at - 4000) : at])), default=0)
        return max(0, at - 4000) + found
    gap = re.search(r"\n\s*\n", text[at : at + 4000])
    return at + gap.start() if gap else min(len(text), at + 4000)


def _flat(text: str) -> str:
    inner = " ".join(text.split())
    left = " " if text[:1].isspace() and inner else ""
    right = " " if text[-1:].isspace() and inner else ""
    return f"{left}{inner}{right}"
