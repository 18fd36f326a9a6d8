"""`mirps compare`: who was registered goes into the index, and is compared with everybody before. For a timer;
`mirps serve` does it too."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import inf

import click

from mirps.web.shell import django_ready

#: Families that are compared before those who came meanwhile are put into the index.
_AT_ONCE = 10
#: Seconds. Who waits to write on SQLite asks again after at most a tenth of a second, and is never let in by a job
#: that begins its next write at once.
_LETS_IN = 0.12


@click.command()
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def compare(lang: str) -> None:
    """Compare what came in by a desk without a line or a device, and waits, with all registrations.

    What is found waits under Possible doubles for a person to decide.
    """
    django_ready()
    from mirps.base.texts.api import say

    if done := compared():
        click.echo(say("adjudication.shell.compared", lang, n=done))


def compared(seconds: float = inf) -> int:
    """Do so for at most so many seconds; how many submissions were compared."""
    from mirps.people.identity import api as identity
    from mirps.people.intake import api as intake

    until, done, some = time.monotonic() + seconds, 0, 1
    while some and time.monotonic() < until:
        settled = identity.settle()
        done += (compared := intake.compare_waiting(at=datetime.now(UTC), most=_AT_ONCE))
        if some := settled + compared:
            time.sleep(_LETS_IN)
    return done
