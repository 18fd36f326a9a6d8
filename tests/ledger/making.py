"""Made-up statements for the tests of the checks over the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.figures.package import Relation
from mirps.evidence.figures.rules import Figure, Flow, Measure, Qualifier

YEAR = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}


def measure(
    code: str, unit: str = "person", kind: Flow = Flow.FLOW, sector: str = "asylum", **adds: bool
) -> Measure:
    names = {"code": code, "name_es": code, "name_en": code, "unit": unit, "sector": sector}
    additive = {f"additive_{along}": adds.get(along, True) for along in ("time", "place", "population")}
    return Measure(stock_flow=kind, **names, **additive)


MEASURES = {
    m.code: m
    for m in (
        measure("assisted"),
        measure("recognised"),
        measure("recognised-cumulative", kind=Flow.STOCK),
        measure("present", kind=Flow.STOCK),
        measure("venues", "institution", place=False, population=False),
        measure("aid", "USD"),
        measure("progress", "percent", kind=Flow.RATE),
        measure("length", "day", kind=Flow.PARAMETER),
        measure("story", "year", kind=Flow.PARAMETER, sector="stories"),
        measure("bodies", "item", kind=Flow.STOCK),
    )
}


def fig(id_: str, value: object, **given: Any) -> Figure:
    """A statement about people assisted in Honduras in 2024, unless it says otherwise."""
    timed = {"period_start", "period_end", "as_of"} & set(given)
    held: dict[str, Any] = {
        "document": "D1", "locator": "", "fragment": "", "state": "HND", "sector": "asylum",
        "measure": "assisted", "unit": "person", "population": "IDP", **({} if timed else YEAR), **given,
    }  # fmt: skip
    for key in ("period_start", "period_end", "as_of", "compare_start", "compare_end"):
        if isinstance(held.get(key), str):
            held[key] = date.fromisoformat(held[key])
    held["qualifier"] = Qualifier(held.get("qualifier", "exact"))
    return Figure(id=id_, value=None if value is None else Decimal(str(value)), **held)


def check(*figures: Figure, relations: tuple[Relation, ...] = ()) -> list[LedgerFinding]:
    return check_ledger(figures, MEASURES, relations)


def told(*figures: Figure, relations: tuple[Relation, ...] = ()) -> list[tuple[str, str, tuple[str, ...]]]:
    """What was found: severity, kind and figures."""
    return [(f.severity, f.kind, f.figures) for f in check(*figures, relations=relations)]


def relation(kind: str, left: str, *right: str, params: str = "") -> Relation:
    return Relation("r", kind, left, right, "", "", params)
