"""A theory of change as boxes in levels with arrows upward: wide for a desk, in one column for a phone.

Levels and the order within them are given by those who write the theory, so of a layered layout
(Sugiyama, Tagawa and Toda 1981) only the routing is left: an arrow that passes a level goes through the
nearest gap between its boxes. In one column each box has a line of its own at the left, which gathers
the arrows that lead to it. Same input, same bytes. The page sets the same as a list beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.palette import AXIS, DASHES, INK, MUTED, PAPER, SERIES
from mirps.sharing.drawings.svg import document, mark, n, rect, text, wrapped

TEXT = 13.0  # in boxes
LINE = 16.5  # from one line of text to the next
PAD = 9.0  # between a box's edge and its text
GAP = 14.0  # between boxes of a row
LIFT = 54.0  # between rows, for the arrows
SIDE = 92.0  # where the names of the levels stand
LEAST = 118.0  # the narrowest box; a level with more of them takes several rows
GROUNDS = ("#0b4778", "#d9e7f3", "#eef4f9", PAPER)  # of the levels, from the top


@dataclass(frozen=True, slots=True)
class Box:
    """`marks` are the numbers of the assumptions that it rests on."""

    key: str
    label: str
    href: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """Levels from the top, arrows (origin, target) by the keys of boxes, and numbered assumptions."""

    levels: tuple[Level, ...]
    arrows: tuple[tuple[str, str], ...]
    assumptions: tuple[Box, ...] = ()
    assumed: str = ""  # what the assumptions are called


@dataclass(slots=True)
class _Placed:
    box: Box
    row: int
    depth: int  # of its level, from the top
    x: float
    y: float
    wide: float
    tall: float
    into: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.x + self.wide / 2


def pathway(drawn: Pathway, frame: Frame) -> str:
    """Levels one under the other, arrows upward between them."""
    room = frame.width - SIDE - 1
    rows = _rows(drawn, room)
    places: dict[str, _Placed] = {}
    heads: list[str] = []
    y, named = 2.0, -1
    for number, (depth, boxes) in enumerate(rows):
        wide = min((room - GAP * (len(boxes) - 1)) / len(boxes), 230.0)
        tall = max(_tall(b, wide) for b in boxes)
        left = SIDE + (room - wide * len(boxes) - GAP * (len(boxes) - 1)) / 2
        for i, box in enumerate(boxes):
            places[box.key] = _Placed(box, number, depth, left + i * (wide + GAP), y, wide, tall)
        if depth != named:
            heads.append(_name(drawn.levels[depth].name, y, tall))
            named = depth
        y += tall + LIFT
    arrows = [(a, b) for a, b in drawn.arrows if a in places and b in places]
    for a, b in sorted(arrows, key=lambda ab: places[ab[1]].middle):
        places[a].out.append(b)
    for a, b in sorted(arrows, key=lambda ab: places[ab[0]].middle):
        places[b].into.append(a)
    lines = "".join(_arrow(places, a, b) for a, b in arrows)
    shapes = "".join(_shape(p, frame) for p in places.values())
    below, tall = _assumptions(drawn, frame, y - LIFT + 22)
    return document(lines + shapes + "".join(heads) + below, y - LIFT + 24 + tall, frame)


def _rows(drawn: Pathway, room: float) -> list[tuple[int, tuple[Box, ...]]]:
    """The boxes of each level in as many rows as they need, even in number."""
    most = max(1, int((room + GAP) // (LEAST + GAP)))
    out = []
    for depth, level in enumerate(drawn.levels):
        boxes = level.boxes
        rows = -(-len(boxes) // most)
        each = -(-len(boxes) // rows) if rows else 0
        out += [(depth, boxes[i : i + each]) for i in range(0, len(boxes), each or 1)]
    return out


def _lines(box: Box, wide: float) -> tuple[str, ...]:
    return wrapped(box.label, wide - 2 * PAD, TEXT, 9)


def _tall(box: Box, wide: float) -> float:
    return len(_lines(box, wide)) * LINE + 2 * PAD + (14 if box.marks else 0)


def _name(words: str, y: float, tall: float) -> str:
    lines = wrapped(words, SIDE - 12, TEXT, 3)
    first = y + tall / 2 + 4 - (len(lines) - 1) * LINE / 2
    return "".join(
        text(0, first + i * LINE, line, size=TEXT, fill=MUTED, bold=True) for i, line in enumerate(lines)
    )


def _shape(p: _Placed, frame: Frame) -> str:
    ground = GROUNDS[min(p.depth, len(GROUNDS) - 1)]
    ink = PAPER if p.depth == 0 else INK
    body = rect(p.x, p.y, p.wide, p.tall, ground, f' stroke="{AXIS}" rx="4"')
    for i, line in enumerate(_lines(p.box, p.wide)):
        body += text(p.x + PAD, p.y + PAD + 12 + i * LINE, line, size=TEXT, fill=ink)
    for i, number in enumerate(reversed(p.box.marks)):
        body += _mark(p.x + p.wide - 13 - i * 20, p.y + p.tall - 12, number)
    return mark(body, p.box.label, p.box.href, frame)


def _mark(x: float, y: float, number: str) -> str:
    ring = f'<circle cx="{n(x)}" cy="{n(y)}" r="8.5" fill="{PAPER}" stroke="{SERIES[1]}" stroke-width="1.5"/>'
    return ring + text(x, y + 4, number, size=11, anchor="middle", fill=SERIES[1], bold=True)


def _arrow(places: dict[str, _Placed], a: str, b: str) -> str:
    """From the top of `a` to the foot of `b`; level with it or higher up, around the side."""
    one, two = places[a], places[b]
    if one.row <= two.row:
        return _around(one, two)
    x1, x2 = _port(one, one.out, b), _port(two, two.into, a)
    points = [(x1, one.y)]
    for row in range(one.row - 1, two.row, -1):
        passed = [p for p in places.values() if p.row == row]
        at = x1 + (x2 - x1) * (one.row - row) / (one.row - two.row)
        x = _gap(passed, at)
        points += [(x, passed[0].y + passed[0].tall), (x, passed[0].y)]
    points.append((x2, two.y + two.tall + 7))
    return _curve(points) + _head(x2, two.y + two.tall)


def _port(p: _Placed, others: Sequence[str], other: str) -> float:
    """Where on a box's edge an arrow begins or ends, so that several do not lie upon each other."""
    return p.x + p.wide * (0.2 + 0.6 * (others.index(other) + 0.5) / len(others))


def _gap(row: Sequence[_Placed], at: float) -> float:
    """The way through a row that is nearest to `at`."""
    ordered = sorted(row, key=lambda p: p.x)
    ways = [ordered[0].x - GAP / 2, *(p.x + p.wide + GAP / 2 for p in ordered)]
    return min(ways, key=lambda x: abs(x - at))


def _curve(points: Sequence[tuple[float, float]]) -> str:
    path = f"M{n(points[0][0])},{n(points[0][1])}"
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (y1 + y2) / 2
        path += f"C{n(x1)},{n(half)} {n(x2)},{n(half)} {n(x2)},{n(y2)}" if x1 != x2 else f"V{n(y2)}"
    return f'<path d="{path}" fill="none" stroke="{AXIS}" stroke-width="1.4"/>'


def _around(one: _Placed, two: _Placed) -> str:
    """Between boxes side by side, or downward where somebody drew it so: out of one foot, into the other."""
    x1, x2 = one.middle, two.middle + (8 if two.x <= one.x else -8)
    y1, y2 = one.y + one.tall, two.y + two.tall
    low = max(y1, y2) + 26
    path = f"M{n(x1)},{n(y1)}C{n(x1)},{n(low)} {n(x2)},{n(low)} {n(x2)},{n(y2 + 7)}"
    return f'<path d="{path}" fill="none" stroke="{AXIS}" stroke-width="1.4"/>' + _head(x2, y2)


def _head(x: float, y: float) -> str:
    return f'<path d="M{n(x)},{n(y)}l-4.5,8h9z" fill="{AXIS}"/>'


def _assumptions(drawn: Pathway, frame: Frame, y: float, left: float = 0.0) -> tuple[str, float]:
    """The assumptions by their numbers, and the height that they take."""
    if not drawn.assumptions:
        return "", 0.0
    out, top = text(left, y + 12, drawn.assumed, size=TEXT, fill=MUTED, bold=True), y
    y += 22
    columns = 2 if frame.width > 600 else 1
    room = (frame.width - left) / columns - 34
    for start in range(0, len(drawn.assumptions), columns):
        tallest = 0
        for i, box in enumerate(drawn.assumptions[start : start + columns]):
            x = left + i * (room + 34)
            lines = wrapped(box.label, room, TEXT, 4)
            inner = _mark(x + 9, y + 9, str(start + i + 1))
            inner += "".join(text(x + 26, y + 13 + k * LINE, line, size=TEXT) for k, line in enumerate(lines))
            out += mark(inner, box.label, box.href, frame)
            tallest = max(tallest, len(lines))
        y += max(tallest * LINE, 20) + 10
    return out, y - top


def column(drawn: Pathway, frame: Frame) -> str:
    """Everything in one column, from the top level down; a line at the left leads to each box from those
    below that lead to it."""
    order = [(depth, box) for depth, level in enumerate(drawn.levels) for box in level.boxes]
    ranks = {box.key: i for i, (_, box) in enumerate(order)}
    arrows = [(a, b) for a, b in drawn.arrows if a in ranks and b in ranks]
    lanes = _lanes(ranks, arrows)
    left = 14 + 9.0 * (max(lanes.values(), default=-1) + 1)
    places: dict[str, _Placed] = {}
    heads, y, named = "", 0.0, -1
    for depth, box in order:
        if depth != named:
            heads += text(left, y + 14, drawn.levels[depth].name, size=TEXT, fill=MUTED, bold=True)
            y, named = y + 22, depth
        wide = frame.width - left - 1
        tall = max(_tall(box, wide), 34.0)
        places[box.key] = _Placed(box, 0, depth, left, y, wide, tall)
        y += tall + 9
    lines = ""
    for target, lane in sorted(lanes.items()):
        feet = []
        for a in (a for a, b in arrows if b == target):
            feet.append(places[a].y + 22 + 5 * len(places[a].out))
            places[a].out.append(target)
        lines += _bus(places[target], feet, left - 12 - 9.0 * lane, lane)
    below, tall = _assumptions(drawn, frame, y + 8, left)
    shapes = "".join(_shape(p, frame) for p in places.values())
    return document(lines + shapes + heads + below, y + 10 + tall, frame)


def _lanes(ranks: dict[str, int], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """A lane for each box that something leads to: the innermost that no other uses on the same stretch."""
    spans: dict[str, tuple[int, int]] = {}
    for a, b in arrows:
        low, high = spans.get(b, (ranks[b], ranks[b]))
        spans[b] = (min(low, ranks[a]), max(high, ranks[a]))
    taken: list[list[tuple[int, int]]] = []
    out: dict[str, int] = {}
    for key, span in sorted(spans.items(), key=lambda s: (s[1][1] - s[1][0], s[1], s[0])):
        lane = next(
            (i for i, held in enumerate(taken) if all(span[1] < x or y < span[0] for x, y in held)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append(span)
        out[key] = lane
    return out


def _bus(target: _Placed, feet: Sequence[float], x: float, lane: int) -> str:
    """The line at `x` from where each arrow sets out (`feet`) to the box that they lead to."""
    colour, dashes = SERIES[lane % len(SERIES)], DASHES[lane % len(DASHES)]
    stroke = f'fill="none" stroke="{colour}" stroke-width="1.6"'
    end = target.y + 13
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    body = f'<path d="M{n(x)},{n(max([end, *feet]))}V{n(min([end, *feet]))}" {stroke}{dash}/>'
    for y in feet:
        body += f'<path d="M{n(target.x)},{n(y)}H{n(x)}" {stroke}/>'
        body += f'<circle cx="{n(x)}" cy="{n(y)}" r="2.4" fill="{colour}"/>'
    body += f'<path d="M{n(x)},{n(end)}H{n(target.x - 7)}" {stroke}/>'
    return body + f'<path d="M{n(target.x)},{n(end)}l-8,-4.5v9z" fill="{colour}"/>'
