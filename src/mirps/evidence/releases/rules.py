"""What becomes of a count on its way out, and how many persons it takes. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mirps.base.refusal import Refusal
from mirps.evidence.figures.rules import TOTAL, parse_dimensions


class Stage(StrEnum):
    REFUSED = "refused"  # the audit found cells that could be inferred
    PROPOSED = "proposed"  # waits for a person
    PROVISIONAL = "provisional"  # went out by what a person had agreed in advance
    APPROVED = "approved"
    DECLINED = "declined"


#: What everybody may know by now.
OUT = (Stage.PROVISIONAL, Stage.APPROVED)
#: What the next count of the same thing takes the place of.
OPEN = (Stage.REFUSED, Stage.PROPOSED, Stage.DECLINED)
#: The step by which the first of two persons approves: it is no stage.
SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Row:
    """A cell as it may be shown. `value` None: `absence` says why; with neither there is nothing to state. `why`:
    why it is hidden, for the office alone. `rounded`: to a multiple of this."""

    code: str
    cell: str
    value: Decimal | None
    absence: str = ""
    why: str = ""
    rounded: int = 0

    def told(self) -> dict[str, Any]:
        return {
            "code": self.code, "cell": self.cell, "value": None if self.value is None else format(self.value, "f"),
            "absence": self.absence, "why": self.why, "rounded": self.rounded,
        }  # fmt: skip


def row(told: Mapping[str, Any]) -> Row:
    """The row that `told` wrote."""
    value = None if told["value"] is None else Decimal(told["value"])
    return Row(told["code"], told["cell"], value, told["absence"], told["why"], told["rounded"])


def members_of(cell: str) -> dict[str, str]:
    """Dimension -> the member that a cell is of; of the total none."""
    return {} if cell == TOTAL else parse_dimensions(cell)


class CannotRelease(Refusal):
    """A release that may not take this step."""


#: Persons who approve a release, by the sensitivity of its indicators.
PERSONS: Mapping[str, int] = {"default": 1}
SENSITIVE = 2


def persons(sensitivities: Iterable[str]) -> int:
    """How many persons must approve: four eyes for everything that is more than figures of people."""
    return max((PERSONS.get(s, SENSITIVE) for s in sensitivities), default=SENSITIVE)


def prove_step(stage: Stage, by: str, approvals: Collection[str]) -> None:
    """Raises CannotRelease unless `by` may approve now."""
    if stage is Stage.REFUSED:
        raise CannotRelease("releases.fault.refused")
    if stage in (Stage.APPROVED, Stage.DECLINED):
        raise CannotRelease(f"releases.fault.{stage}")
    if by.casefold() in {a.casefold() for a in approvals}:
        raise CannotRelease("releases.fault.twice")
