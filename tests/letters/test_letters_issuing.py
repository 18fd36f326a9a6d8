"""An act's papers are issued once, signed, sealed, readable as PDF in both languages, and verified again."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
import segno
from tests.cases.desks import AT, Walked, at_decision, claimed, posted, saying, seat
from tests.registry.said import who

from mirps.base.crypto import api as crypto
from mirps.base.crypto import keyring
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.casework.letters import signing
from mirps.casework.letters.api import Letter, LetterEvent, LetterFault, NotSigned, Wrong
from mirps.people.registry.models import SealedFile

pytestmark = pytest.mark.django_db
ON = AT.date()
REASON = "El relato no coincide con lo que se sabe."


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def case() -> Walked:
    posted()
    return claimed(who(), who("Luis", "Vásquez", born="2015-09-01", role="child"))


def _certificate(case: Walked) -> Letter:
    (made,) = letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=AT)
    return made


def _words(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def _code(letter: Letter) -> str:
    found = letters.one(letter.serial)
    assert found is not None
    return found.content.token


def test_a_certificate_is_a_tagged_pdf_with_what_it_certifies(case: Walked, tmp_path: Path) -> None:
    made = _certificate(case)
    pdf = letters.paper(made.serial, "es", seat=seat(), at=AT)
    read = pypdf.PdfReader(io.BytesIO(pdf))
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert read.trailer["/Root"]["/Lang"] == "es"
    assert len(read.pages) == 1
    said = _words(pdf, tmp_path)
    for part in ("Ximena Vásquez López", "Luis Vásquez", case.number, made.serial, "Constancia"):
        assert part in said
    assert "<pdfuaid:part>1<" in pdf.decode("latin-1") or "pdfuaid" in str(read.xmp_metadata.rdf_root.toxml())  # type: ignore[union-attr]


def test_the_other_language_says_the_same_and_bears_the_same_code(case: Walked, tmp_path: Path) -> None:
    made = _certificate(case)
    es, en = (letters.paper(made.serial, lang, seat=seat(), at=AT) for lang in ("es", "en"))
    assert letters.code_in(es) == letters.code_in(en) == _code(made)
    assert "has the procedure" in _words(en, tmp_path)
    assert letters.paper(made.serial, "en", seat=seat(), at=AT + timedelta(days=9)) == en


def test_the_act_said_twice_issues_nothing_twice(case: Walked) -> None:
    assert _certificate(case) == _certificate(case)
    assert Letter.objects.count() == 1


def test_a_letter_verifies_until_its_last_day_and_no_longer_when_annulled(case: Walked) -> None:
    made = _certificate(case)
    found = letters.verify(_code(made), on=ON)
    assert found.holds
    assert found.claims.serial == made.serial
    letters.annul(made.serial, reason="printed for somebody else", seat=seat(), at=AT)
    assert letters.verify(_code(made), on=ON).void
    with pytest.raises(LetterFault) as e:
        letters.annul(made.serial, reason="again", seat=seat(), at=AT)
    assert e.value.key == "letters.fault.void"


def test_the_bearer_agrees_with_what_is_printed_and_with_nothing_else(case: Walked) -> None:
    made = _certificate(case)
    content = letters.one(made.serial).content  # type: ignore[union-attr]
    who_ = {"born": "1987-05-04", "control": content.control, "on": ON}
    assert letters.verify(content.token, name="XIMENA VASQUEZ LOPEZ", **who_).bearer is True
    assert letters.verify(content.token, name="Luis Vásquez", **who_).bearer is False


def test_a_letter_issued_anew_takes_the_place_of_the_one_before(case: Walked) -> None:
    old = _certificate(case)
    new = letters.reissue(old.serial, reason="lost", seat=seat(), at=AT + timedelta(days=3))
    assert new.serial != old.serial
    assert new.replaces == old
    assert not letters.verify(_code(old), on=ON).holds
    assert letters.verify(_code(new), on=ON).holds
    with pytest.raises(LetterFault):
        letters.reissue(old.serial, reason="lost", seat=seat(), at=AT + timedelta(days=3))


def test_only_the_institution_that_has_the_case_annuls(case: Walked) -> None:
    made = _certificate(case)
    with pytest.raises(LetterFault) as e:
        letters.annul(made.serial, reason="no", seat=seat("eva", "MEX.INM", "MEX.INM"), at=AT)
    assert e.value.key == "letters.fault.none"


def test_a_notice_says_why_and_the_way_back(tmp_path: Path) -> None:
    posted()
    case = at_decision(claimed())
    done = cases.record(
        case.id, saying("refuse", 12, {}, REASON), seat=seat(), role="coordinator", at=AT + timedelta(days=12)
    )
    (made,) = letters.issue(case.id, done.issues, done.event, seat=seat(), at=AT + timedelta(days=12))
    said = _words(letters.paper(made.serial, "es", seat=seat(), at=AT), tmp_path)
    assert REASON in said
    assert "15 días hábiles" in said


def test_the_code_is_read_by_a_telephone_from_paper(case: Walked) -> None:
    made = segno.make(_code(_certificate(case)), error="m", micro=False)
    assert int(made.version) <= 15


def test_a_letter_goes_on_verifying_after_the_key_that_signed_it_is_gone(
    case: Walked, settings: object, tmp_path: Path
) -> None:
    ring = crypto.ring()
    settings.KEYS = tmp_path / "keys.json"  # type: ignore[attr-defined]
    keyring.save(settings.KEYS, ring)  # type: ignore[attr-defined]
    code = _code(_certificate(case))
    keyring.save(settings.KEYS, ring.rotated().without(ring.current))  # type: ignore[attr-defined]
    later = signing.signer("MEX.COMAR", at=AT)
    assert len(letters.public_keys()) == 2
    assert letters.verify(code, on=ON).holds
    assert letters.verify(code, on=ON).kid != signing.tokens.key_id(later.public_key())


def test_nothing_that_a_doubted_key_signed_is_taken(case: Walked) -> None:
    code = _code(_certificate(case))
    (key,) = letters.public_keys()
    letters.doubt(kid=key.kid, by="admin", at=AT)
    with pytest.raises(NotSigned) as e:
        letters.verify(code, on=ON)
    assert e.value.why is Wrong.KEY


def test_an_institution_cannot_sign_for_another(case: Walked) -> None:
    _certificate(case)
    other = signing.signer("MEX.INM", at=AT)
    told = letters.Claims("MEX.COMAR", "MEX-L-22222-22222-2", "mex_asylum.constancia", ON, "x" * 16, 1).told()
    with pytest.raises(NotSigned):
        letters.verify(signing.tokens.signed(told, other), on=ON)


def test_the_list_of_what_no_longer_holds_names_nobody(case: Walked) -> None:
    import base64
    import zlib

    made = _certificate(case)
    letters.annul(made.serial, reason="printed for somebody else", seat=seat(), at=AT)
    keys = {k.kid: bytes(k.public) for k in letters.public_keys()}
    _, told = signing.tokens.read(letters.statuses("MEX.COMAR", at=AT), keys, signing.tokens.STATUSES)
    listed = told["status_list"]["lst"]
    bits = zlib.decompress(base64.urlsafe_b64decode(listed + "=" * (-len(listed) % 4)))
    assert bits[made.slot // 8] >> (made.slot % 8) & 1
    assert sum(b.bit_count() for b in bits) == 1
    assert made.serial not in str(told)


def test_delivery_needs_its_proof_and_happens_once(case: Walked) -> None:
    made = _certificate(case)
    proof = letters.paper(made.serial, "es", seat=seat(), at=AT)
    given = {
        "kind": "delivered",
        "means": "by-hand",
        "happened": AT,
        "to": "Ximena",
        "note": "",
        "seat": seat(),
        "at": AT,
    }
    with pytest.raises(LetterFault) as e:
        letters.deliver(made.serial, proof=b"", **given)  # type: ignore[arg-type]
    assert e.value.key == "letters.fault.proof"
    tried = letters.deliver(made.serial, proof=b"", **given | {"kind": "not-found", "note": "nobody home"})  # type: ignore[arg-type]
    assert tried.kind == "not-found"
    letters.deliver(made.serial, proof=proof, **given)  # type: ignore[arg-type]
    with pytest.raises(LetterFault) as e:
        letters.deliver(made.serial, proof=proof, **given)  # type: ignore[arg-type]
    assert e.value.key == "letters.fault.delivered"
    found = letters.of_case(case.id)[0]
    assert found.delivered
    assert found.told(found.delivered)["to"] == "Ximena"


def test_nothing_of_whose_it_is_stands_clear(case: Walked, tmp_path: Path) -> None:
    made = _certificate(case)
    letters.annul(made.serial, reason="Ximena asked for it", seat=seat(), at=AT)
    kept = [str(vars(row)) for model in (Letter, LetterEvent, SealedFile) for row in model.objects.all()]
    kept += [p.read_bytes().decode("latin-1") for p in tmp_path.rglob("*") if p.is_file()]
    assert kept
    assert not any(part in text for text in kept for part in ("Ximena", "squez", "1987-05-04"))
