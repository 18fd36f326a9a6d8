"""A node with one case, for a server that is killed. `python dying.py fill`: prints the case and the officer's
session; `python dying.py told CASE`: what the node holds of it. As gunicorn's configuration it has a worker kill its
whole server at the moment that `DIES` names: `before` the commit of an act, all of which is written by then, or
`after` it, before the answer."""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import date, timedelta
from importlib import import_module
from typing import Any


def post_fork(server: Any, worker: Any) -> None:
    """gunicorn calls it in each worker."""
    from mirps.casework.conduct import api as conduct
    from mirps.casework.letters import api as letters

    def then_dies(does: Any) -> Any:
        def done(*args: Any, **kwargs: Any) -> None:
            does(*args, **kwargs)
            os.killpg(os.getpgid(0), signal.SIGKILL)

        return done

    if os.environ.get("DIES") == "before":  # the last that an act's transaction does
        letters.issue = then_dies(letters.issue)
    if os.environ.get("DIES") == "after":
        conduct.do = then_dies(conduct.do)


def fill() -> dict[str, str]:
    from django.conf import settings
    from django.utils import timezone
    from tests.registry.said import family, ids
    from uuid_utils.compat import uuid7

    from mirps.base.access import api as access
    from mirps.casework.cases import api as cases
    from mirps.casework.conduct import api as conduct
    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake

    now, office = timezone.now(), "MEX.COMAR.TAP"
    user = access.User.objects.create(username="ana")
    access.give_role(user=user, role="case-officer", state="MEX", body="MEX.COMAR", starts=now.date(), ends=None,
                     by="boss", at=now)  # fmt: skip
    cases.appoint("ana", "mex_asylum", ("registration",), institution="MEX.COMAR", office=office,
                  since=date(2025, 1, 1), by="boss", at=now)  # fmt: skip
    seat = Seat("ana", "MEX", "MEX.COMAR", office, purpose="procedure")
    said = family(made_at=now.isoformat())
    intake.take(said, seat=seat.for_purpose("registration"), door="page", at=now)
    before = now - timedelta(days=1)
    claim = cases.Saying(
        uuid7(), "claim", before, {"entered_on": before.date().isoformat(), "nationality": "HND"}
    )
    opened = conduct.open_case("mex_asylum", people=[(ids(said)[0], "principal")], saying=claim, seat=seat,
                               role="registration", at=now)  # fmt: skip
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {"_auth_user_id": str(user.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
         "_auth_user_hash": user.get_session_auth_hash(), "people-seat": f"MEX.COMAR {office}",
         "people-purpose": "procedure", "second-factor": user.pk}
    )  # fmt: skip
    session.create()
    return {"case": str(opened.case), "number": opened.number, "session": str(session.session_key)}


def told(case: str) -> dict[str, Any]:
    from django.utils import timezone

    from mirps.base.audit.api import AuditEntry
    from mirps.casework.cases import api as cases
    from mirps.casework.letters.models import Letter
    from mirps.people.custody import api as custody

    with custody.keeping():
        *_, checked = cases.check(at=timezone.now())
        return {
            "acts": list(cases.CaseEvent.objects.filter(case=case).values_list("act", flat=True)),
            "stage": cases.Standing.objects.get(pk=case).stage, "wrong": len(checked.wrong),
            "letters": sorted(Letter.objects.filter(case=case).values_list("document", flat=True)),
            "audit": AuditEntry.objects.filter(act="cases.record", subject=f"case/{case}").count(),
        }  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(fill() if sys.argv[1] == "fill" else told(sys.argv[2])) + "\n")
