"""A round as something people do: what is asked of whom, by when. Pure: no Django, no clock.

A round asks institutions for measures. Each thing asked (`Ask`) has cells: the total, and one for
each member of what it is broken down by, with 'unknown' beside them. A cell is what one value is
written into, and becomes one figure of the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import product

from mirps.evidence.figures.api import UNKNOWN, Figure, canonical_dimensions, parse_dimensions
from mirps.evidence.rounds.workflow import Status


class Kind(StrEnum):
    LOADED = "loaded"  # read from documents, as the 2024 round was
    ANNUAL = "annual"
    MID_YEAR = "mid-year"
    THEMATIC = "thematic"


class Stage(StrEnum):
    """Where a round stands."""

    LOADED = "loaded"
    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


#: What may follow what. A closed round may be opened again, with a reason.
STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.LOADED: frozenset(),
    Stage.PREPARING: frozenset({Stage.OPEN}),
    Stage.OPEN: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.OPEN, Stage.PUBLISHED}),
    Stage.PUBLISHED: frozenset(),
}


class Due(StrEnum):
    """What a date of a round is for."""

    ENTRY = "entry"  # institutions submit
    STATE = "state"  # the State approves
    REGION = "region"  # the region approves
    PUBLICATION = "publication"


class Change(StrEnum):
    """How a thing asked compares with the last round's. Only `SAME` continues the series."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of one institution.

    `breakdown`: dimensions that the value is broken down by, groups joined by `;`, crossed ones by
    `*` (`sex;age` asks by sex and by age, `sex*age` asks each age of each sex). `dimensions` are
    members that hold for every cell. `low`/`high` are limits in the unit of the measure.
    `previous` is the figure of an earlier round that this one continues or changes.
    """

    code: str
    state: str
    institution: str
    sector: str
    measure: str
    unit: str
    population: str = ""
    dimensions: str = ""
    stage: str = ""
    universe: str = ""
    place: str = ""
    series: str = ""
    period_start: date | None = None
    period_end: date | None = None
    as_of: date | None = None
    breakdown: str = ""
    required: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    change: Change = Change.NEW
    previous: str = ""
    change_es: str = ""
    change_en: str = ""
    guidance_es: str = ""
    guidance_en: str = ""
    order: int = 0


def cells(ask: Ask, members: Mapping[str, Sequence[str]]) -> list[str]:
    """The dimensions of each cell of `ask`: the total first, then each group member by member.

    `members` gives, by dimension, the members that together make its whole (data/codelists).
    KeyError for a dimension that has none.
    """
    fixed = parse_dimensions(ask.dimensions)
    out = [canonical_dimensions(fixed)]
    for group in filter(None, ask.breakdown.split(";")):
        names = group.split("*")
        for combination in product(*([*members[n], UNKNOWN] for n in names)):
            out.append(canonical_dimensions(fixed | dict(zip(names, combination, strict=True))))
    return out


def series_of(ask: Ask, round: str) -> str:
    """The series that the ask's figures belong to. A changed measure begins one of its own, so that
    no chart joins what is not the same."""
    return f"{ask.series}@{round}" if ask.change is Change.CHANGED else ask.series


def figure_id(round: str, ask: Ask, dimensions: str) -> str:
    """The ledger id of a cell's first statement: round, ask, and the members beyond the ask's own."""
    own = parse_dimensions(ask.dimensions)
    extra = [f"{k}-{v}" for k, v in parse_dimensions(dimensions).items() if own.get(k) != v]
    text = "-".join([f"r{round}", ask.code, *extra]).lower().replace("+", "plus").replace("_", "")
    return re.sub(r"[^a-z0-9.-]+", "-", text)[:60].strip("-")


def next_code(state: str, institution: str, taken: Iterable[str]) -> str:
    """A code for one more thing asked of an institution: `hnd-dippdiv-007`."""
    body = institution.rpartition(".")[2].lower() or "ntt"
    stem = re.sub(r"[^a-z0-9]+", "", body)
    used = {int(c[-3:]) for c in taken if c.startswith(f"{state.lower()}-{stem}-") and c[-3:].isdigit()}
    return f"{state.lower()}-{stem}-{max(used, default=0) + 1:03d}"


def propose(figures: Iterable[Figure], *, starts: date, ends: date, national: Mapping[str, str]) -> list[Ask]:
    """What a round would ask if it asked again what the last one stated.

    One ask for each thing that a member State stated about itself (the last statement of it); a
    breakdown by sex or age that was stated becomes a breakdown that is asked. Periods become the new
    round's. `national`: State -> the code of its National Technical Team, for what no institution
    is named for. Comparisons and shares are not asked: they follow from what is.
    """
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for f in sorted(figures, key=lambda f: (str(f.when or ""), f.id)):
        if f.state not in national or f.unit in {"percent", "percent_change", "difference"}:
            continue
        rest = {k: v for k, v in f.members().items() if k not in ("sex", "age")}
        key: tuple[str, ...] = (f.state, _asked_of(f, national), f.measure, f.population, canonical_dimensions(rest),
               f.unit, f.stage, f.universe, f.place, f.series)  # fmt: skip
        groups.setdefault(key, []).append(f)
    asks: list[Ask] = []
    for about, stated in sorted(groups.items()):
        state, institution, rest_of = about[0], about[1], about[4]
        last = stated[-1]
        asks.append(
            Ask(
                code=next_code(state, institution, [a.code for a in asks]),
                state=state,
                institution=institution,
                sector=last.sector,
                measure=last.measure,
                unit=last.unit,
                population=last.population,
                dimensions=rest_of,
                stage=last.stage,
                universe=last.universe,
                place=last.place,
                series=last.series,
                breakdown=_breakdown(stated),
                change=Change.SAME,
                previous=last.id,
                order=len(asks) + 1,
                period_start=None if last.as_of else starts,
                period_end=None if last.as_of else ends,
                as_of=ends if last.as_of else None,
            )
        )
    return asks


def again(ask: Ask, *, round: str, starts: date, ends: date, previous: str) -> Ask:
    """What `round` asked, asked once more: its words and limits stay, its series goes on, its period is
    the new round's. `previous`: the figure it led to, if there is one yet."""
    return replace(
        ask, series=series_of(ask, round), change=Change.SAME, change_es="", change_en="",
        previous=previous or ask.previous,
        period_start=None if ask.as_of else starts, period_end=None if ask.as_of else ends,
        as_of=ends if ask.as_of else None,
    )  # fmt: skip


def _asked_of(f: Figure, national: Mapping[str, str]) -> str:
    own = f.source.startswith(f"{f.state}.")
    return f.source if own else national[f.state]


def _breakdown(stated: Sequence[Figure]) -> str:
    """sex*age when both were stated together, else each that was stated."""
    keys = [frozenset(k for k in f.members() if k in ("sex", "age")) for f in stated]
    if any(len(k) == 2 for k in keys):
        return "sex*age"
    return ";".join(name for name in ("sex", "age") if any(name in k for k in keys))


def counted(ask: Ask) -> tuple[object, ...]:
    """What an ask counts, and in which cells: what may not change under those who answered."""
    return (
        *_series(ask),
        ask.state,
        ask.institution,
        ask.period_start,
        ask.period_end,
        ask.as_of,
        ask.breakdown,
    )


def _series(ask: Ask) -> tuple[object, ...]:
    return (ask.measure, ask.unit, ask.population, ask.dimensions, ask.stage, ask.universe, ask.place)


def moved(ask: Ask, **changes: object) -> Ask:
    """The ask with what was changed; a change of what its series counts makes it `CHANGED`."""
    new = replace(ask, **changes)  # type: ignore[arg-type]
    differs = _series(new) != _series(ask)
    return replace(new, change=Change.CHANGED) if differs and ask.change is Change.SAME else new


def shut(stage: Stage, status: Status) -> str:
    """Nothing while an answer may be written, else why not: the stage of its round, or its own status. In a
    closed round one writes only what was sent back."""
    if stage is Stage.PREPARING or (stage is Stage.CLOSED and status is not Status.RETURNED):
        return stage.value
    if stage not in (Stage.OPEN, Stage.CLOSED):
        return Stage.PUBLISHED.value
    return "" if status in (Status.EMPTY, Status.DRAFT, Status.RETURNED) else status.value
