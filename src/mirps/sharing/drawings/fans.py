"""Courses of what may come: a line for the middle of many runs, and a band between the low and the high ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.palette import DASHES, MUTED, SERIES
from mirps.sharing.drawings.svg import SMALL, document, esc, grid, line, n, text, ticks, width_of

TALL = 240.0


@dataclass(frozen=True, slots=True)
class Fan:
    """One course: its points (x, low, middle, high), and whether its band is drawn."""

    name: str
    points: tuple[tuple[float, float, float, float], ...]
    band: bool = False


def fans(
    courses: Sequence[Fan], marks: Sequence[tuple[float, str]], frame: Frame, *, level: float = 0.0
) -> str:
    """All courses on one plane from zero; `marks` are the words under the axis, `level` a line to be reached."""
    every = [p for c in courses for p in c.points]
    top_value = max([level, *(p[3] if c.band else p[2] for c in courses for p in c.points)])
    scale = ticks(Decimal(0), Decimal(max(1, round(top_value))))
    left = max(width_of(frame.show(t), SMALL) for t in scale) + 8
    key, y = _legend(courses, frame)
    if frame.unit:
        key += text(0, y + 13, frame.unit, size=SMALL, fill=MUTED)
        y += 20
    top, right = y + 14, float(frame.width - 8)
    bottom = top + TALL
    end = max(p[0] for p in every) or 1.0

    def at(x: float, value: float) -> str:
        return f"{n(left + x / end * (right - left))},{n(bottom - value / float(scale[-1]) * TALL)}"

    out = key
    for tick in scale:
        y = bottom - float(tick / scale[-1]) * TALL
        out += grid(left, y, right, y)
        out += text(left - 6, y + 4, frame.show(tick), size=SMALL, anchor="end", fill=MUTED)
    out += line(left, bottom, right, bottom) + _marks(marks, left, right, end, bottom)
    for c, colour in zip(courses, SERIES, strict=False):
        if c.band:
            around = [at(p[0], p[3]) for p in c.points] + [at(p[0], p[1]) for p in reversed(c.points)]
            out += f'<path d="M{"L".join(around)}z" fill="{colour}" fill-opacity=".14"/>'
    if level:
        y = bottom - level / float(scale[-1]) * TALL
        out += line(left, y, right, y, MUTED, ' stroke-dasharray="1 4" stroke-width="2"')
    for i, c in enumerate(courses):
        path = "L".join(at(p[0], p[2]) for p in c.points)
        out += f'<g><title>{esc(c.name)}</title><path d="M{path}" fill="none"{_stroke(i)}/></g>'
    return document(out, bottom + 26, frame)


def _stroke(i: int) -> str:
    dashes = DASHES[i % len(DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f' stroke="{SERIES[i % len(SERIES)]}" stroke-width="2.4"{dashed}'


def _legend(courses: Sequence[Fan], frame: Frame) -> tuple[str, float]:
    """A piece of each line with its name: known by its dashes as well as by its colour."""
    out, x, y = "", 0.0, 0.0
    for i, c in enumerate(courses):
        wide = 34 + width_of(c.name, SMALL) + 18
        if x and x + wide > frame.width:
            x, y = 0.0, y + 20
        out += f'<path d="M{n(x)},{n(y + 8)}h28"{_stroke(i)}/>' + text(x + 34, y + 12.5, c.name, size=SMALL)
        x += wide
    return out, y + 30


def _marks(marks: Sequence[tuple[float, str]], left: float, right: float, end: float, bottom: float) -> str:
    """The words under the axis that find room, from the left."""
    out, free = "", -1.0
    for x, words in marks:
        half = width_of(words, SMALL) / 2
        middle = min(max(left + x / end * (right - left), left + half), right - half)
        if middle - half > free:
            out += text(middle, bottom + 16, words, size=SMALL, anchor="middle", fill=MUTED)
            free = middle + half + 8
    return out
