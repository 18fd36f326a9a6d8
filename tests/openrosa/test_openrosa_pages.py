"""A supervisor gives a device its code and settles what it sent that nobody could take."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import pytest
from django.test import Client
from tests.openrosa.conftest import TAPACHULA, Hire, Phone
from tests.openrosa.filled import one, typed

from mirps.base.access.api import User
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry.api import Person
from mirps.web.pages.people import devices as pages


@pytest.fixture
def desk(client: Client, supervisor: User, officer: User) -> Client:
    client.force_login(supervisor)
    return client


def new(**typed_: str) -> dict[str, str]:
    return {"name": "Tableta 3", "holder": "rocio", "office": TAPACHULA, "days": "90"} | typed_


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_page_lists_devices_and_offers_a_code(lang: str, desk: Client, phone: Phone) -> None:
    answer = desk.get(f"/{lang}/people/devices/")
    assert answer.status_code == 200
    assert phone.device.login in answer.content.decode()


def test_a_code_is_shown_once_as_a_qr_that_collect_reads(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    made = pages.segno.make
    monkeypatch.setattr(pages.segno, "make", lambda words, **how: drawn.append(words) or made(words, **how))
    answer = desk.post("/es/people/devices/", new())
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    told: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(drawn[0])))["general"]
    device = Device.objects.get()
    assert (told["server_url"], told["username"]) == ("http://testserver/openrosa", device.login)
    assert told["password"] in answer.content.decode()
    assert told["password"] not in desk.get("/es/people/devices/").content.decode()


def test_the_code_on_the_page_opens_the_door(desk: Client) -> None:
    page = desk.post("/en/people/devices/", new()).content.decode()
    code = re.search(r"<code>((?:\w{6}-){3}\w{6})</code>", page)
    assert code
    assert Phone(Client(), Device.objects.get(), code[1]).get("formList").status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"holder": "nobody"}, {"office": "MEX.INM"}, {"days": "9999"}]
)
def test_what_was_typed_wrong_is_said_at_its_box(wrong: dict[str, str], desk: Client) -> None:
    answer = desk.post("/es/people/devices/", new(**wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Device.objects.exists()


def test_an_officer_of_another_office_cannot_hold_it(desk: Client, hire: Hire) -> None:
    hire("tomas", "registration-officer", office="MEX.COMAR.TEN")
    assert desk.post("/es/people/devices/", new(holder="tomas")).status_code == 422


def test_revoking_shuts_the_door(desk: Client, phone: Phone) -> None:
    answer = desk.post(f"/es/people/devices/{phone.device.id}/revoke/", follow=True)
    assert "ya no sirve" in answer.content.decode()
    assert Phone(Client(), phone.device, phone.code).get("formList").status_code == 401


def test_who_only_registers_gives_no_codes(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert client.get("/es/people/devices/").status_code == 403
    assert client.post("/es/people/devices/", new()).status_code == 403


def test_a_supervisor_elsewhere_sees_neither_devices_nor_forms(phone: Phone, hire: Hire) -> None:
    phone.send(typed(one(photo="1.jpg")))
    other = Client()
    other.force_login(hire("irene", "registration-supervisor", institution="MEX.INM"))
    assert phone.device.login not in other.get("/es/people/devices/").content.decode()
    assert other.get(f"/es/people/devices/forms/{SentForm.objects.get().id}/").status_code == 404
    assert other.post(f"/es/people/devices/{phone.device.id}/revoke/").status_code == 404


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_does_not_fit_is_shown_at_its_box_and_mended_there(
    lang: str, desk: Client, phone: Phone
) -> None:
    phone.send(typed(one(born="1987-02-31")))
    at = f"/{lang}/people/devices/forms/{SentForm.objects.get().id}/"
    page = desk.get(at).content.decode()
    box = re.search(r'name="(facts\[\d+\]\.data\.date)" value="1987-02-31"', page)
    assert box
    assert "Vásquez López" in page
    again = desk.post(at, {"do": "again", box[1]: "1987-02-30"}, follow=True)
    assert 'role="status"' in again.content.decode()
    assert Person.objects.count() == 0
    assert desk.post(at, {"do": "again", box[1]: "1987-02-28"}, follow=True).status_code == 200
    assert Person.objects.count() == 1


def test_a_form_that_waits_for_a_lost_photo_is_registered_without_it(desk: Client, phone: Phone) -> None:
    phone.send(typed(one(photo="1.jpg")))
    at = f"/es/people/devices/forms/{SentForm.objects.get().id}/"
    assert "Faltan fotos" in desk.get(at).content.decode()
    desk.post(at, {"do": "without"})
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "words"),
    [("registration-supervisor", "people/devices/forms/"), ("registration-officer", "lo corrige")],
)
def test_a_form_that_waits_stands_on_the_work_of_its_office(
    phone: Phone, hire: Hire, role: str, words: str
) -> None:
    phone.send(typed(one(photo="1.jpg")))
    here, elsewhere = Client(), Client()
    here.force_login(hire("here", role, office=TAPACHULA))
    elsewhere.force_login(hire("elsewhere", role, office="MEX.COMAR.TEN"))
    page = here.get("/es/people/work/").content.decode()
    assert "Faltan fotos" in page
    assert words in page
    assert "Faltan fotos" not in elsewhere.get("/es/people/work/").content.decode()


def test_a_supervisor_of_another_office_has_neither_its_devices_nor_its_forms(
    phone: Phone, hire: Hire
) -> None:
    phone.send(typed(one(photo="1.jpg")))
    other = Client()
    other.force_login(hire("tenosique", "registration-supervisor", office="MEX.COMAR.TEN"))
    at = f"/es/people/devices/forms/{SentForm.objects.get().id}/"
    assert other.get(at).status_code == 404
    assert other.post(at, {"do": "without"}).status_code == 404
    assert phone.device.login not in other.get("/es/people/devices/").content.decode()
    assert other.post("/es/people/devices/", new()).status_code == 422
    assert Person.objects.count() == 0


def test_a_form_that_nobody_can_mend_is_dropped(desk: Client, phone: Phone) -> None:
    phone.send(typed())
    at = f"/es/people/devices/forms/{SentForm.objects.get().id}/"
    assert "no trae a nadie" in desk.get(at).content.decode()
    assert "se descartó" in desk.post(at, {"do": "drop"}, follow=True).content.decode()
    assert desk.get(at).status_code == 404
