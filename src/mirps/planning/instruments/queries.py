"""Reading instruments from records. What a reader may know of is asked of `reads` for each record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.planning.instruments.rules import Instrument, Paragraph
from mirps.planning.records import api as records
from mirps.planning.records.api import Link, Record

#: What of a record a reader may read: its values, or nothing.
Reads = Callable[[Record], dict[str, Any] | None]


def in_force(record: Record) -> dict[str, Any] | None:
    """What everyone may read."""
    return record.public if record.audience == "public" else None


def instruments(reads: Reads = in_force, *, only: str = "") -> list[Instrument]:
    """The instruments with their paragraphs and what names these; `only` one of them, by key. Three
    queries, however many they are."""
    every = records.of_kind("instrument").exclude(status="withdrawn")
    found = list(every.filter(pk=only) if only else every)
    points = records.of_kind("paragraph").exclude(status="withdrawn")
    held = list(points.filter(parent=only) if only else points)
    came = _came([p.key for p in held], reads)
    under: dict[str, list[Paragraph]] = defaultdict(list)
    for p in held:
        data = reads(p)
        if data is not None:
            under[p.parent].append(Paragraph(p.key, p.parent, p.place, data, tuple(came.get(p.key, ()))))
    out = []
    for i in found:
        data = reads(i)
        if data is not None:
            out.append(Instrument(i.key, i.place, data, tuple(under.get(i.key, ()))))
    return out


def instrument(key: str, reads: Reads = in_force) -> Instrument | None:
    return next(iter(instruments(reads, only=key)), None)


def _came(keys: Iterable[str], reads: Reads) -> dict[str, list[str]]:
    """Which records that the reader may know of name each of these, by key."""
    links = Link.objects.filter(target__in=list(keys), public=True).select_related("source")
    out: dict[str, list[str]] = defaultdict(list)
    for link in links.order_by("source__kind", "source__place", "source"):
        if link.source_id not in out[link.target] and reads(link.source) is not None:
            out[link.target].append(link.source_id)
    return out


def areas() -> dict[str, tuple[str, ...]]:
    """The States of each area that instruments address: the seven, and areas named by their States
    (SLV+HND+MEX in data/codelists/states.csv)."""
    listed = codelists.states()
    members = tuple(c for c, s in listed.items() if s.extra["kind"] == "state")
    named = {c: tuple(s.extra["short_en"].split("+")) for c, s in listed.items() if s.extra["kind"] == "area"}
    return {"MIRPS": members, **{c: of for c, of in named.items() if len(of) > 1}}
