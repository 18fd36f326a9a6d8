"""Planted people in cases: what is said in acts, letters and their proofs, appointments, sessions, windows.

A part of tests.safety.planting: pages of desks and windows themselves are answered to whoever may read them; what
is kept in `answers` is what anybody gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.safety.planted import Planted
from uuid_utils.compat import uuid7

from mirps.casework.appointments import api as appointments
from mirps.casework.letters import api as letters
from mirps.casework.window import api as window
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

SECRET = "482915"
Kept = Callable[[str, bytes], None]


def work(
    planted: list[Planted], files: list[UUID], *, desk: Client, seat: Seat, at: datetime, kept: Kept
) -> None:
    """A case for each of these people, as far as its decision, by the officer's pages."""
    for p, person in zip(planted, files, strict=True):
        case = _claimed(desk, registry.number(seat.state, person), p, at)
        for act, typed in (
            ("admit", {}), ("profile", {"f.lone_child": "no", "f.urgent": "yes", "f.joined": "no"}),
            ("assign_modality", {"f.modality": "accelerated"}), ("interview", {"f.language": "es"}),
            ("give_opinion", {}), ("recognise", {}),
        ):  # fmt: skip
            _does(desk, f"{case}do/{act}/", {**typed, "reason": f"{p.note}, {p.given} {p.first}"})
        _write(desk, f"{case}hand/", {"to": "me", "note": f"{p.given}: {p.phone}"})
        _own_window(desk, person, p, seat=seat, at=at, kept=kept, n=files.index(person))
        _letters(desk, case, person, p, kept)
    for where in (
        "/es/cases/",
        "/es/cases/?view=mine",
        f"/es/cases/?q={planted[0].first}",
        "/es/cases/window/",
    ):
        assert desk.get(where).status_code in (200, 302, 404), where
    _appointments(planted[0], seat=seat, at=at)


def _claimed(desk: Client, number: str, p: Planted, at: datetime) -> str:
    day = at.date() - timedelta(days=10)
    typed = {"f.entered_on.d": day.day, "f.entered_on.m": day.month, "f.entered_on.y": day.year,
             "f.nationality": "Honduras"}  # fmt: skip
    return _does(desk, f"/es/people/{number}/cases/mex_asylum/claim/", {**typed, "reason": p.note})


def _does(desk: Client, address: str, typed: dict[str, Any]) -> str:
    """Send a form, and what it asks to look at before it is sure; where it leads."""
    answer = _write(desk, address, typed)
    if answer.status_code == 200:
        answer = desk.post(address, _hidden(answer.content, 'name="sure"'))
    assert answer.status_code == 302, (address, answer.content.decode()[-3000:])
    return str(answer["Location"]).partition("?")[0]


def _write(desk: Client, address: str, typed: dict[str, Any]) -> Any:
    form = desk.get(address)
    assert form.status_code == 200, (address, form.status_code)
    return desk.post(address, {**_hidden(form.content), **typed})


def _hidden(page: bytes, within: str = "<button") -> dict[str, Any]:
    found = [f for f in re.findall(r"<form.*?</form>", page.decode(), re.S) if within in f and "method" in f]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[-1] if found else "")
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def _letters(desk: Client, case: str, person: UUID, p: Planted, kept: Kept) -> None:
    """Drawn, delivered with a proof that names who signed, verified by a stranger."""
    for told in letters.of_person(person):
        way = f"{case}letters/{told.row.serial}/"
        assert desk.get(f"{way}es.pdf").content.startswith(b"%PDF-")
        proof = SimpleUploadedFile("x.pdf", f"%PDF-1.7 {p.given} {p.first}".encode())
        given = {"act": "deliver", "kind": "delivered", "means": "by-hand", "to": f"{p.given} {p.second}"}
        assert desk.post(way, {**given, "proof": proof}).status_code == 302
        kept(f"verify-{told.row.serial}.html", Client().get(f"/es/verify/?code={told.row.serial}").content)


def _own_window(
    desk: Client, person: UUID, p: Planted, *, seat: Seat, at: datetime, kept: Kept, n: int
) -> None:  # fmt: skip
    row, _ = window.open_window(person, SECRET, seat=seat, at=at)
    browser = Client()
    assert browser.post("/es/window/", {"code": row.code, "secret": SECRET}).status_code == 302
    for way, words in (
        ("question", {"text": f"Soy {p.given} {p.first}, {p.document}"}),
        ("complaint", {"text": p.note}),
        ("contact", {"channel": "phone", "value": p.phone}),
    ):
        answer = browser.post(f"/es/window/write/{way}/", words)
        assert answer.status_code == 302, (way, answer.content.decode())
    kept(f"window-{n}.html", browser.get("/es/window/").content)
    wrong = Client().post("/es/window/", {"code": row.code, "secret": p.phone})
    kept(f"window-refused-{n}.html", wrong.content)
    for told in (t for t in window.inbox(seat, complaints=False) if t.row.kind == "question"):
        for words, status in ((f"Venga el lunes, {p.given}.", 422), ("Venga el lunes.", 302)):
            given = {"outcome": "answered", "text": words}
            answer = desk.post(f"/es/cases/window/{told.row.id}/", given)
            assert answer.status_code == status, (words, answer.content.decode())


def _appointments(p: Planted, *, seat: Seat, at: datetime) -> None:
    """Who interprets is a person too."""
    about = {"name": f"{p.given} {p.first}", "contact": p.phone}
    made = {"seat": seat, "at": at}
    agency = appointments.add_supplier(
        id=uuid7(),
        sort=appointments.Sort.ORGANISATION,
        about=about,
        hour=Decimal(300),
        currency="MXN",
        **made,
    )
    appointments.add_interpreter(
        id=uuid7(), supplier=agency.pk, about={**about, "note": p.note}, gender="F",
        modes=tuple(appointments.Mode), speaks=(appointments.Speech("ht", level="mother"),), **made,
    )  # fmt: skip
