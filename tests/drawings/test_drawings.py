"""Drawings say what they show in words, without style or script, the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import typst
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.places import outlines
from mirps.base.places.rules import gazetteer
from mirps.sharing import drawings
from mirps.sharing.drawings import Frame, Point, Series, Spot, Town
from mirps.sharing.drawings.maps import breaks
from mirps.sharing.drawings.svg import ticks, width_of, wrapped

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "data" / "places"
SVG = "{http://www.w3.org/2000/svg}"


def show(value: Decimal) -> str:
    return f"{value:,}"


def frame(lang: str = "es", **more: object) -> Frame:
    return Frame("Solicitudes", lang, show, description="De enero a septiembre", **more)  # type: ignore[arg-type]


def point(label: str, value: float | None, **more: str) -> Point:
    return Point(label, None if value is None else Decimal(str(value)), **more)


APPLICATIONS = Series(
    "Solicitudes",
    (
        point("Costa Rica", 22344, href="/es/figures/1"),
        point("México", 78902, qualifier="about", href="/es/figures/2"),
        point("Panamá", None, absence="_L"),
        point("Belice", 4130, qualifier="at_least"),
    ),
)
WOMEN = Series("Mujeres", (point("Belice", 120), point("Honduras", 5100)))
MEN = Series("Hombres", (point("Belice", 180), point("Honduras", None, absence="_U")))
STOCK = Series(
    "Personas",
    (
        point("2017", 20),
        point("2018", 42),
        point("2020", 90),
        point("2021", None, absence="_S"),
        point("2022", 7),
    ),
    stock=True,
)
REGION = [point("Honduras", 247, code="HND"), point("Panamá", None, code="PAN", absence="_L")]
HND = [point(d.name, i * 7, code=d.code) for i, d in enumerate(gazetteer(PLACES).of_state("HND"))]

EACH: dict[str, Callable[[Frame], str]] = {
    "bars": lambda f: drawings.bars(APPLICATIONS, f),
    "grouped": lambda f: drawings.grouped([WOMEN, MEN], f),
    "stacked": lambda f: drawings.stacked([WOMEN, MEN], f),
    "trend": lambda f: drawings.trend([STOCK], f),
    "multiples": lambda f: drawings.multiples([STOCK, STOCK, STOCK, STOCK], f),
    "shares": lambda f: drawings.shares(WOMEN, f),
    "region": lambda f: drawings.symbols(outlines.region(PLACES), REGION, f),
    "state": lambda f: drawings.choropleth(outlines.state(PLACES, "HND"), HND, f),
    "spots": lambda f: drawings.symbols(
        outlines.state(PLACES, "MEX"), [], f, spots=[Spot(point("Tapachula", 5), 14.9, -92.26)]
    ),
}
every_drawing = pytest.mark.parametrize("draw", EACH.values(), ids=EACH.keys())


@every_drawing
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_drawing_has_a_name_a_description_and_a_language(draw: Callable[[Frame], str], lang: str) -> None:
    root = fromstring(draw(frame(lang)))
    names = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    said = [names[key] for key in root.get("aria-labelledby").split()]
    assert said == ["Solicitudes", "De enero a septiembre"]
    assert root.get("lang") == lang


@every_drawing
def test_a_drawing_passes_a_strict_content_security_policy(draw: Callable[[Frame], str]) -> None:
    root = fromstring(draw(frame()))
    for element in root.iter():
        assert element.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject", f"{SVG}image")
        assert not [a for a in element.attrib if a == "style" or a.startswith("on")]


@every_drawing
def test_the_same_input_gives_the_same_bytes(draw: Callable[[Frame], str]) -> None:
    assert draw(frame()) == draw(frame())


@every_drawing
def test_two_drawings_in_one_page_share_no_id(draw: Callable[[Frame], str]) -> None:
    one, other = draw(frame(key="a")), draw(frame(key="b"))
    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', other))


@every_drawing
def test_every_paint_that_is_referred_to_is_defined(draw: Callable[[Frame], str]) -> None:
    svg = draw(frame())
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r' id="([^"]+)"', svg))
    assert "\x00" not in svg


def test_bars_run_from_the_longest_to_the_absent() -> None:
    svg = drawings.bars(APPLICATIONS, frame())
    order = [svg.index(f"<title>{name}") for name in ("México", "Costa Rica", "Belice", "Panamá")]
    assert order == sorted(order)


def test_a_bar_is_as_long_as_its_value() -> None:
    svg = drawings.bars(Series("s", (point("a", 100), point("b", 25))), frame(link=False))
    long, short = (float(w) for w in re.findall(r'width="([\d.]+)" height="18"', svg))
    assert long == pytest.approx(4 * short, abs=0.3)


def test_a_fall_is_drawn_to_the_left_of_zero() -> None:
    svg = drawings.bars(Series("s", (point("up", 10), point("down", -10))), frame(link=False))
    (up, wide), (down, _) = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="18"', svg)
    assert float(down) + float(wide) == pytest.approx(float(up), abs=0.2)


@pytest.mark.parametrize(
    ("lang", "absent", "qualified"),
    [("es", "no se recoge", "más de 4,130"), ("en", "not collected", "over 4,130")],
)
def test_absence_and_qualifier_are_said_in_the_readers_language(
    lang: str, absent: str, qualified: str
) -> None:
    svg = drawings.bars(APPLICATIONS, frame(lang))
    assert absent in svg
    assert qualified in svg


def test_a_sum_that_lacks_a_part_is_marked_at_least() -> None:
    assert "≥5,100" in drawings.stacked([WOMEN, MEN], frame())
    assert ">300<" in drawings.stacked([WOMEN, MEN], frame())


def test_parts_that_are_negative_are_refused() -> None:
    bad = Series("s", (point("a", -1),))
    for draw in (lambda: drawings.stacked([bad], frame()), lambda: drawings.shares(bad, frame())):
        with pytest.raises(ValueError, match="negative"):
            draw()


def test_no_line_is_drawn_across_a_gap() -> None:
    svg = drawings.trend([STOCK], frame())
    path = next(d for d in re.findall(r'<path d="([^"]+)" fill="none"', svg))
    assert path.count("M") == 3, "2017-2018, 2020 and 2022 are apart"
    assert path.count("L") == 1
    assert ">2019<" in svg, "a year that is missing keeps its place"


def test_what_a_sign_on_the_axis_means_is_written_below() -> None:
    assert "• protegido" in drawings.trend([STOCK], frame("es"))
    assert "• protected" in drawings.trend([STOCK], frame("en"))


def test_stated_shares_are_shown_as_stated() -> None:
    series = Series("s", tuple(point(str(v), v) for v in (69.1, 8.7, 8.5, 7.1, 3.5, 3.1)))
    svg = drawings.shares(series, frame("en"), percent=True)
    assert all(f"{v}%" in svg for v in (69.1, 8.7, 8.5, 7.1, 3.5, 3.1))


def test_what_the_parts_lack_of_a_stated_whole_is_drawn_as_not_stated() -> None:
    assert "Sin dato" in drawings.shares(WOMEN, frame(), whole=Decimal(6000))
    assert "Sin dato" not in drawings.shares(WOMEN, frame(), whole=Decimal(5220))


def test_a_symbols_area_grows_with_its_value() -> None:
    points = [point("a", 400, code="HND"), point("b", 100, code="CRI")]
    svg = drawings.symbols(outlines.region(PLACES), points, frame())
    large, small = (float(r) for r in re.findall(r' r="([\d.]+)"', svg))
    assert large == pytest.approx(2 * small, abs=0.1)


def test_a_map_writes_each_name_and_value_even_of_a_place_without_outline() -> None:
    points = [point(d.name, 10 + i, code=d.code) for i, d in enumerate(gazetteer(PLACES).of_state("PAN"))]
    svg = drawings.choropleth(outlines.state(PLACES, "PAN"), points, frame())
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    for one in points:
        assert one.label in words
        assert str(one.value) in words
    assert "Panamá Oeste: 19" in words


def test_a_map_label_stands_on_no_other() -> None:
    svg = drawings.choropleth(outlines.state(PLACES, "MEX"), _mexico(), frame())
    names = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle" font-weight[^>]*>([^<]+)<', svg)
    boxes = [(float(x), float(y), width_of(name, bold=True) / 2) for x, y, name in names]
    assert len(boxes) > 5
    for i, (x, y, half) in enumerate(boxes):
        assert all(abs(x - u) >= half + other - 0.5 or abs(y - v) >= 29 for u, v, other in boxes[:i])


def test_links_stand_in_a_group_and_a_drawing_without_them_is_an_image() -> None:
    linked, plain = drawings.bars(APPLICATIONS, frame()), drawings.bars(APPLICATIONS, frame(link=False))
    assert 'role="group"' in linked
    assert 'href="/es/figures/2" aria-label="México, Solicitudes: aprox. 78,902"' in linked
    assert 'role="img"' in plain
    assert "<a " not in plain


def test_the_table_beside_a_drawing_says_the_same_in_rows() -> None:
    table = drawings.table([WOMEN, MEN], frame("en"), first="State")
    assert table.head == ("State", "Mujeres", "Hombres")
    assert table.rows == (("Belice", "120", "180"), ("Honduras", "5,100", "not known"))


def test_markup_in_a_label_stays_text() -> None:
    svg = drawings.bars(Series("<b>", (point('<script>"&', 1, href='/x"onload="'),)), frame())
    fromstring(svg)
    assert "<script" not in svg
    assert 'onload="' not in svg


@every_drawing
def test_typst_sets_a_drawing_with_the_vendored_fonts(draw: Callable[[Frame], str], tmp_path: Path) -> None:
    (tmp_path / "drawing.svg").write_text(draw(frame(link=False)), encoding="utf-8")
    (tmp_path / "page.typ").write_text('#image("drawing.svg", alt: "a")', encoding="utf-8")
    fonts = [str(ROOT / "src" / "mirps" / "base" / "paper" / "fonts")]
    pdf = typst.compile(str(tmp_path / "page.typ"), font_paths=fonts, ignore_system_fonts=True)
    assert b"NotoSans" in pdf, "text must stay text in the drawing's own font"


labels = st.text(max_size=60)
values = st.one_of(st.none(), st.decimals(-(10**12), 10**12, places=1))
series = st.lists(st.tuples(labels, values), max_size=8).map(
    lambda rows: Series("s", tuple(Point(label, value) for label, value in rows))
)


@given(one=series, other=series)
@settings(max_examples=60)
def test_any_labels_and_values_make_a_well_formed_drawing(one: Series, other: Series) -> None:
    for svg in (
        drawings.bars(one, frame()),
        drawings.grouped([one, other], frame()),
        drawings.trend([one, other], frame()),
        drawings.multiples([one, other], frame()),
    ):
        assert not re.search(r'(?:x|y|width|height|d)="[^"]*(?:nan|inf|e[+-]\d)', svg)
        fromstring(svg)


@given(low=st.decimals(-(10**9), 0, places=2), high=st.decimals(0, 10**12, places=2))
def test_ticks_hold_the_values_between_them_in_even_steps(low: Decimal, high: Decimal) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert len({b - a for a, b in pairwise(found)}) == 1
    assert len(found) <= 8


@given(st.sets(st.integers(0, 1000), min_size=1).map(sorted), st.integers(1, 5))
def test_classes_hold_every_value_once(found: list[int], classes: int) -> None:
    limits = breaks([Decimal(v) for v in found], classes)
    assert len(limits) == min(classes, len(found))
    for value in found:
        assert sum(low <= value <= high for low, high in limits) == 1


@given(labels, st.floats(30, 400))
def test_wrapped_lines_keep_to_their_room(words: str, room: float) -> None:
    assert all(width_of(line) <= room or line == "…" for line in wrapped(words, room))


def _mexico() -> list[Point]:
    return [
        point(d.name, (i * i * 37 + 11) % 900, code=d.code)
        for i, d in enumerate(gazetteer(PLACES).of_state("MEX"))
    ]


def test_a_bar_whose_name_takes_two_lines_has_a_taller_row() -> None:
    long = "Personas desplazadas internamente que recibieron asistencia de emergencia este año"
    one = drawings.bars(Series("s", (point("a", 1), point("b", 2))), frame(link=False))
    two = drawings.bars(Series("s", (point(long, 1), point(long + "s", 2))), frame(link=False))
    tall = [float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[1]) for svg in (one, two)]  # type: ignore[index]
    assert tall[1] >= tall[0] + 20


def test_the_axis_begins_below_the_legend() -> None:
    svg = drawings.grouped(
        [Series("May", (point("a", 1),)), Series("June", (point("a", 2),))], frame(link=False)
    )
    said = max(float(y) for y in re.findall(r'y="([\d.]+)" font-size="12">(?:May|June)<', svg))
    axis = re.findall(r'<path d="M([\d.]+),([\d.]+)L\1,', svg)
    assert float(axis[-1][1]) > said + 8


def test_a_locator_names_every_town_once_on_the_map_or_below_it() -> None:
    outline = outlines.state(PLACES, "GTM", 370)
    towns = [
        Town(m.name, m.lat, m.lon)
        for m in gazetteer(PLACES).municipalities
        if m.state == "GTM" and m.lat is not None and m.lon is not None
    ]
    svg = drawings.locator(outline, towns, frame(link=False))
    said = [re.sub(r"^\d+  ?", "", words) for words in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]
    assert all(said.count(town.name) == 1 for town in towns)


def test_no_circle_of_the_region_is_cut_by_the_edge_of_its_map() -> None:
    outline = outlines.region(PLACES)
    for code in outlines.STATES:
        svg = drawings.symbols(outline, [point("x", 9, code=code)], frame(link=False))
        x, y, r = (float(v) for v in re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg).groups())  # type: ignore[union-attr]
        assert r <= x <= outline.width - r
        assert r <= y <= outline.height - r
