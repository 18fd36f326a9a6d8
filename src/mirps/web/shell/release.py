"""`mirps release`: figures computed from cases on their way out: counted, protected, proposed to a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mirps.base.texts.api import say
from mirps.web.shell import django_ready

if TYPE_CHECKING:
    from mirps.evidence.releases.proposing import Proposed

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def release() -> None:
    """What a State lets go of its counts (docs/releases.md). A person approves it on the page, or agreed in advance."""


@release.command()
@click.option("--quiet", is_flag=True, help="say nothing where there is nothing to do")
@LANG
def now(quiet: bool, lang: str) -> None:
    """Count what was recorded in cases, protect it, propose it for the open rounds; what a person agreed to in
    advance goes out as provisional. `mirps serve` does so each minute."""
    django_ready()
    import duckdb
    from django.conf import settings

    from mirps.base.crypto.api import CryptoFault
    from mirps.evidence.releases.running import run

    try:
        found = run(settings.HOME / "counting", at=datetime.now(UTC))
    except CryptoFault as fault:
        raise click.ClickException(fault.es if lang == "es" else fault.en) from None
    except (duckdb.Error, OSError) as fault:
        if not quiet:
            raise
        click.echo(say("releases.shell.broken", lang, what=str(fault).splitlines()[0]), err=True)
        return  # the other jobs of the minute go on, and the next one looks at everything
    if found or not quiet:
        _tell(found, lang)


@release.command()
@click.argument("codes", nargs=-1)
@click.option("--state", required=True, help="MEX, HND …")
@click.option("--round", "round_", required=True, help="the round in which the figures are stated")
@click.option("--from", "first", type=DAY, required=True, help="the first day of the flows")
@click.option("--to", "last", type=DAY, required=True, help="the last day; stocks are those of it")
@click.option("--known", type=DAY, help="as it was known on this day (default: today, UTC)")
@click.option(
    "--caseload", type=_FILE, help="count this file of cases (mirps count invent) and not the ledger's"
)
@LANG
def propose(
    codes: tuple[str, ...], state: str, round_: str, first: datetime, last: datetime, known: datetime | None,
    caseload: Path | None, lang: str,
) -> None:  # fmt: skip
    """Count the indicators CODES (all of them where none is named) of a State and period, protect them and propose
    them. Nothing goes out: a person approves it."""
    django_ready()
    from django.conf import settings

    from mirps.base.codelists.api import member_states
    from mirps.evidence.indicators import api
    from mirps.evidence.indicators.counting import engine, parquet
    from mirps.evidence.indicators.exporting import as_known
    from mirps.evidence.indicators.planning import Span
    from mirps.evidence.releases import proposing

    every = api.indicators()
    if unknown := [c for c in codes if c not in every]:
        raise click.BadParameter(", ".join(unknown), param_hint="CODES")
    if state not in member_states():
        raise click.BadParameter(", ".join(member_states()), param_hint="--state")
    if last < first:
        raise click.BadParameter(say("figure.fault.period_reversed", lang), param_hint="--to")
    on = (known or datetime.now(UTC)).date()
    asked = proposing.Asked(state, round_, Span(first.date(), last.date()), on)
    with engine() as db:
        sources = (
            {api.Over.CASES: parquet([caseload])} if caseload
            else as_known(db, settings.HOME / "counting", on)
        )  # fmt: skip
        chosen = [every[c] for c in codes] if codes else list(every.values())
        found = proposing.propose(db, sources, chosen, asked, by="mirps release", at=datetime.now(UTC))
    _tell(found, lang)


@release.command("list")
@click.argument("state")
@LANG
def list_(state: str, lang: str) -> None:
    """What of a STATE waits for a person, and what is out."""
    django_ready()
    from mirps.evidence.releases import api

    for row in api.of_state(state):
        stage = say(f"releases.stage.{row.stage}", lang)
        hidden = row.report.get("hidden", 0)
        click.echo(say("releases.shell.row", lang, family=row.family, last=row.last, stage=stage, hidden=hidden,
                       cells=row.report.get("cells", 0), id=row.pk))  # fmt: skip


def _tell(found: Iterable[Proposed], lang: str) -> None:
    n = 0
    for p in found:
        n += 1
        stage = ""
        if p.told == "new" and p.release is not None:
            p.release.refresh_from_db(fields=["stage"])
            stage = say(f"releases.stage.{p.release.stage}", lang)
        click.echo(f"{p.family}\t{say(f'releases.told.{p.told}', lang)}{': ' + stage if stage else ''}")
    if not n:
        click.echo(say("releases.shell.nothing", lang))
