"""Who may do what, for whom, on which day: roles, mandates and stand-ins as pure rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.access.rules import (
    ALLOWED,
    OF_A_BODY,
    Grant,
    Mandate,
    Term,
    follow,
    in_force,
    lend,
    may,
    may_vouch,
    role_for,
    same_person,
    writes,
)
from mirps.planning.governance.api import mandates_of_files as told_from_above

DAY = date(2026, 3, 1)
SINCE = date(2019, 1, 1)


def grant(role: str, state: str = "", body: str = "", via: str = "") -> Grant:
    return Grant(role, state, SINCE, None, body, via)


@pytest.mark.parametrize(
    ("held", "state", "body", "may_enter"),
    [
        (grant("data-entry", "HND", "HND.DIPPDIV"), "HND", "HND.DIPPDIV", True),
        (grant("data-entry", "HND", "HND.DIPPDIV"), "HND", "HND.INM", False),
        (grant("data-entry", "HND", "HND.DIPPDIV"), "HND", "", False),
        (grant("focal-point", "HND"), "HND", "HND.INM", True),
        (grant("focal-point", "HND"), "HND", "", True),
        (grant("focal-point", "HND"), "GTM", "GTM.IGM", False),
        (grant("reader"), "HND", "HND.INM", False),
        (grant("no-such-role"), "HND", "", False),
    ],
)
def test_a_role_acts_for_its_institution_or_for_all_of_its_state(
    held: Grant, state: str, body: str, may_enter: bool
) -> None:
    assert may([held], "entry.write", state=state, body=body, on=DAY) is may_enter


def test_a_role_acts_from_its_first_day_to_its_last_and_no_longer() -> None:
    held = [Grant("focal-point", "HND", date(2026, 3, 1), date(2026, 3, 31))]
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [may(held, "entry.write", state="HND", on=d) for d in days] == [False, True, True, False]


def test_the_presidency_passes_from_panama_to_belize_on_the_day_of_the_handover() -> None:
    heads = told_from_above()
    panama = in_force([grant("presidency", "PAN", via="presidency")], heads)
    belize = in_force([grant("presidency", "BLZ", via="presidency")], heads)
    eve, day = date(2024, 1, 23), date(2024, 1, 24)
    assert [may(panama, "round.publish", state="", on=d) for d in (eve, day)] == [True, False]
    assert [may(belize, "round.publish", state="", on=d) for d in (eve, day)] == [False, True]
    assert may(belize, "entry.approve-region", state="HND", on=day), "the presidency acts for the region"


def test_the_last_presidency_told_stays_until_the_next_one_is_told() -> None:
    costa_rica = in_force([grant("presidency", "CRI", via="presidency")], told_from_above())
    assert may(costa_rica, "round.publish", state="", on=date(2026, 11, 21))
    assert not may(costa_rica, "round.publish", state="", on=date(2024, 12, 4))


def test_who_leads_a_team_acts_while_the_state_leads_it() -> None:
    heads = told_from_above()
    mexico = in_force([grant("regional-reviewer", "MEX", via="ID")], heads)
    honduras = in_force([grant("regional-reviewer", "HND", via="ID")], heads)
    assert may(mexico, "entry.review-region", state="SLV", on=date(2023, 12, 31))
    assert not may(mexico, "entry.review-region", state="SLV", on=date(2024, 1, 1))
    assert may(honduras, "entry.review-region", state="SLV", on=date(2024, 1, 1))


def test_a_day_that_no_source_gives_is_that_of_the_handover_before_it() -> None:
    told = follow([Term("X", "A", 2023, ends=date(2024, 2, 10)), Term("X", "B", 2024)])
    assert told == [
        Mandate("X", "A", date(2023, 1, 1), date(2024, 2, 9), "year"),
        Mandate("X", "B", date(2024, 2, 10), None, "stated"),
    ]


@given(
    st.lists(
        st.builds(
            Term,
            body=st.just("X"),
            state=st.sampled_from("ABC"),
            year=st.integers(2018, 2040),
            starts=st.none() | st.dates(date(2018, 1, 1), date(2040, 1, 1)),
        ),
        min_size=1,
        max_size=8,
    ),
    st.dates(date(2041, 1, 1), date(2050, 1, 1)),
)
def test_from_the_first_term_on_somebody_always_heads_the_body(terms: list[Term], later: date) -> None:
    told = follow(terms)
    first = min(m.starts for m in told)
    turns = sorted({m.starts for m in told})
    for on in [first, later, *turns, *(d - timedelta(days=1) for d in turns if d > first)]:
        heads = {m.starts for m in told if m.starts <= on and (m.ends is None or on <= m.ends)}
        assert len(heads) == 1, "one turn, which may be shared, never two and never none"


def test_a_stand_in_may_do_what_the_giver_may_on_the_days_given_and_no_more() -> None:
    own = [grant("state-approver", "HND"), grant("administrator")]
    lent = lend(own, giver="helena", starts=date(2026, 3, 1), ends=date(2026, 3, 7))
    assert may(lent, "entry.approve-state", state="HND", on=date(2026, 3, 7))
    assert not may(lent, "entry.approve-state", state="HND", on=date(2026, 3, 8))
    assert not may(lent, "entry.approve-state", state="GTM", on=DAY)
    assert not may(lent, "round.publish", state="", on=DAY)
    assert not may(lent, "people.manage", state="", on=DAY), "who may act is not lent"
    assert lend(lent, giver="ana", starts=DAY, ends=DAY) == [], "what is lent is not lent on"


_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_GRANTS = st.lists(
    st.builds(
        Grant,
        role=st.sampled_from(sorted(ALLOWED)),
        state=st.sampled_from(["", "HND", "GTM"]),
        starts=_DAYS,
        ends=st.none() | _DAYS,
        body=st.sampled_from(["", "HND.INM"]),
    ),
    max_size=5,
)


@given(_GRANTS, _DAYS, _DAYS, _DAYS, st.sampled_from(sorted(set().union(*ALLOWED.values()))), st.booleans())
def test_a_stand_in_never_may_what_the_giver_may_not(
    own: list[Grant], first: date, last: date, on: date, act: str, whole: bool
) -> None:
    body = "" if whole else "HND.INM"
    lent = lend(own, giver="helena", starts=first, ends=last)
    if may(lent, act, state="HND", on=on, body=body):
        assert may(own, act, state="HND", on=on, body=body)
        assert first <= on <= last
        assert act != "people.manage"


def test_an_act_is_done_in_ones_own_nearest_role_before_a_lent_one() -> None:
    own = [grant("secretariat"), grant("focal-point", "HND")]
    lent = lend([grant("state-approver", "HND")], giver="helena", starts=DAY, ends=DAY)
    found = role_for([*lent, *own], "figure.correct", state="HND", on=DAY)
    assert found is not None
    assert (found.role, found.giver) == ("focal-point", "")


def test_the_one_who_signed_is_known_in_whosever_name_they_act() -> None:
    assert same_person("ana", ["Ana", "bruno"])
    assert not same_person("ana", ["bruno"])


@given(st.sampled_from(sorted(ALLOWED)), st.sampled_from(["HND", "GTM"]), st.dates())
def test_nothing_held_allows_nothing_and_no_state_reaches_into_another(
    role: str, state: str, on: date
) -> None:
    body = f"{state}.X" if role in OF_A_BODY else ""
    held = [Grant(role, state, date.min, None, body)]
    for act in ALLOWED[role]:
        assert may(held, act, state=state, body=body, on=on)
        assert not may(held, act, state="MEX", body=body, on=on)
        assert not may(held, act, state="", body=body, on=on)
        assert not may([], act, state=state, body=body, on=on)


def test_a_states_directory_vouches_for_its_own_people_alone() -> None:
    assert may_vouch("HND", [grant("focal-point", "HND")], DAY)
    assert not may_vouch("HND", [grant("focal-point", "GTM")], DAY)
    assert not may_vouch("HND", [grant("focal-point", "HND"), grant("secretariat")], DAY)
    assert not may_vouch("HND", [], DAY)


def test_roles_that_write_are_told_from_those_that_read() -> None:
    assert {r for r in ALLOWED if not writes(r)} == {"reader"}


def test_a_role_of_one_body_acts_for_that_body_and_for_nobody_without_one() -> None:
    donor = [grant("donor", "", body="USA.GOV")]
    assert may(donor, "funding.write", state="", body="USA.GOV", on=DAY)
    assert not may(donor, "funding.write", state="", body="CAN.GOV", on=DAY)
    assert not may([grant("donor", "")], "funding.write", state="", body="USA.GOV", on=DAY)
    assert not may([grant("committee-member", "")], "score.write", state="", on=DAY)


def test_the_lead_of_a_team_by_mandate_acts_for_that_team_alone() -> None:
    heads = [Mandate("ID", "HND", DAY, None)]
    lead = in_force([grant("team-lead", "HND", via="ID")], heads)
    assert may(lead, "plan.publish", state="", body="ID", on=DAY)
    assert not may(lead, "plan.publish", state="", body="RACP", on=DAY)
    assert not may(lead, "plan.publish", state="", on=DAY)
    assert not in_force([grant("team-lead", "MEX", via="ID")], heads)
