"""Reading what somebody typed into a form: each fault is kept by its field, each value as typed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from mirps.base.texts.api import say


class Fields:
    """A posted form. Readers return a value, or None and keep a fault for the field."""

    def __init__(self, request: HttpRequest, lang: str) -> None:
        self.posted = request.method == "POST"
        self.raw: dict[str, str] = {k: v[-1].strip()[:4000] for k, v in request.POST.lists() if v}
        self.lang = lang
        self.faults: dict[str, str] = {}

    def get(self, name: str, otherwise: object = "") -> str:
        """What the field shows: what was typed, else what stands."""
        if self.posted:
            return self.raw.get(name, "")
        return "" if otherwise is None else str(otherwise)

    def fault(self, name: str, key: str, /, **values: object) -> None:
        self.faults.setdefault(name, say(key, self.lang, **values))

    def text(self, name: str, *, most: int = 200, required: bool = False) -> str:
        given = self.raw.get(name, "")
        if required and not given:
            self.fault(name, "rounds.form.required")
        if len(given) > most:
            self.fault(name, "rounds.form.long", most=most)
        return given

    def choice(self, name: str, options: Collection[str], *, required: bool = True) -> str:
        given = self.raw.get(name, "")
        if not given and not required:
            return ""
        if given not in options:
            self.fault(name, "rounds.form.choose")
            return ""
        return given

    def day(self, name: str, *, required: bool = True) -> date | None:
        given = self.raw.get(name, "")
        if not given and not required:
            return None
        try:
            found = date.fromisoformat(given)
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year < 2200:  # beyond them clocks and databases fail
            self.fault(name, "rounds.form.day", found=given)
            return None
        return found

    def end_of_day(self, name: str, zone: ZoneInfo, *, required: bool = True) -> datetime | None:
        """A day, as the last moment of it where the State's clocks are."""
        found = self.day(name, required=required)
        return datetime.combine(found, time(23, 59), tzinfo=zone) if found else None

    def number(self, name: str) -> Decimal | None:
        """A limit, written plainly: digits and at most one point."""
        given = self.raw.get(name, "")
        if not given:
            return None
        plain = given.removeprefix("-").replace(".", "", 1)
        if not (plain.isascii() and plain.isdecimal()) or len(given) > 18:
            self.fault(name, "rounds.form.number", found=given)
            return None
        return Decimal(given)

    def flag(self, name: str) -> bool:
        return bool(self.raw.get(name))
