"""Instruments and their paragraphs: whom a paragraph addresses, and whether anything follows it. Pure.

A commitment is followed when a record names it (a plan's action, an agreement), when it names what
follows it (an indicator, a meeting), or when figures of the ledger do. Nothing here says that it is
kept: that is for whoever reads what follows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: The parts of an instrument in the order in which it is read.
PARTS = ("preamble", "agreed", "objective", "content")
FAMILIES = ("mirps", "oas", "un", "regional")


@dataclass(frozen=True, slots=True, order=True)
class Actor:
    """Somebody addressed. `sort`: state, institution or body; `code` in the list of that sort."""

    sort: str
    code: str

    def __str__(self) -> str:
        return f"{self.sort}:{self.code}"


def actor_of(text: str) -> Actor | None:
    """The actor of an address's `?actor=state:HND`."""
    sort, _, code = text.partition(":")
    return Actor(sort, code) if sort in ("state", "institution", "body") and code else None


class Follow(StrEnum):
    """How a paragraph stands."""

    DECLARATORY = "declaratory"  # it asks nothing of anybody
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"  # it could be followed, and nothing does
    UNKNOWN = "unknown"  # nothing says what would show it done, and nothing follows it


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One point of an instrument as it stands. `data` are the record's own values."""

    key: str
    of: str  # the instrument's key
    place: int
    data: Mapping[str, Any]
    came: tuple[str, ...] = ()  # keys of the records in force that name it

    @property
    def number(self) -> str:
        return str(self.data.get("number", ""))

    @property
    def part(self) -> str:
        return str(self.data.get("part", "content"))

    @property
    def anchor(self) -> str:
        return "p-" + "".join(c if c.isalnum() else "-" for c in self.key.rpartition(".")[2])

    @property
    def actors(self) -> tuple[Actor, ...]:
        found = [Actor("state", c) for c in self.data.get("states", ())]
        found += [Actor("body", c) for c in self.data.get("bodies", ())]
        return (*found, *(Actor("institution", c) for c in self.data.get("institutions", ())))

    @property
    def tracked_by(self) -> tuple[str, ...]:
        return tuple(self.data.get("tracked-by", ()))

    @property
    def follow(self) -> Follow:
        if self.data.get("nature") == "declaratory":
            return Follow.DECLARATORY
        if self.came or self.tracked_by or self.data.get("series"):
            return Follow.FOLLOWED
        return Follow.UNFOLLOWED if self.data.get("trackable") else Follow.UNKNOWN

    def addresses(self, actor: Actor, areas: Mapping[str, Collection[str]]) -> bool:
        """Whether it addresses the actor by name, or as one of the States of an area (`areas`: area ->
        its States)."""
        if actor in self.actors:
            return True
        if actor.sort != "state":
            return False
        return any(actor.code in areas.get(a.code, ()) for a in self.actors if a.sort == "state")


@dataclass(frozen=True, slots=True)
class Instrument:
    key: str
    place: int
    data: Mapping[str, Any]
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def code(self) -> str:
        return self.key.partition("/")[2]

    @property
    def family(self) -> str:
        return str(self.data.get("family", "regional"))

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.data.get("states", ()))

    def parts(self) -> list[tuple[str, list[Paragraph]]]:
        """Its paragraphs by part, in the order in which they stand."""
        found: dict[str, list[Paragraph]] = {}
        for p in sorted(self.paragraphs, key=lambda p: (p.place, p.key)):
            found.setdefault(p.part, []).append(p)
        return [(part, found[part]) for part in PARTS if part in found]

    def follows(self) -> Counter[Follow]:
        return Counter(p.follow for p in self.paragraphs)


def by_family(found: Iterable[Instrument]) -> list[tuple[str, list[Instrument]]]:
    """Whose they are, and of each family the latest first; one without a date comes last."""
    groups: dict[str, list[Instrument]] = {}
    for i in found:
        groups.setdefault(i.family, []).append(i)
    dated = {f: sorted(g, key=lambda i: (i.place, i.key)) for f, g in groups.items()}
    latest = {
        f: sorted(g, key=lambda i: str(i.data.get("adopted", "")), reverse=True) for f, g in dated.items()
    }
    return [(f, latest[f]) for f in FAMILIES if f in latest]


def addressed(found: Iterable[Instrument]) -> Counter[Actor]:
    """Everyone whom a paragraph that asks something names, and in how many."""
    counted: Counter[Actor] = Counter()
    for i in found:
        for p in i.paragraphs:
            if p.follow is not Follow.DECLARATORY:
                counted.update(p.actors)
    return counted


def of_actor(
    found: Iterable[Instrument], actor: Actor, areas: Mapping[str, Collection[str]]
) -> list[tuple[Instrument, list[Paragraph]]]:
    """The paragraphs that address the actor, by instrument; what only recalls or thanks comes too."""
    out = []
    for i in found:
        mine = [p for _, ps in i.parts() for p in ps if p.addresses(actor, areas)]
        if mine:
            out.append((i, mine))
    return out
