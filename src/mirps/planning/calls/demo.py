"""The invented call of the demo (data/demo/call.yaml): opened once, kept as people then make it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import yaml
from django.db import transaction

from mirps.base.access.api import User
from mirps.base.codelists.api import data_folder
from mirps.base.notices.api import zone
from mirps.planning.calls.actions import open_call
from mirps.planning.calls.models import CallRun
from mirps.planning.records import api as records
from mirps.planning.records.api import Act

WRITER, PUBLISHER = "demo-approver", "demo-secretariat"


@transaction.atomic
def open_demo_call(*, at: datetime) -> CallRun:
    """Write, publish and open it, by two people; a second time changes nothing."""
    given: dict[str, Any] = yaml.safe_load((data_folder() / "demo" / "call.yaml").read_text(encoding="utf-8"))
    code = given["code"]
    if held := CallRun.objects.filter(pk=code).first():
        return held
    today = at.astimezone(zone(given["clock-of"])).date()
    data = {
        **given["data"], "clock-of": given["clock-of"],
        "opens": (today + timedelta(days=given["opens"])).isoformat(),
        "closes": (today + timedelta(days=given["closes"])).isoformat(),
    }  # fmt: skip
    role = "secretariat"
    made = records.save(kind="call", code=code, data=data, base=0, by=WRITER, role=role, at=at)
    held_in = records.step(key=made.key, act=Act.SUBMIT, by=WRITER, role=role, at=at, base=made.number)
    records.step(key=made.key, act=Act.PUBLISH, by=PUBLISHER, role=role, at=at, base=held_in.number)
    return open_call(call=code, user=User.objects.get(username=PUBLISHER), role=role, at=at)
