"""Rows of bits: one key gives one row for one person, a slip changes little, and without the key nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linkage.conftest import KEY, OTHER_KEY

from mirps.people.linkage import comparing, encoding, tokens
from mirps.people.linkage import scheme as schemes
from mirps.people.linkage.api import scheme

ANA = {
    "given": "Ana María",
    "surnames": "López de León",
    "born": "1990-05-13",
    "documents": "id-HND:0801",
    "phones": "",
}
SIZE = 2048


def likeness(
    one: Mapping[str, str], other: Mapping[str, str], *, key: bytes = KEY, its: bytes = KEY
) -> float:
    a, b = (
        encoding.encoded({c: [v] for c, v in who.items()}, scheme(), k)
        for who, k in ((one, key), (other, its))
    )
    apart = np.bitwise_count(a ^ b).sum(axis=1).astype(np.int64)
    full = comparing.filled(a), comparing.filled(b)
    return float(comparing.likeness(apart, *full, scheme().size, scheme().taps)[0])


def test_the_same_person_written_the_same_way_gives_the_same_row() -> None:
    assert likeness(ANA, ANA) == pytest.approx(1)


@pytest.mark.parametrize(
    "slip",
    [
        {"surnames": "López de Leon"}, {"surnames": "de León López"}, {"surnames": "López"}, {"given": "Ana"},
        {"born": "1990-13-05"}, {"born": "1990-01-01"}, {"born": "1992-05-13"}, {"documents": ""},
        {"surnames": "Lópes de León"}, {"documents": "id-HND:801"},
    ],
)  # fmt: skip
def test_one_slip_leaves_a_row_far_liker_than_the_threshold(slip: dict[str, str]) -> None:
    assert likeness(ANA, ANA | slip) > scheme().threshold + 0.1


@pytest.mark.parametrize(
    "other",
    [
        {"given": "Rosa Elena", "born": "1993-11-02", "documents": "id-HND:0802"},  # a sister
        {"surnames": "Pérez Gómez", "documents": "id-HND:0802"},  # born the same day, called the same
        {"given": "Juan", "surnames": "Xol", "born": "1971-02-03", "documents": ""},
    ],
)
def test_others_stay_under_the_threshold(other: dict[str, str]) -> None:
    assert likeness(ANA, ANA | other) < scheme().threshold


def test_another_key_makes_a_stranger_of_the_same_person() -> None:
    assert abs(likeness(ANA, ANA, its=OTHER_KEY)) < 0.1
    assert encoding.check_value(KEY) != encoding.check_value(OTHER_KEY)


def test_no_token_is_a_name_alone() -> None:
    row = next(tokens.of_rows({c: [v] for c, v in ANA.items()}, scheme()))
    assert all(len(p.of) > 1 or p.of == ("document",) for p in scheme().parts)
    assert len({t for _, t in row}) == len(row) > 20


@given(st.fixed_dictionaries({c: st.text(max_size=60) for c in tokens.COLUMNS}))
@settings(max_examples=150, deadline=None)
def test_whatever_a_desk_wrote_is_encoded(told: dict[str, str]) -> None:
    row = encoding.encoded({c: [v] for c, v in told.items()}, scheme(), KEY)
    assert row.shape == (1, scheme().size // 64)


def test_every_pair_that_is_near_is_found_the_slow_way_too(
    people: tuple[Mapping[str, Sequence[str]], ...],
) -> None:
    one, other = (encoding.encoded({c: p[c][:150] for c in p}, scheme(), KEY) for p in people)
    a, b, sums = comparing.near(one, other, threshold=0.15, taps=scheme().taps)
    full, fuller = comparing.filled(one), comparing.filled(other)
    apart = np.array([[np.bitwise_count(x ^ y).sum() for y in other] for x in one], np.int64)
    slow = comparing.likeness(apart, full[:, None], fuller[None, :], scheme().size, scheme().taps)
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == set(
        zip(*map(list, np.nonzero(slow >= 0.15)), strict=True)
    )
    assert sums == pytest.approx(slow[a, b])
    assert (np.diff(sums) <= 0).all()


@pytest.mark.parametrize(
    "wrong", [{"size": 1000}, {"taps": 0}, {"threshold": 1.5}, {"parts": [{"of": ["name"], "bits": 3}]}]
)
def test_a_scheme_that_cannot_be_encoded_is_refused_by_name(wrong: dict[str, object]) -> None:
    right = {
        "version": 1,
        "size": 512,
        "taps": 1,
        "threshold": 0.2,
        "parts": [],
        "groups": {"sex": ["F", "M"]},
    }
    with pytest.raises(ValueError, match=r"linkage\.yaml"):
        schemes.read(right | wrong)


def test_a_schemes_digest_changes_with_whatever_matters() -> None:
    right = {"version": 1, "size": 512, "taps": 1, "threshold": 0.2, "parts": [{"of": ["given", "year"], "bits": 3}],
             "groups": {"sex": ["F", "M"]}}  # fmt: skip
    changes: list[dict[str, object]] = [
        {}, {"size": 1024}, {"taps": 2}, {"threshold": 0.3}, {"parts": []}, {"groups": {"sex": ["M", "F"]}},
    ]  # fmt: skip
    assert len({schemes.read(right | c).digest for c in changes}) == len(changes)
