"""`mirps letter`: is a letter genuine and does it hold; which keys sign; which is no longer trusted."""

from __future__ import annotations

import sys
from pathlib import Path

import click

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def letter() -> None:
    """Letters that this node signed."""
    from mirps.web.shell import django_ready

    django_ready()


@letter.command()
@click.argument("what")
@click.option("--name", default="", help="The name that is printed; with --control, it is compared.")
@click.option("--born", default="", help="The day of birth that is printed, YYYY-MM-DD.")
@click.option("--control", default="", help="The eight letters that are printed beside the code.")
@LANG
def verify(what: str, name: str, born: str, control: str, lang: str) -> None:
    """Verify WHAT: a PDF, a file with the text of a code, the text itself, or - for standard input.

    Fails (1) unless it is genuine and holds.
    """
    from django.utils import timezone

    from mirps.base.notices.api import zone
    from mirps.base.texts.api import say
    from mirps.casework.letters import api as letters

    try:
        code = letters.code_in(_given(what))
        on = timezone.now().astimezone(zone("")).date()
        found = letters.verify(code, on=on, name=name, born=born, control=control)
    except letters.NotSigned as e:
        click.echo(say(f"letters.verify.word.{e.why.value}", lang))
        raise SystemExit(1) from None
    click.echo(say(f"letters.verify.word.{found.verdict}", lang))
    c = found.claims
    for label, value in (("document", c.document), ("issuer", c.issuer), ("serial", c.serial),
                         ("issued", c.issued), ("until", c.until)):  # fmt: skip
        if value:
            click.echo(f"  {say(f'letters.verify.word.{label}', lang)}: {value}")
    if not found.holds:
        raise SystemExit(1)


def _given(what: str) -> bytes:
    if what == "-":
        return sys.stdin.buffer.read(10_000_000)
    try:
        return Path(what).read_bytes()
    except OSError:  # no such file, or a name too long for one: the text itself
        return what.encode()


@letter.command()
@LANG
def keys(lang: str) -> None:
    """The public keys with which letters are verified, the newest last."""
    from mirps.base.texts.api import say
    from mirps.casework.letters import api as letters

    for key in letters.public_keys():
        doubted = say("letters.shell.doubted", lang, day=key.doubted_since) if key.doubted_since else ""
        click.echo(f"{key.kid}  {key.institution}  {key.since:%Y-%m-%d}  {doubted}".rstrip())


@letter.command(context_settings={"ignore_unknown_options": True})  # a key's name may begin with a dash
@click.argument("kid")
@click.option("--by", required=True, help="Who says so: a user name, for the audit.")
@LANG
def doubt(kid: str, by: str, lang: str) -> None:
    """Trust nothing any more that key KID signed: somebody else may have it. Rotate the node's keys first."""
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.casework.letters import api as letters

    try:
        letters.doubt(kid=kid, by=by, at=timezone.now())
    except letters.SigningKey.DoesNotExist:
        raise SystemExit(say("letters.shell.no-key", lang, kid=kid)) from None
    click.echo(say("letters.shell.doubts", lang, kid=kid))
