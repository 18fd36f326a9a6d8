"""What may come is drawn as lines known by their dashes, a band, and the level to be reached."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.sharing.drawings import Frame
from mirps.sharing.drawings.fans import Fan, fans

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.floats(0, 1e6)


def drawn(courses: list[Fan], level: float = 0.0, width: int = 600) -> ET.Element:
    frame = Frame("Pending", "en", unit="claims", width=width)
    return ET.fromstring(fans(courses, [(0, "today"), (52, "1 year")], frame, level=level))


def test_each_course_has_its_name_its_line_and_its_dashes() -> None:
    two = [
        Fan("As it is", ((0, 100, 100, 100), (52, 50, 60, 90)), band=True),
        Fan("One more team", ((0, 100, 100, 100), (52, 20, 30, 40))),
    ]
    found = drawn(two, level=25)
    assert [t.text for t in found.iter(f"{SVG}title")][1:] == ["As it is", "One more team"]
    dashes = {p.get("stroke-dasharray") for p in found.iter(f"{SVG}path") if p.get("stroke-width") == "2.4"}
    assert len(dashes) == 2
    assert sum(p.get("fill-opacity") is not None for p in found.iter(f"{SVG}path")) == 1
    assert {"today", "1 year", "As it is"} <= {t.text for t in found.iter(f"{SVG}text")}


def test_words_under_the_axis_never_overlap() -> None:
    one = [Fan("a", ((0, 1, 1, 1), (100, 1, 1, 1)))]
    svg = fans(one, [(x, f"year {x}") for x in range(101)], Frame("Pending", "en", width=360))
    words = [t for t in ET.fromstring(svg).iter(f"{SVG}text") if (t.text or "").startswith("year")]
    assert 3 <= len(words) <= 8


@pytest.mark.parametrize("width", [360, 600])
@given(st.lists(VALUES, min_size=1, max_size=9), VALUES)
def test_nothing_is_drawn_outside(width: int, values: list[float], level: float) -> None:
    found = drawn(
        [Fan("a <b>", tuple((i, v / 2, v, v * 1.5) for i, v in enumerate(values)), band=True)], level, width
    )
    high = float((found.get("viewBox") or "").split()[3])
    for path in found.iter(f"{SVG}path"):
        if path.get("stroke-width") == "2.4":
            for pair in (path.get("d") or "").strip("M").split("h")[0].split("L"):
                x, y = map(float, pair.split(","))
                assert 0 <= x <= width
                assert 0 <= y <= high
