"""Who answers for the person whom a case is about: named by an act, and ended by one. The rows follow the events."""

from __future__ import annotations

from datetime import datetime

from mirps.casework.cases import rules
from mirps.casework.cases.models import Case, Subject
from mirps.casework.cases.rules import NotPossible
from mirps.casework.procedures.api import Because, Event, Procedure, Reason, State
from mirps.casework.procedures.model import GUARDIAN
from mirps.casework.procedures.words import CORRECT, VOID
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry


def follow(case: Case, p: Procedure, state: State, said: Event, *, seat: Seat, at: datetime) -> None:
    """Have the case's guardian be who the events, with what was just said, name. A registration that is not in view
    is named by nobody: NotPossible. Whoever was named before ends."""
    act = p.acts.get(said.act)
    if said.act not in (CORRECT, VOID) and (act is None or act.guardian is None):
        return
    number, person = registry.tidy(rules.guardian(p, state)), None
    if rules.guardian(p, state):
        seen = registry.Person.objects.filter(custody.seen(seat, at=at), number=number)
        person = seen.values_list("pk", flat=True).first()
        if person is None:
            if said.values.get(GUARDIAN):
                raise NotPossible([Reason(Because.VALUE, (p.fields[GUARDIAN].name,), (GUARDIAN,))])
            return  # another act was mended, by somebody who does not see the guardian
    held = Subject.objects.filter(case=case, role=Subject.Role.GUARDIAN, until=None)
    held.exclude(person=person).order_by().update(until=at)
    if person is not None and not held.exists():
        Subject.objects.create(
            case=case, person_id=person, role=Subject.Role.GUARDIAN, since=at, by=seat.user
        )
