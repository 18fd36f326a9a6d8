"""Registrations as arrays of codes: what blocking and comparing work on, a thousand pairs or ten million."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np

from mirps.people.duplicates.cells import Cells, Codes, Mask
from mirps.people.duplicates.records import Columns
from mirps.people.duplicates.spec import Field, Spec
from mirps.people.duplicates.words import MISSING, THREADS, Names, Words
from mirps.people.identity.sound import folded, sound

#: Documents and telephones of one registration that are compared.
_MOST = 3
#: Registrations that are worth a second thread.
_MANY = 5000
_BORN = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?(~?)")
_LONGEST = 60
_LONGEST_LIST = 240
#: Of every byte in a number: a zero, another digit or capital, or _ODD, which has to be read.
_ODD = 2
_CLEAN = b"123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGNS = bytes(0 if sign == ord("0") else 1 if sign in _CLEAN else _ODD for sign in range(256))


@dataclass(frozen=True, slots=True)
class Parts:
    """Given names or surnames: codes of parts and of sounds [2, n]; who bears one of them by marriage [n]."""

    parts: Codes
    sounds: Codes
    married: Mask


@dataclass(frozen=True, slots=True)
class Days:
    """Codes [n] of dates, and of each date its parts, 0 where unknown. `vague`: only the year is known, it is
    estimated, or it is a 1 January."""

    code: Codes
    year: Codes
    month: Codes
    day: Codes
    vague: Mask


@dataclass(frozen=True, slots=True)
class Numbers:
    """Documents or telephones: codes of type with number, and of the type [3, n]."""

    whole: Codes
    type: Codes
    words: Cells


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
        absent = [""] * self.size

        def read(fields: Iterable[Field]) -> list[tuple[str, Column]]:
            return [(f.column, self._read(f.kind, columns.get(f.column, absent))) for f in fields]

        names = [f for f in spec.fields if f.kind in ("given", "surnames")]
        others = [f for f in spec.fields if f not in names]
        if self.size < _MANY:
            self.columns: dict[str, Column] = dict(read(spec.fields))
        else:
            with ThreadPoolExecutor(THREADS) as pool:
                self.columns = dict(chain.from_iterable(pool.map(read, (names, others))))

    def _read(self, kind: str, column: Cells | Sequence[str]) -> Column:
        cells = column if isinstance(column, Cells) else Cells.of(column)
        match kind:
            case "given" | "surnames":
                parts, married = self.names.side(cells, kind)
                parts = np.ascontiguousarray(parts.T)
                return Parts(parts, self.names.sounds_of(parts), np.logical_or.reduce(married, axis=1))
            case "date":
                return _days(cells)
            case "numbers":
                return _numbers(cells)
            case _:
                return _values(cells, kind)

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


def _days(cells: Cells) -> Days:
    different, code = cells.cut(_LONGEST).distinct()
    read = np.array([_day(text) for text in different.texts()], np.int32).reshape(-1, 4)
    return Days(code.astype(np.int32), read[:, 0], read[:, 1], read[:, 2], read[:, 3].astype(np.bool_))


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


def _numbers(cells: Cells) -> Numbers:
    """Most numbers are written as they are compared, and only the others become strings."""
    held, row = cells.cut(_LONGEST_LIST).split(ord(";"))
    held = held.cut(_LONGEST)
    number = held.after(ord(":"))
    clean = number.highest(_SIGNS)
    odd = np.flatnonzero((clean == _ODD) | (number.start == held.start + 1))
    told = [_number(text) for text in held[odd].texts()]
    clean[odd] = [bool(text) for text in told]
    held, row = held.rewritten(odd, told)[clean > 0], row[clean > 0]
    words, code = held.distinct()
    types = Cells(words.data, words.start, words.after(ord(":")).start).distinct()[1]
    nth = np.arange(len(row)) - np.searchsorted(row, row)
    whole = np.full((min(int(nth.max(initial=0)) + 1, _MOST), len(cells)), MISSING, np.int32)
    kept = nth < _MOST
    whole[nth[kept], row[kept]] = code[kept]
    return Numbers(whole, np.append(types, MISSING).astype(np.int32)[whole], words)


def _number(text: str) -> str:
    """'type:number' without spaces and signs, in capitals; '' where there is none, or zeros alone."""
    kind, colon, number = text.rpartition(":")
    number = "".join(filter(str.isalnum, number)).upper()
    return f"{kind}{colon if kind else ''}{number}" if number.strip("0") else ""


def _values(cells: Cells, kind: str) -> Values:
    different, code = cells.cut(_LONGEST).distinct()
    read = [_value(text, kind) for text in different.texts()]
    words = Words(filter(None, read))
    codes = np.array([words.codes.get(text, MISSING) for text in read], np.int32)[code]
    groups = Words()
    of = [groups.code(sound(t) if kind == "word" else t.partition("-")[0]) for t in words.texts]
    return Values(codes, np.array([*of, MISSING], np.int32)[codes], words, groups)


def _value(cell: str, kind: str) -> str:
    text = cell.strip()
    if kind != "word":
        return text
    return folded(text).replace(" ", "") or "".join(c for c in text if c.isalnum())
