"""Questions compiled once answer as the ORM does, whatever was asked before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Min, Q
from django.test.utils import CaptureQueriesContext

from mirps.base.access.models import Delegation, User
from mirps.base.audit.models import AuditEntry
from mirps.base.prepared.api import Prepared, insert, insert_asking, update
from mirps.people.custody.models import Reading, ReadingOf

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)
NOBODY = UUID(int=7)


def look(by: str, at: datetime = NOW, **more: object) -> dict[str, object]:
    return {"id": uuid4(), "by": by, "state": "MEX", "institution": "MEX.COMAR", "office": "", "at": at,
            "act": "open", "purpose": "", "shown": 1, "typed": None, **more}  # fmt: skip


def test_the_second_answer_is_not_the_first_ones() -> None:
    rows = [look("ana"), look("ana", NOW - timedelta(days=2)), look("luis", act="search", typed=b"\x00\x01")]
    insert(Reading, rows)
    question = Prepared(lambda by, since: Reading.objects.filter(by=by, at__gt=since))
    for by, since, expected in (
        ("ana", NOW - timedelta(days=9), {rows[0]["id"], rows[1]["id"]}),
        ("ana", NOW - timedelta(days=1), {rows[0]["id"]}),
        ("luis", NOW - timedelta(days=1), {rows[2]["id"]}),
        ("nobody", NOW, set()),
    ):
        assert {r.id for r in question(by=by, since=since)} == expected
    found = question(by="luis", since=NOW - timedelta(days=1))[0]
    kept = Reading.objects.get(pk=found.pk)
    assert [getattr(found, f.attname) for f in Reading._meta.fields[:-1]] == [
        getattr(kept, f.attname) for f in Reading._meta.fields[:-1]
    ]
    assert bytes(found.typed or b"") == b"\x00\x01"
    assert found.at.tzinfo is not None


@pytest.mark.parametrize("many", range(1, 10))
def test_sequences_of_any_length_find_each_once(many: int) -> None:
    rows = [look("ana") for _ in range(12)]
    insert(Reading, rows)
    question = Prepared(
        lambda ids, knows: Reading.objects.filter(Q(pk__in=ids) | Q(people__subject__in=ids), act__in=knows)
        .order_by("id").values_list("id", flat=True)
    )  # fmt: skip
    wanted: list[UUID] = [row["id"] for row in rows[:many]]  # type: ignore[misc]
    assert question(ids=wanted, knows=["open"]) == sorted(wanted, key=lambda u: u.hex)
    assert question(ids=wanted, knows=["search", "print"]) == []
    assert question(ids=[], knows=["open"]) == []


def test_what_a_query_annotates_stands_on_its_rows() -> None:
    rows = [look("ana"), look("luis")]
    insert(Reading, rows)
    insert(
        ReadingOf,
        [{"reading_id": rows[0]["id"], "by": "ana", "state": "", "institution": "", "subject": NOBODY}],
    )
    question = Prepared(
        lambda act: Reading.objects.filter(act=act).annotate(n=Count("people"), first=Min("people__by"))
    )
    assert {r.by: (r.n, r.first) for r in question(act="open")} == {"ana": (1, "ana"), "luis": (0, None)}  # type: ignore[attr-defined]


def test_days_numbers_and_related_rows() -> None:
    giver, taker = (User.objects.create(username=n) for n in ("gil", "tere"))
    lent = Delegation.objects.create(
        giver=giver, taker=taker, starts=date(2026, 1, 1), ends=date(2026, 2, 1), reason="", made_at=NOW
    )
    question = Prepared(
        lambda taker, on: Delegation.objects.filter(taker=taker, starts__lte=on, ends__gte=on).select_related("giver")
    )  # fmt: skip
    assert question(taker=taker.pk, on=date(2026, 2, 2)) == []
    [found] = question(taker=taker.pk, on=date(2026, 2, 1))
    assert (found, found.starts, found.ends) == (lent, lent.starts, lent.ends)
    with CaptureQueriesContext(connection) as asked:
        assert found.giver.username == "gil"
    assert not asked.captured_queries


def test_what_would_stay_what_it_was_the_first_time_is_refused() -> None:
    """A value that the query works on before it is asked would be the first one's for ever."""
    with pytest.raises(ValueError, match="stands in the query"):
        Prepared(lambda by: User.objects.filter(username__icontains=by))(by="ana")
    with pytest.raises(TypeError):
        Prepared(lambda by: User.objects.filter(username=by))(by=None)


def test_rows_are_inserted_all_or_none() -> None:
    one = look("ana")
    insert(Reading, [one])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Reading, [look("ana"), one])
    assert Reading.objects.count() == 1
    insert(
        ReadingOf,
        [{"reading_id": one["id"], "subject": uuid4(), "by": "ana", "state": "", "institution": ""}] * 2,
    )
    assert ReadingOf.objects.filter(reading=one["id"]).count() == 2
    insert(ReadingOf, [])


def test_rows_are_inserted_with_what_they_belong_to_or_neither_is() -> None:
    def of(row: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "reading_id": row["id"],
            "subject": uuid4(),
            "by": "ana",
            "state": "",
            "institution": "",
            **more,
        }

    one, two, alone = look("ana"), look("luis"), look("eva")
    insert(ReadingOf, [of(one), of(one)], after=(Reading, one))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(ReadingOf, [of(two), of(two, subject=None)], after=(Reading, two))
    insert(ReadingOf, [], after=(Reading, alone))
    assert set(Reading.objects.values_list("by", flat=True)) == {"ana", "eva"}
    assert ReadingOf.objects.filter(reading=one["id"]).count() == ReadingOf.objects.count() == 2


def test_an_insertion_asks_what_was_there_before_and_is_not_kept_where_that_is_refused() -> None:
    question = Prepared(lambda by: Reading.objects.filter(by=by).values_list("id", flat=True))
    before: set[UUID] = set()

    def judge(found: list[UUID]) -> None:
        assert set(found) == before
        if len(found) == 3:
            raise LookupError

    def keep(n: int) -> UUID:
        row = look("ana")
        of = {"reading_id": row["id"], "subject": uuid4(), "by": "ana", "state": "", "institution": ""}
        with transaction.atomic():
            insert_asking(question, {"by": "ana"}, judge, ReadingOf, [of] * n, after=(Reading, row))
        return UUID(str(row["id"]))

    for n in range(3):
        before.add(keep(n))
    with pytest.raises(LookupError):
        keep(2)
    assert (Reading.objects.count(), ReadingOf.objects.count()) == (3, 0 + 1 + 2)


def test_a_row_is_what_the_orm_gives() -> None:
    """It is made without Django's own way of making one, which asks and tells more than anybody needs."""
    user = User.objects.create(username="ana", first_name="Ana")
    asked = User.objects.filter(username="ana").defer("last_name")
    [found] = Prepared(lambda name: User.objects.filter(username=name).defer("last_name"))(name="ana")
    kept = asked.get()
    assert vars(found).keys() == vars(kept).keys()
    assert {k: v for k, v in vars(found).items() if k != "_state"} == {
        k: v for k, v in vars(kept).items() if k != "_state"
    }
    assert (found._state.adding, found._state.db) == (False, "default")
    assert found.get_deferred_fields() == {"last_name"}
    assert (found, found.last_name) == (user, "")
    found.first_name = "Anita"
    found.save()
    assert User.objects.get(pk=user.pk).first_name == "Anita"


def test_columns_of_a_row_are_set_and_json_is_kept_as_the_orm_keeps_it() -> None:
    about = {"ñ": [1, None], "a": {"b": True}}
    told = {"at": NOW, "by": "ana", "subject": "s", "detail": about}
    insert(AuditEntry, [{**told, "act": f"a{n}"} for n in (1, 2)])
    first, second = AuditEntry.objects.filter(subject="s")
    assert (first.act, first.detail, second.act, second.detail) == ("a1", about, "a2", about)
    assert AuditEntry.objects.filter(detail__a__b=True).count() == 2
    update(AuditEntry, second.pk, {"detail": {}, "at": NOW + timedelta(1)})
    first, second = AuditEntry.objects.filter(subject="s")
    assert (first.detail, second.detail, second.at, second.act) == (about, {}, NOW + timedelta(1), "a2")
    update(AuditEntry, -1, {"by": "nobody"})
    assert not AuditEntry.objects.filter(by="nobody")
