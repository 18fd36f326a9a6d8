"""The drawings that a report may ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirps.evidence.figures.api import Figure

Show = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Canvas:
    kind: str
    title: str
    alt: str
    lang: str
    show: Show
    key: str
    trend: str = "flow"


def paint(canvas: Canvas, groups: Mapping[str, Sequence[tuple[str, Figure]]]) -> str:
    """The SVG."""
    rows = [(label, f) for g in groups.values() for label, f in g]
    top = max([abs(f.value or 0) for _, f in rows] or [1]) or 1
    out = []
    for i, (label, f) in enumerate(rows):
        w = 300 * abs(f.value or 0) / top
        out.append(f'<rect x="200" y="{i*24+4}" width="{w}" height="16" fill="#0b3d66"/><text x="0" y="{i*24+16}" font-family="Noto Sans" font-size="11">{label[:34]}</text>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {len(rows)*24+8}" role="img">{"".join(out)}</svg>'
