"""The meetings that the demo holds (data/demo/meetings.yaml). Invented, and they say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import yaml
from django.db import transaction

from mirps.base.codelists.api import data_folder
from mirps.planning.meetings.queries import today
from mirps.planning.records import api as records
from mirps.planning.records.api import Record

WRITER, ROLE = "demo-secretariat", "secretariat"
INVENTED = {"es": "Inventada para probar el sistema.", "en": "Invented to try the system."}


@transaction.atomic
def hold_demo_meetings(*, at: datetime) -> int:
    """Write them with their agreements; a second time changes nothing. Returns how many records were made."""
    given: dict[str, Any] = yaml.safe_load(
        (data_folder() / "demo" / "meetings.yaml").read_text(encoding="utf-8")
    )
    made = 0
    for code, m in given.items():
        if Record.objects.filter(pk=f"event/{code}").exists():
            continue
        body = m.get("body", "")
        _write("event", code, {**m["data"], "starts": _day(at, m["in"])}, body, at)
        for n, (key, a) in enumerate(m.get("agreements", {}).items(), start=1):
            _write("agreement", key, {**a["data"], "due": _day(at, a["due"])}, body, at, f"event/{code}", n)
        made += 1 + len(m.get("agreements", {}))
    return made


def _day(at: datetime, days: int) -> str:
    return (today("", at) + timedelta(days=days)).isoformat()


def _write(
    kind: str, code: str, data: dict[str, Any], body: str, at: datetime, parent: str = "", place: int = 0
) -> None:
    records.save(
        kind=kind, code=code, data={**data, "proposal": True, "note": INVENTED}, base=0, parent=parent, place=place,
        body=body, by=WRITER, role=ROLE, at=at,
    )  # fmt: skip
