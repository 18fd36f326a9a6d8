"""PostgreSQL itself shows sessions and appointments to the institution whose they are, and lets none change what
happened."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from tests.appointments.office import booked, interpreter, room, supplier, works
from tests.cases.desks import AT, claimed, posted
from tests.cases.desks import seat as desk
from tests.custody.test_custody_rows import Ask, ask, role
from tests.sessions.chamber import called, hired, seat, voted, waiting

from mirps.casework.appointments import api as appointments
from mirps.casework.appointments import rows as of_appointments
from mirps.casework.sessions import rows as of_sessions
from mirps.casework.sessions.models import SessionEvent
from mirps.people.custody import api as custody

__all__ = ["ask", "role"]  # fixtures
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ELSEWHERE = custody.Seat("x", "PAN", "PAN.ONPAR", purpose="procedure")


def test_nobody_of_another_institution_sees_any_of_it(ask: Ask) -> None:
    hired()
    voted(called(waiting()))
    posted()
    works()
    interpreter(supplier())
    gone = appointments.room(room())
    booked(claimed())
    appointments.away(whose=gone, starts=AT.date(), ends=AT.date(), reason="Goteras", seat=desk(), at=AT)
    for tables, sits in ((of_sessions.POLICIES, seat()), (of_appointments.POLICIES, desk())):
        for table in tables:
            for other in (None, ELSEWHERE, custody.Seat("x", "MEX", "MEX.DIF")):
                assert ask(f'SELECT count(*) FROM "{table}"', other) == [(0,)], table
            if table not in ("casework_away", "casework_conflict"):
                assert ask(f'SELECT count(*) FROM "{table}"', sits) > [(0,)], table


def test_what_happened_is_never_changed_nor_removed(ask: Ask) -> None:
    hired()
    voted(called(waiting()))
    with custody.seated(seat()), pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        SessionEvent.objects.update(what="left")
    ask(
        "DELETE FROM casework_sessionevent RETURNING 1", seat()
    )  # row security takes nothing away, without a word
    assert SessionEvent.objects.exists()
