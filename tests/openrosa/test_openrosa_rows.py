"""The door for devices works for the role that serves pages, which sees nothing but from a seat."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.custody.test_custody_rows import Ask, as_role, ask, role
from tests.openrosa.conftest import Phone, png
from tests.openrosa.filled import edited, one, typed

from mirps.base.access.api import User
from mirps.people.intake.openrosa_models import SentForm
from mirps.people.registry.api import Person

pytestmark = pytest.mark.postgres
__all__ = ["ask", "role"]  # the fixtures of that role


def test_a_family_comes_in_is_corrected_and_mended_under_row_security(
    role: str, phone: Phone, supervisor: User
) -> None:
    xml, bad = typed(one(photo="1.jpg")), typed(one("Ana", born="1987-02-31"))
    with as_role():
        assert phone.send(xml).status_code == 202
        assert phone.send(xml, _1_jpg=png(1)).status_code == 201
        again = phone.send(xml)
        assert (again.status_code, b"MEX-" in again.content) == (201, True)
        assert phone.send(edited(xml, ("1987", "1988"))).status_code == 201
        assert phone.send(bad).status_code == 202
    desk = Client()
    desk.force_login(supervisor)
    at = f"/es/people/devices/forms/{SentForm.objects.get(stage='mend').id}/"
    with as_role():
        page = desk.get(at)
        assert page.status_code == 200
        box = page.content.decode().split('name="facts[')[1].split('"')[0]
        desk.post(at, {"do": "again", f"facts[{box}": "1987-02-28"})
    assert Person.objects.count() == 2


def test_from_no_seat_and_from_another_institution_no_form_is_there(ask: Ask, phone: Phone) -> None:
    phone.send(typed(one(photo="1.jpg")))
    assert ask("SELECT count(*) FROM people_sentform") == [(0,)]
