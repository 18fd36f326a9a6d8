"""What of a registration goes into its row of bits: tokens, each of several things together. Pure.

Names go by how they sound and documents without their zeros and dots, as finding and comparing read them
(people/identity); a 1 January is a year alone, since desks write it for whoever does not know the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product

from mirps.people.identity.names import Name, read
from mirps.people.linkage.scheme import Scheme

Columns = Mapping[str, Sequence[str]]

_BORN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?~?\Z")
#: Parts of a name, documents and telephones that are read; more would only make the row fuller.
_NAMES, _NUMBERS = 2, 3
_LONGEST = 120
COLUMNS = ("given", "surnames", "born", "documents", "phones")


def of_rows(columns: Columns, scheme: Scheme) -> Iterator[list[tuple[int, str]]]:
    """For each row its tokens, each with its part's number; a row that says too little has few or none."""
    for given, surnames, born, documents, phones in zip(*(columns[c] for c in COLUMNS), strict=True):
        values = _values(given, surnames, born, documents, phones)
        yield [
            (n, f"{n}|{'|'.join(found)}")
            for n, part in enumerate(scheme.parts)
            for found in product(*(values[i] for i in part.of))
        ]


def _values(given: str, surnames: str, born: str, documents: str, phones: str) -> dict[str, list[str]]:
    one, other = _sounds(given[:_LONGEST], surnames[:_LONGEST])
    year, day = _date(born)
    return {
        "given": list(one), "surname": list(other), "givens": _together(one), "surnames": _together(other),
        "letters": [f"g{x}" for x in _letters(one)] + [f"s{x}" for x in _letters(other)],
        "year": [year] if year else [], "day": [day] if day else [],
        "document": _numbers(documents), "phone": _numbers(phones),
    }  # fmt: skip


@lru_cache(maxsize=65536)
def _sounds(given: str, surnames: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        name: Name = read(given, surnames)
    except ValueError:
        return (), ()
    sides = (name.given, name.surnames)
    one, other = (tuple(dict.fromkeys(p.sound for p in side if p.sound))[:_NAMES] for side in sides)
    return one, other


def _together(sounds: Sequence[str]) -> list[str]:
    return ["+".join(sorted(pair)) for pair in combinations(sounds, 2)]


def _letters(sounds: Sequence[str]) -> list[str]:
    pairs = (f"_{s}_"[n : n + 2] for s in sounds for n in range(len(s) + 1))
    return list(dict.fromkeys(pairs))


def _date(born: str) -> tuple[str, str]:
    found = _BORN.match(born)
    if not found:
        return "", ""
    year, month, day = found.groups()
    if not day or (month, day) == ("01", "01"):
        return year, ""
    return year, f"{min(month, day)}-{max(month, day)}"


def _numbers(cell: str) -> list[str]:
    """Documents with their type, telephones: letters and digits alone, leading zeros gone."""
    found = []
    for value in cell.split(";")[:_NUMBERS]:
        kind, _, number = value.rpartition(":")
        plain = "".join(c for c in number.upper()[:40] if c.isalnum()).lstrip("0")
        if plain:
            found.append(f"{kind}:{plain}")
    return found
