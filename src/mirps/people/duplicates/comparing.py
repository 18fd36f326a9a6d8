"""Pairs of registrations compared, field by field: each comparison gives a level (its code in spec.LEVELS).

All comparisons are symmetric. MISSING where one of the two says nothing: silence is no evidence. Comparing
letters is what costs; with `surely=False` words that do not sound alike are taken for a little misspelt, so
that pairs which cannot be one person even then are left out before their letters are compared (scoring).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates.spec import LEVELS, Field
from mirps.people.duplicates.table import Days, Numbers, Parts, Table, Values
from mirps.people.duplicates.words import ALIKE, MISSING, NEAR, Codes, Grades, likeness, slips

Levels = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

_AT = {kind: {name: code for code, name in enumerate(names)} for kind, names in LEVELS.items()}
_NAMES, _DATE, _NUMBERS, _AREA, _WORD = (_AT[k] for k in ("surnames", "date", "numbers", "area", "word"))

#: Level by how many of the two have a second part, and by the better and the worse grade of the two parts.
_BY_GRADES = np.array([
    [[_NAMES[n]] * 4 for n in ("only-differs", "only-far", "only-near", "only")],
    [[_NAMES[f"{n}+absent"]] * 4 for n in ("differs", "far", "near", "one")],
    [[_NAMES[n] for n in row.split()] for row in (
        "none none none none",
        "far+differs near+far none none",
        "near+differs near+far near+near none",
        "one+differs one+far one+near both",
    )],
], np.int8)  # fmt: skip


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
    (a1, a2), (b1, b2) = ([of[rows] for of in side.parts] for rows in (one, other))
    heard = same(*([of[rows] for of in side.sounds] for rows in (one, other)))
    (s11, s12), (s21, s22) = heard
    straight, across = s11.astype(np.int8) + s22, s12.astype(np.int8) + s21
    ways = ((a1, b1, s11), (a2, b2, s22), (a1, b2, s12), (a2, b1, s21))
    g11, g22, g12, g21 = (_grade(table, *way, surely=surely) for way in ways)
    crosswise = (across > straight) | ((across == straight) & (g12 + g21 > g11 + g22))
    first, second = np.where(crosswise, g12, g11), np.where(crosswise, g21, g22)
    high, low = np.maximum(first, second), np.minimum(first, second)
    two = (a2 >= 0).astype(np.int8) + (b2 >= 0)
    found: Levels = _BY_GRADES[two, high, low]
    if field.kind == "surnames":
        found[(side.married[one] | side.married[other]) & (found == _NAMES["one+differs"])] = _NAMES[
            "one+marriage"
        ]
    found[(two == 2) & (across == 2) & (straight < 2)] = _NAMES["swapped"]
    crossed = np.flatnonzero((straight == 0) & (across == 0))
    crossed = crossed[_crossed(table, one[crossed], other[crossed])]
    found[crossed] = _NAMES["crossed"] if field.kind == "surnames" else MISSING
    found[(a1 < 0) | (b1 < 0)] = MISSING
    return found


def _crossed(table: Table, one: Codes, other: Codes) -> Mask:
    """Given names and surnames were written each in the other's box, and none stands where it should."""
    (g1, s1), (g2, s2) = (
        [[of[rows] for of in table.side(kind)] for kind in ("given", "surnames")] for rows in (one, other)
    )
    return _any(same(g1, s2)) & _any(same(s1, g2)) & ~_any(same(g1, g2)) & ~_any(same(s1, s2))


def _grade(table: Table, a: Codes, b: Codes, alike: Mask, *, surely: bool) -> Grades:
    known = (a >= 0) & (b >= 0)
    found = alike.astype(np.int8) * np.int8(ALIKE)
    if surely:
        rest = np.flatnonzero(~alike & known)
        found[rest] = table.names.grades(a[rest], b[rest])
    else:
        found[~alike & known] = NEAR
    return found


def same(one: Sequence[Codes], other: Sequence[Codes]) -> list[list[Mask]]:
    """Of each value of one and each of the other: the same, and not missing."""
    return [[(a == b) & known for b in other] for a in one for known in (a >= 0,)]


def _any(masks: list[list[Mask]]) -> Mask:
    found: Mask = np.logical_or.reduce([mask for row in masks for mask in row])
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
    a, b = ([of[rows] for of in held.whole] for rows in (one, other))
    typed = same(*([of[rows] for of in held.type] for rows in (one, other)))
    equal = _any(same(a, b))
    found = np.where(_any(typed), np.int8(_NUMBERS["differs"]), np.int8(MISSING))
    for i, row in enumerate(typed):
        for j, mask in enumerate(row):
            rows = np.flatnonzero(mask & ~equal)
            if surely:
                rows = rows[slips(held.words, a[i][rows], b[j][rows]) == NEAR]
            found[rows] = _NUMBERS["near"]
    found[equal] = _NUMBERS["same"]
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
