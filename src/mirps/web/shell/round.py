"""`mirps round`: load a round's data package, list the rounds."""

from __future__ import annotations

import re

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
