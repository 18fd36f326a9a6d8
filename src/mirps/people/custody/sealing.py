"""What people wrote or typed in custody, sealed to its row: a reason, a search, what is asked for."""

from __future__ import annotations

from functools import partial

from django.db.models import Model

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.people.custody.models import Glass, Reading, Request

#: Every sealed column, for the rotation of keys.
COLUMNS: tuple[tuple[type[Model], str], ...] = (
    (Reading, "typed"), (Glass, "sealed"), (Glass, "said"), (Request, "sealed"), (Request, "said"),
)  # fmt: skip


def place(row: Model, column: str) -> Place:
    return Place(row._meta.db_table, column, str(row.pk))


def sealed(text: str, row: Model, column: str) -> bytes:
    return crypto.sealer().seal(text, place(row, column))


def opened(row: Model, column: str) -> str:
    """Empty where nothing was written. Raises CryptoFault."""
    value = getattr(row, column)
    return crypto.sealer().open(bytes(value), place(row, column)) if value is not None else ""


def hold() -> None:
    """Have these values sealed anew when the node's keys rotate."""
    for model, column in COLUMNS:
        crypto.hold(crypto.SealedColumn(model, column, partial(place, column=column)))
