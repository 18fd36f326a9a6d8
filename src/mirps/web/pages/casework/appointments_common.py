"""What the pages of appointments, interpreters, sessions and referrals share: what was typed."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from mirps.base.notices.api import zone
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.people.registry import api as registry
from mirps.web.pages.casework.door import Desk, may, with_right

__all__ = ["Desk", "Typed", "codes", "may", "with_right"]


def codes(desk: Desk, list_: str) -> list[tuple[str, str]]:
    """A list of registration as options."""
    found = registry.book().lists[list_]
    return [(code, c.name(desk.lang)) for code, c in found.items()]


class Typed:
    """What was typed into a form, with an id of its first rendering, so that sent twice it is one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.post = desk.request.POST
        self.faults: dict[str, str] = {}
        self.id = self._uuid("id") or UUID(str(uuid7()))

    @property
    def clock(self) -> ZoneInfo:
        return zone(self.desk.seat.state)

    def get(self, name: str) -> str:
        return str(self.post.get(name, "")).strip()[:4000]

    def many(self, name: str) -> list[str]:
        return [str(v) for v in self.post.getlist(name)][:200]

    def _uuid(self, name: str) -> UUID | None:
        try:
            return UUID(self.get(name))
        except ValueError:
            return None

    def uuid(self, name: str) -> UUID | None:
        return self._uuid(name)

    def number(self, name: str) -> int | None:
        given = self.get(name)
        return int(given) if given.isdecimal() and len(given) < 10 else None

    def decimal(self, name: str) -> Decimal | None:
        try:
            found = Decimal(self.get(name).replace(",", "."))
        except InvalidOperation:
            return None
        return found if found.is_finite() and found < 10**8 else None

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.get(name))
        except ValueError:
            return None

    def hour(self, name: str) -> time | None:
        try:
            return time.fromisoformat(self.get(name)).replace(tzinfo=None)
        except ValueError:
            return None

    def moment(self, day: str, hour: str) -> datetime | None:
        """By the clock of the State."""
        on, at = self.day(day), self.hour(hour)
        return datetime.combine(on, at, tzinfo=self.clock) if on and at else None

    def fault(self, name: str, key: str, **values: object) -> None:
        self.faults.setdefault(name, say(key, self.desk.lang, **values))

    def refused(self, e: Refusal, name: str = "") -> None:
        self.fault(name, e.key, **e.values)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For the summary of faults: the box that each leads to, and its words."""
        return list(self.faults.items())

    @property
    def status(self) -> int:
        return 422 if self.faults else 200
