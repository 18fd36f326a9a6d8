"""Maps of the region or of one State: symbols for counts, classes of shading for rates.

A count belongs in a symbol: shading a large State by its count shows its size, not its
people. Both maps say each name and value in words, and shade with patterns, so that neither
needs colour. Outlines come from mirps.base.places.outlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from math import hypot, sqrt

from mirps.base.places.outlines import Land, Outline
from mirps.sharing.drawings.model import Frame, Point, Spot
from mirps.sharing.drawings.palette import (
    AXIS,
    BORDER,
    CLASSES,
    INK,
    MUTED,
    NEIGHBOUR,
    NOTHING,
    PAPER,
    SEA,
    SERIES,
    class_fill,
)
from mirps.sharing.drawings.svg import (
    SIZE,
    SMALL,
    document,
    legend,
    mark,
    n,
    rect,
    text,
    titled,
    width_of,
    wrapped,
)
from mirps.sharing.drawings.words import signed, word

LARGEST = 26.0  # radius of the largest symbol, in pixels
SMALLEST = 2.5
LINE = 15.0  # between two lines of a label

Box = tuple[float, float, float, float]  # left, top, right, bottom


def symbols(outline: Outline, points: Sequence[Point], frame: Frame, *, spots: Sequence[Spot] = ()) -> str:
    """A circle a place, its area in proportion to the value; places by `Point.code`, or `spots`.

    An absent value is a small hollow circle. Raises ValueError for a negative value.
    """
    frame = replace(frame, width=outline.width)
    lands = {land.code: land for land in outline.lands}
    placed = [(p, lands[p.code].tip or lands[p.code].label, lands[p.code]) for p in points if p.code in lands]
    at: list[tuple[Point, tuple[float, float], Land | None]] = list(placed)
    at += [(s.point, outline.projection(s.lat, s.lon), None) for s in spots]
    if any(p.value is not None and p.value < 0 for p, _, _ in at):
        raise ValueError("a symbol's area cannot show a negative value")
    most = max((p.value for p, _, _ in at if p.value), default=Decimal(1))
    at.sort(key=lambda item: -(item[0].value or Decimal(0)))
    labels = _Labels(outline.width, outline.height, [p for p in points if p.code not in lands])
    ground = _ground(outline) + "".join(_outline(land, PAPER) for land in outline.lands if land.member)
    shapes = ""
    for point, (x, y), land in at:
        radius = max(SMALLEST, LARGEST * sqrt(float(point.value / most))) if point.value else SMALLEST
        paint = (SERIES[0], PAPER) if point.value else (PAPER, MUTED)
        circle = f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" fill="{paint[0]}" stroke="{paint[1]}"/>'
        shapes += mark(circle, titled(point, frame), point.href, frame)
        labels.taken.append((x - radius, y - radius, x + radius, y + radius))
        labels.wanted.append(_Wanted(point, x, y, radius, land if land and land.tip else None))
    said, rows = labels.placed(frame)
    return document(ground + shapes + said + rows.body, outline.height + rows.tall, frame)


def choropleth(outline: Outline, points: Sequence[Point], frame: Frame, *, classes: int = 5) -> str:
    """Each place shaded by the class of its value: quantiles, at most five, none empty."""
    frame = replace(frame, width=outline.width)
    by_code = {p.code: p for p in points}
    known = sorted({p.value for p in points if p.value is not None})
    limits = breaks(known, min(classes, len(CLASSES)))
    drawn = {land.code for land in outline.lands}
    labels = _Labels(outline.width, outline.height, [p for p in points if p.code not in drawn])
    body = _ground(outline)
    for land in outline.lands:
        if not land.member:
            continue
        point = by_code.get(land.code) or Point(land.name, None, code=land.code)
        paint = NOTHING if point.value is None else class_fill(_class_of(point.value, limits, len(limits)))
        body += mark(_outline(land, paint), titled(point, frame), point.href, frame)
        if land.code in by_code:
            labels.wanted.append(_Wanted(point, *land.label, 0.0, land if land.tip else None, land.room))
    said, rows = labels.placed(frame)
    key = [
        (class_fill(_spread(i, len(limits))), _range(low, high, frame))
        for i, (low, high) in enumerate(limits)
    ]
    if any(p.value is None for p in points) or len(by_code) < sum(land.member for land in outline.lands):
        key.append((NOTHING, word("none", frame)))
    top = outline.height + rows.tall + 6
    shown, tall = legend(key, frame, top)
    return document(body + said + rows.body + shown, top + tall, frame)


def _range(low: Decimal, high: Decimal, frame: Frame) -> str:
    return frame.show(low) if low == high else f"{frame.show(low)} {word('to', frame)} {frame.show(high)}"


def breaks(values: Sequence[Decimal], classes: int) -> list[tuple[Decimal, Decimal]]:
    """The least and largest value of each class: quantiles of the distinct sorted `values`."""
    classes = min(classes, len(values))
    edges = [round(i * len(values) / classes) for i in range(classes + 1)] if classes else []
    return [(values[a], values[b - 1]) for a, b in pairwise(edges)]


def _class_of(value: Decimal, limits: Sequence[tuple[Decimal, Decimal]], count: int) -> int:
    return _spread(next(i for i, (_, high) in enumerate(limits) if value <= high), count)


def _spread(i: int, count: int) -> int:
    """With fewer classes than shades, the shades furthest apart."""
    return round(i * (len(CLASSES) - 1) / max(count - 1, 1)) if count > 1 else len(CLASSES) // 2


def _ground(outline: Outline) -> str:
    near = [land for land in outline.lands if not land.member]
    sea = rect(0, 0, outline.width, outline.height, SEA) if near else ""
    paths = "".join(f'<path d="{land.path}"/>' for land in near)
    return sea + (f'<g fill="{NEIGHBOUR}" stroke="#fff" stroke-width=".8">{paths}</g>' if near else "")


def _outline(land: Land, fill: str) -> str:
    return (
        f'<path d="{land.path}" fill="{fill}" stroke="{BORDER}" stroke-width=".8" stroke-linejoin="round"/>'
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A label to be placed: beside a symbol of `radius`, at its land's own spot, or in its land."""

    point: Point
    x: float
    y: float
    radius: float
    land: Land | None
    room: float = 1e9


@dataclass(frozen=True, slots=True)
class _Rows:
    body: str = ""
    tall: float = 0.0


@dataclass(slots=True)
class _Labels:
    """Places labels without overlap, the largest value first. What finds no place gets a number
    on the map and a row below it; `undrawn`, places without an outline, get a row alone."""

    width: float
    height: float
    undrawn: Sequence[Point]
    taken: list[Box] = field(default_factory=list)
    wanted: list[_Wanted] = field(default_factory=list)

    def placed(self, frame: Frame) -> tuple[str, _Rows]:
        out, left = "", []
        for want in sorted(self.wanted, key=lambda w: (w.land is None, -(w.point.value or Decimal(0)))):
            said = self._led(want, frame) if want.land else self._free(want, frame)
            if said:
                out += said
            else:
                left.append(want)
        for number, want in enumerate(left, 1):
            x, y = (want.land.tip if want.land else None) or (want.x, want.y)
            out += text(x, y + 4, str(number), size=11, anchor="middle", bold=True, halo=True)
        return f'<g pointer-events="none">{out}</g>', self._rows(left, frame)

    def _led(self, want: _Wanted, frame: Frame) -> str:
        """At the spot that the map gives, with a line to the place."""
        land = want.land
        if land is None or land.tip is None:
            return ""
        x, y = land.label
        box = _box(want.point, x, y, land.anchor, frame)
        if not self._is_free(box, want):
            return ""
        self.taken.append(box)
        gap = {"start": -4.0, "end": 4.0}.get(land.anchor, 0.0)
        start, end = (x + gap, y if gap else y + LINE + 3), land.tip
        if want.radius:  # the line ends at the symbol's edge
            part = want.radius / max(hypot(start[0] - end[0], start[1] - end[1]), want.radius)
            end = (end[0] + (start[0] - end[0]) * part, end[1] + (start[1] - end[1]) * part)
        lead = f'<path d="M{n(start[0])},{n(start[1])}L{n(end[0])},{n(end[1])}" stroke="{AXIS}"/>'
        dot = (
            "" if want.radius else f'<circle cx="{n(land.tip[0])}" cy="{n(land.tip[1])}" r="2" fill="{INK}"/>'
        )
        return lead + dot + _two_lines(want.point, x, y, land.anchor, frame)

    def _free(self, want: _Wanted, frame: Frame) -> str:
        if _wide(want.point, frame) > want.room * 1.1:
            return ""
        r = want.radius + 3
        spots = [("middle", 0.0, 0.0)]
        if want.radius:
            spots = [
                ("start", r, 0.0),
                ("end", -r, 0.0),
                ("middle", 0.0, -r - LINE),
                ("middle", 0.0, r + LINE),
            ]
        for anchor, dx, dy in spots:
            x, y = want.x + dx, want.y + dy
            box = _box(want.point, x, y, anchor, frame)
            if self._is_free(box, want):
                self.taken.append(box)
                return _two_lines(want.point, x, y, anchor, frame)
        return ""

    def _is_free(self, box: Box, want: _Wanted) -> bool:
        """Within the map, over no symbol or label, and over no other place's own spot."""
        left, top, right, bottom = box
        others = (w for w in self.wanted if w is not want)
        if any(left < w.x + 7 and w.x - 7 < right and top < w.y + 7 and w.y - 7 < bottom for w in others):
            return False
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        return all(right <= a or c <= left or bottom <= b or d <= top for a, b, c, d in self.taken)

    def _rows(self, left: Sequence[_Wanted], frame: Frame) -> _Rows:
        said = [f"{i}  {w.point.label}: {signed(w.point, frame)}" for i, w in enumerate(left, 1)]
        said += [f"{p.label}: {signed(p, frame)}" for p in self.undrawn]
        if not said:
            return _Rows()
        columns = 3 if self.width >= 480 else 2
        high, wide = -(-len(said) // columns), self.width / columns
        out = ""
        for i, words in enumerate(said):
            x, y = (i // high) * wide, self.height + 18 + (i % high) * 18
            out += text(x, y, wrapped(words, wide - 8, SMALL, 1)[0], size=SMALL)
        return _Rows(out, high * 18 + 12)


def _wide(point: Point, frame: Frame) -> float:
    return max(width_of(point.label, SIZE, bold=True), width_of(signed(point, frame)))


def _box(point: Point, x: float, y: float, anchor: str, frame: Frame) -> Box:
    """What a label of two lines covers."""
    wide = _wide(point, frame)
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return left, y - LINE, left + wide, y + LINE


def _two_lines(point: Point, x: float, y: float, anchor: str, frame: Frame) -> str:
    name = text(x, y - 2, point.label, anchor=anchor, bold=True, halo=True)
    return name + text(x, y + LINE - 2, signed(point, frame), anchor=anchor, halo=True)
