"""What holds a publication up. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mirps.evidence.rounds.workflow import Status


class Holds(StrEnum):
    """Why a round cannot be published yet, in the order in which to look at them."""

    STAGE = "stage"  # people still enter
    NOTHING = "nothing"  # no answer is approved by the region
    REQUIRED = "required"  # a required answer was never given
    VALUES = "values"  # answers that were given and are not approved by the region
    SECTIONS = "sections"  # texts that were written, or are required, and are not approved
    CONSENTS = "consents"  # stories of people whose consent does not hold
    CONTRADICTIONS = "contradictions"  # nobody has answered them
    REPORT = "report"  # the report would not be proved


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that holds the publication up: of which State (empty: the region), how many."""

    holds: Holds
    state: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class StateFacts:
    """How a State's part stands: values and sections by status, what is lacking and open."""

    values: Mapping[Status, int]
    sections: Mapping[Status, int]
    required_empty: int = 0
    required_sections_empty: int = 0
    contradictions: int = 0
    unconsented: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """The news as it is to be published."""

    title_es: str
    title_en: str
    text_es: str
    text_en: str


#: Statuses of an answer that needs nothing more before it is published, or is not published at all.
SETTLED = (Status.EMPTY, Status.REGION, Status.PUBLISHED)


def blocks(
    *, closed: bool, facts: Mapping[str, StateFacts], without: Collection[str], report_faults: int
) -> list[Block]:
    """Everything that holds a round up. `facts` by State (empty: the region's own texts);
    `without`: States that the round is published without, which hold nothing up.
    """
    out: list[Block] = []
    if not closed:
        out.append(Block(Holds.STAGE))
    live = {s: f for s, f in facts.items() if s not in without}
    if not any(f.values.get(Status.REGION) for f in live.values()):
        out.append(Block(Holds.NOTHING))
    found: Sequence[tuple[Holds, Mapping[str, int]]] = (
        (Holds.REQUIRED, {s: f.required_empty for s, f in live.items()}),
        (Holds.VALUES, {s: _open(f.values) for s, f in live.items()}),
        (Holds.SECTIONS, {s: _open(f.sections) + f.required_sections_empty for s, f in live.items()}),
        (Holds.CONSENTS, {s: f.unconsented for s, f in live.items()}),
        (Holds.CONTRADICTIONS, {s: f.contradictions for s, f in live.items()}),
    )
    for holds, counts in found:
        out += [Block(holds, s, n) for s, n in counts.items() if n]
    if report_faults:
        out.append(Block(Holds.REPORT, "", report_faults))
    return out


def _open(counts: Mapping[Status, int]) -> int:
    return sum(n for s, n in counts.items() if s not in SETTLED)
