"""`mirps`: from the shell what the pages do.

Each command is a module; it is imported when it is called, so that `mirps check` starts
without a database.
"""

from __future__ import annotations

import importlib
import os

import click

#: command -> module that holds it (a click command or group of the same name)
COMMANDS = {
    "beside": "mirps.web.shell.beside",
    "cases": "mirps.web.shell.cases",
    "check": "mirps.web.shell.check",
    "compare": "mirps.web.shell.compare",
    "count": "mirps.web.shell.count",
    "coverage": "mirps.web.shell.coverage",
    "custody": "mirps.web.shell.custody",
    "demo": "mirps.web.shell.demo",
    "figures": "mirps.web.shell.figures",
    "findings": "mirps.web.shell.findings",
    "form": "mirps.web.shell.form",
    "hooks": "mirps.web.shell.hooks",
    "keys": "mirps.web.shell.keys",
    "letter": "mirps.web.shell.letter",
    "link": "mirps.web.shell.link",
    "manage": "mirps.web.shell.manage",
    "node": "mirps.web.shell.node",
    "nodes": "mirps.web.shell.nodes",
    "notices": "mirps.web.shell.notices",
    "people": "mirps.web.shell.people",
    "planning": "mirps.web.shell.planning",
    "procedure": "mirps.web.shell.procedure",
    "protect": "mirps.web.shell.protect",
    "referrals": "mirps.web.shell.referrals",
    "release": "mirps.web.shell.release",
    "remind": "mirps.web.shell.remind",
    "report": "mirps.web.shell.report",
    "retention": "mirps.web.shell.retention",
    "round": "mirps.web.shell.round",
    "serve": "mirps.web.shell.serve",
    "texts": "mirps.web.shell.texts",
    "workbook": "mirps.web.shell.workbook",
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mirps")
def main() -> None:
    """The MIRPS platform from the shell.

    \b
    Begin with:
      mirps demo                                   everything at once, served on 127.0.0.1:8000
      mirps check report.pdf --against 2024        does a report agree with itself and the ledger?
      mirps figures export --round 2024            every figure with its source, as CSV
      mirps report build annual-2024 --lang es --format pdf --out annual.pdf

    Every command explains itself with --help.
    """


def django_ready() -> None:
    """Set Django up for a command that reads or writes the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
    import django

    django.setup()
    from mirps.casework.editions import api as editions

    editions.refresh()
