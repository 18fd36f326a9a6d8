"""How far a thing has come and whether that is well: a light that says why. Pure: `today` is given.

What a figure shows is computed and goes before what somebody states. No data is grey, never green; what is
past its date and not finished is never green. The thresholds are our proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

HUNDRED = Decimal(100)


class Colour(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


class Stage(StrEnum):
    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    IN_REVIEW = "in-review"
    HELD_UP = "held-up"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Pace:
    """When a thing counts as slow. Our proposal."""

    behind: Decimal = Decimal(25)  # points behind an even course
    soon: int = 30  # days before the date in which
    nearly: Decimal = Decimal(75)  # so much should be done
    silent: int = 183  # days without a word


PACE = Pace()


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody says of it. `percent` may be that of a figure, named in `figure`."""

    day: date
    stage: Stage
    percent: Decimal | None = None
    figure: str = ""
    key: str = ""
    document: str = ""  # where it is said
    by: tuple[str, ...] = ()  # institutions that state it


@dataclass(frozen=True, slots=True)
class Point:
    """A value with where it stands: the figures of the ledger it is of (none: written in the plan)."""

    value: Decimal
    day: date | None = None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """What the ledger shows: the value at the start, now, and what is aimed at."""

    now: Point
    baseline: Point | None = None
    target: Decimal | None = None
    unit: str = ""

    @property
    def share(self) -> Decimal | None:
        """Per cent of the way from baseline to target; None where either is lacking or they are the same."""
        if self.baseline is None or self.target is None or self.target == self.baseline.value:
            return None
        way = self.target - self.baseline.value
        return (self.now.value - self.baseline.value) / way * HUNDRED


@dataclass(frozen=True, slots=True)
class Dates:
    """When it begins and must be done. `own`: its own date, not that of the plan it stands in."""

    starts: date | None = None
    due: date | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and why: the key of a sentence and what it is filled with."""

    colour: Colour
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    late: bool = False
    basis: str = ""  # computed | stated | "" (nothing is known)
    percent: Decimal | None = None


def last_said(said: Iterable[Stated], today: date) -> Stated | None:
    """The latest statement about a day that has come."""
    return max((s for s in said if s.day <= today), key=lambda s: (s.day, s.key), default=None)


def light(
    dates: Dates, stated: Stated | None, computed: Computed | None, today: date, pace: Pace = PACE
) -> Light:
    """What colour a thing has on a day, and why."""
    if stated is not None and stated.day > today:
        stated = None
    share = computed.share if computed else None
    percent, basis = _percent(stated, share)
    known = {"day": _heard(stated, computed if share is not None else None), "percent": percent}
    if stated and stated.stage is Stage.DROPPED:
        return Light(Colour.GREY, "dropped", {"day": stated.day}, basis="stated", percent=percent)
    if done := _done(dates, stated, computed, share):
        return done
    left = (dates.due - today).days if dates.due else None
    if left is not None and left < 0 and (dates.own or stated or share is not None):
        return _late(dates, stated, known, -left, basis, percent)
    if stated is None and share is None:
        return _unknown(dates, computed, today)
    why = _slow(dates, stated, percent, known["day"], today, left, pace)
    if why:
        return Light(Colour.AMBER, why[0], {**known, **why[1]}, basis=basis, percent=percent)
    if stated and stated.stage is Stage.NOT_STARTED and share is None:
        return Light(Colour.GREY, "not-begun", {"day": stated.day}, basis=basis, percent=percent)
    told = "on-course" if percent is not None else f"stage.{stated.stage.value}" if stated else "on-course"
    return Light(Colour.GREEN, told, {**known, "due": dates.due}, basis=basis, percent=percent)


def _percent(stated: Stated | None, share: Decimal | None) -> tuple[Decimal | None, str]:
    if share is not None:
        return share, "computed"
    if stated is None:
        return None, ""
    percent = HUNDRED if stated.percent is None and stated.stage is Stage.DONE else stated.percent
    return percent, "computed" if stated.figure and stated.percent is not None else "stated"


def _heard(stated: Stated | None, computed: Computed | None) -> date | None:
    days = [d for d in (stated and stated.day, computed and computed.now.day) if d]
    return max(days, default=None)


def _done(
    dates: Dates, stated: Stated | None, computed: Computed | None, share: Decimal | None
) -> Light | None:
    reached = share is not None and share >= HUNDRED
    if reached and computed is not None:
        return Light(
            Colour.GREEN,
            "reached",
            {"day": computed.now.day, "percent": share},
            basis="computed",
            percent=share,
        )
    if stated is None or stated.stage is not Stage.DONE:
        return None
    if share is not None:
        return Light(
            Colour.AMBER,
            "done-but-figure",
            {"day": stated.day, "percent": share},
            basis="computed",
            percent=share,
        )
    if stated.percent is not None and stated.percent < HUNDRED:
        return Light(
            Colour.AMBER, "done-but-percent", {"day": stated.day, "percent": stated.percent},
            basis="stated", percent=stated.percent,
        )  # fmt: skip
    after = (stated.day - dates.due).days if dates.due and dates.own else 0
    if after > 0:
        return Light(
            Colour.GREEN, "done-after", {"day": stated.day, "days": after}, basis="stated", percent=HUNDRED
        )
    return Light(Colour.GREEN, "done", {"day": stated.day}, basis="stated", percent=HUNDRED)


def _late(
    dates: Dates,
    stated: Stated | None,
    known: Mapping[str, object],
    days: int,
    basis: str,
    percent: Decimal | None,
) -> Light:
    values = {**known, "due": dates.due, "days": days, "stage": stated.stage.value if stated else ""}
    if not basis:
        why = "late-unsaid"
    elif percent is not None:
        why = "late-percent"
    else:
        why = "late-stage"
    heard = known["day"]
    if not dates.own:
        why = f"plan-over-{why.removeprefix('late-')}"
    elif isinstance(heard, date) and dates.due and heard <= dates.due:
        why += "-before"  # the last word is from before its date: nothing is known since
    return Light(Colour.RED, why, values, late=True, basis=basis, percent=percent)


def _unknown(dates: Dates, computed: Computed | None, today: date) -> Light:
    if dates.due and dates.due < today:
        return Light(Colour.GREY, "over-unsaid", {"due": dates.due})
    if dates.starts and dates.starts > today:
        return Light(Colour.GREY, "to-begin", {"day": dates.starts})
    if computed is not None:
        return Light(Colour.GREY, "no-target", {"day": computed.now.day})
    return Light(Colour.GREY, "no-data")


def _slow(
    dates: Dates, stated: Stated | None, percent: Decimal | None, heard: object, today: date, left: int | None,
    pace: Pace,
) -> tuple[str, dict[str, object]] | None:  # fmt: skip
    """Why it goes slower than it should, or None."""
    if stated and stated.stage is Stage.HELD_UP:
        return "held-up", {"day": stated.day}
    if stated and stated.stage is Stage.NOT_STARTED and dates.starts and dates.starts < today:
        return "not-started", {"starts": dates.starts}
    if isinstance(heard, date) and today - heard > timedelta(days=pace.silent):
        return "silent", {"days": (today - heard).days}
    if left is not None and left <= pace.soon and (percent is None or percent < pace.nearly):
        return ("soon-percent" if percent is not None else "soon"), {"due": dates.due, "days": left}
    even = course(dates, today)
    if percent is not None and even is not None and even - percent > pace.behind:
        return "behind", {"even": even}
    return None


def course(dates: Dates, today: date) -> Decimal | None:
    """Per cent that would be done by today on an even course from start to date."""
    if dates.starts is None or dates.due is None or dates.due <= dates.starts:
        return None
    gone = Decimal((today - dates.starts).days) / Decimal((dates.due - dates.starts).days) * HUNDRED
    return min(max(gone, Decimal(0)), HUNDRED)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of the things under one are of each colour. It has no colour of its own."""

    red: int = 0
    amber: int = 0
    green: int = 0
    grey: int = 0
    late: int = 0

    @property
    def all(self) -> int:
        return self.red + self.amber + self.green + self.grey

    @classmethod
    def of(cls, lights: Iterable[Light]) -> Sum:
        n = dict.fromkeys(Colour, 0)
        late = 0
        for found in lights:
            n[found.colour] += 1
            late += found.late
        return cls(n[Colour.RED], n[Colour.AMBER], n[Colour.GREEN], n[Colour.GREY], late)
