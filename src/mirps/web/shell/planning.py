"""`mirps planning`: the facts of planning from the shell."""

from __future__ import annotations

from pathlib import Path

import click

from mirps.web.shell import django_ready


@click.group()
def planning() -> None:
    """Governance, plans, funding, knowledge: what documents say of them, loaded as records."""


@planning.command()
@click.option("--folder", type=click.Path(path_type=Path), help="data/planning/facts unless named")
@click.option("--as", "username", default="", help="in whose name (default: the installation)")
def load(folder: Path | None, username: str) -> None:
    """Load the facts. What is there already stays as it is; nothing is loaded when a row is wrong."""
    django_ready()
    from django.utils import timezone

    from mirps.base.codelists.api import data_folder
    from mirps.planning.records import api as records

    where = folder or data_folder() / "planning" / "facts"
    try:
        come = records.load(where, by=username or "mirps", at=timezone.now())
    except records.FactFault as e:
        raise click.ClickException(str(e)) from None
    for kind, n in come.items():
        click.echo(f"{kind}\t{n}")


@planning.command()
def kinds() -> None:
    """The kinds of records, with their acts and fields."""
    django_ready()
    from mirps.planning.records import api as records

    for k in records.kinds().values():
        fields = " ".join(f.name for f in k.own)
        click.echo(f"{k.name}\t{k.domain}\t{k.flow.value}\t{k.audience.value}\t{fields}")
