"""Horizontal bars: one series sorted, several side by side, or stacked to a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirps.sharing.drawings.model import Frame, Point, Series
from mirps.sharing.drawings.palette import AXIS, MUTED, NOTHING, PAPER, series_fill
from mirps.sharing.drawings.svg import (
    SIZE,
    SMALL,
    document,
    legend,
    line,
    lines_of_text,
    mark,
    rect,
    text,
    titled,
    width_of,
    wrapped,
)
from mirps.sharing.drawings.words import signed, written

THICK = 18  # of a single bar, in pixels
THIN = 15  # of one among several
ROW = 27
EDGE = f' stroke="{PAPER}"'


def bars(series: Series, frame: Frame, *, ranked: bool = True) -> str:
    """One bar a point, longest first (`ranked` False keeps the order given), absent values last.

    Values may be negative, as changes are: the axis then stands where zero is.
    """
    points = sorted(series.points, key=_rank) if ranked else list(series.points)
    plane = _Plane.of(points, frame, [signed(p, frame) for p in points])
    body, top = _unit(frame)
    y = top
    for point in points:
        tall = plane.tall(point.label)
        middle = y + tall / 2
        inner = plane.label(point.label, middle)
        inner += plane.bar(point, middle - THICK / 2, THICK, series_fill(0))
        inner += plane.value(point, middle)
        body += mark(plane.hit(y, tall) + inner, titled(point, frame, series.name), point.href, frame)
        y += tall
    return document(body + plane.axis(top, y), y + 4, frame)


def grouped(series: Sequence[Series], frame: Frame) -> str:
    """For each label a bar a series, in the order of the first series' points."""
    every = [p for s in series for p in s.points]
    plane = _Plane.of(every, frame, [signed(p, frame) for p in every])
    key, y = legend([(series_fill(i), s.name) for i, s in enumerate(series)], frame, 0)
    unit, top = _unit(frame, y)
    body, y = key + unit, top
    for label in dict.fromkeys(p.label for p in every):
        tall = max(THIN * len(series) + 9, plane.tall(label))
        body += plane.label(label, y + tall / 2)
        at = y + (tall - THIN * len(series)) / 2
        for i, one in enumerate(series):
            for point in one.points:
                if point.label == label:
                    inner = plane.bar(point, at, THIN - 2, series_fill(i))
                    inner += plane.value(point, at + THIN / 2 - 1, SMALL)
                    body += mark(inner, titled(point, frame, one.name), point.href, frame)
            at += THIN
        y += tall
    return document(body + plane.axis(top, y), y + 4, frame)


def stacked(series: Sequence[Series], frame: Frame) -> str:
    """For each label one bar of the series' values end to end, with its sum.

    Only for parts of one whole, none negative. A sum that lacks a part is marked at least.
    Raises ValueError for a negative value.
    """
    labels = dict.fromkeys(p.label for s in series for p in s.points)
    parts = {
        label: [(i, p) for i, s in enumerate(series) for p in s.points if p.label == label]
        for label in labels
    }
    if any(p.value is not None and p.value < 0 for row in parts.values() for _, p in row):
        raise ValueError("stacked bars show parts of a whole: a value is negative")
    totals = [_total(label, [p for _, p in row]) for label, row in parts.items()]
    plane = _Plane.of(totals, frame, [signed(t, frame) for t in totals])
    key, y = legend([(series_fill(i), s.name) for i, s in enumerate(series)], frame, 0)
    unit, top = _unit(frame, y)
    body, y = key + unit, top
    for total in totals:
        tall = plane.tall(total.label)
        middle = y + tall / 2
        body += plane.label(total.label, middle)
        at = plane.x(Decimal(0))
        for i, point in parts[total.label]:
            wide = plane.x(point.value or Decimal(0)) - plane.x(Decimal(0))
            inner = rect(at, middle - THICK / 2, wide, THICK, series_fill(i), EDGE)
            body += (
                mark(inner, titled(point, frame, series[i].name), point.href, frame) if point.value else ""
            )
            at += wide
        body += plane.value(total, middle)
        y += tall
    return document(body + plane.axis(top, y), y + 4, frame)


def _rank(point: Point) -> tuple[bool, Decimal]:
    return point.value is None, -(point.value or Decimal(0))


def _total(label: str, points: Sequence[Point]) -> Point:
    known = [p.value for p in points if p.value is not None]
    if not known:
        return Point(label, None, absence=points[0].absence)
    kinds = {p.qualifier for p in points if p.value is not None}
    if len(known) < len(points):
        return Point(
            label, sum(known, Decimal(0)), qualifier="at_least" if kinds <= {"exact", "at_least"} else "about"
        )
    return Point(label, sum(known, Decimal(0)), qualifier=kinds.pop() if len(kinds) == 1 else "about")


def _unit(frame: Frame, y: float = 0.0) -> tuple[str, float]:
    if not frame.unit:
        return "", y
    return text(0, y + 13, frame.unit, size=SMALL, fill=MUTED), y + 20


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where labels end, where the axis stands and how long a unit is."""

    frame: Frame
    room: float  # of the labels
    zero: float
    scale: float

    @classmethod
    def of(cls, points: Sequence[Point], frame: Frame, values: Sequence[str]) -> _Plane:
        known = [p.value for p in points if p.value is not None]
        low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
        room = min(frame.width * 0.42, max((width_of(p.label) for p in points), default=0) + 2)
        beside = max((width_of(v) for v in values), default=0) + 12
        left = room + 10 + (beside if low < 0 else 0)
        span = float(high - low) or 1.0
        scale = max(frame.width - left - beside, 20) / span
        return cls(frame, room, left - float(low) * scale, scale)

    def x(self, value: Decimal) -> float:
        return self.zero + float(value) * self.scale

    def label(self, words: str, middle: float) -> str:
        return lines_of_text(0, middle, wrapped(words, self.room))

    def tall(self, words: str) -> float:
        """The height of a row: more where its label takes two lines."""
        return ROW + SIZE * 1.2 * (len(wrapped(words, self.room)) - 1) * 0.8

    def bar(self, point: Point, top: float, thick: float, paint: str) -> str:
        if point.value is None:
            return rect(self.zero, top, 10, thick, NOTHING, f' stroke="{AXIS}" stroke-width=".6"')
        at, wide = self.x(point.value), abs(float(point.value)) * self.scale
        if point.value and wide < 1.5:
            wide = 1.5  # the least that shows there is something
        return rect(min(at, self.zero), top, wide, thick, paint)

    def value(self, point: Point, middle: float, size: float = SIZE) -> str:
        base = middle + size * 0.35
        if point.value is None:
            return text(self.zero + 16, base, written(point, self.frame), size=size, fill=MUTED)
        if point.value < 0:
            return text(self.x(point.value) - 6, base, signed(point, self.frame), size=size, anchor="end")
        return text(self.x(point.value) + 6, base, signed(point, self.frame), size=size)

    def hit(self, top: float, tall: float) -> str:
        """An unseen ground, so that the whole row can be pressed."""
        return (
            rect(0, top, self.frame.width, tall, "none", ' pointer-events="all"') if self.frame.link else ""
        )

    def axis(self, top: float, bottom: float) -> str:
        return line(self.zero, top, self.zero, bottom)
