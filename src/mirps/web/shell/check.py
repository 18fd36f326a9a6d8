"""`mirps check`: the quantitative statements of a report, and those that do not add up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mirps.evidence.checks import api, readers, render

_ROUND = {
    "es": "La ronda «{round}» no se puede leer: {why}. Indique el nombre de una carpeta de data/rounds.",
    "en": "The round '{round}' cannot be read: {why}. Give the name of a folder in data/rounds.",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lang", type=click.Choice(["es", "en"]), help="Language of the document; detected when not given."
)
@click.option("--against", metavar="ROUND", help="Compare with the figures of a round, for example 2024.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
def check(file: Path, lang: str | None, against: str | None, form: str) -> None:
    """Find what does not add up in a report (.txt, .md, .docx or .pdf), in Spanish or English.

    Reads the quantitative statements of FILE and names those that contradict each other or,
    with --against, the ledger. Exit status: 0 no contradiction, 1 contradictions, 2 unreadable.

    \b
    Examples:
      mirps check report.docx
      mirps check informe.pdf --lang es --against 2024 --format json
    """
    try:
        figures, measures = _round(against, lang) if against else (None, None)
        report = api.check_file(file, lang=lang, figures=figures, measures=measures)
    except readers.UnreadableError as error:
        _refuse(error.messages, lang)
        return
    if form == "json":
        click.echo(report.as_json())
    elif form == "html":
        click.echo(render.as_html(report, report.lang))
    else:
        click.echo(render.as_text(report, report.lang))
    sys.exit(report.exit_status)


def _refuse(messages: dict[str, str], lang: str | None) -> None:
    """Say why in the user's language, or in both when none was given; exit status 2."""
    for each in [lang] if lang else ["es", "en"]:
        click.echo(messages[each], err=True)
    sys.exit(2)


def _round(name: str, lang: str | None) -> tuple[Any, Any]:
    """The figures and measures of a round of this installation; refused with exit status 2 when unreadable."""
    from mirps.evidence.figures import vocabulary

    try:
        loaded = vocabulary.read_own_round(name)
    except Exception as error:
        _refuse({each: text.format(round=name, why=error) for each, text in _ROUND.items()}, lang)
        raise
    return loaded.figures, loaded.measures
