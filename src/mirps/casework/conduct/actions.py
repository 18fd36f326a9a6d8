"""What follows from an act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, CaseFile, Recorded, Saying
from mirps.casework.letters import api as letters
from mirps.casework.origin import api as origin
from mirps.casework.origin.api import Choice
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


def do(
    case: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime, cites: Iterable[Choice] = (),
    seen: CaseFile | None = None,
) -> Recorded:  # fmt: skip
    """Record an act in a case, with the sources that it cites and the papers that it issues. Raises
    cases.NotPossible, cases.CaseFault, letters.LetterFault, origin.OriginFault: then nothing is kept. `seen`: the
    case as its page has just read it (cases.record)."""
    if seen is not None and (seen.case.id, seen.seat) != (case, seat):
        seen = None
    try:
        with custody.seated(seat, sends=True):
            saying = origin.cited(saying, cites, seat=seat)
            done = cases.record(case, saying, seat=seat, role=role, at=at, seen=seen, part=True)
            return _issued(done, seat, at, seen)
    except IntegrityError:  # the id is that of an event in another case
        raise CaseFault("cases.fault.taken") from None


def open_case(
    procedure: str, *, people: Sequence[tuple[UUID, str]], saying: Saying, seat: Seat, role: str, at: datetime,
    parent: UUID | None = None, office: str = "",
) -> Recorded:  # fmt: skip
    """Open a case of these people (person, Subject.Role), with what its opening issues. Raises as `do`."""
    with custody.seated(seat):
        done = cases.open_case(
            procedure, people=people, event=saying, seat=seat, role=role, at=at, parent=parent, office=office
        )
        return _issued(done, seat, at)


def _issued(done: Recorded, seat: Seat, at: datetime, seen: CaseFile | None = None) -> Recorded:
    """What was recorded, once what it issues is there too; sent again it issues nothing again."""
    if done.issues:
        file = seen.then(done.folded) if seen and done.folded else None
        letters.issue(
            done.case,
            done.issues,
            done.event,
            seat=seat,
            at=at,
            folded=done.folded,
            file=file,
            new=not done.again,
        )
    return done
