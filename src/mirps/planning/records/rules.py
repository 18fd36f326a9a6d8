"""What may be refused, and how a text is folded for the search. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mirps.planning.records.values import Data, Fault

if TYPE_CHECKING:
    from mirps.planning.records.models import Record

CODE = re.compile(r"[a-z0-9][a-z0-9.-]{1,60}\Z")
LONGEST_REASON = 2000


class Refused(ValueError):
    """An act that is not done: every fault with its cell, sentence and values."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.cell}: {f.key} {dict(f.values)}" for f in faults))
        self.faults = list(faults)


class Met(ValueError):
    """Another wrote the record meanwhile: `held` is what stands, `mine` what was about to be written."""

    def __init__(self, held: Record, mine: Data) -> None:
        super().__init__(f"{held} stands at {held.number}")
        self.held = held
        self.mine = mine


def folded(text: str) -> str:
    """Small letters without accents, one space between words: as search compares them."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def code_from(words: str, *, before: str = "", most: int = 48) -> str:
    """A code made of a title: `Acción de Belice` -> `accion-de-belice`."""
    plain = re.sub(r"[^a-z0-9]+", "-", folded(words)).strip("-")
    return f"{before}{plain}"[:most].strip("-")
