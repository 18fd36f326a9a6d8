"""Programs read errata too: both statements, the reason, and nothing that is not public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.errata.conftest import GIVEN, REASON_EN, REASON_ES, TOTAL

from mirps.evidence.figures import api as figures
from mirps.web.api import ledger


@pytest.fixture
def corrected(focal_point: Client) -> Client:
    focal_point.post(f"/en/figure/{TOTAL}/correct/", {**GIVEN, "step": "confirm"})
    ledger._kept.clear()
    return Client()


@pytest.mark.parametrize(("lang", "reason"), [("es", REASON_ES), ("en", REASON_EN)])
def test_an_erratum_is_told_with_both_statements(corrected: Client, lang: str, reason: str) -> None:
    (found,) = corrected.get(f"/api/v1/errata?lang={lang}&state=CRI").json()["errata"]
    assert (found["code"], found["round"], found["reason"]) == ("E1", "2024", reason)
    assert (found["old"]["value"], found["new"]["value"]) == (226029, 234430)
    assert found["old"]["superseded_by"] == found["new"]["id"]
    assert found["page"] == f"/{lang}/erratum/2024/E1/"
    assert corrected.get(f"/api/v1/errata/2024/E1?lang={lang}").json() == found
    assert "focal-cri" not in str(found)


def test_other_states_and_other_rounds_have_none(corrected: Client) -> None:
    assert corrected.get("/api/v1/errata?state=HND").json()["errata"] == []
    assert corrected.get("/api/v1/errata?round=2025").json()["errata"] == []
    assert corrected.get("/api/v1/errata/2024/E2").status_code == 404
    assert corrected.get("/api/v1/errata?state=XXX").status_code == 400


def test_an_embargo_keeps_errata_too(corrected: Client) -> None:
    now = timezone.now()
    figures.set_embargo(round="2024", state="CRI", until=now + timedelta(days=9), by="ana", at=now)
    assert corrected.get("/api/v1/errata").json()["errata"] == []
