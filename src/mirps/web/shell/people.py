"""`mirps people`: accounts, roles and mandates from the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirps.base.access.api import Mandate


def told_from_above() -> list[Mandate]:
    """The presidency and the team leads as the governance data tell them (data/governance)."""
    from mirps.base.access.api import PRESIDENCY, Term, follow
    from mirps.planning.governance.api import governance

    facts = governance()
    if facts is None:
        return []
    terms = [Term(PRESIDENCY, p.state, p.year, p.starts, p.ends) for p in facts.presidencies]
    terms += [
        Term(t.code, state, year, institution=institution)
        for t in facts.teams
        for year, state, institution in t.leads
    ]
    return follow(terms)
