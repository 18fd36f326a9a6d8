"""`mirps manage`: Django's own commands (migrate, createsuperuser, shell …)."""

from __future__ import annotations

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands: migrate, makemigrations, createsuperuser, shell."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mirps manage", *arguments])
