"""`mirps remind`: the reminders whose day it is. For a timer; `mirps notices send` does it too."""

from __future__ import annotations

import click

from mirps.web.shell import django_ready


@click.command()
@click.option(
    "--at", "moment", default="", metavar="TIME", help="as if it were then: 2025-11-03T07:30-06:00 (now)"
)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def remind(moment: str, lang: str) -> None:
    """Remind whoever still owes something by a date (data/rounds/reminders.yaml), and who sees to an
    agreement that is nearly due or late (data/planning/meetings.yaml), each once for it.

    They are told in the product, and by mail with the next digest.
    """
    django_ready()
    from mirps.base.texts.api import say
    from mirps.planning.meetings import api as meetings
    from mirps.web.pages.rounds import watch_told
    from mirps.web.shell.notices import clock_of

    at = clock_of(moment)()
    told = watch_told.automatic(at=at) + meetings.remind(at=at)
    click.echo(say("watch.shell.told", lang, n=told))
