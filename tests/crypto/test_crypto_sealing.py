"""Sealed values open at their own place alone, show nothing, and outlive a change of keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.crypto import keyring
from mirps.base.crypto.rules import BLOCK, CryptoFault, Place, packed, padded, unpadded
from mirps.base.crypto.sealed import OVERHEAD, Sealer

RING = keyring.new()
SEALER = Sealer(RING)
NAME = Place("person", "name", "0197-a")
texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=300)


@given(texts)
def test_a_sealed_value_opens_to_what_was_sealed(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, NAME), NAME) == text


@given(st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts | st.lists(texts)))
def test_what_is_said_in_many_parts_opens_to_what_was_said(told: dict[str, object]) -> None:
    assert SEALER.open_json(memoryview(SEALER.seal_json(told, NAME)), NAME) == told


@pytest.mark.parametrize(
    "elsewhere",
    [Place("person", "name", "0197-b"), Place("person", "note", "0197-a"), Place("visit", "name", "0197-a")],
    ids=["another row", "another column", "another table"],
)
def test_a_value_copied_elsewhere_does_not_open(elsewhere: Place) -> None:
    sealed = SEALER.seal("Ximena Vásquez", NAME)
    with pytest.raises(CryptoFault) as fault:
        SEALER.open(sealed, elsewhere)
    assert fault.value.code == "cannot-open"
    assert "Ximena" not in str(fault.value)


def test_a_place_is_not_another_place_that_reads_the_same_when_joined() -> None:
    assert packed("ab", "c") != packed("a", "bc")
    sealed = SEALER.seal("Ximena", Place("a.b", "c", "1"))
    with pytest.raises(CryptoFault):
        SEALER.open(sealed, Place("a", "b.c", "1"))


@given(texts, st.data())
def test_a_flipped_bit_anywhere_is_refused(text: str, data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(text, NAME))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CryptoFault):
        SEALER.open(bytes(sealed), NAME)


@given(texts, st.integers(0, 100))
def test_a_value_cut_short_is_refused(text: str, kept: int) -> None:
    sealed = SEALER.seal(text, NAME)
    with pytest.raises(CryptoFault):
        SEALER.open(sealed[: min(kept, len(sealed) - 1)], NAME)


@given(st.text(alphabet="abcdefghijklmnñopqrstuvwxyzáéíóú ", min_size=4, max_size=60))
def test_no_part_of_the_text_stands_in_the_sealed_bytes(text: str) -> None:
    sealed, plain = SEALER.seal(text, NAME), text.encode()
    assert not any(plain[i : i + 4] in sealed for i in range(len(plain) - 3))


@given(texts)
def test_equal_values_never_look_equal(text: str) -> None:
    assert SEALER.seal(text, NAME) != SEALER.seal(text, NAME)


@given(st.binary(max_size=300))
def test_lengths_are_told_in_whole_blocks_only(plain: bytes) -> None:
    assert (len(SEALER.seal_bytes(plain, NAME)) - OVERHEAD) % BLOCK == 0
    assert unpadded(padded(plain)) == plain


def test_a_short_and_a_long_name_are_of_one_length() -> None:
    short, long = (SEALER.seal(n, NAME) for n in ("Ana Paz", "María de los Ángeles Hernández de la Cruz"))
    assert len(short) == len(long)


def test_what_was_never_sealed_is_called_so() -> None:
    with pytest.raises(CryptoFault, match="not a sealed value"):
        SEALER.open(b"Ximena", NAME)


@given(texts)
def test_during_a_rotation_old_and_new_values_open(text: str) -> None:
    old = SEALER.seal(text, NAME)
    both = Sealer(RING.rotated())
    new = both.resealed(old, NAME)
    assert both.open(old, NAME) == both.open(new, NAME) == text
    assert (old[1], new[1]) == (1, 2)
    assert both.resealed(new, NAME) == new


def test_after_a_rotation_the_old_key_opens_nothing_that_was_sealed_anew() -> None:
    ring = RING.rotated()
    new = Sealer(ring).seal("Ximena", NAME)
    with pytest.raises(CryptoFault, match="Key version 2 is missing"):
        SEALER.open(new, NAME)
    assert Sealer(ring.without(1)).open(new, NAME) == "Ximena"


def test_another_installation_opens_nothing() -> None:
    with pytest.raises(CryptoFault):
        Sealer(keyring.new()).open(SEALER.seal("Ximena", NAME), NAME)
