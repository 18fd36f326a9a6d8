"""Officers give a person their secret, read what came in, and answer it; complaints go to who supervises."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.cases.desks import AT, claimed, seat
from tests.registry.said import who

from mirps.casework.cases import api as cases
from mirps.casework.window import api as window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
Officer = Callable[..., Client]


@pytest.fixture
def number(ana: Client) -> str:
    case = claimed(who())
    return str(cases.Subject.objects.get(case=case.id).person.number)


def _access(number: str) -> window.WindowAccess:
    return window.WindowAccess.objects.get(person__number=number)


def test_a_secret_is_made_shown_once_and_lets_in(ana: Client, number: str) -> None:
    way = f"/es/people/{number}/window/"
    page = ana.post(way, {"act": "give"}).content.decode()
    secret = re.search(r"<code>(\d{8})</code>", page)
    assert secret
    assert secret[1] not in ana.get(way).content.decode()
    assert window.enter(_access(number).code, secret[1], at=timezone.now())


def test_a_chosen_secret_is_never_shown_and_a_weak_one_refused(ana: Client, number: str) -> None:
    way = f"/en/people/{number}/window/"
    for given in (("111111", "111111"), ("04051987", "04051987"), ("482915", "482916")):
        assert ana.post(way, {"act": "give", "secret": given[0], "repeat": given[1]}).status_code == 422
    page = ana.post(way, {"act": "give", "secret": "482915", "repeat": "482915"})
    assert page.status_code == 200
    assert "482915" not in page.content.decode()
    assert window.enter(_access(number).code, "482915", at=timezone.now())
    ana.post(way, {"act": "shut"})
    with pytest.raises(window.Wait):
        window.enter(_access(number).code, "482915", at=timezone.now())


def test_what_came_in_is_answered(ana: Client, number: str, officer: Officer) -> None:
    ana.post(f"/es/people/{number}/window/", {"act": "give"})
    access = _access(number)
    asked = window.write(access, "question", "¿Cuándo me toca?", at=AT)
    complaint = window.write(access, "complaint", "Me trataron mal", at=AT)
    page = ana.get("/es/cases/window/").content.decode()
    assert str(asked.id) in page
    assert str(complaint.id) not in page
    assert ana.get(f"/es/cases/window/{complaint.id}/").status_code == 404
    way = f"/es/cases/window/{asked.id}/"
    assert "¿Cuándo me toca?" in ana.get(way).content.decode()
    named = ana.post(way, {"outcome": "answered", "text": "Ximena, el lunes"})
    assert named.status_code == 422
    assert "dice quién es la persona" in named.content.decode()
    assert (
        ana.post(way, {"outcome": "answered", "text": "El lunes."})["Location"] == "/es/cases/window/?done=1"
    )
    jefa = officer("jefa", role="case-supervisor")
    assert str(complaint.id) in jefa.get("/es/cases/window/").content.decode()
    assert (
        jefa.post(
            f"/es/cases/window/{complaint.id}/", {"outcome": "answered", "text": "Lo vemos."}
        ).status_code
        == 302
    )


def test_another_institution_reads_nothing(ana: Client, number: str, officer: Officer) -> None:
    ana.post(f"/es/people/{number}/window/", {"act": "give"})
    asked = window.write(_access(number), "question", "¿Cuándo?", at=AT)
    other = officer("eva", body="PAN.ONPAR", office="", posted=False)
    assert str(asked.id) not in other.get("/es/cases/window/").content.decode()
    assert other.get(f"/es/cases/window/{asked.id}/").status_code == 404
    assert other.get(f"/es/people/{number}/window/").status_code == 404
    assert window.item(asked.id, seat()) is not None
