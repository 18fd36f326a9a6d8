"""Lanes, links, positions and fingerprints, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import decrypt, encrypt, x25519

from mirps.sharing.exchange.bech32 import age_secret
from mirps.sharing.exchange.rules import (
    FIRST_LINK,
    REGION,
    Have,
    Head,
    Kind,
    fingerprint,
    lacking,
    may_send,
    parted,
    pause,
)

HEAD = Head(
    UUID(int=7),
    "HND",
    "MIRPS",
    "figures",
    (1, 0),
    1,
    FIRST_LINK,
    "a" * 64,
    10,
    datetime(2025, 1, 1, tzinfo=UTC),
)


def lane(*marks: str) -> dict[int, str]:
    """The links of a lane whose packages hold these."""
    links, link = {}, FIRST_LINK
    for number, mark in enumerate(marks, 1):
        head = replace(HEAD, number=number, previous=link, digest=mark * 64)
        links[number] = link = head.link
    return links


def have(links: dict[int, str], window: int = 60) -> Have:
    last = max(links, default=0)
    return Have(last, links.get(last, ""), frozenset(), {n: k for n, k in links.items() if n > last - window})


def test_a_head_survives_its_journey() -> None:
    assert Head.of(HEAD.told() | {"new": [1]}) == HEAD


def test_the_link_stands_for_all_that_is_said_but_the_day() -> None:
    assert replace(HEAD, made_at=HEAD.made_at + timedelta(days=1)).link == HEAD.link
    others = [
        replace(HEAD, number=2), replace(HEAD, previous="b" * 64), replace(HEAD, digest="b" * 64),
        replace(HEAD, receiver="MEX"), replace(HEAD, version=(1, 1)), replace(HEAD, id=UUID(int=8)),
    ]  # fmt: skip
    assert len({h.link for h in (*others, HEAD)}) == 7


def test_two_with_one_past_part_nowhere() -> None:
    assert parted(lane(*"abc"), 3, have(lane(*"abc"))) == 0
    assert parted(lane(*"abc"), 3, have(lane(*"ab"))) == 0
    assert parted({}, 0, Have()) == 0


def test_a_restored_sender_finds_from_where_on_it_lacks_what_it_sent() -> None:
    assert parted(lane(*"ab"), 2, have(lane(*"abcd"))) == 3
    assert parted(lane(*"abe"), 3, have(lane(*"abcd"))) == 3
    assert parted(lane(*"abefg"), 5, have(lane(*"abcd"))) == 3
    assert parted({}, 0, have(lane(*"abcd"))) == 1


def test_where_more_was_lost_than_is_compared_it_is_all_looked_through() -> None:
    long = lane(*"a" * 80)
    assert parted({n: k for n, k in long.items() if n <= 5}, 5, have(long)) == 6
    assert parted(lane("b", *"a" * 79), 80, have(long)) == 1


@given(st.text("abc", min_size=1, max_size=8), st.text("abc", max_size=8))
def test_it_is_found_exactly_where_two_pasts_part(theirs: str, ours: str) -> None:
    same = next(
        (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    found = parted(lane(*ours), len(ours), have(lane(*theirs)))
    assert found == (0 if same == len(theirs) else same + 1)


def test_what_the_other_holds_beyond_a_gap_is_not_sent_again() -> None:
    assert lacking([1, 2, 3, 4, 5], Have(2, "", frozenset({4}))) == [3, 5]


def test_figures_go_up_and_rounds_come_down() -> None:
    assert may_send(Kind.FIGURES, "HND", REGION)
    assert not may_send(Kind.FIGURES, REGION, "HND")
    assert not may_send(Kind.FIGURES, "HND", "GTM")
    assert may_send(Kind.ROUNDS, REGION, "HND")
    assert may_send(Kind.ANSWERS, REGION, "HND")
    assert not may_send(Kind.ANSWERS, "HND", REGION)
    assert not may_send(Kind.ROUNDS, "HND", REGION)
    assert may_send(Kind.RECEIPTS, "HND", REGION)
    assert may_send(Kind.RECEIPTS, REGION, "HND")


def test_pauses_grow_to_six_hours() -> None:
    assert [pause(n).total_seconds() / 60 for n in (1, 2, 3, 9, 40)] == [1, 2, 4, 256, 360]


def test_a_fingerprint_can_be_read_out_and_tells_keys_apart() -> None:
    one, other = fingerprint(b"a" * 32, "age1x"), fingerprint(b"a" * 32, "age1y")
    assert one != other
    assert [len(part) for part in one.split()] == [5] * 8


@given(st.binary(min_size=32, max_size=32))
def test_thirty_two_bytes_are_a_key_of_age(secret: bytes) -> None:
    identity = x25519.Identity.from_str(age_secret(secret))
    assert str(identity) == age_secret(secret)


def test_what_is_sealed_to_a_derived_key_is_opened_by_it_alone() -> None:
    mine, other = (x25519.Identity.from_str(age_secret(bytes([n]) * 32)) for n in (1, 2))
    sealed = encrypt(b"a referral", [mine.to_public()])
    assert decrypt(sealed, [mine]) == b"a referral"
    with pytest.raises(Exception, match="No matching keys"):
        decrypt(sealed, [other])
