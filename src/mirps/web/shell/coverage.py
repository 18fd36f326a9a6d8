"""`mirps coverage`: how much of what the source documents name the product makes work.

`data/systems.csv` has one row for each of the 189 systems, registries, programmes and mechanisms named in the
sources; `docs/coverage.md` is generated from it, and a test holds that the two agree.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path

import click

from mirps.base.codelists.api import data_folder

#: in the order of the summary
STATES_OF_WORK = ("works", "partly", "not yet")

PREFACE = """\
# Coverage

Generated from `data/systems.csv` by `mirps coverage --write`; change the table there, not here.

Each row is a system, registry, programme or mechanism that the source documents name. State is an ISO 3166-1 alpha-3
code, `REG` for a regional or wider body, `ALL` for one that each of the seven States has. *works*: the test named
proves it; *partly*: the note says what is missing; *not yet*: nothing is built.
"""


@dataclass(frozen=True)
class System:
    """One row of `data/systems.csv`; `test` is a pytest node id, `state` one or more codes joined by `;`."""

    id: str
    name: str
    state: str
    owner: str
    group: str
    data_terms: str
    users: str
    state_of_work: str
    test: str
    note: str


COLUMNS = tuple(field.name for field in fields(System))


class BadTable(click.ClickException):
    """The table cannot be read; the message names the file, the line and the remedy."""


def read(path: Path) -> list[System]:
    """The rows of the table in file order.

    Raises `BadTable` for another header, a line of another length or an unknown state of work.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, strict=True))
    if not lines or tuple(lines[0]) != COLUMNS:
        raise BadTable(f"{path.name}, line 1: the columns must be {', '.join(COLUMNS)}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(COLUMNS):
            raise BadTable(f"{path.name}, row {number}: {len(line)} cells, expected {len(COLUMNS)}")
        row = System(*line)
        if row.state_of_work not in STATES_OF_WORK:
            allowed = ", ".join(STATES_OF_WORK)
            raise BadTable(
                f"{path.name}, row {number}, state_of_work: {row.state_of_work!r}; write one of {allowed}"
            )
        rows.append(row)
    return rows


def cell(text: str) -> str:
    """Text that cannot break out of its cell in a Markdown table."""
    return " ".join(text.replace("|", "\\|").split())


def proof(row: System) -> str:
    """The test as a link to its file, and the note; empty when there is neither."""
    link = f"[`{row.test}`](../{row.test.partition('::')[0]})" if row.test else ""
    return ". ".join(part for part in (link, cell(row.note)) if part)


def summary(rows: Sequence[System]) -> str:
    """Counts by group and state of work, with totals."""
    lines = [
        "| group | " + " | ".join(STATES_OF_WORK) + " | all |",
        "|---|" + "--:|" * (len(STATES_OF_WORK) + 1),
    ]
    groups = [(name, list(members)) for name, members in groupby(rows, key=lambda row: row.group)]
    for name, members in [*groups, ("**All**", list(rows))]:
        counts = Counter(row.state_of_work for row in members)
        numbers = [str(counts[state]) for state in STATES_OF_WORK]
        lines.append(f"| {cell(name)} | {' | '.join(numbers)} | {len(members)} |")
    return "\n".join(lines)


def section(group: str, rows: Sequence[System]) -> str:
    """One group as a heading and a table."""
    lines = [f"## {group}\n", "| id | name | State | state of work | test, note |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.id} | {cell(row.name)} | {row.state.replace(';', ', ')} | {row.state_of_work} | {proof(row)} |"
        for row in rows
    ]
    return "\n".join(lines)


def render(rows: Sequence[System]) -> str:
    """The whole page as Markdown; rows of a group stand together."""
    sections = [section(name, list(members)) for name, members in groupby(rows, key=lambda row: row.group)]
    return "\n".join([PREFACE, summary(rows) + "\n", "\n\n".join(sections)]) + "\n"


def page() -> Path:
    """Where the generated page stands."""
    return data_folder().parent / "docs" / "coverage.md"


@click.command()
@click.option("--write", is_flag=True, help="Write docs/coverage.md instead of printing it.")
def coverage(write: bool) -> None:
    """Each system the sources name, its state of work and the test that proves it.

    Prints the page made from data/systems.csv; with --write, brings docs/coverage.md up to date.
    """
    text = render(read(data_folder() / "systems.csv"))
    if not write:
        click.echo(text, nl=False)
        return
    page().write_text(text, encoding="utf-8")
    click.echo(f"written: {page()}")
