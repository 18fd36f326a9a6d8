"""The pages of sources on countries of origin, and choosing among them at an act's form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.cases import desks
from tests.casework_pages import conftest as desk
from tests.casework_pages.test_casework_cases import queries_of
from uuid_utils.compat import uuid7

from mirps.casework.cases import api as cases
from mirps.casework.conduct import api as conduct
from mirps.casework.origin import api as origin
from mirps.casework.origin.api import OriginSource, Said
from mirps.people.custody.api import Seat

pytestmark = [pytest.mark.database, pytest.mark.django_db]
officer, ana, _fresh = desk.officer, desk.ana, desk._fresh
Officer = Callable[..., Client]
HERE = Seat("ana", "MEX", "MEX.COMAR", desks.TAP, purpose="procedure")
TYPED = {
    "title": "Invented for a test", "publisher": "Nobody", "country": "Honduras", "published": "2025-06-01",
    "address": "https://example.org/a", "language": "es", "topics": ["gangs", "justice"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def kept(
    title: str = "Invented for a test", country: str = "HND", published: date = date(2025, 6, 1)
) -> UUID:
    said = Said(title, "Nobody", country, published, "https://example.org/a", "es", ("gangs",))
    return origin.add(said, seat=HERE, at=timezone.now()).source


def at_assessment(nationality: str = "HND") -> str:
    """A case of this desk that waits for its opinion, of today's days; its number."""
    at = timezone.now() - timedelta(days=20)
    (person,) = desks.registered(at=at)
    first = conduct.open_case(
        desks.MEX, people=[(person, "principal")], seat=HERE, role="registration", at=at,
        saying=cases.Saying(uuid7(), "claim", at, {"entered_on": at.date().isoformat(), "nationality": nationality}),
    )  # fmt: skip
    steps = [("admit", "registration", {}), ("profile", "protection", desks.PROFILE),
             ("assign_modality", "protection", {"modality": "regular"}),
             ("interview", "protection", {"language": "es"})]  # fmt: skip
    for n, (act, role, values) in enumerate(steps, 1):
        when = at + timedelta(days=n)
        conduct.do(first.case, cases.Saying(uuid7(), act, when, values), seat=HERE, role=role, at=when)
    return first.number


def test_the_empty_list_says_what_to_do(ana: Client) -> None:
    assert "ninguna fuente" in words(ana.get("/es/cases/origin/"))
    assert "no source yet" in words(ana.get("/en/cases/origin/"))


def test_an_officer_adds_a_source_and_finds_it_by_country_and_topic(ana: Client) -> None:
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF", content_type="application/pdf")
    answer = ana.post(
        "/en/cases/origin/new/", TYPED | {"file": pdf, "id": str(uuid7()), "do": "add"}, follow=True
    )
    assert "The source is kept." in words(answer)
    assert "Invented for a test" in words(ana.get("/en/cases/origin/?country=HND&topic=justice"))
    assert "Invented for a test" not in words(ana.get("/en/cases/origin/?country=HND&topic=land"))
    row = OriginSource.objects.get()
    copy = ana.get(f"/en/cases/origin/{row.source}/1.pdf")
    assert copy.content.startswith(b"%PDF")
    assert "attachment" in copy["Content-Disposition"]
    assert "no-store" in copy["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "javascript:alert(1)"}, "address"),
        ({"published": "2999-01-01"}, "published"),
        ({"published": "soon"}, "published"),
        ({"country": "Atlantis"}, "country"),
        ({"title": ""}, "title"),
        ({"language": "tlh"}, "language"),
        ({"topics": ["<script>"]}, "topics"),
    ],
)
def test_what_is_wrong_is_told_at_its_box_and_what_was_typed_stays(
    ana: Client, change: dict[str, object], field: str
) -> None:
    answer = ana.post("/en/cases/origin/new/", TYPED | change | {"do": "add"})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in words(answer)
    assert "<script>alert" not in words(answer)
    assert field == "publisher" or 'value="Nobody"' in words(answer)
    assert not OriginSource.objects.exists()


def test_a_file_that_is_no_pdf_is_refused(ana: Client) -> None:
    page = SimpleUploadedFile("a.pdf", b"<html>", content_type="application/pdf")
    answer = ana.post("/en/cases/origin/new/", TYPED | {"file": page, "do": "add"})
    assert answer.status_code == 422
    assert "PDF of up to 5 MB" in words(answer)


def test_old_sources_are_marked_and_shown(ana: Client) -> None:
    kept(published=date(2019, 1, 1))
    assert "more than two years old" in words(ana.get("/en/cases/origin/"))


def test_only_who_supervises_withdraws_and_the_reason_stays(ana: Client, officer: Officer) -> None:
    where = f"/en/cases/origin/{kept()}/"
    told = {"do": "withdraw", "seen": "1", "reason": "The publisher took it back."}
    assert ana.post(where, told).status_code == 403
    boss = officer("boss", role="case-supervisor")
    assert boss.post(where, told | {"reason": ""}).status_code == 422
    assert "The source is withdrawn." in words(boss.post(where, told, follow=True))
    assert "The publisher took it back." in words(ana.get(where))
    assert "withdrawn" in words(ana.get("/en/cases/origin/"))


def test_a_change_made_on_an_old_version_is_refused(ana: Client) -> None:
    where = f"/en/cases/origin/{kept()}/"
    assert ana.post(where, TYPED | {"title": "Second", "seen": "1", "do": "change"}).status_code == 302
    answer = ana.post(where, TYPED | {"title": "Third", "seen": "1", "do": "change"})
    assert answer.status_code == 422
    assert "Somebody kept another version" in words(answer)


def test_another_institution_sees_none_of_it(ana: Client, officer: Officer) -> None:
    source = kept()
    inm = officer("inm", "migration", body="MEX.INM", office="", posted=False)
    for where in (f"/en/cases/origin/{source}/", f"/en/cases/origin/{source}/1.pdf"):
        assert inm.get(where).status_code == 404
    assert "Invented for a test" not in words(inm.get("/en/cases/origin/"))


def test_the_form_offers_the_applicants_country_first_and_others_when_asked(ana: Client) -> None:
    number, hnd = at_assessment(), kept()
    kept("Of Haiti", "HTI")
    where = f"/en/cases/{number}/do/give_opinion/"
    first = words(ana.get(where))
    assert "Invented for a test" in first
    assert "Of Haiti" not in first
    typed = {"cite": f"{hnd}.1", f"cite.passage.{hnd}": "p. 12", "cite.country": "Haiti", "cite.look": "1"}
    then = words(ana.post(where, typed))
    assert "Of Haiti" in then
    assert 'value="p. 12"' in then
    assert re.search(rf'value="{hnd}.1" checked', then)


def test_what_is_cited_stands_in_the_history_as_it_was(ana: Client) -> None:
    number, source = at_assessment(), kept()
    typed = {"id": str(uuid7()), "made": timezone.now().isoformat(), "cite": f"{source}.1",
             f"cite.passage.{source}": "p. 12, <b>§ 3</b>", f"cite.use.{source}": "State protection"}  # fmt: skip
    answer = ana.post(f"/en/cases/{number}/do/give_opinion/", typed, follow=True)
    ana.post(f"/en/cases/origin/{source}/", TYPED | {"title": "Another title", "seen": "1", "do": "change"})
    for shown in (words(answer), words(ana.get(f"/en/cases/{number}/"))):
        assert "Invented for a test</a>, Nobody" in shown
        assert "p. 12, &lt;b&gt;§ 3&lt;/b&gt;" in shown
        assert "Another title" not in shown


@pytest.mark.parametrize(
    ("cite", "passage"),
    [
        ("{id}.1", "x" * 10_000),
        ("{id}.9", ""),
        ("4414527f-96d3-4912-860b-29456dac94b0.1", ""),
        ("{id}.1", "y" * 301),
    ],
)
def test_what_cannot_be_cited_is_told_and_the_opinion_is_not_given(
    ana: Client, cite: str, passage: str
) -> None:
    number, source = at_assessment(), kept()
    typed = {"id": str(uuid7()), "cite": cite.format(id=source), f"cite.passage.{source}": passage}
    answer = ana.post(f"/en/cases/{number}/do/give_opinion/", typed)
    assert answer.status_code == 422
    assert 'id="faults"' in words(answer)
    file = cases.case(number, seat=HERE, at=timezone.now())
    assert file is not None
    assert file.state.stage == "assessment"


def test_what_is_no_choice_is_passed_over(ana: Client) -> None:
    number = at_assessment()
    typed = {"id": str(uuid7()), "made": timezone.now().isoformat(), "cite": ["x", "1.1", f"{uuid4()}.x", ""]}
    assert ana.post(f"/en/cases/{number}/do/give_opinion/", typed).status_code == 302


def test_every_page_asks_at_most_twelve_questions(ana: Client, officer: Officer) -> None:
    number, source = at_assessment(), kept()
    for n in range(30):
        kept(f"Title {n}")
    officer("ana", role="case-supervisor")
    pages = ("cases/origin/", "cases/origin/?country=HND&topic=gangs", "cases/origin/new/",
             f"cases/origin/{source}/", f"cases/{number}/do/give_opinion/")  # fmt: skip
    asked = {where: queries_of(ana, f"/en/{where}") for where in pages}
    assert {k: n for k, n in asked.items() if n > 12} == {}
