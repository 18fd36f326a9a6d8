"""What is looked up without being readable: tokens by purpose, and an index that shows only its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.crypto import keyring, tokens
from mirps.base.crypto.postings import Entry, Postings, filled
from mirps.base.crypto.rules import CryptoFault

RING = keyring.new()


def row(n: int) -> Entry:
    return Entry(UUID(int=n).bytes, b"LOPES")


class Table:
    """A table of label and entry, as the database has it; counts how often it was asked."""

    def __init__(self) -> None:
        self.rows: dict[bytes, bytes] = {}
        self.rounds = 0

    def fetch(self, labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
        self.rounds += 1
        return {label: self.rows[label] for label in labels if label in self.rows}

    def ask(self, labels: Sequence[bytes]) -> Callable[[], Mapping[bytes, bytes]]:
        return partial(dict, self.fetch(labels))

    def add(self, postings: Postings, values: Sequence[str], entry: Entry) -> None:
        for label, sealed in postings.additions(
            [(value, entry) for value in values], postings.ends(values, self.fetch)
        ):
            assert label not in self.rows
            self.rows[label] = sealed


@given(st.text(max_size=40))
def test_a_token_is_the_same_for_a_purpose_and_another_for_the_next(value: str) -> None:
    phone = tokens.token(RING, "phone", value)
    assert tokens.same(phone, tokens.token(RING, "phone", value))
    assert not tokens.same(phone, tokens.token(RING, "document", value))
    assert len(phone) == tokens.TOKEN_BYTES


def test_during_a_rotation_a_value_is_looked_up_under_both_keys() -> None:
    old = tokens.token(RING, "phone", "5555 0100")
    ring = RING.rotated()
    assert old in tokens.candidates(ring, "phone", "5555 0100")
    assert tokens.token(ring, "phone", "5555 0100") != old


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["GARSIA", "LOPES", "PAS"]), max_size=80))
def test_an_index_finds_every_row_of_a_value_in_order(values: list[str]) -> None:
    table, postings = Table(), Postings(RING, "names")
    expected: dict[str, list[Entry]] = {"GARSIA": [], "LOPES": [], "PAS": [], "NOBODY": []}
    for n, value in enumerate(values):
        entry = row(n)
        table.add(postings, [value], entry)
        expected[value].append(entry)
    assert postings.read(expected, table.ask, 1000) == expected
    assert postings.ends(expected, table.fetch) == {value: len(rows) for value, rows in expected.items()}


def test_a_long_list_is_read_in_few_rounds_and_no_further_than_asked() -> None:
    table, postings = Table(), Postings(RING, "names")
    for n in range(500):
        for label, entry in postings.additions([("GARSIA", row(n))], {"GARSIA": n}):
            table.rows[label] = entry
    assert postings.ends(["GARSIA"], table.fetch) == {"GARSIA": 500}
    table.rounds = 0
    assert len(postings.read(["GARSIA"], table.ask, 1000)["GARSIA"]) == 500
    assert table.rounds <= 4
    assert len(postings.read(["GARSIA"], table.ask, 100)["GARSIA"]) == 100


def test_a_common_name_shows_in_the_table_no_more_than_a_rare_one() -> None:
    table, postings = Table(), Postings(RING, "names")
    for n in range(60):
        table.add(postings, ["GARSIA" if n % 10 else "URKIETA"], row(n))
    assert len(table.rows) == 60
    assert len({len(entry) for entry in table.rows.values()}) == 1
    assert len({entry[12:] for entry in table.rows.values()}) == 60
    assert not any(row(n).row in entry for n in range(60) for entry in table.rows.values())


def test_an_entry_taken_back_is_of_the_same_length_and_ends_no_list() -> None:
    table, postings = Table(), Postings(RING, "names")
    for n in range(3):
        table.add(postings, ["GARSIA"], row(n))
    label = postings.labels("GARSIA", [1])[0]
    before = table.rows[label]
    table.rows[label] = postings.sealed(label, None)
    assert len(table.rows[label]) == len(before)
    assert postings.read(["GARSIA"], table.ask, 100) == {"GARSIA": [row(0), row(2)]}


def test_an_entry_moved_to_another_label_is_refused_told_and_hides_no_other() -> None:
    table, postings = Table(), Postings(RING, "names")
    for n in range(3):
        table.add(postings, ["GARSIA"], row(n))
    first, second, _ = postings.labels("GARSIA", [0, 1, 2])
    table.rows[first] = table.rows[second]
    with pytest.raises(CryptoFault):
        postings.opened(first, table.rows[first])
    assert postings.read(["GARSIA"], table.ask, 100) == {"GARSIA": [row(1), row(2)]}
    assert postings.spoilt == [first]


def test_labels_of_another_purpose_key_or_value_have_nothing_in_common() -> None:
    ring = RING.rotated()
    lists = [
        Postings(ring, "names").labels("GARSIA", range(50)),
        Postings(ring, "names", 1).labels("GARSIA", range(50)),
        Postings(ring, "documents").labels("GARSIA", range(50)),
        Postings(ring, "names").labels("LOPES", range(50)),
    ]
    assert len({label for labels in lists for label in labels}) == 200


@given(st.integers(1, 20))
def test_what_one_registration_adds_does_not_tell_how_many_names_it_has(names: int) -> None:
    postings = Postings(RING, "names")
    values = [f"NAME{n}" for n in range(names)]
    rows = postings.additions([(value, row(1)) for value in values], dict.fromkeys(values, 0))
    kept = filled(rows)
    assert len(kept) in (8, 16, 24)
    assert set(rows) <= set(kept)
    assert len({(len(label), len(entry)) for label, entry in kept}) == 1
    assert kept == sorted(kept)
    table = Table()
    table.rows.update(kept)
    assert postings.read(values, table.ask, 1000) == {value: [row(1)] for value in values}
