"""The installation's own vocabulary: which codes its figures may use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.package import RoundPackage, Vocabulary, read_measures, read_round
from mirps.evidence.figures.rules import Measure


@cache
def measures() -> Mapping[str, Measure]:
    """The catalogue of measures, by code. Our own proposal, and labelled so on the pages."""
    return read_measures(codelists.data_folder() / "measures" / "measures.csv")


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(
        measures=measures(),
        states=frozenset(codelists.states()),
        populations=frozenset(codelists.populations()),
        units=frozenset(codelists.units()),
        sectors=frozenset(codelists.sectors()),
        documents=frozenset(codelists.documents()),
        sources=frozenset(codelists.institutions()),
        dimensions={k: frozenset(v) for k, v in codelists.dimensions().items()},
    )


def round_folder(code: str) -> Path:
    return codelists.data_folder() / "rounds" / code


def read_own_round(code: str) -> RoundPackage:
    """A round of this installation's data folder, by its code."""
    return read_round(round_folder(code), vocabulary())
