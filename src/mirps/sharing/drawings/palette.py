"""Colours and patterns. Fills have at least 4.5:1 against white, so that they serve in print and
on paper-white pages, and each differs in lightness as well as hue: with any colour vision, and
in grey. A pattern goes with every colour, for colour alone never tells things apart (WCAG 1.4.1).
"""

from __future__ import annotations

INK = "#1b1b1b"
MUTED = "#565c65"
AXIS = "#71767a"
GRID = "#dfe1e2"
PAPER = "#ffffff"
SEA = "#f4f7f9"
NEIGHBOUR = "#e6e6e2"

#: Fills of the first to the sixth series, and what is laid over them in white.
SERIES = ("#0b4778", "#b8470b", "#00796b", "#7a3e8e", "#4f4f4f", "#8a6100")
_HATCHES = (
    "",
    '<path d="M-1,1l2,-2M0,8l8,-8M7,9l2,-2" stroke="#fff" stroke-width="1.4"/>',
    '<circle cx="2" cy="2" r="1.1" fill="#fff"/><circle cx="6" cy="6" r="1.1" fill="#fff"/>',
    '<path d="M0,4h8" stroke="#fff" stroke-width="1.4"/>',
    '<path d="M4,0v8" stroke="#fff" stroke-width="1.4"/>',
    '<path d="M0,4h8M4,0v8" stroke="#fff" stroke-width="1.2"/>',
)
#: A line's dashes and the sign at its points, by series.
DASHES = ("", "6 3", "2 3", "9 3 2 3", "4 2", "1 2")

#: Classes of a choropleth from low to high: fill, and the pattern over it in `CLASS_INK`.
CLASSES = ("#f1f6fb", "#c6dbef", "#8bbbdc", "#3f86bd", "#0b4778")
_CLASS_HATCHES = (
    "",
    '<circle cx="4" cy="4" r=".9" fill="#0b4778"/>',
    '<path d="M-1,1l2,-2M0,8l8,-8M7,9l2,-2" stroke="#0b4778" stroke-width=".8"/>',
    '<path d="M-1,1l2,-2M0,8l8,-8M7,9l2,-2M0,0l8,8" stroke="#fff" stroke-width=".9"/>',
    "",
)
BORDER = "#4a4f54"
#: What the drawing puts in place of its own key, once its bytes are known: see svg.document.
KEY = "\x00"


def series_fill(index: int) -> str:
    """The paint of the series at `index`: its colour, or its pattern."""
    index %= len(SERIES)
    return SERIES[index] if not _HATCHES[index] else f"url(#{KEY}s{index})"


def class_fill(index: int) -> str:
    return CLASSES[index] if not _CLASS_HATCHES[index] else f"url(#{KEY}c{index})"


def definitions(body: str) -> str:
    """The patterns that `body` uses, as an SVG `defs`, or ""."""
    out = []
    for letter, fills, hatches in (("s", SERIES, _HATCHES), ("c", CLASSES, _CLASS_HATCHES)):
        for i, (fill, hatch) in enumerate(zip(fills, hatches, strict=True)):
            if hatch and f"#{KEY}{letter}{i})" in body:
                out.append(
                    f'<pattern id="{KEY}{letter}{i}" width="8" height="8" patternUnits="userSpaceOnUse">'
                    f'<path d="M0,0h8v8H0z" fill="{fill}"/>{hatch}</pattern>'
                )
    if f"#{KEY}n)" in body:
        out.append(
            f'<pattern id="{KEY}n" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<path d="M0,0h6v6H0z" fill="#fff"/><path d="M0,6l6,-6" stroke="#a9aeb1" stroke-width=".8"/></pattern>'
        )
    return f"<defs>{''.join(out)}</defs>" if out else ""


#: The paint of a place or part about which nothing is known.
NOTHING = f"url(#{KEY}n)"
