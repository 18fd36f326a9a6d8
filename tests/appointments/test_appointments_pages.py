"""An officer books an interview with an interpreter on pages alone; every page asks the database little."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.appointments import office
from tests.appointments.office import interpreter, room, supplier, works
from tests.cases.desks import TAP, Walked, claimed, posted
from tests.people_pages.conftest import hidden

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import Speech
from mirps.casework.appointments.models import Appointment

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def case() -> Walked:
    posted()
    return claimed()


def officer(username: str = "ana", *roles: str, body: str = "MEX.COMAR", at: str = TAP) -> Client:
    """Somebody signed in who holds these roles (those of a case officer where none is named)."""
    user, _ = User.objects.get_or_create(username=username, defaults={"first_name": username.title()})
    for role in roles or ("case-officer",):
        access.give_role(
            user=user, role=role, state=body[:3], body=body, office=at, starts=date(2024, 1, 1), ends=None, by="t",
            at=datetime.now(tz=UTC),
        )  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str, status: int = 200) -> str:
    """A page, in both languages, each with few questions to the database."""
    for lang in ("en", "es"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(f"/{lang}{address}")
        assert answer.status_code == status, (address, answer.status_code)
        few(address, asked)
    return unescape(answer.content.decode())


def few(address: str, asked: CaptureQueriesContext) -> None:
    marks = ("SAVEPOINT", "RELEASE", "WITH before AS", "UPDATE")  # of a transaction, a seat; when a visit was
    sql = [q["sql"] for q in asked if not q["sql"].startswith(marks)]
    assert len(sql) <= MOST, (address, len(sql), *(s[:150] for s in sql))


def post(client: Client, address: str, given: dict[str, Any], status: int = 302) -> str:
    answer = client.post(f"/es{address}", given)
    page = unescape(answer.content.decode())
    assert answer.status_code == status, (
        address,
        answer.status_code,
        re.findall(r'class="fault".*?</p>', page),
        page[-600:],
    )
    return str(answer["Location"]) if status == 302 else page


def staffed() -> UUID:
    """Rooms, hours and interpreters from today on; the interpreter who fits best."""
    old = dict(office.HERE), office.SINCE
    office.HERE["at"], office.SINCE = datetime.now(tz=UTC), datetime.now(tz=UTC).date() - timedelta(days=1)
    try:
        works()
        room()
        agency = supplier()
        best = interpreter(agency)
        interpreter(agency, "M", Speech("ht", level="speaks"), name="Jean Exantus")
    finally:
        office.HERE.update(old[0])
        office.SINCE = old[1]
    return best


def test_an_interview_with_an_interpreter_is_looked_for_explained_and_booked(case: Walked) -> None:
    best = staffed()
    ana = officer()
    assert "No hay citas." in read(ana, f"/cases/{case.number}/appointments/")
    page = read(ana, f"/cases/{case.number}/appointment/")
    asked = {"id": hidden(page)["id"], "kind": "interview", "mode": "person", "language": "ht", "do": "look"}
    with CaptureQueriesContext(connection) as queries:
        page = post(ana, f"/cases/{case.number}/appointment/", asked, 200)
    few("look", queries)
    assert "Mirlande Toussaint" in page
    assert "Es su lengua materna." in page
    assert "Antes que el siguiente por cómo lo habla." in page
    assert "Por qué no antes" in page
    slot = re.search(r'name="slot" value="([^"]+)" checked', page)
    assert slot is not None
    where = post(ana, f"/cases/{case.number}/appointment/", {**asked, "do": "book", "slot": slot[1]})
    row = Appointment.objects.get()
    assert row.interpreter_id == best
    assert where == f"/es/appointments/{row.pk}/?done=booked"
    assert "Mirlande Toussaint" in read(ana, f"/appointments/{row.pk}/")
    assert row.case.number in read(ana, f"/cases/{case.number}/appointments/")
    again = post(ana, f"/cases/{case.number}/appointment/", {**asked, "do": "book", "slot": slot[1]})
    assert again == where  # sent twice, it is one
    assert Appointment.objects.count() == 1


def test_a_wish_that_nobody_meets_is_said_and_must_be_told(case: Walked) -> None:
    staffed()
    ana = officer()
    asked = {"kind": "interview", "mode": "person", "language": "ht", "gender": "X", "do": "look"}
    page = post(ana, f"/cases/{case.number}/appointment/", asked, 200)
    assert "Nadie disponible cumple lo que la persona pidió" in page
    slot = re.search(r'name="slot" value="([^"]+)" checked', page)
    assert slot is not None
    booking = {**asked, "do": "book", "slot": slot[1]}
    assert "Dígaselo y márquelo" in post(ana, f"/cases/{case.number}/appointment/", booking, 422)
    post(ana, f"/cases/{case.number}/appointment/", {**booking, "wish_told": "1"})


def test_the_agenda_the_calendar_file_and_moving_and_cancelling(case: Walked) -> None:
    staffed()
    ana = officer()
    asked = {"kind": "counselling", "mode": "phone", "do": "look"}
    page = post(ana, f"/cases/{case.number}/appointment/", asked, 200)
    slots = re.findall(r'name="slot" value="([^"]+)"', page)
    post(ana, f"/cases/{case.number}/appointment/", {**asked, "do": "book", "slot": slots[0]})
    row = Appointment.objects.get()
    assert case.number in read(ana, f"/appointments/?from={row.starts.date().isoformat()}")
    file = ana.get("/es/appointments/agenda.ics").content.decode()
    assert case.number in file
    assert "Ximena" not in file
    read(ana, f"/appointments/{row.pk}/move/")
    moved = {**asked, "do": "book", "slot": slots[1]}
    assert "Escriba el motivo." in post(ana, f"/appointments/{row.pk}/move/", moved, 422)
    post(ana, f"/appointments/{row.pk}/move/", {**moved, "reason": "Lo pidió"})
    early = post(ana, f"/appointments/{row.pk}/", {"do": "missed", "reason": "x"}, 422)
    assert "todavía no ha empezado" in early
    post(ana, f"/appointments/{row.pk}/", {"do": "cancelled", "reason": "Se traslada"})
    row.refresh_from_db()
    assert row.standing == "cancelled"


def test_rooms_hours_suppliers_interpreters_and_orders_are_kept_on_pages(case: Walked) -> None:
    boss = officer("jefa", "case-supervisor")
    read(boss, "/appointments/office/")
    assert "Escriba el nombre." in post(boss, "/appointments/office/", {"do": "room", "name": ""}, 422)
    post(boss, "/appointments/office/", {"do": "room", "name": "Sala azul", "for_children": "1"})
    week = {f"a{d}-{x}": h for d in range(5) for x, h in (("from", "09:00"), ("to", "13:00"))}
    post(boss, "/appointments/office/", {"do": "hours", "user": "ana", **week})
    wrong = {**week, "a0-to": "08:00"}
    post(boss, "/appointments/office/", {"do": "hours", "user": "ana", **wrong}, 422)
    assert "Sala azul" in read(boss, "/appointments/office/")
    post(
        boss,
        "/interpreters/",
        {"do": "supplier", "name": "Voces", "sort": "telephone", "hour": "120,50", "currency": "MXN"},
    )
    agency = appointments.Supplier.objects.get()
    new = {"do": "interpreter", "supplier": str(agency.pk), "name": "Rose Desir", "gender": "F",
           "modes": ["phone", "person"], "language0": "ht", "level0": "mother", "nationality": "Honduras"}  # fmt: skip
    post(boss, "/interpreters/", new)
    assert "Rose Desir" in read(boss, "/interpreters/")
    rose = appointments.Interpreter.objects.get()
    assert b"Rose" not in bytes(rose.sealed)
    day = datetime.now(tz=UTC).date()
    post(
        boss,
        f"/interpreters/{rose.pk}/",
        {"do": "away", "starts": day.isoformat(), "ends": day.isoformat(), "reason": "Viaje"},
    )
    assert "<dd>Honduras</dd>" in read(boss, f"/interpreters/{rose.pk}/")
    asked = {"kind": "interview", "mode": "person", "language": "ht", "do": "look"}
    ana = officer()
    page = post(ana, f"/cases/{case.number}/appointment/", asked, 200)
    slot = re.search(r'name="slot" value="([^"]+)" checked', page)
    assert slot is not None
    post(ana, f"/cases/{case.number}/appointment/", {**asked, "do": "book", "slot": slot[1]})
    order = appointments.Order.objects.get()
    assert "Rose Desir" in read(boss, "/interpreters/orders/")
    for what, more in (
        ("confirmed", {}),
        ("delivered", {"hours": "1,5", "on": day.isoformat()}),
        ("rated", {"rating": "5"}),
    ):
        post(boss, "/interpreters/orders/", {"do": what, "order": str(order.pk), **more})
    assert "180.75" in read(boss, "/interpreters/report/")
    row = Appointment.objects.get()
    post(ana, f"/appointments/{row.pk}/", {"do": "conflict", "sort": "kin", "said": "Es su tía"})
    assert "Es su tía" in read(boss, f"/interpreters/{rose.pk}/")


def test_who_may_not_is_told_and_another_institution_finds_nothing(case: Walked) -> None:
    staffed()
    clerk = officer("rocio", "registration-officer")
    for address in (
        "/appointments/",
        "/interpreters/",
        "/appointments/office/",
        f"/cases/{case.number}/appointment/",
    ):
        assert clerk.get(f"/es{address}").status_code == 403, address
    panama = officer("pa", "case-supervisor", body="PAN.ONPAR", at="")
    read(panama, f"/cases/{case.number}/appointment/", 404)
    read(panama, f"/interpreters/{appointments.Interpreter.objects.first().pk}/", 404)  # type: ignore[union-attr]
    assert "Mirlande" not in read(panama, "/interpreters/")
