"""The demo's appointments and sessions on top of its cases (data/demo/appointments.yaml): interviews that were held,
one that was missed, interviews to come with and without an interpreter, and a session called for each body."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

Json = dict[str, Any]
#: How long ago interviews began to be given, and in which language the first of each office were held.
BEFORE, LANGUAGES = timedelta(days=24), ("", "ht", "", "quc", "")
#: An office's week: mornings and afternoons from Monday to Thursday, Friday mornings.
WEEK = [(d, time(8), time(12)) for d in range(5)] + [(d, time(13), time(16)) for d in range(4)]
MOST = 5


def arrange(now: datetime) -> str:
    """Set all of it up once; how much there is."""
    import yaml
    from django.db import transaction

    from mirps.base.codelists.api import data_folder
    from mirps.casework.appointments.models import Appointment, Room
    from mirps.casework.sessions.models import Session
    from mirps.people.custody import api as custody

    with custody.keeping():
        if Room.objects.exists():
            return "kept as it is"
    given = yaml.safe_load((data_folder() / "demo" / "appointments.yaml").read_text(encoding="utf-8"))
    with transaction.atomic():
        for state, site in given["sites"].items():
            _Site(state, site, given, now).open()
        for code, how in given["bodies"].items():
            _sit(code, how, now)
    with custody.keeping():
        return f"{Appointment.objects.count()} appointments, {Session.objects.count()} sessions"


class _Site:
    """One institution: its rooms and people, and the interviews that they give."""

    def __init__(self, state: str, site: Json, given: Json, now: datetime) -> None:
        from mirps.people.custody.api import Seat

        self.site, self.given, self.now = site, given, now
        self.seat = Seat(site["by"], state, site["institution"], purpose="procedure")
        self.then: Json = {"seat": self.seat, "at": now - BEFORE}

    def open(self) -> None:
        from mirps.casework.appointments import api as appointments

        self._interpreters()
        for office, officers in self.site["offices"].items():
            appointments.add_room(name="Sala 1", step_free=True, office=office, **self.then)
            appointments.add_room(name="Sala de niñez", for_children=True, office=office, **self.then)
            for user in officers:
                appointments.set_hours(
                    whose=appointments.officer(user), windows=WEEK, since=(self.now - BEFORE).date(), office=office,
                    **self.then,
                )  # fmt: skip
            self._interviews(office)

    def _interpreters(self) -> None:
        from uuid_utils.compat import uuid7

        from mirps.casework.appointments import api as appointments
        from mirps.casework.appointments.api import Mode, Sort, Speech

        ids: list[UUID] = [
            appointments.add_supplier(
                id=uuid7(), sort=Sort(s["sort"]), about={"name": s["name"]}, currency=self.site["currency"],
                hour=Decimal(str(s["dear"])) * self.site["hour"], **self.then,
            ).pk
            for s in self.given["suppliers"]
        ]  # fmt: skip
        for i in self.given["interpreters"]:
            appointments.add_interpreter(
                id=uuid7(), supplier=ids[i["supplier"]], gender=i["gender"], modes=[Mode(m) for m in i["modes"]],
                about={"name": i["name"], "nationality": i["nationality"]},
                speaks=[Speech(*s) for s in i["speaks"]], **self.then,
            )  # fmt: skip

    def _interviews(self, office: str) -> None:
        """Of the cases that wait for one: the first was missed long ago and is given anew, the others lie ahead. Of
        those whose interview is behind them: it was held, and its interpreter paid and rated."""
        from mirps.casework.cases import api as cases
        from mirps.people.custody import api as custody

        with custody.seated(self.seat):
            here = cases.Standing.objects.filter(institution=self.seat.institution, office=office, open=True)
            wait = list(here.filter(stage=self.site["stage"]).order_by("case__number")[:MOST])
            held = list(here.exclude(stage=self.site["stage"]).order_by("case__number")[: MOST - 2])
        for n, standing in enumerate(held):
            self._held(standing, office, LANGUAGES[n + 1])
        for n, standing in enumerate(wait):
            if n == 0:
                self._missed(standing, office)
            self._book(standing, office, LANGUAGES[n % len(LANGUAGES)], at=self.now)

    def _book(
        self, standing: Any, office: str, language: str, *, at: datetime, kind: str = "interview"
    ) -> Any:
        """Give the first slot that there is; nothing where there is none."""
        from uuid_utils.compat import uuid7

        from mirps.casework.appointments import api as appointments
        from mirps.casework.appointments.api import Board, Choice, Want
        from mirps.people.custody import api as custody

        want = Want(kind, language=language)
        with custody.seated(self.seat):
            slots = Board(standing, want, seat=self.seat, office=office, at=at).offer().proposed.slots
        if not slots:
            return None
        bare = [
            w[0].partition(":")[2] if w else ""
            for w in (slots[0].officers, slots[0].rooms, slots[0].interpreters)
        ]
        choice = Choice(slots[0].starts, bare[0], int(bare[1]), UUID(bare[2]) if bare[2] else None)
        return appointments.book(
            id=uuid7(), case=standing.pk, want=want, choice=choice, seat=self.seat, office=office, at=at
        )

    def _held(self, standing: Any, office: str, language: str) -> None:
        from uuid_utils.compat import uuid7

        from mirps.casework.appointments import api as appointments
        from mirps.casework.appointments.api import Done, Ordered

        row = self._book(standing, office, language, at=self.now - BEFORE)
        if row is None or row.ends >= self.now:
            return
        after: Json = {"seat": self.seat, "at": row.ends}
        appointments.close(event=uuid7(), appointment=row.pk, what=Done.ATTENDED, **after)
        for order in row.orders.all():
            appointments.follow(event=uuid7(), order=order.pk, what=Ordered.CONFIRMED, **after)
            appointments.follow(
                event=uuid7(), order=order.pk, what=Ordered.DELIVERED, hours=Decimal("2.5"), on=row.starts.date(),
                **after,
            )  # fmt: skip
            appointments.follow(event=uuid7(), order=order.pk, what=Ordered.RATED, rating=4, **after)

    def _missed(self, standing: Any, office: str) -> None:
        from uuid_utils.compat import uuid7

        from mirps.casework.appointments import api as appointments
        from mirps.casework.appointments.api import Done

        row = self._book(standing, office, "", at=self.now - BEFORE)
        if row is not None and row.ends < self.now:
            appointments.close(
                event=uuid7(), appointment=row.pk, what=Done.MISSED, reason="No llegó; avisó después", seat=self.seat,
                at=row.ends,
            )  # fmt: skip


def _sit(code: str, how: Json, now: datetime) -> None:
    """A body's members, and a session called for it with what waits."""
    from uuid_utils.compat import uuid7

    from mirps.base.notices.api import zone
    from mirps.casework.sessions import api as sessions
    from mirps.people.custody import api as custody
    from mirps.people.custody.api import Seat
    from mirps.web.shell.demo import DEMO_SINCE

    body = sessions.bodies()[code]
    seat = Seat(how["by"], body.state, body.institution, purpose="procedure")
    for place, user in zip(body.voting, how["members"], strict=False):
        sessions.appoint(body=code, in_seat=place, user=user, since=DEMO_SINCE, seat=seat, at=now)
    starts = datetime.combine((now + timedelta(days=2)).date(), time(9), tzinfo=zone(body.state))
    row = sessions.call(id=uuid7(), body=code, starts=starts, seat=seat, at=now)
    with custody.seated(seat):
        numbers = [s.case.number for s in sessions.waiting(body, seat)[:MOST]]
    sessions.put_on_agenda(session=row.pk, numbers=numbers, seat=seat, at=now)
