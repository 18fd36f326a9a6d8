"""Who sees what of a proposal, and when: the one rule that every door asks. Pure.

Denied unless a line here allows it. The first reading is blind: a reader sees neither whose proposal it is
nor what other readers gave until all of it is in. A recused member sees nothing of the proposal, not even
which one it is. Nobody sees the readings of their own proposal, whatever other role they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mirps.planning.calls.rules import Stage


class What(StrEnum):
    """What there is to see of a proposal."""

    COUNT = "count"  # that so many came in
    CONTENT = "content"  # what it says, without what names the applicant
    NAME = "name"  # whose it is, and answers, papers and plan nodes that say so
    OWN_SHEET = "own-sheet"  # the scores that the person gave
    SHEETS = "sheets"  # what each reader gave, and the ranking made of it
    PROGRESS = "progress"  # which readers are done, without what they gave
    RECUSALS = "recusals"  # who is kept away from it, and why
    DELIBERATION = "deliberation"  # what is proposed to be decided, who agreed
    RESULT = "result"  # what was decided and why
    FEEDBACK = "feedback"  # the means by criterion, no reader named
    CHECK = "check"  # whether it passes the tests, and what a person made of it


@dataclass(frozen=True, slots=True)
class Person:
    """A person before one proposal.

    `sits`: holds a seat on the committee; `declared`: has declared what ties them; `recused`: a recusal
    holds (proposed or confirmed); `owns`: may write for the institution that applies; `runs`: runs calls.
    """

    owns: bool = False
    sits: bool = False
    declared: bool = False
    recused: bool = False
    runs: bool = False


NOBODY = Person()


def may_see(person: Person, what: What, stage: Stage, *, selected: bool = False) -> bool:
    """Whether `person` may see `what` of a proposal while its call stands at `stage`.

    `selected`: it was selected, and what was decided of it is public once applicants are told.
    """
    told = stage is Stage.TOLD
    if what is What.RESULT and told and selected:
        return True
    if what is What.COUNT:
        return person.runs or stage.rank >= Stage.CLOSED.rank
    if person.owns:
        return what in _OWNER or (told and what in (What.RESULT, What.FEEDBACK))
    if person.recused:
        return False
    if person.runs:
        return what in _RUNNER.get(stage, frozenset())
    if person.sits and person.declared:
        return what in _READER.get(stage, frozenset())
    return False


_OWNER = frozenset({What.CONTENT, What.NAME})
_BLIND = frozenset({What.CONTENT, What.OWN_SHEET})
_ALL_READ = _BLIND | {What.NAME, What.SHEETS, What.PROGRESS, What.RECUSALS, What.DELIBERATION}
_READER = {
    Stage.READING: _BLIND,
    Stage.DISCUSSION: _ALL_READ,
    Stage.TOLD: _ALL_READ | {What.RESULT, What.FEEDBACK},
}
_CHECKER = frozenset({What.CONTENT, What.NAME, What.CHECK, What.RECUSALS})
_RUNNER = {
    # Sealed until it closes: whoever runs the call counts what came in, and reads none of it.
    Stage.CLOSED: _CHECKER,
    Stage.READING: _CHECKER | {What.PROGRESS},
    Stage.DISCUSSION: _CHECKER | {What.PROGRESS, What.SHEETS, What.DELIBERATION},
    Stage.TOLD: _CHECKER | {What.PROGRESS, What.SHEETS, What.DELIBERATION, What.RESULT, What.FEEDBACK},
}


def may_score(person: Person, stage: Stage) -> bool:
    """Whether a person gives scores now: who owns, runs or is recused never does."""
    free = person.sits and person.declared and not (person.recused or person.owns or person.runs)
    return free and stage in (Stage.READING, Stage.DISCUSSION)


def may_deliberate(person: Person, stage: Stage) -> bool:
    return may_score(person, stage) and stage is Stage.DISCUSSION
