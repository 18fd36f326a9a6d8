"""Of which cell of a round a computed figure speaks, and why one speaks of none. Pure.

Nothing ties an indicator to an ask but the codes that both use: its file names measure, unit, population, stage
and series (data/indicators), the round asks by the same lists. So a new indicator or round needs no Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mirps.evidence.figures.api import Figure
from mirps.evidence.rounds.api import Ask

#: What a figure and an ask must say alike, in the order in which a difference is told.
ALIKE = ("measure", "unit", "population", "stage", "universe", "place", "series")


class Why(StrEnum):
    """Why a computed figure fits no cell, the first that holds."""

    UNASKED = "unasked"  # the State is asked nothing of its measure
    DIFFERS = "differs"  # its measure is asked about, but otherwise
    BREAKDOWN = "breakdown"  # this member of a breakdown is not asked about
    PERIOD = "period"  # it speaks of a time that is not asked about


@dataclass(frozen=True, slots=True)
class Proposal:
    """The computed figure that stands beside a cell. `whole`: it speaks of all the time that is asked about, or of
    its very day; else of a part of it so far."""

    figure: Figure
    whole: bool

    def says(self, value: Decimal | None, absence: str) -> bool:
        """Whether what was counted is this."""
        return (value, absence) == (self.figure.value, self.figure.absence)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A computed figure that fits no cell. `ask`: the code of what comes nearest, `differs`: in what it is not."""

    figure: Figure
    why: Why
    ask: str = ""
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that a figure may speak of: its key, what is asked, with which dimensions, since when."""

    key: int
    ask: Ask
    dimensions: str
    starts: date


def latest(computed: Iterable[Figure]) -> list[Figure]:
    """Of the figures that differ in nothing but their end, the one that reaches furthest, then the one known last."""
    found: dict[tuple[object, ...], Figure] = {}
    for f in sorted(computed, key=lambda f: (f.when or date.min, str(f.known_at or ""), f.id)):
        found[(_about(f, f.dimensions), f.period_start)] = f
    return list(found.values())


def fitted(computed: Iterable[Figure], places: Sequence[Place]) -> tuple[dict[int, Proposal], list[Misfit]]:
    """Cell -> its proposal, and the figures that fit no cell, in the order of their ids."""
    by_subject: dict[tuple[str, ...], list[Figure]] = {}
    every = latest(computed)
    for f in every:
        by_subject.setdefault(_about(f, f.dimensions), []).append(f)
    fits, used = {}, set()
    for p in places:
        of = [f for f in by_subject.get(_about(p.ask, p.dimensions), ()) if _within(f, p.ask, p.starts)]
        used |= {f.id for f in of}
        if of:
            best = max(of, key=lambda f: f.when or date.min)
            fits[p.key] = Proposal(best, _whole(best, p.ask))
    asks = list({p.ask.code: p.ask for p in places}.values())
    held = {(p.ask.code, p.dimensions) for p in places}
    left = sorted((f for f in every if f.id not in used), key=lambda f: f.id)
    return fits, [_explained(f, asks, held) for f in left]


def _about(of: Figure | Ask, dimensions: str) -> tuple[str, ...]:
    return (of.state, *(getattr(of, name) for name in ALIKE), dimensions)


def _within(f: Figure, ask: Ask, starts: date) -> bool:
    """Whether the figure's time lies in what is asked about. A flow must begin where it does: what is counted since
    another day is another number; a stock of any day of the round so far is its latest word."""
    if ask.as_of:
        return f.as_of is not None and min(starts, ask.as_of) <= f.as_of <= ask.as_of
    if ask.period_end:
        return (
            f.period_start == ask.period_start and f.period_end is not None and f.period_end <= ask.period_end
        )
    return True


def _whole(f: Figure, ask: Ask) -> bool:
    """Whether it reaches to the end of what is asked about, and was known no earlier than that."""
    known = f.known_at is None or f.when is None or f.known_at.date() >= f.when
    return known and f.when == (ask.as_of or ask.period_end or f.when)


def _explained(f: Figure, asks: Sequence[Ask], held: set[tuple[str, str]]) -> Misfit:
    near = [(_differs(f, a), a) for a in asks if a.state == f.state and a.measure == f.measure]
    if not near:
        return Misfit(f, Why.UNASKED)
    differs, ask = min(near, key=lambda n: (len(n[0]), n[1].code))
    if differs:
        return Misfit(f, Why.DIFFERS, ask.code, differs)
    if not any((a.code, f.dimensions) in held for none, a in near if not none):
        return Misfit(f, Why.BREAKDOWN, ask.code)
    return Misfit(f, Why.PERIOD, ask.code)


def _differs(f: Figure, ask: Ask) -> tuple[str, ...]:
    return tuple(name for name in ALIKE if getattr(f, name) != getattr(ask, name))
