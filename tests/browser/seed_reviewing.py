"""A round handed over in four States, and people signed in: run by test_reviewing.py in a home of its own.

Prints the session key of each person, and the first cell of each State, as JSON.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

BODIES = {"HND": "HND.INM", "CRI": "CRI.DGME", "GTM": "GTM.IGM", "PAN": "PAN.ONPAR"}
VALUES = {"": 100, "sex=F": 60, "sex=M": 40}


def main() -> None:
    import django

    django.setup()
    from mirps.evidence.entries import api as entries
    from mirps.evidence.entries.api import Cell, Given
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Ask, Due, Kind, Stage, Step

    now = datetime.now(UTC)
    asks = [
        Ask(f"{state.lower()}-{n:03}", state, body, "asylum", "asylum.applications", "application", population=p,
            breakdown="sex", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), order=n)
        for state, body in BODIES.items() for n, p in enumerate(("ASY", "REF"), 1)
    ]  # fmt: skip
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025", asks=asks,
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), cut_off=None, by="seed", at=now - timedelta(days=3),
    )  # fmt: skip
    for n, step in enumerate(Due, 1):
        rounds.set_due(round=made, step=step, due=now + timedelta(days=20 * n), by="seed", at=now)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="seed", at=now)
    sessions = people(now)
    cells: dict[str, int] = {}
    for state in BODIES:
        mine = list(Cell.objects.filter(asked__state=state, dimensions__in=VALUES).order_by("pk"))
        for c in mine:
            entries.write(
                cell=c.pk, given=Given(Decimal(VALUES[c.dimensions])), base=0, client=uuid4(), via="form",
                by=f"clerk-{state.lower()}", at=now - timedelta(days=2),
            )  # fmt: skip
        entries.take(
            cells=[c.pk for c in mine], step=Step.SUBMIT, by=f"clerk-{state.lower()}", role="data-entry",
            at=now - timedelta(days=1),
        )  # fmt: skip
        cells[state] = mine[0].pk
    print(json.dumps({"sessions": sessions, "cells": cells}))


def people(now: datetime) -> dict[str, str]:
    from tests.browser.seeding import hired, session_of

    given = [("secretary", "secretariat", "", "")]
    for state, body in BODIES.items():
        s = state.lower()
        given += [(f"clerk-{s}", "data-entry", state, body), (f"approver-{s}", "state-approver", state, "")]
    return {name: session_of(hired(name, *where, at=now)) for name, *where in given}


if __name__ == "__main__":
    main()
