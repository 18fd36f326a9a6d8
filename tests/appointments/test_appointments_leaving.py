"""A room out of use, an interpreter or a supplier that ends: nothing is proposed with them, what is booked is to be
moved, what is ordered for later is cancelled; each with a reason that stays."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.appointments.office import (
    HERE,
    INTERVIEW,
    booked,
    first,
    interpreter,
    offer,
    room,
    supplier,
    works,
)
from tests.appointments.test_appointments_pages import officer, post, read, staffed
from tests.cases.desks import AT, TAP, Walked, claimed, posted, seat

from mirps.base.notices.api import zone
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments import rules
from mirps.casework.appointments.api import Appointment, AppointmentFault, Ordered
from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody

TODAY = AT.date()
WHY: dict[str, Any] = {"reason": "Goteras en el techo", **HERE}


@pytest.fixture
def case(db: None) -> Walked:
    cache.clear()
    posted()
    return claimed()


def moves() -> list[tuple[Appointment, list[str]]]:
    with custody.seated(seat()):
        return appointments.to_move(seat(), at=AT, office=TAP)


def test_a_room_out_of_use_is_not_proposed_and_what_is_booked_there_is_to_be_moved(case: Walked) -> None:
    works()
    interpreter(supplier())
    only = room()
    row = booked(case)
    day = row.starts.date()
    appointments.away(whose=appointments.room(only), starts=day, ends=day + timedelta(days=7), **WHY)
    assert moves() == [(row, ["room"])]
    assert all(s.starts.date() > day + timedelta(days=7) for s in offer(case).proposed.slots)
    assert "rooms" in {e.why for e in offer(case).proposed.earlier}
    later = first(offer(case))
    appointments.move(
        event=UUID(int=1),
        appointment=row.pk,
        want=INTERVIEW,
        choice=later,
        reason="Goteras",
        **HERE,
    )
    assert moves() == []


def test_what_is_booked_outside_hours_that_shrink_is_to_be_moved(case: Walked) -> None:
    works()
    room()
    helper = interpreter(supplier())
    row = booked(case)
    local = timezone.localtime(row.starts, zone("MEX"))
    works("ana", starts=local.hour, ends=local.hour + 4)
    assert moves() == []
    later = {"windows": [(local.weekday(), time(local.hour + 2), time(18))], "since": TODAY, **HERE}
    appointments.set_hours(whose=appointments.officer("ana"), office=TAP, **later)
    assert moves() == [(row, ["officer-hours"])]
    appointments.set_hours(whose=appointments.interpreter(helper), office="", **later)
    assert moves() == [(row, ["officer-hours", "interpreter-hours"])]
    halves = [
        (local.weekday(), time(local.hour), time(local.hour, 30)),
        (local.weekday(), time(local.hour, 30), time(23)),
    ]
    for whose, office in ((appointments.officer("ana"), TAP), (appointments.interpreter(helper), "")):
        appointments.set_hours(whose=whose, office=office, windows=halves, since=TODAY, **HERE)
    assert moves() == []


def test_hours_that_shrink_later_move_only_what_is_booked_from_then_on(case: Walked) -> None:
    works()
    room()
    interpreter(supplier())
    row = booked(case)
    day = row.starts.date()
    none = {"whose": appointments.officer("ana"), "office": TAP, "windows": [(6, time(9), time(10))], **HERE}
    appointments.set_hours(since=day + timedelta(days=1), **none)
    assert moves() == []
    appointments.set_hours(since=day, **none)
    assert moves() == [(row, ["officer-hours"])]


def test_days_that_are_taken_back_count_again_and_both_stay_in_the_history(case: Walked) -> None:
    works()
    interpreter(supplier())
    only = room()
    booked(case)
    away = appointments.away(
        whose=appointments.room(only), starts=TODAY, ends=TODAY + timedelta(days=60), **WHY
    )
    assert not offer(case).proposed.slots
    appointments.back(away=away.pk, whose=appointments.room(only), **{**WHY, "reason": "Ya se reparó"})
    assert moves() == []
    assert offer(case).proposed.slots
    told = [(t.row.what, t.reason) for t in appointments.turns(appointments.room(only), seat())]
    assert told == [("away", "Goteras en el techo"), ("back", "Ya se reparó")]
    with pytest.raises(AppointmentFault):
        appointments.back(away=away.pk, whose=appointments.room(only), **WHY)


def test_a_room_that_ends_later_is_proposed_until_then(case: Walked) -> None:
    works()
    interpreter(supplier())
    only = room()
    days = sorted({s.starts.date() for s in offer(case).proposed.slots})
    appointments.end_room(room=only, on=days[1], **WHY)
    assert {s.starts.date() for s in offer(case).proposed.slots} == {days[0]}


@pytest.mark.parametrize("what", ["supplier", "interpreter"])
def test_the_end_of_a_supplier_or_interpreter_cancels_what_is_ordered_for_later(
    case: Walked, what: str
) -> None:
    works()
    room()
    agency = supplier()
    one = interpreter(agency)
    row = booked(case)
    end = {
        "supplier": (appointments.end_supplier, agency),
        "interpreter": (appointments.end_interpreter, one),
    }
    act, id_ = end[what]
    assert act(**{what: id_}, on=TODAY, **WHY) == 1  # type: ignore[operator]
    order = row.orders.get()
    assert order.standing == Ordered.CANCELLED
    assert appointments.opened(order.events.order_by("at", "id").last())["note"] == "Goteras en el techo"
    assert moves() == [(row, ["interpreter"])]
    assert not offer(case).proposed.slots
    with pytest.raises(AppointmentFault):
        act(**{what: id_}, on=TODAY, **WHY)  # type: ignore[operator]


def test_what_is_ordered_for_before_the_end_goes_on(case: Walked) -> None:
    works()
    room()
    agency = supplier()
    interpreter(agency)
    row = booked(case)
    assert appointments.end_supplier(supplier=agency, on=row.starts.date() + timedelta(days=1), **WHY) == 0
    assert row.orders.get().standing == Ordered.ORDERED
    assert moves() == []


def test_an_officer_who_is_away_leaves_appointments_to_be_moved(case: Walked) -> None:
    works()
    room()
    interpreter(supplier())
    row = booked(case)
    cases.away("ana", starts=TODAY, ends=TODAY + timedelta(days=30), **HERE)
    assert moves() == [(row, ["officer"])]


@pytest.mark.parametrize("act", ["away", "end_room"])
def test_nothing_leaves_without_a_reason(db: None, act: str) -> None:
    only = room()
    days = {"whose": appointments.room(only), "starts": TODAY, "ends": TODAY}
    given = days if act == "away" else {"room": only, "on": TODAY}
    with pytest.raises(AppointmentFault):
        getattr(appointments, act)(**given, reason="  ", **HERE)
    assert not appointments.aways(appointments.room(only), seat(), on=TODAY)
    assert appointments.Room.objects.get(pk=only).ended is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.integers(0, 9))), st.integers(0, 9))
def test_what_is_gone_on_a_day_is_what_is_away_then(outs: list[tuple[str, int, int]], day: int) -> None:
    begin = date(2026, 1, 1)
    of = [rules.Gone(w, begin + timedelta(days=a), begin + timedelta(days=b)) for w, a, b in outs]
    found = rules.gone({"a", "b"}, begin + timedelta(days=day), of)
    assert set(found) == {w for w, a, b in outs if w in "ab" and a <= day <= b}
    assert len(found) == len(set(found))


def test_on_pages_a_room_is_put_out_of_use_and_its_appointment_is_moved_from_the_list(case: Walked) -> None:
    staffed()
    chief = officer("eva", "case-officer", "case-supervisor", "interpreter-desk")
    posted("eva")
    only = appointments.Room.objects.get()
    page = read(chief, "/appointments/office/")
    assert f"/appointments/rooms/{only.pk}/" in page
    at = f"/appointments/rooms/{only.pk}/"
    days = {"do": "away", "starts": "2099-01-01", "ends": "2099-01-02"}
    assert "Escriba el motivo" in post(chief, at, days, 422)
    post(chief, at, {**days, "reason": "Obras"})
    page = read(chief, at)
    assert "Obras" in page
    away = appointments.Away.objects.get()
    post(chief, at, {"do": "back", "away": away.pk, "reason": "Ya no"})
    post(chief, at, {"do": "end", "on": "2099-01-01", "reason": "Se entregó el local"})
    assert "Se entregó el local" in read(chief, at)
    read(chief, "/appointments/moves/")
    read(chief, "/appointments/")


def test_on_pages_a_supplier_ends_with_its_open_orders(case: Walked) -> None:
    best = staffed()
    desk = officer("eva", "case-officer", "interpreter-desk")
    agency = appointments.Interpreter.objects.get(pk=best).supplier_id
    at = f"/interpreters/suppliers/{agency}/"
    assert str(UUID(str(agency))) in read(desk, "/interpreters/")
    assert "Mirlande Toussaint" in read(desk, at)
    post(desk, at, {"do": "end", "on": "2026-01-01", "reason": "Se venció el contrato"})
    assert "Se venció el contrato" in read(desk, at)
    one = f"/interpreters/{best}/"
    post(desk, one, {"do": "away", "starts": "2099-01-01", "ends": "2099-01-02", "reason": "Viaje"})
    post(desk, one, {"do": "end", "on": "2026-01-01", "reason": "Se mudó"})
    page = read(desk, one)
    assert "Viaje" in page
    assert "Se mudó" in page
    read(officer("otra", "interpreter-desk", body="MEX.INM", at=""), at, 404)
