"""Who decides knows whose case it is while it is on their agenda, by a share that ends when it is decided."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from tests.appointments.test_appointments_pages import officer
from tests.casework_pages.test_casework_cases import queries_of
from tests.registry.said import fact, family, ids, more, who
from tests.sessions.chamber import AT, LATER, SINCE, called, hired, waiting
from uuid_utils.compat import uuid7

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Saying
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions.api import Session, What
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake
from mirps.people.registry.api import Person

pytestmark = pytest.mark.django_db
UNIT = Seat("ur", "CRI", "CRI.UR", "CRI.UR", purpose="procedure")
BODY = Seat("sec", "CRI", "CRI.CVRR", "CRI.CVRR", purpose="procedure")
STEPS = (
    ("complete_file", "unit",
     {"entry_declared": True, "fingerprints": True, "at_risk_profile": False, "vulnerable": False}),
    ("assign_modality", "evaluator", {"modality": "regular"}), ("interview", "evaluator", {}),
    ("recommend", "evaluator", {}),
)  # fmt: skip


def on_agenda() -> tuple[Session, UUID]:
    """A case of Costa Rica's Refugee Unit on the Commission's agenda; the session, and whose case it is."""
    cases.appoint(
        "ur", "cri_asylum", ["unit", "evaluator"], institution="CRI.UR", since=SINCE, by="boss", at=AT
    )
    cases.appoint("sec", "cri_asylum", ["commission"], institution="CRI.CVRR", since=SINCE, by="boss", at=AT)
    said = {
        **family(who("Marta", "Orellana Paz")),
        "state": "CRI",
        "institution": "CRI.UR",
        "office": "CRI.UR",
    }
    intake.take(said, seat=UNIT.for_purpose("registration"), door="page", at=AT)
    (person,) = ids(said)
    case = cases.open_case(
        "cri_asylum", people=[(person, "principal")], seat=UNIT, role="unit", at=AT,
        event=Saying(uuid7(), "claim", AT, {"nationality": "NIC", "entered_on": "2026-03-01"}),
    )  # fmt: skip
    for n, (act, role, values) in enumerate(STEPS, start=1):
        at = AT + timedelta(days=n)
        cases.record(case.case, Saying(uuid7(), act, at, values), seat=UNIT, role=role, at=at)
    assert not sees(person), "waiting for the body is not enough"
    row = sessions.call(id=uuid7(), body="cri_cvrr", starts=LATER, seat=BODY, at=AT + timedelta(days=6))
    sessions.put_on_agenda(session=row.pk, numbers=[case.number], seat=BODY, at=AT + timedelta(days=6))
    return row, person


def sees(person: UUID, seat: Seat = BODY, days: float = 20) -> bool:
    at = AT + timedelta(days=days)
    with custody.seated(seat):
        return Person.objects.filter(custody.seen(seat, at=at), pk=person).exists()


def test_a_case_on_the_agenda_shows_whose_it_is_for_the_procedure_alone() -> None:
    _, person = on_agenda()
    assert sees(person)
    assert not sees(person, BODY.for_purpose("assistance"))
    assert not sees(person, BODY.for_purpose(""))
    assert not sees(person, Seat("x", "CRI", "CRI.DGME", purpose="procedure"))


@pytest.mark.parametrize("what", [What.DEFERRED, What.ENDED])
def test_it_ends_when_the_case_is_deferred_or_the_session_is_over(what: What) -> None:
    session, person = on_agenda()
    item = session.items.get().pk if what is What.DEFERRED else None
    sessions.happen(session=session.pk, what=what, item=item, why="Falta una prueba", seat=BODY, at=LATER)
    assert not sees(person)


@pytest.mark.parametrize(
    ("about", "given", "seen"),
    [("photo", "withdrawn", True), ("share-state", "given", True), ("share-state", "withdrawn", False)],
)
def test_what_the_person_then_says_ends_it_if_it_is_of_that(about: str, given: str, seen: bool) -> None:
    _, person = on_agenda()
    place = {"state": "CRI", "institution": "CRI.UR", "office": "CRI.UR"}
    said = fact("consent", person=str(person), purpose=about, given=given, how="spoken")
    intake.take({**more(said), **place}, seat=UNIT.for_purpose("registration"), door="page", at=LATER)
    assert sees(person) is seen


def test_it_ends_by_itself_a_month_after_the_session() -> None:
    _, person = on_agenda()
    assert sees(person, days=49)
    assert not sees(person, days=51)


def test_a_body_of_the_institution_that_holds_the_case_needs_no_share() -> None:
    hired()
    called(waiting())
    assert not custody.Share.objects.exists()


def test_the_case_page_names_them_to_the_body_and_keeps_the_look() -> None:
    _, person = on_agenda()
    custody.Share.objects.update(until=timezone.now() + timedelta(days=1))
    page = f"/es/cases/{cases.Case.objects.get().number}/"
    sec = officer("sec", "session-secretary", "case-officer", body="CRI.CVRR", at="")
    assert "Marta" not in sec.get(page).content.decode(), "no purpose is named"
    sec.post("/es/people/seat/", {"purpose": "procedure"})
    assert "Marta" in sec.get(page).content.decode()
    looked = custody.ReadingOf.objects.filter(subject=person, reading__by="sec", reading__purpose="procedure")
    assert looked.count() == 1
    assert queries_of(sec, page) <= 12
