"""The demo as far as calls need it: people, facts, the open call, and a call published for each journey named.
With `close CODE`: time has passed, and the call has closed. Run by test_call_journey.py in a home of its own."""

from __future__ import annotations

import sys
from datetime import timedelta


def main() -> None:
    import django

    django.setup()
    if sys.argv[1:2] == ["close"]:
        _close(sys.argv[2])
        return
    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._planning, demo._static):
        step()
    for code in sys.argv[1:]:
        _publish(code)


def _close(code: str) -> None:
    from django.utils import timezone

    from mirps.planning.calls.api import CallRun

    now = timezone.now()
    CallRun.objects.filter(pk=code).update(opens=now - timedelta(days=9), closes=now)


def _publish(code: str) -> None:
    """The demo's call once more, in force and not yet opened."""
    from django.utils import timezone

    from mirps.planning.records import api as records
    from mirps.planning.records.api import Act

    now = timezone.now()
    data = records.get("call/demo-call").public
    made = records.save(kind="call", code=code, data=data or {}, base=0, by="demo-approver", at=now)
    held = records.step(key=made.key, act=Act.SUBMIT, by="demo-approver", at=now, base=made.number)
    records.step(key=made.key, act=Act.PUBLISH, by="demo-secretariat", at=now, base=held.number)


if __name__ == "__main__":
    main()
