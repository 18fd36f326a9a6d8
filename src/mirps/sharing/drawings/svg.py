"""SVG in strings: the primitives from which charts and maps are made.

Only presentation attributes: a strict content security policy blocks style attributes, and
typst reads no stylesheet. Text stays text. Coordinates have at most one decimal.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from html import escape
from zlib import crc32

from mirps.sharing.drawings.model import Frame, Point
from mirps.sharing.drawings.palette import AXIS, GRID, INK, KEY, PAPER, definitions
from mirps.sharing.drawings.widths import LETTERS
from mirps.sharing.drawings.words import written

SIZE = 14.0  # of labels and values, in pixels
SMALL = 12.0  # of axes and legends
_WIDTH = {letter: width for width, letters in LETTERS.items() for letter in letters}
_USUAL = 600  # of a letter that the table lacks
#: Characters that XML 1.0 has no place for, even escaped.
_UNFIT = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


def esc(words: str) -> str:
    """The words as XML text or attribute."""
    return escape(words.translate(_UNFIT))


def n(value: float) -> str:
    """A coordinate: one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


@lru_cache(maxsize=4096)
def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How wide a line of Noto Sans is, in pixels."""
    wide = sum(_WIDTH.get(letter, _USUAL) for letter in text) * size / 1000
    return wide * 1.07 if bold else wide


@lru_cache(maxsize=1024)
def wrapped(text: str, room: float, size: float = SIZE, most: int = 2) -> tuple[str, ...]:
    """The text in at most `most` lines of `room` pixels; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return tuple(_cut(line, room, size) for line in lines)


def _cut(line: str, room: float, size: float) -> str:
    if width_of(line, size) <= room:
        return line
    while line and width_of(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip() + "…"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = SIZE,
    anchor: str = "start",
    fill: str = INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """One line with its baseline at y. A halo keeps it legible over lines and patterns."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    if fill != INK:
        more += f' fill="{fill}"'
    if size != SIZE:
        more += f' font-size="{n(size)}"'
    if bold:
        more += ' font-weight="700"'
    if halo:
        more += f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return f'<text x="{n(x)}" y="{n(y)}"{more}>{esc(words)}</text>'


def lines_of_text(x: float, middle: float, lines: tuple[str, ...], *, anchor: str = "start") -> str:
    """Lines set around the height `middle`."""
    first = middle + SIZE * 0.35 - (len(lines) - 1) * SIZE * 0.6
    return "".join(text(x, first + i * SIZE * 1.2, line, anchor=anchor) for i, line in enumerate(lines))


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" fill="{fill}"{more}/>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = AXIS, more: str = "") -> str:
    return f'<path d="M{n(x1)},{n(y1)}L{n(x2)},{n(y2)}" stroke="{stroke}"{more}/>'


def grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return line(x1, y1, x2, y2, GRID)


def mark(inner: str, title: str, href: str, frame: Frame) -> str:
    """A shape with its title, and with a link around it when the drawing has links."""
    inner = f"<g><title>{esc(title)}</title>{inner}</g>"
    if href and frame.link:
        return f'<a href="{esc(href)}" aria-label="{esc(title)}">{inner}</a>'
    return inner


def titled(point: Point, frame: Frame, series: str = "") -> str:
    """What a shape says of itself: 'Honduras, asylum-seekers: over 800'."""
    subject = f"{point.label}, {series}" if series else point.label
    unit = f" {frame.unit}" if frame.unit and point.value is not None else ""
    return f"{subject}: {written(point, frame)}{unit}"


def legend(names: list[tuple[str, str]], frame: Frame, y: float, left: float = 0.0) -> tuple[str, float]:
    """Swatches (paint, name) in as many lines as they need. Returns them and the height taken."""
    out, x, top = [], left, y
    for paint, name in names:
        wide = 20 + width_of(name, SMALL) + 18
        if x > left and x + wide > frame.width:
            x, y = left, y + 20
        out.append(rect(x, y + 2, 14, 12, paint, f' stroke="{AXIS}" stroke-width=".6"'))
        out.append(text(x + 20, y + 12.5, name, size=SMALL))
        x += wide
    return "".join(out), (y - top + 30) if names else 0.0


def document(body: str, height: float, frame: Frame) -> str:
    """The whole SVG. Its ids begin with a key made from its own bytes, so that several drawings
    can stand in one page. With links it is a group: an img's children would be hidden from those
    who need them (WAI-ARIA 1.2, children presentational)."""
    description = f'<desc id="{KEY}d">{esc(frame.description)}</desc>' if frame.description else ""
    names = f"{KEY}t {KEY}d" if frame.description else f"{KEY}t"
    role = "group" if "<a href" in body else "img"
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="{role}" aria-labelledby="{names}" '
        f'lang="{frame.lang}" viewBox="0 0 {frame.width} {n(height)}" width="{frame.width}" height="{n(height)}" '
        f'font-family="Noto Sans, sans-serif" font-size="{n(SIZE)}" fill="{INK}">'
        f'<title id="{KEY}t">{esc(frame.title)}</title>{description}{definitions(body)}{body}</svg>'
    )
    return whole.replace(KEY, f"d{frame.key or format(crc32(whole.encode()), '08x')}")


def ticks(low: Decimal, high: Decimal, wanted: int = 4) -> list[Decimal]:
    """Round values from at most `low` to at least `high`, about `wanted` steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0:
        return [low, low + 1]
    rough = span / wanted
    power = Decimal(10) ** rough.adjusted()
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [(first + i) * step for i in range(int(last - first) + 1)]
