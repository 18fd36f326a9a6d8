"""The server's end of the desk: a receipt for what is on the disk, once; faults for what is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.registry.said import Json, fact, family, more, who

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.models import AuditEntry
from mirps.people.custody.api import Reading
from mirps.people.intake.api import Arrival, Task
from mirps.people.registry.models import Fact, Person
from mirps.web.pages.people.sync import durably

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"face" * 500
Enter = Callable[..., Client]


@pytest.fixture
def enter() -> Enter:
    """A browser of somebody who signed in, by default a registration officer of Tapachula."""

    def entered(
        username: str = "rosa", role: str = "registration-officer", office: str = "MEX.COMAR.TAP"
    ) -> Client:
        user = User.objects.create_user(username, password="x" * 20, email=f"{username}@example.org")
        access.give_role(user=user, role=role, state="MEX", body="MEX.COMAR", office=office, via="",
                         starts=date(2024, 1, 1), ends=None, by="tests", at=AT)  # fmt: skip
        client = Client()
        client.force_login(user)
        return client

    return entered


def post(client: Client, name: str, given: object) -> Any:
    return client.post(f"/es/people/desk/{name}/", json.dumps(given), content_type="application/json")


def send_file(client: Client, content: bytes, digest: str = "") -> Any:
    sha = digest or hashlib.sha256(content).hexdigest()
    return client.post(
        "/es/people/desk/file/", content, content_type="application/octet-stream",
        headers={"X-Content-SHA256": sha},
    )  # fmt: skip


def test_the_seat_says_who_one_is_and_where_one_may_register(enter: Enter) -> None:
    told = enter().get("/es/people/desk/seat/").json()
    assert told["user"] == "rosa"
    assert [o["office"] for o in told["offices"]] == ["MEX.COMAR.TAP"]
    assert set(told["offices"][0]["names"]) == {"es", "en"}
    assert told["token"]
    assert datetime.fromisoformat(told["at"]).tzinfo is not None


def test_who_has_not_signed_in_or_registers_nobody_is_told_so_in_json(enter: Enter) -> None:
    """The page of an error would be nothing that the desk can read."""
    nobody = Client().get("/en/people/desk/seat/")
    assert (nobody.status_code, nobody.json()["why"]) == (401, "Sign in first.")
    for name in ("held", "take", "spare", "carry"):
        assert post(Client(), name, {}).status_code == 401
    screening = enter("sara", "screening-officer")
    assert screening.get("/en/people/desk/seat/").status_code == 403
    assert post(screening, "take", family(who())).status_code == 403
    assert Person.objects.count() == 0


def test_a_post_without_its_token_is_not_taken(enter: Enter) -> None:
    enter()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="rosa"))
    assert post(strict, "take", family(who())).status_code == 403
    assert Person.objects.count() == 0


def test_the_same_batch_sent_twice_makes_each_person_once_and_gets_the_same_receipt(enter: Enter) -> None:
    client = enter()
    batch = [family(who("Ximena", "Vásquez López"), who("José", "Vásquez", role="child")) for _ in range(3)]
    first = [post(client, "take", said).json() for said in batch]
    second = [post(client, "take", said).json() for said in batch]
    assert [r["again"] for r in first + second] == [False] * 3 + [True] * 3
    for one, two in zip(first, second, strict=True):
        assert {**one, "again": True} == two
    assert Person.objects.count() == 6
    assert Arrival.objects.count() == 3
    assert {a.door for a in Arrival.objects.all()} == {"desk"}
    assert sorted(n for r in first for n in r["people"]) == sorted(
        Person.objects.values_list("number", flat=True)
    )


def test_the_same_id_with_other_words_is_refused_and_changes_nothing(enter: Enter) -> None:
    client, said = enter(), family(who("Ximena", "Vásquez"))
    post(client, "take", said)
    forged = json.loads(json.dumps(said).replace("Ximena", "Otra"))
    answer = post(client, "take", forged)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["path"] == "id"
    assert Person.objects.count() == 1


def test_what_is_refused_says_why_at_its_place_in_both_languages(enter: Enter) -> None:
    said = family(who(born="2026-02-30"))
    answer = post(enter(), "take", said)
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    n = next(n for n, f in enumerate(said["facts"]) if f["kind"] == "birth")
    assert fault["path"] == f"facts[{n}].data.date"
    assert "no date" in fault["words"]["en"]
    assert "No es una fecha" in fault["words"]["es"]
    assert Person.objects.count() == 0


@pytest.mark.parametrize("given", [b"", b"[1", b"[]", b'"x"', b"{}", b"\xff\xfe", b"null"])
def test_what_is_no_submission_is_refused_in_json(enter: Enter, given: bytes) -> None:
    answer = enter().post("/es/people/desk/take/", given, content_type="application/json")
    assert answer.status_code in (403, 422)
    assert answer["Content-Type"] == "application/json"


def test_nobody_registers_at_another_office(enter: Enter) -> None:
    answer = post(enter(), "take", family(who(), office="MEX.COMAR.TEN"))
    assert answer.status_code in (403, 422)
    assert Person.objects.count() == 0


def test_a_file_is_kept_once_and_its_receipt_names_it(enter: Enter, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, digest = enter(), hashlib.sha256(PNG).hexdigest()
    assert post(client, "held", {"digests": [digest]}).json() == {"held": []}
    for _ in range(2):
        assert send_file(client, PNG).json()["digest"] == digest
    assert post(client, "held", {"digests": [digest, "0" * 64]}).json() == {"held": [digest]}
    assert sum(p.is_file() for p in tmp_path.rglob("*")) == 1


def test_a_file_that_was_cut_on_the_way_is_not_kept(enter: Enter, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, digest = enter(), hashlib.sha256(PNG).hexdigest()
    assert send_file(client, PNG[:-7], digest).status_code == 400
    assert post(client, "held", {"digests": [digest]}).json() == {"held": []}


def test_a_file_that_is_no_picture_is_refused_with_its_reason(
    enter: Enter, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = send_file(enter(), b"MZ\x90\x00 program")
    assert answer.status_code == 422
    assert set(answer.json()["faults"][0]["words"]) == {"es", "en"}


def test_a_registration_whose_photo_is_not_there_is_refused_until_it_is(
    enter: Enter, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, said = enter(), family(who())
    said["facts"].append(fact("photo", person=said["people"][0]["id"], file=hashlib.sha256(PNG).hexdigest()))
    assert post(client, "take", said).status_code == 422
    assert Person.objects.count() == 0
    send_file(client, PNG)
    assert post(client, "take", said).status_code == 200
    assert Person.objects.count() == 1


def test_two_desks_that_correct_the_same_answer_leave_both_and_a_task(enter: Enter) -> None:
    """Neither overwrites the other, in whichever order they find the line."""
    here, there = enter(), enter("tomas", office="MEX.COMAR.TEN")
    said = family(who(born="1987-05-04"))
    post(here, "take", said)
    person = said["people"][0]["id"]
    born = next(f["id"] for f in said["facts"] if f["kind"] == "birth")
    number = Person.objects.get().number
    carried = post(there, "carry", {"number": number, "office": "MEX.COMAR.TEN"}).json()
    assert [f["id"] for f in carried["facts"] if f["kind"] == "birth"] == [born]
    one = more(fact("birth", person=person, replaces=born, date="1987-05-14"))
    two = more(fact("birth", person=person, replaces=born, date="1978-05-04"), office="MEX.COMAR.TEN")
    assert post(here, "take", one).json()["tasks"] == 0
    assert post(there, "take", two).json()["tasks"] == 1
    assert Fact.objects.filter(kind="birth", in_force=True).count() == 2
    assert [(t.kind, t.of) for t in Task.objects.all()] == [("contradiction", "birth")]


def test_a_file_that_is_taken_along_is_a_reading_on_record(enter: Enter) -> None:
    client, said = enter(), family(who("Ximena", "Vásquez"))
    said["facts"].append(fact("note", person=said["people"][0]["id"], words="Secreto", sensitivity="gbv"))
    post(client, "take", said)
    number = Person.objects.get().number
    told = post(client, "carry", {"number": number.lower(), "office": "MEX.COMAR.TAP"}).json()
    assert told["number"] == number
    assert "Secreto" not in json.dumps(told)
    assert {f["kind"] for f in told["facts"]} == {"name", "birth", "sex", "nationality", "consent"}
    (reading,) = Reading.objects.filter(act="open")
    assert (reading.by, reading.purpose) == ("rosa", "registration")


def test_a_number_of_nobody_and_one_of_another_institution_are_answered_alike(enter: Enter) -> None:
    client = enter()
    post(client, "take", family(who()))
    number = Person.objects.get().number
    Person.objects.update(institution="MEX.INM", office="MEX.INM")
    answers = [
        post(client, "carry", {"number": n, "office": "MEX.COMAR.TAP"}) for n in (number, "MEX-22222-22222-2")
    ]
    assert [a.status_code for a in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()


def test_a_desks_key_opens_for_its_owner_and_device_alone_and_stands_in_the_audit(enter: Enter) -> None:
    mine, other = enter(), enter("tomas")
    sealed = post(mine, "spare", {"key": "c2VjcmV0", "device": "desk-1"}).json()["spare"]
    assert "c2VjcmV0" not in sealed
    ask: Json = {"sealed": sealed, "device": "desk-1"}
    assert post(mine, "spare/open", ask).json() == {"key": "c2VjcmV0"}
    assert AuditEntry.objects.filter(act="people.desk-opened").count() == 1
    assert post(other, "spare/open", ask).status_code == 422
    assert post(mine, "spare/open", ask | {"device": "desk-2"}).status_code == 422
    assert post(mine, "spare/open", ask | {"sealed": "###"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_for_what_the_disk_has() -> None:
    """While a submission is kept, SQLite waits for the disk at each commit (2, FULL); afterwards as before."""

    def asks() -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
            )
            return cursor.fetchone()[0]

    before = asks()
    with durably():
        assert asks() in (2, "on")
    assert asks() == before
