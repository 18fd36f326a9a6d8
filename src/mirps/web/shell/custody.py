"""`mirps custody`: whether the database itself holds who may see whom, and the role that serves pages."""

from __future__ import annotations

import click

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def custody() -> None:
    """Row security of the node's database (docs/custody.md)."""


@custody.command()
@LANG
def check(lang: str) -> None:
    """Whether row security holds for the role that this installation connects as. Ends with 1 where not."""
    from mirps.web.shell import django_ready

    django_ready()
    from mirps.base.texts.api import say
    from mirps.people.custody import rows

    faults = rows.faults()
    for fault in faults:
        key, _, table = fault.partition(" ")
        click.echo(say(f"custody.rows.{key}", lang, table=table))
    if faults:
        raise SystemExit(1)
    click.echo(say("custody.rows.holds", lang))


@custody.command()
@click.argument("role")
@LANG
def grant(role: str, lang: str) -> None:
    """Give ROLE what it needs to serve the pages, and no more. Run as the owner; again after each migration."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.db import ProgrammingError, connection

    from mirps.base.texts.api import say
    from mirps.people.custody import rows

    if connection.vendor != "postgresql":
        raise click.ClickException(say("custody.rows.sqlite", lang))
    try:
        rows.grant(role)
    except ProgrammingError as fault:
        raise click.ClickException(say("custody.rows.no-role", lang, role=role)) from fault
    click.echo(say("custody.rows.granted", lang, role=role))
