"""What a file says: a fold over facts. Pure.

Nothing said is ever changed or lost. A fact stands until another replaces or withdraws it; two that replace
the same one, or two of a kind of which one stands at a time, both stand until a person settles it. So two
desks without a line never overwrite each other, and people held to be one can be parted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from mirps.people.registry.kinds import Book


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it is kept. `repr` tells no data."""

    id: UUID
    kind: str
    data: Mapping[str, Any] = field(repr=False)
    happened_at: datetime
    recorded_at: datetime
    by: str = ""
    office: str = ""
    person: UUID | None = None
    group: UUID | None = None
    other: UUID | None = None
    replaces: UUID | None = None
    withdrawn: bool = False
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that stand together though only one can: for a person to settle."""

    kind: str
    facts: tuple[Fact, ...]


def as_known(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """The facts that had been recorded by a moment."""
    return [f for f in facts if f.recorded_at <= at]


def in_force(facts: Iterable[Fact]) -> list[Fact]:
    """What stands, in the order in which it happened (the id settles what happened at once).

    Only the facts given may replace one another: a file parted from another takes back what the other's
    facts had replaced.
    """
    held = list(facts)
    gone = {f.replaces for f in held if f.replaces}
    standing = (f for f in held if f.id not in gone and not f.withdrawn)
    return sorted(standing, key=lambda f: (f.happened_at, f.id.int))


def contradictions(standing: Iterable[Fact], book: Book) -> list[Contradiction]:
    """Kinds of which one stands at a time and several do; answers to one fact given twice."""
    by: dict[tuple[object, ...], list[Fact]] = {}
    for f in standing:
        if book.kinds[f.kind].single:
            by.setdefault(("single", f.kind, f.group), []).append(f)
        elif f.replaces:
            by.setdefault(("replaced", f.kind, f.replaces), []).append(f)
    return [
        Contradiction(facts[0].kind, tuple(facts))
        for facts in by.values()
        if len({_said(f) for f in facts}) > 1
    ]


def _said(f: Fact) -> str:
    return repr(sorted((k, v) for k, v in f.data.items() if k != "sure"))


def members(standing: Iterable[Fact]) -> list[Fact]:
    """The memberships that have not ended."""
    return [f for f in standing if f.kind == "membership" and not f.data.get("ended")]


def current_name(standing: Iterable[Fact]) -> Mapping[str, Any]:
    """What was said of the name used today, or of the last name that was said; empty where none was."""
    names = [f.data for f in standing if f.kind == "name"]
    best = [said for said in names if said.get("use") == "current"] or names
    return best[-1] if best else {}


def shown_name(standing: Iterable[Fact]) -> str:
    """The name to show."""
    said = current_name(standing)
    return " ".join(part for part in (said.get("given"), said.get("surnames")) if part)


def is_telephone(contact: Mapping[str, Any]) -> bool:
    """Whether a contact is a number that rings or takes messages."""
    return contact.get("channel") in ("phone", "messages")


def consents(standing: Iterable[Fact], *, on: datetime) -> dict[str, bool]:
    """Purpose -> whether the person agrees on that day: the last answer counts, until its last day."""
    out: dict[str, bool] = {}
    for f in standing:
        if f.kind == "consent":
            until = f.data.get("until", "")
            lasts = not until or until >= on.date().isoformat()[: len(until)]
            out[f.data["purpose"]] = f.data["given"] == "given" and lasts
    return out
