"""An act that names a guardian adds them to the case, from the number of their registration; an act ends it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.cases.desks import Walked, claimed, posted, registered
from tests.registry.said import who

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import NotPossible, Subject
from mirps.people.registry.api import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Walked:
    posted()
    child = claimed(who("Anselmo", born="2012-01-01", sex="M"))
    child.does("admit", days=1)
    return child


def aunt(given: str = "Eulalia") -> Person:
    return Person.objects.get(pk=registered(who(given, "Paz"))[0])


def names(case: Walked, number: str, days: float = 2, **more: Any) -> UUID:
    return case.does("appoint_guardian", "protection", days, values={"guardian": number}, **more).event


def guardians(case: Walked) -> list[tuple[str, bool]]:
    rows = Subject.objects.filter(case=case.id, role="guardian").select_related("person").order_by("id")
    return [(s.person.number, s.until is None) for s in rows]


def test_who_is_named_is_in_the_case_and_it_is_among_theirs(case: Walked) -> None:
    eulalia = aunt()
    names(case, f" {eulalia.number.lower()} ")
    assert guardians(case) == [(eulalia.number, True)]
    assert [s.case_id for s in cases.of_person(eulalia.pk, seat=case.seat)] == [case.id]


def test_the_act_that_ends_it_ends_it_and_nothing_is_removed(case: Walked) -> None:
    eulalia = aunt()
    names(case, eulalia.number)
    case.does("end_guardian", "protection", 3)
    assert guardians(case) == [(eulalia.number, False)]


def test_a_second_is_named_only_once_the_first_has_ended_with_the_reason(case: Walked) -> None:
    one, other = aunt(), aunt("Filomena")
    names(case, one.number)
    with pytest.raises(NotPossible) as met:
        names(case, other.number, 3)
    assert "no longer answer for the person" in met.value.reasons[0].say("en")
    assert guardians(case) == [(one.number, True)]
    case.does("end_guardian", "protection", 4, reason="she moved away")
    names(case, other.number, 5)
    assert guardians(case) == [(one.number, False), (other.number, True)]


def test_nobody_ends_before_somebody_is_named(case: Walked) -> None:
    with pytest.raises(NotPossible):
        case.does("end_guardian", "protection", 2)


def test_without_a_number_nobody_is_added_and_with_one_of_nobody_it_is_refused(case: Walked) -> None:
    with pytest.raises(NotPossible, match="value guardian"):
        names(case, "MEX-22222-22222-2", 1)
    case.does("appoint_guardian", "protection", 2)
    assert guardians(case) == []
    assert [e.act for e in cases.CaseEvent.objects.filter(case=case.id)] == [
        "claim",
        "admit",
        "appoint_guardian",
    ]


def test_what_is_annulled_or_mended_is_followed(case: Walked) -> None:
    one, other = aunt(), aunt("Filomena")
    event = names(case, one.number)
    case.does("correct", "protection", 3, values={"guardian": other.number}, target=event)
    assert guardians(case) == [(one.number, False), (other.number, True)]
    case.does("void", "protection", 4, target=event)
    assert [now for _, now in guardians(case)] == [False, False]


def test_a_child_whose_guardian_left_is_not_interviewed_until_there_is_another(case: Walked) -> None:
    names(case, aunt().number)
    case.does("profile", "protection", 2, values={"lone_child": True, "urgent": False, "joined": False})
    case.does("assess_best_interests", "protection", 2, values={"best_interests": "x", "adapted": ["words"]})
    case.does("assign_modality", "protection", 2, values={"modality": "simplified"})
    case.does("end_guardian", "protection", 3)
    with pytest.raises(NotPossible):
        case.does("interview", "protection", 8, values={"language": "es"})
    names(case, aunt("Filomena").number, 9)
    assert case.does("interview", "protection", 10, values={"language": "es"}).after == "assessment"
