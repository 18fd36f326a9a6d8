"""A worklist names whom a case is about, to whoever may see that person, and keeps that it did."""

from __future__ import annotations

import pytest
from tests.cases import desks
from tests.casework_pages.conftest import Officer, number_of, opened, read
from tests.casework_pages.test_casework_cases import queries_of
from tests.registry.said import who

from mirps.casework.cases import worklists
from mirps.people.custody.api import Reading, ReadingOf
from mirps.people.registry.api import Person

pytestmark = pytest.mark.django_db


def test_a_line_names_the_principal_and_the_look_is_kept_once(officer: Officer, family: list[Person]) -> None:
    ana = officer()
    number = number_of(opened(ana, family[0], **{"with": family[1].number}))
    page = read(ana, "/es/cases/")
    assert "Ximena Vásquez López" in page
    assert number in page
    assert "Axel" not in page
    look = Reading.objects.filter(act="search").latest("at")
    assert look.shown == 1
    assert {of.subject for of in ReadingOf.objects.filter(reading=look)} == {family[0].id}


def test_who_may_not_see_the_person_sees_the_number_alone(officer: Officer, family: list[Person]) -> None:
    number = number_of(opened(officer(), family[0]))
    page = read(officer("ines", "inm", body="MEX.INM", office=""), "/es/cases/?view=all")
    assert number in page
    assert "Ximena" not in page
    assert not ReadingOf.objects.filter(reading__by="ines").exists()


def test_a_list_of_several_pages_asks_no_more_than_twelve_times(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = officer()
    names = ("Rosa", "Elena", "Mario", "Saúl")
    people = [desks.registered(who(name, "Vásquez", born="1990-01-01"))[0] for name in names]
    for each in people:
        opened(ana, Person.objects.get(pk=each))
    monkeypatch.setattr(worklists, "PAGE", 3)
    for address in ("/es/cases/", "/es/cases/?view=office", "/es/cases/?view=turn&procedure=mex_asylum"):
        assert queries_of(ana, address) <= 12, address
    page = read(ana, "/es/cases/")
    assert sum(f"{name} Vásquez" in page for name in names) == 3
    assert "4 casos" in page
