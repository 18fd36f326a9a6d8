"""Watching the small round: what the pages say, who sees what, and that each reminder goes once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.entries.conftest import person, signed_in
from tests.rounds.conftest import NOW, cell, round_2025, write  # noqa: F401 - a fixture

from mirps.base.access.api import User
from mirps.base.notices.api import Notice
from mirps.evidence.rounds.api import Due, Round, set_due
from mirps.evidence.watch import api as watch
from mirps.web.pages.rounds import watch_told

PAST = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def rosa(db: None) -> User:
    return person("rosa", "focal-point", "HND")


@pytest.fixture
def ana(db: None) -> User:
    return person("ana", "data-entry", "HND", "HND.INM", "Ana")


@pytest.fixture
def late(round_2025: Round) -> Round:  # noqa: F811
    """The small round, whose date for institutions was yesterday."""
    set_due(round=round_2025, step=Due.ENTRY, due=PAST, by="tests", at=NOW, reason="prueba")
    return round_2025


def test_a_focal_point_sees_the_own_state_and_no_other(late: Round, rosa: User) -> None:
    page = signed_in(rosa).get("/es/rounds/2025/watch/").content.decode()
    assert 'id="s-HND"' in page
    assert 'id="s-CRI"' not in page


def test_the_secretariat_sees_every_state(late: Round) -> None:
    page = signed_in(person("sara", "secretariat", "")).get("/en/rounds/2025/watch/").content.decode()
    assert 'id="s-HND"' in page
    assert 'id="s-CRI"' in page


def test_who_enters_for_an_institution_does_not_watch_the_others(late: Round, ana: User) -> None:
    answer = signed_in(ana).get("/es/rounds/2025/watch/")
    assert answer.status_code == 403
    assert "ver el avance" in answer.content.decode()


def test_the_table_as_csv_says_what_the_page_says(late: Round, rosa: User) -> None:
    write(cell("hnd-inm-001"), 5)
    text = signed_in(rosa).get("/es/rounds/2025/watch.csv").content.decode("utf-8-sig")
    rows = {r["institution"]: r for r in csv.DictReader(io.StringIO(text))}
    mine = rows["HND.INM"]
    assert (mine["given"], mine["submitted"], mine["late"], mine["days_left"]) == (
        "1",
        "0",
        "yes",
        mine["days_left"],
    )
    assert int(mine["days_left"]) < 0
    body = next(b for b in watch.bodies(late) if b.institution == "HND.INM")
    assert int(mine["asked"]) == body.all


def test_only_what_is_late_is_shown_when_asked_for(late: Round, rosa: User) -> None:
    client = signed_in(rosa)
    set_due(round=late, step=Due.ENTRY, institution="HND.INM", state="HND", due=PAST + timedelta(days=30),
            by="tests", at=NOW, reason="prueba")  # fmt: skip
    everything = client.get("/es/rounds/2025/watch/").content.decode()
    assert "Instituto Nacional de Migración" in everything
    assert (
        "Instituto Nacional de Migración"
        not in client.get("/es/rounds/2025/watch/?show=late").content.decode()
    )


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_reminder_is_shown_before_it_is_sent_and_then_reaches_who_enters(
    late: Round, rosa: User, ana: User, lang: str
) -> None:
    client = signed_in(rosa)
    address = f"/{lang}/rounds/2025/watch/remind/"
    page = client.get(f"{address}?state=HND").content.decode()
    assert "Ana" in page
    assert "Debía entregarse" in page and "Was to be submitted" in page  # noqa: PT018
    assert not Notice.objects.filter(kind="reminder").exists()
    assert client.post(address, {"body": ["HND.INM"], "sure": "1"}).status_code == 302
    told = Notice.objects.get(kind="reminder")
    assert (told.user.username, told.institution, told.urgency) == ("ana", "HND.INM", "digest")
    assert "1" in client.get(f"/{lang}/rounds/2025/watch/?told=1").content.decode()


def test_nobody_reminds_another_state(late: Round, rosa: User) -> None:
    person("tica", "data-entry", "CRI", "CRI.DGME")
    signed_in(rosa).post("/es/rounds/2025/watch/remind/", {"body": ["CRI.DGME"], "sure": "1"})
    assert not Notice.objects.filter(kind="reminder").exists()


def test_the_timer_reminds_once_however_often_it_runs(late: Round, ana: User) -> None:
    now = datetime.now(UTC)
    assert watch_told.automatic(at=now) == 1
    assert watch_told.automatic(at=now + timedelta(minutes=1)) == 0
    assert Notice.objects.get(kind="reminder").count == 1


def test_moving_the_date_begins_anew(late: Round, ana: User) -> None:
    now = datetime.now(UTC)
    assert watch_told.automatic(at=now) == 1
    set_due(round=late, step=Due.ENTRY, due=now + timedelta(days=2), by="tests", at=NOW, reason="prórroga")
    assert watch_told.automatic(at=now) == 1


def test_nobody_is_reminded_of_what_is_not_near(late: Round, ana: User) -> None:
    set_due(round=late, step=Due.ENTRY, due=datetime.now(UTC) + timedelta(days=20), by="tests", at=NOW,
            reason="prórroga")  # fmt: skip
    assert watch_told.automatic(at=datetime.now(UTC)) == 0


def test_the_course_of_days_ends_with_what_stands(late: Round) -> None:
    write(cell("hnd-inm-001"), 5)
    write(cell("hnd-inm-001"), 6)
    days = watch.course("2025", states=["HND"], zone=NOW.tzinfo, last=NOW.date())  # type: ignore[arg-type]
    assert days[-1].given == 1


def test_the_page_asks_the_database_no_more_for_more_institutions(
    late: Round, django_assert_max_num_queries: object
) -> None:
    client: Client = signed_in(person("sara", "secretariat", ""))
    client.get("/es/rounds/2025/watch/")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get("/es/rounds/2025/watch/")
