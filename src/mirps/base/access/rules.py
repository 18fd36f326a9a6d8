"""Roles and what each may do. Denied unless a line here allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: role -> the acts it allows. A role held for a State acts on that State's figures only.
ALLOWED: dict[str, frozenset[str]] = {
    "presidency": frozenset({"finding.acknowledge", "finding.explain", "figure.correct", "report.publish"}),
    "secretariat": frozenset(
        {
            "finding.acknowledge",
            "finding.explain",
            "figure.correct",
            "figure.record",
            "report.build",
            "report.publish",
            "round.load",
            "embargo.set",
        }
    ),
    "focal-point": frozenset(
        {"finding.acknowledge", "finding.explain", "figure.correct", "figure.record", "embargo.set"}
    ),
    "data-entry": frozenset({"figure.record"}),
    "reader": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role as held: for `state` (empty: the region), from `starts` to `ends` inclusive."""

    role: str
    state: str
    starts: date
    ends: date | None


def may(grants: Iterable[Grant], act: str, *, state: str, on: date) -> bool:
    """Whether any role held on that day allows `act` for `state` (a code, or an area)."""
    return any(
        act in ALLOWED.get(g.role, frozenset())
        and g.starts <= on
        and (g.ends is None or on <= g.ends)
        and g.state in ("", state)
        for g in grants
    )
