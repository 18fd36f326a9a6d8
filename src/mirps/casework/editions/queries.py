"""The published versions, beside those of files; proved once a process, asked anew when somebody publishes.

`procedures.procedures()` is asked many times a request. Once a second, with a request, one question of a small
table tells whether anything was published since (a stamp), so that every process has a new version within a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from time import monotonic

from django.db.models import Count, Max

from mirps.base.notices import api as notices
from mirps.casework.editions.models import Edition
from mirps.casework.editions.rules import Proof, proved
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Procedure

Stamp = tuple[object, ...]
#: So long may a process show what stood before somebody else published: less than it takes to open a page.
A_SECOND = 1.0


class _Shelf:
    """What this process holds of the published versions. `due`: it asks once more. `asked`: when it last did."""

    def __init__(self) -> None:
        self.due = False
        self.asked = -A_SECOND
        self.stamp: Stamp = (0, None, None)
        self.held: Mapping[str, Mapping[str, Procedure]] = {}


_shelf = _Shelf()


def refresh() -> None:
    """Ask once more what is published: at the beginning of a command, and where something was published."""
    _shelf.due, _shelf.asked = True, -A_SECOND


def begun(**_: object) -> None:
    """A request has begun: ask once more, unless another has within the second."""
    if monotonic() - _shelf.asked > A_SECOND:
        _shelf.due = True


def ended(**_: object) -> None:
    """It has ended: what it did not need to ask, nobody asks in its place."""
    _shelf.due = False


def published() -> Mapping[str, Mapping[str, Procedure]]:
    """Name -> version -> procedure. The same object as long as nothing is published."""
    if _shelf.due:
        _shelf.due, _shelf.asked = False, monotonic()
        rows = Edition.objects.filter(published_at__isnull=False)
        told = rows.order_by().aggregate(n=Count("pk"), last=Max("published_at"), changed=Max("changed_at"))
        stamp = tuple(told.values())
        if stamp != _shelf.stamp:
            _shelf.held, _shelf.stamp = _read(), stamp
    return _shelf.held


def _read() -> dict[str, dict[str, Procedure]]:
    out: dict[str, dict[str, Procedure]] = {}
    for row in Edition.objects.filter(published_at__isnull=False).order_by("published_at", "id"):
        p = proof(row).procedure
        if p is not None:  # it was proved when it was published; a newer engine may ask more
            out.setdefault(p.name, {}).setdefault(p.version, p)
    return out


def proof(row: Edition) -> Proof:
    return proved(row.text, procedures.known(), f"{row.procedure or 'nuevo'}.yaml")


def today(p: Procedure, at: datetime) -> date:
    return at.astimezone(notices.zone(p.state)).date()
