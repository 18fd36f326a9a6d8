"""The door to indicators: every file is read and proved once a process; a faulty one is left out and told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mirps.base.codelists.api import data_folder, populations, rows, units
from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.disclosure import vocabulary as disclosure
from mirps.evidence.figures.vocabulary import measures
from mirps.evidence.indicators.model import Counts, Grain, Indicator, Kind, Over
from mirps.evidence.indicators.reading import Known, read

__all__ = [
    "Counts", "Fault", "Faults", "Grain", "Indicator", "Kind", "Known", "Over", "faulty", "indicators", "known", "load",
]  # fmt: skip


@cache
def known() -> Known:
    """The codes of this installation that a file may name."""
    plan = data_folder() / "planning" / "facts" / "indicator.csv"
    return Known(
        units=frozenset(units()),
        populations=frozenset(populations()),
        measures=measures(),
        plan=frozenset(r["code"] for _, r in rows(plan)),
        sensitivities=frozenset(disclosure.rules()),
    )


def load(path: Path) -> Indicator:
    """One file, read and proved. Raises Faults with everything that is wrong."""
    return read(path.read_bytes(), path.name, known())


def indicators() -> Mapping[str, Indicator]:
    """Every sound indicator of data/indicators, by its code."""
    return _all()[0]


def faulty() -> list[Fault]:
    """What is wrong with the files that were not taken."""
    return _all()[1]


@cache
def _all() -> tuple[dict[str, Indicator], list[Fault]]:
    out: dict[str, Indicator] = {}
    wrong: list[Fault] = []
    for path in sorted((data_folder() / "indicators").glob("*.yaml")):
        try:
            found = load(path)
        except Faults as e:
            wrong += e.faults
            continue
        if found.code in out:
            wrong.append(Fault(path.name, 0, "indicator", "indicator_twice", (("found", found.code),)))
        out.setdefault(found.code, found)
    return out, wrong
