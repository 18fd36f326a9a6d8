"""The pages of notices: reading, choosing, and what nobody else may see."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from pytest_django import Settings
from tests.notices.conftest import MONDAY, ROUND, Make, mail_out, minutes, tell

from mirps.base.access.api import User
from mirps.base.notices import api
from mirps.web.pages.notices import path_of

FIGURE = {"what_es": "Solicitudes de asilo", "what_en": "Asylum claims"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["notices/", "notices/settings/", "notices/1/"])
def test_who_has_not_signed_in_is_led_there_and_back(db: None, path: str) -> None:
    answer = Client().get(f"/es/{path}")
    assert answer.status_code == 302
    assert answer["Location"] == f"/es/sign-in/?next=/es/{path}"


def test_notices_stand_with_what_where_and_how_often(person: Make) -> None:
    ana = person()
    tell(ana, params=FIGURE, about=ROUND)
    tell(ana, params=FIGURE, about=ROUND, at=MONDAY + minutes(1))
    page = text(signed_in(ana), "/es/notices/")
    assert "Le devolvieron «Solicitudes de asilo» con un mensaje." in page
    assert "ronda 2025 · Honduras · INM" in page
    assert "2 veces" in page
    assert "1 aviso sin leer" in page
    assert "“Asylum claims” was sent back" in text(signed_in(ana), "/en/notices/")


def test_a_person_without_notices_is_told_what_will_stand_there(person: Make) -> None:
    page = text(signed_in(person()), "/en/notices/")
    assert "There are no notices." in page
    assert "No unread notices" in page


def test_every_page_counts_the_unread_for_who_has_signed_in_and_for_nobody_else(person: Make) -> None:
    ana = person()
    client = signed_in(ana)
    assert "Avisos</a>" in text(client, "/es/about/")
    for n in range(120):
        tell(ana, "comment", n=n)
    page = text(client, "/es/about/")
    assert "<b>99+</b>" in page
    assert "Avisos" not in text(Client(), "/es/about/")


def test_no_cache_on_the_way_keeps_a_page_of_somebody_signed_in(person: Make) -> None:
    client = signed_in(person())
    for path in ("/es/about/", "/es/notices/", "/es/notices/settings/", "/es/nothing-there/"):
        assert "private" in client.get(path)["Cache-Control"], path


def test_one_is_marked_as_read_and_then_all(person: Make) -> None:
    ana = person()
    for n in range(3):
        tell(ana, "comment", n=n)
    client = signed_in(ana)
    one = api.inbox(ana)[0]
    answer = client.post("/en/notices/", {"read": str(one.pk)})
    assert answer["Location"] == "/en/notices/?marked=1"
    assert api.unread(ana) == 2
    client.post("/en/notices/", {"read": "all"})
    assert api.unread(ana) == 0
    assert 'role="status"' in text(client, "/en/notices/?marked=1")


@pytest.mark.parametrize("bad", ["", "nothing", "-1", "9" * 40, "1e3", "٣"])
def test_a_wish_that_means_nothing_changes_nothing(person: Make, bad: str) -> None:
    ana = person()
    tell(ana)
    assert signed_in(ana).post("/en/notices/", {"read": bad}).status_code == 302
    assert api.unread(ana) == 1


def test_notices_are_filtered_by_round_and_all_of_it_are_marked_together(person: Make) -> None:
    ana = person()
    tell(ana, "opened", about=api.About(round="2025"))
    tell(ana, "opened", about=api.About(round="2024-mid-year"))
    client = signed_in(ana)
    page = text(client, "/en/notices/?round=2024-mid-year")
    assert "round 2024-mid-year" in page
    assert "round 2025" not in page
    client.post("/en/notices/", {"read": "all", "round": "2024-mid-year"})
    assert [n.round for n in api.inbox(ana).filter(read_at=None)] == ["2025"]
    assert "There are no notices of this round." in text(client, "/en/notices/?round=1999")


def test_many_notices_are_on_several_pages(person: Make) -> None:
    ana = person()
    for n in range(60):
        tell(ana, "comment", n=n)
    client = signed_in(ana)
    assert "Older notices" in text(client, "/en/notices/")
    assert len(re.findall("told-what", text(client, "/en/notices/?page=2"))) == 10
    assert client.get("/en/notices/?page=nonsense").status_code == 200


def test_opening_a_notice_reads_it_and_leads_to_its_page(person: Make) -> None:
    ana = person()
    tell(ana, "erratum", about=api.About(state="HND", figure="ar24-hnd-010"), params={"number": "E1"})
    one = api.inbox(ana).get()
    client = signed_in(ana)
    client.head(f"/en/notices/{one.pk}/")
    assert api.unread(ana) == 1, "a look at the headers reads nothing"
    answer = client.get(f"/en/notices/{one.pk}/")
    assert answer["Location"] == "/en/figure/ar24-hnd-010/"
    assert api.unread(ana) == 0


def test_nobody_opens_or_marks_the_notice_of_another(person: Make) -> None:
    ana, beto = person("ana"), person("beto")
    tell(ana)
    one = api.inbox(ana).get()
    client = signed_in(beto)
    assert client.get(f"/en/notices/{one.pk}/").status_code == 404
    client.post("/en/notices/", {"read": str(one.pk)})
    assert api.unread(ana) == 1


def test_another_site_marks_nothing(person: Make) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    assert client.post("/en/notices/", {"read": "all"}).status_code == 403
    assert client.post("/en/notices/settings/", {"comment": "none"}).status_code == 403


@pytest.mark.parametrize("kind", api.KINDS)
def test_every_kind_leads_to_a_page_that_exists(person: Make, kind: str) -> None:
    ana = person()
    params: dict[str, str | int] = dict.fromkeys(api.KINDS[kind].takes, "7")
    tell(ana, kind, about=ROUND, params=params)
    for lang in ("es", "en"):
        assert resolve(path_of(api.inbox(ana).get(), lang)).url_name


def test_choices_are_shown_kept_and_shown_again(person: Make) -> None:
    ana = person()
    client = signed_in(ana)
    page = text(client, "/en/notices/settings/")
    assert "07:30" in page
    assert "Tegucigalpa" in page
    assert "ana@example.org" in page
    assert 'name="account.password"' not in page, "it cannot be turned off, so it is no choice"
    answer = client.post("/en/notices/settings/", {"comment": "weekly", "returned": "daily"})
    assert answer["Location"] == "/en/notices/settings/?kept=1"
    assert api.choices(ana)["comment"] is api.Way.WEEKLY
    assert '<option value="weekly" selected>' in text(client, "/en/notices/settings/")


@pytest.mark.parametrize("given", [{"comment": "now"}, {"account.password": "none"}, {"comment": ""}])
def test_a_choice_that_does_not_exist_is_given_back(person: Make, given: dict[str, str]) -> None:
    ana = person()
    answer = signed_in(ana).post("/en/notices/settings/", {"returned": "none", **given})
    assert answer.status_code == 422
    assert "does not exist" in answer.content.decode()
    assert api.choices(ana)["returned"] is api.Way.NOW, "nothing of it was kept"


def test_a_refused_address_is_told_with_its_remedy_and_can_be_tried_again(person: Make) -> None:
    ana = person()
    api.Bounce.objects.create(user=ana, address=ana.email, code=550, at=timezone.now())
    client = signed_in(ana)
    for path in ("notices/", "notices/settings/"):
        page = text(client, f"/en/{path}")
        assert "Mail does not reach you" in page
        assert "ana@example.org" in page
    client.post("/en/notices/settings/", {"again": "1"})
    assert "Mail does not reach you" not in text(client, "/en/notices/")


def test_the_mail_of_the_demo_is_shown_in_the_demo_only(
    person: Make, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.HOME = tmp_path_factory.mktemp("home")
    settings.EMAIL_BACKEND = "mirps.base.notices.files.EmailBackend"
    assert Client().get("/en/demo-mail/").status_code == 404
    settings.DEMO = True
    assert "No mail has been written yet" in text(Client(), "/en/demo-mail/")
    tell(person(language="en", first_name="<script>Ana"), params=FIGURE)
    assert mail_out().sent == 1
    ((name, _),) = api.kept()
    assert f"/en/demo-mail/{name}/" in text(Client(), "/en/demo-mail/")
    page = text(Client(), f"/en/demo-mail/{name}/")
    assert "Auto-Submitted" in page
    assert "<script>" not in page
    assert 'href="http://127.0.0.1:8000/en/notices/settings/"' in page
    settings.DEMO = False
    assert Client().get(f"/en/demo-mail/{name}/").status_code == 404
