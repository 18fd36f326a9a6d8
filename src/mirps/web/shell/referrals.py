"""`mirps referrals`: consents that ended, referrals that nobody answers, contents kept long enough. For a timer;
`mirps serve` does it too."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from mirps.web.shell import django_ready


@click.command()
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def referrals(lang: str) -> None:
    """See to each referral once a day: withdraw those whose consent ended, remind of those that are overdue, delete
    what those that ended long ago carried."""
    django_ready()
    from mirps.base.texts.api import say
    from mirps.casework.referrals import api as referrals

    if n := referrals.see_to(at=datetime.now(UTC)):
        click.echo(say("referrals.shell.seen", lang, n=n))
