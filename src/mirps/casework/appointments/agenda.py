"""An officer's appointments as iCalendar (RFC 5545). A telephone is lost: no name, no language, a case's number
alone. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, Timezone, vText

#: The UIDs of appointments; never to be changed, or every calendar shows them twice.
NAMESPACE = uuid.UUID("0b1f3f0e-6a56-5c0c-8a53-77a14f0b0c11")


@dataclass(frozen=True, slots=True)
class Entry:
    id: uuid.UUID
    starts: datetime
    ends: datetime
    changed_at: datetime
    what: str  # the kind and the case's number
    where: str
    url: str
    cancelled: bool


def build(entries: Iterable[Entry], *, name: str, zone: str, lang: str) -> bytes:
    """The calendar. The same entries give the same bytes."""
    out = Calendar()
    out.add("version", "2.0")
    out.add("prodid", f"-//MIRPS//Appointments//{lang.upper()}")
    out.add("name", vText(name))
    out.add("x-wr-calname", vText(name))
    every = sorted(entries, key=lambda e: (e.starts, e.id))
    for e in every:
        event = Event()
        event.add("uid", str(uuid.uuid5(NAMESPACE, str(e.id))))
        event.add("dtstamp", e.changed_at.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", e.starts.astimezone(UTC))
        event.add("dtend", e.ends.astimezone(UTC))
        event.add("summary", e.what, parameters={"LANGUAGE": lang})
        if e.where:
            event.add("location", e.where)
        event.add("url", e.url)
        event.add("status", "CANCELLED" if e.cancelled else "CONFIRMED")
        event.add("class", "CONFIDENTIAL")
        out.add_component(event)
    if not every:  # a calendar without any component is none (RFC 5545, 3.6)
        out.add_component(Timezone.from_tzid(zone, first_date=datetime(2020, 1, 1).date()))  # noqa: DTZ001
    return bytes(out.to_ical())
