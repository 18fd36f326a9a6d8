"""Who may not touch a proposal because it is too near to them: pure.

A member of the committee declares what ties them to institutions and States before seeing anything of any
proposal. From that, and from the roles that they hold, the system proposes recusals; a person confirms or
rejects each. Until somebody rejects one it holds. What nobody can reject: one's own proposal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    OWN = "own"  # writes for the institution that applies
    RIVAL = "rival"  # writes for another that applies in the same call
    INSTITUTION = "institution"  # holds a role in it
    STATE = "state"  # is of its State
    DECLARED = "declared"  # declared a tie to the institution or its State
    LATER = "later"  # declared when names were known


class Standing(StrEnum):
    PROPOSED = "proposed"  # holds, until a person looks at it
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


#: What no one can set aside: nobody scores their own proposal, nor against what they said themselves.
ABSOLUTE = frozenset({Why.OWN, Why.RIVAL, Why.DECLARED, Why.LATER})


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a person: States and institutions of their roles, those they may write proposals for,
    and what they declared (codes of States and institutions)."""

    states: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    applies_for: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recusal:
    member: str
    proposal: str
    why: Why
    standing: Standing = Standing.PROPOSED
    decided_by: str = ""
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.standing is not Standing.REJECTED


def nearest(
    ties: Ties, institution: str, state: str, applicants: Iterable[tuple[str, str]] = ()
) -> Why | None:
    """What ties a person to a proposal, the gravest first. None: nothing known does.

    `applicants`: institution and State of every proposal of the call. Whoever may write one of them
    competes for the same money, and touches none of the others.
    """
    if writes_for(ties, institution, state):
        return Why.OWN
    if any(writes_for(ties, i, s) for i, s in applicants):
        return Why.RIVAL
    if institution in ties.declared or (state and state in ties.declared):
        return Why.DECLARED
    if institution in ties.institutions:
        return Why.INSTITUTION
    if state and state in ties.states:
        return Why.STATE
    return None


def writes_for(ties: Ties, institution: str, state: str) -> bool:
    return institution in ties.applies_for or (bool(state) and state in ties.applies_for)


def rejectable(r: Recusal) -> bool:
    return r.why not in ABSOLUTE


def may_decide(by: str, r: Recusal, members: Iterable[str], by_ties: Why | None) -> bool:
    """Whether a person may confirm or reject: neither the member nor anyone of the committee, and nobody
    who is tied to the proposal themselves."""
    return by != r.member and by not in set(members) and by_ties is None
