"""Who may see whom: the rule, and the queries that say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.conftest import COMAR, INM, ONPAR, TAPACHULA, TENOSIQUE, Make, fact, person, sit

from mirps.base.access.rules import ALLOWED, Grant
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Holding, Limit, Seat, Shared, TooMany, may_decide, reads, sees
from mirps.people.custody.rules import admit, seat_of, seats_of
from mirps.people.registry.models import Fact, Person

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
SEAT = Seat("rocio", *COMAR, office=TAPACHULA)
OWN, NEXT, ELSEWHERE = Holding(*COMAR, TAPACHULA), Holding(*COMAR, TENOSIQUE), Holding(*INM, "")


def grant(role: str, body: tuple[str, str] = COMAR, office: str = "", giver: str = "") -> Grant:
    return Grant(role, body[0], date(2025, 1, 1), None, body[1], giver=giver, office=office)


def test_an_officer_sees_their_own_offices_files() -> None:
    assert sees(SEAT, OWN)
    assert sees(SEAT, replace(OWN, office="")), "what no office holds is the institution's"
    assert not sees(SEAT, ELSEWHERE)


def test_another_offices_files_come_into_view_once_a_purpose_is_named() -> None:
    assert not sees(SEAT, NEXT)
    assert sees(SEAT.for_purpose("referral"), NEXT)
    assert not sees(SEAT.for_purpose("referral"), ELSEWHERE), "a purpose opens no other institution"


def test_another_institutions_file_is_seen_for_the_purpose_it_was_shared_for_alone() -> None:
    shared = [Shared(*COMAR, "protection")]
    assert sees(SEAT.for_purpose("protection"), ELSEWHERE, shares=shared)
    assert not sees(SEAT.for_purpose("assistance"), ELSEWHERE, shares=shared)
    assert not sees(SEAT, ELSEWHERE, shares=shared)
    assert not sees(Seat("b", *ONPAR, purpose="protection"), ELSEWHERE, shares=shared)
    assert not sees(SEAT, ELSEWHERE, shares=[Shared(*COMAR, "")]), "a share for nothing in particular is none"


def test_a_broken_glass_opens_the_file_and_no_fact_that_needs_clearance() -> None:
    assert sees(SEAT, ELSEWHERE, glass=True)
    assert reads(SEAT, "")
    assert not reads(SEAT, "gbv")
    assert reads(replace(SEAT, knows=frozenset({"gbv"})), "gbv")


@pytest.mark.parametrize("duty", [Duty.AUDIT, Duty.RETENTION])
def test_who_audits_or_lets_go_reads_no_fact_and_no_other_institution(duty: Duty) -> None:
    seat = replace(SEAT, office="", duty=duty, knows=frozenset({"gbv"}), purpose="protection")
    assert sees(seat, NEXT)
    assert not sees(seat, ELSEWHERE, glass=True, shares=[Shared(*COMAR, "protection")])
    assert not reads(seat, "")
    assert not reads(seat, "gbv")


def test_a_seat_comes_of_a_role_at_that_institution_and_of_nothing_else() -> None:
    held = [grant("registration-officer", office=TAPACHULA), grant("registration-officer", office=TENOSIQUE)]
    assert [s.office for s in seats_of("rocio", held, on=DAY)] == [TAPACHULA, TENOSIQUE]
    assert seat_of("rocio", held, "MEX.INM", on=DAY) is None
    assert seat_of("rocio", held, "MEX.COMAR", on=DAY, office="MEX.COMAR.CUN") is None
    assert seat_of("rocio", held, "MEX.COMAR", on=date(2024, 12, 31)) is None
    assert seats_of("ana", [grant("administrator"), grant("focal-point"), grant("data-entry")], on=DAY) == []


def test_who_holds_all_of_an_institution_has_one_seat_there() -> None:
    held = [grant("registration-supervisor"), grant("registration-officer", office=TAPACHULA)]
    assert [s.office for s in seats_of("sofia", held, on=DAY)] == [""]


def test_a_clearance_counts_at_the_offices_for_which_it_is_held() -> None:
    held = [grant("registration-officer", office=TAPACHULA), grant("protection-officer", office=TENOSIQUE)]
    seats = {s.office: s.knows for s in seats_of("rocio", held, on=DAY)}
    assert seats == {TAPACHULA: frozenset(), TENOSIQUE: frozenset({"gbv", "child"})}
    whole = seats_of("p", [grant("protection-officer"), grant("screening-officer", INM)], on=DAY)
    assert {s.institution: s.knows for s in whole} == {
        "MEX.COMAR": frozenset({"gbv", "child"}), "MEX.INM": frozenset({"security"})
    }  # fmt: skip


def test_no_role_both_reads_files_and_reads_who_read_them() -> None:
    assert [r for r, acts in ALLOWED.items() if {"person.read", "reading.read"} <= acts] == []
    assert seats_of("d", [grant("data-protection-officer")], on=DAY) == []
    assert len(seats_of("d", [grant("data-protection-officer")], on=DAY, duty=Duty.AUDIT)) == 1


@pytest.mark.parametrize(
    ("asked_by", "asked_for", "by", "by_for", "may"),
    [
        ("sofia", "", "octavio", "", True),
        ("sofia", "", "sofia", "", False),
        ("sofia", "", "Sofia", "", False),
        ("sofia", "", "ines", "sofia", False),
        ("ines", "sofia", "sofia", "", False),
        ("ines", "sofia", "luis", "sofia", False),
        ("ines", "sofia", "octavio", "", True),
    ],
)
def test_two_people_decide_and_a_stand_in_has_one_pair_of_eyes(
    asked_by: str, asked_for: str, by: str, by_for: str, may: bool
) -> None:
    assert may_decide(asked_by, asked_for, by=by, by_for=by_for) is may


def test_a_limit_is_reached_in_the_hour_and_in_the_day() -> None:
    limit = Limit(hour=3, day=5)
    lately = [AT - timedelta(minutes=m) for m in (50, 20, 10)]
    with pytest.raises(TooMany) as met:
        admit("open", limit, lately, at=AT)
    assert (met.value.span, met.value.until) == ("hour", AT + timedelta(minutes=10))
    admit("open", limit, lately, at=AT + timedelta(minutes=11))
    all_day = [AT - timedelta(hours=h) for h in (23, 10, 5, 3, 2)]
    with pytest.raises(TooMany) as met:
        admit("open", limit, all_day, at=AT)
    assert (met.value.span, met.value.until) == ("day", AT + timedelta(hours=1))


@given(st.lists(st.integers(0, 3000), max_size=40), st.integers(1, 10), st.integers(1, 20))
def test_after_the_time_told_one_is_admitted_again(minutes: list[int], hour: int, day: int) -> None:
    limit, done = Limit(hour, day), [AT - timedelta(minutes=m) for m in minutes]
    told = [AT]
    while (later := _until(limit, done, told[-1])) is not None:
        assert later > told[-1]
        told.append(later)
    assert len(told) <= 3


def _until(limit: Limit, done: list[datetime], at: datetime) -> datetime | None:
    try:
        admit("open", limit, done, at=at)
    except TooMany as met:
        return met.until
    return None


SEATS = [
    Seat("rocio", *COMAR, office=office, purpose=purpose, duty=duty)
    for office, purpose, duty in product(["", TAPACHULA], ["", "protection", "referral"], list(Duty))
]


@pytest.mark.parametrize("seat", SEATS, ids=lambda s: f"{s.office}-{s.purpose}-{s.duty}")
def test_a_query_shows_what_the_rule_says(db: None, hire: Make, now: datetime, seat: Seat) -> None:
    for p, shares, glass in cases(hire, now):
        shown = Person.objects.filter(custody.seen(seat, at=now), pk=p.pk).exists()
        of = Holding(p.state, p.institution, p.office)
        assert shown is sees(seat, of, shares=shares, glass=glass), (p.institution, p.office, shares, glass)


def cases(hire: Make, now: datetime) -> list[tuple[Person, list[Shared], bool]]:
    """A file of each sort, with the shares and the glass under which rocio may see it."""
    found: list[tuple[Person, list[Shared], bool]] = [
        (person(), [], False), (person(office=TENOSIQUE), [], False), (person(office=""), [], False),
        (person(INM, ""), [], False), (person(ONPAR, ""), [], False),
    ]  # fmt: skip
    shared = person(INM, "")
    custody.share(subject=shared.id, state="MEX", institution="MEX.COMAR", purpose="protection",
                  consent=uuid4(), until=now + timedelta(days=1), by="irene", at=now)  # fmt: skip
    over = person(INM, "")
    custody.share(subject=over.id, state="MEX", institution="MEX.COMAR", purpose="protection", consent=uuid4(),
                  until=now - timedelta(minutes=1), by="irene", at=now - timedelta(days=1))  # fmt: skip
    ended = person(INM, "")
    custody.share(subject=ended.id, state="MEX", institution="MEX.COMAR", purpose="protection",
                  consent=uuid4(), until=now + timedelta(days=1), by="irene", at=now)  # fmt: skip
    custody.end_shares(shares=custody.Share.objects.filter(subject=ended.id), by="irene", at=now)
    seat = sit(hire("rocio", "registration-officer", office=TAPACHULA))
    for who in ("rocio", "tomas"):
        opened = person(INM, "")
        custody.break_glass(
            seat=replace(seat, user=who), subjects=[opened.id], reason="The mother is in hospital tonight",
            at=now, holders=lambda ids: dict.fromkeys(ids, INM),
        )  # fmt: skip
        found.append((opened, [], who == "rocio"))
    return [*found, (shared, [Shared(*COMAR, "protection")], False), (over, [], False), (ended, [], False)]


def test_facts_that_need_clearance_are_left_out_by_the_query_too(db: None) -> None:
    p = person()
    fact(p, text="plain")
    fact(p, sensitivity="gbv", text="hidden")
    assert Fact.objects.filter(custody.readable(SEAT)).count() == 1
    assert Fact.objects.filter(custody.readable(replace(SEAT, knows=frozenset({"gbv"})))).count() == 2
    assert Fact.objects.filter(custody.readable(replace(SEAT, duty=Duty.AUDIT))).count() == 0
