"""`mirps check`: the quantitative statements of a report, and those that do not add up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mirps.evidence.checks import api, render
from mirps.evidence.checks.reading import readers

_NO_ROUND = {
    "es": "No hay una ronda «{round}». Hay: {known}.",
    "en": "There is no round '{round}'. There is: {known}.",
}
_ROUND = {
    "es": "La ronda «{round}» no se puede leer: {file}, línea {line}. Corrija el archivo.",
    "en": "The round '{round}' cannot be read: {file}, line {line}. Correct the file.",
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
    from mirps.evidence.figures.cells import PackageFaults

    rounds = vocabulary.round_folder("x").parent
    known = sorted(p.name for p in rounds.iterdir() if p.is_dir()) if rounds.is_dir() else []
    if name not in known:
        words = {each: t.format(round=name, known=", ".join(known) or "–") for each, t in _NO_ROUND.items()}
        _refuse(words, lang)
    try:
        loaded = vocabulary.read_own_round(name)
    except PackageFaults as error:
        first = error.faults[0]
        said = {"round": name, "file": first.file, "line": first.line}
        _refuse({each: text.format(**said) for each, text in _ROUND.items()}, lang)
        raise
    return loaded.figures, loaded.measures
