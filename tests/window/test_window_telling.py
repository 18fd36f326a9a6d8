"""Whoever is to answer is told that something came in, and not who sent it or what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.cases.desks import AT, Walked, claimed, seat
from tests.registry.said import who

from mirps.base.notices.api import Notice
from mirps.casework.cases import api as cases
from mirps.casework.window import api as window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
Officer = Callable[..., Client]
SECRET = "482915"


@pytest.fixture
def case(officer: Officer) -> Walked:
    for name in ("ana", "berta"):
        officer(name)
    officer("jefa", role="case-supervisor")
    officer("lejos", office="MEX.COMAR.TIJ", posted=False)
    officer("ajena", body="PAN.ONPAR", office="", posted=False)
    return claimed(who("Zulmarina", "Quetzaltórrez"))


@pytest.fixture
def access(case: Walked) -> window.WindowAccess:
    person = cases.Subject.objects.get(case=case.id).person_id
    return window.open_window(person, SECRET, seat=seat(), at=AT)[0]


def told(kind: str = "window.came") -> set[str]:
    return {n.user.username for n in Notice.objects.filter(kind=kind).select_related("user")}


def test_a_question_is_told_to_whoever_has_the_case_in_hand(
    case: Walked, access: window.WindowAccess
) -> None:
    cases.assign(case.id, "berta", note="", seat=seat(), at=AT)
    window.write(access, "question", "¿Cuándo me toca?", case=case.id, at=AT)
    assert told() == {"berta"}


def test_while_they_are_away_it_is_told_to_who_stands_in(case: Walked, access: window.WindowAccess) -> None:
    cases.assign(case.id, "berta", note="", seat=seat(), at=AT)
    day = AT.date()
    cases.away("berta", starts=day, ends=day + timedelta(days=3), stands_in="ana", seat=seat(), at=AT)
    window.write(access, "question", "¿Cuándo me toca?", case=case.id, at=AT)
    assert told() == {"ana"}


def test_of_a_case_in_nobody_s_hands_all_are_told_who_carry_cases_at_its_office(
    case: Walked, access: window.WindowAccess
) -> None:
    window.write(access, "question", "¿Cuándo me toca?", case=case.id, at=AT)
    window.propose_contact(access, channel="phone", value="+52 55 1234 5678", at=AT)
    assert {"ana", "berta"} <= told()
    assert not {"lejos", "ajena"} & told()
    assert {n.count for n in Notice.objects.filter(kind="window.came")} == {2}  # one notice, until it is read


def test_a_complaint_is_told_to_who_supervises_and_not_to_whom_it_may_be_about(
    case: Walked, access: window.WindowAccess
) -> None:
    cases.assign(case.id, "berta", note="", seat=seat(), at=AT)
    window.write(access, "complaint", "Me trataron mal", case=case.id, at=AT)
    assert told("window.complaint") == {"jefa"}
    assert told() == set()


def test_a_notice_tells_neither_who_nor_which_case_nor_what(
    ana: Client, case: Walked, access: window.WindowAccess
) -> None:
    window.write(access, "question", "Vivo en Tapachula", case=case.id, at=AT)
    kept = str(list(Notice.objects.values_list()))
    shown = [ana.get(f"/{lang}/notices/").content.decode() for lang in ("es", "en")]
    person = cases.Subject.objects.get(case=case.id).person
    for planted in ("Zulmarina", "Quetzaltórrez", case.number, person.number, access.code, "Vivo en"):
        assert not any(planted in text for text in (kept, *shown))
    assert "Llegó algo por la ventana" in shown[0]
    assert "/en/cases/window/" in shown[1] or "Something came in" in shown[1]


def test_what_is_answered_stands_in_the_window(case: Walked, access: window.WindowAccess) -> None:
    item = window.write(access, "question", "¿Cuándo me toca?", case=case.id, at=AT)
    window.answer(item.id, outcome="answered", text="El lunes a las nueve.", seat=seat(), at=AT)
    assert [a for i in window.items_of(access) for _, a in i.answers] == ["El lunes a las nueve."]
