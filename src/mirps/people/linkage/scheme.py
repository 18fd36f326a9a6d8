"""How a registration becomes a row of bits, as data (data/registration/linkage.yaml). Pure.

A *part* is a list of ingredients; every combination of their values is a token, and each token sets some bits. No
part is a name alone: each is salted by something else of the same person (the year with a name and a surname, a
pair of letters with the whole date of birth), so that no token is frequent enough to be guessed by how often it
comes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

#: What a part may be made of; `letters` are pairs of letters of a name's sound. `day` is day and month in no order.
INGREDIENTS = frozenset(
    ["given", "surname", "givens", "surnames", "letters", "year", "day", "document", "phone"]
)
#: What is told of a person, as an agreement names it, by ingredient.
TELLS = {"year": "birth", "day": "birth", "document": "documents", "phone": "phones"}


@dataclass(frozen=True, slots=True)
class Part:
    of: tuple[str, ...]
    bits: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How well rows of this scheme find who is in two made-up registers of `people` each, a share of them in `both`
    (docs/linkage.md)."""

    people: int
    both: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """`size`: bits of a row. `taps`: how many bits of the filter go, exclusively or, into each bit that leaves.
    `threshold`: from which likeness on (0 to 1) two rows are one person's. `groups`: the members of each
    dimension that is counted by; the last stands for the rest."""

    version: int
    size: int
    taps: int
    threshold: float
    parts: tuple[Part, ...]
    groups: Mapping[str, tuple[str, ...]]
    measured: Measured | None = None

    @property
    def digest(self) -> str:
        """What both sides and whoever compares must have alike."""
        told = [self.version, self.size, self.taps, self.threshold, [[*p.of, p.bits] for p in self.parts],
                {name: list(members) for name, members in self.groups.items()}]  # fmt: skip
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def attributes(self) -> tuple[str, ...]:
        """What of a person goes into a row, in order."""
        return tuple(sorted({TELLS.get(i, "names") for p in self.parts for i in p.of}))


def read(given: Mapping[str, Any]) -> Scheme:
    """Raises ValueError for a scheme that could not be encoded, naming what is wrong."""
    parts = tuple(Part(tuple(p["of"]), int(p["bits"])) for p in given["parts"])
    size, taps, threshold = int(given["size"]), int(given["taps"]), float(given["threshold"])
    if unknown := {i for p in parts for i in p.of} - INGREDIENTS:
        raise ValueError(
            f"linkage.yaml: parts: {', '.join(sorted(unknown))}: one of {', '.join(sorted(INGREDIENTS))}"
        )
    if size not in (512, 1024, 2048, 4096, 8192):
        raise ValueError(f"linkage.yaml: size: {size}: 512, 1024, 2048, 4096 or 8192")
    if not 1 <= taps <= 5 or not 0 < threshold < 1 or any(not 1 <= p.bits <= 256 for p in parts):
        raise ValueError("linkage.yaml: taps 1 to 5, threshold between 0 and 1, bits of a part 1 to 256")
    groups = {str(name): tuple(map(str, members)) for name, members in given["groups"].items()}
    if any(not 1 < len(members) <= 200 for members in groups.values()):
        raise ValueError("linkage.yaml: groups: 2 to 200 members each")
    measured = Measured(**given["measured"]) if "measured" in given else None
    return Scheme(int(given["version"]), size, taps, threshold, parts, groups, measured)
