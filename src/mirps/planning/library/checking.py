"""What a newsletter must hold before it comes into force, beside what its fields say."""

from __future__ import annotations

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow
from mirps.planning.library.rules import LANGUAGES, bound, faults
from mirps.planning.records.api import CHECKS, Data, Fault


def newsletter(data: Data) -> list[Fault]:
    """The faults of a newsletter: those of its words, and figures that the public may not read or that
    another statement took the place of."""
    found = faults(data)
    named = {lang: bound((data.get("text") or {}).get(lang, "")) for lang in LANGUAGES}
    every = {id_ for ids in named.values() for id_ in ids}
    rows = FigureRow.objects.filter(pk__in=every, superseded_by="", status=figures.Status.PUBLISHED)
    known = set(rows.order_by("id").values_list("id", flat=True))
    for lang, ids in named.items():
        if other := sorted(set(ids) - known):
            values = {"figures": ", ".join(other[:5])}
            found.append(Fault(f"text.{lang}", "newsletter.fault.figure", values))
    return found


def register() -> None:
    CHECKS["newsletter"] = newsletter
