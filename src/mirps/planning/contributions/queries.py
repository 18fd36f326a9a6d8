"""Reading contributions: all that are in force and public, held in memory until one changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, QuerySet, Sum

from mirps.evidence.figures import api as figures
from mirps.planning.contributions.rules import Contribution, Stated, disagreements, given
from mirps.planning.records import api as records

#: (what the records stood at, the contributions then). Kept by the process.
_held: tuple[object, tuple[Contribution, ...]] | None = None


def contributions() -> tuple[Contribution, ...]:
    """Every contribution that the public may read, in the order of its donor, place and code."""
    global _held
    found = records.of_kind("contribution").filter(public__isnull=False, audience=records.Audience.PUBLIC)
    stand = found.order_by().aggregate(n=Count("key"), last=Max("changed_at"), steps=Sum("number"))
    version = (figures.public_version(), *stand.values())
    if _held is None or _held[0] != version:
        _held = (version, tuple(_read(found)))
    return _held[1]


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
