"""Registrations of made-up people, a tenth of them a second registration of somebody: a CSV and its truth.

`python -m bench.dedup_people COUNT SEED FILE` writes COUNT registrations; the same seed gives the same bytes.
The people are those of tests/people/made.py, put into families (children bear both parents' surnames and
share their telephone and place: the hard half of telling people apart). A third of the second registrations
are in another State. Every desk errs now and then; at a second registration one to three things went wrong,
as the issue names them: misspelt, surnames swapped, the second missing, a husband's name, day and month
exchanged, 1 January, two to three years off, no document. Column `who` is the truth and is shown to nobody.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.people import made
from tests.people.made import Made

COLUMNS = ("id", "given", "surnames", "born", "sex", "nationality", "documents", "phones", "place", "who")
#: Where people are registered, with how many of a hundred; the first subdivisions stand for places.
STATES = {"MEX": 34, "CRI": 22, "GTM": 12, "HND": 12, "PAN": 10, "SLV": 6, "BLZ": 4}
PLACES_A_STATE = 60
SECOND = 0.10  # of all registrations
ABROAD = 1 / 3  # of those: in another State than the first
ERRS_FIRST = 0.06  # a desk's first writing has one slip
ERRORS_SECOND = (1, 1, 1, 1, 1, 2, 2, 2, 3, 0, 0)  # things gone wrong at a second registration, drawn


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody, with what goes with them from desk to desk."""

    who: int
    person: Made
    documents: tuple[str, ...]
    phone: str
    state: str
    place: str
    husband: str


@dataclass(frozen=True, slots=True)
class Written:
    """A registration before it is a row: the person as heard, and what was seen."""

    person: Made
    born: str
    documents: tuple[str, ...]
    phone: str
    place: str
    husband: str = ""


def registrations(count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Rows in COLUMNS, in an order that tells nothing."""
    chance = random.Random(seed)
    firsts = count - round(count * SECOND)
    lives = list(_lives(firsts, chance, seed))
    written = [(life.who, _first(life, chance)) for life in lives]
    for life in chance.choices(lives, k=count - firsts):
        written.append((life.who, _again(life, chance)))
    chance.shuffle(written)
    for n, (who, one) in enumerate(written):
        yield _row(n, who, one)


def _lives(count: int, chance: random.Random, seed: int) -> Iterator[Life]:
    """Families one after another: one or two parents and their children, or somebody alone."""
    supply = made.people(count, seed)
    who = 0
    while family := _family(supply, chance):
        state = chance.choices(list(STATES), list(STATES.values()))[0]
        place, phone = _place(state, chance), _phone(chance)
        for person, husband in family:
            own = _phone(chance) if chance.random() < 0.25 else phone
            yield Life(who, person, _documents(person, chance), own, state, place, husband)
            who += 1


def _family(supply: Iterator[Made], chance: random.Random) -> list[tuple[Made, str]]:
    size = chance.choices((1, 2, 3, 4, 5, 6), (40, 16, 17, 14, 8, 5))[0]
    people = [p for _, p in zip(range(size), supply, strict=False)]
    if len(people) < 3:
        return [(p, "") for p in people]
    mother, father, *children = people
    year = chance.randrange(1960, 2000)
    mother = replace(mother, sex="f", born=_in_year(mother, year), given=_given_of(mother, "f", chance))
    father = replace(
        father, sex="m", country=mother.country, born=_in_year(father, year - chance.randrange(-3, 9)),
        given=_given_of(father, "m", chance),
    )  # fmt: skip
    family = [(mother, father.first), (father, "")]
    for child in children:
        twin = family[-1][0].born if len(family) > 2 and chance.random() < 0.02 else None
        born = twin or _in_year(child, min(2025, year + chance.randrange(16, 40)))
        second = mother.first if child.second or mother.second else ""
        family.append(
            (replace(child, first=father.first, second=second, country=mother.country, born=born), "")
        )
    return family


def _in_year(person: Made, year: int) -> made.date:
    return person.born.replace(year=year, day=min(person.born.day, 28))


def _given_of(person: Made, sex: str, chance: random.Random) -> str:
    if person.sex == sex:
        return person.given
    names = (made._WOMEN if sex == "f" else made._MEN).split()
    return " ".join(chance.choice(names[:60]) for _ in person.given.split())


def _documents(person: Made, chance: random.Random) -> tuple[str, ...]:
    """What somebody owns; whether a desk sees it is another matter."""
    grown = person.born.year < 2008
    held = []
    if chance.random() < (0.75 if grown else 0.35):
        held.append(f"id-{person.country}:{chance.randrange(10**12, 10**13)}")
    if chance.random() < 0.22:
        held.append(f"passport-{person.country}:{chance.choice('ABCEFG')}{chance.randrange(10**6, 10**7)}")
    if not grown and chance.random() < 0.6:
        held.append(f"birth-{person.country}:{chance.randrange(10**8, 10**9)}")
    return tuple(held)


def _phone(chance: random.Random) -> str:
    return str(chance.randrange(2 * 10**7, 10**8))


def _place(state: str, chance: random.Random) -> str:
    return f"{state}-{min(int(chance.expovariate(0.12)), PLACES_A_STATE - 1):02}"


def _seen(life: Life, chance: random.Random, share: float) -> tuple[str, ...]:
    return tuple(d for d in life.documents if chance.random() < share)


def _first(life: Life, chance: random.Random) -> Written:
    one = Written(
        life.person, "", _seen(life, chance, 0.8), life.phone if chance.random() < 0.7 else "", life.place
    )
    if chance.random() < ERRS_FIRST:
        one = chance.choice(ERRORS)(one, chance)
    return one


def _again(life: Life, chance: random.Random) -> Written:
    abroad = chance.random() < ABROAD
    state = chance.choice([s for s in STATES if s != life.state]) if abroad else life.state
    moved = abroad or chance.random() < 0.45
    phone = life.phone if chance.random() < (0.15 if abroad else 0.5) else _phone(chance)
    one = Written(
        life.person, "", _seen(life, chance, 0.45), phone if chance.random() < 0.7 else "",
        _place(state, chance) if moved else life.place, life.husband,
    )  # fmt: skip
    for _ in range(chance.choice(ERRORS_SECOND)):
        one = chance.choices(ERRORS, WEIGHTS)[0](one, chance)
    return one


# What goes wrong at a desk.

Error = Callable[[Written, random.Random], Written]


def _as_made(mistake: Callable[[Made, random.Random], Made]) -> Error:
    return lambda one, chance: replace(one, person=mistake(one.person, chance))


def _given_misspelt(one: Written, chance: random.Random) -> Written:
    first, *rest = one.person.given.split()
    given = " ".join([made.misspelt(first, chance), *rest])
    return replace(one, person=replace(one.person, given=given))


def _second_missing(one: Written, _chance: random.Random) -> Written:
    return replace(one, person=replace(one.person, second=""))


def _married(one: Written, chance: random.Random) -> Written:
    """'López de Pérez' for 'López García'; of whom no husband is known, as it was."""
    if not one.husband or one.person.sex != "f":
        return _as_made(made.second_misspelt)(one, chance)
    de = "de " if chance.random() < 0.7 else ""
    return replace(one, person=replace(one.person, second=f"{de}{one.husband}"))


def _one_digit(one: Written, chance: random.Random) -> Written:
    day = one.person.born.day
    wrong = day + chance.choice((-10, 10, -1, 1))
    return replace(
        one, person=replace(one.person, born=one.person.born.replace(day=wrong if 1 <= wrong <= 28 else 28))
    )


def _year_only(one: Written, _chance: random.Random) -> Written:
    return replace(one, born=str(one.person.born.year))


def _document_miscopied(one: Written, chance: random.Random) -> Written:
    if not one.documents:
        return one
    kind, _, number = one.documents[0].partition(":")
    at = chance.randrange(1, len(number))
    wrong = number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]
    return replace(one, documents=(f"{kind}:{wrong}", *one.documents[1:]))


_WEIGHED: list[tuple[Error, int]] = [
    (_as_made(made.second_misspelt), 16), (_as_made(made.both_misspelt), 5), (_given_misspelt, 10),
    (_as_made(made.surnames_swapped), 7), (_second_missing, 10), (_married, 6), (_as_made(made.accents_missing), 8),
    (_as_made(made.second_given_left_out), 10), (_as_made(made.day_and_month_exchanged), 8),
    (_as_made(made.first_of_january), 6), (_as_made(made.years_off), 6), (_one_digit, 5), (_year_only, 2),
    (_document_miscopied, 3),
]  # fmt: skip
ERRORS = [error for error, _ in _WEIGHED]
WEIGHTS = [weight for _, weight in _WEIGHED]


def _row(n: int, who: int, one: Written) -> tuple[str, ...]:
    person = one.person
    return (
        f"r{n:07}", person.given, person.surnames, one.born or person.born.isoformat(), person.sex, person.country,
        ";".join(one.documents), one.phone, one.place, str(who),
    )  # fmt: skip


def columns(rows: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Rows in COLUMNS, column by column."""
    return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))


def write(count: int, seed: int, file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(registrations(count, seed))


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
