"""Opening a round, and telling its people that it opened, moved its dates, closed or was published."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.notices import api as notices
from mirps.evidence.entries import api as entries
from mirps.evidence.narratives import api as narratives
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage

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


def open_round(*, round: str, by: str, at: datetime, reason: str = "") -> dict[str, int]:
    """Make the cells and texts that a round asks for, open it and tell its people: how many there are of each.
    Raises RoundFault."""
    with transaction.atomic():
        cells = entries.prepare(round=round)
        texts = narratives.prepare(round=round, by=by, at=at)
        held = rounds.turn(round=round, to=Stage.OPEN, by=by, at=at, reason=reason)
        return {"cells": cells, "texts": texts, "told": tell(round=held, kind="opened", by=by, at=at)}


def close_round(*, round: str, by: str, at: datetime, reason: str = "") -> None:
    """Close a round and tell its people. Raises RoundFault."""
    with transaction.atomic():
        held = rounds.turn(round=round, to=Stage.CLOSED, by=by, at=at, reason=reason)
        tell(round=held, kind="closed", by=by, at=at)


def tell(*, round: Round, kind: str, by: str, at: datetime, state: str = "", institution: str = "") -> int:
    """Tell everyone with a part in the round; returns how many were told."""
    about = notices.About(round=round.code, state=state, institution=institution)
    to = workers(round, at, state=state, institution=institution)
    return notices.tell(to=to, kind=kind, about=about, by=by, at=at, params={})
