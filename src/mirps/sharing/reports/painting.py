"""The drawings that a report may ask for by name, and what each needs of its figures.

bars      one series, longest first; `ordered: true` keeps the order given
grouped   several series side by side
stacked   several series that make up one total for each label
shares    parts of one whole; `whole: figure-id` gives the stated total
line      a stock over time; columns: a flow over time
map       symbols; `area: HND` for the divisions and places of one State
shaded    a map in classes of shading, for rates
places    a map that names the towns of one State and counts nothing
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mirps.base.codelists.api import data_folder
from mirps.base.places import outlines
from mirps.base.places.outlines import Outline
from mirps.base.places.rules import Division, Municipality, fold, gazetteer
from mirps.evidence.figures.api import Figure
from mirps.sharing import drawings
from mirps.sharing.drawings import Frame, Point, Series, Spot, Town

Show = Callable[[Decimal], str]
Labelled = Sequence[tuple[str, Figure]]
KINDS = ("bars", "grouped", "stacked", "shares", "line", "columns", "map", "shaded", "places")
WIDTH = 640  # pixels: at the width of a page, letters of about ten points
HALF = 370  # of a drawing that takes half the page
SCREEN = 460  # of one that also has to be read on a phone
REGION = 600  # of a map on paper


class NotDrawn(ValueError):
    """Figures that cannot be drawn as asked."""


@dataclass(frozen=True, slots=True)
class Canvas:
    kind: str
    title: str
    alt: str
    lang: str
    show: Show
    key: str
    href: Callable[[str], str] | None = None  # the address of a figure; None leaves links out
    area: str = ""
    ordered: bool = False
    half: bool = False
    whole: Decimal | None = None
    bare: Show = field(default=str)  # without the unit's mark, where the drawing adds its own


def paint(canvas: Canvas, groups: Mapping[str, Labelled]) -> str:
    """The SVG. Raises NotDrawn, naming what cannot be drawn."""
    if canvas.kind not in KINDS:
        raise NotDrawn(f"kind: {canvas.kind}; {', '.join(KINDS)}")
    frame = Frame(
        title=canvas.title,
        lang=canvas.lang,
        show=canvas.show,
        description=canvas.alt,
        width=_wide(canvas, WIDTH),
        link=canvas.href is not None,
        key=canvas.key,
    )
    series = [
        Series(name or canvas.title, tuple(_point(p, canvas) for p in group), stock=canvas.kind == "line")
        for name, group in groups.items()
    ]
    try:
        return _drawn(canvas, frame, series, [pair for group in groups.values() for pair in group])
    except (ValueError, KeyError) as e:
        raise NotDrawn(str(e)) from e


def towns(area: str) -> list[Municipality]:
    """The towns of a State that the sources name and that have a place on the map, by name."""
    held = gazetteer(data_folder() / "places").municipalities
    return sorted((m for m in held if m.state == area and m.lat is not None), key=lambda m: fold(m.name))


def _drawn(canvas: Canvas, frame: Frame, series: list[Series], every: list[tuple[str, Figure]]) -> str:
    if canvas.kind == "places":
        named = [Town(m.name, m.lat, m.lon) for m in towns(canvas.area) if m.lat and m.lon]
        return drawings.locator(_outline(canvas), named, frame)
    if not every:
        raise NotDrawn("0 figures")
    match canvas.kind:
        case "bars":
            return drawings.bars(series[0], frame, ranked=not canvas.ordered)
        case "grouped":
            return drawings.grouped(series, frame)
        case "stacked":
            return drawings.stacked(series, frame)
        case "shares":
            percent = every[0][1].unit == "percent"
            plain = Frame(**{f: getattr(frame, f) for f in frame.__slots__} | {"show": canvas.bare})
            return drawings.shares(
                series[0], plain if percent else frame, whole=canvas.whole, percent=percent
            )
        case "line" | "columns":
            return drawings.trend(series, frame)
        case _:
            return _map(canvas, frame, every)


def _point(pair: tuple[str, Figure], canvas: Canvas, code: str = "") -> Point:
    label, f = pair
    href = canvas.href(f.id) if canvas.href else ""
    return Point(label, f.value, f.absence, href, f.qualifier.value, code)


def _wide(canvas: Canvas, paper: int) -> int:
    return HALF if canvas.half else SCREEN if canvas.href else paper


def _outline(canvas: Canvas) -> Outline:
    folder, wide = data_folder() / "places", _wide(canvas, REGION)
    return outlines.state(folder, canvas.area, wide) if canvas.area else outlines.region(folder, wide)


def _map(canvas: Canvas, frame: Frame, every: list[tuple[str, Figure]]) -> str:
    outline = _outline(canvas)
    places = gazetteer(data_folder() / "places")
    points, spots = [], []
    for label, f in every:
        place = places.find(f.place, f.state) if f.place else None
        if place is None and f.place:
            raise NotDrawn(f"{f.id}: {f.place}?")
        if place is None:
            points.append(_point((label, f), canvas, f.state))
        elif canvas.area and isinstance(place, Division) and place.drawn:
            points.append(_point((label, f), canvas, place.code))
        elif place.lat is not None and place.lon is not None:
            spots.append(Spot(_point((label, f), canvas), place.lat, place.lon))
    if canvas.kind == "shaded":
        return drawings.choropleth(outline, points, frame)
    return drawings.symbols(outline, points, frame, spots=spots)
