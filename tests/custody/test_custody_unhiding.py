"""What only some may know is shown to one officer, for a time, once two others agreed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from tests.custody.conftest import COMAR, TAPACHULA, Make
from tests.registry.said import fact, family, ids, who

from mirps.base.access.api import NotAllowed, User
from mirps.people.custody import api as custody
from mirps.people.custody.models import ReadingOf, Request
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

pytestmark = pytest.mark.django_db
DESK = custody.Seat("rocio", *COMAR, TAPACHULA, purpose="registration")
SECRET = "Her brother-in-law threatens her"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def number(now: datetime) -> str:
    """Somebody of whom something stands that only who is cleared for threats may know, and a thing of health."""
    said = family(who(), made_at=now.isoformat())
    (person,) = ids(said)
    for sensitivity, words in (("security", SECRET), ("medical", "Diabetes")):
        said["facts"].append(fact("note", person=str(person), words=words, sensitivity=sensitivity))
    intake.take(said, seat=DESK, door="page", at=now)
    return registry.number("MEX", person)


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client: Client, number: str, **typed: str) -> str:
    form = {"what": "security", "officer": "rocio", "why": "She plans the transfer", **typed}
    answer = client.post(f"/en/people/{number}/unhide/", form)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.mark.parametrize("approver", ["registration-supervisor", "data-protection-officer"])
def test_one_asks_another_approves_and_the_officer_alone_reads(
    hire: Make, number: str, approver: str
) -> None:
    rocio = enter(hire("rocio", "registration-officer", office=TAPACHULA))
    sofia, second = enter(hire("sofia", "registration-supervisor")), enter(hire("second", approver))
    there = f"/en/people/{number}/cleared/security/"
    where = asked(sofia, number)
    assert rocio.get(there).status_code == 404
    assert "This takes two people" in sofia.post(where, {"do": "approve"}).content.decode()
    page = second.get(where).content.decode()
    for words in (number, "Threats and security", "Rocio", "72 hours", "She plans the transfer"):
        assert words in page, words
    assert second.post(where, {"do": "approve"}).status_code == 302
    assert number in rocio.get("/en/people/work/").content.decode()
    shown = rocio.get(there).content.decode()
    assert SECRET in shown
    assert "Diabetes" not in shown
    assert ReadingOf.objects.filter(by="rocio", reading__act="open").exists()
    for client in (sofia, second):
        assert client.get(there).status_code in (403, 404)
        assert client.get(f"/en/people/{number}/cleared/medical/").status_code in (403, 404)
    assert rocio.get(f"/en/people/{number}/cleared/medical/").status_code == 404
    assert SECRET not in rocio.get(f"/en/people/{number}/").content.decode(), "the file itself stays as it is"


def test_it_ends_by_itself_and_whoever_asked_or_approved_ends_it_sooner(
    hire: Make, number: str, now: datetime
) -> None:
    rocio = hire("rocio", "registration-officer", office=TAPACHULA)
    sofia, second = (hire(n, "registration-supervisor") for n in ("sofia", "second"))
    where = asked(enter(sofia), number)
    enter(second).post(where, {"do": "approve"})
    seat = custody.Seat("rocio", *COMAR, TAPACHULA)
    assert len(custody.shown_to(seat, at=now + timedelta(hours=71))) == 1
    assert custody.shown_to(seat, at=now + timedelta(hours=73)) == []
    assert enter(second).post(where, {"do": "end"}).status_code == 302
    assert enter(rocio).get(f"/en/people/{number}/cleared/security/").status_code == 404


def test_nobody_approves_what_would_be_shown_to_themselves(hire: Make, number: str, now: datetime) -> None:
    sofia, second = (hire(n, "registration-supervisor") for n in ("sofia", "second"))
    asked(enter(sofia), number, officer="second")
    with pytest.raises(custody.CustodyFault, match="four-eyes"):
        custody.decide(request=Request.objects.get().pk, by=second, approve=True, said="", at=now)


def test_who_may_not_ask_does_not(hire: Make, number: str, now: datetime) -> None:
    rocio = hire("rocio", "registration-officer", office=TAPACHULA)
    assert enter(rocio).get(f"/en/people/{number}/unhide/").status_code == 403
    with pytest.raises(NotAllowed):
        custody.ask_to_show(
            seat=custody.Seat("rocio", *COMAR), person=custody.subject_of(number), sensitivity="security",  # type: ignore[arg-type]
            officer="rocio", why="x", at=now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"officer": "nobody"}, "Choose somebody who reads"),
        ({"what": "gossip"}, "Choose what is shown"),
        ({"why": " "}, "Say what exactly"),
    ],
)
def test_what_is_wrong_is_told(hire: Make, number: str, typed: dict[str, str], words: str) -> None:
    hire("rocio", "registration-officer", office=TAPACHULA)
    form = {"what": "security", "officer": "rocio", "why": "Transfer", **typed}
    answer = enter(hire("sofia", "registration-supervisor")).post(f"/es/people/{number}/unhide/", form)
    assert answer.status_code == 422
    english = enter(User.objects.get(username="sofia")).post(f"/en/people/{number}/unhide/", form)
    assert words in english.content.decode()
    assert not Request.objects.exists()
