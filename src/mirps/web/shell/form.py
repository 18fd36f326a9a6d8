"""`mirps form`: the registration form for other tools, as an XLSForm and as the XForm that devices read."""

from __future__ import annotations

from pathlib import Path

import click

from mirps.web.shell import django_ready

_LEVEL = click.option(
    "--level", default="individual", show_default=True, help="group, individual, comprehensive"
)
_OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)


@click.group()
def form() -> None:
    """The registration form for ODK Collect, KoboCollect and other tools."""


@form.command()
@_LEVEL
@_OUT
def xlsx(level: str, out: Path) -> None:
    """The form as an XLSForm workbook, in both languages."""
    _write(level, out, "xlsx")


@form.command()
@_LEVEL
@_OUT
def xml(level: str, out: Path) -> None:
    """The form as an XForm, which ODK Collect and KoboCollect download from this node."""
    _write(level, out, "xml")


def _write(level: str, out: Path, what: str) -> None:
    django_ready()
    from mirps.people.intake import xlsform
    from mirps.people.registry import api as registry

    book = registry.book()
    if level not in book.levels:
        raise click.BadParameter(", ".join(book.levels), param_hint="--level")
    made = xlsform.workbook(book, level) if what == "xlsx" else xlsform.xform(book, level).encode()
    out.write_bytes(made)
    click.echo(str(out))
