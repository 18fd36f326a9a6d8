"""Before publication, and while an embargo lasts, only those who publish read a round's report."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.publication.test_round_report import CODE, PUBLISHED, answered, clock, published, worked
from tests.rounds.conftest import NOW

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.evidence.narratives import api as narratives
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Stage
from mirps.sharing.publication import api as publication
from mirps.sharing.reports import api as reports

__all__ = ["clock", "worked"]
pytestmark = pytest.mark.django_db
PREVIEW = "/en/rounds/2025/publish/preview/es.{}"


def person(name: str, role: str, state: str = "") -> Client:
    user = User.objects.create_user(name, password="x" * 20)
    access.give_role(
        user=user, role=role, state=state, body="", via="", starts=date(2024, 1, 1), ends=None, by="t", at=NOW
    )
    client = Client()
    client.force_login(user)
    return client


def approved() -> None:
    """The figures and the text that the region approved."""
    answered()
    narratives.Section.objects.filter(code="context", state="HND").update(status="region-approved")


def test_the_presidency_reads_the_draft_in_each_form_with_what_it_would_say(worked: None) -> None:
    approved()
    client = person("pres", "presidency")
    page = client.get(PREVIEW.format("html"))
    assert page.status_code == 200
    for words in ("BORRADOR", "41,000", "Instituto Nacional de Migración (HND), ronda 2025", "Lo que cambió"):
        assert words in page.text, words
    assert "no-store" in page["Cache-Control"]
    pdf = client.get(PREVIEW.format("pdf"))
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "41,000" in text
    assert "BORRADOR" in text
    assert client.get(PREVIEW.format("docx")).content[:2] == b"PK"
    assert not reports.builds_of(CODE)


@pytest.mark.parametrize(
    ("role", "state"), [("focal-point", "HND"), ("state-approver", "CRI"), ("data-entry", "HND")]
)
def test_others_do_not_read_the_draft_and_are_told_who_does(worked: None, role: str, state: str) -> None:
    answered()
    client = person("other", role, state)
    answer = client.get(PREVIEW.format("html"))
    assert answer.status_code == 403
    assert "41,000" not in answer.text
    assert Client().get(PREVIEW.format("html")).status_code == 302


def test_the_page_of_publication_leads_to_the_draft_and_says_what_is_not_proved(worked: None) -> None:
    answered(upto=1)
    text = person("pres", "presidency").get("/es/rounds/2025/publish/").text
    assert "/es/rounds/2025/publish/preview/es.pdf" in text
    assert "El informe como sería" in text


def test_under_embargo_the_files_are_for_those_who_publish(
    worked: None, clock: Callable[[datetime], None]
) -> None:
    answered()
    build = published(embargo={"HND": timedelta(days=2)})[0]
    clock(PUBLISHED + timedelta(days=1))
    own, open_ = (
        f"/es/rounds/2025/publish/file/{build.pk}/{build.file}",
        f"/es/report-file/{build.pk}/{build.file}",
    )
    assert person("pres", "presidency").get(own).status_code == 200
    assert person("hnd", "focal-point", "HND").get(own).status_code == 403
    assert Client().get(own).status_code == 302
    assert Client().get(open_).status_code == 404
    assert own in person("sec", "secretariat").get("/es/rounds/2025/publish/").text


def test_publishing_in_one_act_says_in_the_report_who_is_left_out_and_why(worked: None) -> None:
    approved()
    rounds.turn(round="2025", to=Stage.CLOSED, by="s", at=PUBLISHED)
    for state in {b.state for b in publication.held_up_by(rounds.Round.objects.get(pk="2025"))} - {"", "HND"}:
        publication.leave_out(
            round="2025", state=state, reason_es="El país pidió más tiempo.", reason_en="More time was asked for.",
            by="s", at=PUBLISHED,
        )  # fmt: skip
    narratives.Section.objects.filter(round="2025", required=True, state__in=("", "HND")).exclude(
        code="context", state="HND"
    ).update(required=False)
    assert publication.held_up_by(rounds.Round.objects.get(pk="2025")) == []
    draft = publication.proposed(rounds.Round.objects.get(pk="2025"), without=publication.without("2025"))
    made = publication.publish_round(
        code="2025", by="pres", role="presidency", at=PUBLISHED, embargoes={}, draft=draft
    )
    assert len(made.builds) == 6
    (es,) = (b for b in made.builds if (b.language, b.format) == ("es", "html"))
    text = reports.file_of(es).read_text()
    assert text.count("El país pidió más tiempo.") == len(publication.without("2025"))
    assert "41,000" in text
    assert "40,556" not in text  # of Costa Rica, which is left out
