"""This process as the region's node, with Honduras for a peer, in a round that is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exchange.other import Other, peer, set_up
from tests.rounds.conftest import round_2025

from mirps.evidence.figures import api as figures

__all__ = ["round_2025"]


@pytest.fixture
def region(db: None, settings: object, tmp_path: Path) -> None:
    set_up(settings, "MIRPS", tmp_path)


@pytest.fixture
def honduras(region: None) -> Other:
    return peer("HND", "MIRPS")


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
