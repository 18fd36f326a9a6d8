"""An indicator's course: where it began, what was read since, where it should arrive.

Values of periods are bars as long as their period, at the height of their value: five months never look
like a year. Values of a day are points, joined when they are of the same line. The baseline and each aim
have a line across. What bears no date is not drawn; the page's table has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.palette import DASHES, MUTED, PAPER, SERIES, series_fill
from mirps.sharing.drawings.svg import SMALL, document, esc, grid, legend, line, n, text, ticks, width_of
from mirps.sharing.drawings.words import QUALIFIED, SIGNS

TALL = 190.0  # of the plane
#: Writes a day on the axis.
ShowDay = Callable[[date], str]
#: Where a value is written: the middle, the height of its mark, half its width.
Spot = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Read:
    """One value: of the day `ends`, or of the period from `starts` to it. `when` says it in words."""

    value: Decimal
    ends: date
    when: str
    starts: date | None = None
    qualifier: str = "exact"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Values that may be compared with one another."""

    name: str
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A line across: the baseline, a milestone or a target; `day` None where it bears none."""

    name: str
    value: Decimal
    day: date | None = None
    aim: bool = True


@dataclass(frozen=True, slots=True)
class _Plane:
    left: float
    right: float
    top: float
    bottom: float
    first: date
    last: date
    low: Decimal
    high: Decimal

    def x(self, day: date) -> float:
        whole = max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * (day - self.first).days / whole

    def y(self, value: Decimal) -> float:
        return self.bottom - (self.bottom - self.top) * float((value - self.low) / (self.high - self.low))


def course(lines: Sequence[Line], levels: Sequence[Level], frame: Frame, show_day: ShowDay) -> str:
    """All on one plane that begins at zero, from the first day read to the last read or aimed at."""
    reads = [r for one in lines for r in one.reads]
    values = [r.value for r in reads] + [level.value for level in levels] or [Decimal(1)]
    days = [r.starts or r.ends for r in reads] + [r.ends for r in reads] + [x.day for x in levels if x.day]
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 12, 31))
    if (last - first).days < 30:
        first, last = date(first.year, 1, 1), date(last.year, 12, 31)
    scale = ticks(min(Decimal(0), *values), max(Decimal(0), *values))
    left = max(width_of(frame.show(t), SMALL) for t in scale) + 8
    names = [(series_fill(i), one.name) for i, one in enumerate(lines)] if len(lines) > 1 else []
    key, top = legend(names, frame, 0)
    if frame.unit:
        key += text(0, top + 13, frame.unit, size=SMALL, fill=MUTED)
        top += 20
    plane = _Plane(left + 6, frame.width - 24.0, top + 22, top + 22 + TALL, first, last, scale[0], scale[-1])
    body = key + _axes(plane, scale, frame, show_day)
    body += "".join(_level(plane, x, frame) for x in levels)
    taken: list[Spot] = []
    body += "".join(_line(plane, one, i, frame, taken) for i, one in enumerate(lines))
    return document(body, plane.bottom + 26, frame)


def _axes(p: _Plane, scale: Sequence[Decimal], frame: Frame, show_day: ShowDay) -> str:
    out = ""
    for value in scale:
        out += grid(p.left, p.y(value), p.right, p.y(value))
        out += text(p.left - 6, p.y(value) + 4, frame.show(value), size=SMALL, anchor="end", fill=MUTED)
    out += line(p.left, p.y(max(p.low, Decimal(0))), p.right, p.y(max(p.low, Decimal(0))))
    end = -1.0
    for day in _days(p.first, p.last):
        words = show_day(day)
        half = width_of(words, SMALL) / 2
        x = min(max(p.x(day), p.left + half - 10), frame.width - half)
        if x - half > end + 8:
            out += line(p.x(day), p.bottom, p.x(day), p.bottom + 4)
            out += text(x, p.bottom + 18, words, size=SMALL, anchor="middle", fill=MUTED)
            end = x + half
    return out


def _days(first: date, last: date) -> list[date]:
    """The first days of months, so far apart that about five fit."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if months / s <= 6), 120)
    at = first.year * 12 + first.month - 1
    at += -at % step if step >= 12 else 0
    out: list[date] = []
    while at <= last.year * 12 + last.month - 1:
        day = date(at // 12, at % 12 + 1, 1)
        if first <= day <= last or not out:
            out.append(max(day, first))
        at += step
    return out


def _level(p: _Plane, level: Level, frame: Frame) -> str:
    y = p.y(level.value)
    end = p.x(level.day) if level.day else p.right
    colour = SERIES[2] if level.aim else MUTED
    dashes = "7 4" if level.aim else "2 3"
    path = f'<path d="M{n(p.left)},{n(y)}H{n(end)}" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dashes}"/>'
    if level.aim:
        path += f'<path d="M{n(end)},{n(y - 6)}l6,6l-6,6l-6,-6z" fill="{PAPER}" stroke="{colour}" stroke-width="2"/>'
    words = f"{level.name}: {frame.show(level.value)}"
    # The baseline is named below its line at the left, aims above theirs at their end: no label meets another.
    if level.aim:
        at = max(end - 10, p.left + width_of(words, SMALL, bold=True))
        y = y - 8 if y - p.top > 8 else y + 17
        path += text(at, y, words, size=SMALL, anchor="end", fill=colour, bold=True, halo=True)
    else:
        y = y + 16 if p.bottom - y > 18 else y - 24
        path += text(p.left + 8, y, words, size=SMALL, fill=colour, bold=True, halo=True)
    return f"<g><title>{esc(words)}</title>{path}</g>"


def _line(p: _Plane, one: Line, index: int, frame: Frame, taken: list[Spot]) -> str:
    colour = SERIES[index % len(SERIES)]
    of_days = [r for r in one.reads if r.starts is None]
    out = ""
    if len(of_days) > 1:
        path = "M" + "L".join(f"{n(p.x(r.ends))},{n(p.y(r.value))}" for r in of_days)
        dashes = DASHES[index % len(DASHES)]
        more = f' stroke-dasharray="{dashes}"' if dashes else ""
        out += f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{more}/>'
    return out + "".join(_read(p, r, one, colour, frame, taken) for r in reversed(one.reads))


def _read(p: _Plane, r: Read, one: Line, colour: str, frame: Frame, taken: list[Spot]) -> str:
    """A value; it is written beside its mark where no later one is written already, and always in its title."""
    x, y = p.x(r.ends), p.y(r.value)
    body = ""
    if r.starts is not None:
        body += f'<path d="M{n(p.x(r.starts))},{n(y)}H{n(x)}" stroke="{colour}" stroke-width="5"/>'
        body += line(p.x(r.starts), y - 6, p.x(r.starts), y + 6, colour)
    body += f'<circle cx="{n(x)}" cy="{n(y)}" r="5" fill="{colour}" stroke="{PAPER}"/>'
    written = SIGNS.get(r.qualifier, "") + frame.show(r.value)
    half = width_of(written, SMALL) / 2
    at = min(max(x, p.left + half), frame.width - half)
    if all(abs(at - x2) > half + half2 + 4 or abs(y - y2) > 15 for x2, y2, half2 in taken):
        taken.append((at, y, half))
        body += text(at, y - 10, written, size=SMALL, anchor="middle", halo=True)
    said = QUALIFIED[frame.lang].get(r.qualifier, "{}").format(frame.show(r.value))
    title = esc(f"{one.name}, {r.when}: {said} {frame.unit}".strip())
    body = f"<g><title>{title}</title>{body}</g>"
    return f'<a href="{esc(r.href)}" aria-label="{title}">{body}</a>' if r.href and frame.link else body
