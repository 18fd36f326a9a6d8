"""Who may be registered twice is shown with its reasons; two people decide, and both ways back stay open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.intake.test_intake_taking import take
from tests.registry.said import fact, family, ids, more, who

from mirps.base.access import api as access
from mirps.base.audit.models import AuditEntry
from mirps.people.adjudication import api as adjudication
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEAT = custody.Seat("sara", "MEX", "MEX.COMAR", purpose="registration")
TOMAS = replace(SEAT, user="tomas")
pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisors() -> tuple[access.User, access.User]:
    found = []
    for name in ("sara", "tomas"):
        user = access.User.objects.create_user(name, password="x" * 20)
        access.give_role(user=user, role="registration-supervisor", state="MEX", body="MEX.COMAR",
                         starts=AT.date(), ends=None, by="tests", at=AT)  # fmt: skip
        found.append(user)
    return found[0], found[1]


def registered(*people: dict[str, object]) -> list[UUID]:
    said = family(*people)
    take(said)
    intake.compare(UUID(said["id"]), seat=SEAT, at=AT)
    return ids(said)


def twice() -> tuple[UUID, UUID, adjudication.Suspicion]:
    """Ximena Vásquez López, registered again by a desk that hears otherwise and writes day and month astray."""
    (one,) = registered(who("Ximena", "Vásquez López", born="1987-05-04", phone="+504 9999 1234"))
    (two,) = registered(who("Jimena", "Bázquez Lopes", born="1987-04-05", phone="99991234"))
    (pair,) = adjudication.queue(SEAT)
    return one, two, pair


def joined(one: UUID, two: UUID, pair: adjudication.Suspicion, by: tuple[access.User, access.User]) -> None:
    asked = adjudication.ask_to_join(suspicion=pair.id, kept=one, seat=SEAT, why="same photo", at=AT)
    custody.decide(request=asked.pk, by=by[1], approve=True, said="", at=AT)
    adjudication.carry_out(request=asked, by=by[1], at=AT)


def test_whoever_is_registered_again_with_another_spelling_waits_to_be_compared() -> None:
    one, two, pair = twice()
    assert {pair.one_id, pair.other_id} == {one, two}
    shown = adjudication.explained(one, two, registry.standing_of([one, two], *adjudication.KINDS), "es")
    assert shown is not None
    assert any("suena igual" in words for words, _ in shown.reasons)
    assert round(sum(bits for _, bits in shown.reasons), 3) == shown.scored.bits


def test_a_stranger_with_a_common_surname_is_suspected_of_nothing() -> None:
    registered(who("Ximena", "Vásquez López", born="1987-05-04"))
    registered(who("Rigoberto", "López Funes", born="1961-11-30", sex="M"))
    assert list(adjudication.queue(SEAT)) == []


def test_a_family_is_not_suspected_of_being_one_person() -> None:
    registered(
        who("Ximena", "Vásquez López", born="1987-05-04"),
        who("Luis", "Mejía Vásquez", born="2015-01-09", sex="M", role="child"),
    )
    assert list(adjudication.queue(SEAT)) == []


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("document", ["", "0801-1990-12345"])
def test_twins_of_one_family_are_compared_only_where_they_show_one_document(
    together: bool, document: str
) -> None:
    """Registered apart, they are: then one family may have been registered twice."""
    one, two = (
        who("Ana", "Mejía Paz", born="2015-01-09", role=role, phone="99991234", document=document)
        for role in ("head", "child" if together else "head")
    )
    if together:
        registered(one, two)
    else:
        registered(one)
        registered(two)
    assert len(adjudication.queue(SEAT)) == (0 if together and not document else 1)


def test_comparing_is_done_once() -> None:
    twice()
    assert intake.compare_waiting(at=AT) == 0
    assert len(adjudication.queue(SEAT)) == 1


def test_what_waits_is_compared_by_the_node_itself() -> None:
    take(family(who("Ximena", "Vásquez López")))
    take(family(who("Ximena", "Vásquez López")))
    assert intake.compare_waiting(at=AT) == 2
    assert len(adjudication.queue(SEAT)) == 1


def test_two_people_join_two_files_and_one_shows_what_both_said(
    supervisors: tuple[access.User, access.User],
) -> None:
    one, two, pair = twice()
    joined(one, two, pair, supervisors)
    for id_ in (one, two):
        file = registry.file(id_, knows=())
        assert file is not None
        assert file.ids == (one, two)
        assert {f.data["given"] for f in file.of("name")} == {"Ximena", "Jimena"}
        assert {c.kind for c in registry.contradictions(file.standing, registry.book())} == {"birth"}
    assert list(adjudication.queue(SEAT)) == []
    assert AuditEntry.objects.filter(act="people.join").count() == 1


def test_nobody_joins_files_alone(supervisors: tuple[access.User, access.User]) -> None:
    one, _, pair = twice()
    asked = adjudication.ask_to_join(suspicion=pair.id, kept=one, seat=SEAT, why="x", at=AT)
    with pytest.raises(custody.CustodyFault):
        custody.decide(request=asked.pk, by=supervisors[0], approve=True, said="", at=AT)
    with pytest.raises(custody.CustodyFault):
        adjudication.carry_out(request=asked, by=supervisors[0], at=AT)
    file = registry.file(one, knows=())
    assert file is not None
    assert file.also == ()


def test_what_was_joined_is_parted_and_each_file_says_what_it_said_before(
    supervisors: tuple[access.User, access.User],
) -> None:
    one, two, pair = twice()
    before = [registry.file(id_, knows=()) for id_ in (one, two)]
    joined(one, two, pair, supervisors)
    birth = next(f for f in before[1].of("birth"))  # type: ignore[union-attr]
    take(more(fact("birth", person=str(one), replaces=str(birth.id), date="1987-05-04")))
    asked = adjudication.ask_to_part(kept=one, other=two, seat=TOMAS, why="twins", at=AT)
    custody.decide(request=asked.pk, by=supervisors[0], approve=True, said="", at=AT)
    adjudication.carry_out(request=asked, by=supervisors[1], at=AT + timedelta(hours=1))
    after = [registry.file(id_, knows=()) for id_ in (one, two)]
    assert after[1].standing == before[1].standing  # type: ignore[union-attr]
    assert {f.id for f in before[0].standing} <= {f.id for f in after[0].standing}  # type: ignore[union-attr]
    pair.refresh_from_db()
    assert pair.answer == "different"


def test_keeping_two_apart_needs_a_reason_and_is_not_asked_again(
    supervisors: tuple[access.User, access.User],
) -> None:
    one, _, pair = twice()
    with pytest.raises(adjudication.AdjudicationFault):
        adjudication.keep_apart(suspicion=pair.id, by=supervisors[0], why=" ", at=AT)
    adjudication.keep_apart(suspicion=pair.id, by=supervisors[0], why="cousins", at=AT)
    assert adjudication.keep_suspected(adjudication.suspected([one], at=AT)) == []
    assert list(adjudication.queue(SEAT)) == []


def test_files_that_are_joined_are_not_joined_again(supervisors: tuple[access.User, access.User]) -> None:
    one, two, pair = twice()
    joined(one, two, pair, supervisors)
    with pytest.raises(registry.Refused):
        registry.say_same(kept=one, other=two, joined=True, by="a", second="b", why="", at=AT)
    with pytest.raises(registry.Refused):
        registry.say_same(kept=two, other=one, joined=False, by="a", second="b", why="", at=AT)
