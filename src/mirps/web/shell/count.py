"""`mirps count`: indicators proved, the case ledger exported, cubes counted, and counts entered as figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mirps.base.texts.api import LANGUAGES, in_lang, say
from mirps.web.shell import django_ready
from mirps.web.shell.speaking import LANG

if TYPE_CHECKING:
    import duckdb

    from mirps.evidence.indicators.api import Indicator, Over

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def count() -> None:
    """Indicators as files: data/indicators/*.yaml. How to write one: docs/indicators.md."""


@count.command()
@click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@LANG
def prove(files: tuple[Path, ...], lang: str) -> None:
    """Read FILES and prove them. Every fault is told with its line and what to do, and the command fails."""
    from mirps.evidence.indicators import api

    wrong = False
    for file in files:
        try:
            i = api.load(file)
        except api.Faults as e:
            wrong = True
            for fault in e.faults:
                click.echo(fault.say(lang), err=True)
            continue
        click.echo(
            say(
                "counting.shell.proved", lang, file=file.name, name=in_lang(i.name, lang), n=len(i.dimensions)
            )
        )
    if wrong:
        raise SystemExit(1)


@count.command()
@click.option("--until", type=DAY, help="the last day of recording (default: today, UTC)")
@LANG
def export(until: datetime | None, lang: str) -> None:
    """Write what was recorded in cases as Parquet without names, from the last day that is there."""
    django_ready()
    from mirps.evidence.indicators.exporting import export as write

    days = acts = 0
    for _, done in write(folder(), until=day(until)):
        days, acts = days + 1, acts + done
    click.echo(say("counting.shell.exported", lang, days=days, acts=acts, folder=folder()))


@count.command()
@LANG
def keep(lang: str) -> None:
    """Bring the standing cubes up to what was exported: new days are taken in, each at its own cost."""
    django_ready()
    from mirps.evidence.indicators import api, keeping
    from mirps.evidence.indicators.counting import engine
    from mirps.evidence.indicators.layers import parents

    with engine() as db:
        stands = keeping.standing(folder(), api.indicators().values(), parents())
        done = keeping.keep(db, folder(), stands)
    key = "counting.shell.begun" if done.full else "counting.shell.kept"
    click.echo(say(key, lang, days=done.days, n=len(done.touched)))


_SPAN = (
    click.option("--from", "first", type=DAY, required=True, help="the first day of the flows"),
    click.option("--to", "last", type=DAY, required=True, help="the last day; stocks are those of it"),
    click.option("--known", type=DAY, help="as it was known on this day (default: today, UTC)"),
    click.option("--caseload", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                 help="count this file of cases (mirps count invent) and not the ledger's"),
)  # fmt: skip


def spans(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_SPAN):
        command = option(command)
    return command


@count.command()
@click.argument("codes", nargs=-1)
@spans
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="write the cubes here, as Parquet"
)
@LANG
def run(
    codes: tuple[str, ...], first: datetime, last: datetime, known: datetime | None, caseload: Path | None,
    out: Path | None, lang: str,
) -> None:  # fmt: skip
    """Count the indicators CODES (all of them where none is named), with all margins; told is each State's whole."""
    django_ready()
    from mirps.base.codelists.api import member_states

    with _counted(codes, first, last, known, caseload) as cubes:
        for code, i in cubes.indicators.items():
            cells = {s: cubes.cell(code, state=s) for s in member_states()}
            said = "  ".join(f"{s} {c.value:f}" for s, c in cells.items() if c.n and c.value is not None)
            click.echo(f"{in_lang(i.name, lang)} ({code})\t{said or '–'}")
        _quality(cubes, lang)
        if out:
            click.echo(say("counting.shell.written", lang, n=len(cubes.write(out)), folder=out))


def _quality(cubes: Any, lang: str) -> None:
    """Which rules of the files what was counted fails, by State."""
    from mirps.evidence.indicators.quality import failing, judged

    for state, found in sorted(
        judged(cubes.db, cubes.sources, cubes.indicators.values(), cubes.span).items()
    ):
        for code, notes in found.items():
            for n in failing(notes):
                rule = say(f"counting.quality.{n.rule}", lang, bound=n.bound, about=n.about)
                key = "counting.shell.blocks" if n.blocks else "counting.shell.warns"
                click.echo(
                    say(key, lang, code=code, state=state, rule=rule, found=f"{n.found:.1f}"), err=True
                )


@count.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--scale", type=click.FloatRange(0.001, 100), default=1, show_default=True)
@LANG
def invent(file: Path, scale: float, lang: str) -> None:
    """Write the demo's invented caseload to FILE, so many times as large: its counts meet the published totals."""
    from mirps.evidence.indicators import caseload
    from mirps.evidence.indicators.counting import engine
    from mirps.evidence.indicators.layers import parents

    with engine() as db:
        n = caseload.write(caseload.blocks(caseload.given(), scale, parents()), file, db)
    click.echo(say("counting.shell.invented", lang, n=n, file=file))


@contextmanager
def _counted(
    codes: tuple[str, ...], first: datetime, last: datetime, known: datetime | None, caseload: Path | None
) -> Iterator[Any]:
    from mirps.evidence.indicators.counting import Cubes, engine
    from mirps.evidence.indicators.layers import parents
    from mirps.evidence.indicators.planning import Span

    wanted = named(codes)
    with engine() as db:
        sources = layers(db, caseload, known)
        chosen = [i for i in wanted if i.over in sources]
        with as_cases(caseload):
            cubes = Cubes(db, chosen, Span(first.date(), last.date())).count(sources, parents())
        yield cubes


def named(codes: tuple[str, ...]) -> list[Indicator]:
    """The indicators of these codes; all of them where none is named."""
    from mirps.evidence.indicators.api import indicators

    every = indicators()
    if unknown := [c for c in codes if c not in every]:
        raise click.BadParameter(", ".join(unknown), param_hint="CODES")
    return [every[c] for c in codes] if codes else list(every.values())


def layers(db: duckdb.DuckDBPyConnection, caseload: Path | None, known: datetime | None) -> dict[Over, str]:
    """What is counted: a file of cases, or the ledger's as they were known on a day."""
    from mirps.evidence.indicators.api import Over
    from mirps.evidence.indicators.counting import parquet
    from mirps.evidence.indicators.exporting import as_known

    return {Over.CASES: parquet([caseload])} if caseload else as_known(db, folder(), day(known))


@contextmanager
def as_cases(given: Path | None) -> Iterator[None]:
    """While a file that was given is counted: whatever the engine says of it, it is no file of cases."""
    import duckdb

    try:
        yield
    except duckdb.Error as e:
        if given is None:
            raise
        said = str(e).splitlines()[0]
        raise click.ClickException(
            "\n".join(say("counting.shell.no-cases", lang, file=given.name, said=said) for lang in LANGUAGES)
        ) from None


def folder() -> Path:
    from django.conf import settings

    home: Path = settings.HOME
    return home / "counting"


def day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()
