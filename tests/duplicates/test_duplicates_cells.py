"""A million texts as one run of bytes are cut, numbered and compared as each of them would be alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from mirps.people.duplicates.cells import Cells, distinct, maybe_shared, mixed
from mirps.people.duplicates.spec import Field, Spec
from mirps.people.duplicates.table import Numbers, Table
from mirps.people.duplicates.words import ALIKE, DIFFERS, FAR, MISSING, NEAR, Names

texts = st.lists(st.text(max_size=30) | st.text("a;: ñ", max_size=9), max_size=12)


@given(texts)
def test_texts_go_in_and_come_out(these: list[str]) -> None:
    assert Cells.of(these).texts() == these


@given(texts)
def test_the_same_text_has_the_same_number_and_no_other(these: list[str]) -> None:
    different, code = Cells.of(these).distinct()
    assert [different.texts()[n] for n in code] == these
    assert len(different) == len(set(these))


@given(texts)
def test_a_column_is_cut_as_each_of_its_cells(these: list[str]) -> None:
    pieces, cell = Cells.of(these).split(ord(";"))
    assert list(zip(cell.tolist(), pieces.texts(), strict=True)) == [
        (n, piece) for n, text in enumerate(these) for piece in text.split(";") if piece
    ]


@given(texts)
def test_what_stands_behind_the_last_colon_is_found(these: list[str]) -> None:
    assert Cells.of(these).after(ord(":")).texts() == [text.rpartition(":")[2] for text in these]


@given(st.lists(st.text("01Aa-", max_size=12), max_size=12))
def test_the_highest_class_of_the_bytes_of_each_cell_is_told(these: list[str]) -> None:
    classes = bytes(sign if sign < 128 else 0 for sign in range(256))
    assert Cells.of(these).highest(classes).tolist() == [max(text.encode(), default=0) for text in these]


def test_some_are_rewritten_and_the_others_stay() -> None:
    cells = Cells.of(["uno", "", "tres"]).rewritten(np.array([0, 1]), ["otro", "Ñandú"])
    assert cells.texts() == ["otro", "Ñandú", "tres"]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_keys_that_others_share_are_never_held_to_be_alone(values: list[int]) -> None:
    keys = mixed(np.zeros(len(values), np.uint64), np.array(values, np.int64))
    place, code = distinct(keys)
    assert keys[place][code].tolist() == keys.tolist()
    shared = maybe_shared(keys)
    assert all(shared[n] for n, value in enumerate(values) if values.count(value) > 1)


@given(
    st.lists(
        st.tuples(*(st.text("AEIOSTRNLCZGJ", min_size=1, max_size=9) for _ in "ab")), min_size=1, max_size=20
    )
)
def test_words_that_are_left_out_early_differ(pairs: list[tuple[str, str]]) -> None:
    names = Names()
    (one, _), (other, _) = (names.side(Cells.of(side), "surnames") for side in zip(*pairs, strict=True))
    told = names.grades(one[:, 0], other[:, 0])
    for a, b, grade in zip(one[:, 0], other[:, 0], told, strict=True):
        (x, y), heard = (
            sorted((names.texts[a], names.texts[b])),
            [names.sounds.texts[names.sound_of[n]] for n in (a, b)],
        )
        edits = max(OSA.normalized_similarity(x, y), OSA.normalized_similarity(*sorted(heard)))
        alike = (edits + JaroWinkler.normalized_similarity(x, y)) / 2
        if heard[0] == heard[1]:
            assert grade == ALIKE
        elif min(len(x), len(y)) > 1:
            assert grade == (NEAR if alike >= 0.86 else FAR if alike >= 0.72 else DIFFERS)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("id-HND:0801199000123", ["id-HND:0801199000123"]),
        ("id-HND: 0801-1990-00123", ["id-HND:0801199000123"]),
        ("passport-GTM:ab 12;id-HND:77", ["passport-GTM:AB12", "id-HND:77"]),
        (":99887766;99887766", ["99887766", "99887766"]),
        ("id-HND:000; ;id-HND:;id-HND:-", []),
        ("a:1;b:2;c:3;d:4", ["a:1", "b:2", "c:3"]),
        ("id:Ñ7", ["id:Ñ7"]),
    ],
)
def test_numbers_are_compared_without_spaces_and_signs(cell: str, numbers: list[str]) -> None:
    table = Table({"x": ["", cell, "id-HND:1"]}, Spec((Field("x", "numbers", "x"),), (), "x"))
    held = table.of("x", Numbers)
    codes = held.whole[:, 1]
    assert held.words[codes[codes != MISSING]].texts() == numbers
    assert len(set(held.type[:, 1][codes != MISSING])) == len({n.rpartition(":")[0] for n in numbers})
