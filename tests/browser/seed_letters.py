"""A node with one case, its certificate and its window. Prints serial, case number, window code and the PDF's path."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone
    from tests.registry.said import family, ids, who
    from uuid_utils.compat import uuid7

    from mirps.casework.cases import api as cases
    from mirps.casework.letters import api as letters
    from mirps.casework.window import api as window
    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake
    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._static):
        step()
    now, office = timezone.now(), "MEX.COMAR.TAP"
    seat = Seat("demo-mex-case", "MEX", "MEX.COMAR", office, purpose="procedure")
    roles = ("registration", "protection", "coordinator", "reviewer")
    cases.appoint(
        seat.user, procedure="mex_asylum", roles=roles, institution="MEX.COMAR", office=office, since=date(2025, 1, 1),
        by="boss", at=now,
    )  # fmt: skip
    said = family(who("Zulmarina", "Quetzaltórrez"), made_at=now.isoformat())
    intake.take(said, seat=seat.for_purpose("registration"), door="page", at=now)
    (person,) = ids(said)
    done = cases.open_case(
        "mex_asylum", people=[(person, "principal")], seat=seat, role="registration", at=now,
        event=cases.Saying(uuid7(), "claim", now, {"entered_on": now.date().isoformat(), "nationality": "HND"}),
    )  # fmt: skip
    (made,) = letters.issue(done.case, ["constancia"], done.event, seat=seat, at=now)
    access, _ = window.open_window(person, "482915", seat=seat, at=now)
    pdf = Path(sys.argv[1]) / "letter.pdf"
    pdf.write_bytes(letters.paper(made.serial, "es", seat=seat, at=now))
    found = letters.one(made.serial)
    assert found is not None
    told = {
        "serial": made.serial, "case": done.number, "code": access.code, "pdf": str(pdf),
        "control": found.content.control,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
