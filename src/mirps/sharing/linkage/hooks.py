"""What linkages ask of the band when it starts: that their packages have an effect here, and their secrets turn with
the node's keys. What it does is read when the first package comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mirps.base.crypto import api as crypto
from mirps.sharing.exchange.rules import Kind
from mirps.sharing.exchange.taking import EFFECTS, Arrival
from mirps.sharing.linkage.models import Count, place_of


def hold() -> None:
    crypto.hold(crypto.SealedColumn(Count, "secret", place_of))
    EFFECTS[Kind.LINKAGE] = _came


def _came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    from mirps.sharing.linkage import messages

    return messages.came(content, arrival)
