"""What was said in a case, as it stands in its rows: JSON, sealed to its event, its case and its act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.cases.models import CaseEvent, Handling

COLUMN = "sealed"


def place(event: UUID | str, case: UUID | str, act: str) -> Place:
    """Nobody can move what was said to another event, case or act: it would not open there."""
    return Place("casework_caseevent", COLUMN, f"{act}/{event}/{case}")


def place_of(row: CaseEvent) -> Place:
    return place(row.id, row.case_id, row.act)


def place_of_note(row: Handling) -> Place:
    return Place("casework_handling", COLUMN, f"{row.id}/{row.case_id}/{row.user}")


def sealed(values: Mapping[str, Any], reason: str, at: Place) -> bytes:
    return crypto.sealer().seal_json({"values": dict(values), "reason": reason}, at)


Opens = Callable[[bytes | memoryview, Place], dict[str, Any]]


def opener() -> Opens:
    """Opens what was said, {"values", "reason"}, in any number of events after one look at the key file; raises
    CryptoFault where it was altered, moved, or sealed with a key that is not here."""
    return crypto.sealer().open_json


def sealed_note(text: str, row: Handling) -> bytes:
    return crypto.sealer().seal(text, place_of_note(row))


def note(row: Handling) -> str:
    return crypto.sealer().open(bytes(row.sealed), place_of_note(row))


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(CaseEvent, COLUMN, place_of))
    crypto.hold(crypto.SealedColumn(Handling, COLUMN, place_of_note))
