"""What is told, when it is tried again, and when one gives up. Pure: the clock is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: How long after a try the next one comes; after the last, nobody tries again by himself.
AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
#: A subscription whose every try failed for so long is turned off, and somebody told.
PATIENCE = timedelta(days=5)
#: How long ago a row may have been recorded that a look at the ledger did not see yet: its transaction was open.
LATE = timedelta(minutes=10)
#: A try that was begun and never ended (the process died) is begun again after this.
CLAIMED = timedelta(minutes=5)
#: For how long a secret that was rotated signs beside the new one.
BOTH = timedelta(hours=24)
GONE = 410
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: `source` the id of what says so in its ledger, `about` the ids that a reader asks by."""

    kind: str
    source: str
    at: datetime
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """A kind of data/interop/events.yaml. `measures`: acts that feed one of these count (case.decided)."""

    measures: frozenset[str] = frozenset()


def read(given: Mapping[str, Any]) -> dict[str, Terms]:
    return {kind: Terms(frozenset((said or {}).get("measures", ()))) for kind, said in given.items()}


def body(kind: str, at: datetime, about: Mapping[str, str]) -> bytes:
    """A message, in the shape that the specification proposes."""
    told = {"type": kind, "timestamp": at.isoformat(), "data": dict(about)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def next_try(tries: int, at: datetime) -> datetime | None:
    """When to try again what failed `tries` times; None: no more."""
    return at + AGAIN[tries - 1] if tries <= len(AGAIN) else None


def spent(failing_since: datetime | None, status: int, at: datetime) -> str:
    """Why a subscription is turned off: `gone`, `failing`, or not (empty)."""
    if status == GONE:
        return "gone"
    return "failing" if failing_since is not None and at - failing_since >= PATIENCE else ""


def shown(text: bytes) -> str:
    """As much of an answer as the log keeps, without anything that a page or a terminal would act on."""
    plain = text[: 4 * _SHOWN].decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in plain)[:_SHOWN].strip()
