"""Decrees: acts that change which days count, entered by one person and confirmed by another."""

from __future__ import annotations

from datetime import date

from mirps.base.calendars.api import Calendar, Entry, Sort, calendar
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import Text
from mirps.casework.cases.models import Decree
from mirps.casework.procedures.api import Procedure


def in_force(state: str) -> list[Decree]:
    """Every confirmed decree of a State, those that were ended too, in the order in which they were confirmed."""
    return list(
        Decree.objects.filter(state=state, confirmed_at__isnull=False).order_by("confirmed_at", "number")
    )


def entries(decrees: list[Decree]) -> tuple[Entry, ...]:
    """As calendars take them. What another replaces no longer counts."""
    replaced = {d.replaces_id for d in decrees}
    return tuple(_entry(d) for d in decrees if d.number not in replaced)


def _entry(d: Decree) -> Entry:
    return Entry(
        f"decree-{d.number}", Sort(d.sort), Text(d.title_es, d.title_en), d.starts, d.until,
        places=frozenset(d.places), authorities=frozenset(d.authorities), procedures=frozenset(d.procedures),
        published=d.published, source=d.source,
    )  # fmt: skip


def calendar_for(
    p: Procedure, office: str = "", *, decrees: list[Decree] | None = None, known_on: date | None = None
) -> Calendar:
    """The days that count for a procedure, at an office."""
    held = in_force(p.state) if decrees is None else decrees
    found = codelists.offices().get(office)
    place = str(found.extra.get("municipality", "")) if found else ""
    return calendar(
        p.state, place, authority=p.authority, procedure=p.name, known_on=known_on, added=entries(held)
    )
