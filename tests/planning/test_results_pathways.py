"""A theory of change is drawn with every box and every arrow, on a desk and in one column."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.sharing.drawings.model import Frame
from mirps.sharing.drawings.pathways import Box, Level, Pathway, column, pathway

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def theories(draw: st.DrawFn) -> Pathway:
    words = st.lists(
        st.sampled_from(["asilo", "competencias", "y", "derivación"]), min_size=1, max_size=14
    ).map(" ".join)
    levels, keys = [], []
    for depth in range(draw(st.integers(1, 4))):
        boxes = tuple(
            Box(
                f"{depth}.{i}",
                draw(words),
                f"/box/{depth}.{i}",
                draw(st.sampled_from([(), ("1",), ("1", "2")])),
            )
            for i in range(draw(st.integers(0, 9)))
        )
        keys += [b.key for b in boxes]
        levels.append(Level(f"Nivel {depth}", boxes))
    arrows = (
        draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), unique=True, max_size=20))
        if keys
        else []
    )
    arrows = [(a, b) for a, b in arrows if a != b]
    return Pathway(tuple(levels), tuple(arrows), (Box("s", "un supuesto"),), "Supuestos")


@pytest.mark.parametrize(("draw", "width"), [(pathway, 1100), (pathway, 600), (column, 340)])
@given(drawn=theories())
def test_every_box_stands_inside_the_drawing_apart_from_the_others(
    draw: object, width: int, drawn: Pathway
) -> None:
    root = ET.fromstring(draw(drawn, Frame("Teoría", "es", width=width)))  # type: ignore[operator]
    _, _, wide, tall = map(float, root.attrib["viewBox"].split())
    boxes = [
        (float(r.attrib["x"]), float(r.attrib["y"]), float(r.attrib["width"]), float(r.attrib["height"]))
        for r in root.iter(f"{SVG}rect")
    ]
    assert len(boxes) == sum(len(level.boxes) for level in drawn.levels)
    for i, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        assert x + w <= wide
        assert y + h <= tall
        for x2, y2, w2, h2 in boxes[i + 1 :]:
            assert x + w <= x2 + 0.2 or x2 + w2 <= x + 0.2 or y + h <= y2 + 0.2 or y2 + h2 <= y + 0.2


@given(drawn=theories())
def test_every_arrow_has_a_head_and_arrows_to_what_is_not_drawn_have_none(drawn: Pathway) -> None:
    wide = pathway(drawn, Frame("Teoría", "es", width=1100))
    assert len(re.findall(r"l-4\.5,8h9z", wide)) == len(drawn.arrows)
    slim = column(drawn, Frame("Teoría", "es", width=340))
    assert len(re.findall(r"l-8,-4\.5v9z", slim)) == len({b for _, b in drawn.arrows}), (
        "one head a box led to"
    )
    assert slim.count("<circle") - slim.count('r="8.5"') == len(drawn.arrows), "and a foot an arrow"
    stray = Pathway(drawn.levels, (*drawn.arrows, ("gone", "nowhere")), drawn.assumptions, drawn.assumed)
    assert pathway(stray, Frame("Teoría", "es", width=1100)) == wide


def test_boxes_lead_to_their_pages_and_say_themselves_to_those_who_do_not_see() -> None:
    drawn = Pathway((Level("Impacto", (Box("i", "Vivir en paz & en casa", "/x"),)),), ())
    for svg in (pathway(drawn, Frame("Teoría", "es")), column(drawn, Frame("Teoría", "es", width=340))):
        root = ET.fromstring(svg)
        (link,) = root.iter(f"{SVG}a")
        assert (link.attrib["href"], link.attrib["aria-label"]) == ("/x", "Vivir en paz & en casa")
        assert root.attrib["role"] == "group"
    assert "<a " not in pathway(drawn, Frame("Teoría", "es", link=False)), "and none in print"


def test_the_same_theory_makes_the_same_bytes() -> None:
    drawn = Pathway(
        (Level("A", (Box("a", "uno"),)), Level("B", (Box("b", "dos"), Box("c", "tres")))),
        (("b", "a"), ("c", "a")),
    )
    assert pathway(drawn, Frame("T", "es")) == pathway(drawn, Frame("T", "es"))
