"""`mirps report`: list, prove, build and confirm reports."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mirps.base.texts.api import day, locale_for

if TYPE_CHECKING:
    from mirps.sharing.reports.proof import Fault

T = TypeVar("T")
LANG = click.Choice(["es", "en"])
MOST = 10  # faults that a build tells one by one; `check` tells all


@click.group()
def report() -> None:
    """Reports whose numbers are figures of the ledger.

    \b
    Begin with:
      mirps report list
      mirps report check annual-2024
      mirps report build annual-2024 --lang es --format pdf --out annual.pdf
      mirps report build country-brief --state HND --lang en --format docx --out hnd.docx
    """
    from mirps.web.shell import django_ready

    django_ready()


@report.command("list")
@click.option("--lang", type=LANG, default="es")
def list_(lang: str) -> None:
    """The reports of this installation: the written ones, and those of the rounds that it published."""
    from django.db import DatabaseError

    from mirps.sharing.reports import api

    try:
        plans = _guarded(lang, api.plans)
    except DatabaseError:  # no database has been made yet
        plans = _guarded(lang, api.written)
    for code, plan in plans.items():
        click.echo(f"{code:16} {plan.title[lang]} ({', '.join(plan.formats)})")


@report.command()
@click.argument("code")
@click.option("--state", default="", help="The State of a country brief, e.g. HND.")
@click.option("--lang", type=LANG, default="es", help="The language of the answer.")
@click.option("--known-on", type=click.DateTime(), help="Prove it against the ledger as known then.")
def check(code: str, state: str, lang: str, known_on: datetime | None) -> None:
    """Prove a report in both languages, without writing it."""
    from mirps.sharing.reports import api

    found = _guarded(lang, lambda: api.check_report(code=code, state=state, known_on=_utc(known_on)))
    if found:
        _tell(found, lang)
        raise SystemExit(1)
    click.echo(api.say("reports.clean", lang, code=code))


@report.command()
@click.argument("code")
@click.option("--lang", type=LANG, required=True)
@click.option("--format", "format_", type=click.Choice(["html", "pdf", "docx"]), default="pdf")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--state", default="", help="The State of a country brief, e.g. HND.")
@click.option("--known-on", type=click.DateTime(), help="Build it from the ledger as known then.")
@click.option("--draft", is_flag=True, help="Watermarked; in spite of unfit figures and stale translations.")
@click.option("--base", default="", help="Address before /es/figure/…, e.g. https://mirps.example.")
def build(
    code: str,
    lang: str,
    format_: str,
    out: Path,
    state: str,
    known_on: datetime | None,
    draft: bool,
    base: str,
) -> None:
    """Build a report. Nothing is written when there is a fault."""
    from mirps.sharing.reports import api

    params = {"state": state, "draft": draft, "base": base}
    excused = _guarded(
        lang,
        lambda: api.build_report(
            code=code, lang=lang, format=format_, params=params, by=getpass.getuser(),
            at=datetime.now(UTC), known_on=_utc(known_on), out=out,
        ).excused,
    )  # fmt: skip
    if excused:
        click.echo(api.say("reports.excused", lang, n=len(excused)), err=True)
        _tell(excused, lang, MOST)
    click.echo(api.say("reports.built", lang, file=out, size=f"{out.stat().st_size / 1000:.0f}"))


@report.command()
@click.argument("code")
@click.argument("section")
@click.option("--lang", type=LANG, required=True, help="The language of the translation that was read.")
def confirm(code: str, section: str, lang: str) -> None:
    """Record that a person has read a translation against its original as it is now."""
    from mirps.sharing.reports import api

    original = _guarded(lang, lambda: api.confirm_translation(code=code, section=section, lang=lang))
    click.echo(api.say("reports.confirmed", lang, file=f"{code}/{lang}/{section}.md", original=original))


def _utc(moment: datetime | None) -> datetime | None:
    """A day without an hour means its end."""
    if moment is None:
        return None
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.replace(tzinfo=UTC)


def _guarded(lang: str, act: Callable[[], T]) -> T:
    """Do it, or tell every fault in the user's language and leave with status 1."""
    from mirps.sharing.reports import api

    try:
        return act()
    except api.Unfit as e:
        click.echo(api.say("reports.stopped", lang, n=len(e.faults)), err=True)
        _tell(e.faults, lang, MOST)
    except api.ReportFault as e:
        click.echo(api.say(e.key, lang, **e.values), err=True)
    raise SystemExit(1)


def _tell(faults: Sequence[Fault], lang: str, most: int | None = None) -> None:
    """Fault by fault, `most` at most. When all say "not known then", one line says from when they are."""
    from mirps.sharing.reports import api

    days = [f.values["known"] for f in faults if f.key == "reports.fault.not_known_then"]
    early = bool(days) and len(days) == len(faults)
    if early:
        most = MOST
    for f in sorted(faults, key=lambda f: (f.file, f.line))[:most]:
        place = f"{f.file}:{f.line}" if f.line else f.file
        click.echo(f"{place}: {api.say(f.key, lang, **_in_words(f.values, lang))}", err=True)
    if most and len(faults) > most:
        key = "reports.rest" if early else "reports.rest-check"
        click.echo(api.say(key, lang, n=len(faults) - most), err=True)
    if early:
        last = max(d for d in days if isinstance(d, date))
        click.echo(api.say("reports.known-from", lang, **_in_words({"day": last}, lang)), err=True)


def _in_words(values: Mapping[str, object], lang: str) -> dict[str, object]:
    locale = locale_for(lang, "", {})
    return {k: day(v, locale) if isinstance(v, date) else v for k, v in values.items()}
