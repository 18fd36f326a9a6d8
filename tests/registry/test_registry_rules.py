"""A file is what its facts say: nothing is overwritten, and two who answer at once both stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from mirps.people.registry import api as registry
from mirps.people.registry.api import Fact

DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANA = uuid4()


def said(
    kind: str, hours: int = 0, *, replaces: Fact | None = None, withdrawn: bool = False, **data: Any
) -> Fact:
    at = DAY + timedelta(hours=hours)
    return Fact(uuid4(), kind, data, at, at, person=ANA, replaces=replaces.id if replaces else None,
                withdrawn=withdrawn)  # fmt: skip


def test_a_later_answer_stands_and_the_first_stays_in_the_history() -> None:
    first = said("birth", date="1987")
    later = said("birth", 1, replaces=first, date="1987-05-04")
    assert registry.in_force([later, first]) == [later]
    assert registry.as_known([later, first], DAY) == [first]


def test_what_is_withdrawn_stands_no_more_and_nor_does_the_withdrawal() -> None:
    note = said("note", words="x")
    assert registry.in_force([note, said("note", 1, replaces=note, withdrawn=True, why="y")]) == []


def test_two_desks_that_correct_the_same_date_apart_both_stand_until_somebody_settles_it() -> None:
    first = said("birth", date="1987")
    one = said("birth", 1, replaces=first, date="1987-05-04")
    two = said("birth", 2, replaces=first, date="1987-04-05")
    (found,) = registry.contradictions(registry.in_force([first, one, two]), registry.book())
    assert found.facts == (one, two)
    settled = [
        first,
        one,
        two,
        said("birth", 3, replaces=two, withdrawn=True),
    ]
    assert registry.contradictions(registry.in_force(settled), registry.book()) == []


def test_two_desks_that_say_the_same_do_not_contradict_each_other() -> None:
    standing = [
        said("birth", date="1987-05-04", sure="stated"),
        said("birth", 1, date="1987-05-04", sure="document"),
    ]
    assert registry.contradictions(standing, registry.book()) == []


def test_somebody_may_have_two_names_and_the_one_used_today_is_shown() -> None:
    standing = [
        said("name", given="Ana", surnames="Cruz", use="current"),
        said("name", 1, given="Anita", use="alias"),
    ]
    assert registry.shown_name(standing) == "Ana Cruz"
    assert registry.contradictions(standing, registry.book()) == []
    assert registry.shown_name([]) == ""


def test_consent_is_asked_by_purpose_ends_with_its_day_and_can_be_withdrawn() -> None:
    standing = [
        said("consent", purpose="asylum", given="given"),
        said("consent", purpose="photo", given="given", until="2026-11-19"),
        said("consent", purpose="share-abroad", given="given"),
        said("consent", 1, purpose="share-abroad", given="withdrawn"),
    ]
    assert registry.consents(standing, on=DAY) == {"asylum": True, "photo": False, "share-abroad": False}


@st.composite
def _chains(draw: st.DrawFn) -> list[Fact]:
    facts: list[Fact] = []
    for n in range(draw(st.integers(1, 8))):
        before = draw(st.sampled_from([None, *facts])) if facts else None
        facts.append(
            said(
                "birth",
                n,
                replaces=before,
                withdrawn=bool(before) and draw(st.booleans()),
                date=str(1980 + n),
            )
        )
    return facts


@given(_chains(), st.randoms())
def test_in_whatever_order_facts_arrive_the_file_says_the_same(facts: list[Fact], chance: Any) -> None:
    shuffled = facts[:]
    chance.shuffle(shuffled)
    assert registry.in_force(shuffled) == registry.in_force(facts)


@given(_chains())
def test_no_fact_is_lost(facts: list[Fact]) -> None:
    standing = {f.id for f in registry.in_force(facts)}
    replaced = {f.replaces for f in facts if f.replaces}
    assert all(f.id in standing or f.id in replaced or f.withdrawn for f in facts)


@given(st.uuids())
def test_a_number_is_made_from_the_id_alone_and_read_back_however_it_is_typed(id_: UUID) -> None:
    for mark in ("", "G"):
        number = registry.number("MEX", id_, mark=mark)
        assert registry.tidy(number.lower().replace("-", " ")) == number


@given(st.uuids(), st.data())
def test_one_wrong_letter_of_a_number_shows(id_: UUID, data: st.DataObject) -> None:
    number = registry.number("HND", id_)
    letters = [n for n, c in enumerate(number) if c != "-" and n > 3]
    at = data.draw(st.sampled_from(letters))
    other = data.draw(st.sampled_from([c for c in "23456789ABCDEFGHJKMNPQRSTUVWXYZ" if c != number[at]]))
    assert registry.tidy(number[:at] + other + number[at + 1 :]) == ""


@given(st.uuids(), st.integers(4, 12))
def test_two_neighbours_exchanged_show(id_: UUID, at: int) -> None:
    plain = registry.number("HND", id_).replace("-", "")
    at = min(at, len(plain) - 2)
    if plain[at] != plain[at + 1]:
        assert registry.tidy(plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]) == ""
