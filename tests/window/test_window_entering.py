"""Nobody enters but by both secrets, nobody learns which was wrong, and what a person does is kept."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from string import ascii_uppercase, digits
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.desks import AT, at_decision, claimed, posted, saying, seat
from tests.registry.said import family, ids, who

from mirps.base.crypto import api as crypto
from mirps.base.crypto import keyring
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.casework.window import api as window
from mirps.casework.window import rules
from mirps.casework.window.api import Wait, WindowAccess, WindowFault
from mirps.casework.window.models import WindowItem, WindowTry, WindowVisit
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

pytestmark = pytest.mark.django_db
SECRET = "482915"
CLAIMED = {"entered_on": "2026-02-20", "nationality": "NIC"}


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def _person(case: object) -> UUID:
    found: UUID = cases.Subject.objects.filter(case=case.id).order_by("id")[0].person_id  # type: ignore[attr-defined]
    return found


@pytest.fixture
def access() -> WindowAccess:
    posted()
    person = _person(claimed(who(phone="+52 55 5555 1234")))
    row, _ = window.open_window(person, SECRET, seat=seat(), at=AT)
    return row


def _in(access: WindowAccess) -> window.Visit:
    found = window.visit(window.enter(access.code, SECRET, at=AT), at=AT)
    assert found is not None
    return found


def test_code_and_secret_let_in_however_they_are_typed(access: WindowAccess) -> None:
    word = window.enter(access.code.lower().replace("-", " "), f" {SECRET} ", at=AT)
    assert window.visit(word, at=AT).access == access  # type: ignore[union-attr]
    assert access.code[3:6] == "-V-"


def test_a_visit_ends_when_left_or_left_alone(access: WindowAccess) -> None:
    word = window.enter(access.code, SECRET, at=AT)
    assert window.visit(word, at=AT + timedelta(minutes=9))
    assert window.visit(word, at=AT + timedelta(minutes=18))
    assert window.visit(word, at=AT + timedelta(minutes=30)) is None
    for minutes in range(0, 70, 9):
        word = word if minutes else window.enter(access.code, SECRET, at=AT)
        last = window.visit(word, at=AT + timedelta(minutes=minutes))
    assert last is None
    word = window.enter(access.code, SECRET, at=AT)
    window.leave(word)
    assert window.visit(word, at=AT) is None
    assert not WindowVisit.objects.filter(last__lt=AT).exists()


def test_an_unknown_code_and_a_wrong_secret_are_answered_alike(access: WindowAccess) -> None:
    other = "MEX-V-22222-22222-" + next(
        c for c in "23456789ABCDEFGHJKMNPQRSTUVWXYZ" if letters.tidy_window_code(f"MEX-V-22222-22222-{c}")
    )
    for code in (access.code, other, "nonsense"):
        at, answers = AT, []
        for _ in range(rules.SHUT + 1):
            with pytest.raises(Wait) as e:
                window.enter(code, "000111", at=at)
            answers.append((e.value.key, e.value.until and e.value.until - at))
            at += timedelta(days=2)
        assert answers[0] == ("window.fault.wrong", None)
        assert answers[4] == ("window.fault.wait", timedelta(minutes=15))
        assert answers[-1] == ("window.fault.shut", None)
        if code == access.code:
            kept = answers
        assert answers == kept


def test_neither_answer_takes_longer_than_the_other(access: WindowAccess) -> None:
    def refused(code: str) -> float:
        WindowTry.objects.all().delete()
        begun = time.process_time()
        with pytest.raises(Wait):
            window.enter(code, "000111", at=AT)
        return time.process_time() - begun

    def took(code: str) -> tuple[float, int]:
        with CaptureQueriesContext(connection) as asked:
            refused(code)
        return statistics.median(refused(code) for _ in range(7)), len(asked)

    checked = (letters.tidy_window_code(f"MEX-V-22222-22222-{c}") for c in digits + ascii_uppercase)
    (known, questions), (nobody, as_many) = took(access.code), took(next(filter(None, checked)))
    assert questions == as_many
    assert 0.5 < known / nobody < 2


def test_no_try_counts_while_one_must_wait_and_only_an_office_helps_at_the_end(access: WindowAccess) -> None:
    at = AT
    for _ in range(3):
        with pytest.raises(Wait):
            window.enter(access.code, "000111", at=at)
    with pytest.raises(Wait):
        window.enter(access.code, SECRET, at=at + timedelta(seconds=30))
    assert window.enter(access.code, SECRET, at=at + timedelta(minutes=2))
    for _ in range(rules.SHUT):
        at += timedelta(days=2)
        with pytest.raises(Wait):
            window.enter(access.code, "000111", at=at)
    with pytest.raises(Wait) as e:
        window.enter(access.code, SECRET, at=at + timedelta(days=20))
    assert e.value.shut
    window.open_window(access.person_id, "", seat=seat(), at=at)
    with pytest.raises(Wait):
        window.enter(access.code, SECRET, at=at)


def test_tries_are_counted_on_when_the_nodes_key_is_rotated(
    access: WindowAccess, tmp_path: Path, settings: object
) -> None:
    for n in range(4):
        with pytest.raises(Wait):
            window.enter(access.code, "000111", at=AT + timedelta(days=n))
    ring = crypto.ring()
    settings.KEYS = tmp_path / "keys.json"  # type: ignore[attr-defined]
    keyring.save(settings.KEYS, ring.rotated())  # type: ignore[attr-defined]
    with pytest.raises(Wait) as met:
        window.enter(access.code, "000111", at=AT + timedelta(days=5))
    assert met.value.until, "the fifth must wait"
    assert WindowTry.objects.count() == 1


def test_another_office_cannot_open_a_window_that_it_does_not_see(access: WindowAccess) -> None:
    with pytest.raises(WindowFault):
        window.open_window(access.person_id, "", seat=seat("eva", "PAN.ONPAR", "PAN.ONPAR"), at=AT)


def test_the_secret_is_kept_as_nothing_that_can_be_tried(access: WindowAccess) -> None:
    kept = bytes(WindowAccess.objects.get(pk=access.pk).sealed)
    assert SECRET.encode() not in kept
    assert b"argon2" not in kept


def test_a_case_is_told_in_plain_words_without_its_person(access: WindowAccess) -> None:
    (own,) = window.own(_in(access).access, at=AT)
    assert own.stage.es
    assert own.turn
    assert "Ximena" not in repr(own.stage) + repr(own.ahead) + repr(own.turn)


def test_a_notice_waits_at_the_office_until_it_was_handed_over() -> None:
    posted()
    case = at_decision(claimed())
    at = AT + timedelta(days=12)
    done = cases.record(case.id, saying("refuse", 12, {}, "because"), seat=seat(), role="coordinator", at=at)
    (notice,) = letters.issue(case.id, done.issues, done.event, seat=seat(), at=at)
    access, _ = window.open_window(_person(case), SECRET, seat=seat(), at=at)
    (own,) = window.own(access, at=at)
    assert (own.held, own.papers) == (1, ())
    letters.deliver(
        notice.serial,
        kind="delivered",
        means="message",
        happened=at,
        to="",
        note="read",
        proof=b"",
        seat=seat(),
        at=at,
    )
    (own,) = window.own(access, at=at)
    assert (own.held, [p.row for p in own.papers]) == (0, [notice])


def test_a_question_is_answered_where_the_person_reads_it(access: WindowAccess) -> None:
    asked = window.write(access, "question", "¿Cuándo me toca?", at=AT)
    (waits,) = window.inbox(seat(), complaints=False)
    assert waits.said["text"] == "¿Cuándo me toca?"
    with pytest.raises(WindowFault) as e:
        window.answer(asked.id, outcome="answered", text="Señora VASQUEZ, el lunes", seat=seat(), at=AT)
    assert e.value.key == "window.fault.names"
    window.answer(asked.id, outcome="answered", text="El lunes a las diez.", seat=seat(), at=AT)
    (told,) = window.items_of(access)
    assert told.answers[0][1] == "El lunes a las diez."
    assert not window.inbox(seat(), complaints=True)


def test_a_complaint_goes_to_who_supervises_and_to_nobody_else(access: WindowAccess) -> None:
    sent = window.write(access, "complaint", "Me trataron mal", at=AT)
    assert not window.inbox(seat(), complaints=False)
    assert [t.row for t in window.inbox(seat(), complaints=True)] == [sent]
    with pytest.raises(WindowFault):
        window.answer(sent.id, outcome="answered", text="no", seat=seat(), at=AT)
    window.answer(sent.id, outcome="answered", text="Lo vemos.", seat=seat("jefa"), at=AT, supervises=True)


def test_a_new_telephone_is_used_once_an_officer_confirmed_it(access: WindowAccess) -> None:
    def phones() -> list[str]:
        held = registry.standing_of([access.person_id], "contact")
        return [f.data["value"] for f in held.get(access.person_id, [])]

    with pytest.raises(WindowFault):
        window.propose_contact(access, channel="phone", value="no", at=AT)
    sent = window.propose_contact(access, channel="phone", value="+52 55 7777 0000", at=AT)
    assert phones() == ["+52 55 5555 1234"]
    window.answer(sent.id, outcome="confirmed", text="", seat=seat(), at=AT)
    assert phones() == ["+52 55 7777 0000"]


def test_a_consent_is_withdrawn_at_once(access: WindowAccess) -> None:
    assert window.given(access, at=AT) == ["registration"]
    later = AT + timedelta(days=300)
    window.withdraw_consent(access, "registration", at=later)
    assert window.given(access, at=later) == []
    with pytest.raises(WindowFault):
        window.withdraw_consent(access, "registration", at=later)


def test_a_window_is_no_way_of_filling_a_database(access: WindowAccess) -> None:
    for n in range(10):
        window.write(access, "question", f"{n}", at=AT)
    with pytest.raises(WindowFault):
        window.write(access, "question", "one more", at=AT)
    assert WindowItem.objects.count() == 10


def test_what_people_wrote_is_sealed(access: WindowAccess) -> None:
    window.write(access, "question", "Soy Ximena", at=AT)
    assert all(b"Ximena" not in bytes(row.sealed) for row in WindowItem.objects.all())


def test_an_office_sees_what_came_in_for_its_own_cases(access: WindowAccess) -> None:
    window.write(access, "question", "¿Cuándo?", at=AT)
    assert not window.inbox(replace(seat(), office="MEX.COMAR.TEN"), complaints=True)
    assert window.inbox(replace(seat(), office=""), complaints=False)


def test_data_are_confirmed_as_an_act_of_the_case_and_once() -> None:
    at_cri = Seat("ana", "CRI", "CRI.UR", "CRI.UR", purpose="procedure")
    cri = {"procedure": "cri_asylum", "institution": "CRI.UR", "office": "CRI.UR"}
    posted("ana", "unit", **cri)
    said = family(who(), state="CRI", institution="CRI.UR", office="CRI.UR")
    intake.take(said, seat=replace(at_cri, purpose="registration"), door="page", at=AT)
    (person,) = ids(said)
    done = cases.open_case(
        "cri_asylum",
        people=[(person, "principal")],
        event=saying("claim", 0, CLAIMED),
        seat=at_cri,
        role="unit",
        at=AT,
    )
    access, _ = window.open_window(person, SECRET, seat=at_cri, at=AT)
    cases.record(done.case, saying("ask_to_confirm", 1), seat=at_cri, role="unit", at=AT + timedelta(days=1))
    at = AT + timedelta(days=2)
    (own,) = window.own(access, at=at)
    assert own.confirms == ("confirm_data",)
    assert "Tiempo para confirmar los datos" in [a.name.es for a in own.ahead]
    window.confirm_data(access, done.case, "confirm_data", at=at)
    (own,) = window.own(access, at=at)
    assert not own.ahead
    with pytest.raises(WindowFault):
        window.confirm_data(access, done.case, "withdraw", at=at)
