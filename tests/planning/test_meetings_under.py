"""What is written under a meeting: its minutes keep their paper, its agreements take names for codes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.planning.conftest import person

from mirps.planning.records import api as records

AT = datetime(2026, 2, 1, 15, tzinfo=UTC)
PDF = b"%PDF-1.4\n% minutes\n"
TITLE = {"title.es": "Lo escrito", "title.en": "What is written", "audience": "members"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client: Client) -> Client:
    records.save(
        kind="event", code="plenary", base=0, by="t", at=AT,
        data={"title": {"es": "Plenaria", "en": "Plenary"}, "sort": "plenary", "starts": "2026-01-30"},
    )  # fmt: skip
    client.force_login(person("writer", "presidency"))
    return client


def test_the_paper_uploaded_with_the_minutes_is_there_to_be_read(writer: Client) -> None:
    given = {**TITLE, "date": "2026-01-30", "paper": SimpleUploadedFile("Acta ñ.pdf", PDF)}
    assert writer.post("/es/planning/event/plenary/new/minutes/", given).status_code == 302
    digest = records.get("minutes/lo-escrito").data["paper"]
    kept = writer.get(f"/es/planning/record/minutes/lo-escrito/paper/{digest}/")
    assert kept.status_code == 200
    assert b"".join(kept) == PDF


def test_minutes_are_called_and_dated_after_their_meeting_unless_their_writer_says_otherwise(
    writer: Client,
) -> None:
    page = writer.get("/en/planning/event/plenary/new/minutes/").content.decode()
    assert 'value="Acta: Plenaria"' in page
    assert 'value="Minutes: Plenary"' in page
    assert 'value="2026-01-30"' in page
    agreement = writer.get("/en/planning/event/plenary/new/agreement/").content.decode()
    assert "Minutes: Plenary" not in agreement


def test_an_agreement_takes_the_acronym_and_the_name_of_institutions(writer: Client) -> None:
    given = {**TITLE, "institutions": "ACNUR; organizacion de los estados americanos"}
    assert writer.post("/es/planning/event/plenary/new/agreement/", given).status_code == 302
    assert records.get("agreement/lo-escrito").data["institutions"] == ["UNHCR", "OAS"]


def test_an_agreement_has_the_code_that_its_writer_gives_it(writer: Client) -> None:
    writer.post("/es/planning/event/plenary/new/agreement/", {**TITLE, "_code": "report-2026"})
    assert records.get("agreement/report-2026").parent == "event/plenary"


def test_an_hour_before_ten_needs_no_nought(writer: Client) -> None:
    given = {**TITLE, "sort": "plenary", "starts": "2026-03-05", "from": "9:00", "to": "11:00",
             "agenda.0.es": "Apertura", "agenda.0.en": "Opening", "agenda.0.starts": "9:15"}  # fmt: skip
    assert writer.post("/es/planning/event-new/", given).status_code == 302
    held = records.get("event/lo-escrito").data
    assert (held["from"], held["agenda"][0]["starts"]) == ("09:00", "09:15")
