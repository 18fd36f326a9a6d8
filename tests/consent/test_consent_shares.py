"""Another institution sees a file for what the person agreed to, until a day, and not a moment longer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import COMAR, INM, TAPACHULA, Make, hire, now
from tests.registry.said import Json, fact, family, ids, more, who

from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.people.consent import rules
from mirps.people.custody import api as custody
from mirps.people.custody.api import Share
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.rules import Fact

__all__ = ["hire", "now"]
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = date(2026, 12, 1)
DESK = custody.Seat("rocio", *COMAR, TAPACHULA, purpose="registration")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def answer(given: str = "given", purpose: str = "share-state", **more: Any) -> Fact:
    return Fact(uuid4(), "consent", {"purpose": purpose, "given": given, **more}, AT, AT, person=uuid4())


@pytest.mark.parametrize(
    ("kind", "state", "takes"),
    [
        ("government", "MEX", "share-state"),
        ("municipal", "MEX", "share-state"),
        ("government", "GTM", "share-abroad"),
        ("un", "", "share-partners"),
        ("civil-society", "MEX", "share-partners"),
    ],
)
def test_what_a_person_must_have_agreed_to_depends_on_who_would_see(
    kind: str, state: str, takes: str
) -> None:
    assert rules.needed("MEX", kind, state) == takes


@pytest.mark.parametrize(
    ("facts", "agrees"),
    [
        ([], False),
        ([answer()], True),
        ([answer("refused")], False),
        ([answer(), answer("withdrawn")], False),
        ([answer("refused"), answer()], True),
        ([answer(purpose="share-abroad")], False),
        ([answer(until="2026-12-01")], True),
        ([answer(until="2026-11-30")], False),
        ([answer(until="2026-12")], True),
        ([answer(until="2026-11")], False),
        ([answer(until="2027")], True),
    ],
)
def test_the_last_answer_counts_and_for_as_long_as_it_says(facts: list[Fact], agrees: bool) -> None:
    assert bool(rules.resting_on(facts, "share-state", at=AT, until=DAY)) is agrees


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def take(said: Json, at: datetime) -> Json:
    said["made_at"] = at.isoformat()
    intake.take(said, seat=DESK, door="page", at=at)
    return said


def agreeing(now: datetime, **more_: Any) -> tuple[UUID, str, str]:
    """Somebody who agrees to be shared with the State's institutions: id, number, and the fact that says so."""
    said = family(who("Ximena", "Vásquez López"))
    (person,) = ids(said)
    yes = fact("consent", person=str(person), purpose="share-state", given="given", how="spoken", **more_)
    said["facts"].append(yes)
    take(said, now - timedelta(hours=1))
    return person, registry.number("MEX", person), yes["id"]


def soon(days: int = 10) -> str:
    return (timezone.localtime() + timedelta(days=days)).date().isoformat()


def given(number: str, client: Client, **typed: str) -> Any:
    form = {"do": "share", "institution": "MEX.INM", "purpose": "protection", "until": soon()}
    return client.post(f"/en/people/{number}/shares/", {**form, **typed})


@pytest.mark.django_db
def test_a_shared_file_is_seen_for_its_purpose_and_listed_on_both_sides(hire: Make, now: datetime) -> None:
    person, number, _ = agreeing(now)
    rocio = enter(hire("rocio", "registration-officer", office=TAPACHULA))
    irene = enter(hire("irene", "registration-officer", INM))
    irene.post("/en/people/seat/", {"place": "MEX.INM MEX.INM", "purpose": "protection"})
    assert irene.get(f"/en/people/{number}/").status_code == 404
    assert given(number, rocio).status_code == 302
    assert "Vásquez" in irene.get(f"/en/people/{number}/").content.decode()
    assert number in irene.get("/en/people/shares/").content.decode()
    assert number in rocio.get("/en/people/shares/").content.decode()
    irene.post("/en/people/seat/", {"place": "MEX.INM MEX.INM", "purpose": "assistance"})
    assert irene.get(f"/en/people/{number}/").status_code == 404
    elsewhere = irene.get("/en/people/shares/").content.decode()
    assert number not in elsewhere
    assert "Respond to a protection need (1)" in elsewhere
    assert irene.get(f"/en/people/{number}/shares/").status_code == 404, (
        "who is shared with shares no further"
    )
    assert AuditEntry.objects.get(act="share.given").detail["to"] == "MEX.INM"
    assert Share.objects.get().subject == person


@pytest.mark.django_db
def test_what_another_institution_registered_of_the_same_person_is_not_shared_on(
    hire: Make, now: datetime
) -> None:
    person, number, _ = agreeing(now)
    theirs = family(who("Elena", "Otra"), institution="MEX.INM", office="MEX.INM", made_at=now.isoformat())
    intake.take(theirs, seat=custody.Seat("irene", *INM, purpose="registration"), door="page", at=now)
    registry.Person.objects.filter(id=ids(theirs)[0]).update(stands_for=person)
    given(number, enter(hire("rocio", "registration-officer", office=TAPACHULA)), institution="MEX.SNE")
    assert [s.subject for s in Share.objects.all()] == [person]


@pytest.mark.django_db
def test_whoever_keeps_the_file_ends_it(hire: Make, now: datetime) -> None:
    _, number, _ = agreeing(now)
    rocio = enter(hire("rocio", "registration-officer", office=TAPACHULA))
    irene = enter(hire("irene", "registration-officer", INM))
    irene.post("/en/people/seat/", {"place": "MEX.INM MEX.INM", "purpose": "protection"})
    given(number, rocio)
    assert given(number, rocio, do="end").status_code == 302
    assert irene.get(f"/en/people/{number}/").status_code == 404
    assert "Stop sharing" not in rocio.get(f"/en/people/{number}/shares/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how", ["answers no", "answers until sooner", "is withdrawn", "agrees to something else"]
)
def test_a_withdrawn_consent_ends_the_share_at_that_moment(hire: Make, now: datetime, how: str) -> None:
    person, number, said = agreeing(now)
    given(number, enter(hire("rocio", "registration-officer", office=TAPACHULA)))
    consent = {"purpose": "share-state", "given": "withdrawn", "how": "spoken"}
    change = {
        "answers no": fact("consent", person=str(person), **consent),
        "answers until sooner": fact(
            "consent", person=str(person), **consent | {"given": "given", "until": soon(3)}
        ),
        "is withdrawn": fact("consent", person=str(person), replaces=said, why="Wrong person")
        | {"withdrawn": True},
        "agrees to something else": fact("consent", person=str(person), purpose="photo", given="given"),
    }[how]
    take(more(change), timezone.now())
    assert (Share.objects.get().ended_at is None) is (how == "agrees to something else")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"institution": "GTM.IGM"},
            "The person has not agreed to it until that day: “Share with another State”",
        ),
        ({"institution": "MEX.COMAR"}, "Choose another institution"),
        ({"institution": "MEX.NOBODY"}, "Choose another institution"),
        ({"purpose": "gossip"}, "Choose what for"),
        ({"until": "2026-01-01"}, "Choose a day to come"),
        ({"until": "soon"}, "day"),
        ({"until": soon(400)}, "The person has not agreed to it until that day"),
    ],
)
def test_what_cannot_be_shared_is_told_and_nothing_is(
    hire: Make, now: datetime, typed: dict[str, str], words: str
) -> None:
    _, number, _ = agreeing(now, until=soon(30))
    rocio = enter(hire("rocio", "registration-officer", office=TAPACHULA))
    told = given(number, rocio, **typed)
    assert told.status_code == 422
    assert words in unescape(told.content.decode())
    assert not Share.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_pages_of_shares_stand_in_both_languages(hire: Make, now: datetime, lang: str) -> None:
    _, number, _ = agreeing(now)
    rocio = enter(hire("rocio", "registration-officer", office=TAPACHULA))
    given(number, rocio)
    for where in (f"{number}/shares/", "shares/", f"{number}/"):
        assert rocio.get(f"/{lang}/people/{where}").status_code == 200, where
