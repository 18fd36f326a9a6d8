"""A device takes the form from the node and sends it filled: each family once, nothing lost, nothing half-done."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from tests.openrosa.conftest import COMAR, STATE, TAPACHULA, Hire, Phone, basic, png
from tests.openrosa.filled import edited, one, typed

from mirps.base.access.api import NotAllowed, RoleAssignment, User
from mirps.base.audit.api import AuditEntry
from mirps.people.intake import openrosa_actions as forms
from mirps.people.intake import openrosa_devices as devices
from mirps.people.intake.api import Arrival, Task
from mirps.people.intake.openrosa_models import Device, SentForm
from mirps.people.registry import api as registry
from mirps.people.registry.api import Group, Person
from mirps.people.registry.models import SealedFile

NS = {"l": "http://openrosa.org/xforms/xformsList", "r": "http://openrosa.org/http/response"}
Stage = SentForm.Stage


def words(answer: Any) -> str:
    """What a device shows of an answer."""
    return "".join(etree.fromstring(answer.content).itertext())


def xml_of(answer: Any) -> Any:
    return etree.fromstring(answer.content)


def names() -> set[str]:
    return set(registry.names_of(Person.objects.values_list("id", flat=True)).values())


# The form


def test_the_list_names_each_form_with_its_version_and_where_it_is(phone: Phone) -> None:
    listed = xml_of(phone.get("formList"))
    ids = listed.xpath("//l:formID/text()", namespaces=NS)
    assert ids == [f"mirps-registration-{level}" for level in registry.book().levels]
    assert set(listed.xpath("//l:version/text()", namespaces=NS)) == {registry.book().form.version}
    assert all(h.startswith("md5:") for h in listed.xpath("//l:hash/text()", namespaces=NS))


def test_a_form_is_fetched_from_where_the_list_says(phone: Phone) -> None:
    url = xml_of(phone.get("formList?formID=mirps-registration-group")).xpath(
        "//l:downloadUrl/text()", namespaces=NS
    )
    assert len(url) == 1
    answer = phone.client.get(url[0], headers=phone.headers)
    assert b'id="mirps-registration-group"' in answer.content
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert phone.get("forms/mirps-registration-group/manifest").status_code == 200
    assert phone.get("forms/other.xml").status_code == 404


def test_every_answer_bears_the_headers_that_devices_look_for(phone: Phone) -> None:
    for answer in (
        phone.get("formList"),
        phone.head(),
        phone.send(b"<data/>"),
        phone.client.get("/openrosa/formList"),
    ):
        assert answer["X-OpenRosa-Version"] == "1.0"
        assert int(answer["X-OpenRosa-Accept-Content-Length"]) > 1_000_000
        assert answer["Cache-Control"] == "private, no-store"


def test_head_says_where_to_send(phone: Phone) -> None:
    answer = phone.head()
    assert answer.status_code == 204
    assert answer["Location"].endswith("/openrosa/submission")


# Signing in


@pytest.mark.parametrize("how", ["none", "wrong", "unknown", "bearer", "garbled"])
def test_nobody_comes_in_without_a_code_that_serves(how: str, phone: Phone) -> None:
    header = {
        "none": "", "wrong": basic(phone.device.login, "no"), "unknown": basic("d-nobody", phone.code),
        "bearer": f"Bearer {phone.code}", "garbled": "Basic %%%",
    }[how]  # fmt: skip
    answer = phone.client.get("/openrosa/formList", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert "código" in words(answer)
    assert "code" in words(answer)


def test_a_persons_password_opens_nothing_here(phone: Phone, officer: User) -> None:
    officer.set_password("a long enough password")
    officer.save()
    header = {"Authorization": basic(officer.username, "a long enough password")}
    assert phone.client.get("/openrosa/formList", headers=header).status_code == 401


def test_a_code_may_be_typed_without_strokes_and_in_small_letters(phone: Phone) -> None:
    phone.headers["Authorization"] = basic(phone.device.login.upper(), phone.code.replace("-", "").lower())
    assert phone.get("formList").status_code == 200


def test_a_code_that_was_revoked_or_ran_out_opens_nothing_from_then_on(
    phone: Phone, supervisor: User
) -> None:
    now = datetime.now(UTC)
    assert phone.get("formList").status_code == 200
    assert devices.known(phone.device.login, phone.code, at=now + timedelta(days=31)) is None
    devices.revoke(device=phone.device, by=supervisor, at=now)
    assert phone.get("formList").status_code == 401


def test_guessing_is_stopped(phone: Phone) -> None:
    wrong = {"Authorization": basic(phone.device.login, "no")}
    tries = [phone.client.get("/openrosa/formList", headers=wrong).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]


def test_a_code_does_not_travel_in_clear(phone: Phone) -> None:
    answer = phone.client.get("/openrosa/formList", headers=phone.headers, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 403
    assert "https" in words(answer)
    over_tls = phone.client.get(
        "/openrosa/formList", headers=phone.headers, REMOTE_ADDR="203.0.113.7", secure=True
    )
    assert over_tls.status_code == 200


def test_a_code_is_kept_as_a_hash_alone(phone: Phone) -> None:
    held = Device.objects.get()
    assert held.secret.startswith("argon2$")
    assert phone.code.replace("-", "") not in held.secret


def test_who_holds_no_right_there_is_given_no_device(supervisor: User, officer: User, hire: Hire) -> None:
    now = datetime.now(UTC)
    given = {"name": "x", "state": STATE, "institution": COMAR, "office": TAPACHULA,
             "expires_at": now + timedelta(days=30), "at": now}  # fmt: skip
    with pytest.raises(NotAllowed):
        devices.make(**given, holder=officer, by=officer)
    elsewhere = hire("tomas", "registration-officer", office="MEX.COMAR.TEN")
    with pytest.raises(devices.DeviceFault):
        devices.make(**given, holder=elsewhere, by=supervisor)
    with pytest.raises(devices.DeviceFault):
        devices.make(**given | {"expires_at": now + timedelta(days=900)}, holder=officer, by=supervisor)


# Sending


def test_a_family_is_registered_and_told_its_numbers(phone: Phone, officer: User) -> None:
    answer = phone.send(typed(one(), one("Ana", key="p2", role="child")))
    assert answer.status_code == 201
    numbers = set(Person.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    assert set(re.findall(r"MEX-\w{5}-\w{5}-\w", words(answer))) == numbers
    assert names() == {"Ximena Vásquez López", "Ana Vásquez López"}
    arrival = Arrival.objects.get()
    assert (arrival.door, arrival.by, arrival.office) == ("openrosa", officer.username, TAPACHULA)


def test_the_same_form_sent_again_is_the_same_family(phone: Phone) -> None:
    xml = typed(one())
    first, second = phone.send(xml), phone.send(xml)
    assert (first.status_code, second.status_code) == (201, 201)
    assert words(first) == words(second)
    assert Person.objects.count() == 1
    assert Group.objects.count() == 1


def test_files_may_come_in_several_posts_and_nothing_is_taken_before_the_last(phone: Phone) -> None:
    xml = typed(one(photo="1.jpg"), one("Ana", key="p2", role="child", photo="2.jpg"))
    first = phone.send(xml)
    assert first.status_code == 202
    assert "2" in words(first)
    assert Person.objects.count() == 0
    assert phone.send(xml, _1_jpg=png(1)).status_code == 202
    assert Person.objects.count() == 0
    assert phone.send(xml, _2_jpg=png(2)).status_code == 201
    photos = {
        f.data["file"] for p in Person.objects.all() for f in registry.standing_of([p.id], "photo")[p.id]
    }
    assert {registry.file_content(d) for d in photos} == {png(1), png(2)}


def test_what_waits_is_sealed(phone: Phone) -> None:
    phone.send(typed(one(photo="1.jpg")))
    row = SentForm.objects.get()
    assert row.stage == Stage.WAITING
    assert b"Ximena" not in bytes(row.sealed)
    assert "Ximena" in forms.opened(row).xml


def test_what_was_taken_leaves_no_answer_behind(phone: Phone) -> None:
    phone.send(typed(one()))
    held = forms.opened(SentForm.objects.get())
    assert not held.xml
    assert "Ximena" not in str(held.ledger)


def test_a_file_that_no_answer_speaks_of_is_not_kept(phone: Phone) -> None:
    assert phone.send(typed(one()), _9_jpg=png(9)).status_code == 201
    assert SealedFile.objects.count() == 0


def test_an_edited_form_corrects_and_keeps_what_was_said(phone: Phone) -> None:
    xml = typed(one())
    phone.send(xml)
    assert phone.send(edited(xml, ("1987-05-04", "1978-05-04"))).status_code == 201
    held = Person.objects.get()
    file = registry.file(held.id, knows=())
    assert file is not None
    assert [f.data["date"] for f in file.of("birth")] == ["1978-05-04"]
    assert sorted(f.data["date"] for f in file.facts if f.kind == "birth") == ["1978-05-04", "1987-05-04"]
    assert Task.objects.count() == 0


def test_two_edits_of_one_form_stand_side_by_side_until_a_person_decides(phone: Phone) -> None:
    xml = typed(one())
    phone.send(xml)
    phone.send(edited(xml, ("1987-05-04", "1978-05-04")))
    assert phone.send(edited(xml, ("1987-05-04", "1988-05-04"))).status_code == 201
    assert Task.objects.get().of == "birth"


def test_an_edit_needs_not_send_the_photo_again(phone: Phone) -> None:
    xml = typed(one(photo="1.jpg"))
    phone.send(xml, _1_jpg=png(1))
    assert phone.send(edited(xml, ("1987", "1988"))).status_code == 201
    assert Person.objects.count() == 1


def test_an_edit_that_comes_before_what_it_edits_is_taken_in_its_stead(phone: Phone) -> None:
    xml = typed(one())
    assert phone.send(edited(xml, ("Ximena", "Jimena"))).status_code == 201
    assert phone.send(xml).status_code == 201
    assert names() == {"Jimena Vásquez López"}


def test_an_edit_settles_what_still_waited(phone: Phone) -> None:
    xml = typed(one(photo="1.jpg"))
    phone.send(xml)
    photo = "<person_photo><person_photo_file>1.jpg</person_photo_file></person_photo>"
    assert phone.send(edited(xml, (photo, ""))).status_code == 201
    assert set(SentForm.objects.values_list("stage", flat=True)) == {Stage.REPLACED, Stage.TAKEN}
    assert not forms.opened(SentForm.objects.get(stage=Stage.REPLACED)).xml


# What is refused


HOSTILE = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><data>&b;</data>'


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (b"<data", 400),
        (HOSTILE, 400),
        (b"<data/>", 404),
        (typed(one(), version="2999.1"), 400),
        (typed(), 202),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_of_it_is_kept(
    xml: bytes, status: int, phone: Phone
) -> None:
    answer = phone.send(xml)
    assert answer.status_code == status
    assert " / " in words(answer)
    assert Person.objects.count() == 0
    assert SentForm.objects.filter(stage=Stage.TAKEN).count() == 0


def test_a_forged_form_under_an_id_that_stands_changes_nothing(phone: Phone) -> None:
    xml = typed(one())
    phone.send(xml)
    assert phone.send(xml.replace(b"Ximena", b"Jimena")).status_code == 409
    assert names() == {"Ximena Vásquez López"}


def test_a_form_of_another_office_is_not_told_from_one_that_is_not_there(
    phone: Phone, supervisor: User, hire: Hire, client: Client
) -> None:
    xml = typed(one())
    phone.send(xml)
    now = datetime.now(UTC)
    device, code = devices.make(
        name="Tableta 2", holder=hire("tomas", "registration-officer", office="MEX.COMAR.TEN"), state=STATE,
        institution=COMAR, office="MEX.COMAR.TEN", expires_at=now + timedelta(days=3), by=supervisor, at=now,
    )  # fmt: skip
    assert Phone(client, device, code).send(xml).status_code == 409


def test_what_is_too_large_is_refused_before_it_is_read(phone: Phone) -> None:
    answer = phone.client.generic(
        "POST", "/openrosa/submission", b"x", "multipart/form-data; boundary=b", headers=phone.headers,
        CONTENT_LENGTH=str(10**9),
    )  # fmt: skip
    assert answer.status_code == 413


def test_a_post_that_does_not_say_its_length_is_told_so(phone: Phone) -> None:
    answer = phone.client.generic(
        "POST", "/openrosa/submission", b"x", "multipart/form-data; boundary=b", headers=phone.headers,
        CONTENT_LENGTH="",
    )  # fmt: skip
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "type_", ["multipart/form-data; boundary=b", "multipart/form-data", "application/json"]
)
def test_a_post_that_is_no_form_is_told_so(type_: str, phone: Phone) -> None:
    answer = phone.client.generic(
        "POST", "/openrosa/submission", b"--b\r\nnonsense", type_, headers=phone.headers
    )
    assert answer.status_code == 400


def test_a_file_that_is_no_picture_is_refused_and_the_form_waits_on_the_device(phone: Phone) -> None:
    answer = phone.send(typed(one(photo="1.jpg")), _1_jpg=b"<script>alert(1)</script>")
    assert answer.status_code == 415
    assert SentForm.objects.count() == 0


def test_another_version_of_the_protocol_is_told_so(phone: Phone) -> None:
    phone.headers["X-OpenRosa-Version"] = "2.0"
    assert phone.get("formList").status_code == 400


def test_a_holder_who_lost_the_right_sends_nothing_in(phone: Phone) -> None:
    RoleAssignment.objects.filter(user__username="rocio").update(
        ends=datetime.now(UTC).date() - timedelta(days=1)
    )
    answer = phone.send(typed(one()))
    assert answer.status_code == 403
    assert SentForm.objects.count() == 0


# What a person mends


def test_what_the_registry_refuses_is_kept_sealed_and_the_device_may_let_go(phone: Phone) -> None:
    answer = phone.send(typed(one(born="1987-02-31")))
    assert answer.status_code == 202
    assert Person.objects.count() == 0
    row = SentForm.objects.get()
    assert row.stage == Stage.MEND
    assert b"Ximena" not in bytes(row.sealed)
    assert phone.send(typed(one(born="1987-02-31"), id_=str(row.id))).status_code == 202


def test_a_supervisor_puts_right_what_was_wrong_and_it_is_taken_as_theirs(
    phone: Phone, supervisor: User
) -> None:
    phone.send(typed(one(born="1987-02-31")))
    row = SentForm.objects.get()
    [fault] = forms.opened(row).faults or []
    came = forms.again(form=row, user=supervisor, at=datetime.now(UTC), mended={fault["path"]: "1987-02-28"})
    assert came.form.stage == Stage.TAKEN
    assert Arrival.objects.get().by == supervisor.username
    [birth] = registry.standing_of([Person.objects.get().id], "birth").popitem()[1]
    assert birth.data["date"] == "1987-02-28"


def test_a_form_whose_photo_never_comes_is_taken_without_it_when_a_person_says_so(
    phone: Phone, supervisor: User
) -> None:
    phone.send(typed(one(photo="1.jpg")))
    row = SentForm.objects.get()
    assert forms.again(form=row, user=supervisor, at=datetime.now(UTC)).missing == 1
    came = forms.again(form=row, user=supervisor, at=datetime.now(UTC), without_files=True)
    assert came.form.stage == Stage.TAKEN
    assert names() == {"Ximena Vásquez López"}


def test_what_a_person_drops_leaves_no_answer(phone: Phone, supervisor: User) -> None:
    phone.send(typed(one(photo="1.jpg")))
    row = SentForm.objects.get()
    now = datetime.now(UTC)
    forms.drop(form=row, seat=forms.seat_of(supervisor, phone.device, at=now), at=now)
    assert not forms.opened(SentForm.objects.get()).xml
    assert AuditEntry.objects.filter(act="people.form-dropped", by="sofia").exists()


def test_who_may_not_register_there_takes_nothing_in(phone: Phone, hire: Hire) -> None:
    phone.send(typed(one(photo="1.jpg")))
    with pytest.raises(NotAllowed):
        forms.again(form=SentForm.objects.get(), user=hire("irene", "registration-officer", institution="MEX.INM"),
                    at=datetime.now(UTC), without_files=True)  # fmt: skip
