"""The statement that a correction makes of the old one, checked as any row of a data package is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mirps.base.codelists import api as codelists
from mirps.evidence.errata.rules import EVIDENCE, FIXED, LONGEST, MOST_DIGITS, Refused
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import COLUMNS, Figure

SETTABLE = tuple(c for c in COLUMNS if c not in FIXED)


def restated(old: Figure, changes: Mapping[str, str], new: str = "") -> Figure:
    """`old` stated anew with `changes`, cells by column. Its evidence is only what is said anew.

    Raises Refused for what a correction may not do, PackageFaults for what no row may hold.
    """
    for column in changes:
        if column not in SETTABLE:
            raise Refused("export.fault.set", column, found=column, known=", ".join(SETTABLE))
    for column, most in LONGEST.items():
        if len(changes.get(column, "")) > most:
            raise Refused("correct.fault.long", column, most=most, found=len(changes[column]))
    evidence = {c: changes.get(c, "") for c in EVIDENCE}
    cells = {c: figures.cell_text(getattr(old, c)) for c in COLUMNS} | dict(changes) | evidence
    cells |= {"id": new or figures.next_id(old.id), "supersedes": old.id}
    row = figures.Table(columns={c: (cells[c],) for c in COLUMNS}, length=1)
    made = figures.proved("correction", row, figures.vocabulary()).figures()[0]
    _fits(made)
    if not differs(old, made):
        raise Refused("correct.fault.nothing", "value")
    return made


def differs(old: Figure, new: Figure) -> bool:
    """Whether the new statement says anything else, or where it is said."""
    said = [c for c in SETTABLE if c not in EVIDENCE]
    elsewhere = any(getattr(new, c) not in ("", getattr(old, c)) for c in EVIDENCE)
    return elsewhere or any(getattr(old, c) != getattr(new, c) for c in said)


def _fits(f: Figure) -> None:
    """What a column of the ledger cannot hold, and what cannot be counted."""
    if f.value is not None:
        if abs(f.value) >= Decimal(10) ** MOST_DIGITS:
            raise Refused(
                "correct.fault.size", "value", found=f"{f.value:f}"[:40], digits=MOST_DIGITS, places=6
            )
        unit = codelists.units()[f.unit]
        if unit.extra["kind"] == "count" and f.value != f.value.to_integral_value():
            raise Refused("correct.fault.whole", "value", unit=f.unit, found=f.value)
        if unit.extra["kind"] != "change" and f.value < 0:
            raise Refused("correct.fault.negative", "value", found=f.value)
    if bool(f.note_es.strip()) != bool(f.note_en.strip()):
        raise Refused("correct.fault.note", "note_es" if f.note_en.strip() else "note_en")
    if f.fragment and not f.document:
        raise Refused("correct.fault.fragment-of-nothing", "document")
