"""A map that names places and counts nothing: where the towns of a report are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mirps.base.places.outlines import Outline
from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.palette import PAPER, SERIES
from mirps.sharing.drawings.svg import SMALL, document, esc, n, text, width_of, wrapped

RADIUS = 3.5
LAND = "#dde4ea"  # pale enough for names upon it, with divisions in white lines
TALL = 13.0  # of a name

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    lat: float
    lon: float


def locator(outline: Outline, towns: Sequence[Town], frame: Frame) -> str:
    """A dot and a name for each town. A name without room becomes a number, told in a row below."""
    frame = replace(frame, width=outline.width)
    pins = [(t.name, *outline.projection(t.lat, t.lon)) for t in towns]
    taken: list[Box] = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for _, x, y in pins]
    names, rows = "", []
    for name, x, y in pins:
        if spot := _spot(name, x, y, taken, outline):
            box, anchor, at, base = spot
            taken.append(box)
            names += text(at, base, name, size=SMALL, anchor=anchor, halo=True)
        else:
            rows.append(name)
            names += text(x + 5, y - 4, str(len(rows)), size=11, bold=True, halo=True)
    land = "".join(
        f'<path d="{land.path}" fill="{LAND}" stroke="{PAPER}" stroke-width=".8" stroke-linejoin="round"/>'
        for land in outline.lands
    )
    dots = "".join(
        f'<g><title>{esc(name)}</title><circle cx="{n(x)}" cy="{n(y)}" r="{RADIUS}" fill="{SERIES[0]}" '
        f'stroke="{PAPER}"/></g>'
        for name, x, y in pins
    )
    below, tall = _rows(rows, outline)
    return document(land + dots + names + below, outline.height + tall, frame)


def _spot(
    name: str, x: float, y: float, taken: Sequence[Box], outline: Outline
) -> tuple[Box, str, float, float] | None:
    """The first free place beside, above or below the dot: its box, anchor and baseline."""
    wide, gap = width_of(name, SMALL), RADIUS + 3
    choices = (
        ("start", x + gap, y + 4, x + gap),
        ("end", x - gap, y + 4, x - gap - wide),
        ("middle", x, y - gap - 1, x - wide / 2),
        ("middle", x, y + gap + 10, x - wide / 2),
    )
    for anchor, at, base, left in choices:
        box = (left, base - TALL + 3, left + wide, base + 3)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= outline.width and box[3] <= outline.height
        if inside and all(box[2] <= a or c <= box[0] or box[3] <= b or d <= box[1] for a, b, c, d in taken):
            return box, anchor, at, base
    return None


def _rows(names: Sequence[str], outline: Outline) -> tuple[str, float]:
    """What the numbers stand for, in two columns."""
    if not names:
        return "", 0.0
    high, wide = -(-len(names) // 2), outline.width / 2
    out = ""
    for i, name in enumerate(names):
        words = wrapped(f"{i + 1}  {name}", wide - 8, SMALL, 1)[0]
        out += text((i // high) * wide, outline.height + 16 + (i % high) * 17, words, size=SMALL)
    return out, high * 17 + 8
