"""The demo's letters and windows on top of its cases: papers of the acts of some cases in each State, one of them
delivered, and a window into one case of each."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

#: Cases of each State whose papers are issued: enough to see each sort, and the demo stays quick to set up.
MOST = 6
#: Long enough to be a secret; who tries the demo types it.
SECRET = "demo-ventana"  # noqa: S105 - of invented people


def write_letters(now: datetime) -> str:
    """Issue them once; how many there are, and how to look into a window."""
    from mirps.casework.cases.api import CaseEvent
    from mirps.casework.letters import api as letters
    from mirps.casework.window.api import WindowAccess
    from mirps.people.custody import api as custody

    with custody.keeping():
        if letters.Letter.objects.exists():
            return "kept as it is"
        events = list(CaseEvent.objects.select_related("case").order_by("-recorded_at", "id"))
    chosen: dict[UUID, str] = {}
    count: Counter[str] = Counter()
    for event in events:
        if event.case_id not in chosen and count[event.state] < MOST:
            chosen[event.case_id] = event.state
            count[event.state] += 1
    for event in reversed(events):
        if event.case_id in chosen:
            _issue(event)
    for state in count:
        _open(next(case for case, of in chosen.items() if of == state), now)
    with custody.keeping():
        return f"{letters.Letter.objects.count()} letters, {WindowAccess.objects.count()} windows"


def _issue(event: object) -> None:
    from mirps.casework.cases import api as cases
    from mirps.casework.cases.api import CaseEvent
    from mirps.casework.letters import api as letters
    from mirps.people.custody.api import Seat

    assert isinstance(event, CaseEvent)
    p = cases.version(event.case.procedure, event.rule.partition("@")[2])
    act = p.acts.get(event.act)
    papers = [*act.issues, *([act.notice] if act.notice else [])] if act else []
    if papers:
        seat = Seat(event.by, event.state, event.institution, event.office, purpose="procedure")
        letters.issue(event.case_id, papers, event.id, seat=seat, at=event.recorded_at)


def _open(case: UUID, now: datetime) -> None:
    from mirps.casework.cases.api import Case, Subject
    from mirps.casework.window import api as window
    from mirps.people.custody import api as custody
    from mirps.people.custody.api import Seat

    with custody.keeping():
        row = Case.objects.get(pk=case)
        person = Subject.objects.filter(case=case, role=Subject.Role.PRINCIPAL).order_by("id")[0].person
    seat = Seat("demo", person.state, person.institution, person.office, purpose="procedure")
    if row.institution == person.institution:
        window.open_window(person.id, SECRET, seat=seat, at=now)
