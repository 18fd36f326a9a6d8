"""The procedures that are in force here: which version opens a case today, whose clock it lives by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from mirps.base.notices import api as notices
from mirps.casework.cases.rules import CaseFault
from mirps.casework.procedures.api import Procedure, procedures


def versions(name: str) -> Mapping[str, Procedure]:
    """Raises CaseFault for a procedure that is not here."""
    found = procedures().get(name)
    if not found:
        raise CaseFault("cases.fault.no-such-procedure", procedure=name)
    return found


def version(name: str, version_: str) -> Procedure:
    found = versions(name).get(version_)
    if found is None:
        raise CaseFault("cases.fault.no-such-procedure", procedure=f"{name}@{version_}")
    return found


def latest(name: str, on: date | None = None) -> Procedure:
    """The version that is in force on a day; the latest of all where no day is named."""
    held = [
        p
        for p in versions(name).values()
        if on is None or ((p.starts is None or p.starts <= on) and (p.until is None or on <= p.until))
    ]
    if not held:
        raise CaseFault("cases.fault.not-in-force", procedure=name)
    return max(held, key=lambda p: (p.starts or date.min, p.version))


def of_state(state: str) -> list[Procedure]:
    """Every version of every procedure of a State."""
    return [p for held in procedures().values() for p in held.values() if p.state == state]


def clock(p: Procedure) -> ZoneInfo:
    return zone(p.state)


def zone(state: str) -> ZoneInfo:
    return notices.zone(state)
