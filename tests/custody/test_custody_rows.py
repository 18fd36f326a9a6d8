"""PostgreSQL holds the rule itself: proved from raw sessions, as the role that serves pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from tests.custody.conftest import COMAR, INM, TAPACHULA, TENOSIQUE, Make, fact, group, person
from tests.custody.test_custody_rules import cases
from tests.registry.said import family, who

from mirps.people.custody import api as custody
from mirps.people.custody import rows
from mirps.people.custody.api import CustodyFault, Duty, Holding, Seat, sees
from mirps.people.intake import api as intake
from mirps.people.registry.models import Fact, Group, Person

ROLE = "mirps_app_of_tests"
pytestmark = pytest.mark.postgres
SEAT = Seat("rocio", *COMAR, office=TAPACHULA)
Ask = Callable[..., list[tuple[Any, ...]]]


def test_every_table_of_people_is_guarded_or_says_why_not() -> None:
    tables = {m._meta.db_table for m in apps.get_app_config("people").get_models()}
    assert tables - set(rows.POLICIES) - set(rows.OPEN) == set()
    assert set(rows.POLICIES) & set(rows.OPEN) == set()


@pytest.fixture
def role(db: None) -> str:
    """A role that owns nothing, as a node's pages are served by."""
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
    rows.grant(ROLE)
    return ROLE


@contextmanager
def as_role() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


@pytest.fixture
def ask(role: str) -> Ask:
    """A query as raw SQL, by that role, from a seat or from none."""

    def asked(sql: str, seat: Seat | None = None, *values: object) -> list[tuple[Any, ...]]:
        with as_role(), connection.cursor() as cursor:
            if seat is None:
                cursor.execute(sql, values)
                return list(cursor.fetchall())
            with custody.seated(seat):
                cursor.execute(sql, values)
                return list(cursor.fetchall())

    return asked


def test_without_a_seat_nothing_is_there(ask: Ask) -> None:
    p = person()
    fact(p, text="a note")
    fact(group(), text="another")
    for table in rows.POLICIES:
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table


def test_a_seat_of_one_office_sees_its_institution_and_no_other(ask: Ask) -> None:
    mine, theirs, foreign = person(), person(office=TENOSIQUE), person(INM, "")
    notes = {p.id: fact(p, text="a note").id for p in (mine, theirs, foreign)}
    people, facts = "SELECT id FROM people_person", "SELECT id FROM people_fact"
    assert {r[0] for r in ask(people, SEAT)} == {mine.id}
    assert {r[0] for r in ask(people, SEAT.for_purpose("referral"))} == {mine.id, theirs.id}
    assert {r[0] for r in ask(facts, SEAT)} == {notes[mine.id]}
    assert ask(people, Seat("x", "MEX", "MEX.DIF")) == []
    assert ask(people, Seat("x", "PAN", "MEX.COMAR")) == []


def test_a_fact_that_needs_clearance_is_not_there_for_who_lacks_it(ask: Ask) -> None:
    p = person()
    for sensitivity in ("", "gbv", "child", "security", "medical"):
        fact(p, sensitivity=sensitivity, text="said")
    kinds = "SELECT sensitivity FROM people_fact ORDER BY 1"
    assert ask(kinds, SEAT) == [("",)]
    assert ask(kinds, replace(SEAT, knows=frozenset({"gbv", "child"}))) == [("",), ("child",), ("gbv",)]
    assert ask(kinds, replace(SEAT, duty=Duty.AUDIT)) == []


@pytest.mark.parametrize(
    ("office", "purpose", "duty"), list(product(["", TAPACHULA], ["", "protection"], list(Duty)))
)
def test_the_database_says_what_the_rule_says(
    hire: Make, now: datetime, ask: Ask, office: str, purpose: str, duty: Duty
) -> None:
    seat = Seat("rocio", *COMAR, office=office, purpose=purpose, duty=duty)
    found = cases(hire, now)
    shown = {r[0] for r in ask("SELECT id FROM people_person", seat)}
    expected = {
        p.id
        for p, shares, glass in found
        if sees(seat, Holding(p.state, p.institution, p.office), shares=shares, glass=glass)
    }
    assert shown == expected
    assert set(Person.objects.filter(custody.seen(seat, at=now)).values_list("pk", flat=True)) == expected


def test_a_view_that_forgets_the_filter_shows_nothing_of_others(role: str) -> None:
    mine, theirs = person(), person(INM, "")
    fact(theirs, text="a note")
    with as_role():
        assert list(Person.objects.all()) == []
        with custody.seated(SEAT):
            assert list(Person.objects.all()) == [mine]
            assert list(Fact.objects.all()) == []
            assert not Person.objects.filter(pk=theirs.pk).exists()
        assert list(Person.objects.all()) == []


def test_a_seat_ends_with_its_block_and_the_one_before_sits_again(role: str) -> None:
    here, there = person(), person(INM, "")
    other = Seat("irene", *INM)
    with as_role(), custody.seated(SEAT):
        with custody.seated(other):
            assert list(Person.objects.all()) == [there]
        assert list(Person.objects.all()) == [here]
        with pytest.raises(RuntimeError), custody.seated(other):
            raise RuntimeError
        assert list(Person.objects.all()) == [here]


NO = ("permission denied", "row-level security", "never changed")


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses a statement, or changes nothing by it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount == 0
    except DatabaseError as fault:
        return any(words in str(fault) for words in NO)


def test_nobody_writes_in_another_institutions_name_or_into_its_files(role: str) -> None:
    mine, theirs = person(), person(INM, "")
    with as_role(), custody.seated(SEAT):
        columns = "id, number, level, state, institution, office, registered_at, recorded_at, by"
        new = f"INSERT INTO people_person ({columns}) VALUES (%s, %s, '', %s, %s, %s, now(), now(), 'rocio')"
        assert refused(new, uuid4(), "n1", *INM, "")
        assert refused(new, uuid4(), "n2", *COMAR, TENOSIQUE)
        assert not refused(new, uuid4(), "n3", *COMAR, TAPACHULA)
        for table, subject in (("people_person", mine.pk), ("people_person", theirs.pk)):
            assert refused(f"DELETE FROM {table} WHERE id = %s", subject)
        assert refused("UPDATE people_person SET level = 'x' WHERE id = %s", theirs.pk)
        assert refused("UPDATE people_person SET institution = 'MEX.INM' WHERE id = %s", mine.pk)
    with pytest.raises(DatabaseError, match="row-level security"), as_role(), custody.seated(SEAT):
        fact(theirs, text="slipped in")


def test_facts_are_never_changed_and_removed_by_retention_alone(role: str) -> None:
    note = fact(person(), text="a note")
    keep = "UPDATE people_fact SET in_force = false WHERE id = %s"
    with as_role(), custody.seated(SEAT):
        for column in ("sealed = ''", "kind = 'x'", "sensitivity = 'gbv'", "by = 'x'"):
            assert refused(f"UPDATE people_fact SET {column} WHERE id = %s", note.pk), column
        assert not refused(keep, note.pk), "what is replaced stands no more"
        assert refused("DELETE FROM people_fact WHERE id = %s", note.pk)
    with as_role(), custody.seated(replace(SEAT, duty=Duty.RETENTION)):
        assert not refused("DELETE FROM people_fact WHERE id = %s", note.pk)


def test_the_log_of_reads_is_added_to_in_ones_own_name_and_nothing_else(
    role: str, hire: Make, now: datetime
) -> None:
    with as_role(), custody.seated(SEAT):
        row = custody.shown(seat=SEAT, act="open", subjects=[uuid4()], at=now)
        for sql in (
            "UPDATE people_reading SET by = 'x'", "DELETE FROM people_reading", "DELETE FROM people_readingof",
            "UPDATE people_readingof SET subject = gen_random_uuid()", "TRUNCATE people_reading CASCADE",
        ):  # fmt: skip
            assert refused(sql), sql
    with pytest.raises(DatabaseError, match="row-level security"), as_role(), custody.seated(SEAT):
        custody.shown(seat=replace(SEAT, user="tomas"), act="open", subjects=[], at=now)
    assert custody.Reading.objects.get() == row


def test_its_rows_are_not_even_changed_by_the_owner(role: str, now: datetime) -> None:
    custody.shown(seat=SEAT, act="open", subjects=[uuid4()], at=now)
    for sql in ("UPDATE people_reading SET shown = 0", "DELETE FROM people_readingof"):
        assert refused(sql), sql


def test_who_audits_sees_who_read_and_what_others_read_of_our_files(ask: Ask, now: datetime) -> None:
    mine, theirs = person(), person(INM, "")
    custody.shown(seat=SEAT, act="open", subjects=[mine.id], at=now)
    custody.shown(seat=SEAT, act="search", subjects=[], at=now)
    custody.shown(seat=Seat("irene", *INM), act="open", subjects=[mine.id], at=now)
    custody.shown(seat=Seat("irene", *INM), act="open", subjects=[theirs.id], at=now)
    who = "SELECT by, act FROM people_reading ORDER BY 1, 2"
    auditor = Seat("diego", *COMAR, duty=Duty.AUDIT)
    assert ask(who, auditor) == [("irene", "open"), ("rocio", "open"), ("rocio", "search")]
    assert ask(who, Seat("sofia", *COMAR)) == [], "a desk reads no log but its own"
    assert ask(who, SEAT) == [("rocio", "open"), ("rocio", "search")]


def test_jobs_of_the_node_see_every_row_and_never_run_as_the_role_that_serves_pages(role: str) -> None:
    """One that saw none would take all for lost: keys would be retired that rows still need."""
    person()
    with as_role(), pytest.raises(CustodyFault, match="not-owner"), custody.keeping():
        pytest.fail("let in")
    with as_role(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mirps.keeper', 'on', true)")
        assert Person.objects.count() == 0, "the word opens nothing for that role"
        cursor.execute("SELECT set_config('mirps.keeper', '', true)")
    with custody.keeping():
        assert Person.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT mirps_seat('keeper')")
        assert cursor.fetchone() == (None,)


def test_an_owner_who_is_no_superuser_is_held_too(role: str) -> None:
    """Forced: a node whose pages are served by the owner by mistake shows nothing without a seat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'mirps_owner_of_tests'")
        if not cursor.fetchone():
            cursor.execute("CREATE ROLE mirps_owner_of_tests NOSUPERUSER NOBYPASSRLS")
        cursor.execute("GRANT CREATE ON SCHEMA public TO mirps_owner_of_tests")
        cursor.execute("ALTER TABLE people_person OWNER TO mirps_owner_of_tests")
        cursor.execute("GRANT SELECT ON people_glass, people_glassof, people_share TO mirps_owner_of_tests")
        person()
        cursor.execute("SET ROLE mirps_owner_of_tests")
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)
        with pytest.raises(CustodyFault), custody.keeping():
            pytest.fail("the keeper is whoever migrated")
        cursor.execute("RESET ROLE")


def test_a_node_is_told_what_is_wrong_with_its_role(role: str) -> None:
    assert "bypass" in rows.faults(), "tests run as the cluster's superuser"
    with as_role():
        assert rows.faults() == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_fact NO FORCE ROW LEVEL SECURITY")
    with as_role():
        assert rows.faults() == ["open people_fact"]


def test_another_session_never_finds_a_seat_that_somebody_left(role: str) -> None:
    """A connection that was used from a seat is handed on without it."""
    with connection.cursor() as cursor:
        with custody.seated(SEAT):
            cursor.execute("SELECT mirps_seat('institution')")
            assert cursor.fetchone() == ("MEX.COMAR",)
        cursor.execute("SELECT mirps_seat('institution')")
        assert cursor.fetchone() == (None,)


def test_limits_hold_for_the_role_that_serves_pages(role: str, now: datetime) -> None:
    with as_role():
        for _ in range(custody.limits()["open"].hour):
            custody.admit(seat=SEAT, act="open", at=now)
            with custody.seated(SEAT):
                custody.shown(seat=SEAT, act="open", subjects=[uuid4()], at=now)
        with pytest.raises(custody.TooMany):
            custody.admit(seat=SEAT, act="open", at=now)
        with pytest.raises(custody.TooMany), custody.seated(SEAT, looks=True):
            custody.shown(seat=SEAT, act="open", subjects=[uuid4()], at=now, limited=True)


def test_the_job_that_compares_is_told_what_waits_and_sits_down_for_each(role: str, now: datetime) -> None:
    intake.take(family(who()), seat=SEAT.for_purpose("registration"), door="page", at=now)
    with as_role():
        assert intake.Arrival.objects.count() == 1
        assert intake.compare_waiting(at=now) == 1
        assert intake.compare_waiting(at=now) == 0
        assert intake.Arrival.objects.count() == 0
        with custody.seated(Seat("irene", *INM)):
            assert intake.Arrival.objects.count() == 0


def test_groups_are_held_as_persons_are(ask: Ask) -> None:
    mine, theirs = group(), group(INM, "")
    fact(theirs, "address", line="somewhere")
    assert ask("SELECT id FROM people_group", SEAT) == [(mine.id,)]
    assert ask("SELECT id FROM people_fact", SEAT) == []
    assert Group.objects.filter(custody.seen(SEAT, at=theirs.recorded_at + timedelta(days=1))).get() == mine


@pytest.mark.django_db(transaction=True)
def test_a_raw_session_with_the_pages_password_reads_nothing_and_writes_nothing() -> None:
    """What somebody gets who steals the page server's password to the database and no more."""
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
    rows.grant(ROLE)
    p = person()
    fact(p, text="a note")
    fact(p, sensitivity="gbv", text="another")
    custody.shown(seat=SEAT, act="open", subjects=[p.id], at=p.recorded_at)
    settings = {
        k: v for k, v in connection.get_connection_params().items() if k in ("host", "port", "dbname")
    }
    with psycopg.connect(**settings, user=ROLE, autocommit=True) as raw:
        for table in rows.POLICIES:
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        for statement in (
            "DROP POLICY seat ON people_person", "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE people_fact OWNER TO current_user", "CREATE TABLE mine (x int)", "SET ROLE mirps",
            "SET row_security = off; SELECT count(*) FROM people_person", "DELETE FROM people_reading",
        ):  # fmt: skip
            with pytest.raises(psycopg.Error):
                raw.execute(statement)
        with raw.transaction():
            for name, value in (("user", "rocio"), ("state", "MEX"), ("institution", "MEX.COMAR")):
                raw.execute("SELECT set_config('mirps.' || %s, %s, true)", [name, value])
            assert raw.execute("SELECT count(*) FROM people_person").fetchone() == (1,)
            assert raw.execute("SELECT count(*) FROM people_fact").fetchone() == (1,), (
                "the need-to-know one is not there"
            )
            assert raw.execute("SELECT count(*) FROM people_reading").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
