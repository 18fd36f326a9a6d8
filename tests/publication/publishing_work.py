"""A process that publishes a small round, and may be killed while it does (test_publication_whole.py)."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
django.setup()

from mirps.evidence.entries import api as entries  # noqa: E402
from mirps.evidence.entries.api import Cell, Given  # noqa: E402
from mirps.evidence.figures import api as figures  # noqa: E402
from mirps.evidence.figures.api import FigureRow  # noqa: E402
from mirps.evidence.rounds import api as rounds  # noqa: E402
from mirps.evidence.rounds.api import Ask, Due, Kind, Round, Stage, Step  # noqa: E402
from mirps.sharing.publication import actions as publishing  # noqa: E402
from mirps.sharing.publication import api as publication  # noqa: E402
from mirps.sharing.reports.api import ReportBuild  # noqa: E402

NOW = datetime(2025, 12, 1, 12, tzinfo=UTC)
LATER = datetime(2099, 1, 1, tzinfo=UTC)


def prepare() -> None:
    """A round asked of two institutions, answered and approved, closed."""
    asks = [
        Ask(
            code=f"{state.lower()}-x-001", state=state, institution=body, sector="asylum",
            measure="asylum.applications", unit="application", population="ASY", required=True,
            period_start=date(2025, 1, 1), period_end=date(2025, 12, 31),
        )
        for state, body in (("HND", "HND.INM"), ("CRI", "CRI.DGME"))
    ]  # fmt: skip
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda 2025", title_en="Round 2025", starts=date(2025, 1, 1),
        ends=date(2025, 12, 31), cut_off=None, asks=asks, by="secretariat", at=NOW,
    )  # fmt: skip
    rounds.set_due(round=made, step=Due.ENTRY, due=NOW + timedelta(days=9), by="secretariat", at=NOW)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="secretariat", at=NOW)
    cells = list(Cell.objects.order_by("id"))
    for n, cell in enumerate(cells):
        given = Given(Decimal(1000 + 234 * n))
        entries.write(cell=cell.pk, given=given, base=0, client=uuid4(), by="clerk", at=NOW, via="form")
    ways = ((Step.SUBMIT, "clerk"), (Step.APPROVE_STATE, "focal"), (Step.APPROVE_REGION, "region"))
    for hours, (step, by) in enumerate(ways, start=1):
        at = NOW + timedelta(hours=hours)
        for cell in cells:  # institutions and States act each for itself
            entries.take(cells=[cell.pk], step=step, by=by, role="any", at=at)
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=NOW + timedelta(hours=4))


def publish(embargo: str = "") -> None:
    draft = publication.proposed(Round.objects.get(pk="2025"), without=[])
    publication.publish_round(
        code="2025", by="presidency", role="presidency", at=NOW + timedelta(days=1),
        embargoes={embargo: LATER} if embargo else {}, draft=draft,
    )  # fmt: skip


def die_at(moment: str) -> None:
    """Publish, and be killed at that moment of it."""
    times = {"n": 0}

    def dying(after: Callable[..., Any], nth: int = 1) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            done = after(*args, **kwargs)
            times["n"] += 1
            if times["n"] == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return wrapped

    if moment == "after the figures":
        publishing.entries.take = dying(entries.take)
    elif moment == "after the embargo":
        publishing.figures.set_embargo = dying(figures.set_embargo)
    elif moment == "after the round":
        publishing.rounds.turn = dying(rounds.turn)
    elif moment == "between two reports":
        publishing.reports.publish = dying(publishing.reports.publish, 3)
    elif moment == "before the end":
        publishing.record = dying(publishing.record)
    publish("CRI")
    os.kill(os.getpid(), signal.SIGKILL)


def standing() -> None:
    print(
        json.dumps(
            {
                "stage": Round.objects.get(pk="2025").stage,
                "cells": sorted(set(Cell.objects.order_by("id").values_list("status", flat=True))),
                "figures": sorted(
                    set(
                        FigureRow.objects.filter(round="2025").order_by("id").values_list("status", flat=True)
                    )
                ),
                "embargoes": sorted(s for _, s in figures.embargoes(NOW + timedelta(days=2))),
                "reports": ReportBuild.objects.exclude(published_at=None).count(),
                "news": publication.News.objects.count(),
            }
        )
    )


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
