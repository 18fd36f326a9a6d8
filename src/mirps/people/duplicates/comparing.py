"""Pairs of registrations compared, field by field: each comparison gives a level (its code in spec.LEVELS).

All comparisons are symmetric. MISSING where one of the two says nothing: silence is no evidence. Comparing
letters is what costs; with `surely=False` words that do not sound alike are taken for a little misspelt, so
that pairs which cannot be one person even then are left out before their letters are compared (scoring).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates.spec import LEVELS, Field
from mirps.people.duplicates.table import Days, Numbers, Parts, Table, Values
from mirps.people.duplicates.words import ALIKE, MISSING, NEAR, Codes, Grades, likeness, slips

Levels = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

_AT = {kind: {name: code for code, name in enumerate(names)} for kind, names in LEVELS.items()}
_NAMES, _DATE, _NUMBERS, _AREA, _WORD = (_AT[k] for k in ("surnames", "date", "numbers", "area", "word"))

#: Level of two parts each, by the better and the worse grade.
_TWO = np.array([
    [_NAMES[n] for n in row.split()] for row in (
        "none none none none",
        "far+differs near+far none none",
        "near+differs near+far near+near none",
        "one+differs one+far one+near both",
    )
], np.int8)  # fmt: skip
_ONE_OF_TWO = np.array([_NAMES[f"{n}+absent"] for n in ("differs", "far", "near", "one")], np.int8)
_ONLY = np.array([_NAMES[n] for n in ("only-differs", "only-far", "only-near", "only")], np.int8)


def levels(table: Table, field: Field, one: Codes, other: Codes, *, surely: bool = True) -> Levels:
    """The level of each pair (`one` and `other` are rows of the table) in one field."""
    match field.kind:
        case "surnames" | "given":
            return _names(table, field, one, other, surely=surely)
        case "date":
            return _dates(table.of(field.column, Days), one, other)
        case "numbers":
            return _numbers(table, field, one, other, surely=surely)
        case _:
            return _values(table, field, one, other, surely=surely)


def _names(table: Table, field: Field, one: Codes, other: Codes, *, surely: bool) -> Levels:
    side = table.of(field.column, Parts)
    a, b, sa, sb = side.parts[one], side.parts[other], side.sounds[one], side.sounds[other]
    same = _same(sa, sb)
    straight = same[:, 0, 0].astype(np.int8) + same[:, 1, 1]
    across = same[:, 0, 1].astype(np.int8) + same[:, 1, 0]
    open_ = straight == across
    ways = ((0, 0), (1, 1), (0, 1), (1, 0))
    grades = [_grade(table, a[:, i], b[:, j], same[:, i, j], surely=surely) for i, j in ways]
    crosswise = (across > straight) | (open_ & (grades[2] + grades[3] > grades[0] + grades[1]))
    first = np.where(crosswise, grades[2], grades[0])
    second = np.where(crosswise, grades[3], grades[1])
    high, low = np.maximum(first, second), np.minimum(first, second)
    two = (a[:, 1] >= 0).astype(np.int8) + (b[:, 1] >= 0)
    found = np.where(two == 2, _TWO[high, low], np.where(two == 1, _ONE_OF_TWO[high], _ONLY[high]))
    if field.kind == "surnames":
        wed = side.married[one].any(axis=1) | side.married[other].any(axis=1)
        found[wed & (found == _NAMES["one+differs"])] = _NAMES["one+marriage"]
    found[(two == 2) & (across == 2) & (straight < 2)] = _NAMES["swapped"]
    crossed = np.flatnonzero(~same.any(axis=(1, 2)))
    crossed = crossed[_crossed(table, one[crossed], other[crossed])]
    found[crossed] = _NAMES["crossed"] if field.kind == "surnames" else MISSING
    found[(a[:, 0] < 0) | (b[:, 0] < 0)] = MISSING
    return found


def _crossed(table: Table, one: Codes, other: Codes) -> Mask:
    """Given names and surnames were written each in the other's box, and none stands where it should."""
    given, surnames = (table.side(kind) for kind in ("given", "surnames"))
    g1, g2, s1, s2 = given[one], given[other], surnames[one], surnames[other]
    return _any(g1, s2) & _any(s1, g2) & ~_any(g1, g2) & ~_any(s1, s2)


def _grade(table: Table, a: Codes, b: Codes, same: Mask, *, surely: bool) -> Grades:
    if not surely:
        return np.where(same, ALIKE, np.where((a >= 0) & (b >= 0), NEAR, 0)).astype(np.int8)
    found = np.where(same, np.int8(ALIKE), np.int8(0))
    rest = np.flatnonzero(~same & (a >= 0) & (b >= 0))
    found[rest] = table.names.grades(a[rest], b[rest])
    return found


def _same(one: Codes, other: Codes) -> npt.NDArray[np.bool_]:
    """[pair, part of one, part of other]: they sound the same."""
    found: Mask = np.logical_and(one[:, :, None] == other[:, None, :], one[:, :, None] >= 0)
    return found


def _any(one: Codes, other: Codes) -> Mask:
    found: Mask = np.logical_or.reduce(_same(one, other), axis=(1, 2))
    return found


def _dates(days: Days, one: Codes, other: Codes) -> Levels:
    y1, m1, d1, v1 = days.year[one], days.month[one], days.day[one], days.vague[one]
    y2, m2, d2, v2 = days.year[other], days.month[other], days.day[other], days.vague[other]
    apart = np.abs(y1 - y2)
    year, month, day, vague = apart == 0, m1 == m2, d1 == d2, v1 | v2
    few = (apart >= 1) & (apart <= 3)
    slip = (
        (year & month & _DIGITS[d1, d2]) | (year & day & _DIGITS[m1, m2])
        | (month & day & _DIGITS[y1 // 100, y2 // 100] & (y1 % 100 == y2 % 100))
        | (month & day & _DIGITS[y1 % 100, y2 % 100] & (y1 // 100 == y2 // 100))
    )  # fmt: skip
    found = np.full(len(one), _DATE["differs"], np.int8)
    for name, holds in (  # the later in this list goes before the earlier
        ("near-year", few),
        ("same-year", year),
        ("same-month", year & month),
        ("years-january", few & vague),
        ("january", year & vague),
        ("one-digit", slip & ~vague),
        ("years", few & month & day & ~vague),
        ("exchanged", year & ~vague & (m1 == d2) & (d1 == m2)),
        ("same-january", year & month & day & vague),
        ("same", year & month & day & ~vague),
    ):
        found[holds] = _DATE[name]
    found[(y1 == 0) | (y2 == 0)] = MISSING
    return found


def _one_digit(a: int, b: int) -> bool:
    """Two numbers of two digits that differ in one of them, or have them the other way round."""
    tens, units = a // 10 == b // 10, a % 10 == b % 10
    return tens != units or (a != b and a // 10 == b % 10 and a % 10 == b // 10)


_DIGITS = np.array([[_one_digit(a, b) for b in range(100)] for a in range(100)])


def _numbers(table: Table, field: Field, one: Codes, other: Codes, *, surely: bool) -> Levels:
    held = table.of(field.column, Numbers)
    a, b = held.whole[one], held.whole[other]
    typed = _same(held.type[one], held.type[other])
    found = np.full(len(one), MISSING, np.int8)
    found[typed.any(axis=(1, 2))] = _NUMBERS["differs"]
    same = _any(a, b)
    rows, i, j = np.nonzero(typed & ~same[:, None, None])
    if surely:
        near = slips(held.words, a[rows, i], b[rows, j])
        rows = rows[near == NEAR]
    found[rows] = _NUMBERS["near"]
    found[same] = _NUMBERS["same"]
    return found


def _values(table: Table, field: Field, one: Codes, other: Codes, *, surely: bool) -> Levels:
    held = table.of(field.column, Values)
    a, b, groups = held.code[one], held.code[other], held.group[one] == held.group[other]
    if field.kind == "code":
        found = (a != b).astype(np.int8)
    elif field.kind == "area":
        found = np.where(a == b, _AREA["same"], np.where(groups, _AREA["around"], _AREA["differs"]))
    else:
        near = _near_words(held, a, b) if surely else np.full(len(one), _WORD["near"])
        found = np.where(a == b, _WORD["same"], np.where(groups, _WORD["sounds"], near))
    return np.where((a < 0) | (b < 0), MISSING, found).astype(np.int8)


def _near_words(held: Values, a: Codes, b: Codes) -> npt.NDArray[np.int8]:
    return np.int8(_WORD["differs"]) - likeness(held.words, a, b)
