"""An institution keeps sources once; an assessment cites them as they were, whatever becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.cases import desks
from tests.cases.desks import AT, Walked, claimed, posted, saying, seat

from mirps.casework.cases import api as cases
from mirps.casework.cases.models import CaseEvent
from mirps.casework.conduct import api as conduct
from mirps.casework.letters import api as letters
from mirps.casework.letters import sealing
from mirps.casework.letters.models import Letter
from mirps.casework.origin import api as origin
from mirps.casework.origin.api import Choice, OriginFault, OriginSource, Said, SourceFaults
from mirps.casework.procedures.citing import CITED, citations

pytestmark = [pytest.mark.database, pytest.mark.django_db]
SAID = Said(
    "Invented for a test", "Nobody", "HND", date(2025, 6, 1), "https://example.org/a", "es", ("gangs",)
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def source() -> OriginSource:
    return origin.add(SAID, seat=seat(), at=AT)


def assessed(walked: Walked) -> Walked:
    """Taken as far as the assessment."""
    walked.does("admit", days=1)
    walked.does("profile", "protection", days=2, values=desks.PROFILE)
    walked.does("assign_modality", "protection", days=2, values={"modality": "regular"})
    walked.does("interview", "protection", days=8, values={"language": "es"})
    return walked


@pytest.fixture
def case() -> Walked:
    posted()
    return assessed(claimed())


def opinion(case: Walked, *choices: Choice, said: cases.Saying | None = None) -> cases.Recorded:
    return conduct.do(
        case.id, said or saying("give_opinion", 10), seat=case.seat, role="protection", at=AT + timedelta(days=10),
        cites=choices,
    )  # fmt: skip


def cited(case: Walked) -> list[object]:
    file = cases.case(case.number, seat=case.seat, at=AT + timedelta(days=11))
    assert file is not None
    return [c for e in file.events for c in citations(e.values)]


def test_a_source_is_the_institutions_own(source: OriginSource) -> None:
    inm = seat("inm", "", "MEX.INM")
    assert [r.title for r in origin.sources(seat(), country="HND", topic="gangs")] == [SAID.title]
    assert origin.sources(seat(), country="HND", topic="land") == []
    assert origin.sources(inm) == []
    assert origin.versions(source.source, seat=inm) == []


def test_sent_twice_it_is_one_source() -> None:
    id_ = uuid4()
    assert origin.add(SAID, id=id_, seat=seat(), at=AT) == origin.add(SAID, id=id_, seat=seat(), at=AT)
    assert OriginSource.objects.count() == 1


def test_a_change_is_another_version_and_whoever_saw_an_earlier_one_is_told(source: OriginSource) -> None:
    origin.change(source.source, replace(SAID, title="Another title"), seen=1, seat=seat(), at=AT)
    assert [r.title for r in origin.sources(seat())] == ["Another title"]
    assert [r.version for r in origin.versions(source.source, seat=seat())] == [2, 1]
    with pytest.raises(OriginFault, match="changed"):
        origin.change(source.source, SAID, seen=1, seat=seat(), at=AT)


def test_a_withdrawal_needs_a_reason_and_nothing_is_deleted(source: OriginSource) -> None:
    with pytest.raises(OriginFault, match="reason"):
        origin.withdraw(source.source, seen=1, reason=" ", seat=seat(), at=AT)
    origin.withdraw(source.source, seen=1, reason="the publisher took it back", seat=seat(), at=AT)
    assert origin.sources(seat(), withdrawn=False) == []
    assert [r.reason for r in origin.versions(source.source, seat=seat())] == [
        "the publisher took it back",
        "",
    ]
    with pytest.raises(OriginFault, match="withdrawn"):
        origin.change(source.source, SAID, seen=2, seat=seat(), at=AT)


@pytest.mark.parametrize(
    "file", [b"no PDF", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"%PDF-" + bytes(5 * 1024 * 1024)]
)
def test_a_copy_that_is_no_pdf_or_too_large_is_refused(file: bytes) -> None:
    with pytest.raises(SourceFaults) as e:
        origin.add(SAID, file=file, seat=seat(), at=AT)
    assert e.value.faults == {"file": "origin.fault.file"}
    assert not OriginSource.objects.exists()


def test_a_copy_stays_with_its_version() -> None:
    made = origin.add(SAID, file=PDF, seat=seat(), at=AT)
    origin.change(made.source, SAID, seen=1, keep_file=False, seat=seat(), at=AT)
    assert origin.file_of(made.source, 1, seat=seat()) == PDF
    assert origin.file_of(made.source, 2, seat=seat()) is None
    assert origin.file_of(made.source, 1, seat=seat("inm", "", "MEX.INM")) is None


def test_an_opinion_keeps_what_it_cites_as_it_was(case: Walked, source: OriginSource) -> None:
    opinion(case, Choice(source.source, 1, "p. 12, § 3", "no protection by the State"))
    origin.change(source.source, replace(SAID, title="Another title"), seen=1, seat=seat(), at=AT)
    origin.withdraw(source.source, seen=2, reason="wrong", seat=seat(), at=AT)
    (found,) = cited(case)
    assert (found.title, found.version, found.passage) == (SAID.title, 1, "p. 12, § 3")  # type: ignore[attr-defined]
    assert found.use == "no protection by the State"  # type: ignore[attr-defined]


def test_what_is_cited_is_sealed_with_the_event(case: Walked, source: OriginSource) -> None:
    done = opinion(case, Choice(source.source, 1, "p. 12, § 3"))
    row = CaseEvent.objects.get(pk=done.event)
    assert b"Invented" not in bytes(row.sealed)
    assert b"p. 12" not in bytes(row.sealed)


def test_an_opinion_sent_again_is_the_same_though_its_source_was_withdrawn_since(
    case: Walked, source: OriginSource
) -> None:
    said = saying("give_opinion", 10)
    opinion(case, Choice(source.source, 1), said=said)
    origin.withdraw(source.source, seen=1, reason="wrong", seat=seat(), at=AT)
    assert opinion(case, Choice(source.source, 1), said=said).again


@pytest.mark.parametrize(
    ("passage", "use"), [("x" * 10_000, ""), ("", "x" * 10_000)], ids=["passage", "use"]
)  # fmt: skip
def test_a_passage_without_end_is_refused_and_nothing_is_kept(
    case: Walked, source: OriginSource, passage: str, use: str
) -> None:
    with pytest.raises(OriginFault, match="passage"):
        opinion(case, Choice(source.source, 1, passage, use))
    assert cited(case) == []


def test_what_is_not_the_institutions_or_is_withdrawn_cannot_be_cited(
    case: Walked, source: OriginSource
) -> None:
    theirs = origin.add(SAID, seat=seat("inm", "", "MEX.INM"), at=AT)
    for choice in (Choice(theirs.source, 1), Choice(uuid4(), 1), Choice(source.source, 2)):
        with pytest.raises(OriginFault, match="none"):
            opinion(case, choice)
    origin.withdraw(source.source, seen=1, reason="wrong", seat=seat(), at=AT)
    with pytest.raises(OriginFault, match="withdrawn"):
        opinion(case, Choice(source.source, 1))


def test_an_act_that_is_no_assessment_cites_nothing(source: OriginSource) -> None:
    posted()
    walked = claimed()
    with pytest.raises(cases.NotPossible) as e:
        conduct.do(walked.id, saying("admit", 1), seat=walked.seat, role="registration", at=AT + timedelta(days=1),
                   cites=[Choice(source.source, 1)])  # fmt: skip
    assert CITED in {c for r in e.value.reasons for c in r.codes}


def test_the_notice_of_a_refusal_lists_what_was_cited_as_it_was(case: Walked, source: OriginSource) -> None:
    opinion(case, Choice(source.source, 1, "p. 12, § 3"))
    origin.change(source.source, replace(SAID, title="Another title"), seen=1, seat=seat(), at=AT)
    done = conduct.do(
        case.id, saying("refuse", 12, reason="because it was so"), seat=case.seat, role="coordinator",
        at=AT + timedelta(days=12),
    )  # fmt: skip
    letter = Letter.objects.get(event=done.event)
    for lang, head in (("es", "país de origen"), ("en", "Country-of-origin")):
        told = str(sealing.content_of(letter).faces[lang].blocks)
        assert head in told
        assert "Nobody: Invented for a test, 2025-06-01, p. 12, § 3, https://example.org/a" in told
    assert letters.paper(letter.serial, "es", seat=case.seat, at=AT).startswith(b"%PDF")


def test_a_notice_without_sources_does_not_speak_of_them(case: Walked) -> None:
    opinion(case)
    done = conduct.do(
        case.id, saying("refuse", 12, reason="because it was so"), seat=case.seat, role="coordinator",
        at=AT + timedelta(days=12),
    )  # fmt: skip
    letter = Letter.objects.get(event=done.event)
    assert "país de origen" not in str(sealing.content_of(letter).faces["es"].blocks)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row security is PostgreSQL's")
def test_a_version_is_never_changed_in_the_database_itself(source: OriginSource) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        OriginSource.objects.filter(pk=source.pk).update(title="Another title")
