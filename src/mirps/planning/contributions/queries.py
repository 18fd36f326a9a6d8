"""Reading contributions: all that are in force and public, held in memory until one changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db.models import Max, QuerySet

from mirps.evidence.figures import api as figures
from mirps.planning.contributions.rules import (
    Contribution,
    Stated,
    Sums,
    Wanted,
    disagreements,
    given,
    hanging,
    summed,
)
from mirps.planning.records import api as records


class Book:
    """All contributions that the public may read, and what was asked of them: kept until one changes."""

    #: Different questions of which the answers are kept.
    MOST = 500

    def __init__(self, every: Iterable[Contribution]) -> None:
        self.every = tuple(every)
        self.by = {c.code: c for c in self.every}
        self.above = hanging(self.every)
        self._asked: dict[Wanted, tuple[tuple[Contribution, ...], Sums]] = {}

    def of(self, wanted: Wanted) -> tuple[tuple[Contribution, ...], Sums]:
        """The contributions that are wanted, and what they add up to."""
        found = self._asked.get(wanted)
        if found is None:
            chosen = tuple(c for c in self.every if wanted.holds(c))
            if len(self._asked) >= self.MOST:
                self._asked.clear()
            found = self._asked[wanted] = (chosen, summed(chosen, self.above))
        return found

    @cached_property
    def donors(self) -> Counter[str]:
        """How many each donor gave."""
        return Counter(c.donor for c in self.every)

    @cached_property
    def states(self) -> Counter[str]:
        """How many name each State or area; "none": no place is said."""
        return Counter(s for c in self.every for s in c.states or ("none",))

    @cached_property
    def years(self) -> Counter[str]:
        """How many cover each year; "none": no year is said."""
        return Counter(str(y) for c in self.every for y in c.years or ("none",))


#: (what the records stood at, the contributions then). Kept by the process.
_held: tuple[object, Book] | None = None


def book() -> Book:
    """Every contribution that the public may read, in the order of its donor, place and code."""
    global _held
    # Known since a day: in force, as an index holds it.
    found = records.of_kind("contribution").filter(known_at__isnull=False, audience=records.Audience.PUBLIC)
    # Every change of what the public reads has its version. Beside it what indexes tell, in case a copy of the
    # tables is put back.
    latest = records.Record.objects.aggregate(at=Max("changed_at"))["at"]
    version = (figures.public_version(), latest, found.order_by().count())
    if _held is None or _held[0] != version:
        _held = (version, Book(_read(found)))
    return _held[1]


def contributions() -> tuple[Contribution, ...]:
    return book().every


def _read(found: QuerySet[records.Record]) -> list[Contribution]:
    rows = found.values_list("key", "body", "public", "known_at", "place")
    made = [
        given(
            key.partition("/")[2],
            body,
            public or {},
            known=known_at.date() if known_at else None,
            place=place,
        )
        for key, body, public, known_at, place in rows
    ]
    return sorted(made, key=lambda c: (c.donor, c.place, c.code))


def disagreeing(chosen: Iterable[Contribution], at: datetime) -> dict[str, str]:
    """Code -> figure of those whose amount the ledger now states otherwise (rules.disagreements)."""
    linked = [c for c in chosen if any(what == "amount" for what, _ in c.figures)]
    ids = {figure for c in linked for what, figure in c.figures if what == "amount"}
    rows = (
        figures.public(at).filter(pk__in=ids).values_list("id", "value", "unit", "qualifier", "superseded_by")
    )
    return disagreements(linked, {i: Stated(v, unit, how, bool(later)) for i, v, unit, how, later in rows})
