"""This process as the region's node, with Honduras for a peer, in a round that is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exchange.other import NOW, Other
from tests.rounds.conftest import round_2025

from mirps.evidence.figures import api as figures
from mirps.sharing.exchange import api as exchange

__all__ = ["round_2025"]


@pytest.fixture
def region(db: None, settings: object, tmp_path: Path) -> None:
    settings.NODE = "MIRPS"  # type: ignore[attr-defined]
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    exchange.set_up(by="admin", at=NOW)


@pytest.fixture
def honduras(region: None) -> Other:
    other = Other("HND", "MIRPS")
    exchange.add(card=other.card, fingerprint=other.card.fingerprint, by="admin", at=NOW)
    return other


def rows(*values: int, state: str = "HND", **changes: str) -> dict[str, object]:
    """Contents with figures of the round: one for each value, under an id of its own."""
    stated = []
    for n, value in enumerate(values):
        told = dict.fromkeys(figures.COLUMNS, "") | {
            "id": f"r2025-{state.lower()}-inm-{value}", "state": state, "sector": "asylum",
            "measure": "asylum.applications", "value": str(value), "unit": "application", "qualifier": "exact",
            "population": "ASY", "period_start": "2025-01-01", "period_end": "2025-12-31", "source": "HND.INM",
            "series": f"n{n}", "origin": "computed", "role": "recommended", "status": "submitted",
        }  # fmt: skip
        stated.append(list((told | changes).values()))
    return {"round": "2025", "columns": list(figures.COLUMNS), "rows": stated}
