"""Reading referrals, inside `custody.seated`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from mirps.base.codelists import api as codelists
from mirps.casework.referrals import rules, sealing, services
from mirps.casework.referrals.models import Referral, ReferralEvent, ReferralPart
from mirps.casework.referrals.rules import Act, Event, Side, Stand
from mirps.casework.referrals.services import Item, Service
from mirps.people.consent import api as consent
from mirps.people.custody.api import Duty, Seat
from mirps.people.registry import api as registry

#: Shown at once.
MOST = 200


@cache
def catalogue() -> dict[str, Service]:
    """data/referrals/services.yaml."""
    path = codelists.data_folder() / "referrals" / "services.yaml"
    return services.read(yaml.safe_load(path.read_text(encoding="utf-8")), registry.book())


def receivers(seat: Seat, *, abroad: Iterable[str] | None) -> list[str]:
    """The institutions that people may be referred to: the State's own, and of other States those in `abroad` (None:
    all, where one process plays every node)."""
    reached, states = None if abroad is None else set(abroad), codelists.member_states()
    return [
        code for code, i in codelists.institutions().items()
        if i.extra["kind"] in consent.KINDS and i.extra["state"] in states and code != seat.institution
        and (i.extra["state"] == seat.state or reached is None or code in reached)
    ]  # fmt: skip


def elsewhere(row: Referral) -> bool:
    """Whether the other institution works at another node."""
    return bool(settings.NODE) and {row.from_state, row.to_state} != {settings.NODE}


def our_side(row: Referral) -> Side:
    """Whose seat the node itself takes: that of the side which works here, of both the sender's."""
    return Side.RECEIVER if elsewhere(row) and row.from_state != settings.NODE else Side.SENDER


def _at(which: str, seat: Seat) -> Q:
    mine = Q(**{f"{which}_state": seat.state, f"{which}_institution": seat.institution})
    if seat.office and not seat.purpose and not seat.duty:
        mine &= Q(**{f"{which}_office__in": ("", seat.office)})
    return mine


def seen(seat: Seat, side: Side | None = None) -> QuerySet[Referral]:
    """What the seat sees, of one side where it is named: rows.py says the same."""
    which = {Side.SENDER: _at("from", seat), Side.RECEIVER: _at("to", seat)}
    rows = Referral.objects.filter(which[side] if side else which[Side.SENDER] | which[Side.RECEIVER])
    if seat.duty is Duty.RETENTION:
        return rows
    return rows.filter(sensitivity__in=["", *sorted(seat.knows)]) if not seat.duty else rows.none()


@dataclass(frozen=True, slots=True)
class ReferralFile:
    """A referral as this seat has it: whose side it sits on, what both sides did, how it stands, what it may do."""

    row: Referral
    side: Side
    events: tuple[Event, ...]
    stand: Stand

    @property
    def may(self) -> set[Act]:
        return rules.possible(self.stand, self.side)

    @property
    def elsewhere(self) -> bool:
        return elsewhere(self.row)

    @property
    def readable(self) -> bool:
        """Whoever receives it opens it before they read it, and that stands among its events."""
        return self.side is Side.SENDER or self.stand.opened


def file(id: UUID, *, seat: Seat, lock: bool = False) -> ReferralFile | None:
    rows = seen(seat).select_for_update(of=("self",)) if lock else seen(seat)
    row = rows.filter(pk=id).first()
    return file_of(row, seat) if row else None


def file_of(row: Referral, seat: Seat) -> ReferralFile:
    side = Side.SENDER if row.from_institution == seat.institution else Side.RECEIVER
    events = tuple(rules.ordered(event(e) for e in row.events.all()))
    stand = rules.fold(events, answer_by=row.answer_by, outcome=row.outcome)
    return ReferralFile(row, side, events, stand)


def event(row: ReferralEvent) -> Event:
    said = sealing.opened(row)
    return Event(
        row.pk, Side(row.side), row.n, Act(row.act), row.happened_at, row.institution, row.office,
        said.get("reason", ""), said.get("words", ""), date.fromisoformat(said["day"]) if said.get("day") else None,
        row.by, row.known_at is not None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a referral says of the person, as far as the seat is cleared. `hidden`: there is more."""

    items: tuple[tuple[str, Item], ...]
    words: str
    reply: str
    hidden: bool
    there: bool


def said(row: Referral, seat: Seat) -> Said:
    parts = [p for p in row.parts.order_by("sensitivity") if seat.clears(p.sensitivity)]
    whole = {p.sensitivity: sealing.opened(p) for p in parts}
    bare = whole.get("", {})
    items = tuple((s, i) for s, told in whole.items() for i in told.get("items", ()))
    hidden = any(not seat.clears(s) for s in bare.get("also", ()))
    return Said(items, bare.get("words", ""), bare.get("reply", ""), hidden, bool(parts))


def waiting() -> QuerySet[Referral]:
    """Those that the node has to see to by itself. For its own jobs, which sit nowhere."""
    return Referral.objects.filter(watched=True).order_by("sent_at", "id")


def untold(*, before: datetime) -> QuerySet[Referral]:
    """Of these the ones of which the other node may have to hear: it was last told before, or never."""
    events = ReferralEvent.objects.filter(referral=OuterRef("pk"), known_at=None).exclude(told_at__gt=before)
    return waiting().filter(Q(owes=True) | Exists(events.order_by()))


def overdue(rows: QuerySet[Referral], *, on: date) -> QuerySet[Referral]:
    return rows.filter(final=False, due__lt=on)


def keep_parts(row: Referral, parts: Sequence[tuple[str, Item]], words: str, reply: str) -> None:
    """Part by part, what travels or came."""
    by: dict[str, list[Item]] = {"": []}
    for sensitivity, item in parts:
        by.setdefault(sensitivity, []).append(item)
    for sensitivity, items in by.items():
        part = ReferralPart(referral=row, sensitivity=sensitivity)
        told: dict[str, Any] = {"items": items}
        if not sensitivity:
            told |= {"words": words, "reply": reply, "also": sorted(s for s in by if s)}
        part.sealed = sealing.seal(told, part)
        part.save(force_insert=True)
