"""The closing of calls, as lines of the calendar."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q

from mirps.base.notices.api import zone
from mirps.base.texts.api import LANGUAGES, say
from mirps.planning.calls import rules
from mirps.planning.calls.models import CallRun
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import Entry, May, Of, Span
from mirps.planning.records import api as records
from mirps.planning.records.api import Record


def closings(may: May = meetings.public) -> list[Entry]:
    """When each call in force that somebody may know of closes: two queries. A call that is run may have been
    put off since its record was written."""
    put_off = Q(events__what="extended")
    runs = {
        r.call: r
        for r in CallRun.objects.annotate(
            times=Count("events", filter=put_off), latest=Max("events__at", filter=put_off)
        )
    }
    found = (_entry(r, runs.get(r.code)) for r in records.in_force("call") if may(r))
    return [e for e in found if e is not None]


def _entry(record: Record, run: CallRun | None) -> Entry | None:
    data = record.public or {}
    clock = zone(run.clock_of if run else data.get("clock-of", ""))
    closes = run.closes.astimezone(clock) if run else rules.terms(data, clock).closes
    if closes is None:
        return None
    times: int = getattr(run, "times", 0)
    latest: datetime | None = getattr(run, "latest", None)
    return Entry(
        of=Of.CALL, key=record.key, sort="call-closes",
        title={lang: say("calendar.call", lang, title=records.title("call", data, lang)) for lang in LANGUAGES},
        span=Span(closes.date().isoformat()), number=record.number + times,
        changed_at=max(record.changed_at, latest or record.changed_at), begins=closes.time(),
        states=(record.state,) if record.state else (), public=meetings.public(record),
    )  # fmt: skip
