"""Pairs of registrations compared, field by field: each comparison gives a level (its code in spec.LEVELS).

All comparisons are symmetric. MISSING where one of the two says nothing: silence is no evidence. Comparing
letters is what costs; with `surely=False` words that do not sound alike are taken for a little misspelt, so
that pairs which cannot be one person even then are left out before their letters are compared (scoring).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates.cells import Codes, Ints, Mask
from mirps.people.duplicates.spec import LEVELS, Field
from mirps.people.duplicates.table import Days, Numbers, Parts, Table, Values
from mirps.people.duplicates.words import ALIKE, MISSING, NEAR, Grades, likeness, slips

Levels = npt.NDArray[np.int8]

_AT = {kind: {name: code for code, name in enumerate(names)} for kind, names in LEVELS.items()}
_NAMES, _DATE, _NUMBERS, _AREA, _WORD = (_AT[k] for k in ("surnames", "date", "numbers", "area", "word"))

#: Level by how many of the two have a second part, and by the better and the worse grade of the two parts.
_BY_GRADES = (
    [[n] * 4 for n in ("only-differs", "only-far", "only-near", "only")],
    [[f"{n}+absent"] * 4 for n in ("differs", "far", "near", "one")],
    [row.split() for row in (
        "none none none none",
        "far+differs near+far none none",
        "near+differs near+far near+near none",
        "one+differs one+far one+near both",
    )],
)  # fmt: skip


def _level(straight: tuple[int, int], across: tuple[int, int], seconds: int) -> str:
    """By the grades of first with first and second with second, and of each with the other."""
    heard, turned = straight.count(ALIKE), across.count(ALIKE)
    if seconds == 2 and turned == 2 and heard < 2:
        return "swapped"
    first = across if (turned, sum(across)) > (heard, sum(straight)) else straight
    return _BY_GRADES[seconds][max(first)][min(first)]


_GRADES = range(ALIKE + 1)
#: The level of every combination of four grades, in the order of `names`, and how many have a second part.
_LEVELS = np.array([
    _NAMES[_level((g11, g22), (g12, g21), seconds)]
    for g11, g22, g12, g21, seconds in product(_GRADES, _GRADES, _GRADES, _GRADES, range(3))
], np.int8)  # fmt: skip


def levels(table: Table, field: Field, one: Ints, other: Ints, *, surely: bool = True) -> Levels:
    """The level of each pair (`one` and `other` are rows of the table) in one field."""
    match field.kind:
        case "surnames" | "given":
            return names(table, field, heard(table, field, one, other), one, other, surely=surely)
        case "date":
            return _dates(table.of(field.column, Days), one, other)
        case "numbers":
            return _numbers(table, field, one, other, surely=surely)
        case _:
            return _values(table, field, one, other, surely=surely)


@dataclass(frozen=True, slots=True)
class Heard:
    """The two parts of each side of a pair as they sound: the codes of one, which of them are the other's
    (`s12`: its first is the other's second), which pairs are known, and whether each has a second part."""

    one: tuple[Codes, Codes]
    s11: Mask
    s22: Mask
    s12: Mask
    s21: Mask
    known: Mask
    seconds: tuple[Mask, Mask]

    @property
    def straight(self) -> Levels:
        """How many more parts sound alike as they stand than turned."""
        s11, s22, s12, s21 = (mask.view(np.int8) for mask in (self.s11, self.s22, self.s12, self.s21))
        return s11 + s22 - s12 - s21


def heard(table: Table, field: Field, one: Ints, other: Ints) -> Heard:
    sounds = table.of(field.column, Parts).sounds
    (a1, a2), (b1, b2) = ([of[rows] for of in sounds] for rows in (one, other))
    first, second = a1 >= 0, a2 >= 0
    return Heard(
        (a1, a2), (a1 == b1) & first, (a2 == b2) & second, (a1 == b2) & first, (a2 == b1) & second,
        first & (b1 >= 0), (second, b2 >= 0),
    )  # fmt: skip


def names(table: Table, field: Field, heard: Heard, one: Ints, other: Ints, *, surely: bool = True) -> Levels:
    side = table.of(field.column, Parts)
    second, other_second = (mask.view(np.int8) for mask in heard.seconds)
    # What does not sound alike is near at most, where both have such a part.
    grades: list[Grades] = [
        there * np.int8(NEAR) + alike
        for there, alike in (
            (heard.known, heard.s11), (second & other_second, heard.s22), (other_second, heard.s12), (second, heard.s21)
        )
    ]  # fmt: skip
    if surely:
        _compare_letters(table, side.parts, heard.straight, grades, one, other)
    place = np.zeros(len(one), np.int16)
    for grade in grades:
        place = place * np.int16(len(_GRADES)) + grade
    found: Levels = _LEVELS[place * 3 + second + other_second]
    if field.kind == "surnames":
        found[(side.married[one] | side.married[other]) & (found == _NAMES["one+differs"])] = _NAMES[
            "one+marriage"
        ]
    crossed = np.flatnonzero(heard.known & ~(heard.s11 | heard.s22 | heard.s12 | heard.s21))
    crossed = crossed[_crossed(table, one[crossed], other[crossed])]
    found[crossed] = _NAMES["crossed"] if field.kind == "surnames" else MISSING
    found[~heard.known] = MISSING
    return found


def _compare_letters(
    table: Table, parts: Codes, straight: Levels, grades: list[Grades], one: Ints, other: Ints
) -> None:
    """Grades parts that are near at most anew, in place; not in an order in which fewer sound alike than in the
    other, since that does not count."""
    asked = (straight >= 0, straight >= 0, straight <= 0, straight <= 0)
    places = [np.flatnonzero((grade == NEAR) & counts) for grade, counts in zip(grades, asked, strict=True)]
    ways = ((0, 0), (1, 1), (0, 1), (1, 0))
    a = np.concatenate([parts[i][one[at]] for (i, _), at in zip(ways, places, strict=True)])
    b = np.concatenate([parts[j][other[at]] for (_, j), at in zip(ways, places, strict=True)])
    found = np.split(table.names.grades(a, b), np.cumsum([len(at) for at in places])[:-1])
    for grade, at, told in zip(grades, places, found, strict=True):
        grade[at] = told


def _crossed(table: Table, one: Ints, other: Ints) -> Mask:
    """Given names and surnames were written each in the other's box, and none stands where it should."""
    (g1, s1), (g2, s2) = (
        [[of[rows] for of in table.side(kind)] for kind in ("given", "surnames")] for rows in (one, other)
    )
    return _any(same(g1, s2)) & _any(same(s1, g2)) & ~_any(same(g1, g2)) & ~_any(same(s1, s2))


def same(one: Sequence[Codes], other: Sequence[Codes]) -> list[list[Mask]]:
    """Of each value of one and each of the other: the same, and not missing."""
    return [[(a == b) & known for b in other] for a in one for known in (a >= 0,)]


def _any(masks: list[list[Mask]]) -> Mask:
    found: Mask = np.logical_or.reduce([mask for row in masks for mask in row])
    return found


def _dates(days: Days, one: Ints, other: Ints) -> Levels:
    """Most pairs looked at have one date, and the few levels of those are known beforehand."""
    alike = np.where(days.vague, np.int8(_DATE["same-january"]), np.int8(_DATE["same"]))
    alike[days.year == 0] = MISSING
    a, b = days.code[one], days.code[other]
    found: Levels = alike[a]
    unlike = np.flatnonzero(a != b)
    found[unlike] = _unlike_dates(days, a[unlike], b[unlike])
    return found


def _unlike_dates(days: Days, one: Codes, other: Codes) -> Levels:
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


def _numbers(table: Table, field: Field, one: Ints, other: Ints, *, surely: bool) -> Levels:
    held = table.of(field.column, Numbers)
    found = np.full(len(one), MISSING, np.int8)
    both = np.flatnonzero((held.whole[0][one] >= 0) & (held.whole[0][other] >= 0))
    one, other = one[both], other[both]
    a, b = ([of[rows] for of in held.whole] for rows in (one, other))
    typed = same(*([of[rows] for of in held.type] for rows in (one, other)))
    equal = _any(same(a, b))
    told = np.where(_any(typed), np.int8(_NUMBERS["differs"]), np.int8(MISSING))
    for i, row in enumerate(typed):
        for j, mask in enumerate(row):
            rows = np.flatnonzero(mask & ~equal)
            if surely:
                rows = rows[slips(held.words, a[i][rows], b[j][rows]) == NEAR]
            told[rows] = _NUMBERS["near"]
    told[equal] = _NUMBERS["same"]
    found[both] = told
    return found


def _values(table: Table, field: Field, one: Ints, other: Ints, *, surely: bool) -> Levels:
    held = table.of(field.column, Values)
    a, b = held.code[one], held.code[other]
    found: Levels = (a != b).astype(np.int8)  # the first level of each kind is 'same'
    if field.kind != "code":
        unlike = np.flatnonzero(found)
        grouped = held.group[one[unlike]] == held.group[other[unlike]]
        if field.kind == "area":
            found[unlike] = np.where(grouped, _AREA["around"], _AREA["differs"])
        else:
            near = _near_words(held, a[unlike], b[unlike]) if surely else np.int8(_WORD["near"])
            found[unlike] = np.where(grouped, _WORD["sounds"], near)
    found[(a < 0) | (b < 0)] = MISSING
    return found


def _near_words(held: Values, a: Codes, b: Codes) -> npt.NDArray[np.int8]:
    return np.int8(_WORD["differs"]) - likeness(held.words, a, b)
