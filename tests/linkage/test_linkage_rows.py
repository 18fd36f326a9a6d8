"""Rows as they travel: read again as they were written, and whatever is no register is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linkage.conftest import KEY, OTHER_KEY, rows

from mirps.base.texts.api import LANGUAGES, say
from mirps.people.linkage import api as linkage
from mirps.people.linkage.api import LinkageFault, Rows, scheme
from mirps.people.linkage.counting import counted
from mirps.people.linkage.encoded import numbers_of

People = tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]


def refused(data: bytes) -> LinkageFault:
    with pytest.raises(LinkageFault) as found:
        linkage.unpacked(data, scheme())
    assert all(say(found.value.key, lang, **found.value.values) for lang in LANGUAGES)
    return found.value


def changed(whole: Rows, **parts: object) -> bytes:
    return linkage.packed(replace(whole, **parts), scheme(), KEY)  # type: ignore[arg-type]


def test_rows_are_read_as_they_were_written(people: People) -> None:
    whole = rows(people[0])
    again, check = linkage.unpacked(linkage.packed(whole, scheme(), KEY), scheme())
    assert (again.bits == whole.bits).all()
    assert (again.groups == whole.groups).all()
    assert (again.when == whole.when).all()
    assert check != linkage.unpacked(linkage.packed(whole, scheme(), OTHER_KEY), scheme())[1]


def test_the_order_of_rows_tells_nothing_of_the_register(people: People) -> None:
    turned = {c: list(reversed(values)) for c, values in people[0].items()}
    assert (rows(people[0]).bits == rows(turned).bits).all()


def test_groups_go_under_numbers_that_only_the_key_gives() -> None:
    drawn = {tuple(numbers_of(scheme(), bytes([n]) * 32, "nationality")) for n in range(20)}
    assert len(drawn) == 20
    assert all(sorted(d) == list(range(len(d))) for d in drawn)


def test_rows_of_two_periods_are_strangers_to_each_other(people: People) -> None:
    first, then = (rows(people[0], period=p) for p in ("2026-Q1", "2026-Q2"))
    assert counted(first, then, scheme()).sum() == 0
    assert sorted(map(tuple, first.groups)) == sorted(map(tuple, then.groups))


def test_most_of_whom_are_in_both_are_counted_and_hardly_anybody_else(people: People) -> None:
    found = counted(rows(people[0], quarter=100), rows(people[1], quarter=101), scheme())
    assert 85 <= found.sum() <= 105
    assert found[0].sum() == found.sum()  # all were in the first register first
    assert counted(rows(people[0], quarter=9), rows(people[1], quarter=2), scheme())[1].sum() == found.sum()
    assert counted(rows(people[0]), rows(people[1], OTHER_KEY), scheme()).sum() == 0


def test_whoever_writes_one_person_many_times_counts_them_once(people: People) -> None:
    one, other = people
    both = set(one["who"]) & set(other["who"])
    at = one["who"].index(next(iter(sorted(both))))
    more = {c: [*v, *[v[at]] * 4] for c, v in one.items()}
    more["phones"] = [*one["phones"], *(f"9999000{n}" for n in range(4))]
    assert counted(rows(more), rows(other), scheme()).sum() == counted(rows(one), rows(other), scheme()).sum()


def test_a_register_of_few_is_not_encoded(people: People) -> None:
    with pytest.raises(LinkageFault, match="small"):
        rows({c: v[:99] for c, v in people[0].items()})


def test_whoever_of_whom_nothing_is_known_is_in_no_row(people: People) -> None:
    bare = {
        c: [*v, *["" if c in ("given", "surnames", "born", "documents", "phones") else "x"] * 50]
        for c, v in people[0].items()
    }
    assert len(rows(bare)) == len(people[0]["given"])


def test_too_few_rows_are_refused(people: People) -> None:
    whole = rows(people[0])
    assert (
        refused(changed(whole, bits=whole.bits[:99], groups=whole.groups[:99], when=whole.when[:99])).why
        == "small"
    )


def test_rows_of_the_wrong_length_are_refused(people: People) -> None:
    data = linkage.packed(rows(people[0]), scheme(), KEY)
    assert refused(data[:-1]).why == "length"
    assert refused(data + b"\0").values["rows"] == 1000


def test_another_scheme_is_refused(people: People) -> None:
    data = linkage.packed(rows(people[0]), replace(scheme(), threshold=0.5), KEY)
    assert refused(data).why == "scheme"


@pytest.mark.parametrize(("filling", "percent"), [(0, 0), (2**64 - 1, 100)])
def test_a_row_of_nothing_or_of_everything_is_refused_with_its_number(
    people: People, filling: int, percent: int
) -> None:
    whole = rows(people[0])
    bits = whole.bits.copy()
    bits[6] = filling
    fault = refused(changed(whole, bits=bits))
    assert (fault.why, fault.values["row"], fault.values["found"]) == ("fullness", 7, percent)


def test_one_row_a_thousand_times_is_refused(people: People) -> None:
    whole = rows(people[0])
    fault = refused(changed(whole, bits=np.repeat(whole.bits[:1], len(whole), axis=0)))
    assert (fault.why, fault.values["times"]) == ("repeated", 1000)


def test_a_group_that_there_is_not_is_refused(people: People) -> None:
    whole = rows(people[0])
    groups = whole.groups.copy()
    groups[3, 1] = 200
    assert refused(changed(whole, groups=groups)).values["row"] == 4


def test_two_keys_are_told() -> None:
    with pytest.raises(LinkageFault, match="key"):
        linkage.prove_alike("00", "01")


_SAID = st.none() | st.integers() | st.text(max_size=9) | st.floats()
_HEADS = st.dictionaries(st.sampled_from(["rows", "size", "scheme", "check"]), _SAID)


@given(st.binary(max_size=300) | st.builds(lambda d: json.dumps(d).encode() + b"\n", _HEADS))
@settings(max_examples=200, deadline=None)
def test_whatever_else_comes_is_refused_with_a_reason(data: bytes) -> None:
    assert refused(data).why in ("form", "scheme", "length", "small")
