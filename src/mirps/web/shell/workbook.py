"""`mirps workbook`: make the workbooks of a round, take filled ones in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mirps.web.shell import django_ready

if TYPE_CHECKING:
    from mirps.evidence.rounds.api import Round
    from mirps.evidence.workbooks.api import Fault, Taken

_LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def workbook() -> None:
    """Workbooks: XLSX files that institutions fill in offline."""


@workbook.command()
@click.option("--round", "code", required=True, help="the round, such as 2025")
@click.option("--institution", default="", help="one institution, such as HND.INM")
@click.option("--state", default="", help="every institution of a State, such as HND")
@click.option("--all", "every", is_flag=True, help="every institution of the round")
@_LANG
@click.option("--out", type=click.Path(path_type=Path), required=True, help="the file; a folder for several")
def make(code: str, institution: str, state: str, every: bool, lang: str, out: Path) -> None:
    """Make workbooks, with what is saved already and the last values published inside."""
    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.evidence.workbooks import api as workbooks
    from mirps.web.pages.rounds.workbook_words import made, name_of

    if sum(map(bool, (institution, state, every))) != 1:
        raise click.UsageError(say("workbooks.shell.one-of", lang))
    held = _round(code, lang)
    found = workbooks.institutions(code, state=state)
    wanted = [(s, i) for s, i in found if not institution or i == institution]
    if not wanted:
        who = institution or state
        raise click.ClickException(say("workbooks.shell.no-institution", lang, code=code, institution=who))
    if not institution:
        out.mkdir(parents=True, exist_ok=True)
    for s, i in wanted:
        path = out if institution else out / name_of(code, i, lang)
        path.write_bytes(made(held, s, i, lang, now=timezone.now()))
        click.echo(str(path))


@workbook.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="the user name of who takes it in (role entry.write)")
@click.option("--all-or-nothing", is_flag=True, help="take nothing unless all of it is right")
@_LANG
def read(path: Path, by: str, all_or_nothing: bool, lang: str) -> None:
    """Take a filled workbook in: what is right, or nothing with --all-or-nothing.

    Every fault is printed with its sheet, cell, why and what helps, tab-separated. What somebody else
    changed meanwhile is left for its page. Exit status: 0 all went in, 1 some did not, 2 none could.
    """
    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.evidence.workbooks import api as workbooks

    content = path.read_bytes()
    where = workbooks.made_for(content)
    if where is None:
        _tell(workbooks.faults_of(content), "", lang)
        raise SystemExit(2)
    code, institution = where
    held, now = _round(code, lang), timezone.now()
    _may_write(by, institution, now, lang)
    done = workbooks.take_in(
        round=held.code, institution=institution, content=content, name=path.name, by=by, at=now,
        whole=all_or_nothing,
    )  # fmt: skip
    _tell(done.plan.faults, institution, lang)
    _conflicts(done, lang)
    if done.again and done.upload:
        click.echo(say("workbooks.shell.again", lang, when=done.upload.at.strftime("%Y-%m-%d %H:%M UTC")))
        return
    if done.nothing:
        click.echo(say("workbooks.shell.nothing", lang))
        raise SystemExit(2 if done.plan.faults or done.plan.of(workbooks.Fate.CONFLICT) else 0)
    click.echo(say("workbooks.shell.kept", lang, **done.counts))
    raise SystemExit(1 if done.plan.faults or done.counts["conflicts"] else 0)


def _round(code: str, lang: str) -> Round:
    from mirps.base.texts.api import say
    from mirps.evidence.rounds import api as rounds

    held = rounds.worked().filter(pk=code).first()
    if held is None:
        raise click.ClickException(say("workbooks.shell.no-round", lang, code=code))
    return held


def _may_write(by: str, institution: str, now: datetime, lang: str) -> None:
    from mirps.base.access import api as access
    from mirps.base.texts.api import say

    user = access.User.objects.filter(username=by).first()
    state = institution.partition(".")[0]
    if user is None or not access.allowed(user, "entry.write", state=state, body=institution, on=now.date()):
        raise click.ClickException(say("workbooks.shell.nobody", lang, user=by, institution=institution))


def _tell(faults: Iterable[Fault], institution: str, lang: str) -> None:
    """Every fault as a row: sheet, cell, what stands there, why it is wrong, what helps."""
    from mirps.base.texts.api import say
    from mirps.evidence.workbooks import api as workbooks

    told = [workbooks.told(f, lang, workbooks.locale_of(institution.partition(".")[0], lang)) for f in faults]
    if told:
        heads = ("where", "found", "why", "do")
        click.echo("\t".join(say(f"workbooks.page.{h}", lang) for h in heads), err=True)
    for t in told:
        place = f"{t.sheet}!{t.cell}" if t.cell else t.sheet or "–"
        click.echo("\t".join((place, t.found or t.row or "–", t.why, t.do)), err=True)


def _conflicts(done: Taken, lang: str) -> None:
    from mirps.base.texts.api import say
    from mirps.evidence.entries.api import given_in
    from mirps.evidence.workbooks import api as workbooks

    for i in done.plan.of(workbooks.Fate.CONFLICT) if not done.again else ():
        locale = workbooks.locale_of(i.line.ask.state, lang)
        words = [
            workbooks.answer(g.value, g.absence, g.qualifier, lang, locale) or "–"
            for g in (given_in(i.cell), i.mine)
        ]
        said = say("workbooks.shell.conflict", lang, theirs=words[0], mine=words[1])
        click.echo(f"{i.place}\t{i.key}\t{said}", err=True)
