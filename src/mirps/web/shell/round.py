"""`mirps round`: load a round's data package, list the rounds."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from mirps.web.shell import django_ready


@click.group()
def round() -> None:
    """Rounds: load a data package into the ledger, list what is loaded."""


@round.command()
@click.argument("code")
@click.option("--by", default="shell", show_default=True, help="who loads it, for the audit")
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def load(code: str, by: str, lang: str) -> None:
    """Load the round CODE from data/rounds/CODE, check the ledger, keep the findings.

    Loading an unchanged package again changes nothing. A file with faults is refused whole,
    every fault named by file, line and column.
    """
    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.evidence.figures.api import PackageFaults
    from mirps.evidence.rounds import api as rounds

    if not re.fullmatch(r"[a-z0-9-]+", code):
        raise click.ClickException(say("round.fault.code", lang, code=code))
    try:
        rounds.load(
            code=code, by=by, at=timezone.now(),
            say=lambda key, values: click.echo("  " + say(key, lang, **values)),
        )  # fmt: skip
    except PackageFaults as e:
        tell_faults(e, lang)
        raise SystemExit(2) from e
    except ValueError as e:
        raise click.ClickException(say("round.fault.unknown", lang, code=code, why=str(e))) from e


def tell_faults(faults: Exception, lang: str) -> None:
    """Print every fault of a package with its place and remedy."""
    from mirps.base.texts.api import say
    from mirps.evidence.figures.api import PackageFaults

    assert isinstance(faults, PackageFaults)
    for f in faults.faults:
        what = say(f.key, lang, found=f.found, expected=f.expected, file=f.file, line=f.line, column=f.column)
        place = ", ".join(str(p) for p in (f.file, f.line or "", f.column) if p)
        click.echo(f"{place}: {what}", err=True)


@round.command("list")
def list_() -> None:
    """The rounds that the ledger holds."""
    django_ready()
    from mirps.evidence.rounds.api import Round

    for r in Round.objects.order_by("-ends", "code"):
        click.echo(f"{r.code}\t{r.starts} – {r.ends}\t{r.title_en}")


@round.command("new")
@click.argument("code")
@click.option("--from", "previous", default="", help="the round it is set up from, such as 2024")
@click.option("--kind", type=click.Choice(["annual", "mid-year", "thematic"]), default="annual")
@click.option("--title-es", required=True)
@click.option("--title-en", required=True)
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--by", required=True, help="the user name of who sets it up (role round.setup)")
def new(
    code: str, previous: str, kind: str, title_es: str, title_en: str, starts: datetime, ends: datetime, by: str
) -> None:  # fmt: skip
    """Set up the round CODE, asking again what another round stated. People then work in it on the pages."""
    django_ready()
    from django.utils import timezone

    from mirps.evidence.rounds import api as rounds

    _may("round.setup", by)
    first, last = starts.date(), ends.date()
    asks = rounds.proposed_from(previous=previous, starts=first, ends=last) if previous else []
    try:
        rounds.set_up(
            code=code, kind=rounds.Kind(kind), title_es=title_es, title_en=title_en, starts=first, ends=last,
            cut_off=None, asks=asks, previous=previous, by=by, at=timezone.now(),
        )  # fmt: skip
    except rounds.RoundFault as e:
        raise click.ClickException(_both(e.key, **e.values)) from e
    click.echo(f"{code}: {len(asks)}")


@round.command("asked")
@click.argument("code")
@click.option("--read", "path", type=click.Path(path_type=Path), help="a changed table to take in")
@click.option("--by", default="", help="with --read: the user name of who asks (role round.setup)")
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
def asked(code: str, path: Path | None, by: str, lang: str) -> None:
    """Print what the round CODE asks, as CSV; or take in such a table with --read, whole or not at all."""
    django_ready()
    from django.utils import timezone

    from mirps.evidence.figures.api import PackageFaults
    from mirps.evidence.rounds import api as rounds

    held = rounds.worked().filter(pk=code).first()
    if held is None:
        known = ", ".join(rounds.worked().values_list("code", flat=True)) or "–"
        raise click.ClickException(f"{code}: {known}")
    if path is None:
        click.echo(rounds.written_asks(a.ask() for a in rounds.asked(code)), nl=False)
        return
    _may("round.setup", by)
    try:
        click.echo(rounds.ask(round=held, asks=rounds.read_asks(path), by=by, at=timezone.now()))
    except PackageFaults as e:
        tell_faults(e, lang)
        raise SystemExit(2) from e
    except rounds.RoundFault as e:
        raise click.ClickException(_both(e.key, **e.values)) from e


def _may(act: str, username: str) -> None:
    from django.utils import timezone

    from mirps.base.access.api import User, allowed

    user = User.objects.filter(username=username).first()
    if user is None or not allowed(user, act, state="", on=timezone.now().date()):
        raise click.ClickException(_both("export.fault.not_allowed", user=username or "–", state="MIRPS"))


def _both(key: str, **values: object) -> str:
    """A message in both languages: the shell does not know its reader's."""
    from mirps.base.texts.api import say

    return f"{say(key, 'es', **values)} / {say(key, 'en', **values)}"
