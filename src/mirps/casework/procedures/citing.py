"""What an assessment cites of a country of origin: how it stands among the values of its event. Pure.

A citation is a copy of what was cited as it then was, with the id and the version of its source: whatever becomes
of the source, the case keeps telling what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

#: Among the values of an event; no field of a procedure bears the name.
CITED = "cited"
#: Citations of one act; characters of a passage (a page, a paragraph) and of what it is used for.
MOST, PASSAGE, USE = 20, 300, 1_000
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Citation:
    """`published`: ISO 8601. `source` with `version` names what was cited; the rest is how that stood."""

    source: str
    version: int
    title: str
    publisher: str
    country: str  # alpha-3
    published: str
    address: str
    passage: str = ""
    use: str = ""

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.published)

    @property
    def line(self) -> str:
        """As a paper lists it: publisher, title, day, place, address."""
        parts = (f"{self.publisher}: {self.title}", self.published, self.passage, self.address)
        return ", ".join(p for p in parts if p)


_KEYS = {f.name for f in fields(Citation)}


def is_cited(value: object) -> bool:
    """Can it stand among an event's values?"""
    return isinstance(value, list) and 0 < len(value) <= MOST and all(_fits(v) for v in value)


def _fits(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != _KEYS or type(value["version"]) is not int:
        return False
    texts = [v for k, v in value.items() if k != "version"]
    if not all(isinstance(v, str) and len(v) <= _LONGEST for v in texts):
        return False
    try:
        date.fromisoformat(value["published"])
        UUID(value["source"])
    except ValueError:
        return False
    return (
        bool(value["title"])
        and value["address"].startswith(("https://", "http://"))
        and len(value["passage"]) <= PASSAGE
    )


def citations(values: Mapping[str, Any]) -> tuple[Citation, ...]:
    """What an event cites; nothing where it cites nothing."""
    found = values.get(CITED)
    return tuple(Citation(**v) for v in found) if is_cited(found) and found else ()
