"""Pages of indicators: what is counted and how, and of the counts only what may be shown to this reader."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.releases.making import CODES, HALF, YEAR, case, proposed

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.evidence.indicators import api as indicators
from mirps.evidence.indicators.planning import Span
from mirps.evidence.releases import api as releases
from mirps.evidence.releases.api import Release
from mirps.evidence.releases.proposing import Asked
from mirps.web import pagecache

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
KNOWN = date(2026, 3, 1)
PAGE = "/en/indicators/asylum_decisions/"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    pagecache.pages.clear()
    yield
    pagecache.pages.clear()


def counted(rows: list[dict[str, Any]], *codes: str, at: datetime = AT, span: Span = YEAR) -> Release:
    asked = Asked("MEX", "2025", span, at.date())
    row = proposed(rows, asked, at=at, codes=codes or CODES).release
    assert row is not None
    return row


def approved(rows: list[dict[str, Any]], *codes: str, at: datetime = AT, span: Span = YEAR) -> Release:
    row = counted(rows, *codes, at=at, span=span)
    return releases.approve(
        release=str(row.pk), counted_at=row.counted_at, by="luz", role="state-approver", at=at
    )


def published(rows: list[dict[str, Any]], *codes: str, at: datetime = AT, span: Span = YEAR) -> Release:
    row = approved(rows, *codes, at=at, span=span)
    releases.publish(releases=[row], by="luz", at=at)
    return row


def decided(n: int, few: int = 3) -> list[dict[str, Any]]:
    rows = [case(k, sex="FM"[k % 2], nationality=("HND", "NIC", "CUB")[k % 3]) for k in range(n)]
    return rows + [case(5000 + k, sex="M", age="60+") for k in range(few)]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_every_indicator_stands_in_the_list_and_has_a_page_in_both_languages(client: Client) -> None:
    for lang in ("es", "en"):
        listed = text(client, f"/{lang}/indicators/")
        for code, i in indicators.indicators().items():
            assert f"/{lang}/indicators/{code}/" in listed
            shown = text(client, f"/{lang}/indicators/{code}/")
            assert (i.name.es if lang == "es" else i.name.en) in shown
    assert client.get("/en/indicators/none_such/").status_code == 404


def test_a_page_says_what_is_counted_of_whom_and_what_may_be_added(client: Client) -> None:
    shown = text(client, "/en/indicators/asylum_recognition_rate/")
    for words in (
        "Decision: recognition, complementary protection, refusal", "The part: Decision: recognition",
        "on the day of the decision", "IRRS asylum-seekers", "It is our proposal", "Small cells are withheld",
        "Never add up over time", "Will be checked",
    ):  # fmt: skip
        assert words in shown, words


def test_what_is_published_is_shown_protected_and_nothing_before(client: Client) -> None:
    row = counted(decided(60))
    assert "No State has published" in text(client, PAGE)
    releases.approve(release=str(row.pk), counted_at=row.counted_at, by="luz", role="state-approver", at=AT)
    assert "No State has published" in text(client, PAGE)
    releases.publish(releases=[row], by="luz", at=AT)
    shown = text(client, PAGE)
    assert ">63<" in shown
    assert "Withheld cells are not zero" in shown
    assert "<svg" in shown
    hidden = [r for r in releases.rows_of(row) if r.absence == "_S" and r.code == "asylum_decisions"]
    assert len(hidden) >= 2
    assert ">3<" not in shown


def test_who_reviews_a_states_answers_sees_what_waits_for_publication_and_no_other_state_does(
    client: Client,
) -> None:
    approved(decided(60))
    for state, sees in (("MEX", True), ("HND", False)):
        user = User.objects.create_user(f"focal-{state}", email=f"{state}@example.org")
        access.give_role(
            user=user, role="focal-point", state=state, body="", via="", starts=date(2024, 1, 1), ends=None,
            by="tests", at=AT,
        )  # fmt: skip
        reader = Client()
        reader.force_login(user)
        shown = reader.get(PAGE)
        assert (">63<" in shown.content.decode()) is sees
        assert "private" in shown["Cache-Control"]


def test_counts_are_shown_as_they_were_known_on_a_day(client: Client) -> None:
    published(decided(60), span=HALF)
    later = [case(9000 + k, decided=date(2024, 8, 1), recorded=date(2024, 8, 1)) for k in range(30)]
    published(decided(60) + later, at=AT + timedelta(days=10))
    assert ">93<" in text(client, PAGE)
    assert ">63<" in text(client, f"{PAGE}?known={KNOWN + timedelta(days=9)}")
    assert "none was known" in text(client, f"{PAGE}?known={KNOWN - timedelta(days=1)}")
    assert ">93<" in text(client, f"{PAGE}?known=yesterday&state=%00")


def test_quality_says_which_rules_hold_and_not_by_how_much(client: Client) -> None:
    published([case(k, sex="_U" if k < 20 else "F") for k in range(100)])
    shown = text(client, PAGE)
    assert "<b>Not met.</b> “sex” must be known in 90% of the records or more." in shown
    assert "<b>Met.</b> In 100% of the records" in shown
    assert "80%" not in shown


def test_the_cells_come_as_csv_with_suppressed_ones_said_so(client: Client) -> None:
    published(decided(60))
    answer = client.get(f"{PAGE}cells.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="asylum_decisions.csv"'
    assert {r["indicator"] for r in rows} == {"asylum_decisions"}
    assert [r["value"] for r in rows if r["cell"] == "_T"] == ["63"]
    assert {r["value"] for r in rows if r["absence"] == "_S"} == {""}
    assert not [r for r in rows if r["value"] == "3"]


def test_an_indicator_is_added_by_a_file_alone_counted_and_shown(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for entry in codelists.data_folder().iterdir():
        if entry.name != "indicators":
            os.symlink(entry, tmp_path / entry.name)
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "permits-days.yaml").write_text("""
indicator: women_decided
name: {es: "Decisiones sobre mujeres", en: "Decisions about women"}
description: {es: "Casos de mujeres decididos en el período.", en: "Cases of women decided in the period."}
unit: application
population: ASY
kind: flow
counts: cases
where: {among: {matter: [asylum], sex: [F]}}
at: decided
dimensions: [state, sex, age, nationality]
grain: year
additive: {time: yes, place: yes, population: yes}
quality: {past: 100, blocks: [past]}
measure: asylum.decisions
series: women
proposal: yes
""")
    monkeypatch.setenv("MIRPS_DATA", str(tmp_path))
    indicators._all.cache_clear()
    try:
        assert not indicators.faulty()
        published([case(k, sex="F" if k < 40 else "M") for k in range(70)], "women_decided")
        assert "Decisions about women" in text(client, "/en/indicators/")
        shown = text(client, "/en/indicators/women_decided/")
        assert ">40<" in shown
        assert "Decisiones sobre mujeres" in text(client, "/es/indicators/women_decided/")
    finally:
        monkeypatch.undo()
        indicators._all.cache_clear()
