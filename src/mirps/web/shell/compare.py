"""`mirps compare`: who was registered goes into the index, and is compared with everybody before. For a timer;
`mirps serve` does it too."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from mirps.web.shell import django_ready


@click.command()
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def compare(lang: str) -> None:
    """Compare what came in by a desk without a line or a device, and waits, with all registrations.

    What is found waits under Possible doubles for a person to decide.
    """
    django_ready()
    from mirps.base.texts.api import say
    from mirps.people.identity import api as identity
    from mirps.people.intake import api as intake

    while identity.settle():
        pass
    done = 0
    while some := intake.compare_waiting(at=datetime.now(UTC)):
        done += some
    if done:
        click.echo(say("adjudication.shell.compared", lang, n=done))
