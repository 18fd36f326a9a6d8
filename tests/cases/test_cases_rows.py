"""PostgreSQL holds who sees a case: proved from raw sessions, as the role that serves pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from tests.cases.desks import AT, TAP, TEN, Walked, at_decision, claimed, posted, saying, seat
from tests.custody.test_custody_rows import as_role

from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody
from mirps.people.custody import rows
from mirps.people.custody.api import Duty, Seat

pytestmark = pytest.mark.postgres
Ask = Callable[..., list[tuple[Any, ...]]]
INM = Seat("inma", "MEX", "MEX.INM", purpose="procedure")
NO_PURPOSE = Seat("ana", "MEX", "MEX.COMAR", TAP)
LATER = AT + timedelta(days=11)
EACH = "SELECT count(*) FROM casework_"


@pytest.fixture
def case(role: str) -> Walked:
    posted()
    posted("inma", "inm", office="", institution="MEX.INM")
    case = at_decision(claimed())
    cases.assign(case.id, "ana", note="she asks for a woman", seat=seat(), at=AT)
    return case


def test_every_table_of_casework_is_guarded_or_says_why_not() -> None:
    tables = {m._meta.db_table for m in apps.get_app_config("casework").get_models()}
    assert tables - set(rows.POLICIES) - set(rows.OPEN) == set()


@pytest.mark.parametrize("table", ["case", "caseevent", "standing", "subject", "handling", "post"])
def test_without_a_seat_and_from_elsewhere_nothing_is_there(case: Walked, ask: Ask, table: str) -> None:
    for sits in (None, Seat("x", "MEX", "MEX.DIF", purpose="procedure"), Seat("x", "PAN", "MEX.COMAR")):
        assert ask(f"{EACH}{table}", sits) == [(0,)], sits
    assert ask(f"{EACH}{table}", seat()) > [(0,)]


def test_another_office_sees_a_case_once_it_has_named_a_purpose(case: Walked, ask: Ask) -> None:
    there = Seat("tomas", "MEX", "MEX.COMAR", TEN)
    for table in ("case", "standing", "caseevent", "subject"):
        assert ask(f"{EACH}{table}", NO_PURPOSE) > [(0,)]
        assert ask(f"{EACH}{table}", there) == [(0,)]
        assert ask(f"{EACH}{table}", there.for_purpose("procedure")) == ask(f"{EACH}{table}", NO_PURPOSE)


@pytest.mark.parametrize("table", ["case", "standing", "caseevent", "subject", "handling"])
def test_who_sees_one_case_sees_of_no_other(case: Walked, ask: Ask, table: str) -> None:
    posted("tomas", office=TEN)
    other = claimed(at=seat("tomas", TEN))
    cases.assign(other.id, "tomas", note="his", seat=other.seat, at=AT)
    key = "id" if table == "case" else "case_id"
    for sits, theirs in ((NO_PURPOSE, case), (Seat("tomas", "MEX", "MEX.COMAR", TEN), other)):
        assert ask(f"SELECT DISTINCT {key} FROM casework_{table}", sits) == [(theirs.id,)]


def test_an_institution_with_a_part_sees_the_case_and_its_own_acts_alone(case: Walked, ask: Ask) -> None:
    cases.record(case.id, saying("sign_in", 11), seat=INM, role="inm", at=LATER)
    assert ask("SELECT act FROM casework_caseevent", INM) == [("sign_in",)]
    assert ask("SELECT stage FROM casework_standing", INM) == [("decision",)]
    assert ask(f"{EACH}subject", INM) == [(1,)]
    assert ask(f"{EACH}handling", INM) == [(0,)]
    assert ask("SELECT count(*) FROM people_person", INM) == [(0,)]


def test_a_body_that_decides_sees_every_act(case: Walked, ask: Ask) -> None:
    cases.Party.objects.filter(case=case.id, institution="MEX.INM").update(whole=True)
    assert ask("SELECT count(*) FROM casework_caseevent", INM) == [(6,)]
    assert ask(f"{EACH}handling", INM) == [(0,)]


def test_the_whole_ledger_is_given_by_name_to_who_has_a_part_and_to_nobody_else(
    case: Walked, ask: Ask
) -> None:
    whole = f"SELECT count(*) FROM mirps_case_ledger('{case.id}')"
    assert ask(whole, INM) == [(6,)]
    assert ask("SELECT count(*) FROM casework_caseevent", INM) == [(0,)]
    for sits in (None, Seat("x", "MEX", "MEX.DIF"), Seat("x", "MEX", "MEX.INM", duty=Duty.AUDIT)):
        assert ask(whole, sits) == [(0,)]


def test_an_institution_with_a_part_records_and_reads_as_the_role_that_serves_pages(case: Walked) -> None:
    with as_role():
        cases.record(case.id, saying("sign_in", 11), seat=INM, role="inm", at=LATER)
        with custody.seated(INM):
            file = cases.case(case.number, seat=INM, at=AT)
            assert file is not None
            assert [e.act for e in file.events] == ["sign_in"]
            assert (file.state.stage, file.facts, set(file.standing)) == (
                "decision",
                {},
                {"sign_in", "apply"},
            )


def test_what_happened_is_never_changed(case: Walked, ask: Ask) -> None:
    for sql in ("UPDATE casework_caseevent SET act = 'x'", "UPDATE casework_case SET office = 'x'",
                "DELETE FROM casework_caseevent", "UPDATE casework_handling SET \"user\" = 'x'"):  # fmt: skip
        with pytest.raises((DatabaseError, psycopg.Error)), transaction.atomic():
            ask(sql, seat())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), custody.keeping():
        cases.CaseEvent.objects.update(by="x")


def test_a_seat_writes_no_event_into_a_case_that_it_does_not_see(case: Walked, ask: Ask) -> None:
    insert = f"""INSERT INTO casework_caseevent (id, case_id, act, happened_at, recorded_at, "by", role, rule, sealed,
        target, device, state, institution, office) SELECT gen_random_uuid(), '{case.id}', 'x', now(), now(), 'x', 'x',
        'x', 'x', NULL, '', 'MEX', 'MEX.DIF', ''"""
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ask(insert, Seat("x", "MEX", "MEX.DIF", purpose="procedure"))
