"""Legal time and the case ledger on one core: deadlines evaluated a second, events folded a second.

100,000 deadlines and 20,000 events a second are asked for. Cases are made up from one fixed seed under Mexico's
file: claims over four years, some extended, with signatures. A nationwide suspension is then decreed, and all of
their deadlines are evaluated again under it: no case is touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from mirps.base.calendars.api import Entry, Sort, calendar, due
from mirps.base.texts.api import Text
from mirps.casework.procedures import standing
from mirps.casework.procedures.api import Event, State, fold, procedures

CASES = 20_000
WANTED = 100_000


def made() -> list[list[Event]]:
    chance, p = Random(7), procedures()["mex_asylum"]["2025.1"]
    out = []
    for case in range(CASES):
        at = datetime(2021, 1, 4, 15, tzinfo=UTC) + timedelta(days=chance.randrange(1400))
        entered = (at.date() - timedelta(chance.randrange(60))).isoformat()
        done = ["claim", "notify_inm", "admit", "profile", "assign_modality"]
        done += chance.choice([[], ["extend"], ["interview", "give_opinion"], ["extend", "transfer"]])
        done += ["sign_in"] * chance.randrange(1, 6)
        events = []
        for n, act in enumerate(done):
            values = {"entered_on": entered, "nationality": "HND"} if act == "claim" else {}
            when = at + timedelta(days=3 * n)
            key = str(UUID(int=(case << 80) | (7 << 76) | (2 << 62) | n))
            events.append(
                Event(key, act, when, when, "ana", "registration", "tapachula", p.rule, values, "x")
            )
        out.append(events)
    return out


def rate(work: Callable[[], int]) -> float:
    """The best of three, as an amount a second."""
    best = 0.0
    for _ in range(3):
        begun = time.perf_counter()
        n = work()
        best = max(best, n / (time.perf_counter() - begun))
    return best


def run() -> dict[str, float]:
    p = procedures()["mex_asylum"]["2025.1"]
    versions, ledger = {p.version: p}, made()
    states: list[State] = []

    def folded() -> int:
        states[:] = [fold(events, versions) for events in ledger]
        return sum(map(len, ledger))

    events = rate(folded)
    on = date(2024, 11, 1).toordinal()
    plain = calendar(p.state, authority=p.authority)
    decree = Entry(
        "bench", Sort.SUSPENSION, Text("Suspensión", "Suspension"), date(2024, 9, 2), date(2024, 10, 4),
        authorities=frozenset({p.authority}), source="bench",
    )  # fmt: skip
    begun = time.perf_counter()
    held = calendar(p.state, authority=p.authority, added=(decree,))
    took = time.perf_counter() - begun

    def under(days: object) -> Callable[[], int]:
        def work() -> int:
            return sum(
                len([standing.stand(d, s, on, days) for d in p.deadlines.values()])  # type: ignore[arg-type]
                for s in states
            )

        return work

    whole, after = rate(under(plain)), rate(under(held))
    term, starts = p.deadlines["decide"].term, [on - n % 2000 for n in range(WANTED)]
    bare = rate(lambda: len([due(term, start, plain) for start in starts]))
    print(f"   deadlines of whole cases:  {whole:10,.0f} a second (at least {WANTED:,})")
    print(f"   … under a new suspension:  {after:10,.0f} a second; its calendar took {took * 1e3:.0f} ms")
    print(f"   a due day alone:           {bare:10,.0f} a second")
    print(f"   events folded:             {events:10,.0f} a second (at least 20,000)")
    return {
        "deadlines_per_second": whole,
        "deadlines_per_second_suspended": after,
        "due_days_per_second": bare,
        "events_per_second": events,
        "suspension_calendar_ms": took * 1e3,
    }


if __name__ == "__main__":
    run()
