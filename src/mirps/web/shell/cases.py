"""`mirps cases`: the rows of lists, proved against what happened and brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mirps.casework.cases.api import Rebuilt

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def cases() -> None:
    """Cases and their lists (docs/cases.md)."""


@cases.command()
@LANG
def check(lang: str) -> None:
    """Fold every case from its events and compare its row in the lists; nothing is changed."""
    _ready()
    from django.utils import timezone

    from mirps.casework.cases import api
    from mirps.people.custody import api as custody

    with custody.keeping():
        found = _told(api.check(at=timezone.now()), lang)
    if found and found.wrong:
        raise SystemExit(1)


@cases.command()
@LANG
def rebuild(lang: str) -> None:
    """Set every row of the lists as the events have it. May be broken off and begun again."""
    _ready()
    from django.utils import timezone

    from mirps.casework.cases import api
    from mirps.people.custody import api as custody

    with custody.keeping():
        _told(api.rebuild(at=timezone.now()), lang)


@cases.command()
@LANG
def recount(lang: str) -> None:
    """Count again the dates that a decree moved and what was missed since yesterday (`beside` does it each minute)."""
    _ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.casework.cases import api

    if done := api.recount(at=timezone.now()):
        click.echo(say("cases.shell.recounted", lang, n=done))


def _ready() -> None:
    from mirps.web.shell import django_ready

    django_ready()


def _told(steps: Iterable[Rebuilt], lang: str) -> Rebuilt | None:
    from mirps.base.texts.api import say

    found = None
    for found in steps:
        click.echo(f"\r{found.cases}", nl=False, err=True)
    click.echo("\r", nl=False, err=True)
    if found is None:
        click.echo(say("cases.shell.none", lang))
        return None
    for case, columns in found.wrong.items():
        click.echo(f"{case}\t{' '.join(columns)}")
    click.echo(say("cases.shell.told", lang, cases=found.cases, events=found.events, wrong=len(found.wrong),
                   behind=found.behind))  # fmt: skip
    return found
