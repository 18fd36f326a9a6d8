"""A fact's data as it stands in its row: JSON, sealed to the fact and to whom it is said of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.people.registry.files import Files
from mirps.people.registry.models import Fact, Sameness

Opens = Callable[[bytes | memoryview, Place], dict[str, Any]]
TABLE, COLUMN = "people_fact", "sealed"


def place(kind: str, id_: UUID, *ends: UUID | None) -> Place:
    """Nobody can move a fact to another person, group or kind: it would not open there."""
    return Place(TABLE, COLUMN, "/".join([kind, str(id_), *("" if e is None else str(e) for e in ends)]))


def sealed(data: Mapping[str, Any], at: Place) -> bytes:
    return crypto.sealer().seal_json(data, at)


def opener() -> Opens:
    """Opens many values as `opened` does, after one look at the key file."""
    return crypto.sealer().open_json


def opened(value: bytes | memoryview, at: Place) -> dict[str, Any]:
    """Raises CryptoFault where the value was altered, moved, or sealed with a key that is not here."""
    found: dict[str, Any] = crypto.sealer().open_json(value, at)
    return found


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Fact, COLUMN, place_of))
    crypto.hold(crypto.SealedColumn(Sameness, COLUMN, place_of_sameness))
    crypto.hold(Files())


def place_of(row: Fact) -> Place:
    return place(row.kind, row.id, row.person_id, row.group_id, row.other_id)


def place_of_sameness(row: Sameness) -> Place:
    return Place("people_sameness", COLUMN, f"{row.id}/{row.kept_id}/{row.other_id}")
