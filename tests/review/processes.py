"""Reviewing in processes of its own, so that one may be killed and two may meet. Not a test.

Run as `mirps manage shell -c "from …"` would: each function here is one process's whole work.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

NOW = datetime(2025, 10, 1, 15, tzinfo=UTC)
ASKS = 40


def prepare() -> None:
    """A round of one State with forty things asked, all handed over."""
    from mirps.evidence.entries import api as entries
    from mirps.evidence.entries.api import Cell, Given
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Ask, Due, Kind, Stage, Step

    asks = [
        Ask(
            f"hnd-inm-{n:03d}", "HND", "HND.INM", "asylum", "asylum.applications", "application", population="ASY",
            series=f"s{n}", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31),
        )
        for n in range(ASKS)
    ]  # fmt: skip
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda", title_en="Round", starts=date(2025, 1, 1),
        ends=date(2025, 12, 31), cut_off=None, asks=asks, by="secretariat", at=NOW,
    )  # fmt: skip
    rounds.set_due(round=made, step=Due.ENTRY, due=NOW + timedelta(days=9), by="secretariat", at=NOW)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="secretariat", at=NOW)
    cells = list(Cell.objects.order_by("pk").values_list("pk", flat=True))
    for c in cells:
        entries.write(cell=c, given=Given(Decimal(c)), base=0, client=uuid4(), by="clerk", at=NOW, via="form")
    entries.take(cells=cells, step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)


def standing() -> None:
    """What stands: cells by status, approvals taken, what the audit tells of them."""
    from collections import Counter

    from mirps.base.audit.models import AuditEntry
    from mirps.evidence.entries.api import Cell, CellStep

    steps = CellStep.objects.exclude(step="submit")
    told = AuditEntry.objects.filter(act__in=["entry.approve-state", "entry.send-back"])
    print(json.dumps({
        "cells": Counter(Cell.objects.order_by("pk").values_list("status", flat=True)),
        "steps": Counter(steps.order_by("pk").values_list("step", flat=True)),
        "by": sorted(set(steps.order_by("pk").values_list("by", flat=True))),
        "told": told.count(),
    }))  # fmt: skip


def _every() -> Any:
    from mirps.evidence.entries.api import Cell
    from mirps.evidence.review.api import Seen

    return Seen(dict(Cell.objects.order_by("pk").values_list("pk", "version")))


def _approve(seen: Any, by: str) -> int:
    from mirps.evidence.review import api as review

    done = review.approve(
        round="2025", state="HND", level=review.Level.STATE, seen=seen, by=by, role="state-approver", at=NOW
    )
    return len(done)


def _send_back(seen: Any, by: str) -> int:
    from mirps.evidence.review import api as review

    done = review.send_back(
        round="2025", state="HND", seen=seen, message="Look again.", by=by, role="state-approver", at=NOW
    )
    return len(done)


def die_at(moment: str) -> None:
    """Approve all forty at once, and be killed (-9) at a moment of it."""
    from django.db.models.query import QuerySet

    from mirps.evidence.entries import actions
    from mirps.evidence.rounds import api as rounds

    def deadly(call: Callable[..., Any], when: Callable[..., bool], *, after: bool) -> Callable[..., Any]:
        def killed(*args: Any, **kwargs: Any) -> Any:
            found = call(*args, **kwargs) if after else None
            if when(*args, **kwargs):
                os.kill(os.getpid(), signal.SIGKILL)
            return found if after else call(*args, **kwargs)

        return killed

    def of(name: str) -> Callable[..., bool]:
        return lambda self, *a, **k: self.model.__name__ == name

    if moment == "after the checks":
        rounds.check = deadly(rounds.check, lambda **k: True, after=True)
    elif moment == "before the statuses":
        QuerySet.bulk_update = deadly(QuerySet.bulk_update, of("Cell"), after=False)  # type: ignore[method-assign]
    elif moment == "between statuses and steps":
        QuerySet.bulk_update = deadly(QuerySet.bulk_update, of("Cell"), after=True)  # type: ignore[method-assign]
    elif moment == "between steps and audit":
        QuerySet.bulk_create = deadly(QuerySet.bulk_create, of("CellStep"), after=True)  # type: ignore[method-assign]
    elif moment == "before the end":
        actions.record = deadly(actions.record, lambda **k: True, after=True)
    _approve(_every(), "focal")
    if moment == "just after":
        os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit("nobody killed this process")


def race(who: str, deed: str, start: str) -> None:
    """At an agreed moment, approve or send back all forty; print what became of it."""
    from mirps.evidence.review.api import Overtaken

    seen = _every()
    time.sleep(max(0.0, float(start) - time.time()))
    try:
        print(json.dumps({"done": (_approve if deed == "approve" else _send_back)(seen, who)}))
    except Overtaken as e:
        print(json.dumps({"overtaken": [e.last.by, e.last.step.value]}))


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "mirps.config.settings"
    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
