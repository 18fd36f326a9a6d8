"""What is sealed in sessions: how somebody voted and why, why they stand back, and the papers. Bound to the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.sessions.models import Item, SessionEvent

COLUMN = "sealed"


def place(row: Item | SessionEvent) -> Place:
    """Nobody can move a vote to another member, case or session: it would not open there."""
    if isinstance(row, Item):
        return Place("casework_item", COLUMN, f"{row.pk}/{row.case_id}")
    return Place(
        "casework_sessionevent", COLUMN, f"{row.pk}/{row.session_id}/{row.item_id}/{row.member_id}/{row.what}"
    )


def seal(said: Mapping[str, Any], row: Item | SessionEvent) -> bytes:
    return crypto.sealer().seal_json({k: v for k, v in said.items() if v}, place(row))


def opened(row: Item | SessionEvent) -> dict[str, Any]:
    """Raises CryptoFault where it was altered, moved, or sealed with a key that is not here."""
    found: dict[str, Any] = crypto.sealer().open_json(row.sealed, place(row))
    return found


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Item, COLUMN, place))
    crypto.hold(crypto.SealedColumn(SessionEvent, COLUMN, place))
