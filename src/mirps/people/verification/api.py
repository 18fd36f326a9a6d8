"""The door to verification.

row = verification.ask(person=p, engine=e, standing=facts, seat=seat, office=desk.office, why="…", fact=document,
                       clock=timezone.now)
verification.accept(check=row.pk, seat=seat, office=desk.office, at=now)     # or set_aside
"""

from __future__ import annotations

from mirps.people.verification.actions import DOOR, KIND, accept, agrees, ask, came, sent_for, set_aside, told
from mirps.people.verification.engines import ADAPTERS, Http, Port, engines, of_institution
from mirps.people.verification.models import IdentityCheck
from mirps.people.verification.rules import Answer, CheckFault, Engine, EngineFault, Later, Question

__all__ = [
    "ADAPTERS", "DOOR", "KIND", "Answer", "CheckFault", "Engine", "EngineFault", "Http", "IdentityCheck", "Later",
    "Port", "Question", "accept", "agrees", "ask", "came", "engines", "of_institution", "sent_for", "set_aside", "told",
]  # fmt: skip
