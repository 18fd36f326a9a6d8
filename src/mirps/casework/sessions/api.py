"""The door to sessions of bodies that decide together.

file = sessions.happen(session=id, what=What.PUT, item=item, act="recognise", seat=seat, at=now)
sessions.happen(session=id, what=What.VOTED, item=item, member=mine, way=Way.FOR, seat=seat, at=now)
"""

from __future__ import annotations

from mirps.casework.sessions.actions import appoint, call, end_term, happen, put_on_agenda, write_paper
from mirps.casework.sessions.bodies import bodies
from mirps.casework.sessions.models import Item, Membership, Session
from mirps.casework.sessions.queries import (
    SessionFile,
    acts_for,
    bodies_of,
    body,
    members,
    of_case,
    session,
    sessions,
    waiting,
)
from mirps.casework.sessions.rules import (
    Ballot,
    Body,
    Held,
    Member,
    OnItem,
    Quorum,
    Result,
    SessionFault,
    Way,
    What,
    sitting,
)
from mirps.casework.sessions.sealing import opened

__all__ = [
    "Ballot", "Body", "Held", "Item", "Member", "Membership", "OnItem", "Quorum", "Result", "Session", "SessionFault",
    "SessionFile", "Way", "What", "acts_for", "appoint", "bodies", "bodies_of", "body", "call", "end_term", "happen",
    "members", "of_case", "opened", "put_on_agenda", "session", "sessions", "sitting", "waiting", "write_paper",
]  # fmt: skip
