"""Anybody verifies a letter: pasted, as PDF, from the shell; the page says what holds and keeps nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cases.desks import AT, claimed, posted, seat
from tests.registry.said import who

from mirps.casework.letters import api as letters
from mirps.web.shell import letter as shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(settings: object, tmp_path: Path) -> letters.Issued:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    posted()
    case = claimed(who())
    (made,) = letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=AT)
    found = letters.one(made.serial)
    assert found is not None
    return found


def _said(lang: str, **given: object) -> str:
    answer = Client().post(f"/{lang}/verify/", given)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_a_pasted_code_is_told_with_what_it_vouches_for(letter: letters.Issued) -> None:
    said = _said("en", code=letter.content.token)
    assert "The document is genuine and valid" in said
    assert letter.row.serial in said
    assert "Comisión Mexicana" in _said("es", code=letter.content.token)


def test_the_pdf_itself_is_verified(letter: letters.Issued) -> None:
    pdf = letters.paper(letter.row.serial, "en", seat=seat(), at=AT)
    assert "genuine and valid" in _said("en", file=SimpleUploadedFile("x.pdf", pdf, "application/pdf"))


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\nnonsense", b"\xff\xd8\xff", b"", b"%PDF-1.4\n1 0 obj<<>>endobj trailer<<>>"]
)
def test_a_broken_file_is_told_and_breaks_nothing(letter: letters.Issued, content: bytes) -> None:
    assert "no code of a signed document" in _said("en", file=SimpleUploadedFile("x.pdf", content or b" "))


def test_a_code_that_was_changed_or_annulled_is_told(letter: letters.Issued) -> None:
    token = letter.content.token
    head, body, signature = token.split(".")
    assert "does not hold" in _said("en", code=f"{head}.{body}.{signature[:-6]}AAAAAA")
    letters.annul(letter.row.serial, reason="a mistake", seat=seat(), at=AT)
    assert "annulled or replaced" in _said("en", code=token)


def test_the_name_is_compared_and_never_shown(letter: letters.Issued) -> None:
    asked = {"code": letter.content.token, "born": "1987-05-04", "control": letter.content.control}
    assert "are those that were signed" in _said("en", name="ximena vasquez lopez", **asked)
    said = _said("en", name="Somebody Else", **asked)
    assert "do not agree" in said
    assert "Ximena" not in said


def test_the_addresses_on_paper_lead_to_the_page() -> None:
    for short, lang in (("/verificar/", "es"), ("/verify/", "en")):
        assert Client().get(short)["Location"] == f"/{lang}/verify/"


def test_the_page_and_its_worker_hold_the_keys_and_no_letter(letter: letters.Issued) -> None:
    page = Client().get("/es/verify/").content.decode()
    book = json.loads(page.split('id="book">')[1].split("</script>")[0])
    assert [k["kid"] for k in book["keys"]] == [k.kid for k in letters.public_keys()]
    assert letter.row.serial not in page
    assert "/es/verify/" in Client().get("/es/verify/worker.js").content.decode()
    assert Client().get("/verify/keys.json").json()["keys"][0]["crv"] == "Ed25519"
    assert Client().get("/verify/status/MEX.COMAR.jwt").content.count(b".") == 2
    assert Client().get("/verify/status/NOBODY.jwt").status_code == 404


def test_the_shell_verifies_a_file_and_a_text_and_fails_for_others(
    letter: letters.Issued, tmp_path: Path
) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(letters.paper(letter.row.serial, "es", seat=seat(), at=AT))
    run = CliRunner().invoke
    for what in (str(file), letter.content.token):
        done = run(shell.letter, ["verify", what, "--lang", "en"])
        assert done.exit_code == 0, done.output
        assert letter.row.serial in done.output
    assert run(shell.letter, ["verify", "nonsense"]).exit_code == 1
    assert "MEX.COMAR" in run(shell.letter, ["keys"]).output
    (key,) = letters.public_keys()
    assert run(shell.letter, ["doubt", key.kid, "--by", "admin"]).exit_code == 0
    assert run(shell.letter, ["verify", letter.content.token]).exit_code == 1


def test_the_shell_takes_a_key_whose_name_begins_with_a_dash() -> None:
    done = CliRunner().invoke(shell.letter, ["doubt", "-HtWQwGR", "--by", "admin"])
    assert "-HtWQwGR" in done.output  # there is none of that name
    assert done.exit_code == 1
