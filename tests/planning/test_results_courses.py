"""An indicator's course is drawn to scale: days as points, periods as long as they last, aims where they are due."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mirps.sharing.drawings.courses import Level, Line, Read, course
from mirps.sharing.drawings.model import Frame

FRAME = Frame("Solicitudes", "es", show=lambda v: f"{v:f}", unit="personas", width=420)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
values = st.decimals(0, 10**7, places=0)


@st.composite
def reads(draw: st.DrawFn) -> Read:
    ends = draw(days)
    starts = ends - timedelta(days=draw(st.integers(1, 700))) if draw(st.booleans()) else None
    return Read(
        draw(values), ends, "cuando", starts, draw(st.sampled_from(["exact", "at_least"])), "/figure/x"
    )


@given(
    st.lists(st.lists(reads(), min_size=1, max_size=5), max_size=3),
    st.lists(st.tuples(values, st.none() | days), max_size=3),
)
def test_all_that_is_read_and_aimed_at_lies_on_the_plane(
    read: list[list[Read]], aims: list[tuple[Decimal, date | None]]
) -> None:
    lines = [Line(f"línea {i}", tuple(r)) for i, r in enumerate(read)]
    svg = course(lines, [Level("Meta", v, d) for v, d in aims], FRAME, lambda d: str(d.year))
    root = ET.fromstring(svg)
    _, _, wide, tall = map(float, root.attrib["viewBox"].split())
    dots = [c for c in root.iter("{http://www.w3.org/2000/svg}circle") if c.attrib["r"] == "5"]
    assert len(dots) == sum(len(r) for r in read)
    for dot in dots:
        assert 0 <= float(dot.attrib["cx"]) <= wide
        assert 0 <= float(dot.attrib["cy"]) <= tall


def test_a_period_is_drawn_as_long_as_it_lasts_and_a_day_as_a_point() -> None:
    whole = Read(Decimal(10), date(2024, 12, 31), "2024", date(2024, 1, 1))
    half = Read(Decimal(5), date(2024, 6, 30), "enero a junio", date(2024, 1, 1))
    svg = course([Line("a", (half, whole))], [], FRAME, str)
    bars = [
        (float(a), float(b))
        for a, b in re.findall(r"M([\d.]+),[\d.]+H([\d.]+)\" stroke=\"#\w+\" stroke-width=\"5\"", svg)
    ]
    lengths = sorted(b - a for a, b in bars)
    assert len(lengths) == 2
    assert abs(lengths[0] / lengths[1] - 181 / 365) < 0.01
    point = course([Line("a", (Read(Decimal(5), date(2024, 6, 30), "30 de junio"),))], [], FRAME, str)
    assert 'stroke-width="5"' not in point


def test_values_of_one_line_are_joined_and_those_of_two_are_not() -> None:
    one, two = Read(Decimal(1), date(2023, 1, 1), "a"), Read(Decimal(2), date(2024, 1, 1), "b")
    assert 'stroke-width="2"' in course([Line("x", (one, two))], [], FRAME, str)
    assert 'stroke-width="2"' not in course([Line("x", (one,)), Line("y", (two,))], [], FRAME, str)


def test_a_target_ends_on_its_day_and_one_without_a_day_runs_on() -> None:
    read = Line("x", (Read(Decimal(1), date(2024, 1, 1), "a"), Read(Decimal(2), date(2026, 1, 1), "b")))
    due, open_ = (
        course([read], [Level("Meta", Decimal(3), d)], FRAME, str) for d in (date(2025, 1, 1), None)
    )
    ends = [
        float(re.search(r"H([\d.]+)\" stroke=\"#\w+\" stroke-width=\"1.5\"", svg)[1]) for svg in (due, open_)
    ]  # type: ignore[index]
    assert ends[0] < ends[1]
    assert "Meta: 3" in due
