"""Values over time: stocks as lines between days, flows as columns for periods; small multiples.

A year without a value stays a gap: no line is drawn across it. A value that exists and is
not shown (unknown, not collected, suppressed) has a sign on the axis, explained below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirps.sharing.drawings.model import Frame, Point, Series
from mirps.sharing.drawings.palette import DASHES, MUTED, PAPER, SERIES, series_fill
from mirps.sharing.drawings.svg import (
    SMALL,
    document,
    grid,
    legend,
    line,
    mark,
    n,
    rect,
    text,
    ticks,
    titled,
    width_of,
    wrapped,
)
from mirps.sharing.drawings.words import ABSENT, signed

TALL = 220.0  # of the plane, in pixels
SIGNS = {"_U": "?", "_L": "×", "_S": "•", "": "–"}


def trend(series: Sequence[Series], frame: Frame) -> str:
    """All series on one plane that begins at zero. Labels that are years run without a hole."""
    labels = _labels(series)
    scale = _scale(series)
    left = max(width_of(frame.show(t), SMALL) for t in scale) + 8
    names = [(series_fill(i), s.name) for i, s in enumerate(series)] if len(series) > 1 else []
    key, top = legend(names, frame, 0)
    if frame.unit:
        key += text(0, top + 13, frame.unit, size=SMALL, fill=MUTED)
        top += 20
    plane = _Plane(left, top + 14, frame.width - 6, top + 14 + TALL, tuple(labels), scale, frame)
    body = key + plane.axes() + plane.marks(series)
    note, tall = _notes(series, frame, plane.bottom + 24)
    return document(body + note, plane.bottom + 26 + tall, frame)


def multiples(series: Sequence[Series], frame: Frame, *, columns: int = 3) -> str:
    """One small plane a series, all to one scale, each with its name and last value."""
    labels, scale = _labels(series), _scale(series)
    gap, tall = 22.0, 92.0
    wide = (frame.width - gap * (columns - 1)) / columns
    names = [wrapped(one.name, wide / 1.07) for one in series]
    head = 9 + 17.0 * max((len(lines) for lines in names), default=1)
    body, y = "", 0.0
    for i, one in enumerate(series):
        x, y = (i % columns) * (wide + gap), (i // columns) * (tall + head + 36)
        plane = _Plane(x, y + head, x + wide, y + head + tall, tuple(labels), scale, frame)
        for row, name in enumerate(names[i]):
            body += text(x, y + 13 + 17 * row, name, bold=True)
        last = next((p for p in reversed(one.points) if p.value is not None), None)
        if last and width_of(one.name, bold=True) + width_of(signed(last, frame)) + 8 < wide:
            body += text(x + wide, y + 13, signed(last, frame), anchor="end", fill=MUTED)
        body += plane.axes(small=True) + plane.marks([one], plain=True)
    note, height = _notes(series, frame, y + tall + head + 20)
    return document(body + note, y + tall + head + 24 + height, frame)


def _labels(series: Sequence[Series]) -> list[str]:
    found = dict.fromkeys(p.label for s in series for p in s.points)
    if found and all(len(label) == 4 and label.isdigit() for label in found):
        years = [int(label) for label in found]
        if max(years) - min(years) < 60:
            return [str(year) for year in range(min(years), max(years) + 1)]
    return list(found)


def _scale(series: Sequence[Series]) -> list[Decimal]:
    known = [p.value for s in series for p in s.points if p.value is not None]
    return ticks(min([Decimal(0), *known]), max([Decimal(0), *known]))


def _notes(series: Sequence[Series], frame: Frame, y: float) -> tuple[str, float]:
    """What the signs on the axis mean, for those that stand there."""
    kinds = dict.fromkeys(p.absence for s in series for p in s.points if p.value is None)
    said = [f"{SIGNS[k]} {ABSENT[frame.lang][k]}" for k in SIGNS if k in kinds]
    return (text(0, y + 13, "; ".join(said), size=SMALL, fill=MUTED), 20.0) if said else ("", 0.0)


@dataclass(frozen=True, slots=True)
class _Plane:
    left: float
    top: float
    right: float
    bottom: float
    labels: tuple[str, ...]
    scale: list[Decimal]
    frame: Frame

    @property
    def step(self) -> float:
        return (self.right - self.left) / max(len(self.labels), 1)

    def x(self, label: str) -> float:
        return self.left + (self.labels.index(label) + 0.5) * self.step

    def y(self, value: Decimal) -> float:
        low, high = self.scale[0], self.scale[-1]
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)

    def axes(self, *, small: bool = False) -> str:
        out = ""
        for tick in self.scale if not small else (self.scale[0], self.scale[-1]):
            y = self.y(tick)
            out += grid(self.left, y, self.right, y)
            if not small:
                out += text(self.left - 6, y + 4, self.frame.show(tick), size=SMALL, anchor="end", fill=MUTED)
        out += line(self.left, self.y(Decimal(0)), self.right, self.y(Decimal(0)))
        wide = max((width_of(label, SMALL) for label in self.labels), default=0) + 8
        every = len(self.labels) if small else max(1, -int(-wide // self.step))
        for i in range(len(self.labels) - 1, -1, -max(1, every)):
            out += self._under(i)
        return out + (self._under(0) if small and len(self.labels) > 1 else "")

    def _under(self, i: int) -> str:
        x = self.left + (i + 0.5) * self.step
        half = width_of(self.labels[i], SMALL) / 2
        x = min(max(x, self.left + half), self.right - half) if half * 2 < self.right - self.left else x
        return text(x, self.bottom + 16, self.labels[i], size=SMALL, anchor="middle", fill=MUTED)

    def marks(self, series: Sequence[Series], *, plain: bool = False) -> str:
        """Columns first, lines over them. `plain` leaves out the values at the marks."""
        flows = [s for s in series if not s.stock]
        said = not plain and self._room_for_values(series)
        out = ""
        for i, one in enumerate(series):
            if not one.stock:
                out += self._columns(one, i, flows.index(one), len(flows), said)
        for i, one in enumerate(series):
            if one.stock:
                out += self._line(one, i, said)
        return out

    def _room_for_values(self, series: Sequence[Series]) -> bool:
        known = [p for s in series for p in s.points if p.value is not None]
        return (
            len(series) == 1
            and max((width_of(signed(p, self.frame), SMALL) for p in known), default=0) < self.step
        )

    def _columns(self, one: Series, i: int, place: int, among: int, said: bool) -> str:
        wide = min(self.step * 0.72, 56.0 * among) / among
        out, zero = "", self.y(Decimal(0))
        for point in one.points:
            x = self.x(point.label) - wide * among / 2 + wide * place
            if point.value is None:
                inner = self._absent(point, x + wide / 2)
            else:
                y = self.y(point.value)
                inner = rect(x, min(y, zero), max(wide - 1, 1), max(abs(zero - y), 1), series_fill(i))
                inner += self._said(point, x + wide / 2, min(y, zero)) if said else ""
            out += mark(inner, titled(point, self.frame, one.name), point.href, self.frame)
        return out

    def _line(self, one: Series, i: int, said: bool) -> str:
        at = {p.label: p for p in one.points}
        colour, path, drawing, out = SERIES[i % len(SERIES)], "", False, ""
        for label in self.labels:
            point = at.get(label)
            if point is None or point.value is None:
                drawing = False
                continue
            path += f"{'L' if drawing else 'M'}{n(self.x(label))},{n(self.y(point.value))}"
            drawing = True
        dashes = f' stroke-dasharray="{DASHES[i % len(DASHES)]}"' if DASHES[i % len(DASHES)] else ""
        out += f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.2"{dashes}/>' if path else ""
        for point in one.points:
            x = self.x(point.label)
            if point.value is None:
                inner = self._absent(point, x)
            else:
                y = self.y(point.value)
                inner = _sign(i, x, y, colour) + (self._said(point, x, y - 4) if said else "")
            out += mark(inner, titled(point, self.frame, one.name), point.href, self.frame)
        return out

    def _said(self, point: Point, x: float, y: float) -> str:
        return text(x, y - 5, signed(point, self.frame), size=SMALL, anchor="middle", halo=True)

    def _absent(self, point: Point, x: float) -> str:
        sign = SIGNS.get(point.absence, SIGNS[""])
        return text(x, self.y(Decimal(0)) - 5, sign, anchor="middle", fill=MUTED, bold=True, halo=True)


def _sign(i: int, x: float, y: float, colour: str) -> str:
    """Circle, square, diamond or triangle: a series is known by its sign too."""
    shape = (
        f"M{n(x - 4)},{n(y)}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
        f"M{n(x - 4)},{n(y - 4)}h8v8h-8z",
        f"M{n(x)},{n(y - 5.5)}l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
        f"M{n(x)},{n(y - 5)}l5.5,9h-11z",
    )[i % 4]
    return f'<path d="{shape}" fill="{colour}" stroke="{PAPER}"/>'
