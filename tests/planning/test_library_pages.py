"""The library shows each reader what they may read: documents, minutes, every version."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.planning.conftest import signed_in
from tests.planning.instruments_world import MINE, alone

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def document(
    code: str, en: str, *, audience: str = "public", state: str = "", body: str = "", **more: Any
) -> Record:
    data = {"title": {"es": f"{en} (es)", "en": en}, "type": "guide", "audience": audience, **more}
    held = records.save(
        kind="document", code=code, data=data, base=0, by="ana", at=AT, state=state, body=body
    )
    held = records.step(key=held.key, act=Act.SUBMIT, by="ana", at=AT, base=held.number)
    return records.step(key=held.key, act=Act.PUBLISH, by="luis", at=AT, base=held.number)


@pytest.fixture
def facts(loaded: None, tmp_path: Path) -> None:
    records.load(alone(tmp_path, *MINE, "event", "minutes"), by="tests", at=AT)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_five_source_documents_are_there_and_lead_to_their_figures(
    facts: None, client: Client, lang: str
) -> None:
    page = client.get(f"/{lang}/planning/library/").content.decode()
    for code in ("AR24", "MY24", "VIAM", "BCD", "RAP23"):
        assert f'href="/{lang}/source/{code}/"' in page


def test_minutes_of_meetings_stand_beside_documents(facts: None, client: Client) -> None:
    page = client.get("/en/planning/library/", {"type": "minutes"}).content.decode()
    assert "Report of the VI Annual Meeting" in page
    assert "MIRPS Annual Report 2024" not in page


def test_it_is_narrowed_by_type_year_language_and_words_without_accents(facts: None, client: Client) -> None:
    def titles(**ask: str) -> str:
        return client.get("/es/planning/library/", ask).content.decode()

    assert "Plan de Acción Regional 2023" in titles(type="plan")
    assert "Informe anual" not in titles(type="plan")
    assert "Declaración de la Ciudad de Belice" in titles(year="2024")
    assert "Plan de Acción Regional 2023" not in titles(year="2024")
    assert "Guía para el registro" in titles(language="spa")
    assert "Guía para el registro" in titles(q="guia registro")


def test_nothing_that_fits_says_so(facts: None, client: Client) -> None:
    assert 'class="empty"' in client.get("/es/planning/library/", {"q": "zzzz"}).content.decode()


def test_each_reader_sees_what_they_may_read(loaded: None, client: Client) -> None:
    document("doc-a", "For everyone")
    document("doc-b", "For members", audience="members")
    document("doc-c", "For Honduras", audience="own", state="HND")

    def seen(reader: Client) -> set[str]:
        page = reader.get("/en/planning/library/").content.decode()
        return {t for t in ("For everyone", "For members", "For Honduras") if t in page}

    assert seen(client) == {"For everyone"}
    assert seen(signed_in("dona", "donor")) == {"For everyone", "For members"}
    assert seen(signed_in("gina", "focal-point", "GTM")) == {"For everyone", "For members"}
    assert seen(signed_in("hugo", "focal-point", "HND")) == {"For everyone", "For members", "For Honduras"}


def test_a_document_that_one_may_not_read_is_not_there_at_its_address_either(
    loaded: None, client: Client
) -> None:
    document("doc-c", "For Honduras", audience="own", state="HND")
    assert client.get("/en/planning/record/document/doc-c/").status_code == 404
    assert client.get("/en/planning/record/document/doc-c/history/").status_code in (302, 403, 404)
    assert (
        signed_in("hugo", "focal-point", "HND").get("/en/planning/record/document/doc-c/").status_code == 200
    )


def test_a_new_version_stands_and_the_earlier_one_stays_in_the_history(loaded: None) -> None:
    held = document("doc-a", "Guide", edition="1st")
    new = records.save(
        kind="document", code="doc-a", data={**held.data, "edition": "2nd"}, base=held.number, by="ana", at=AT
    )
    assert records.get("document/doc-a").public["edition"] == "1st", (
        "until it is published the earlier one holds"
    )  # type: ignore[index]
    new = records.step(key=new.key, act=Act.SUBMIT, by="ana", at=AT, base=new.number)
    records.step(key=new.key, act=Act.PUBLISH, by="luis", at=AT, base=new.number)
    assert [c.data.get("edition") for c in records.history("document/doc-a") if c.act == Act.PUBLISH] == [
        "1st",
        "2nd",
    ]


def test_a_team_keeps_a_document_of_its_own(loaded: None) -> None:
    document("doc-t", "Workplan notes", audience="own", body="RACP")
    assert (
        "Workplan notes"
        in signed_in("tere", "team-member", body="RACP").get("/en/planning/library/").content.decode()
    )
    assert (
        "Workplan notes"
        not in signed_in("ivan", "team-member", body="ID").get("/en/planning/library/").content.decode()
    )
