"""A report that was published before an erratum says so beside its downloads."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from tests.errata.conftest import MARCH, REASON_EN, REASON_ES

from mirps.evidence.errata import api as errata
from mirps.sharing.reports import api as reports

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture(autouse=True)
def _own_home(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def built(at: datetime, state: str = "CRI", lang: str = "en") -> reports.ReportBuild:
    """The country brief, built and published."""
    made = reports.build_report(
        code="country-brief", lang=lang, format="pdf", params={"state": state}, by="ana", at=at
    )
    return reports.publish(build=made.build.pk, by="ana", at=at)


#: A figure that the brief takes from the ledger by itself (its table), so that it can be built again.
COMPANIES = "ar24-cri-018"


def corrected(old: str = COMPANIES) -> None:
    errata.correct(
        old=old, changes={"value": "106", "document": "AR24", "locator": "Costa Rica > Indicators"},
        role="focal-point", by="ana", at=MARCH, reason_es=REASON_ES, reason_en=REASON_EN,
    )  # fmt: skip


def text(page: object) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())  # type: ignore[attr-defined]


def test_it_names_the_erratum_and_the_build_of_that_day() -> None:
    build = built(MARCH - timedelta(days=20))
    before = text(Client().get("/en/report/country-brief/CRI/"))
    assert "Corrections after this report" not in before
    corrected()
    page = Client().get("/en/report/country-brief/CRI/")
    assert "This report was built before E1" in text(page)
    assert "It has not been built again yet." in text(page)
    assert f"/en/report-file/{build.pk}/" in page.content.decode()
    assert "Built before one correction" in text(Client().get("/en/reports/"))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_once_it_is_built_again_both_builds_are_offered(lang: str) -> None:
    first = built(MARCH - timedelta(days=20), lang=lang)
    corrected()
    second = built(MARCH + timedelta(days=1), lang=lang)
    page = Client().get(f"/{lang}/report/country-brief/CRI/")
    told = text(page)
    assert {"es": "Como se publicó el", "en": "As built on"}[lang] in told
    assert {"es": "Como quedó corregido", "en": "As corrected, built on"}[lang] in told
    for build in (first, second):
        way = f"/{lang}/report-file/{build.pk}/{Path(build.file).name}"
        assert way in page.content.decode()
        sent = b"".join(Client().get(way))
        assert sent.startswith(b"%PDF"), "an earlier file stays at its address"


def test_what_it_does_not_cite_and_what_came_before_it_are_not_named() -> None:
    built(MARCH - timedelta(days=20), state="HND")
    corrected()
    built(MARCH + timedelta(days=1))
    for state in ("HND", "CRI"):
        assert "built before E1" not in text(Client().get(f"/en/report/country-brief/{state}/"))
