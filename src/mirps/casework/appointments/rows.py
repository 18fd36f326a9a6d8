"""Row security of appointments and interpreters: an institution's own (docs/custody.md). What happened to an
appointment or an order is added and never changed; time that is given back is taken out of what is held."""

from __future__ import annotations

from mirps.casework.cases.rows import RETENTION
from mirps.people.custody import api as custody
from mirps.people.custody.api import OURS, Rows, stands

_MINE = Rows(using=OURS, check=OURS, delete=RETENTION)
_GIVEN_BACK = Rows(using=OURS, check=OURS, delete=OURS)
_SPEAKS = stands("casework_interpreter", "casework_speaks.interpreter_id")

POLICIES = {
    **{
        f"casework_{name}": _MINE
        for name in ("room", "away", "supplier", "interpreter", "conflict", "appointment", "appointmentevent",
                     "order", "orderevent", "turn")
    },
    "casework_hours": _GIVEN_BACK,
    "casework_hold": _GIVEN_BACK,
    "casework_speaks": Rows(using=_SPEAKS, check=_SPEAKS),
}  # fmt: skip
_WHO = 'at, "by", state, institution, office'
_KEPT = {
    "casework_appointmentevent": f"id, appointment_id, what, starts, ends, officer, room_id, interpreter_id, {_WHO}",
    "casework_turn": f"id, whose, what, starts, ends, {_WHO}",
    "casework_orderevent": f"id, order_id, what, hours, rating, {_WHO}",
}


def guard() -> None:
    """Have these tables guarded beside those of people."""
    custody.guard(
        custody.Guards(
            table="casework_appointment", policies=POLICIES, open={}, kept=_KEPT,
            updates={"casework_appointmentevent": "", "casework_orderevent": "", "casework_speaks": "",
                     "casework_turn": ""},
        )
    )  # fmt: skip
