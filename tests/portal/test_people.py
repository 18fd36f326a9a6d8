"""Signing in, answering a finding in a role, and checking a text."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mirps.base.access.api import User, give_role
from mirps.base.audit.api import AuditEntry
from mirps.evidence.findings import api as findings
from mirps.web.pages import check

REASON = {"reason_es": "Las partes omiten a diez personas.", "reason_en": "The parts leave ten people out."}


@pytest.fixture
def finding(loaded: None) -> findings.Finding:
    return findings.Finding.objects.filter(state="HND", gone_at=None).order_by("code")[0]


def focal_point(state: str, ends: date | None = None) -> User:
    user = User.objects.create_user(f"focal-{state.lower()}", password="a long pass phrase")
    give_role(
        user=user,
        role="focal-point",
        state=state,
        starts=date(2020, 1, 1),
        ends=ends,
        by="tests",
        at=timezone.now(),
    )
    return user


def test_the_focal_point_answers_and_everyone_sees_it_at_once(finding: findings.Finding) -> None:
    reader, writer = Client(), Client()
    page = f"/en/finding/{finding.code}/"
    assert REASON["reason_en"] not in reader.get(page).content.decode()
    writer.force_login(focal_point("HND"))
    assert '<textarea id="reason_es"' in writer.get(page).content.decode()
    answer = writer.post(page, {"kind": "explained", **REASON})
    assert answer.status_code == 302
    shown = reader.get(page).content.decode()
    assert REASON["reason_en"] in shown
    assert "Focal point of the State" in shown
    assert "focal-hnd" not in shown, "the role answers in public, the person's name stays in the audit"
    assert AuditEntry.objects.filter(act="finding.explained", by="focal-hnd").count() == 1


@pytest.mark.parametrize("who", ["anonymous", "of another State", "whose role has ended"])
def test_nobody_else_may_answer_and_the_page_says_why(finding: findings.Finding, who: str) -> None:
    client, page = Client(), f"/es/finding/{finding.code}/"
    if who == "of another State":
        client.force_login(focal_point("CRI"))
    elif who == "whose role has ended":
        client.force_login(focal_point("HND", ends=date(2021, 1, 1)))
    shown = client.get(page).content.decode()
    assert "<textarea" not in shown
    assert "Honduras" in shown
    assert "punto focal" in shown
    before = findings.Answer.objects.count()
    assert client.post(page, {"kind": "explained", **REASON}).status_code == 403
    assert findings.Answer.objects.count() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason_es": ""}, "La razón en español falta"),
        ({"reason_en": "no"}, "La razón en inglés falta"),
        ({"kind": "forgotten"}, "elija explicado"),
        ({"kind": "corrected"}, "dé su identificador"),
        ({"kind": "corrected", "figure": "nothing-such"}, "No hay ninguna cifra pública"),
    ],
)
def test_an_answer_that_lacks_something_is_given_back_with_what_it_lacks(
    finding: findings.Finding, change: dict[str, str], told: str
) -> None:
    client = Client()
    client.force_login(focal_point("HND"))
    before = findings.Answer.objects.count()
    answer = client.post(f"/es/finding/{finding.code}/", {"kind": "explained", **REASON, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert change.get("reason_es") == "" or REASON["reason_es"] in page, "what was written is kept"
    assert findings.Answer.objects.count() == before


def test_an_answer_from_another_site_is_refused(finding: findings.Finding) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point("HND"))
    answer = client.post(f"/en/finding/{finding.code}/", {"kind": "explained", **REASON})
    assert answer.status_code == 403
    assert "This is not allowed" in answer.content.decode()


def test_signing_in_and_out(loaded: None) -> None:
    focal_point("HND")
    client = Client()
    wrong = client.post("/es/sign-in/", {"username": "focal-hnd", "password": "guess"})
    unknown = client.post("/es/sign-in/", {"username": "nobody", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 422
    assert "no son correctos" in wrong.content.decode()
    right = client.post(
        "/es/sign-in/",
        {"username": "focal-hnd", "password": "a long pass phrase", "next": "/es/contradictions/"},
    )
    assert right["Location"] == "/es/contradictions/"
    assert "focal-hnd" in client.get("/es/").content.decode()
    assert client.post("/es/sign-out/")["Location"] == "/es/"
    assert "focal-hnd" not in client.get("/es/").content.decode()


def test_signing_in_leads_to_no_other_site(loaded: None) -> None:
    focal_point("HND")
    given = {"username": "focal-hnd", "password": "a long pass phrase", "next": "//example.org/"}
    assert Client().post("/en/sign-in/", given)["Location"] == "/en/"


def test_a_password_is_not_tried_for_ever(loaded: None) -> None:
    client = Client()
    tries = [client.post("/en/sign-in/", {"username": "x", "password": "y"}).status_code for _ in range(12)]
    assert tries[0] == 422
    assert tries[-1] == 429
    last = client.post("/en/sign-in/", {"username": "x", "password": "y"})
    assert last["Retry-After"] == "300"
    assert "Too many tries" in last.content.decode()


WRONG = "De las 332 personas, 80 eran niñas, 105 mujeres, 53 niños y 104 hombres."
RIGHT = "De las 332 personas, 80 eran niñas, 105 mujeres, 53 niños y 94 hombres."


@pytest.mark.parametrize(("text", "contradicts"), [(WRONG, True), (RIGHT, False)])
def test_a_text_is_checked_by_the_same_engine_as_the_command(
    loaded: None, text: str, contradicts: bool
) -> None:
    answer = Client(enforce_csrf_checks=True).post("/es/check/", {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("doubt-contradiction" in page) is contradicts
    assert text in page, "the text stays in the form"


def test_a_file_is_checked_too(loaded: None) -> None:
    sent = SimpleUploadedFile("informe.txt", WRONG.encode())
    assert "doubt-contradiction" in Client().post("/en/check/", {"file": sent}).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.exe", b"MZ", ".docx"),
        ("x.docx", b"PK\x03\x04 cut short", "x.docx"),
        ("x.pdf", b"%PDF-1.7 cut short", "x.pdf"),
        ("../../etc/passwd.txt", b"", "passwd.txt"),
    ],
)
def test_a_bad_file_is_named_with_its_remedy(loaded: None, name: str, content: bytes, told: str) -> None:
    sent = SimpleUploadedFile(name, content or b" ")
    answer = Client().post("/es/check/", {"file": sent})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_what_is_written_in_a_text_is_never_run(loaded: None) -> None:
    page = Client().post("/en/check/", {"text": "<script>alert(1)</script> 5 people"}).content.decode()
    assert "<script>" not in page


def test_too_large_a_body_is_refused_before_it_is_read(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MOST_BYTES", 1000)
    answer = Client().post("/en/check/", {"text": "5 people " * 500})
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_checking_has_a_limit_and_says_so(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MOST_A_MINUTE", 2)
    client = Client()
    statuses = [client.post("/es/check/", {"text": "5 personas"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
