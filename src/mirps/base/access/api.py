"""The door to access: who may do what."""

from __future__ import annotations

from datetime import date

from mirps.base.access.actions import AccessFault, end_role, give_role, set_mandates, sit_down
from mirps.base.access.directories import Directory
from mirps.base.access.inviting import GOOD_FOR, accept, first_administrator, invite, invited, make_account
from mirps.base.access.mending import end_sessions, forget_second_factors
from mirps.base.access.models import Delegation, Invitation, RoleAssignment, User
from mirps.base.access.queries import (
    Account,
    able,
    grant,
    grants_of,
    holdings,
    mandates,
    must_use_second_factor,
)
from mirps.base.access.rules import (
    ALLOWED,
    OF_A_BODY,
    PRESIDENCY,
    Grant,
    Mandate,
    Term,
    follow,
    in_force,
    may,
    may_vouch,
    role_for,
    same_person,
    writes,
)
from mirps.base.access.sealing import CannotOpen, seal, unseal
from mirps.base.access.standing_in import delegations_of, lend, lendable, stand_ins, take_back

__all__ = [
    "ALLOWED",
    "GOOD_FOR",
    "OF_A_BODY",
    "PRESIDENCY",
    "AccessFault",
    "Account",
    "CannotOpen",
    "Delegation",
    "Directory",
    "Grant",
    "Invitation",
    "Mandate",
    "NotAllowed",
    "RoleAssignment",
    "Term",
    "User",
    "able",
    "accept",
    "allowed",
    "delegations_of",
    "end_role",
    "end_sessions",
    "first_administrator",
    "follow",
    "forget_second_factors",
    "give_role",
    "grant",
    "grants_of",
    "holdings",
    "in_force",
    "invite",
    "invited",
    "lend",
    "lendable",
    "make_account",
    "mandates",
    "may",
    "may_vouch",
    "must_use_second_factor",
    "require",
    "role_for",
    "same_person",
    "seal",
    "set_mandates",
    "sit_down",
    "stand_ins",
    "take_back",
    "unseal",
    "writes",
]


class NotAllowed(Exception):
    """The role held does not allow the act. Carries the act and the State for the page to explain."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} for {state or 'the region'} is not allowed")
        self.act = act
        self.state = state


def allowed(user: User, act: str, *, state: str, on: date, body: str = "") -> bool:
    return user.is_active and may(grants_of(user, on=on), act, state=state, on=on, body=body)


def require(user: User, act: str, *, state: str, on: date, body: str = "") -> None:
    """Raises NotAllowed unless the user holds a role that allows the act."""
    if not allowed(user, act, state=state, on=on, body=body):
        raise NotAllowed(act, state)
