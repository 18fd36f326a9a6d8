"""My work: each person finds what waits for them, what is late and what they may enter, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.planning.conftest import signed_in

from mirps.base.access.api import User
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

AT = datetime(2026, 2, 1, 15, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def put(kind: str, code: str, parent: str = "", **data: Any) -> Record:
    owner = {k: data.pop(k) for k in ("state", "body") if k in data}
    words = {"es": f"Título {code}", "en": f"Title {code}"}
    return records.save(
        kind=kind, code=code, data={"title": words, **data}, base=0, parent=parent, by="t", at=AT, **owner
    )


def signed(role: str, state: str = "", body: str = "") -> Client:
    return signed_in(f"{role}-{state}-{body}", role, state, body, country=state)


def seen(client: Client, lang: str = "en") -> str:
    answer = client.get(f"/{lang}/planning/mine/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.fixture
def meeting() -> Record:
    soon = timezone.now().date() + timedelta(days=9)
    return put("event", "soon", sort="plenary", starts=soon.isoformat(), audience="public")


def test_an_agreement_stands_in_the_work_of_those_who_see_to_it_alone(meeting: Record) -> None:
    put("agreement", "send", parent=meeting.key, audience="members", states=["HND"], due="2020-03")
    assert "Title send" in seen(signed("focal-point", "HND"))
    assert "Title send" not in seen(signed("focal-point", "GTM"))


def test_what_somebody_submitted_waits_for_those_who_may_publish_it(meeting: Record) -> None:
    words = {"es": "Se habló.", "en": "It was said."}
    held = put("minutes", "said", parent=meeting.key, audience="members", summary=words)
    secretariat, team = signed("secretariat"), signed("team-member", body="JL")
    assert "Title said" not in seen(secretariat)
    records.step(key=held.key, act=Act.SUBMIT, by="t", at=AT, base=held.number)
    assert "Title said" in seen(secretariat)
    assert "Title said" not in seen(team)


def test_a_team_is_not_shown_what_is_another_teams(meeting: Record) -> None:
    day = meeting.data["starts"]
    put("event", "theirs", body="ID", sort="session", starts=day, audience="members")
    assert "Title theirs" in seen(signed("team-lead", body="ID"))
    other = seen(signed("team-lead", body="JL"))
    assert "Title theirs" not in other
    assert "Title soon" in other


def test_what_is_late_stands_in_the_work_of_the_team_that_answers_for_it() -> None:
    plan = put("plan", "the-plan", sort="regional", starts="2024-01", ends="2024-12")
    put("node", "late-part", parent=plan.key, level="action", bodies=["ID"], due="2024-06-30")
    for key, who in (("plan/the-plan", "other"), ("node/late-part", "other")):
        held = records.get(key)
        if held.public is None:
            held = records.step(key=key, act=Act.SUBMIT, by="t", at=AT, base=held.number)
            records.step(key=key, act=Act.PUBLISH, by=who, at=AT, base=held.number)
    assert "Title late-part" in seen(signed("team-lead", body="ID"))
    assert "Title late-part" not in seen(signed("team-lead", body="JL"))
    assert "Title late-part" in seen(signed("secretariat"))
    assert "Title late-part" not in seen(signed("reader"))


def test_what_one_may_begin_follows_ones_roles() -> None:
    assert "/en/planning/handover/" in seen(signed("presidency"))
    lead = seen(signed("team-lead", body="ID"))
    assert "/en/planning/event-new/" in lead
    assert "/en/planning/handover/" not in lead


def test_an_account_without_a_role_is_told_so_and_who_has_none_signs_in() -> None:
    client = Client()
    assert client.get("/es/planning/mine/").status_code == 302
    client.force_login(User.objects.create(username="nobody"))
    assert "no tiene hoy ninguna función" in seen(client, "es")
