"""Errata are numbered once and for ever, and every figure knows its thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.evidence.errata.api import Correction, numbered, threads
from mirps.evidence.errata.rules import reason_faults
from mirps.evidence.figures.rules import next_id

DAY = datetime(2025, 3, 1, tzinfo=UTC)


def correction(old: str, days: int = 0, number: int = 0, round_: str = "2024") -> Correction:
    return Correction(round_, old, f"{old}-r2", DAY + timedelta(days=days), number)


def test_errata_are_numbered_by_day_within_their_round() -> None:
    found = numbered(
        [correction("b", 2), correction("a", 5), correction("c", 1), correction("z", 0, 0, "2025")]
    )
    assert found == {"c": 1, "b": 2, "a": 3, "z": 1}


def test_a_number_that_was_given_stays_although_an_earlier_correction_is_told_later() -> None:
    assert numbered([correction("late", 9, number=1), correction("early", 1)]) == {"late": 1, "early": 2}


@pytest.mark.parametrize(
    "twice", [[correction("a"), correction("a", 1)], [correction("a", number=4), correction("b", number=4)]]
)
def test_no_figure_is_corrected_twice_and_no_number_stands_for_two(twice: list[Correction]) -> None:
    with pytest.raises(ValueError, match="twice"):
        numbered(twice)


@st.composite
def corrections(draw: st.DrawFn) -> list[Correction]:
    """Corrections of two rounds, some numbered already as they would have been, some not yet."""
    olds = draw(st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=12))
    out: list[Correction] = []
    for round_ in ("2024", "2025"):
        mine = [o for n, o in enumerate(olds) if (n % 2 == 0) == (round_ == "2024")]
        done = draw(st.integers(0, len(mine)))
        out += [correction(o, draw(st.integers(0, 9)), n, round_) for n, o in enumerate(mine[:done], 1)]
        out += [correction(o, draw(st.integers(0, 9)), 0, round_) for o in mine[done:]]
    return out


@given(corrections(), st.randoms())
def test_told_in_any_order_they_come_to_one_numbering(made: list[Correction], chance: object) -> None:
    shuffled = made.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = numbered(shuffled)
    assert found == numbered(made)
    for round_ in {c.round for c in made}:
        mine = [c for c in made if c.round == round_]
        assert sorted(found[c.old] for c in mine) == list(range(1, len(mine) + 1)), "without a gap"
        assert all(found[c.old] == c.number for c in mine if c.number), "none that was given has moved"


@given(corrections(), st.randoms())
def test_numbering_one_at_a_time_gives_what_stays_when_all_are_numbered_again(
    made: list[Correction], chance: object
) -> None:
    held: list[Correction] = []
    for c in made:
        fresh = Correction(c.round, c.old, c.new, c.at)
        number = numbered([*held, fresh])[c.old]
        held.append(Correction(c.round, c.old, c.new, c.at, number))
    given_numbers = {c.old: c.number for c in held}
    chance.shuffle(held)  # type: ignore[attr-defined]
    assert numbered(held) == given_numbers


@given(st.lists(st.integers(1, 5), max_size=6), st.randoms())
def test_every_statement_of_a_thread_knows_the_whole_thread(lengths: list[int], chance: object) -> None:
    expected, pairs = {}, []
    for n, length in enumerate(lengths):
        thread = tuple(f"f{n}-{k}" for k in range(length + 1))
        pairs += list(pairwise(thread))
        expected.update(dict.fromkeys(thread, thread))
    chance.shuffle(pairs)  # type: ignore[attr-defined]
    assert threads(pairs) == expected


def test_the_statement_that_follows_has_the_next_id() -> None:
    assert [next_id(i) for i in ("ar24-cri-001", "ar24-cri-001-r2", "x-r9", "x-rio")] == [
        "ar24-cri-001-r2", "ar24-cri-001-r3", "x-r10", "x-rio-r2",
    ]  # fmt: skip


def test_a_reason_is_due_in_both_languages() -> None:
    assert reason_faults("Suma de las partes.", "no") == ["en"]
    assert reason_faults("", " " * 30) == ["es", "en"]
