"""The two calls that the documents tell of, as known on each date, and the demo's invented one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.planning import calls_world as world

from mirps.base.access.api import User
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import Stage
from mirps.planning.records import api as records

DOCUMENTS = {
    "AR24": "mirps-annual-report-2024", "MY24": "mirps-mid-year-report-2024",
    "VIAM": "vi-annual-meeting-report-2024-01",
}  # fmt: skip
FUND, GOOD = "call/mirps-fund-1", "call/good-practice-1"


def known(on: str) -> dict[str, dict[str, object]]:
    return records.as_known_on(datetime.fromisoformat(on).replace(hour=23, tzinfo=UTC), "call")


def test_in_january_2024_six_states_had_applied_to_the_fund(planned: None) -> None:
    held = known("2024-01-24")
    assert set(held) == {FUND}
    assert held[FUND]["applied"] == ["CRI", "GTM", "SLV", "HND", "MEX", "PAN"]
    assert (held[FUND]["received"], held[FUND]["selected"]) == ("6", "6")


def test_belize_came_later_and_the_annual_report_lists_seven(planned: None) -> None:
    assert "BLZ" in known("2024-08-01")[FUND]["applied"]  # type: ignore[operator]
    assert "selected" not in known("2024-08-01")[FUND]
    assert known("2024-12-05")[FUND]["selected"] == "7"


def test_the_good_practice_call_has_its_own_committee(planned: None) -> None:
    held = records.get(GOOD).public
    assert held
    assert held["committee-bodies"] == ["USA.GOV", "CAN.GOV", "UNHCR", "OAS.DSI"]
    assert held["eligibility"][0]["value"] == "*.NTT"
    assert held["selected"] == "6"


@pytest.mark.parametrize("key", [FUND, GOOD])
def test_what_no_document_says_is_left_empty(planned: None, key: str) -> None:
    held = records.get(key).public
    assert held
    assert not {"opens", "closes", "total", "most", "quorum", "criteria", "readers"} & set(held)


def test_every_fragment_stands_in_its_document(planned: None, sources: Path) -> None:
    texts = {
        c: " ".join((sources / f"{f}.txt").read_text(encoding="utf-8").split()) for c, f in DOCUMENTS.items()
    }
    said = [
        s
        for steps in records.statements("call").values()
        for step in steps
        for s in step.data.get("source", ())
    ]
    assert len(said) >= 10
    for s in said:
        assert len(s["fragment"].split()) <= 8
        assert s["fragment"] in texts[s["document"]], s


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_documented_calls_are_shown_and_offer_nothing_to_do(
    planned: None, client: Client, lang: str
) -> None:
    page = client.get(f"/{lang}/planning/calls/").content.decode()
    assert f'href="/{lang}/planning/calls/mirps-fund-1/"' in page
    page = client.get(f"/{lang}/planning/calls/good-practice-1/").content.decode()
    assert "2024" in page
    assert '<form method="post"' not in page.split("<main")[1].split("</main>")[0]


def test_the_demos_call_is_open_labelled_and_opened_once(db: None) -> None:
    for name in ("demo-approver", "demo-secretariat"):
        User.objects.create_user(username=name)
    first = calls.open_demo_call(at=world.START)
    assert calls.open_demo_call(at=world.CLOSED).closes == first.closes
    room = calls.room("demo-call", None, world.START)
    assert room
    assert room.stage is Stage.OPEN
    assert records.get("call/demo-call").public["proposal"] is True  # type: ignore[index]
    assert calls.not_ready(room.terms, world.START) == []
