"""Which interpreter fits, in which order, and why: "why this one", "why not that one". Pure.

What rules somebody out is never weighed against what speaks for them. A person's wish on the interpreter's gender
and on countries is honoured; where nobody fits so, whoever fits but for the wish is offered, and that is said.
Among those who fit, the reasons are compared one after the other, so that "before X because …" is one reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from mirps.casework.appointments.rules import Mode

#: lists/language-levels.csv, the best first.
LEVELS = ("mother", "speaks")
#: What a conflict may be.
CONFLICTS = ("kin", "agent", "community", "unwanted", "other")


@dataclass(frozen=True, slots=True)
class Speech:
    language: str
    dialect: str = ""
    level: str = "speaks"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An interpreter as matching sees them; `conflicts`: sorts that stand for this case; `served`: how often they
    were at this case's appointments; `rating`: the mean of 1 to 5, with how many."""

    id: UUID
    gender: str
    speaks: tuple[Speech, ...]
    modes: frozenset[Mode]
    nationality: str = ""
    origin: str = ""  # municipality or community
    conflicts: frozenset[str] = frozenset()
    served: int = 0
    rating: Decimal | None = None
    rated: int = 0
    hour: Decimal = Decimal(0)
    free: bool = True
    ended: bool = False
    until: date | None = None  # the first day on which they are no longer in the registry
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Need:
    language: str
    dialect: str = ""
    mode: Mode = Mode.PERSON
    gender: str = ""  # the person's wish; empty: none
    not_of: frozenset[str] = frozenset()  # countries whose people the person does not want
    origins: frozenset[str] = frozenset()  # where the person is from


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: a key of texts (appointments.match.…) and what fills it."""

    key: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    candidate: Candidate
    because: tuple[Why, ...] = ()  # what speaks for them
    against: tuple[Why, ...] = ()  # what rules them out, or the wish that they do not meet
    before: Why | None = None  # why they come before the next


@dataclass(frozen=True, slots=True)
class Match:
    fit: tuple[Judged, ...]
    unfit: tuple[Judged, ...]
    wish_unmet: bool = False  # nobody fits as the person wished: those in `fit` do but for the wish

    @property
    def best(self) -> Judged | None:
        return self.fit[0] if self.fit else None


def match(need: Need, candidates: Iterable[Candidate]) -> Match:
    """Every candidate once: in `fit`, the best first, or in `unfit` with every reason."""
    fit: list[Judged] = []
    wished_otherwise: list[Judged] = []
    unfit: list[Judged] = []
    for c in sorted(candidates, key=lambda c: c.id):
        ruled_out, wish = _ruled_out(need, c), _against_wish(need, c)
        judged = Judged(c, tuple(_because(need, c)), (*ruled_out, *wish))
        (unfit if ruled_out else wished_otherwise if wish else fit).append(judged)
    unmet = not fit and bool(wished_otherwise)
    offered = wished_otherwise if unmet else fit
    offered.sort(key=lambda j: [rank for _, rank in _order(need, j.candidate)])
    return Match(tuple(_with_before(need, offered)), (*(() if unmet else wished_otherwise), *unfit), unmet)


def speech(need: Need, c: Candidate) -> Speech | None:
    """How they speak what is needed: the dialect that is asked for before any other."""
    found = [s for s in c.speaks if s.language == need.language and s.level in LEVELS]
    return min(found, key=lambda s: (not _same(s.dialect, need.dialect), LEVELS.index(s.level)), default=None)


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold().strip() == other.casefold().strip()


def _ruled_out(need: Need, c: Candidate) -> tuple[Why, ...]:
    out = [Why(f"conflict.{sort}") for sort in CONFLICTS if sort in c.conflicts]
    if c.ended:
        out.append(Why("ended"))
    if speech(need, c) is None:
        out.append(Why("language"))
    if need.mode not in c.modes:
        out.append(Why("mode"))
    if any(_same(c.origin, o) for o in need.origins):
        out.append(Why("origin"))
    if not c.free:
        out.append(Why("busy"))
    return tuple(out)


def _against_wish(need: Need, c: Candidate) -> tuple[Why, ...]:
    out = []
    if need.gender and c.gender != need.gender:
        out.append(Why("gender-not"))
    if c.nationality and c.nationality in need.not_of:
        out.append(Why("nationality-not"))
    return tuple(out)


def _because(need: Need, c: Candidate) -> Iterable[Why]:
    s = speech(need, c)
    if s is not None:
        if need.dialect and _same(s.dialect, need.dialect):
            yield Why("dialect", (("dialect", s.dialect),))
        elif need.dialect:
            yield Why("dialect-not", (("dialect", need.dialect),))
        yield Why(f"level.{s.level}")
    if need.gender and c.gender == need.gender:
        yield Why("gender")
    if c.served:
        yield Why("served", (("n", c.served),))
    if c.rating is not None:
        yield Why("rating", (("rating", c.rating), ("n", c.rated)))


def _order(need: Need, c: Candidate) -> list[tuple[str, object]]:
    """What is compared, the weightiest first; less is better. The id last: the same candidates, the same order."""
    s = speech(need, c)
    level = LEVELS.index(s.level) if s else len(LEVELS)
    return [
        ("wish", len(_against_wish(need, c))),
        ("dialect", not (s is not None and _same(s.dialect, need.dialect))),
        ("level", level),
        ("served", not c.served),
        ("rating", -(c.rating if c.rating is not None else Decimal(3))),  # not yet rated: in the middle
        ("hour", c.hour),
        ("nothing", c.id),
    ]


def _with_before(need: Need, ranked: list[Judged]) -> Iterable[Judged]:
    for n, one in enumerate(ranked):
        if n + 1 == len(ranked):
            yield one
            return
        pairs = zip(_order(need, one.candidate), _order(need, ranked[n + 1].candidate), strict=True)
        key = next(k for (k, a), (_, b) in pairs if a != b)
        yield Judged(one.candidate, one.because, one.against, Why(f"before.{key}"))
