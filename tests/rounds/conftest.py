"""A small round of the year after 2024, asked of Honduras and Costa Rica, open for entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Ask, Due, Kind, Round, Stage

NOW = datetime(2025, 10, 1, 15, tzinfo=UTC)


def ask(code: str, state: str, institution: str, **changes: object) -> Ask:
    given: dict[str, object] = {
        "code": code, "state": state, "institution": institution, "sector": "asylum",
        "measure": "asylum.applications", "unit": "application", "population": "ASY",
        "period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31),
    }  # fmt: skip
    return Ask(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def round_2025(db: None) -> Round:
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025",
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), cut_off=date(2025, 9, 30), by="secretariat", at=NOW,
        asks=[
            ask("hnd-inm-001", "HND", "HND.INM", required=True, breakdown="sex;age", high=Decimal(1_000_000)),
            ask("hnd-inm-002", "HND", "HND.INM", population="REF", order=2),
            ask("cri-dgme-001", "CRI", "CRI.DGME", required=True),
        ],
    )  # fmt: skip
    for step, days in ((Due.ENTRY, 20), (Due.STATE, 30), (Due.REGION, 40), (Due.PUBLICATION, 60)):
        rounds.set_due(round=made, step=step, due=NOW + timedelta(days=days), by="secretariat", at=NOW)
    entries.prepare(round="2025")
    return rounds.turn(round="2025", to=Stage.OPEN, by="secretariat", at=NOW)


def cell(code: str, dimensions: str = "") -> Cell:
    return Cell.objects.select_related("asked").get(asked__code=code, dimensions=dimensions)


def write(c: Cell, value: int | None, *, by: str = "clerk", base: int | None = None, **given: object):  # type: ignore[no-untyped-def]
    seen = Cell.objects.get(pk=c.pk).version if base is None else base
    return entries.write(
        cell=c.pk, given=Given(None if value is None else Decimal(value), **given),  # type: ignore[arg-type]
        base=seen, client=uuid4(), by=by, at=NOW, via="form",
    )  # fmt: skip
