"""An office changes its own text, sees it on an invented case, and a second person brings it into force."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from tests.cases.desks import AT, MEX, claimed, posted, seat

from mirps.base.marked.faults import Faults
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import LetterFault, Text
from mirps.casework.procedures import api as procedures

pytestmark = pytest.mark.django_db
ES, EN = "Hola {{ name }}, de parte de {{ authority }}.", "Hello {{ name }}, from {{ authority }}."


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def _propose(es: str = ES, en: str = EN, office: str = "MEX.COMAR.TAP") -> letters.LetterTemplate:
    p = cases.latest(MEX)
    return letters.texting.propose(p, "constancia", es=es, en=en, office=office, seat=seat(), at=AT)


def _in_force(office: str = "MEX.COMAR.TAP") -> str:
    return letters.text_in_force(cases.latest(MEX), "constancia", "MEX.COMAR", office).es


def _words(serial: str) -> str:
    pdf = letters.paper(serial, "es", seat=seat(), at=AT)
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_text_holds_once_a_second_person_approved_it_and_for_that_office() -> None:
    row, p = _propose(), cases.latest(MEX)
    assert _in_force() != ES
    with pytest.raises(LetterFault) as e:
        letters.texting.approve(row.id, p=p, seat=seat(), at=AT)
    assert e.value.key == "letters.fault.second"
    letters.texting.approve(row.id, p=p, seat=seat("jefa"), at=AT)
    assert _in_force() == ES
    assert _in_force("MEX.COMAR.TEN") != ES
    posted()
    case = claimed()
    (made,) = letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=AT)
    assert made.template == str(row.id)
    assert "Hola Ximena" in _words(made.serial)


def test_a_letter_keeps_the_text_with_which_it_was_issued() -> None:
    posted()
    case, p = claimed(), cases.latest(MEX)
    (made,) = letters.issue(case.id, ["constancia"], case.id, seat=seat(), at=AT)
    letters.texting.approve(_propose().id, p=p, seat=seat("jefa"), at=AT)
    assert "hace constar" in _words(made.serial)
    assert (
        "certifies that"
        in pypdf.PdfReader(
            io.BytesIO(letters.paper(made.serial, "en", seat=seat(), at=AT + timedelta(days=1)))
        )
        .pages[0]
        .extract_text()
    )


def test_a_faulty_text_is_refused_and_the_one_in_force_stays() -> None:
    before = _in_force()
    with pytest.raises(Faults) as e:
        _propose(es="{{ nombre }}")
    assert {f.file for f in e.value.faults} == {"es"}
    assert _in_force() == before
    assert not letters.LetterTemplate.objects.exists()


def test_a_text_taken_back_gives_way_to_the_one_before() -> None:
    before, p = _in_force(), cases.latest(MEX)
    row = letters.texting.approve(_propose().id, p=p, seat=seat("jefa"), at=AT)
    letters.texting.end(row.id, seat=seat(), at=AT)
    assert _in_force() == before
    with pytest.raises(LetterFault):
        letters.texting.approve(row.id, p=p, seat=seat("jefa"), at=AT)


def test_another_institution_decides_nothing() -> None:
    row = _propose()
    with pytest.raises(LetterFault):
        letters.texting.approve(row.id, p=cases.latest(MEX), seat=seat("eva", "MEX.INM", "MEX.INM"), at=AT)


def test_every_document_is_seen_on_an_invented_case_and_bears_the_mark_of_a_sample() -> None:
    p = procedures.procedures()["blz_asylum"]
    for code, document in next(iter(p.values())).documents.items():
        one = next(iter(p.values()))
        pdf = letters.texting.sample(one, code, letters.text(one.name, code, document.paper), "en")
        assert "SAMPLE" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_card_that_does_not_fit_is_refused() -> None:
    p = next(iter(procedures.procedures()["blz_asylum"].values()))
    long = "Una línea larga que llena la cara del carné de lado a lado.\n\n" * 14
    with pytest.raises(Faults) as e:
        letters.texting.check(p, "card", Text("", long, long))
    assert e.value.faults[0].key == "letter_card"
