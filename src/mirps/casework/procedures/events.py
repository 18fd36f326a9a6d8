"""What happened in a case: the events of its ledger, and the one order in which they are read. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

#: A device's clock may be this much ahead of the ledger's. What claims to happen later has a wrong clock.
AHEAD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One act, as its writer saw it. `happened` and `recorded` are aware moments.

    `id`: a UUIDv7 made by the device, so that sending again is no second event. `recorded`: set by the node that
    first takes it, never by the device. `rule`: `procedure@version` that the writer had before them. `target`: the
    event that a correction is about. Raises ValueError for a moment without its offset, or in no year of ours.
    """

    id: str
    act: str
    happened: datetime
    recorded: datetime
    by: str
    role: str
    office: str
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    target: str = ""

    def __post_init__(self) -> None:
        if not (is_moment(self.happened) and is_moment(self.recorded)):
            raise ValueError("a moment of an event bears its offset, and a year from 1900 to 2199")

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        return (self.happened, self.recorded, self.id)


def is_moment(value: datetime) -> bool:
    """Can it be a moment of an event? (Further years overflow where an hour is added.)"""
    return value.tzinfo is not None and 1900 <= value.year < 2200


def is_uuid7(text: str) -> bool:
    try:
        found = UUID(text)
    except ValueError:
        return False
    return found.version == 7 and str(found) == text


def fingerprint(event: Event) -> str:
    """All of an event as one text: equal for equal events, in an order of its own for others."""
    parts = [event.id, event.act, event.happened.isoformat(), event.recorded.isoformat(), event.by, event.role,
             event.office, event.rule, event.reason, event.target]  # fmt: skip
    return json.dumps([*parts, dict(event.values)], sort_keys=True, default=str, ensure_ascii=False)


def told_once(events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
    """Each id once, whatever came twice; and what bears another event's id (the lesser text is kept, so that
    every node keeps the same one)."""
    kept: dict[str, Event] = {}
    clashing: list[Event] = []
    for event in events:
        other = kept.setdefault(event.id, event)
        if other is event or other == event:
            continue
        first, second = sorted((other, event), key=fingerprint)
        kept[event.id] = first
        if second not in clashing:
            clashing.append(second)
    clashing = [e for e in clashing if kept[e.id] != e]
    return list(kept.values()), sorted(clashing, key=fingerprint)
