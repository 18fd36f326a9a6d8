"""What is compared and which pairs are looked at, as data (data/registration/duplicates.yaml).

A comparison is a field with a kind; each kind has its levels, from the strongest agreement to none, and is
read from one column (the two of names from both). A rule of blocking is a list of ingredients: two records
with all of them in common are a pair to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NAMES = (
    "both", "swapped", "one+near", "one+far", "one+marriage", "one+differs", "near+near", "near+far", "near+differs",
    "far+differs", "none", "one+absent", "near+absent", "far+absent", "differs+absent", "only", "only-near",
    "only-far", "only-differs", "crossed",
)  # fmt: skip

#: The levels of each kind, in the order of their codes.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "surnames": _NAMES,
    "given": _NAMES,
    "date": (
        "same", "same-january", "exchanged", "one-digit", "years", "january", "years-january", "same-month",
        "same-year", "near-year", "differs",
    ),
    "numbers": ("same", "near", "differs"),
    "area": ("same", "around", "differs"),
    "code": ("same", "differs"),
    "word": ("same", "sounds", "near", "far", "differs"),
}  # fmt: skip

#: What a rule of blocking may be made of, besides the fields of numbers, codes, areas and words: pieces of the
#: date of birth, and sounds of name parts (any of them, the first, or two together).
INGREDIENTS = frozenset(
    ["born", "year", "month", "anniversary", "given", "first-given", "givens", "surname", "surnames"]
)


class SpecFault(ValueError):
    """The specification cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    column: str

    @property
    def levels(self) -> tuple[str, ...]:
        return LEVELS[self.kind]


@dataclass(frozen=True, slots=True)
class Rule:
    """Pairs that share every ingredient. `years`: born at most so many years apart (None: not asked).

    `vague`: one of the two is known by year alone, estimated, or born on 1 January. `most`: what more records
    than this have in common says too little to be looked at.
    """

    by: tuple[str, ...]
    years: int | None = None
    vague: bool = False
    most: int = 400


@dataclass(frozen=True, slots=True)
class Spec:
    """`seeds`: the field that is as good as certain (documents), from which fitting begins. `household`: the
    one that relatives share (telephones); '' where nobody's relatives are expected. `names_by`: the field of
    codes among whose equals a name is rare or common (nationality); '' for everybody alike."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    seeds: str
    household: str = ""
    names_by: str = ""

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


def read(data: Mapping[str, Any]) -> Spec:
    """A specification from its YAML. Raises SpecFault."""
    fields = []
    for name, cell in dict(data.get("fields") or {}).items():
        kind = cell.get("kind")
        if kind not in LEVELS:
            raise SpecFault(f"fields.{name}: no kind {kind!r}; there are {', '.join(LEVELS)}")
        fields.append(Field(name, kind, cell.get("column", name)))
    if not fields:
        raise SpecFault("fields: none")
    seeds, household = str(data.get("seeds", "")), str(data.get("household", ""))
    kinds = {f.name: f.kind for f in fields}
    if kinds.get(seeds) != "numbers" or kinds.get(household, "numbers") != "numbers":
        raise SpecFault(f"seeds, household: {seeds!r} and {household!r} must be fields of numbers")
    names_by = str(data.get("names_by", ""))
    if kinds.get(names_by, "code") != "code":
        raise SpecFault(f"names_by: {names_by!r} must be a field of codes")
    known = INGREDIENTS | {f.name for f in fields if f.kind not in ("given", "surnames", "date")}
    rules = tuple(_rule(n, cell, known) for n, cell in enumerate(data.get("rules") or [], start=1))
    return Spec(tuple(fields), rules, seeds, household, names_by)


def _rule(n: int, cell: Mapping[str, Any], known: frozenset[str]) -> Rule:
    by = tuple(cell.get("by") or ())
    unknown = [i for i in by if i not in known]
    if unknown or not by:
        raise SpecFault(f"rules.{n}: {', '.join(unknown) or 'nothing'} is no ingredient")
    return Rule(by, cell.get("years"), bool(cell.get("vague")), int(cell.get("most", 400)))
