"""Whom a paragraph addresses, and whether anything follows it."""

from __future__ import annotations

from typing import Any

from mirps.planning.instruments.api import (
    Actor,
    Follow,
    Instrument,
    Paragraph,
    actor_of,
    addressed,
    by_family,
    of_actor,
)

AREAS = {"MIRPS": ("BLZ", "CRI", "GTM", "HND", "MEX", "PAN", "SLV"), "ID3": ("SLV", "HND", "MEX")}


def point(n: int, *, came: tuple[str, ...] = (), **data: Any) -> Paragraph:
    values = {
        "number": str(n),
        "part": "agreed",
        "nature": "commitment",
        **{k.replace("_", "-"): v for k, v in data.items()},
    }
    return Paragraph(f"paragraph/x.{n}", "instrument/x", n, values, came)


def test_what_falls_to_all_seven_addresses_each_of_them() -> None:
    p = point(1, states=["MIRPS"])
    assert p.addresses(Actor("state", "HND"), AREAS)
    assert p.addresses(Actor("state", "MIRPS"), AREAS)
    assert not p.addresses(Actor("state", "COL"), AREAS)


def test_what_falls_to_three_does_not_address_a_fourth() -> None:
    p = point(9, states=["SLV", "HND", "MEX"], bodies=["ID"])
    assert p.addresses(Actor("state", "MEX"), AREAS)
    assert not p.addresses(Actor("state", "BLZ"), AREAS)
    assert p.addresses(Actor("body", "ID"), AREAS)


def test_a_commitment_is_followed_by_what_names_it_by_what_it_names_or_by_figures() -> None:
    assert point(1, came=("node/a",)).follow is Follow.FOLLOWED
    assert point(1, tracked_by=["event/a"]).follow is Follow.FOLLOWED
    assert point(1, series="jobs.placed MIRPS").follow is Follow.FOLLOWED


def test_what_could_be_followed_and_is_not_is_told_apart_from_what_nobody_knows_how_to_follow() -> None:
    assert point(1, trackable={"es": "x", "en": "x"}).follow is Follow.UNFOLLOWED
    assert point(1).follow is Follow.UNKNOWN


def test_what_only_thanks_is_declaratory_though_something_names_it() -> None:
    assert point(19, nature="declaratory", came=("event/handover",)).follow is Follow.DECLARATORY


def test_declaratory_paragraphs_count_for_nobody_but_are_found_with_their_actor() -> None:
    i = Instrument(
        "instrument/x",
        1,
        {},
        (point(1, bodies=["RACP"]), point(2, bodies=["academia"], nature="declaratory")),
    )
    assert addressed([i]) == {Actor("body", "RACP"): 1}
    assert [p.number for _, ps in of_actor([i], Actor("body", "academia"), AREAS) for p in ps] == ["2"]


def test_an_instrument_is_read_in_its_own_order_preamble_first() -> None:
    ps = (
        point(20),
        point(3),
        Paragraph("paragraph/x.p1", "instrument/x", 99, {"part": "preamble", "number": "1"}),
    )
    parts = Instrument("instrument/x", 1, {}, ps).parts()
    assert [(part, [p.number for p in found]) for part, found in parts] == [
        ("preamble", ["1"]),
        ("agreed", ["3", "20"]),
    ]


def test_the_latest_of_each_family_comes_first_and_what_has_no_date_last() -> None:
    def made(code: str, family: str, adopted: str = "") -> Instrument:
        return Instrument(
            f"instrument/{code}", 1, {"family": family} | ({"adopted": adopted} if adopted else {})
        )

    groups = by_family(
        [
            made("a", "mirps", "2017"),
            made("b", "mirps"),
            made("c", "un", "2018"),
            made("d", "mirps", "2024-12-05"),
        ]
    )
    assert [(f, [i.code for i in g]) for f, g in groups] == [("mirps", ["d", "a", "b"]), ("un", ["c"])]


def test_an_actor_of_an_address_is_read_or_refused() -> None:
    assert actor_of("state:HND") == Actor("state", "HND")
    assert actor_of("person:x") is None
    assert actor_of("") is None
