"""Telling the people of a round that it opened, moved its dates, closed or was published."""

from __future__ import annotations

from datetime import datetime

from mirps.base.access import api as access
from mirps.base.notices import api as notices
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round

#: Acts by which somebody has a part in a round.
PART = (
    "entry.write", "entry.submit", "entry.review", "entry.approve-state", "entry.review-region",
    "entry.approve-region", "narrative.write", "round.setup", "round.publish",
)  # fmt: skip


def workers(round: Round, at: datetime, *, state: str = "", institution: str = "") -> list[access.User]:
    """Who has a part in the round (of a State, of an institution): each person once."""
    asked = set(rounds.asked(round.code, state=state, institution=institution)
                .order_by().values_list("state", "institution"))  # fmt: skip
    places = [*asked, *((s, "") for s in {s for s, _ in asked}), *([("", "")] if not state else [])]
    on = at.date()
    held = access.holdings(on=on)
    found = (access.able(held, act, state=s, on=on, body=body) for s, body in places for act in PART)
    return list(dict.fromkeys(user for users in found for user in users))


def tell(*, round: Round, kind: str, by: str, at: datetime, state: str = "", institution: str = "") -> int:
    """Tell everyone with a part in the round; returns how many were told."""
    about = notices.About(round=round.code, state=state, institution=institution)
    to = workers(round, at, state=state, institution=institution)
    return notices.tell(to=to, kind=kind, about=about, by=by, at=at, params={})
