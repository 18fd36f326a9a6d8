"""True values of a release, as they stand in its row: JSON, sealed to it. Small counts of a small office could still
point to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.evidence.releases.models import Release

_COLUMN = "sealed"


def place_of(row: Release) -> Place:
    return Place("evidence_release", _COLUMN, str(row.pk))


def sealed(row: Release, said: Mapping[str, Any]) -> bytes:
    return crypto.sealer().seal_json(dict(said), place_of(row))


def opened(row: Release) -> dict[str, Any]:
    """`kept`, `why` and `bare` (guarding). Raises CryptoFault."""
    found: dict[str, Any] = crypto.sealer().open_json(bytes(row.sealed), place_of(row))
    return found


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Release, _COLUMN, place_of))
