"""Among thousands of made-up registrations the second ones are found, by one path for one and for all."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml
from bench.dedup_people import columns, registrations
from bench.dedup_truth import best, f1, matched, pairs_of
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.people.duplicates import api, blocking, scoring, spec, weights
from mirps.people.duplicates.cells import Cells
from mirps.people.duplicates.records import Record
from mirps.people.duplicates.table import Table
from mirps.people.duplicates.words import SLOTS, Names
from mirps.people.identity.names import read

COUNT, SEED = 12_000, 5150
ROWS = list(registrations(COUNT, SEED))
HELD = columns(ROWS)
PIECES = (
    "de", "la", "del", "San", "Mac", "O'", "Vda.", "y", "Ma.", "J.", "Jean-Louis", "Pérez", "Cruz", "ª", "D'Souza",
    "Delacruz", "9", "Zoë",
)  # fmt: skip
TRUE = pairs_of(np.array(HELD["who"], np.int64))


def record(row: int) -> Record:
    id_, given_, surnames, born, sex, nationality, documents, phones, place, _ = ROWS[row]
    pairs = tuple(tuple(d.split(":", 1)) for d in documents.split(";") if d)
    return Record(id_, given_, surnames, born, sex, nationality, pairs, (phones,) if phones else (), place)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return api.pairs(HELD)


def test_the_threshold_that_ships_finds_what_the_truth_would_find(found) -> None:  # type: ignore[no-untyped-def]
    one, other, sums = found
    right = matched(one, other, TRUE, COUNT)
    likely = sums >= scoring.least(api.shipped()[1].likely)
    as_shipped = f1(int(likely.sum()), int(right[likely].sum()), len(TRUE))
    assert as_shipped >= 0.975
    assert as_shipped >= best(sums, right, len(TRUE))[1] - 0.01


def test_nearly_every_second_registration_is_looked_at() -> None:
    rules, _ = api.shipped()
    one, other = blocking.pairs(Table(HELD, rules), rules)
    assert matched(one, other, TRUE, COUNT).sum() / len(TRUE) > 0.985
    assert (one < other).all()
    assert all(a < b for a, b in pairwise(zip(one.tolist(), other.tolist(), strict=True)))


@settings(max_examples=40)
@given(st.data())
def test_one_at_registration_and_all_at_once_give_the_same_sums(found, data) -> None:  # type: ignore[no-untyped-def]
    one, other, sums = found
    at = data.draw(st.integers(0, len(one) - 1))
    new = record(int(one[at]))
    candidates = [record(int(other[at])), *(record(data.draw(st.integers(0, COUNT - 1))) for _ in range(3))]
    scored = api.score_one(new, candidates, people=COUNT)
    assert next(s.millibits for s in scored if s.id == candidates[0].id) == int(sums[at])


def test_the_order_of_registrations_changes_nothing(found) -> None:  # type: ignore[no-untyped-def]
    order = list(range(COUNT))
    random.Random(4).shuffle(order)
    shuffled = {name: [column[n] for n in order] for name, column in HELD.items()}
    again = api.pairs(shuffled)

    def told(pairs, ids) -> set[tuple[str, ...]]:  # type: ignore[no-untyped-def]
        return {
            (*sorted((ids[a], ids[b])), str(s)) for a, b, s in zip(*(p.tolist() for p in pairs), strict=True)
        }

    assert told(again, shuffled["id"]) == told(found, HELD["id"])


def test_again_the_same_bytes(found) -> None:  # type: ignore[no-untyped-def]
    assert [a.tobytes() for a in api.pairs(HELD)] == [a.tobytes() for a in found]


@pytest.mark.slow
def test_pairs_left_out_early_are_those_that_would_not_have_reached(found) -> None:  # type: ignore[no-untyped-def]
    rules, weighed = api.shipped()
    table = Table(HELD, rules)
    scorer = scoring.Scorer(table, rules, weighed, COUNT)
    one, other = blocking.pairs(table, rules)
    sums = scorer.score(one, other)
    kept = sums >= scoring.least(weighed.possible)
    assert (one[kept] == found[0]).all()
    assert (other[kept] == found[1]).all()
    assert (sums[kept] == found[2]).all()


def test_found_by_their_ids_the_most_likely_first() -> None:
    some = [record(n) for n in range(3000)]
    listed = api.find_all(some)
    assert listed
    assert [f.millibits for f in listed] == sorted((f.millibits for f in listed), reverse=True)
    assert {f.verdict for f in listed} <= {api.Verdict.LIKELY, api.Verdict.POSSIBLE}
    assert api.find_all(some[:1]) == []


@pytest.mark.slow
def test_fitting_learns_what_nobody_told_it() -> None:
    rules = spec.read(yaml.safe_load(Path("data/registration/duplicates.yaml").read_text()))
    table = Table(HELD, rules)
    fitted = weights.fit(table, rules, *blocking.pairs(table, rules), drawn=300_000)
    assert fitted.each["same"] == pytest.approx(len(TRUE) / COUNT, rel=0.1)
    assert 0.3 < fitted.m["surnames"]["both"] < 0.7
    assert fitted.bits["stranger"]["born"]["same"] > fitted.bits["stranger"]["born"]["exchanged"] > 5
    assert fitted.bits["relative"]["surnames"]["both"] < 3 < 8 < fitted.bits["stranger"]["surnames"]["both"]


def test_without_a_document_shown_twice_there_is_nothing_to_begin_with() -> None:
    rules, _ = api.shipped()
    bare = {**HELD, "documents": [""] * COUNT}
    table = Table(bare, rules)
    with pytest.raises(ValueError, match="nothing to begin with"):
        weights.fit(table, rules, *blocking.pairs(table, rules))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_many_names_are_read_at_once_as_one_is(words: list[str]) -> None:
    cell, vocabulary = " ".join(words), Names()
    vocabulary.side(
        Cells.of(["Ana", "de Paz López", "Mac"]), "surnames"
    )  # what was read before changes nothing
    codes, married = (of[1:] for of in vocabulary.side(Cells.of(["y Ana", cell, "de Ana"]), "surnames"))
    try:
        parts = read("", cell).surnames[:SLOTS]
    except ValueError:
        parts = ()
    assert [vocabulary.texts[c] for c in codes[0] if c >= 0] == [p.heart for p in parts]
    assert [bool(m) for c, m in zip(codes[0], married[0], strict=True) if c >= 0] == [
        p.by_marriage for p in parts
    ]


def test_the_population_of_the_weights_is_not_that_of_the_tests() -> None:
    from bench import dedup, dedup_fit

    assert len({dedup_fit.SEED, dedup.SEED, SEED}) == 3
    assert next(registrations(50, 1)) == next(registrations(50, 1)) != next(registrations(50, 2))
