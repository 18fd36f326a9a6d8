"""What projects and what stands under them must hold before they come into force, beside what their fields say."""

from __future__ import annotations

from decimal import Decimal

from mirps.planning.knowledge.api import figure_faults
from mirps.planning.projects.queries import people
from mirps.planning.projects.rules import last_day, unfit
from mirps.planning.records.api import CHECKS, Data, Fault


def project(data: Data) -> list[Fault]:
    found = figure_faults(f["figure"] for f in data.get("figures", ()))
    ends, starts = last_day(data.get("ends", "")), data.get("starts", "")
    if ends and starts and ends.isoformat() < starts:
        found.append(Fault("ends", "projects.fault.order"))
    if data.get("stage") == "closed":
        found += [Fault(c, "projects.fault.closing") for c, f in (("closed", "closed"), ("closing.es", "closing"))
                  if not data.get(f)]  # fmt: skip
    return found + _people(data, "planned")


def disbursement(data: Data) -> list[Fault]:
    """A condition is met with evidence; what has a condition is paid once that is met."""
    found = []
    if data.get("met") and not data.get("evidence") and not data.get("proof"):
        found.append(Fault("evidence", "projects.fault.evidence"))
    if data.get("paid") and data.get("condition") and not data.get("met"):
        found.append(Fault("met", "projects.fault.unmet"))
    if data.get("paid-amount") and not data.get("paid"):
        found.append(Fault("paid", "projects.fault.paid"))
    return found


def report(data: Data) -> list[Fault]:
    found = figure_faults(f["figure"] for f in data.get("figures", ()))
    if data.get("progress") and not 0 <= Decimal(data["progress"]) <= 100:
        found.append(Fault("progress", "projects.fault.percent"))
    if data.get("period-ends", "9999") < data.get("period-starts", ""):
        found.append(Fault("period-ends", "projects.fault.order"))
    return found + _people(data, "people")


def _people(data: Data, cell: str) -> list[Fault]:
    wrong = unfit(people(data.get(cell, ())))
    return [Fault(cell, "projects.fault.people", {"found": ", ".join(wrong)})] if wrong else []


CHECKS |= {"project": project, "disbursement": disbursement, "project-report": report}
