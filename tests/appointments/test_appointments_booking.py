"""A booking holds an officer, a room, an interpreter and the person once, and what becomes of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, transaction
from tests.appointments.office import (
    HERE,
    INTERVIEW,
    SINCE,
    booked,
    first,
    interpreter,
    offer,
    room,
    supplier,
    tomorrow,
    works,
)
from tests.cases.desks import AT, TAP, Walked, claimed, posted, seat
from tests.registry.said import who
from tests.together import at_once
from uuid_utils.compat import uuid7

from mirps.base.audit.api import AuditEntry
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Done, Mode, Ordered, Want
from mirps.casework.appointments.models import Hold, OrderEvent
from mirps.casework.cases import api as cases

pytestmark = pytest.mark.django_db
COUNSEL = Want("counselling", mode=Mode.PHONE)


@pytest.fixture
def case() -> Walked:
    posted()
    return claimed()


def other() -> Walked:
    return claimed(who("Rosa", "Mejía Paz"))


def fault(act: object) -> str:
    with pytest.raises(AppointmentFault) as told:
        act()  # type: ignore[operator]
    return told.value.key.rpartition(".")[2]


def test_the_first_slot_is_the_next_working_day_with_all_that_an_interview_needs(case: Walked) -> None:
    works()
    here, mirlande = room(), interpreter(supplier())
    found = offer(case)
    assert [(e.day, e.why) for e in found.proposed.earlier] == [(AT.date(), "over")]
    choice = first(found)
    assert (choice.officer, choice.room, choice.interpreter) == ("ana", here, mirlande)
    # 24 hours after it was asked for, at ten by the office's clock
    assert choice.starts == tomorrow(10)
    row = booked(case, choice=choice)
    assert (row.ends - row.starts, row.standing) == (timedelta(hours=2), "booked")
    assert Hold.objects.filter(appointment=row).count() == 4 * 8
    assert AuditEntry.objects.filter(act="appointment.booked", subject=f"appointment/{row.pk}").exists()


def test_no_slot_is_offered_on_a_holiday_and_it_says_which(case: Walked) -> None:
    works("ana", 0)  # Mondays; 16 March 2026 is a holiday in Mexico
    found = offer(case, replace(COUNSEL, first=AT.date() + timedelta(days=12)))
    off = {e.day.isoformat(): e.values.get("what") for e in found.proposed.earlier if e.why == "off"}
    assert "Benito" in str(off["2026-03-16"])
    assert found.proposed.slots[0].starts.date().isoformat() == "2026-03-23"


def test_an_absence_of_an_officer_is_no_slot(case: Walked) -> None:
    works()
    cases.Absence.objects.create(
        state="MEX", institution="MEX.COMAR", office=TAP, user="ana", starts=AT.date(), at=AT, by="boss",
        ends=AT.date() + timedelta(days=1),
    )  # fmt: skip
    found = offer(case, COUNSEL)
    assert found.proposed.earlier[-1].why == "away"
    assert found.proposed.slots[0].starts.date() == AT.date() + timedelta(days=2)


def test_what_is_booked_is_offered_no_more_and_refused_to_who_still_has_it_on_screen(case: Walked) -> None:
    works()
    choice = first(offer(case, COUNSEL))
    booked(case, COUNSEL, choice)
    late = other()
    assert choice.starts not in {s.starts for s in offer(late, COUNSEL).proposed.slots}
    assert fault(lambda: booked(late, COUNSEL, choice)) == "taken"
    assert fault(lambda: booked(case, COUNSEL, choice)) == "taken"  # nor may the person be in two places


def test_the_database_itself_holds_nobody_twice(case: Walked) -> None:
    works()
    held = Hold.objects.filter(appointment=booked(case, COUNSEL)).order_by("pk").first()
    assert held is not None
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def test_the_same_booking_sent_twice_is_one(case: Walked) -> None:
    works()
    id_, choice = uuid7(), first(offer(case, COUNSEL))
    made = [
        appointments.book(id=id_, case=case.id, want=COUNSEL, choice=choice, office=TAP, **HERE) for _ in "ab"
    ]
    assert (made[0].pk, made[0].events.count()) == (made[1].pk, 1)


def test_what_nobody_proposed_is_not_booked(case: Walked) -> None:
    works()
    choice = first(offer(case, COUNSEL))
    for wrong, key in (
        (replace(choice, starts=tomorrow(3)), "taken"),
        (replace(choice, officer="leo"), "taken"),
        (replace(choice, starts=choice.starts + timedelta(days=400)), "far"),
        (replace(choice, interpreter=uuid7()), "needless"),
    ):
        assert fault(lambda c=wrong: booked(case, COUNSEL, c)) == key  # type: ignore[misc]
    assert fault(lambda: booked(case, replace(COUNSEL, kind="tea"), choice)) == "kind"
    assert fault(lambda: booked(case, Want("biometrics", mode=Mode.PHONE), choice)) == "mode"


def test_a_wish_that_nobody_meets_is_booked_only_by_who_says_that_it_was_told(case: Walked) -> None:
    works()
    room()
    pierre = interpreter(supplier(), "M")
    want = replace(INTERVIEW, gender="F")
    found = offer(case, want)
    assert found.match is not None
    assert found.match.wish_unmet
    assert fault(lambda: booked(case, want, first(found))) == "wish"
    assert booked(case, want, first(found, wish_told=True)).interpreter_id == pierre


def test_who_has_a_conflict_with_the_case_is_not_booked(case: Walked) -> None:
    works()
    room()
    mirlande = interpreter(supplier())
    choice = first(offer(case))
    appointments.declare(
        id=uuid7(), interpreter=mirlande, case=case.id, sort="kin", said="Es su prima", **HERE
    )
    assert offer(case).proposed.slots == ()
    assert fault(lambda: booked(case, choice=choice)) == "unfit"


def test_an_appointment_is_moved_cancelled_and_its_time_given_back(case: Walked) -> None:
    works()
    choice = first(offer(case, COUNSEL))
    row = booked(case, COUNSEL, choice)
    later = replace(choice, starts=choice.starts + timedelta(minutes=15))  # over its own time
    appointments.move(
        event=uuid7(), appointment=row.pk, want=COUNSEL, choice=later, reason="Lo pidió la persona", **HERE
    )
    row.refresh_from_db()
    assert (row.starts, row.events.count()) == (later.starts, 2)
    assert Hold.objects.filter(appointment=row).count() == 2 * 3
    appointments.close(
        event=uuid7(), appointment=row.pk, what=Done.CANCELLED, reason="Ya no hace falta", **HERE
    )
    assert not Hold.objects.filter(appointment=row).exists()
    assert booked(other(), COUNSEL, choice).starts == choice.starts
    why = [appointments.opened(e).get("reason") for e in row.events.order_by("at", "id")]
    assert why == [None, "Lo pidió la persona", "Ya no hace falta"]


def test_nobody_has_missed_what_has_not_begun_and_missing_takes_a_reason(case: Walked) -> None:
    works()
    row = booked(case, COUNSEL)
    gone = {"event": uuid7(), "appointment": row.pk, "what": Done.MISSED, "seat": seat()}
    assert fault(lambda: appointments.close(**gone, reason="No vino", at=AT)) == "early"
    after = row.ends
    assert fault(lambda: appointments.close(**gone, reason=" ", at=after)) == "reason"
    assert appointments.close(**gone, reason="No vino", at=after).standing == "missed"
    assert fault(lambda: appointments.close(**(gone | {"event": uuid7()}), reason="x", at=after)) == "over"


def test_an_interpreter_is_ordered_with_the_booking_delivered_paid_for_and_rated(case: Walked) -> None:
    works()
    room()
    agency = supplier("300")
    interpreter(agency)
    row = booked(case)
    order = row.orders.get()
    assert (order.standing, order.supplier_id, order.language) == ("ordered", agency, "ht")
    done = {"order": order.pk, "seat": seat(), "at": row.ends}
    follow = appointments.follow
    wrong = {
        **done,
        "event": uuid7(),
        "what": Ordered.DELIVERED,
        "hours": Decimal(2),
        "on": row.starts.date(),
    }
    assert fault(lambda: follow(**wrong)) == "order"  # not yet confirmed
    follow(event=uuid7(), what=Ordered.CONFIRMED, **done)
    follow(event=uuid7(), what=Ordered.DELIVERED, hours=Decimal("2.5"), on=row.starts.date(), **done)
    assert fault(lambda: follow(event=uuid7(), what=Ordered.RATED, rating=6, **done)) == "rating"
    follow(event=uuid7(), what=Ordered.RATED, rating=4, note="Muy clara", **done)
    lines = appointments.report(seat(), since=SINCE, until=SINCE + timedelta(days=30))
    assert [(x.hours, x.cost, x.rating) for x in lines] == [(Decimal("2.5"), Decimal(750), Decimal(4))]
    last = OrderEvent.objects.get(order=order, what="rated")
    assert b"Muy clara" not in bytes(last.sealed)
    assert appointments.opened(last) == {"note": "Muy clara"}


def test_a_cancelled_appointment_cancels_its_order(case: Walked) -> None:
    works()
    room()
    interpreter(supplier())
    row = booked(case)
    appointments.close(event=uuid7(), appointment=row.pk, what=Done.CANCELLED, reason="Se traslada", **HERE)
    assert row.orders.get().standing == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_one_slot_at_once_one_has_it_and_the_others_are_told() -> None:
    posted()
    works()
    every = [claimed(who("Rosa", s)) for s in ("Mejía Paz", "Funes Lara", "Cáceres Gil", "Discua Mora")]
    choice = first(offer(every[0], COUNSEL))

    def one(case: Walked) -> str:
        while True:
            try:
                return booked(case, COUNSEL, choice).standing
            except AppointmentFault as told:
                return told.key
            except OperationalError as e:  # SQLite in memory, as tests have it, does not wait for its turn
                if "locked" not in str(e):
                    raise

    assert sorted(at_once(one, every)) == ["appointments.fault.taken"] * 3 + ["booked"]
    assert Hold.objects.count() == 2 * 3


def test_an_officers_calendar_names_nobody(case: Walked) -> None:
    row = appointments.CalendarEntry(
        case.id,
        tomorrow(9),
        tomorrow(10),
        AT,
        f"Entrevista {case.number}",
        "Sala 1",
        "https://x.example/",
        False,
    )
    made = appointments.calendar_file([row], name="Ana", zone="America/Mexico_City", lang="es").decode()
    assert case.number in made
    assert "Ximena" not in made
    assert "DTSTART:20260305T150000Z" in made
