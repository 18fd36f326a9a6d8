"""Outlines of the region and of each State, projected to the plane of a drawing.

The projection is equirectangular with the map's middle parallel true to scale: for maps
of one State or of Central America and Mexico it shows areas within a few per cent, and it
needs no library. Paths are made once for each map and width, and kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, inf, radians
from pathlib import Path

from mirps.base.places.rules import PlaceFault, degrees, gazetteer, rows

STATES = ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")
#: West, south, east, north of the regional map, in degrees: the seven States and open sea for labels.
REGION = (-118.0, 5.2, -75.2, 33.0)
MARGIN = 20.0
TALLEST = 0.85  # height of a map to its width, at most

Pin = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to pixels: x to the east of `west`, y to the south of `north`."""

    west: float
    north: float
    scale: float  # pixels to a degree of latitude
    stretch: float  # cosine of the middle parallel
    left: float = MARGIN
    top: float = MARGIN

    def __call__(self, lat: float, lon: float) -> Pin:
        x = self.left + (lon - self.west) * self.stretch * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


@dataclass(frozen=True, slots=True)
class Land:
    """One outline: `path` is SVG path data. The label stands at `label`, `anchor` is SVG's
    text-anchor, and a line leads from it to `tip` when it stands outside."""

    code: str
    name: str
    path: str
    label: Pin
    anchor: str = "middle"
    tip: Pin | None = None
    room: float = inf  # pixels across, about, that a label has within the outline
    member: bool = True  # False: a neighbour, drawn for orientation only


@dataclass(frozen=True, slots=True)
class Outline:
    width: int
    height: int
    lands: tuple[Land, ...]
    projection: Projection


Ring = Sequence[Sequence[float]]


@cache
def region(folder: Path, width: int = 600) -> Outline:
    """The seven States with their neighbours. Codes are ISO 3166-1 alpha-3."""
    projection, height = fitted(REGION, width, margin=0.0)
    places = {row["code"]: (where, row) for where, row in rows(folder / "labels.csv")}
    lands = []
    for code, rings in _features(folder / "countries.json"):
        path = path_of(rings, projection)
        if code not in STATES:
            lands.append(Land(code, code, path, (0.0, 0.0), member=False))
            continue
        where, row = places[code]
        label = _pin(projection, degrees(row, "lat", where), degrees(row, "lon", where))
        tip = _pin(projection, degrees(row, "tip_lat", where), degrees(row, "tip_lon", where))
        lands.append(Land(code, code, path, label or (0.0, 0.0), row["anchor"], tip))
    return Outline(width, height, tuple(sorted(lands, key=lambda land: land.member)), projection)


@cache
def state(folder: Path, code: str, width: int = 600) -> Outline:
    """One State in its first-level divisions. Codes are ISO 3166-2. KeyError if unknown."""
    if code not in STATES:
        raise KeyError(code)
    features = list(_features(folder / "divisions" / f"{code}.json"))
    pins = [pin for _, rings in features for ring in rings for pin in ring]
    lons, lats = [p[0] for p in pins], [p[1] for p in pins]
    projection, height = fitted((min(lons), min(lats), max(lons), max(lats)), width)
    divisions = gazetteer(folder).by_code
    lands = []
    for name, rings in features:
        division = divisions[name]
        label = _pin(projection, division.lat, division.lon)
        if label is None:
            raise PlaceFault(f"divisions.csv: {name} has an outline and no label point")
        across = max(p[0] for p in rings[0]) - min(p[0] for p in rings[0])
        room = across * projection.stretch * projection.scale
        lands.append(Land(name, division.name, path_of(rings, projection), label, room=room))
    return Outline(width, height, tuple(lands), projection)


def _pin(projection: Projection, lat: float | None, lon: float | None) -> Pin | None:
    return None if lat is None or lon is None else projection(lat, lon)


def fitted(box: Box, width: int, margin: float = MARGIN) -> tuple[Projection, int]:
    """The projection that fits west, south, east, north into `width`, and the height it takes."""
    west, south, east, north = box
    stretch = cos(radians((south + north) / 2))
    inner = width - 2 * margin
    scale = min(inner / ((east - west) * stretch), (width * TALLEST - 2 * margin) / (north - south))
    left = margin + (inner - (east - west) * stretch * scale) / 2
    height = round((north - south) * scale + 2 * margin)
    return Projection(west, north, scale, stretch, left, margin), height


def path_of(rings: Iterable[Ring], projection: Projection) -> str:
    """SVG path data, relative and to a tenth of a pixel. Points that fall together are dropped."""
    out = []
    for ring in rings:
        pins = [projection(lat, lon) for lon, lat in ring]
        x, y = pins[0]
        out.append(f"M{_short(x)},{_short(y)}l")
        steps: list[str] = []
        for u, v in pins[1:-1]:
            dx, dy = round(u - x, 1), round(v - y, 1)
            if dx or dy:
                step = f"{_short(dx)},{_short(dy)}"
                steps.append(step if not steps or step[0] == "-" else " " + step)
                x, y = u, v
        out.append("".join(steps) + "z")
    return "".join(out)


def _short(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _features(path: Path) -> Iterable[tuple[str, list[Ring]]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield feature["id"], [polygon[0] for polygon in feature["geometry"]["coordinates"]]
