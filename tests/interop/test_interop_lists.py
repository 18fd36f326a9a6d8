"""A list of people for an institution's system: asked by one, approved by another, sealed to its key, fetched once."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pyrage
import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests.interop.conftest import V1, Person, bearing, enter
from tests.interop.receiving import System
from tests.registry import said

from mirps.base.clients.api import Client
from mirps.people.custody import api as custody
from mirps.people.custody.api import Reading, Request
from mirps.people.extracts import api as extracts
from mirps.people.extracts.api import Extract
from mirps.people.intake import api as intake

pytestmark = pytest.mark.django_db
DESK = custody.Seat("rocio", "MEX", "MEX.COMAR", "MEX.COMAR.TAP")


@pytest.fixture
def key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def receiver(system: System, key: pyrage.x25519.Identity) -> Client:
    return system("extract.fetch", institution="MEX.RENAPO", sealing=str(key.to_public()))


def asked(person: Person, row: Client) -> Extract:
    """A list that a supervisor asked for on the page, for this system."""
    intake.take(said.family(said.who("Ximena", "Vásquez López")), seat=DESK, door="desk", at=timezone.now())
    browser = enter(person, "sofia", "registration-supervisor", body="MEX.COMAR")
    given = {
        "purpose": "verification",
        "columns": ["given", "surnames"],
        "why": "Para la clave de población",
        "receiver": row.user,
    }
    answer = browser.post("/es/people/extracts/new/", given)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Extract.objects.get()


def approve(person: Person, extract: Extract) -> None:
    other = person("noe", "data-protection-officer", "MEX", "MEX.COMAR")
    custody.decide(request=extract.request, by=other, approve=True, said="", at=timezone.now())


def test_a_list_reaches_the_system_it_was_approved_for_once_and_sealed(
    person: Person, receiver: Client, key: pyrage.x25519.Identity, client: Browser
) -> None:
    extract, bears = asked(person, receiver), bearing(client, receiver)
    one = f"{V1}extracts/{extract.pk}"
    assert client.get(f"{V1}extracts", headers=bears).json() == {"extracts": []}
    assert client.post(one, headers=bears).status_code == 404
    approve(person, extract)
    (told,) = client.get(f"{V1}extracts", headers=bears).json()["extracts"]
    assert (told["id"], told["purpose"], told["people"]) == (str(extract.pk), "verification", 1)
    answer = client.post(one, headers=bears)
    assert answer.status_code == 200
    assert b"Ximena" not in answer.content
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(answer.content, [key]))) as archive:
        (name,) = [
            n for n in archive.namelist() if n.endswith(".csv") and "acerca" not in n and "about" not in n
        ]
        assert "Ximena,Vásquez López" in archive.read(name).decode("utf-8-sig")
    assert client.post(one, headers=bears).status_code == 404
    kept = Reading.objects.get(by=receiver.user, act="export")
    assert (kept.institution, kept.purpose, kept.shown) == ("MEX.COMAR", "verification", 1)


def test_no_other_system_fetches_it_and_after_its_time_nobody(
    person: Person, receiver: Client, system: System, client: Browser
) -> None:
    extract = asked(person, receiver)
    approve(person, extract)
    other = system("extract.fetch", institution="MEX.COMAR")
    assert client.get(f"{V1}extracts", headers=bearing(client, other)).json() == {"extracts": []}
    assert client.post(f"{V1}extracts/{extract.pk}", headers=bearing(client, other)).status_code == 404
    Request.objects.filter(pk=extract.request).update(until=timezone.now() - timedelta(minutes=1))
    assert client.post(f"{V1}extracts/{extract.pk}", headers=bearing(client, receiver)).status_code == 404
    assert not Reading.objects.filter(act="export").exists()


def test_whoever_asked_may_carry_it_and_cannot_open_it(
    person: Person, receiver: Client, key: pyrage.x25519.Identity, client: Browser
) -> None:
    extract = asked(person, receiver)
    approve(person, extract)
    browser = enter(person, "sofia", "registration-supervisor", body="MEX.COMAR")
    there = f"/es/people/extracts/{extract.pk}/"
    assert "extracts.phrase" not in browser.get(there).content.decode()
    answer = browser.post(there, {"plain": "1"})
    assert answer["Content-Disposition"].endswith('.zip.age"')
    assert pyrage.decrypt(answer.content, [key])[:2] == b"PK"
    assert client.post(f"{V1}extracts/{extract.pk}", headers=bearing(client, receiver)).status_code == 404


def test_a_system_that_fetches_no_lists_is_no_receiver(person: Person, system: System) -> None:
    row = system("case.status")
    browser = enter(person, "sofia", "registration-supervisor", body="MEX.COMAR")
    intake.take(said.family(), seat=DESK, door="desk", at=timezone.now())
    given = {"purpose": "verification", "columns": ["given"], "why": "Para nadie", "receiver": row.user}
    assert browser.post("/es/people/extracts/new/", given).status_code == 422
    assert not extracts.Extract.objects.exists()
