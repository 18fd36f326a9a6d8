"""Row security of sessions: a body's own institution alone. What happened in a session is never changed."""

from __future__ import annotations

from mirps.casework.cases.rows import RETENTION
from mirps.people.custody import api as custody
from mirps.people.custody.api import Rows

_OURS = "state = mirps_seat('state') AND institution = mirps_seat('institution')"
_MINE = Rows(using=_OURS, check=_OURS)
_ITEM = custody.stands("casework_session", "session_id")

POLICIES = {
    "casework_membership": _MINE,
    "casework_session": _MINE,
    "casework_sessionevent": Rows(using=_OURS, check=_OURS, delete=RETENTION),
    "casework_item": Rows(using=_ITEM, check=_ITEM, delete=RETENTION),
}
_KEPT = 'id, session_id, what, item_id, member_id, at, "by", state, institution, office'


def guard() -> None:
    """Have these tables guarded beside those of people."""
    custody.guard(
        custody.Guards(
            table="casework_session", policies=POLICIES, open={},
            kept={"casework_sessionevent": _KEPT},
            updates={"casework_sessionevent": "", "casework_item": "sealed", "casework_membership": "until"},
        )
    )  # fmt: skip
