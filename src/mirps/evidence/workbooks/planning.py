"""What taking a workbook in would do, cell by cell, before anything is done. Pure.

Three things are compared: what the workbook was made from, what it says now, and what stands now. What
nobody filled in is left alone even if others changed it; what both changed is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mirps.evidence.entries.api import Given, Line, counted, faults, given_in, writable
from mirps.evidence.rounds.api import Stage, Status
from mirps.evidence.workbooks.rules import Column, Fault, Raw, Read, Row, key_of, says
from mirps.evidence.workbooks.typed import Language, shown, typed

if TYPE_CHECKING:
    from mirps.evidence.entries.api import Cell


class Fate(StrEnum):
    """What becomes of one cell of a workbook."""

    WRITE = "write"
    SAME = "same"  # it says what stands, or nobody filled it in
    CONFLICT = "conflict"  # somebody else changed it since the workbook was made
    WRONG = "wrong"


class Choice(StrEnum):
    """What to do in a conflict."""

    LEAVE = "leave"  # keep mine beside theirs, to be chosen later
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Before:
    """A version of a cell: what it said, who wrote it, whether by this same workbook, filled in further."""

    given: Given
    by: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of the workbook. `base` is the version on which it would be written."""

    key: str
    fate: Fate
    line: Line
    cell: Cell
    mine: Given
    base: int
    place: str = ""  # sheet and cell
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done. `faults` are all of them, those of cells included."""

    items: tuple[Item, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()
    signature: str = ""
    lang: str = "es"

    def of(self, fate: Fate) -> list[Item]:
        return [i for i in self.items if i.fate is fate]

    @property
    def fatal(self) -> bool:
        return any(f.whole for f in self.faults)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan stands on: the round's cells for the institution, and the versions of each since
    the workbook was made (by cell, from the workbook's version on)."""

    round: str
    institution: str
    stage: Stage
    lines: Sequence[Line]
    versions: Mapping[int, Mapping[int, Before]] = field(default_factory=dict)

    def cells(self) -> dict[str, tuple[Line, Cell]]:
        return {key_of(x.ask, c.dimensions): (x, c) for x in self.lines for c in x.cells}


def misplaced(read: Read, round: str, institution: str) -> list[Fault]:
    """Why a workbook cannot be taken in here: it is another round's or another institution's."""
    out = []
    if read.meta.round != round:
        out.append(Fault("other-round", {"theirs": read.meta.round, "here": round}, whole=True))
    if read.meta.institution != institution:
        out.append(
            Fault("other-institution", {"theirs": read.meta.institution, "here": institution}, whole=True)
        )
    return out


def plan(read: Read, ground: Ground, words: Language) -> Plan:
    """What taking the workbook in would do: every cell's fate, every fault."""
    wrong = misplaced(read, ground.round, ground.institution)
    if ground.stage not in (Stage.OPEN, Stage.CLOSED):
        wrong.append(Fault(f"round-{ground.stage.value}", whole=True))
    if wrong:
        return Plan(faults=(*wrong, *read.faults), remarks=read.remarks, signature=read.signature)
    cells = ground.cells()
    items: list[Item] = []
    found = list(read.faults)
    remarks = list(read.remarks)
    for key, row in read.rows.items():
        if key not in cells:
            found.append(Fault("withdrawn", sheet=row.sheet, cell=str(row.number), found=key, row=key))
            continue
        line, cell = cells[key]
        item, said = _item(row, line, cell, read.meta.cells[key], ground, words)
        items.append(item)
        found += item.faults
        if item.fate is not Fate.SAME:
            remarks += said
    if fresh := [k for k in cells if k not in read.meta.cells]:
        remarks.append(Fault("asked-since", {"n": len(fresh)}))
    return Plan(tuple(items), tuple(found), tuple(remarks), read.signature, read.meta.lang)


def _item(
    row: Row, line: Line, cell: Cell, version: int, ground: Ground, words: Language
) -> tuple[Item, tuple[Fault, ...]]:
    held = given_in(cell)
    since = ground.versions.get(cell.pk, {})
    was = since[version].given if version in since else Given() if version == 0 else held
    base = version
    # What the same person brought in earlier with this very workbook is no other's change.
    own = version < cell.version and all(
        v in since and since[v].own for v in range(version + 1, cell.version + 1)
    )
    if own:
        was, base = held, cell.version
    said = typed(row, line.ask.unit, held, words)
    raw = row.cells[Column.VALUE]
    item = Item(row.key, Fate.SAME, line, cell, said.given, base, f"{row.sheet}!{raw.address}", said.faults)
    if said.faults:
        return replace(item, fate=Fate.WRONG), said.remarks
    mine = says(said.given, words.lang)
    if mine in (says(held, words.lang), says(was, words.lang)):
        return item, ()
    wrong = tuple(_wrong(row, raw, said.given, line, cell, ground.stage))
    if wrong:
        return replace(item, fate=Fate.WRONG, faults=wrong), said.remarks
    met = base != cell.version
    return replace(item, fate=Fate.CONFLICT if met else Fate.WRITE), said.remarks


def _wrong(row: Row, raw: Raw, mine: Given, line: Line, cell: Cell, stage: Stage) -> list[Fault]:
    """Why what somebody filled in cannot be taken."""

    def at(key: str, **values: object) -> Fault:
        return Fault(key, values, row.sheet, raw.address, shown(raw), row.key)

    out = []
    if row.merged:
        out.append(at("merged"))
    if row.hidden:
        out.append(at("hidden"))
    if locked := writable(stage, Status(cell.status)):
        return [*out, at(f"locked-{locked.rpartition('.')[2]}")]
    for hint in faults(mine, line.ask, whole=counted(line.ask.unit)):
        out.append(at(hint.key.rpartition(".")[2], **hint.values))
    return out


def lacking(plan: Plan, choices: Mapping[str, Choice]) -> bool:
    """Whether anything stands in the way of taking all of it: a fault, or a conflict not decided."""
    open_ = [i for i in plan.of(Fate.CONFLICT) if choices.get(i.key, Choice.LEAVE) is Choice.LEAVE]
    return bool(plan.faults or open_)
