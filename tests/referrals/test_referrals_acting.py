"""Within a State: somebody is referred with her agreement, taken up, answered and closed, and each side knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from tests.custody.conftest import Make, hire, now
from tests.referrals.desks import (
    AT,
    CLEARED,
    COMAR,
    HEALTH,
    KEEPER,
    consents,
    does,
    file,
    held,
    refer,
    registered,
)
from tests.registry.said import fact

from mirps.base.audit.api import AuditEntry
from mirps.base.notices.api import Notice
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals import letting_go
from mirps.casework.referrals.api import (
    Act,
    Referral,
    ReferralEvent,
    ReferralFault,
    ReferralPart,
    Side,
    Stage,
)
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db


def refused(why: str) -> pytest.RaisesExc[ReferralFault] | object:
    return pytest.raises(ReferralFault, match=rf"^referrals\.fault\.{why} ")


def test_from_the_desk_that_sends_to_the_outcome_and_the_end() -> None:
    row = refer(registered())
    assert (row.stage, row.turn, row.due) == ("sent", "receiver", (AT + timedelta(days=3)).date())
    assert not file(row, HEALTH).readable
    does(row, Act.OPEN, days=1)
    with custody.seated(HEALTH):
        told = referrals.said(row, HEALTH)
    assert told.items[0][1] == {"kind": "name", "data": {"given": "Ximena", "surnames": "Vásquez López"}}
    assert told.words == "She coughs since the journey."
    does(row, Act.ACCEPT, day=(AT + timedelta(days=4)).date(), days=1)
    does(row, Act.REPORT, "attended", "She is on treatment.", days=20)
    closed = does(row, Act.CLOSE, "done", seat=COMAR, days=21)
    assert (closed.stand.stage, closed.stand.outcome, closed.row.final) == (Stage.CLOSED, "attended", True)
    assert AuditEntry.objects.filter(subject=f"referral/{row.pk}").count() == 5


def test_without_a_standing_consent_for_it_nobody_is_referred_and_the_reason_is_told() -> None:
    with refused("no-consent"):
        refer(registered(agrees=False))
    abroad = registered(to="share-abroad")
    with refused("no-consent"):
        refer(abroad)
    until = fact("consent", purpose="share-state", given="given", until="2026-11-22")
    with refused("no-consent"):
        refer(registered(until, agrees=False))
    assert not Referral.objects.exists()
    assert refer(abroad, to="GTM.SBS", abroad=["GTM.SBS"])


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"service": "gbv"}, "service"),
        ({"service": "magic"}, "service"),
        ({"to": "MEX.COMAR"}, "to"),
        ({"to": "GTM.SBS"}, "to"),
        ({"to": "nobody"}, "to"),
        ({"words": "  "}, "asks"),
        ({"words": "x" * 2001}, "asks"),
        ({"reply": "x" * 301}, "words"),
        ({"items": [("", {"kind": "sex", "data": {"sex": "F"}})]}, "nameless"),
        ({"items": [("", {"kind": "name", "data": {"given": "Other"}})]}, "items"),
        ({"items": [("", {"kind": "document", "data": {"type": "id", "number": "1"}})]}, "items"),
        ({"follows": uuid4()}, "none"),
    ],
)
def test_what_may_not_be_sent_is_refused_with_the_reason(how: dict[str, object], why: str) -> None:
    person = registered()
    with refused(why):
        refer(person, **how)  # type: ignore[arg-type]
    assert not Referral.objects.exists()


def test_only_whoever_keeps_the_file_refers() -> None:
    person = registered()
    inm = Seat("inma", "MEX", "MEX.INM", purpose="referral")
    with custody.seated(inm), refused("not-yours"):
        referrals.send(
            id=uuid4(),
            held=held(person),
            service="health",
            to="MEX.SSA",
            items=[],
            words="x",
            seat=inm,
            at=AT,
        )


def test_sent_twice_it_is_one_and_an_act_said_twice_is_one() -> None:
    person, id_, act = registered(), uuid4(), uuid4()
    assert refer(person, id=id_).pk == refer(person, id=id_).pk
    for _ in range(2):
        found = does(id_, Act.OPEN, id=act)
    assert [e.act for e in found.events] == [Act.OPEN, Act.SEND]


def test_what_was_not_opened_is_not_answered_and_what_ended_stays_ended() -> None:
    row = refer(registered())
    with refused("not-now"):
        does(row, Act.ACCEPT)
    with refused("not-now"):
        does(row, Act.OPEN, seat=COMAR)
    does(row, Act.WITHDRAW, "mistake", seat=COMAR)
    with refused("not-now"):
        does(row, Act.OPEN)


def test_only_the_two_institutions_see_it_and_a_need_to_know_one_only_who_is_cleared() -> None:
    gbv = fact("need", need="gbv")
    row = refer(registered(gbv), "gbv", seat=CLEARED)
    for seat in (COMAR, HEALTH, Seat("x", "MEX", "MEX.INM", purpose="referral"), Seat("x", "GTM", "MEX.SSA")):
        with custody.seated(seat):
            assert referrals.file(row.pk, seat=seat) is None
    cleared = Seat("doctor", "MEX", "MEX.SSA", knows=frozenset({"gbv"}), purpose="referral")
    does(row, Act.OPEN, seat=cleared)
    with custody.seated(cleared):
        assert ("gbv", {"kind": "need", "data": {"need": "gbv"}}) in referrals.said(row, cleared).items


def test_a_need_to_know_part_is_hidden_from_who_is_not_cleared_and_that_is_said() -> None:
    doctor = Seat("doctor", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", frozenset({"medical"}), purpose="referral")
    row = refer(registered(fact("need", need="medical")), seat=doctor)
    does(row, Act.OPEN)
    for seat, knows in ((HEALTH, False), (Seat("d", "MEX", "MEX.SSA", knows=frozenset({"medical"})), True)):
        with custody.seated(seat):
            told = referrals.said(row, seat)
        assert told.hidden is not knows
        assert any(i["kind"] == "need" for _, i in told.items) is knows


def test_what_is_said_of_the_person_lies_sealed() -> None:
    row = refer(registered())
    does(row, Act.OPEN)
    does(row, Act.NOTE, words="Vásquez did not come")
    with connection.cursor() as cursor:
        for table in ("referral", "referralpart", "referralevent"):
            cursor.execute(f"SELECT * FROM casework_{table}")
            assert not any(
                n in repr(cursor.fetchall()) for n in ("Vásquez", "Ximena", "coughs", "9991234567")
            )


def test_a_consent_that_is_withdrawn_takes_back_at_once_what_was_sent() -> None:
    person = registered()
    unread, read, done = refer(person), refer(person), refer(person)
    does(read, Act.OPEN)
    for act, reason in ((Act.OPEN, ""), (Act.REFUSE, "no-capacity")):
        does(done, act, reason)
    does(done, Act.CLOSE, "not-taken", seat=COMAR)
    consents(person, at=AT + timedelta(hours=1))
    for row in (unread, read):
        found = file(row, HEALTH)
        assert (found.stand.stage, found.events[-1].reason) == (Stage.WITHDRAWN, "consent")
        with custody.seated(HEALTH):
            assert not referrals.said(row, HEALTH).there
    assert file(done).stand.stage is Stage.CLOSED
    with refused("no-consent"):
        refer(person, at=AT + timedelta(hours=2))


def test_a_consent_to_another_thing_takes_nothing_back() -> None:
    person = registered()
    row = refer(person)
    consents(person, purpose="photo", given="refused", at=AT + timedelta(hours=1))
    assert file(row).stand.stage is Stage.SENT


def test_a_consent_that_runs_out_takes_back_too_and_each_day_is_seen_to_once() -> None:
    until = fact("consent", purpose="share-state", given="given", until="2026-11-30")
    row = refer(registered(until, agrees=False))
    assert referrals.see_to(at=AT + timedelta(days=2)) == 0
    assert referrals.see_to(at=AT + timedelta(days=12)) == 1
    assert referrals.see_to(at=AT + timedelta(days=12, hours=1)) == 0
    assert file(row).stand.stage is Stage.WITHDRAWN


def test_whoever_answers_at_the_other_institution_is_told_and_reminded_and_no_notice_tells_of_whom(
    hire: Make,
) -> None:
    for name, body in (
        ("ana", ("MEX", "MEX.COMAR")),
        ("rosa", ("MEX", "MEX.COMAR")),
        ("sofia", ("MEX", "MEX.SSA")),
    ):
        hire(name, "registration-officer", body)
    hire("inma", "registration-officer", ("MEX", "MEX.INM"))
    row = refer(registered())

    def told(kind: str) -> list[str]:
        return sorted(Notice.objects.filter(kind=f"referral.{kind}").values_list("user__username", flat=True))

    assert (told("came"), told("answered")) == (["sofia"], [])
    does(row, Act.OPEN)
    does(row, Act.ACCEPT)
    assert told("answered") == ["ana", "rosa"]
    assert referrals.see_to(at=AT + timedelta(days=30)) == 0
    assert referrals.see_to(at=AT + timedelta(days=31)) == 1
    assert told("due") == ["ana", "rosa", "sofia"]
    assert all(set(n.params) == set() and n.section == str(row.pk) for n in Notice.objects.all())


def test_on_the_last_day_by_the_clock_of_the_state_nobody_is_reminded_yet() -> None:
    refer(registered())
    assert referrals.see_to(at=datetime(2026, 11, 25, 1, tzinfo=UTC)) == 0, (
        "the 24th, at seven in the evening"
    )
    assert referrals.see_to(at=datetime(2026, 11, 25, 7, tzinfo=UTC)) == 1


def test_those_of_which_another_node_has_nothing_to_hear_are_not_read_again_each_minute(
    settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.NODE = "MEX"
    for _ in range(3):
        refer(registered(to="share-abroad"), "shelter", "GTM.SBS", abroad=None)
    for letter in referrals.outgoing(at=AT):
        referrals.went(letter, at=AT)
    with django_assert_max_num_queries(6):
        assert not list(referrals.outgoing(at=AT + timedelta(hours=1)))
    assert len(list(referrals.outgoing(at=AT + referrals.AGAIN))) == 3


def test_overdue_ones_are_found_on_either_side() -> None:
    row, day = refer(registered()), (AT + timedelta(days=4)).date()
    for seat, side in ((COMAR, Side.SENDER), (HEALTH, Side.RECEIVER)):
        with custody.seated(seat):
            mine = referrals.seen(seat, side)
            assert list(referrals.overdue(mine, on=day)) == [row]
            assert not referrals.overdue(mine, on=row.due)


def test_the_receiver_says_who_it_is_among_its_own_files_and_nobody_else_learns_it() -> None:
    row = refer(registered())
    theirs = registered()
    does(row, Act.OPEN)
    with refused("person"):
        referrals.recognise(referral=row.pk, person=theirs, seat=HEALTH, at=AT)
    moved = Referral.objects.get(pk=row.pk)
    assert moved.registered_id is None


def test_what_it_carried_goes_ninety_days_after_its_end() -> None:
    row = refer(registered())
    does(row, Act.OPEN)
    does(row, Act.REFUSE, "outside-area")
    does(row, Act.CLOSE, "not-taken", seat=COMAR)
    assert referrals.see_to(at=AT + timedelta(days=89)) == 0
    assert referrals.see_to(at=AT + timedelta(days=91)) == 1
    assert not ReferralPart.objects.exists()
    assert not Referral.objects.get(pk=row.pk).watched


def test_it_goes_with_the_persons_whom_it_is_about_on_either_side() -> None:
    alone, both = refer(first := registered()), refer(second := registered())
    theirs = registered()
    Referral.objects.filter(pk=both.pk).update(registered=theirs)
    with custody.seated(KEEPER):
        letting_go.let_go([], [first, second])
    assert list(Referral.objects.values_list("pk", "person", "registered")) == [(both.pk, None, theirs)]
    assert not ReferralPart.objects.exists()
    assert not ReferralEvent.objects.filter(referral=alone.pk).exists()
    with custody.seated(KEEPER):
        letting_go.let_go([], [theirs])
    assert not Referral.objects.exists()
    assert not ReferralEvent.objects.exists()
