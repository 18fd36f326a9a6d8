"""Places are found by any of their names, and every outline holds the place it is drawn for."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from frictionless import Package

from mirps.base.places import outlines
from mirps.base.places.rules import Division, Municipality, PlaceFault, fold, gazetteer

PLACES = Path(__file__).resolve().parents[2] / "data" / "places"
BOOK = gazetteer(PLACES)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("meteti", "Metetí"),
        ("METETÍ", "Metetí"),
        ("  san   pedro sula ", "San Pedro Sula"),
        ("Guatemala City", "Guatemala"),
        ("Tegucigalpa", "Distrito Central"),
        ("ciudad de belice", "Belize City"),
        ("MX-CHP", "Chiapas"),
    ],
)
def test_a_place_is_found_by_any_of_its_names_with_or_without_accents(typed: str, name: str) -> None:
    place = BOOK.find(typed)
    assert place is not None
    assert place.name == name


def test_a_name_that_two_states_share_is_found_only_within_one() -> None:
    assert BOOK.find("La Paz") is None
    found = BOOK.find("La Paz", "HND")
    assert isinstance(found, Division)
    assert found.code == "HN-LP"


def test_a_town_comes_before_the_division_of_its_name() -> None:
    assert isinstance(BOOK.find("Huehuetenango"), Municipality)
    assert len(BOOK.named("Huehuetenango")) == 2


def test_an_unknown_name_finds_nothing() -> None:
    assert BOOK.find("Atlantis") is None


def test_codes_are_unique_and_of_their_state() -> None:
    iso2 = {"BLZ": "BZ", "CRI": "CR", "SLV": "SV", "GTM": "GT", "HND": "HN", "MEX": "MX", "PAN": "PA"}
    assert len(BOOK.by_code) == len(BOOK.divisions) == 113
    for division in BOOK.divisions:
        assert division.code.startswith(f"{iso2[division.state]}-")
        assert not division.pcode or re.fullmatch(rf"{iso2[division.state]}\d\d", division.pcode)
    pcodes = [d.pcode for d in BOOK.divisions if d.pcode]
    assert len(pcodes) == len(set(pcodes))


def test_a_town_lies_in_a_division_of_its_own_state() -> None:
    for town in BOOK.municipalities:
        assert BOOK.by_code[town.division].state == town.state, town.name


def test_a_place_without_coordinates_says_why() -> None:
    for place in (*BOOK.municipalities, *BOOK.divisions):
        assert (place.lat is None) == (place.lon is None)
        if place.lat is None:
            assert "no coordinates" in place.note, place.name


@pytest.mark.parametrize("state", outlines.STATES)
def test_every_drawn_division_has_its_outline_and_its_label_within(state: str) -> None:
    shapes = _rings(PLACES / "divisions" / f"{state}.json")
    assert set(shapes) == {d.code for d in BOOK.of_state(state) if d.drawn}
    for code, rings in shapes.items():
        division = BOOK.by_code[code]
        assert division.lat is not None
        assert division.lon is not None
        assert _within(rings[0], division.lon, division.lat), code


@pytest.mark.parametrize("state", outlines.STATES)
def test_a_town_lies_within_or_beside_the_outline_of_its_division(state: str) -> None:
    """The outlines are simplified, so a town by the coast or a border may fall just outside."""
    shapes = _rings(PLACES / "divisions" / f"{state}.json")
    for town in BOOK.municipalities:
        rings = shapes.get(town.division)
        if town.state != state or town.lat is None or town.lon is None or rings is None:
            continue
        inside = any(_within(ring, town.lon, town.lat) for ring in rings)
        nearest = min(abs(x - town.lon) + abs(y - town.lat) for ring in rings for x, y in ring)
        assert inside or nearest < 0.25, town.name


def test_maps_stay_small() -> None:
    region = outlines.region(PLACES)
    assert sum(len(land.path) for land in region.lands) < 25_000
    for state in outlines.STATES:
        drawn = outlines.state(PLACES, state)
        assert sum(len(land.path) for land in drawn.lands) < 15_000, state
        assert 0 < drawn.height <= drawn.width * outlines.TALLEST + 1


def test_the_region_shows_the_seven_states_and_their_neighbours() -> None:
    lands = outlines.region(PLACES).lands
    assert {land.code for land in lands if land.member} == set(outlines.STATES)
    assert {"NIC", "USA", "COL"} <= {land.code for land in lands if not land.member}


def test_a_projected_path_stays_within_the_drawing() -> None:
    drawn = outlines.state(PLACES, "HND")
    for land in drawn.lands:
        for x, y in _absolute(land.path):
            assert -0.5 <= x <= drawn.width + 0.5
            assert -0.5 <= y <= drawn.height + 0.5


def test_outlines_are_made_once() -> None:
    assert outlines.state(PLACES, "PAN") is outlines.state(PLACES, "PAN")


def test_an_unknown_state_has_no_outline() -> None:
    with pytest.raises(KeyError):
        outlines.state(PLACES, "NIC")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Here,PAN,PA-99,1,2,,,", "municipalities.csv, row 2: no division 'PA-99'"),
        ("Here,PAN,PA-5,north,2,,,", "municipalities.csv, row 2, column lat: 'north'"),
        ("Here,PAN", "municipalities.csv, row 2: as many cells"),
    ],
)
def test_a_bad_row_is_named_with_its_file_row_and_column(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "divisions.csv").write_bytes((PLACES / "divisions.csv").read_bytes())
    head = (PLACES / "municipalities.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "municipalities.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(PlaceFault, match=re.escape(message)):
        gazetteer(tmp_path)


def test_the_data_package_describes_its_tables_truly() -> None:
    report = Package(str(PLACES / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])


def test_names_are_compared_without_case_accents_or_spaces() -> None:
    assert fold(" Ngäbe-Buglé ") == fold("NGABE-BUGLE")


def _rings(path: Path) -> dict[str, list[list[tuple[float, float]]]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["id"]: [polygon[0] for polygon in f["geometry"]["coordinates"]] for f in features}


def _within(ring: list[tuple[float, float]], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _absolute(path: str) -> list[tuple[float, float]]:
    out = []
    for ring in filter(None, path.split("M")):
        start, steps = ring.rstrip("z").split("l")
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", steps)]
        x, y = (float(n) for n in start.split(","))
        out.append((x, y))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            out.append((x, y))
    return out
