"""Decrees: acts that change which days count. One person enters one, another confirms it; from then on every case
page counts under it, since deadlines are counted from events and calendar alone. The dates in lists follow
(dating.py)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Count, Max

from mirps.base.access.rules import same_person
from mirps.base.audit import api as audit
from mirps.base.calendars.api import Calendar, Entry, Sort, calendar, within
from mirps.base.calendars.rules import LAST
from mirps.base.codelists import api as codelists
from mirps.base.prepared.api import Prepared
from mirps.base.texts.api import Text
from mirps.casework.cases import catalogue
from mirps.casework.cases.models import Decree
from mirps.casework.cases.rules import CaseFault
from mirps.casework.procedures.api import Procedure


def decree(
    *, state: str, sort: str, starts: date, until: date | None, title: Text, source: str, published: date, by: str,
    at: datetime, places: Collection[str] = (), authorities: Collection[str] = (), of: Collection[str] = (),
    replaces: int | None = None,
) -> Decree:  # fmt: skip
    """Enter a decree; it counts once somebody else has confirmed it. `of`: the procedures it is for (none: all).
    `replaces`: the one that it ends or changes. Raises CaseFault."""
    faults = {
        "sort": sort not in {s.value for s in Sort},
        "days": not within(starts.toordinal()) or not (until is None or starts <= until <= LAST),
        "title": not (title.es.strip() and title.en.strip()),
        "source": not source.strip(),
        "authorities": not {*authorities} <= {p.authority for p in catalogue.of_state(state)},
        "procedures": not {*of} <= {p.name for p in catalogue.of_state(state)},
        "replaces": replaces is not None and not Decree.objects.filter(pk=replaces, state=state).exists(),
    }
    for name, wrong in faults.items():
        if wrong:
            raise CaseFault(f"cases.fault.decree.{name}")
    with transaction.atomic():
        row = Decree.objects.create(
            state=state, sort=sort, starts=starts, until=until, places=sorted(places), authorities=sorted(authorities),
            procedures=sorted(of), published=published, title_es=title.es, title_en=title.en, source=source, at=at,
            by=by, replaces_id=replaces,
        )  # fmt: skip
        audit.record(
            by=by, at=at, act="decree.enter", subject=f"decree/{row.number}", detail={"state": state}
        )
    return row


def confirm_decree(number: int, *, by: str, at: datetime) -> Decree:
    """Put a decree in force. Raises CaseFault for whoever entered it; once confirmed it stays as it is."""
    with transaction.atomic():
        row = Decree.objects.select_for_update(of=("self",)).filter(pk=number).first()
        if row is None:
            raise CaseFault("cases.fault.decree.none")
        if same_person(by, [row.by]):
            raise CaseFault("cases.fault.decree.second")
        if row.confirmed_at is None:
            row.second, row.confirmed_at = by, at
            row.save(update_fields=["second", "confirmed_at"])
            audit.record(
                by=by, at=at, act="decree.confirm", subject=f"decree/{number}", detail={"state": row.state}
            )
    return row


class Decrees(tuple[Decree, ...]):
    """Those that were in force at once. One is itself alone, as a Procedure is: what is worked out of it is kept by
    it."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def in_force(state: str) -> Decrees:
    """Every confirmed decree of a State, those that were replaced too."""
    return Decrees(_IN_FORCE(state=state))


_IN_FORCE = Prepared(
    lambda state: Decree.objects.filter(state=state, confirmed_at__isnull=False).order_by(
        "confirmed_at", "number"
    )
)


#: (State, how many are in force, when the last of them was confirmed, its number) -> those decrees.
_HELD: dict[tuple[str, int, datetime | None, int | None], Decrees] = {}
NONE = Decrees()
#: As columns of a row that is read anyway: what `held_at` asks of them.
STAMPS = {
    "decrees_n": Count("pk"), "decrees_last": Max("confirmed_at"), "decrees_top": Max("number"),
}  # fmt: skip


def held_at(state: str, n: int, last: datetime | None, top: int | None) -> Decrees:
    """Those in force, asked of the database only where the stamp is new."""
    if not n:
        return NONE
    key = (state, n, last, top)
    if key not in _HELD:
        if len(_HELD) > 50:
            _HELD.clear()
        _HELD[key] = in_force(state)
    return _HELD[key]


def forget() -> None:
    """Of tests alone, which go back to a time before a decree."""
    _HELD.clear()


def waiting(state: str) -> list[Decree]:
    """Those that somebody has yet to confirm."""
    return list(Decree.objects.filter(state=state, confirmed_at=None).order_by("number"))


def calendar_for(
    p: Procedure, office: str = "", *, held: Decrees | None = None, known_on: date | None = None
) -> Calendar:
    """The days that count for a procedure, at an office. `held`: the decrees in force, where they were read."""
    return _calendar(p, office, in_force(p.state) if held is None else held, known_on)


@lru_cache(maxsize=512)
def _calendar(p: Procedure, office: str, held: Decrees, known_on: date | None) -> Calendar:
    return calendar(
        p.state,
        _place(office),
        authority=p.authority,
        procedure=p.name,
        known_on=known_on,
        added=_entries(held),
    )


@lru_cache(maxsize=512)
def _place(office: str) -> str:
    found = codelists.offices().get(office)
    return str(found.extra.get("municipality", "")) if found else ""


def _entries(held: Decrees) -> tuple[Entry, ...]:
    """As calendars take them. What another replaces no longer counts."""
    replaced = {d.replaces_id for d in held}
    return tuple(_entry(d) for d in held if d.number not in replaced)


def _entry(d: Decree) -> Entry:
    return Entry(
        f"decree-{d.number}", Sort(d.sort), Text(d.title_es, d.title_en), d.starts, d.until,
        places=frozenset(d.places), authorities=frozenset(d.authorities), procedures=frozenset(d.procedures),
        published=d.published, source=d.source,
    )  # fmt: skip
