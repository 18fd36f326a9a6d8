"""`mirps hooks`: tell institutions' systems what happened. `mirps serve` does it every minute."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from mirps.web.shell.speaking import speaking


@click.group()
def hooks() -> None:
    """Messages to the systems of institutions (docs/interoperability.md)."""


@hooks.command()
@speaking
def send(lang: str) -> None:
    """See what happened, and send what is due."""
    from mirps.base.texts.api import say
    from mirps.sharing.webhooks import api

    found = api.look(at=datetime.now(UTC))
    done = api.send(clock=lambda: datetime.now(UTC))
    if found or done.sent or done.failed:
        click.echo(say("hooks.shell.done", lang, found=found, sent=done.sent, failed=done.failed))
