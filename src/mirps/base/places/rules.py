"""Places: States, their first-level divisions, and the municipalities that sources name.

Read from data/places/ (see its README for sources and licences). A place is found by any
of its names, with or without accents. Coordinates are WGS 84 degrees; None where no open
source gives one, for none is guessed. Pure Python: the folder is always passed in.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


class PlaceFault(ValueError):
    """A row of data/places/ that cannot be read. The message names file, row and column."""


@dataclass(frozen=True, slots=True)
class Division:
    """A first-level division. `code` is ISO 3166-2, `pcode` OCHA's where it is certain.

    `drawn` is False for one newer than the polygons: it has a point but no outline.
    """

    code: str
    pcode: str
    state: str
    name: str
    type_es: str
    type_en: str
    lat: float | None
    lon: float | None
    drawn: bool
    note: str = ""

    @property
    def division(self) -> str:
        return self.code

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def kind(self, lang: str) -> str:
        return self.type_es if lang == "es" else self.type_en


@dataclass(frozen=True, slots=True)
class Municipality:
    """A town or municipality named in a source, as a point in its division."""

    name: str
    state: str
    division: str
    lat: float | None
    lon: float | None
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


Place = Division | Municipality


class Gazetteer:
    """Every place of the seven States, to be found by name or code."""

    def __init__(self, divisions: Iterable[Division], municipalities: Iterable[Municipality]) -> None:
        self.divisions = tuple(divisions)
        self.municipalities = tuple(municipalities)
        self.by_code: Mapping[str, Division] = {d.code: d for d in self.divisions}
        self._by_name: dict[str, list[Place]] = {}
        every: tuple[Place, ...] = (*self.municipalities, *self.divisions)
        for place in every:
            for name in dict.fromkeys(fold(n) for n in place.names):
                self._by_name.setdefault(name, []).append(place)

    def of_state(self, state: str) -> tuple[Division, ...]:
        return tuple(d for d in self.divisions if d.state == state)

    def named(self, name: str, state: str = "") -> tuple[Place, ...]:
        """All places of that name, municipalities first: many share it with their division."""
        found = self._by_name.get(fold(name), ())
        return tuple(p for p in found if not state or p.state == state)

    def find(self, name: str, state: str = "") -> Place | None:
        """The place of that name or code; None when there is none, or several of one rank."""
        if name in self.by_code:
            return self.by_code[name]
        found = self.named(name, state)
        first: Sequence[Place] = [p for p in found if isinstance(p, Municipality)] or found
        return first[0] if len(first) == 1 else None


def fold(name: str) -> str:
    """A name as it is compared: without case, accents or doubled spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


@cache
def gazetteer(folder: Path) -> Gazetteer:
    """Read `divisions.csv` and `municipalities.csv` of data/places/. Raises PlaceFault."""
    divisions = [
        Division(
            code=row["code"],
            pcode=row["pcode"],
            state=row["state"],
            name=row["name"],
            type_es=row["type_es"],
            type_en=row["type_en"],
            lat=degrees(row, "lat", where),
            lon=degrees(row, "lon", where),
            drawn=row["polygon"] == "yes",
            note=row["note"],
        )
        for where, row in rows(folder / "divisions.csv")
    ]
    known = {d.code for d in divisions}
    municipalities = []
    for where, row in rows(folder / "municipalities.csv"):
        if row["division"] not in known:
            raise PlaceFault(f"{where}: no division {row['division']!r} in divisions.csv")
        municipalities.append(
            Municipality(
                name=row["name"],
                state=row["state"],
                division=row["division"],
                lat=degrees(row, "lat", where),
                lon=degrees(row, "lon", where),
                aliases=tuple(filter(None, row["aliases"].split("|"))),
                source=row["source"],
                note=row["note"],
            )
        )
    return Gazetteer(divisions, municipalities)


def rows(path: Path) -> Iterable[tuple[str, dict[str, str]]]:
    """Each row of a CSV file with its place in the file, for messages."""
    with path.open(encoding="utf-8", newline="") as f:
        for n, row in enumerate(csv.DictReader(f), 2):
            if None in row or None in row.values():
                raise PlaceFault(f"{path.name}, row {n}: as many cells are needed as columns")
            yield f"{path.name}, row {n}", row


def degrees(row: Mapping[str, str], column: str, where: str) -> float | None:
    if not row[column]:
        return None
    try:
        return float(row[column])
    except ValueError:
        raise PlaceFault(f"{where}, column {column}: {row[column]!r} is not in degrees") from None
