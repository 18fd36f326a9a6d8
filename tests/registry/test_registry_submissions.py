"""What a desk says is proved before anything is kept: every fault at once, with its place."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registry.said import fact, family, more, who

from mirps.people.registry import api as registry
from mirps.people.registry.wording import fault_text

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read(found: object) -> registry.Submission:
    return registry.read(found, registry.book(), country=registry.is_country, at=AT)


def faults(found: object) -> dict[str, str]:
    with pytest.raises(registry.Refused) as refused:
        read(found)
    return {f.path: f.key for f in refused.value.faults}


def of(found: dict[str, Any], kind: str) -> tuple[int, dict[str, Any]]:
    return next((n, f) for n, f in enumerate(found["facts"]) if f["kind"] == kind)


def test_a_family_of_five_is_read_whole() -> None:
    children = [who("Luis", born=f"201{n}-01-0{n + 1}", sex="M", role="child") for n in range(3)]
    found = read(family(who(), who("José", role="partner"), *children))
    assert len(found.people) == 5
    assert {f.kind for f in found.facts} == {"name", "birth", "sex", "nationality", "consent", "membership"}


def test_a_name_is_kept_as_it_was_written_and_only_its_spaces_are_put_in_order() -> None:
    found = read(family(who(given="  María   José ", surnames="De la  O")))
    assert found.facts[0].data["given"] == "María José"
    assert found.facts[0].data["surnames"] == "De la O"


def test_whoever_has_one_name_only_is_whole() -> None:
    assert read(family(who(given="", surnames="Jean-Baptiste"))).facts[0].data["surnames"] == "Jean-Baptiste"


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("1987-02-30", "date"),
        ("30/02/1987", "date"),
        ("2027-01-01", "future"),
        ("1850", "too-old"),
        (19870504, "text"),
    ],
)
def test_a_date_of_birth_that_cannot_be_names_its_box(value: object, key: str) -> None:
    found = family()
    n, birth = of(found, "birth")
    birth["data"]["date"] = value
    assert faults(found) == {f"facts[{n}].data.date": key}


def test_a_year_alone_is_a_date_of_birth() -> None:
    assert read(family(who(born="1987"))).facts[1].data["date"] == "1987"


@pytest.mark.parametrize(
    ("kind", "change", "where", "key"),
    [
        ("sex", {"sex": "Z"}, "data.sex", "unknown-code"),
        ("nationality", {"country": "XXX"}, "data.country", "country"),
        ("name", {"given": "", "surnames": ""}, "data.given", "one-of"),
        ("name", {"given": "...", "surnames": "-"}, "data.given", "no-letters"),
        ("name", {"given": "x" * 121}, "data.given", "too-long"),
        ("name", {"given": "Ana\x00"}, "data.given", "control"),
        ("name", {"given": "Ana\u202e"}, "data.given", "control"),
        ("name", {"shoe-size": "40"}, "data.shoe-size", "unknown-field"),
        ("birth", {"estimated": "perhaps"}, "data.estimated", "yes-or-no"),
        ("consent", {"given": ""}, "data.given", "required"),
    ],
)
def test_a_wrong_answer_names_its_box(kind: str, change: dict[str, Any], where: str, key: str) -> None:
    found = family()
    n, said = of(found, kind)
    said["data"].update(change)
    assert faults(found)[f"facts[{n}].{where}"] == key


def test_what_a_level_asks_for_must_be_there() -> None:
    found = family()
    found["facts"] = [f for f in found["facts"] if f["kind"] not in ("sex", "consent")]
    assert faults(found) == {"people[0].sex": "asked", "people[0].consent-registration": "asked"}


def test_a_group_may_be_kept_before_its_members_are_known_one_by_one() -> None:
    found = family(level="group")
    person, group = found["people"][0]["id"], found["groups"][0]["id"]
    found["facts"] = [
        fact("name", person=person, given="Ana", use="current"),
        fact("membership", person=person, group=group, role="head"),
        fact("size", group=group, people=14, girls=5),
    ]
    assert read(found).facts[2].data == {"people": 14, "girls": 5}


def test_a_group_has_one_focal_person() -> None:
    assert faults(family(who(), who("José"))) == {"groups[0]": "one-head"}
    assert faults(family(who(role="partner"))) == {"groups[0]": "one-head"}


def test_nobody_is_registered_outside_a_group() -> None:
    found = family()
    found["facts"] = [f for f in found["facts"] if f["kind"] != "membership"]
    assert faults(found) == {"groups[0]": "no-member", "people[0]": "no-group"}


def test_a_fact_is_said_of_whom_its_kind_is_said_of() -> None:
    found = more(fact("size", person=str(uuid4()), people=3), fact("name", given="Ana"))
    assert faults(found) == {"facts[0]": "of-whom", "facts[1]": "of-whom"}


def test_nobody_is_related_to_themselves() -> None:
    one = str(uuid4())
    assert faults(more(fact("relation", person=one, other=one, relation="sibling"))) == {
        "facts[0]": "of-whom"
    }


def test_an_id_stands_once_in_a_submission() -> None:
    found = family()
    found["facts"][1]["id"] = found["facts"][0]["id"]
    assert faults(found) == {"facts[1].id": "twice"}


def test_a_clock_that_runs_ahead_is_not_refused_but_one_without_a_zone_is() -> None:
    assert read(family(made_at="2026-11-25T10:00:00-06:00")).made_at > AT
    assert faults(family(made_at="2026-11-20T10:00:00")) == {"made_at": "moment"}


@pytest.mark.parametrize("found", [None, [], "x", 3, {"facts": "x"}, {"people": [1]}, {}])
def test_what_has_no_shape_is_refused(found: object) -> None:
    assert "shape" in faults(found).values() or faults(found)


def test_too_many_at_once_are_refused() -> None:
    assert (
        faults({**family(), "people": [{"id": str(uuid4()), "level": "individual"}] * 61})["people"]
        == "too-many"
    )


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    book = registry.book()
    found = family()
    _, said = of(found, "name")
    said["data"] = {"given": "x" * 200, "shoe": "1"}
    found["facts"] = [f for f in found["facts"] if f["kind"] != "sex"]
    with pytest.raises(registry.Refused) as refused:
        read(found)
    for f in refused.value.faults:
        assert fault_text(f, book, "es") != fault_text(f, book, "en")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "facts", "people", "groups", "kind", "data", "date", "given", "person", "made_at"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_whatever_is_sent_is_read_or_refused_and_never_breaks(found: object) -> None:
    with pytest.raises(registry.Refused):
        read(found)


@given(st.integers(min_value=0), _JSON)
def test_a_fact_of_any_shape_is_read_or_refused(which: int, value: object) -> None:
    found = family()
    facts = found["facts"]
    facts[which % len(facts)] = {**facts[which % len(facts)], "data": value}
    with suppress(registry.Refused):
        read(found)
