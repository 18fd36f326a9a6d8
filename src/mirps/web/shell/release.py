"""`mirps release`: figures computed from cases on their way out: counted, protected, proposed to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mirps.base.texts.api import say
from mirps.web.shell.count import as_cases, day, folder, layers, named, spans
from mirps.web.shell.speaking import speaking

if TYPE_CHECKING:
    from mirps.evidence.releases.proposing import Proposed


@click.group()
def release() -> None:
    """What a State lets go of its counts (docs/releases.md). A person approves it on the page, or agreed in advance."""


@release.command()
@click.option("--quiet", is_flag=True, help="say nothing where there is nothing to do")
@speaking
def now(quiet: bool, lang: str) -> None:
    """Count what was recorded in cases, protect it, propose it for the open rounds; what a person agreed to in
    advance goes out as provisional. `mirps serve` does so each minute."""
    import duckdb

    from mirps.evidence.releases.running import run

    try:
        found = run(folder(), at=datetime.now(UTC))
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
@spans
@speaking
def propose(
    codes: tuple[str, ...], state: str, round_: str, first: datetime, last: datetime, known: datetime | None,
    caseload: Path | None, lang: str,
) -> None:  # fmt: skip
    """Count the indicators CODES (all of them where none is named) of a State and period, protect them and propose
    them. Nothing goes out: a person approves it."""
    from mirps.base.codelists.api import member_states
    from mirps.evidence.indicators.counting import engine
    from mirps.evidence.indicators.planning import Span
    from mirps.evidence.releases import proposing

    chosen = named(codes)
    if state not in member_states():
        raise click.BadParameter(", ".join(member_states()), param_hint="--state")
    if last < first:
        raise click.BadParameter(say("figure.fault.period_reversed", lang), param_hint="--to")
    asked = proposing.Asked(state, round_, Span(first.date(), last.date()), day(known))
    with engine() as db:
        sources = layers(db, caseload, known)
        with as_cases(caseload):
            found = proposing.propose(db, sources, chosen, asked, by="mirps release", at=datetime.now(UTC))
    _tell(found, lang)


@release.command("list")
@click.argument("state")
@speaking
def list_(state: str, lang: str) -> None:
    """What of a STATE waits for a person, and what is out."""
    from mirps.evidence.releases import api

    for row in api.of_state(state):
        stage = say(f"releases.stage.{row.stage}", lang)
        hidden = row.report.get("hidden", 0)
        click.echo(say("releases.shell.row", lang, family=row.family, last=row.last, stage=stage, hidden=hidden,
                       cells=row.report.get("cells", 0), id=row.pk))  # fmt: skip


def _tell(found: Sequence[Proposed], lang: str) -> None:
    for p in found:
        stage = ""
        if p.told == "new" and p.release is not None:
            p.release.refresh_from_db(fields=["stage"])
            stage = say(f"releases.stage.{p.release.stage}", lang)
        click.echo(f"{p.family}\t{say(f'releases.told.{p.told}', lang)}{': ' + stage if stage else ''}")
    if not found:
        click.echo(say("releases.shell.nothing", lang))
