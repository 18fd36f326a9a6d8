"""A node with a system in force, one that waits, a message that failed, and a person whose identity was checked."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone
    from tests.interop.conftest import public_key
    from tests.registry.said import fact, family, who
    from uuid_utils.compat import uuid7

    from mirps.base.access import api as access
    from mirps.base.clients import api as clients
    from mirps.base.hooks.api import Answer
    from mirps.casework.cases import api as cases
    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake
    from mirps.people.registry.api import Person
    from mirps.people.verification import api as verification
    from mirps.sharing.webhooks import api as webhooks
    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._static):
        step()
    now, office = timezone.now(), "MEX.COMAR.TAP"
    admin, other = (access.User.objects.get(username=name) for name in ("demo-admin", "demo-reader"))
    access.give_role(
        user=other, role="administrator", state="MEX", starts=date(2025, 1, 1), ends=None, by="seed", at=now
    )
    common = {"institution": "MEX.COMAR", "keys": public_key(), "sealing": "", "by": admin, "at": now}
    row, _ = clients.register(
        name="Registro de población", scopes=["case.status", "registration.check"], **common
    )
    clients.approve(client=row.pk, by=other, at=now)
    waits, _ = clients.register(name="Otro sistema", scopes=["letter.verify"], **common)
    hook, _ = webhooks.subscribe(
        client=row.pk,
        address="http://127.0.0.1:9/in",
        kinds=["case.opened"],
        by=admin,
        at=now - timedelta(minutes=1),
    )
    seat = Seat("demo-mex-tapachula", "MEX", "MEX.COMAR", office, purpose="procedure")
    cases.appoint(
        seat.user, procedure="mex_asylum", roles=("registration",), institution="MEX.COMAR", office=office,
        since=date(2025, 1, 1), by="seed", at=now,
    )  # fmt: skip
    said = family(who("Ximena", "Vásquez López", document="HN-0801"), made_at=now.isoformat())
    person = said["people"][0]["id"]
    said["facts"].append(fact("consent", person=person, purpose="share-state", given="given", how="spoken"))
    intake.take(said, seat=seat.for_purpose("registration"), door="page", at=now)
    cases.open_case(
        "mex_asylum", people=[(person, "principal")], seat=seat, role="registration", at=now,
        event=cases.Saying(uuid7(), "claim", now, {"entered_on": now.date().isoformat(), "nationality": "HND"}),
    )  # fmt: skip
    webhooks.look(at=now)
    webhooks.send(clock=timezone.now, post=lambda *a: Answer(503, b"busy", 40, {}))
    held = Person.objects.get(pk=person)
    checked = {"person": held, "state": "MEX", "institution": "MEX.COMAR", "engine": "renapo", "about": "document",
               "by": seat.user, "at": now}  # fmt: skip
    from mirps.people.verification.actions import _sealed

    for stand, more in (
        ("answered", {"result": "match", "band": "high"}), ("failed", {"fault": "verification.fault.down"}),
    ):  # fmt: skip
        id_ = uuid7()
        verification.IdentityCheck.objects.create(
            id=id_, stand=stand, answered_at=now, **checked, **more,
            sealed=_sealed(id_, why="Para una prueba", reference="SIM-1"),
        )  # fmt: skip
    told = {"row": row.pk, "waits": waits.pk, "hook": str(hook.pk), "number": held.number}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
