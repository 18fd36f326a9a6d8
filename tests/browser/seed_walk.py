"""The demo's officers, cases, appointments and bodies; and in each State two people who speak Haitian Creole: one at
the desk today, and one whose case waits for somebody who no longer comes. Prints their numbers by State."""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from uuid import UUID

from tests.browser.walks import COUNTRY, STATES, Walk, walk_of


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from mirps.web.shell import demo

    for step in (demo._database, demo._accounts, demo._cases, demo._arranged):
        step()
    now = timezone.now()
    told = {s: {"person": _at_the_desk(walk_of(s), now), "away": _away(walk_of(s), now)} for s in STATES}
    sys.stdout.write(json.dumps(told) + "\n")


def _at_the_desk(walk: Walk, now: datetime) -> str:
    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake
    from mirps.people.registry import api as registry
    from mirps.web.shell import demo_people

    desk = walk.desk
    people = demo_people.family([COUNTRY], random.Random(walk.state))[:1]
    place = (desk["user"], walk.state, desk["institution"], desk["office"], ())
    said = demo_people.submission(f"walk/{walk.state}", place, people, now - timedelta(hours=1))
    seat = Seat(desk["user"], walk.state, desk["institution"], desk["office"], purpose="registration")
    intake.take(said, seat=seat, door=intake.Arrival.Door.PAGE, at=now - timedelta(hours=1))
    return registry.number(walk.state, UUID(said["people"][0]["id"]))


def _away(walk: Walk, now: datetime) -> str:
    from mirps.casework.cases import api as cases
    from mirps.people.custody import api as custody
    from mirps.web.shell import demo_cases

    line = [f"{act} {int(n > 0)}" for n, act in enumerate(walk.before)]
    told = {"line": line, "ago": walk.days, "weekly": False}
    one = demo_cases._Case(walk.p.name, walk.how | {"countries": [COUNTRY]}, 10_000, told, now)
    one.walk()
    with custody.keeping():
        return cases.Case.objects.get(pk=one.case).number


if __name__ == "__main__":
    main()
