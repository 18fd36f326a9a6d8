"""`mirps procedure`: prove a procedure's file, draw it, and say how a deadline is counted. Needs no database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from mirps.base.calendars.api import calendar, walk
from mirps.base.texts.api import DEFAULT_LOCALE, say
from mirps.base.texts.api import day as written_day
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Faults, Procedure
from mirps.web.pages.casework.drawn import drawing

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def procedure() -> None:
    """Procedures as files: data/procedures/*.yaml. How to write one: docs/procedures.md."""


@procedure.command()
@click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@LANG
def prove(files: tuple[Path, ...], lang: str) -> None:
    """Read FILES and prove them: no dead end, somebody to act at every stage, a way back from every adverse act.

    Every fault is told with its line and what to do, and the command fails.
    """
    wrong = False
    for file in files:
        try:
            p = procedures.load(file)
        except Faults as e:
            wrong = True
            _tell(file, e, lang)
            continue
        click.echo(
            say("procedures.shell.proved", lang, file=file.name, stages=len(p.stages), acts=len(p.acts),
                deadlines=len(p.deadlines), uncertain=len(p.uncertain))
        )  # fmt: skip
        if p.triage:
            click.echo("  " + say("procedures.shell.triage", lang, n=p.triage.size))
        for law in p.uncertain.values():
            sure = say(f"procedures.certainty.{law.certainty.value}", lang)
            click.echo(f"  - {wording.in_lang(law.text, lang)} ({sure})")
    if wrong:
        raise SystemExit(1)


def _tell(file: Path, e: Faults, lang: str) -> None:
    for fault in e.faults:
        click.echo(fault.say(lang), err=True)
    click.echo(say("procedures.shell.refused", lang, file=file.name, n=len(e.faults)), err=True)


def _loaded(file: Path, lang: str) -> Procedure:
    try:
        return procedures.load(file)
    except Faults as e:
        _tell(file, e, lang)
        _fail()


def _fail() -> NoReturn:
    raise SystemExit(1)


@procedure.command()
@FILE
@LANG
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="an SVG file (default: printed)")
@click.option("--width", type=click.IntRange(320, 2000), default=760, show_default=True)
def draw(file: Path, lang: str, out: Path | None, width: int) -> None:
    """Draw FILE's stages and acts as SVG."""
    drawn = drawing(_loaded(file, lang), lang, width)
    if out:
        out.write_text(drawn, encoding="utf-8")
    else:
        click.echo(drawn)


@procedure.command()
@FILE
@click.argument("deadline")
@click.argument("since", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--place", default="", help="the municipality, for its own feasts")
@LANG
def days(file: Path, deadline: str, since: datetime, place: str, lang: str) -> None:
    """Count DEADLINE of FILE from the day SINCE (2024-06-03), day by day."""
    p = _loaded(file, lang)
    if deadline not in p.deadlines:
        raise click.BadParameter(", ".join(p.deadlines), param_hint="DEADLINE")
    d, first = p.deadlines[deadline], since.date()
    days_off = calendar(p.state, place, authority=p.authority, procedure=p.name)
    law = p.law[d.law]
    click.echo(f"{wording.in_lang(d.name, lang)}: {wording.term(d.term, lang)}")
    sure = say(f"procedures.certainty.{law.certainty.value}", lang)
    click.echo(f"{wording.in_lang(law.text, lang)} ({sure})")
    for one in walk(d.term, first.toordinal(), days_off):
        click.echo(
            f"{written_day(one.day, DEFAULT_LOCALE[lang], 'EEE d MMM y')}\t{wording.day(one, p, lang)}"
        )
