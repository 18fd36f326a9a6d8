"""On the pages of a window nobody's name, country, telephone or address stands, and no browser keeps them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.cases.desks import claimed, posted, seat
from tests.casework_pages.test_casework_cases import queries_of
from tests.registry.said import who

from mirps.casework.letters import api as letters
from mirps.casework.window import api as window
from mirps.casework.window.models import WindowVisit

pytestmark = pytest.mark.django_db
SECRET = "482915"
#: What would tell a thief or a persecutor who it is, and stands on no page of a window.
PLANTED = ("Zulmarina", "Quetzaltórrez", "zulmarina", "Honduras", "HND", "1987", "5555 1234", "555512")
WAYS = ("", "write/question/", "write/complaint/", "write/contact/", "write/consent/")


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    cache.clear()


@pytest.fixture
def access() -> window.WindowAccess:
    posted()
    case = claimed(who("Zulmarina", "Quetzaltórrez", phone="+52 55 5555 1234"))
    now = timezone.now()
    letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=now)
    person = letters.of_case(case.id)[0].row.person_id
    row, _ = window.open_window(person, SECRET, seat=seat(), at=now)
    return row


def _in(access: window.WindowAccess, lang: str = "es") -> Client:
    client = Client()
    answer = client.post(f"/{lang}/window/", {"code": access.code, "secret": SECRET})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_page_names_anybody(access: window.WindowAccess, lang: str) -> None:
    client = _in(access, lang)
    for way in WAYS:
        answer = client.get(f"/{lang}/window/{way}")
        said = answer.content.decode()
        assert answer.status_code == 200
        assert not [p for p in PLANTED if p in said], way
        assert access.code not in said
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert re.search(r"<title>(Ventana|Window)</title>", said)


def test_what_was_asked_is_not_shown_again_and_the_answer_is(access: window.WindowAccess) -> None:
    client = _in(access)
    sent = client.post("/es/window/write/question/", {"text": "Soy Zulmarina"})
    assert sent["Location"] == "/es/window/?sent=question"
    page = client.get("/es/window/?sent=question").content.decode()
    assert "Zulmarina" not in page
    assert "Espera respuesta" in page
    (item,) = window.inbox(seat(), complaints=False)
    window.answer(
        item.row.id, outcome="answered", text="El lunes a las diez.", seat=seat(), at=timezone.now()
    )
    assert "El lunes a las diez." in client.get("/es/window/").content.decode()


def test_a_document_opens_only_with_the_secret_again(access: window.WindowAccess) -> None:
    client = _in(access, "en")
    serial = letters.of_person(access.person_id)[0].row.serial
    where = f"/en/window/paper/{serial}/"
    assert "Zulmarina" not in client.get(where).content.decode()
    assert client.post(where, {"secret": "000111"}).status_code == 422
    answer = client.post(where, {"secret": SECRET, "lang": "en"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-")
    assert client.get("/en/window/paper/MEX-L-22222-22222-2/").status_code == 404


def test_a_window_closes_by_itself_and_when_left(access: window.WindowAccess) -> None:
    client = _in(access)
    WindowVisit.objects.update(last=timezone.now() - timedelta(minutes=11))
    assert client.get("/es/window/write/question/")["Location"] == "/es/window/?closed=1"
    client = _in(access)
    left = client.get("/es/window/leave/")
    assert left["Location"].startswith("https://www.wikipedia.org")
    assert left["Clear-Site-Data"] == '"cache"'
    assert client.get("/es/window/write/question/").status_code == 302
    assert not WindowVisit.objects.exists()


def test_the_cookie_is_the_browsers_session_alone(access: window.WindowAccess) -> None:
    cookie = _in(access).cookies["window"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (
        True,
        "Strict",
        "",
        "",
    )
    assert access.code not in cookie.value


def test_wrong_and_unknown_get_one_answer(access: window.WindowAccess) -> None:
    def said(code: str) -> tuple[int, str]:
        answer = Client().post("/en/window/", {"code": code, "secret": "000111"})
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return answer.status_code, body

    assert said(access.code) == said("MEX-V-22222-22222-2") == said("")


def test_a_further_language_begins_with_its_file_and_falls_back_where_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mirps.web.pages.window import words

    monkeypatch.setattr(words, "_more", lambda: {"ht": {"window.enter": "Antre"}})
    page = Client().get("/es/window/?in=ht").content.decode()
    assert "Antre" in page
    assert "Lo que todavía no está en su idioma" in page
    assert '<html lang="ht">' in page


def test_the_addresses_on_paper_lead_to_the_window() -> None:
    assert Client().get("/ventana/")["Location"] == "/es/window/"
    assert Client().get("/window/")["Location"] == "/en/window/"


def test_a_window_asks_little_of_the_database(access: window.WindowAccess) -> None:
    client = _in(access)
    assert queries_of(client, "/es/window/") <= 12
