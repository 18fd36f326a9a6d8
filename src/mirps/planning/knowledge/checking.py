"""What practices, courses and country-of-origin records must hold before they come into force, beside what
their fields say."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow
from mirps.planning.records.api import CHECKS, Data, Fault


def figure_faults(named: Iterable[str], cell: str = "figures") -> list[Fault]:
    """Figures that a record names and the ledger does not hold, or not yet publicly."""
    every = set(named)
    rows = FigureRow.objects.filter(pk__in=every, status=figures.Status.PUBLISHED).order_by("id")
    if lacking := sorted(every - set(rows.values_list("id", flat=True))):
        return [Fault(cell, "knowledge.fault.figure", {"found": ", ".join(lacking[:5])[:120]})]
    return []


def with_figures(data: Data) -> list[Fault]:
    return figure_faults(f["figure"] for f in data.get("figures", ()))


def course(data: Data) -> list[Fault]:
    found = with_figures(data)
    if data.get("seats") and (Decimal(data["seats"]) < 1 or Decimal(data["seats"]) % 1):
        found.append(Fault("seats", "knowledge.fault.seats"))
    if data.get("attendance") and not 0 < Decimal(data["attendance"]) <= 100:
        found.append(Fault("attendance", "knowledge.fault.percent"))
    if data.get("certificate") and not data.get("days"):
        found.append(Fault("days", "knowledge.fault.days"))
    if data.get("closes") and data["closes"] < data.get("opens", ""):
        found.append(Fault("closes", "knowledge.fault.order"))
    return found


def source(data: Data) -> list[Fault]:
    """An assessment of reliability says when it was made and why."""
    if data.get("reliability") in (None, "unassessed"):
        return []
    return [Fault(c, "knowledge.fault.assessed")
            for c, f in (("assessed", "assessed"), ("assessment.es", "assessment")) if not data.get(f)]  # fmt: skip


CHECKS |= {"practice": with_figures, "course": course, "coi-source": source}
