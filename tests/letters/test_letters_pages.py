"""Officers see a case's letters, note deliveries, annul, issue anew, and change their office's texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.cases.desks import Walked, claimed, seat
from tests.casework_pages.test_casework_cases import queries_of
from tests.registry.said import who

from mirps.casework.letters import api as letters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
Officer = Callable[..., Client]
SIGNED = b"%PDF-1.7\nsigned receipt"


@pytest.fixture
def case(ana: Client) -> Walked:
    made = claimed(who())
    letters.issue(made.id, ["constancia"], made.id, seat=seat(), at=timezone.now())
    return made


def _way(case: Walked, lang: str = "es") -> str:
    serial = letters.of_case(case.id)[0].row.serial
    return f"/{lang}/cases/{case.number}/letters/{serial}/"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_case_shows_its_letters_and_each_opens(ana: Client, case: Walked, lang: str) -> None:
    said = ana.get(f"/{lang}/cases/{case.number}/letters/").content.decode()
    assert _way(case, lang) in said
    assert queries_of(ana, _way(case, lang)) <= 12
    assert queries_of(ana, f"/{lang}/cases/{case.number}/letters/") <= 12
    for tongue in ("es", "en"):
        pdf = ana.get(f"{_way(case, lang)}{tongue}.pdf")
        assert pdf.content.startswith(b"%PDF-")
        assert "no-store" in pdf["Cache-Control"]


def test_a_delivery_is_noted_with_its_proof(ana: Client, case: Walked) -> None:
    way = _way(case)
    given = {"act": "deliver", "kind": "delivered", "means": "by-hand", "to": "ella misma"}
    answer = ana.post(way, given)
    assert answer.status_code == 422
    assert '<a href="#f-proof">Adjunte la prueba' in answer.content.decode()  # beside where it is mended
    wrong = ana.post(way, given | {"proof": SimpleUploadedFile("x.exe", b"MZ\x00\x01")})
    assert wrong.status_code == 422
    assert '<a href="#f-proof">' in wrong.content.decode()
    kept = ana.post(way, given | {"proof": SimpleUploadedFile("x.pdf", SIGNED)})
    assert kept["Location"].endswith("?done=delivered")
    page = ana.get(way).content.decode()
    assert "ella misma" in page
    assert ana.get(f"{way}proof/").content == SIGNED
    assert "Anotar la entrega" not in page


def test_a_letter_is_issued_anew_and_annulled_with_a_reason(ana: Client, case: Walked) -> None:
    old = _way(case)
    assert ana.post(old, {"act": "annul", "reason": " "}).status_code == 422
    done = ana.post(old, {"act": "reissue", "reason": "se mojó"})
    new = done["Location"].partition("?")[0]
    assert new != old
    assert "ya no vale" in ana.get(old).content.decode()
    assert ana.post(new, {"act": "annul", "reason": "otra persona"})["Location"].endswith("?done=annulled")
    assert ana.post(new, {"act": "annul", "reason": "otra vez"}).status_code == 422


def test_nobody_else_sees_them(case: Walked, officer: Officer) -> None:
    other = officer("eva", body="PAN.ONPAR", office="", posted=False)
    for way in (_way(case), f"{_way(case)}es.pdf", f"{_way(case)}proof/"):
        assert other.get(way).status_code == 404
        assert Client().get(way).status_code == 302
    assert other.post(_way(case), {"act": "annul", "reason": "no"}).status_code in (404, 422)
    assert letters.of_case(case.id)[0].void is None


def test_a_text_is_written_seen_proposed_and_approved_by_another(officer: Officer) -> None:
    one = officer("jefa", role="case-supervisor", office="")
    two = officer("subjefa", role="case-supervisor", office="")
    way = "/es/cases/texts/mex_asylum/constancia/"
    assert way in one.get("/es/cases/texts/").content.decode()
    wrong = one.post(way, {"act": "propose", "es": "Hola {{ nombre }}", "en": "{{ name }}"})
    assert wrong.status_code == 422
    assert "No hay un campo «nombre»" in wrong.content.decode()
    text = {"es": "Hola {{ name }}", "en": "Hello {{ name }}"}
    assert "El texto está bien" in one.post(way, {"act": "check"} | text).content.decode()
    assert one.post(f"{way}en.pdf", text).content.startswith(b"%PDF-")
    assert one.post(way, {"act": "propose"} | text)["Location"].endswith("?done=proposed")
    row = letters.LetterTemplate.objects.get()
    assert one.post(way, {"act": "approve", "id": str(row.id)}).status_code == 422
    assert two.post(way, {"act": "approve", "id": str(row.id)})["Location"].endswith("?done=approved")
    assert re.search(r"texto propio", one.get("/es/cases/texts/").content.decode())


def test_an_officer_without_the_right_changes_no_text(ana: Client) -> None:
    assert ana.get("/es/cases/texts/").status_code == 403
    assert ana.post("/es/cases/texts/mex_asylum/constancia/", {"act": "propose"}).status_code == 403
