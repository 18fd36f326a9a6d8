"""What is sealed in appointments: JSON, bound to its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.appointments.models import (
    AppointmentEvent,
    Conflict,
    Interpreter,
    OrderEvent,
    Supplier,
    Turn,
)

COLUMN = "sealed"


def place(row: Model) -> Place:
    """Nobody can move it to another row, nor a reason to another appointment or interpreter."""
    named = ("appointment_id", "interpreter_id", "order_id", "case_id", "whose")
    of = [str(getattr(row, a)) for a in named if hasattr(row, a)]
    if isinstance(row, AppointmentEvent):  # its interpreter is nobody's whom the words are about
        of = [str(row.appointment_id)]
    return Place(row._meta.db_table, COLUMN, "/".join([str(row.pk), *of]))


def seal(said: Mapping[str, Any], row: Model) -> bytes:
    return crypto.sealer().seal_json({k: v for k, v in said.items() if v}, place(row))


def opened(row: Supplier | Interpreter | Conflict | AppointmentEvent | OrderEvent | Turn) -> dict[str, Any]:
    """Raises CryptoFault where it was altered, moved, or sealed with a key that is not here."""
    found: dict[str, Any] = crypto.sealer().open_json(row.sealed, place(row))
    return found


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    for model in (Supplier, Interpreter, Conflict, AppointmentEvent, OrderEvent, Turn):
        crypto.hold(crypto.SealedColumn(model, COLUMN, place))
