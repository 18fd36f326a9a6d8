"""Stages one under the other, what can be done in each beside it, and arrows along the left margin.

An arc diagram (Wattenberg 2002) with arcs as lanes: all arrows that come to a stage from above share one, all
that come from below another, so that many ways to one end are one line. Where there is no room beside the boxes,
as on a phone, the words stand in them. Same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.palette import INK, MUTED, PAPER, SERIES
from mirps.sharing.drawings.svg import SMALL, document, esc, n, rect, text, wrapped

BOX = 190.0
LINE = 17.0
PAD = 8.0
GAP = 14.0
LANE = 9.0
LEAST = 230.0  # of the words beside a box; with less they stand in it
GROUND = "#eef4f9"


@dataclass(frozen=True, slots=True)
class Way:
    """What can be done in a stage: `to` are the stages that it may lead to, none where the stage stays. One of
    several that history chooses (`drawn` False) is told by numbers alone."""

    label: str
    to: tuple[str, ...] = ()
    dashed: bool = False
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage, numbered in order unless its key is empty. `ends`: a double line, for nothing follows."""

    key: str
    label: str
    note: str
    ways: tuple[Way, ...]
    ends: bool = False


@dataclass(frozen=True, slots=True)
class _Arc:
    first: int
    last: int
    dashed: bool
    title: str
    lane: int


def flow(stops: Sequence[Stop], frame: Frame, *, beneath: Sequence[str] = ()) -> str:
    """`beneath`: lines under the drawing, for what can be done everywhere."""
    arcs = _arcs(stops)
    left = LANE * (max((a.lane for a in arcs), default=0) + 2) + 6
    beside = frame.width - left - BOX - GAP - 2
    wide = BOX if beside >= LEAST else frame.width - left - 2
    number = {s.key: i for i, s in enumerate((s for s in stops if s.key), 1)}
    body, y, middles = "", 2.0, []
    for stop in stops:
        name = wrapped(
            f"{number[stop.key]}. {stop.label}" if stop.key else stop.label, wide - 2 * PAD, most=3
        )
        note = wrapped(stop.note, wide - 2 * PAD, SMALL, most=2) if stop.note else ()
        lines = _lines(stop, number, beside if wide == BOX else wide - 2 * PAD)
        inner = LINE * (len(name) + len(note)) + 2 * PAD
        tall = max(inner, LINE * len(lines) + PAD, 36.0) if wide == BOX else inner + LINE * len(lines)
        body += _box(left, y, wide, tall, name, note, stop)
        x, top = (left + BOX + GAP, y + PAD + 5) if wide == BOX else (left + PAD, y + inner + 5)
        body += "".join(text(x, top + i * LINE, line, size=SMALL) for i, line in enumerate(lines))
        middles.append(y + tall / 2)
        y += tall + GAP
    for line in [w for words in beneath for w in wrapped(words, frame.width - 4, SMALL, most=6)]:
        body += text(2, y + 12, line, size=SMALL, fill=MUTED)
        y += LINE
    return document("".join(_arc(a, middles, left) for a in arcs) + body, y + 4, frame)


def _lines(stop: Stop, number: dict[str, int], room: float) -> list[str]:
    out: list[str] = []
    for way in stop.ways:
        targets = ", ".join(str(i) for i in sorted(number[t] for t in way.to if t in number))
        words = f"{way.label} → {targets}" if targets else way.label
        first, *rest = wrapped(words, room, SMALL, most=3)
        out += [first, *(f"   {r}" for r in rest)]
    return out


def _box(
    x: float, y: float, wide: float, tall: float, name: Sequence[str], note: Sequence[str], stop: Stop
) -> str:
    out = rect(x, y, wide, tall, GROUND if stop.ends else PAPER, f' stroke="{INK}"')
    if stop.ends:
        out += rect(x + 3, y + 3, wide - 6, tall - 6, "none", f' stroke="{INK}"')
    at = y + PAD + 11
    for line in name:
        out += text(x + PAD, at, line, bold=True)
        at += LINE
    for line in note:
        out += text(x + PAD, at, line, size=SMALL, fill=MUTED)
        at += LINE
    return out


def _arcs(stops: Sequence[Stop]) -> list[_Arc]:
    """One arc for each pair of stages; those to one stage from one side share a lane."""
    place = {s.key: i for i, s in enumerate(stops)}
    pairs: dict[tuple[int, int], list[Way]] = {}
    for i, stop in enumerate(stops):
        for way in stop.ways:
            for to in way.to if way.drawn else ():
                if to in place and place[to] != i:
                    pairs.setdefault((i, place[to]), []).append(way)
    shared: dict[tuple[int, bool], list[int]] = {}
    for first, last in pairs:
        shared.setdefault((last, first < last), []).extend((first, last))
    lanes = _lanes({key: (min(ends), max(ends)) for key, ends in shared.items()})
    return [
        _Arc(
            first,
            last,
            all(w.dashed for w in ways),
            f"{stops[first].label} → {stops[last].label}: {', '.join(w.label for w in ways)}",
            lanes[last, first < last],
        )
        for (first, last), ways in sorted(pairs.items())
    ]


def _lanes(spans: dict[tuple[int, bool], tuple[int, int]]) -> dict[tuple[int, bool], int]:
    """A lane for each span, so that none in one lane overlap; the shortest nearest to the boxes."""
    taken: list[list[tuple[int, int]]] = []
    out = {}
    for key, (low, high) in sorted(spans.items(), key=lambda s: (s[1][1] - s[1][0], s[0])):
        free = (k for k, held in enumerate(taken) if all(high <= a or low >= b for a, b in held))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        out[key] = lane
    return out


def _arc(arc: _Arc, middles: Sequence[float], left: float) -> str:
    """Out of one box into the lane and into the other, with its head at the end. Ups are in another colour."""
    down = arc.last > arc.first
    start, end = middles[arc.first] + (5 if down else -5), middles[arc.last] + (-5 if down else 5)
    x, turn = left - 8 - LANE * (arc.lane + 1), 5 if down else -5
    stroke = SERIES[0] if down else SERIES[1]
    dashes = ' stroke-dasharray="5 3"' if arc.dashed else ""
    path = (
        f"M{n(left)},{n(start)}H{n(x + 5)}Q{n(x)},{n(start)} {n(x)},{n(start + turn)}"
        f"V{n(end - turn)}Q{n(x)},{n(end)} {n(x + 5)},{n(end)}H{n(left - 5)}"
    )
    head = f"M{n(left)},{n(end)}l-7,-3.5v7z"
    return (
        f"<g><title>{esc(arc.title)}</title>"
        f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="1.4"{dashes}/>'
        f'<path d="{head}" fill="{stroke}"/></g>'
    )
