"""Two registrations are shown side by side with why; a second person approves before they are joined or parted."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from tests.adjudication.test_adjudication import SEAT
from tests.intake.test_intake_taking import AT, take
from tests.people_pages.conftest import Officer, read
from tests.registry.said import family, ids, who

from mirps.people.adjudication import api as adjudication
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

QUEUE = "/es/people/duplicates/"


@pytest.fixture
def twice(db: None) -> tuple[UUID, UUID, str]:
    """Somebody registered twice, and the address where the two are compared."""
    people = []
    for given, surnames, born in (
        ("Ximena", "Vásquez López", "1987-05-04"),
        ("Jimena", "Bázquez Lopes", "1987-04-05"),
    ):
        said = family(who(given, surnames, born=born, phone="+504 9999 1234"))
        take(said)
        intake.compare(UUID(said["id"]), seat=SEAT, at=AT)
        people += ids(said)
    (pair,) = adjudication.queue(SEAT)
    return people[0], people[1], f"{QUEUE}{pair.id}/"


@pytest.fixture
def two(officer: Officer) -> tuple[Client, Client]:
    return tuple(officer(name, "registration-supervisor", office="") for name in ("sara", "tomas"))  # type: ignore[return-value]


def done(answer: object) -> str:
    return str(answer["Location"]).rpartition("done=")[2]  # type: ignore[index]


def test_an_empty_queue_says_when_pairs_appear(two: tuple[Client, Client]) -> None:
    assert "No hay pares" in read(two[0], QUEUE)
    assert "There are no pairs" in read(two[0], "/en/people/duplicates/")


def test_a_pair_is_shown_with_both_spellings_and_the_reasons(
    two: tuple[Client, Client], twice: tuple[UUID, UUID, str]
) -> None:
    assert "Ximena Vásquez López" in read(two[0], QUEUE)
    page = read(two[0], twice[2])
    for words in ("Ximena Vásquez López", "Jimena Bázquez Lopes", "suena igual", "+504 9999 1234"):
        assert words in page
    assert "sounds the same" in read(two[0], twice[2].replace("/es/", "/en/"))
    assert custody.readings_of([twice[0]]).filter(by="sara", act="open").exists()


def test_a_second_person_approves_and_what_was_joined_is_parted_again(
    two: tuple[Client, Client], twice: tuple[UUID, UUID, str]
) -> None:
    one, other, address = twice
    sara, tomas = two
    asked = sara.post(address, {"do": "join", "kept": str(one), "why": "misma foto"})
    assert done(asked) == "asked"
    assert "otra persona con el mismo permiso" in read(sara, address)
    assert "misma foto" in read(tomas, address)
    assert done(tomas.post(address, {"do": "approve"})) == "joined"
    file = registry.file(other, knows=())
    assert file is not None
    assert file.person.id == one
    parting = f"/es/people/{file.person.number}/joined/{file.also[0].number}/"
    assert done(tomas.post(parting, {"do": "part", "why": "son gemelas"})) == "asked"
    assert "son gemelas" in read(sara, parting)
    assert done(sara.post(parting, {"do": "approve"})) == "parted"
    parted = registry.file(other, knows=())
    assert parted is not None
    assert parted.person.id == other


def test_whoever_asked_cannot_approve(two: tuple[Client, Client], twice: tuple[UUID, UUID, str]) -> None:
    sara = two[0]
    sara.post(twice[2], {"do": "join", "kept": str(twice[0]), "why": "x"})
    assert sara.post(twice[2], {"do": "approve"}).status_code == 422
    file = registry.file(twice[0], knows=())
    assert file is not None
    assert not file.also


def test_two_are_kept_apart_only_with_a_reason(
    two: tuple[Client, Client], twice: tuple[UUID, UUID, str]
) -> None:
    refused = two[0].post(twice[2], {"do": "apart", "why": "  "})
    assert refused.status_code == 422
    assert "Diga por qué son dos personas" in refused.content.decode()
    assert done(two[0].post(twice[2], {"do": "apart", "why": "primas"})) == "apart"
    assert two[0].get(twice[2]).status_code == 404


def test_nobody_adjudicates_without_the_right(officer: Officer, twice: tuple[UUID, UUID, str]) -> None:
    assert officer("rocio").get(QUEUE).status_code == 403
    elsewhere = officer("pilar", "registration-supervisor", state="PAN", body="PAN.ONPAR", office="")
    assert elsewhere.get(twice[2]).status_code == 404


def test_the_pages_ask_the_database_little(
    two: tuple[Client, Client], twice: tuple[UUID, UUID, str], django_assert_max_num_queries: object
) -> None:
    read(two[0], QUEUE)
    for address in (QUEUE, twice[2]):
        with django_assert_max_num_queries(26):  # type: ignore[operator]
            read(two[0], address)
