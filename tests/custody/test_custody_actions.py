"""What is looked at is kept; emergency access is told and reviewed; some acts take two; much is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.custody.conftest import COMAR, INM, TAPACHULA, Make, person, sit

from mirps.base.access import api as access
from mirps.base.access.api import NotAllowed
from mirps.base.audit.api import AuditEntry
from mirps.base.notices.api import Notice
from mirps.people.custody import api as custody
from mirps.people.custody.api import CustodyFault, Glass, Reading, ReadingOf, Request, TooMany
from mirps.people.custody.queries import limits
from mirps.people.registry.models import Person

WHY = "Her mother is in hospital and no one else can sign"


def of_inm(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    return {p.id: (p.state, p.institution) for p in Person.objects.filter(pk__in=list(ids))}


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def test_a_look_is_kept_with_who_was_shown_and_what_was_typed_is_sealed(hire: Make, now: datetime) -> None:
    seat = sit(hire("rocio", "registration-officer", office=TAPACHULA)).for_purpose("verification")
    ids = [uuid4(), uuid4()]
    row = custody.shown(seat=seat, act="search", subjects=[*ids, ids[0]], typed="Ximena Vásquez", at=now)
    row.refresh_from_db()
    assert (row.by, row.office, row.purpose, row.shown) == ("rocio", TAPACHULA, "verification", 2)
    assert {of.subject for of in row.people.all()} == set(ids)
    assert b"Ximena" not in bytes(row.typed or b"")
    assert custody.opened(row, "typed") == "Ximena Vásquez"
    assert [r.pk for r in custody.readings_of(ids[:1])] == [row.pk]
    assert [r.pk for r in custody.readings_by("rocio", "MEX.COMAR")] == [row.pk]


@pytest.mark.parametrize("model", [Reading, ReadingOf])
def test_no_look_is_changed_or_removed(hire: Make, now: datetime, model: type[Reading | ReadingOf]) -> None:
    custody.shown(seat=sit(hire("rocio", "registration-officer")), act="open", subjects=[uuid4()], at=now)
    for change in (lambda: model.objects.update(by="nobody"), model.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    table = model._meta.db_table
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET state = 'PAN'")
    assert model.objects.filter(by="rocio", state="MEX").count() == 1


def test_after_as_many_files_as_may_be_opened_the_next_is_refused_and_told(hire: Make, now: datetime) -> None:
    hire("sofia", "registration-supervisor")
    hire("diego", "data-protection-officer")
    seat = sit(hire("rocio", "registration-officer"))
    for _ in range(limits()["open"].hour):
        custody.admit(seat=seat, act="open", at=now)
        custody.shown(seat=seat, act="open", subjects=[uuid4()], at=now)
    with pytest.raises(TooMany) as met:
        custody.admit(seat=seat, act="open", at=now)
    custody.admit(seat=seat, act="search", at=now)
    for _ in range(2):
        custody.tell_of_limit(seat=seat, met=met.value, at=now)
    assert told("custody.limit") == ["diego", "sofia"], "each is told once, however often it is met"
    custody.admit(seat=seat, act="open", at=now + timedelta(minutes=61))


@pytest.mark.django_db(transaction=True)
def test_a_look_that_meets_the_limit_is_refused_and_not_kept(hire: Make, now: datetime) -> None:
    seat = sit(hire("rocio", "registration-officer"))
    for _ in range(limits()["open"].hour):
        custody.shown(seat=seat, act="open", subjects=[uuid4()], at=now, limited=True)
    kept = Reading.objects.count(), ReadingOf.objects.count()
    with pytest.raises(TooMany):
        custody.shown(seat=seat, act="open", subjects=[uuid4(), uuid4()], at=now, limited=True)
    assert (Reading.objects.count(), ReadingOf.objects.count()) == kept
    custody.shown(seat=seat, act="search", subjects=[], at=now, limited=True)
    custody.shown(seat=seat, act="open", subjects=[uuid4()], at=now + timedelta(minutes=61), limited=True)


def test_a_broken_glass_is_told_to_both_sides_and_ends_by_itself(hire: Make, now: datetime) -> None:
    for name, role, body in (
        ("sofia", "registration-supervisor", COMAR), ("diego", "data-protection-officer", COMAR),
        ("ines", "data-protection-officer", INM), ("luis", "registration-officer", INM),
    ):  # fmt: skip
        hire(name, role, body)
    seat, theirs = sit(hire("rocio", "registration-officer")), person(INM, "")
    row = custody.break_glass(seat=seat, subjects=[theirs.id], reason=WHY, at=now, holders=of_inm)
    assert told("custody.glass") == ["diego", "ines", "sofia"]
    assert WHY.encode() not in bytes(row.sealed)
    assert custody.opened(row, "sealed") == WHY
    assert [(f.holder_state, f.holder) for f in row.files.all()] == [INM]
    assert custody.opened_by_glass(seat, [theirs.id], at=now) == {theirs.id}
    assert custody.opened_by_glass(seat, [theirs.id], at=row.until) == set()
    assert AuditEntry.objects.filter(act="glass.opened", subject=f"glass/{row.pk}").exists()
    assert list(custody.glasses(*INM)) == list(custody.glasses(*COMAR)) == [row]


@pytest.mark.parametrize(
    ("reason", "key"), [("urgent", "least"), ("                         ", "least"), (WHY, "needless")]
)
def test_the_glass_is_not_broken_without_a_reason_or_a_need(
    hire: Make, now: datetime, reason: str, key: str
) -> None:
    seat, ours = sit(hire("rocio", "registration-officer")), person()
    with pytest.raises(CustodyFault, match=f"custody.glass.{key}"):
        custody.break_glass(seat=seat, subjects=[ours.id], reason=reason, at=now, holders=of_inm)
    assert not Glass.objects.exists()
    assert not Notice.objects.exists()


def test_a_number_of_nobody_opens_nothing(hire: Make, now: datetime) -> None:
    seat = sit(hire("rocio", "registration-officer"))
    with pytest.raises(CustodyFault, match="nobody"):
        custody.break_glass(
            seat=seat, subjects=[person(INM, "").id, uuid4()], reason=WHY, at=now, holders=of_inm
        )
    assert not Glass.objects.exists()


def test_emergency_access_has_a_limit_too(hire: Make, now: datetime) -> None:
    seat = sit(hire("rocio", "registration-officer"))
    for _ in range(limits()["glass"].hour):
        custody.break_glass(seat=seat, subjects=[person(INM, "").id], reason=WHY, at=now, holders=of_inm)
    with pytest.raises(TooMany):
        custody.break_glass(seat=seat, subjects=[person(INM, "").id], reason=WHY, at=now, holders=of_inm)


def test_either_side_reviews_it_once_and_what_was_not_justified_ends(hire: Make, now: datetime) -> None:
    ines = hire("ines", "data-protection-officer", INM)
    seat = sit(hire("rocio", "registration-officer"))
    row = custody.break_glass(seat=seat, subjects=[person(INM, "").id], reason=WHY, at=now, holders=of_inm)
    with pytest.raises(CustodyFault, match="verdict"):
        custody.review_glass(glass=row.pk, by=ines, verdict="justified", said=" ", at=now)
    done = custody.review_glass(glass=row.pk, by=ines, verdict="unjustified", said="No emergency", at=now)
    assert done.closed_at == now
    assert custody.opened(done, "said") == "No emergency"
    assert told("custody.glass-reviewed") == ["rocio"]
    with pytest.raises(CustodyFault, match="reviewed"):
        custody.review_glass(glass=row.pk, by=ines, verdict="justified", said="After all", at=now)


def test_nobody_reviews_their_own_glass_nor_by_a_stand_in(hire: Make, now: datetime) -> None:
    rocio, ines = hire("rocio", "registration-officer"), hire("ines", "reader")
    hire("rocio", "data-protection-officer")
    row = custody.break_glass(
        seat=sit(rocio), subjects=[person(INM, "").id], reason=WHY, at=now, holders=of_inm
    )
    with pytest.raises(NotAllowed):
        custody.review_glass(glass=row.pk, by=ines, verdict="justified", said="Fine", at=now)
    access.lend(
        giver=rocio, taker=ines, starts=now.date(), ends=now.date(), reason="leave", by="rocio", at=now
    )
    for by in (rocio, ines):
        with pytest.raises(CustodyFault, match="four-eyes"):
            custody.review_glass(glass=row.pk, by=by, verdict="justified", said="Fine", at=now)


def test_who_opened_it_may_close_it_before_its_time_and_a_stranger_may_not(hire: Make, now: datetime) -> None:
    rocio, tomas = hire("rocio", "registration-officer"), hire("tomas", "registration-officer")
    row = custody.break_glass(
        seat=sit(rocio), subjects=[person(INM, "").id], reason=WHY, at=now, holders=of_inm
    )
    with pytest.raises(NotAllowed):
        custody.close_glass(glass=row.pk, by=tomas, at=now)
    assert custody.close_glass(glass=row.pk, by=rocio, at=now).closed_at == now


def test_what_takes_two_is_asked_by_one_approved_by_another_and_done_once(hire: Make, now: datetime) -> None:
    sofia, octavio = (hire(n, "registration-supervisor") for n in ("sofia", "octavio"))
    subject = f"{uuid4()} {uuid4()}"
    row = custody.ask(seat=sit(sofia), act="person.merge", subject=subject, detail="Same card", at=now)
    assert custody.ask(
        seat=sit(sofia), act="person.merge", subject=subject, detail="Again", at=now
    ) == row  # fmt: skip
    assert told("custody.request") == ["octavio"]
    with pytest.raises(CustodyFault, match="four-eyes"):
        custody.decide(request=row.pk, by=sofia, approve=True, said="", at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        custody.use(request=row.pk, act="person.merge", subject=subject, by="sofia", at=now)
    custody.decide(request=row.pk, by=octavio, approve=True, said="", at=now)
    assert told("custody.decided") == ["sofia"]
    for wrong in ({"subject": "another"}, {"act": "person.unmerge"}, {"by": "rocio"}):
        with pytest.raises(CustodyFault, match="not-approved"):
            custody.use(**{"request": row.pk, "act": "person.merge", "subject": subject, "by": "sofia", "at": now}
                        | wrong)  # fmt: skip
    custody.use(request=row.pk, act="person.merge", subject=subject, by="sofia", at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        custody.use(request=row.pk, act="person.merge", subject=subject, by="sofia", at=now)


def test_a_refusal_says_why_and_an_approval_runs_out(hire: Make, now: datetime) -> None:
    sofia, octavio = (hire(n, "registration-supervisor") for n in ("sofia", "octavio"))
    row = custody.ask(seat=sit(sofia), act="person.export", subject="list", detail="For WFP", at=now)
    with pytest.raises(CustodyFault, match="why"):
        custody.decide(request=row.pk, by=octavio, approve=False, said=" ", at=now)
    custody.decide(request=row.pk, by=octavio, approve=True, said="", at=now)
    with pytest.raises(CustodyFault, match="not-approved"):
        custody.use(
            request=row.pk, act="person.export", subject="list", by="sofia", at=now + timedelta(days=8)
        )
    refused = custody.ask(seat=sit(sofia), act="person.unhide", subject="x", detail="Why not", at=now)
    custody.decide(request=refused.pk, by=octavio, approve=False, said="Not needed", at=now)
    with pytest.raises(CustodyFault, match="answered"):
        custody.decide(request=refused.pk, by=octavio, approve=True, said="", at=now)


def test_who_lacks_the_right_neither_asks_nor_decides(hire: Make, now: datetime) -> None:
    rocio, sofia = hire("rocio", "registration-officer"), hire("sofia", "registration-supervisor")
    salma = hire("salma", "registration-supervisor", INM)
    with pytest.raises(NotAllowed):
        custody.ask(seat=sit(rocio), act="person.merge", subject="x", detail="Same", at=now)
    row = custody.ask(seat=sit(sofia), act="person.merge", subject="x", detail="Same", at=now)
    for by in (rocio, salma):
        with pytest.raises(NotAllowed):
            custody.decide(request=row.pk, by=by, approve=True, said="", at=now)
    assert Request.objects.get().answer == ""


def test_a_withdrawn_consent_ends_what_it_shared(db: None, now: datetime) -> None:
    subject, consents = uuid4(), [uuid4(), uuid4()]
    for consent in consents:
        custody.share(subject=subject, state="MEX", institution="MEX.INM", purpose="referral", consent=consent,
                      until=now + timedelta(days=30), by="rocio", at=now)  # fmt: skip
    every = custody.Share.objects.filter(subject=subject)
    assert custody.end_shares(shares=every.filter(consent=consents[0]), by="rocio", at=now) == 1
    assert custody.end_shares(shares=every, by="rocio", at=now) == 1
    assert custody.end_shares(shares=every, by="rocio", at=now) == 0
