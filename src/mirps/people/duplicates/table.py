"""Registrations as arrays of codes: what blocking and comparing work on, a thousand pairs or ten million."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates.records import Columns
from mirps.people.duplicates.spec import Spec
from mirps.people.duplicates.words import MISSING, Codes, Names, Words
from mirps.people.identity.sound import folded, sound

#: Documents and telephones of one registration that are compared.
_MOST = 3
_BORN = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?(~?)")
_LONGEST = 60
_LONGEST_LIST = 240


@dataclass(frozen=True, slots=True)
class Parts:
    """Given names or surnames: codes of parts and of sounds [2, n]; who bears one of them by marriage [n]."""

    parts: Codes
    sounds: Codes
    married: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Days:
    """Dates: 0 is unknown. `vague`: only the year is known, it is estimated, or it is a 1 January."""

    year: Codes
    month: Codes
    day: Codes
    vague: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Documents or telephones: codes of type with number, and of the type [3, n]."""

    whole: Codes
    type: Codes
    words: Words


@dataclass(frozen=True, slots=True)
class Values:
    """Codes [n] of a value, and of its group: the beginning of a place, the sound of a word."""

    code: Codes
    group: Codes
    words: Words
    groups: Words


Column = Parts | Days | Numbers | Values
Kind = TypeVar("Kind", Parts, Days, Numbers, Values)


class Table:
    """Columns of values read once. `names` is the vocabulary of both sides of a name."""

    def __init__(self, columns: Columns, spec: Spec) -> None:
        self.size = len(next(iter(columns.values())))
        self.spec = spec
        self.names = Names()
        self.columns: dict[str, Column] = {}
        absent = [""] * self.size
        for field in spec.fields:
            cells = columns.get(field.column, absent)
            match field.kind:
                case "given" | "surnames":
                    self.columns[field.column] = self._side(cells, field.kind)
                case "date":
                    self.columns[field.column] = _days(cells)
                case "numbers":
                    self.columns[field.column] = _numbers(cells)
                case _:
                    self.columns[field.column] = _values(cells, field.kind)

    def _side(self, cells: Sequence[str], side: str) -> Parts:
        parts, married = self.names.side(cells, side)
        parts = np.ascontiguousarray(parts.T)
        return Parts(parts, self.names.sounds_of(parts), np.logical_or.reduce(married, axis=1))

    def of(self, column: str, kind: type[Kind]) -> Kind:
        """A column, which a field of that kind reads."""
        found = self.columns[column]
        assert isinstance(found, kind)
        return found

    def side(self, kind: str) -> Codes:
        """Sounds of the given names or surnames, whatever their column is called."""
        return self.of(next(f.column for f in self.spec.fields if f.kind == kind), Parts).sounds

    @property
    def born(self) -> Days | None:
        return next((c for c in self.columns.values() if isinstance(c, Days)), None)


def _days(cells: Sequence[str]) -> Days:
    words = Words(cells)
    read = np.array([_day(text) for text in words.texts], np.int32).reshape(-1, 4)[words.coded(cells)]
    return Days(read[:, 0], read[:, 1], read[:, 2], read[:, 3].astype(np.bool_))


def _day(text: str) -> tuple[int, int, int, bool]:
    """Year, month, day and whether it is vague; what is no date is missing. A 31 February is kept as written:
    it says which digits a desk wrote."""
    found = _BORN.fullmatch(text.strip()[:12])
    if not found or not found[1].isascii():
        return 0, 0, 0, True
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if year == 0 or month > 31 or day > 31:
        return 0, 0, 0, True
    if not month or not day:
        return year, month, 0, True
    return year, month, day, bool(found[4]) or (month, day) == (1, 1)


def _numbers(cells: Sequence[str]) -> Numbers:
    """Most cells have one number or none, and are not made wait by those with more."""
    words, types = Words(), Words()
    first, more = {"": MISSING}, {}
    for cell in dict.fromkeys(cells):
        if ";" in cell:
            codes = [
                words.code(one) for one in map(_number, sorted(set(cell[:_LONGEST_LIST].split(";")))) if one
            ]
            first[cell], more[cell] = codes[0] if codes else MISSING, codes[1:_MOST]
        elif one := _number(cell):
            first[cell] = words.code(one)
        else:
            first[cell] = MISSING
    whole = np.full((1 + max(map(len, more.values()), default=0), len(cells)), MISSING, np.int32)
    whole[0] = np.fromiter(map(first.__getitem__, cells), np.int32, len(cells))
    for at, cell in enumerate(cells if more else ()):
        if cell in more:
            whole[1 : 1 + len(more[cell]), at] = more[cell]
    type_of = [types.code(text.rpartition(":")[0]) for text in words.texts]
    return Numbers(whole, np.array([*type_of, MISSING], np.int32)[whole], words)


def _number(text: str) -> str:
    """'type:number' without spaces and signs, in capitals; '' where there is none, or zeros alone."""
    kind, _, number = text[:_LONGEST].rpartition(":")
    if not number.isalnum():
        number = "".join(filter(str.isalnum, number))
    return f"{kind}:{number.upper()}" if number.strip("0") else ""


def _values(cells: Sequence[str], kind: str) -> Values:
    read = {cell: _value(cell, kind) for cell in dict.fromkeys(cells)}
    words = Words(text for text in read.values() if text)
    code_of = {cell: words.codes.get(text, MISSING) for cell, text in read.items()}
    codes = np.fromiter(map(code_of.__getitem__, cells), np.int32, len(cells))
    groups = Words()
    of = [groups.code(sound(t) if kind == "word" else t.partition("-")[0]) for t in words.texts]
    return Values(codes, np.array([*of, MISSING], np.int32)[codes], words, groups)


def _value(cell: str, kind: str) -> str:
    text = cell.strip()[:_LONGEST]
    if kind != "word":
        return text
    return folded(text).replace(" ", "") or "".join(c for c in text if c.isalnum())
