"""People are found again through the sealed index, whatever went wrong in the name."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from uuid import UUID

import pytest
from tests.people import made

from mirps.base.crypto import keyring
from mirps.base.crypto.postings import NOTE_BYTES, Entry, Postings
from mirps.people.identity import finding
from mirps.people.identity.names import read, read_line

COUNT = 2000


class Index:
    """Made-up people under sealed keys, as a table would have them."""

    def __init__(self) -> None:
        self.people = list(made.people(COUNT, seed=3))
        self.postings = Postings(keyring.new(), "people.names")
        self.table: dict[bytes, bytes] = {}
        ends: dict[str, int] = {}
        for person in self.people:
            for key, note in finding.keys(read(person.given, person.surnames)).items():
                at = ends.get(key, 0)
                ends[key] = at + 1
                entry = Entry(person.id.bytes, note.encode())
                self.table.update(self.postings.additions([(key, entry)], {key: at}))
        self.sounds = sorted({word for key in ends for word in key.split("+") if word.isalpha()})

    def ask(self, labels: Sequence[bytes]) -> Callable[[], Mapping[bytes, bytes]]:
        return partial(dict, {label: self.table[label] for label in labels if label in self.table})

    def first(self, given: str, surnames: str, most: int = 3) -> list[object]:
        name = read(given, surnames) if surnames else read_line(given)
        found = self.postings.read(finding.asked(name), self.ask, 1000)
        ranked = finding.ranked(name, found)
        if not ranked or ranked[0].degree < finding.FITS:
            nearby = finding.asked_nearby(name, self.sounds)
            more = self.postings.read(nearby, self.ask, 1000)
            ranked = sorted([*ranked, *finding.ranked(name, more, nearby)], key=lambda c: -c.degree)
        return list(dict.fromkeys(c.row for c in ranked))[:most]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index()


@pytest.mark.parametrize(
    ("mistake", "at_least"),
    [
        (made.second_misspelt, 0.97),
        (made.both_misspelt, 0.95),
        (made.surnames_swapped, 0.99),
        (made.accents_missing, 0.99),
        (made.second_given_left_out, 0.97),
    ],
)
def test_somebody_misspelt_is_among_the_first_three(
    index: Index, mistake: Callable[[made.Made, random.Random], made.Made], at_least: float
) -> None:
    chance = random.Random(11)
    people = chance.sample(index.people, 400)
    wrong = [mistake(person, chance) for person in people]
    found = [p.id.bytes in index.first(w.given, w.surnames) for p, w in zip(people, wrong, strict=True)]
    assert sum(found) / len(found) >= at_least


def test_a_line_without_boxes_finds_as_well(index: Index) -> None:
    people = random.Random(12).sample(index.people, 300)
    found = [p.id.bytes in index.first(f"{p.given} {p.surnames}", "") for p in people]
    assert sum(found) / len(found) >= 0.99


def test_a_stolen_table_has_no_name_and_no_frequencies(index: Index) -> None:
    stolen = b"".join(label + entry for label, entry in index.table.items())
    words = {w.encode() for p in index.people for w in f"{p.given} {p.surnames}".split() if len(w) > 4}
    words |= {w.upper() for w in words} | {p.id.bytes for p in index.people}
    assert not [w for w in words if w in stolen]
    assert len({len(entry) for entry in index.table.values()}) == 1
    assert len(set(index.table.values())) == len(index.table)


def test_keys_are_few_and_the_same_whichever_surname_comes_first() -> None:
    kept = finding.keys(read("Juan Carlos", "Pérez Díaz"))
    assert len(kept) == 7
    assert set(kept) == set(finding.keys(read("Juan Carlos", "Díaz Pérez")))
    assert kept["JUAN+PERES"] == "DIAZ CARLOS"


def test_one_name_alone_is_found_by_itself() -> None:
    assert finding.asked(read("Suleyka")) == ["SULEIKA"]
    assert finding.asked(read_line("Vásquez")) == ["BASKES"]


def test_who_has_one_surname_is_kept_under_its_beginning_and_end() -> None:
    wrong, right = finding.keys(read("Marie", "Dorvik")), finding.keys(read("Marie", "Dorvil"))
    assert {key for key in wrong.keys() & right.keys() if "+" in key} == {"MARIE+^DOR"}


def test_a_part_misheard_is_asked_for_as_others_bear_it() -> None:
    name = read("Ana", "Lobes")
    nearby = finding.asked_nearby(name, ["ANA", "LOPES", "RAMIRES", "TORES"])
    assert nearby["ANA+LOPES"] == {"LOPES": "LOBES"}
    assert not any("RAMIRES" in key for key in nearby)
    exact, near = Entry(UUID(int=1).bytes, b""), Entry(UUID(int=2).bytes, b"")
    ranked = finding.ranked(name, {"ANA+LOBES": [exact], "ANA+LOPES": [near]}, nearby)
    assert [c.row for c in ranked] == [exact.row, near.row]
    assert 0.8 < ranked[1].degree < ranked[0].degree == 1


def test_a_note_says_the_surname_first_since_the_end_may_be_cut() -> None:
    name = read("Guadalupe Concepción Alejandra", "Villavicencio Echeverría")
    note = finding.keys(name)["BIYABISENSIO+WADALUPE"]
    assert note[:NOTE_BYTES].startswith("ECHEVERRIA CONCEPCION")


def test_made_people_are_the_same_for_the_same_seed() -> None:
    told = [sha256("\n".join(map(repr, made.people(500, seed=s))).encode()).hexdigest() for s in (1, 1, 2)]
    assert told[0] == told[1] != told[2]


@pytest.mark.parametrize("mistake", made.MISTAKES)
def test_a_mistake_leaves_who_it_is(mistake: Callable[[made.Made, random.Random], made.Made]) -> None:
    chance = random.Random(4)
    people = list(made.people(300, seed=6))
    wrong = [mistake(p, chance) for p in people]
    assert [w.id for w in wrong] == [p.id for p in people]
    assert sum(w != p for w, p in zip(wrong, people, strict=True)) > 50


def test_a_misspelt_word_is_never_the_word_itself() -> None:
    chance = random.Random(9)
    for person in made.people(500, seed=8):
        assert made.second_misspelt(person, chance).surnames != person.surnames
