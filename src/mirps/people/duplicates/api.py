"""The door to duplicates. One check at registration and a search through all are one scoring.

    scored = score_one(new, candidates, people=1_200_000)     # best first
    told(scored[0], new, candidate, "es")                     # [("Apellidos: …", 9.3), …]

Nothing here decides: a verdict is a proposal to the person who compares the two files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from mirps.base.codelists.api import data_folder
from mirps.people.duplicates import blocking, spec, weights
from mirps.people.duplicates.cells import Ints
from mirps.people.duplicates.clusters import groups
from mirps.people.duplicates.explaining import Contribution, Scored, told
from mirps.people.duplicates.records import Columns, Record, columns
from mirps.people.duplicates.scoring import Evidence, Millibits, Scorer, Verdict, Weights, least
from mirps.people.duplicates.table import Table

__all__ = [
    "Contribution", "Found", "Record", "Scored", "Verdict", "find_all", "groups", "pairs", "score_one", "shipped",
    "told",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A pair found among all, by the ids of its registrations."""

    one: str
    other: str
    millibits: int
    verdict: Verdict


@cache
def shipped() -> tuple[spec.Spec, Weights]:
    """What is compared and how it weighs, as this installation has them (data/registration)."""
    folder = data_folder() / "registration"
    return spec.read(_yaml(folder / "duplicates.yaml")), weights.read(_yaml(folder / "weights.yaml"))


def score_one(new: Record, candidates: Iterable[Record], *, people: int) -> list[Scored]:
    """Every candidate with its verdict and why, best first; of equals, in the order of their ids.

    `people` is how many are registered: among more, chance makes more look alike. Candidates are whoever
    finding by name, document or telephone gave; some hundred take a few milliseconds. Never raises.
    """
    held = list(candidates)
    if not held:
        return []
    rules, weighed = shipped()
    scorer = Scorer(Table(columns([new, *held]), rules), rules, weighed, people)
    others = np.arange(1, len(held) + 1)
    against = scorer.evidence(np.zeros(len(held), np.int64), others)
    found = [_scored(c, at, against, weighed) for at, c in enumerate(held)]
    return sorted(found, key=lambda s: (-s.millibits, s.id))


def pairs(held: Columns, *, people: int | None = None) -> tuple[Ints, Ints, Millibits]:
    """Every likely or possible pair among all registrations: rows of both, the lesser first, and millibits.

    Columns as `records.columns` gives them, or as they stand in a file (`cells.Cells`); the order of the rows
    changes nothing but their numbers. A million take some ten seconds and 1.3 GB.
    """
    rules, weighed = shipped()
    table = Table(held, rules)
    scorer = Scorer(table, rules, weighed, people or table.size)
    return scorer.at_least(least(weighed.possible), *blocking.pairs(table, rules))


def find_all(records: Iterable[Record]) -> list[Found]:
    """Every likely or possible pair among these registrations, the most likely first."""
    held = list(records)
    if len(held) < 2:
        return []
    _, weighed = shipped()
    rows = zip(*(of.tolist() for of in pairs(columns(held))), strict=True)
    found = [Found(held[a].id, held[b].id, sum_, weighed.verdict(sum_)) for a, b, sum_ in rows]
    return sorted(found, key=lambda f: (-f.millibits, f.one, f.other))


def _scored(candidate: Record, at: int, against: Sequence[Evidence], weighed: Weights) -> Scored:
    hardest = min(against, key=lambda e: int(e.millibits[at]))
    fields = tuple(
        Contribution(f.name, f.levels[levels[at]] if levels[at] >= 0 else "", int(told_[at]))
        for f, levels, told_ in hardest.fields
    )
    sum_ = hardest.prior + sum(c.millibits for c in fields)
    return Scored(candidate.id, sum_, weighed.verdict(sum_), hardest.alternative, hardest.prior, fields)


def _yaml(file: Path) -> dict[str, object]:
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
