"""Which registrations stand for one person: a fold over the events that joined and parted them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Joined:
    """`other` was found to be `kept`'s person, or (not `joined`) not to be after all."""

    kept: UUID
    other: UUID
    joined: bool


def roots(events: Iterable[Joined]) -> Mapping[UUID, UUID]:
    """Whoever stands for another -> the registration under which that person's file is kept.

    Events in the order in which they were decided. Parting takes back one joining and leaves every other.
    """
    kept: dict[UUID, UUID] = {}
    for e in events:
        if e.joined:
            kept[e.other] = e.kept
        elif kept.get(e.other) == e.kept:
            del kept[e.other]
    return {other: _root(other, kept) for other in kept}


def _root(of: UUID, kept: Mapping[UUID, UUID]) -> UUID:
    while of in kept:
        of = kept[of]
    return of
