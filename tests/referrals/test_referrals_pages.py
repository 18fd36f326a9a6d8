"""The pages: an officer refers a person, the other institution opens, recognises, answers; each sees what is theirs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from tests.custody.conftest import Make, hire, now
from tests.referrals.desks import WORDS, consents, registered

from mirps.casework.referrals.api import Referral
from mirps.people.custody.api import Reading
from mirps.people.registry import api as registry

__all__ = ["hire", "now"]
pytestmark = pytest.mark.django_db
COMAR, SSA = ("MEX", "MEX.COMAR"), ("MEX", "MEX.SSA")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def ana(hire: Make) -> Client:
    return enter(hire("ana", "registration-officer", COMAR, office="MEX.COMAR.TAP"))


@pytest.fixture
def sofia(hire: Make) -> Client:
    return enter(hire("sofia", "registration-officer", SSA))


def enter(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def person(ana: Client, now: datetime) -> UUID:
    return registered(at=now - timedelta(hours=2))


def number(person: UUID) -> str:
    return registry.number("MEX", person)


def refer(client: Client, person: UUID, **typed: Any) -> Any:
    form = {"service": "health", "to": "MEX.SSA", "item": ["0", "1", "2", "3"], "words": WORDS, "explained": "1",
            "reply": "962 000"}  # fmt: skip
    return client.post(f"/en/people/{number(person)}/refer/", {**form, **typed})


def text(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def page(row: Referral) -> str:
    return f"/en/referrals/{row.pk}/"


def test_what_would_travel_is_shown_one_by_one_before_anything_is_sent(ana: Client, person: UUID) -> None:
    assert "What for" in text(ana.get(f"/en/people/{number(person)}/refer/"))
    shown = text(ana.get(f"/en/people/{number(person)}/refer/?service=work&to=MEX.SSA"))
    assert "Date of birth: 1987 " in shown or "Birth: 1987 " in shown
    assert "1987-05-04" not in shown
    assert "Nationality" not in shown
    assert "The person agrees" in shown
    assert not Referral.objects.exists()


def test_without_consent_the_page_says_so_and_leads_to_asking(ana: Client, now: datetime) -> None:
    nobody = registered(agrees=False, at=now - timedelta(hours=2))
    answer = ana.get(f"/en/people/{number(nobody)}/refer/?service=health&to=MEX.SSA")
    assert "Without that nobody is referred" in text(answer)
    assert "say/consent/?purpose=share-state" in answer.content.decode()
    assert "<textarea" not in answer.content.decode()
    refused = refer(ana, nobody)
    assert refused.status_code == 422
    assert "Without their agreement nobody is referred" in text(refused)
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"words": ""}, "Write what is asked"),
        ({"explained": ""}, "Explain it to the person"),
        ({"item": ["1", "2"]}, "Without a name nobody can find the person"),
        ({"service": "gbv"}, "cleared people alone"),
        ({"service": "magic"}, "Choose what for"),
        ({"to": "MEX.COMAR"}, "Choose an institution"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_sent(
    ana: Client, person: UUID, typed: dict[str, Any], told: str
) -> None:
    answer = refer(ana, person, **typed)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Referral.objects.exists()


def test_the_whole_way_to_the_outcome_and_the_end(ana: Client, sofia: Client, person: UUID) -> None:
    assert refer(ana, person).status_code == 302
    row = Referral.objects.get()
    assert (row.number in text(sofia.get("/en/referrals/"))) is True
    closed = text(sofia.get(page(row)))
    assert "Vásquez" not in closed
    assert WORDS not in closed
    before = Reading.objects.filter(by="sofia").count()
    assert sofia.post(page(row), {"do": "open"}).status_code == 302
    opened = text(sofia.get(page(row)))
    assert "Ximena Vásquez López" in opened
    assert WORDS in opened
    assert "962 000" in opened
    assert Reading.objects.filter(by="sofia").count() > before, "that it was read is kept"
    found = sofia.post(page(row), {"do": "search"})
    assert "Nobody among the files that you may see looks alike" in text(found)
    token = re.search(r'name="searched" value="([^"]+)"', found.content.decode())
    assert token
    assert "on their agreement" not in text(found)
    refused = sofia.post(page(row), {"do": "register", "searched": token[1]})
    assert "they are not registered" in text(refused)
    first = sofia.post(page(row), {"do": "register", "searched": "x", "agrees": "1"})
    assert "Search for the person first" in text(first)
    kept = sofia.post(page(row), {"do": "register", "searched": token[1], "agrees": "1"})
    assert kept.status_code == 302, text(kept)
    row.refresh_from_db()
    assert row.registered is not None
    assert (row.registered.institution, row.registered_id != row.person_id) == ("MEX.SSA", True)
    assert "Ximena" in text(sofia.get(f"/en/people/{row.registered.number}/"))
    assert sofia.post(page(row), {"do": "accept", "day": "2026-11-30"}).status_code == 302
    assert "30 November 2026" in text(ana.get(page(row))) or "Nov" in text(ana.get(page(row)))
    assert sofia.post(page(row), {"do": "report"}).status_code == 422
    assert sofia.post(page(row), {"do": "report", "reason": "attended"}).status_code == 302
    assert ana.post(page(row), {"do": "close", "reason": "done"}).status_code == 302
    assert "the person was helped" in text(ana.get(page(row)))
    assert row.number in text(ana.get("/en/referrals/?show=final"))
    assert row.number not in text(ana.get("/en/referrals/"))
    assert row.registered.number not in text(ana.get(page(row))), "the other's file is the other's"


def test_whoever_is_known_already_is_recognised_and_not_registered_again(
    ana: Client, sofia: Client, person: UUID, now: datetime
) -> None:
    from tests.registry.said import family, ids, who

    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake

    said = family(
        who("Ximena", "Vázques López"), institution="MEX.SSA", office="MEX.SSA", made_at=now.isoformat()
    )
    intake.take(said, seat=Seat("sofia", *SSA, purpose="registration"), door="page", at=now)
    refer(ana, person)
    row = Referral.objects.get()
    sofia.post(page(row), {"do": "open"})
    theirs = registry.number("MEX", ids(said)[0])
    assert theirs in text(sofia.post(page(row), {"do": "search"}))
    assert sofia.post(page(row), {"do": "link", "number": number(person)}).status_code == 422
    assert sofia.post(page(row), {"do": "link", "number": theirs}).status_code == 302
    row.refresh_from_db()
    assert row.registered_id == ids(said)[0]


def test_others_find_nothing_and_who_may_only_read_acts_not(
    ana: Client, sofia: Client, person: UUID, hire: Make
) -> None:
    refer(ana, person)
    row = Referral.objects.get()
    inma = enter(hire("inma", "registration-officer", ("MEX", "MEX.INM")))
    assert inma.get(page(row)).status_code == 404
    assert inma.post(page(row), {"do": "open"}).status_code == 404
    assert inma.get(f"/en/people/{number(person)}/refer/").status_code == 404
    dpo = enter(hire("dpo", "data-protection-officer", SSA))
    assert dpo.get("/en/referrals/").status_code == 403
    assert Client().get(page(row)).status_code == 302


def test_a_withdrawn_consent_is_told_on_the_page_and_the_words_are_gone(
    ana: Client, sofia: Client, person: UUID, now: datetime
) -> None:
    refer(ana, person)
    row = Referral.objects.get()
    sofia.post(page(row), {"do": "open"})
    consents(person, at=now - timedelta(minutes=1))
    told = text(sofia.get(page(row)))
    assert "The person withdrew their agreement" in told
    assert "Vásquez" not in told
    assert "Vásquez" not in text(ana.get(page(row)))


def test_overdue_ones_are_marked_and_have_a_list_of_their_own(
    ana: Client, sofia: Client, person: UUID, now: datetime
) -> None:
    refer(ana, person)
    Referral.objects.update(due=(now - timedelta(days=2)).date())
    row = Referral.objects.get()
    for client in (ana, sofia):
        late = text(client.get("/en/referrals/?show=late"))
        assert row.number in late
        assert "overdue since" in late


def test_in_spanish_too(ana: Client, sofia: Client, person: UUID) -> None:
    refer(ana, person)
    row = Referral.objects.get()
    sofia.post(page(row), {"do": "open"})
    assert "Lo que se pide" in text(sofia.get(f"/es/referrals/{row.pk}/"))
    assert "Recibidas" in text(sofia.get("/es/referrals/"))
    assert "Lo que viaja" in text(ana.get(f"/es/people/{number(person)}/refer/?service=health&to=MEX.SSA"))
