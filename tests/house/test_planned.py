"""PostgreSQL plans once a connection what is asked again and again, with the policies of its tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.house.test_prepared import look

from mirps.base.audit.api import AuditEntry, record
from mirps.base.prepared.api import Prepared, insert, piped
from mirps.people.custody import api as custody
from mirps.people.custody.models import Reading

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEAT = custody.Seat("ana", "MEX", "MEX.COMAR")


@pytest.fixture(autouse=True)
def _postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its statements by itself")


def plans(part: str) -> list[tuple[int, int]]:
    """How often each statement that says this was run with a plan for any values, and with one made anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            [f"%{part}%"],
        )
        return cursor.fetchall()


@pytest.mark.django_db
def test_one_plan_serves_every_value() -> None:
    question = Prepared(lambda by, act: Reading.objects.filter(by=by, act=act).order_by("shown"))
    for who in ("ana", "luis", "eva", "rosa"):
        question(by=who, act="open")
    assert plans('ORDER BY "people_reading"."shown"') == [(4, 0)]


@pytest.mark.django_db
def test_rows_of_any_number_are_inserted_by_one_statement() -> None:
    before = sum(any_values for any_values, _ in plans('INSERT INTO "people_reading"'))
    for many in (2, 5, 3):
        insert(Reading, [look("ana") for _ in range(many)])
    [(any_values, made_anew)] = plans('INSERT INTO "people_reading"')
    assert (any_values - before, made_anew) == (3, 0)
    assert Reading.objects.count() == 10


@pytest.mark.django_db
def test_what_differs_from_row_to_row_is_each_rows_own() -> None:
    insert(Reading, [look("ana", shown=n, purpose="" if n else "audit") for n in range(3)])
    insert(Reading, [look("luis", shown=9)])
    kept = Reading.objects.order_by("shown").values_list("by", "shown", "purpose")
    assert list(kept) == [("ana", 0, "audit"), ("ana", 1, ""), ("ana", 2, ""), ("luis", 9, "")]


@pytest.mark.django_db
def test_what_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert(Reading, [look("ana", institution="M" * 41)])


@pytest.mark.django_db
def test_djangos_log_of_queries_holds_them() -> None:
    with CaptureQueriesContext(connection) as asked:
        Prepared(lambda id: Reading.objects.filter(id=id))(id=uuid4())
    assert ["people_reading" in each["sql"] for each in asked.captured_queries] == [True]


@pytest.mark.django_db
def test_json_days_moments_and_numbers_are_read_as_the_orm_reads_them() -> None:
    record(by="ana", at=NOW, act="test.planned", subject="x", detail={"n": 1, "of": ["á", None, 2.5]})
    [asked] = Prepared(lambda act: AuditEntry.objects.filter(act=act))(act="test.planned")
    [kept] = AuditEntry.objects.filter(act="test.planned")
    assert [(f.attname, getattr(asked, f.attname)) for f in AuditEntry._meta.concrete_fields] == [
        (f.attname, getattr(kept, f.attname)) for f in AuditEntry._meta.concrete_fields
    ]
    assert (asked.detail["of"], asked.at.utcoffset()) == (["á", None, 2.5], timedelta(0))


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_disk_where_somebody_only_looks() -> None:
    with custody.seated(SEAT, looks=True):
        assert waits() == "off"
    with custody.seated(SEAT):
        assert waits() == "on"
    with transaction.atomic(), custody.seated(SEAT, looks=True):  # part of what may keep more than a look
        assert waits() == "on"
    assert waits() == "on"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_in_a_pipe_is_kept_whole_when_its_block_ends() -> None:
    sent(look("ana"), look("luis"))
    assert set(Reading.objects.values_list("by", flat=True)) == {"ana", "luis"}


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_kept_in_a_pipe_raises_at_its_end_and_nothing_of_it_stays() -> None:
    told: list[str] = []
    with pytest.raises(DataError):
        sent(look("ana"), look("ana", institution="M" * 41), then=lambda: told.append("kept"))
    assert (told, Reading.objects.count()) == ([], 0)
    insert(Reading, [look("luis")])  # the line serves whoever comes next
    assert Reading.objects.count() == 1


@pytest.mark.django_db
def test_what_could_not_be_kept_in_a_pipe_within_a_transaction_leaves_the_rest_of_it() -> None:
    insert(Reading, [look("ana")])
    with pytest.raises(DataError), transaction.atomic(), piped():
        insert(Reading, [look("luis", institution="M" * 41)])
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_in_a_pipe_takes_back_what_was_sent() -> None:
    with pytest.raises(KeyError):
        sent(look("ana"), {})
    assert Reading.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_who_was_told_of_a_commit_finds_it_kept() -> None:
    found: list[int] = []
    sent(look("ana"), then=lambda: found.append(Reading.objects.count()))
    assert found == [1]


@pytest.mark.django_db(transaction=True)
def test_two_transactions_in_one_pipe_are_each_kept_when_they_end() -> None:
    with piped():
        with transaction.atomic():
            insert(Reading, [look("ana")])
        with pytest.raises(DataError), transaction.atomic():
            insert(Reading, [look("ana", institution="M" * 41)])
        with transaction.atomic():
            insert(Reading, [look("luis")])
    assert set(Reading.objects.values_list("by", flat=True)) == {"ana", "luis"}


@pytest.mark.django_db(transaction=True)
def test_a_part_of_a_transaction_in_a_pipe_is_kept_or_lost_with_the_whole() -> None:
    def two(second: dict[str, Any]) -> None:
        with piped(), transaction.atomic():
            insert(Reading, [look("ana")])
            with transaction.atomic():
                insert(Reading, [look("luis")])
            insert(Reading, [second])

    with pytest.raises(DataError):
        two(look("eva", institution="M" * 41))
    assert Reading.objects.count() == 0
    two(look("eva"))
    assert set(Reading.objects.values_list("by", flat=True)) == {"ana", "luis", "eva"}


@pytest.mark.django_db(transaction=True)
def test_a_line_on_which_a_page_was_refused_serves_the_next_one() -> None:
    def line() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    sent(look("ana"))
    before = line()
    with pytest.raises(KeyError):
        sent(look("luis"), {})

    def read_after_a_fault() -> None:
        with piped(), transaction.atomic():
            insert(Reading, [look("luis"), look("luis", institution="M" * 41)])
            Reading.objects.count()

    with pytest.raises(DataError):
        read_after_a_fault()
    sent(look("eva"))
    assert (line(), set(Reading.objects.values_list("by", flat=True))) == (before, {"ana", "eva"})


def sent(*rows: dict[str, Any], then: Callable[[], object] = lambda: None) -> None:
    """One transaction in a pipe: each row by a statement of its own."""
    with piped(), transaction.atomic():
        transaction.on_commit(then)
        for row in rows:
            insert(Reading, [{**row, "id": row["id"]}])


def waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_same_question_asked_several_times_at_once_gives_each_its_own_answer() -> None:
    insert(Reading, [look(by) for by in ("ana", "luis", "luis")])
    question = Prepared(lambda by: Reading.objects.filter(by=by).values_list("by", flat=True))
    for _ in range(3):  # with new cursors, then with those that were kept
        with piped():
            asked = [question.sent(by=by) for by in ("luis", "ana", "eva", "luis")]
            assert [answer() for answer in reversed(asked)] == [["luis"] * 2, [], ["ana"], ["luis"] * 2]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_asks_with_cursors_of_its_own() -> None:
    question = Prepared(lambda by: Reading.objects.filter(by=by).values_list("by", flat=True))
    assert question(by="ana") == []
    connection.close()
    insert(Reading, [look("ana")])
    assert question(by="ana") == ["ana"]


@pytest.mark.django_db(transaction=True)
def test_a_question_that_failed_is_asked_again() -> None:
    question = Prepared(lambda by: Reading.objects.filter(by=by).values_list("by", flat=True))
    insert(Reading, [look("ana")])
    for _ in range(2):
        with pytest.raises(DataError):
            question(by="a\0")
        with pytest.raises(DataError), transaction.atomic():
            insert(Reading, [look("ana", institution="M" * 41)])
        assert question(by="ana") == ["ana"]
