"""What bands above keep of people, and how it goes with them. They say so when they start (`AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mirps.people.custody.api import Seat


@dataclass(frozen=True, slots=True)
class Above:
    """What a band keeps of people under the rules of retention.yaml `of: case`.

    `holds(seat, persons, cut)`: who of these must stay, since what is kept of them is in use, or was at work with
    after `cut` (None: no rule lets go of it). `beside(seat, persons)`: the ids of what goes with them. `let_go(seat,
    persons, nameless, at)`: let it go, part of the transaction in which these registrations of one person go;
    `nameless`: the row that counts in their place. How many went.
    """

    name: str
    holds: Callable[[Seat, Collection[UUID], datetime | None], set[UUID]]
    beside: Callable[[Seat, Collection[UUID]], set[UUID]]
    let_go: Callable[[Seat, Sequence[UUID], UUID, datetime], int]


_ABOVE: dict[str, Above] = {}


def join(above: Above) -> None:
    """Twice the same name is once: a band may start twice."""
    _ABOVE[above.name] = above


def held(seat: Seat, persons: Collection[UUID], cut: datetime | None) -> set[UUID]:
    """Who of these must stay."""
    return _all(above.holds(seat, persons, cut) for above in _ABOVE.values())


def beside(seat: Seat, persons: Collection[UUID]) -> set[UUID]:
    return _all(above.beside(seat, persons) for above in _ABOVE.values())


def let_go(seat: Seat, persons: Sequence[UUID], nameless: UUID, at: datetime) -> int:
    return sum(above.let_go(seat, persons, nameless, at) for above in _ABOVE.values())


def _all(found: Iterable[set[UUID]]) -> set[UUID]:
    return set[UUID]().union(*found)
