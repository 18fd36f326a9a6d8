"""A family is registered by whoever searched first, once, and what is wrong is said at its box."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.people_pages.conftest import (
    Officer,
    form,
    hidden,
    members,
    person,
    post,
    read,
    register,
    seek,
    told,
)

from mirps.people.registry import models
from mirps.people.registry.api import names_of

pytestmark = pytest.mark.django_db


def test_the_form_is_reached_by_a_search_alone(officer: Officer) -> None:
    client = officer()
    assert client.get("/es/people/register/")["Location"] == "/es/people/?first=1"
    assert (
        post(client, "/es/people/register/", {"do": "keep", "searched": "made up"}, 302)
        == "/es/people/?first=1"
    )
    assert "Ximena" in post(client, "/es/people/register/", {**_begins(client), "do": "begin"})


def _begins(client: Client) -> dict[str, str]:
    return hidden(seek(client, "Ximena Vásquez López"), "begin")


def test_a_family_of_three_is_registered_and_stands_in_its_group(officer: Officer) -> None:
    client = officer()
    group = register(
        client, person(), person(1, "José", "Mejía", role="partner", sex="M"),
        person(2, "Ana", "Mejía Vásquez", role="child", year="2015"),
    )  # fmt: skip
    page = read(client, group)
    assert "Registrado." in page
    assert list(members(client, group)) == ["Ximena Vásquez López", "José Mejía", "Ana Mejía Vásquez"]
    assert models.Person.objects.count() == 3


def test_the_same_form_sent_twice_makes_one_family(officer: Officer) -> None:
    client = officer()
    typed = {**form(client), **person(), "do": "keep"}
    one = post(client, "/es/people/register/", typed, 302)
    assert post(client, "/es/people/register/", typed, 302) == one
    assert models.Person.objects.count() == 1


def test_a_fault_stands_at_its_box_and_what_was_typed_stays(officer: Officer) -> None:
    client = officer()
    typed = {
        **form(client),
        **person(year="2087", **{"document.0.number": "0801", "name.0.given": ""}),
        "do": "keep",
    }
    typed["p0.name.0.surnames"] = "Vásquez"
    page = post(client, "/es/people/register/", typed, 422)
    assert 'href="#f-p0.birth.0.date"' in page
    assert 'href="#f-p0.document.0.type"' in page
    assert 'value="0801"' in page
    assert len(told(page)) == 2
    assert models.Person.objects.count() == 0


def test_what_is_needed_and_left_out_is_named_by_person(officer: Officer) -> None:
    client = officer()
    typed = {**form(client), **person(), "p1.id": "01990000-0000-7000-8000-0000000000aa",
             "p1.name.0.given": "José", "p1.role": "partner", "do": "keep"}  # fmt: skip
    page = post(client, "/es/people/register/", typed, 422)
    assert any("José" in words and "Nacimiento" in words for words in told(page))
    assert 'href="#f-p1.birth.0.date"' in page


def test_without_a_script_another_person_and_another_document_come_from_the_server(officer: Officer) -> None:
    client = officer()
    typed = {**form(client), **person()}
    page = post(client, "/es/people/register/", {**typed, "do": "person"})
    assert 'name="p1.id"' in page
    more = post(
        client, "/es/people/register/", {**typed, "p0.document.0.type": "id", "do": "more:p0.document"}
    )
    assert 'name="p0.document.1.number"' in more
    less = post(client, "/es/people/register/", {**typed, "p1.id": typed["p0.id"], "do": "less:p1"})
    assert 'name="p1.id"' not in less
    assert models.Person.objects.count() == 0


def test_a_date_is_as_exact_as_it_is_known_and_a_country_is_typed_by_name(officer: Officer) -> None:
    client = officer()
    group = register(
        client, person(**{"birth.0.date.d": "", "birth.0.date.m": "", "birth.0.country": "el salvador"})
    )
    file = read(client, f"/en/people/{members(client, group)['Ximena Vásquez López']}/")
    assert "<b>1987</b>" in file
    assert "El Salvador" in file
    page = post(
        client,
        "/es/people/register/",
        {**form(client), **person(**{"nationality.0.country": "Atlántida"}), "do": "keep"},
        422,
    )
    assert 'href="#f-p0.nationality.0.country"' in page


def test_a_page_of_forty_people_is_not_too_much(officer: Officer) -> None:
    client = officer()
    typed = {**form(client), "level": "comprehensive"}
    for n in range(40):
        typed |= person(n, **{f"note.{k}.words": "una nota" for k in range(20)})
        typed |= {} if n == 0 else {f"p{n}.id": f"01990000-0000-7000-8000-{n:012x}"}
    assert len(typed) > 1000
    page = post(client, "/es/people/register/", {**typed, "do": "stay"})
    assert 'name="p39.id"' in page


def test_the_same_form_sent_again_with_other_words_keeps_nothing_of_them(officer: Officer) -> None:
    client = officer()
    typed = {**form(client), **person(), "do": "keep"}
    post(client, "/es/people/register/", typed, 302)
    changed = post(client, "/es/people/register/", {**typed, "p0.name.0.given": "Otra"}, 422)
    assert told(changed)
    assert set(names_of(models.Person.objects.values_list("id", flat=True)).values()) == {
        "Ximena Vásquez López"
    }


def test_whoever_may_only_read_finds_no_way_to_the_form(officer: Officer) -> None:
    client = officer("patricia", "screening-officer")
    assert "begin" not in seek(client, "Ximena Vásquez López")
    assert client.post("/es/people/register/", {"do": "begin"}).status_code == 403
    reader = officer("leila", "data-entry", office="")
    assert reader.get("/es/people/").status_code == 403
