"""`mirps figures`: read, export and correct the figures of a round."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from mirps.web.shell import django_ready

if TYPE_CHECKING:
    from mirps.sharing.exports.api import Wanted

LANG = click.option(
    "--lang", type=click.Choice(["es", "en"]), default="es", show_default=True, help="names, notes, errors"
)
ROUND = click.option("--round", "round_", default="2024", show_default=True, help="code of the round")
STATE = click.option("--state", default="", help="ISO 3166-1 alpha-3 code, or a code of ours for an area")
MEASURE = click.option("--measure", default="", help="code of the measure, e.g. asylum.applications")
KNOWN_ON = click.option("--known-on", default="", metavar="DATE", help="as it was known on that day")
FORMATS = ("csv", "json", "xlsx", "hxl", "sdmx", "sdmx-structure", "package")


class Misused(click.ClickException):
    """An error that the user can mend; exit status 2."""

    exit_code = 2


@click.group()
def figures() -> None:
    """Figures: export a round, list, show and correct statements.

    \b
      mirps figures export --round 2024 --format csv --out figures.csv
      mirps figures list --state HND --measure asylum.applications --lang en
      mirps figures show ar24-cri-001
    """


@figures.command()
@ROUND
@click.option("--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--out", default="", metavar="FILE", help="the file to write; - or nothing: standard output")
@STATE
@MEASURE
@KNOWN_ON
@LANG
def export(round_: str, format_: str, out: str, state: str, measure: str, known_on: str, lang: str) -> None:
    """Export the published figures of a round, each with its document and place in it.

    csv, hxl (with HXL hashtags), json, sdmx (SDMX-ML 2.1 data) and sdmx-structure (its code
    lists and data structure) go to standard output; xlsx and package (a ZIP) need --out. Reads
    the ledger; without one, the data package of the data folder. Codes and values are the same
    in both languages; --lang chooses names and notes.
    """
    django_ready()
    from mirps.base.texts.api import say
    from mirps.evidence.figures.api import PackageFaults
    from mirps.sharing.exports import api
    from mirps.web.shell.round import tell_faults

    wanted = _wanted(round_, state, measure, known_on, lang)
    if not out and not api.FORMATS[format_].text and sys.stdout.isatty():
        raise Misused(say("export.fault.terminal", lang, format=format_))
    try:
        chunks = api.export(wanted=wanted, format=format_, lang=lang, at=datetime.now(UTC))
    except api.NoSuchRound as e:
        raise Misused(say("export.fault.round", lang, round=e.code, known=", ".join(e.known) or "—")) from e
    except PackageFaults as e:
        tell_faults(e, lang)
        raise SystemExit(2) from e
    if out in ("", "-"):
        _pour(chunks, sys.stdout.buffer)
        return
    size = _write(Path(out), chunks, lang)
    click.echo(say("export.said.written", lang, file=out, size=size), err=True)


def _wanted(round_: str, state: str, measure: str, known_on: str, lang: str) -> Wanted:
    from mirps.base.codelists.api import states
    from mirps.evidence.figures.api import measures
    from mirps.sharing.exports.api import Wanted

    _listed(state, states(), "--state", lang)
    _listed(measure, measures(), "--measure", lang)
    return Wanted(round_, state, measure, _day(known_on, lang), unloaded=True)


def _listed(code: str, known: Iterable[str], what: str, lang: str) -> None:
    from difflib import get_close_matches

    from mirps.base.texts.api import say

    codes = list(known)
    if code and code not in codes:
        near = get_close_matches(code, codes, n=8, cutoff=0.3) if len(codes) > 20 else codes
        raise Misused(
            say("export.fault.code", lang, found=code, what=what, known=", ".join(near or codes[:8]))
        )


def _day(text: str, lang: str) -> date | None:
    from mirps.base.texts.api import say

    if not text:
        return None
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as e:
        raise Misused(say("export.fault.date", lang, found=text)) from e


def _pour(chunks: Iterable[bytes], out: BinaryIO) -> int:
    """Write all of it. A reader that closes early (`| head`) is no error."""
    size = 0
    try:
        for chunk in chunks:
            size += out.write(chunk)
        out.flush()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    return size


def _write(path: Path, chunks: Iterable[bytes], lang: str) -> int:
    """Write beside the file and then in its place: never half a file."""
    from mirps.base.texts.api import say

    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            size = _pour(chunks, out)
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        why = e.strerror or ""
        raise Misused(say("export.fault.unwritable", lang, file=str(path), why=why)) from e
    return size


@figures.command("list")
@ROUND
@STATE
@MEASURE
@KNOWN_ON
@LANG
def list_(round_: str, state: str, measure: str, known_on: str, lang: str) -> None:
    """One line a figure: id, State, measure, value, unit, population, when, document."""
    django_ready()
    from mirps.base.texts.api import say
    from mirps.sharing.exports import api

    wanted = _wanted(round_, state, measure, known_on, lang)
    try:
        shown = 0
        for row in api.listed(wanted=wanted, lang=lang, at=datetime.now(UTC)):
            when = row["as_of"] or "/".join(d for d in (row["period_start"], row["period_end"]) if d)
            cells = ("id", "state", "measure_label", "value", "unit_label", "population_label")
            click.echo("\t".join((*(row[c] for c in cells), row["dimensions_label"], when, row["document"])))
            shown += 1
    except api.NoSuchRound as e:
        raise Misused(say("export.fault.round", lang, round=e.code, known=", ".join(e.known) or "—")) from e
    if not shown:
        click.echo(say("export.said.nothing", lang), err=True)


@figures.command()
@click.argument("id_", metavar="ID")
@LANG
def show(id_: str, lang: str) -> None:
    """Everything that the ledger says of the figure ID, one line a column."""
    row = _row(id_, lang)
    width = max(len(c) for c in row)
    for column, text in row.items():
        if text:
            click.echo(f"{column:{width}}  {text}")


def _row(id_: str, lang: str) -> dict[str, str]:
    """The cells of a public figure, by column."""
    django_ready()
    from mirps.base.texts.api import say
    from mirps.sharing.exports import api

    found = api.one(id_, lang=lang, at=datetime.now(UTC), unloaded=True)
    if found is None:
        raise Misused(say("export.fault.figure", lang, id=id_))
    return found


@figures.command()
@click.argument("id_", metavar="ID")
@LANG
def history(id_: str, lang: str) -> None:
    """What happened to the figure ID since it was stated, oldest first."""
    row = _row(id_, lang)
    from mirps.base.texts.api import say
    from mirps.evidence.figures import api
    from mirps.sharing.exports.api import in_ledger

    click.echo(f"{row['known_from']}\t{say('export.said.stated', lang)}\t{row['value']}\t{row['document']}")
    for e in api.history(id_) if in_ledger(row["round"]) else ():
        reason = e.reason_es if lang == "es" else e.reason_en
        cells = [f"{e.at:%Y-%m-%d}", say(f"export.event.{e.kind}", lang), e.other, e.by]
        if reason:
            cells.append(say("export.said.because", lang, why=reason))
        click.echo("\t".join(c for c in cells if c))


@figures.command()
@click.argument("old", metavar="ID")
@click.option("--id", "new", default="", help="id of the new statement [ID with -r2, -r3 … after it]")
@click.option("--value", default="", help="the right value, as a plain decimal: 234430")
@click.option(
    "--set", "changes", multiple=True, metavar="COLUMN=VALUE", help="any other column to state anew"
)
@click.option("--reason-es", required=True, help="in Spanish")
@click.option("--reason-en", required=True, help="in English")
@click.option("--as", "username", required=True, help="the account that corrects; its role must allow it")
@LANG
def correct(
    old: str, new: str, value: str, changes: tuple[str, ...], reason_es: str, reason_en: str,
    username: str, lang: str,
) -> None:  # fmt: skip
    """State the figure ID anew. The old statement stays, citable, marked as replaced.

    The new statement is checked like any row of a data package. A reason in both languages is
    part of the record.
    """
    django_ready()
    from mirps.base.texts.api import say
    from mirps.evidence.figures.api import PackageFaults
    from mirps.web.shell.correction import Refused, state_anew
    from mirps.web.shell.round import tell_faults

    wanted = dict(c.partition("=")[::2] for c in changes) | ({"value": value} if value else {})
    try:
        made = state_anew(
            old=old, new=new, changes=wanted, reason_es=reason_es, reason_en=reason_en,
            username=username, at=datetime.now(UTC),
        )  # fmt: skip
    except Refused as e:
        raise Misused(say(e.key, lang, **e.values)) from e
    except PackageFaults as e:
        tell_faults(e, lang)
        raise SystemExit(2) from e
    click.echo(say("export.said.corrected", lang, old=old, new=made.figure.id))
    if made.erratum:
        click.echo(say("errata.name", lang, code=made.erratum.code, round=made.erratum.round))


@figures.command()
@click.option("--round", "rounds", multiple=True, default=("2024",), show_default=True)
def describe(rounds: tuple[str, ...]) -> None:
    """Write the Frictionless descriptors (datapackage.json) beside the data, from the code lists."""
    django_ready()
    from mirps.base.codelists.api import data_folder
    from mirps.sharing.exports import api

    folders = [(data_folder() / "measures", api.describe_measures(data_folder() / "measures"))]
    folders += [(f, api.describe_round(f)) for f in (data_folder() / "rounds" / r for r in rounds)]
    for folder, described in folders:
        (folder / "datapackage.json").write_text(api.written(described), encoding="utf-8")
        click.echo(str(folder / "datapackage.json"))
