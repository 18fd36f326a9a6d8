"""`mirps notices`: mail what people are told. For a timer; `mirps serve` runs it every minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import click

from mirps.web.shell import django_ready

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
AT = click.option(
    "--at", "moment", default="", metavar="TIME", help="as if it were then: 2025-11-03T07:30-06:00 (now)"
)


@click.group()
def notices() -> None:
    """What people are told by mail: send what is due, or see what would be sent.

    \b
    A server of its own (MIRPS_SMTP) takes the mails; without one they are kept in MIRPS_HOME/mail.
    `mirps serve` sends every minute. Elsewhere, from a timer:
      * * * * *  mirps notices send
    """


@notices.command()
@AT
@LANG
def send(moment: str, lang: str) -> None:
    """Remind whoever is due a reminder, make the mails that are due, and take all that wait to the server,
    the newsletter's last."""
    django_ready()
    from mirps.base.notices import api
    from mirps.base.texts.api import say
    from mirps.planning.library import api as library
    from mirps.planning.meetings import api as meetings
    from mirps.web.pages.notices import PATHS
    from mirps.web.pages.planning.newsletters import compose
    from mirps.web.pages.rounds import watch_told

    clock = clock_of(moment)
    watch_told.automatic(at=clock())
    meetings.remind(at=clock())
    made = api.digests(at=clock())
    done = api.send(clock=clock, paths=PATHS)
    if not done.away:
        done = done.plus(library.send(clock=clock, compose=compose))
    numbers = {"sent": done.sent, "postponed": done.postponed, "bounced": done.bounced}
    if made or any(numbers.values()):
        click.echo(say("notice.shell.done", lang, made=made, **numbers))
    if done.away:
        raise click.ClickException(say("notice.shell.away", lang, fault=done.away))


@notices.command()
@click.option("--user", "username", required=True, help="the account whose mail is shown")
@AT
@LANG
def preview(username: str, moment: str, lang: str) -> None:
    """Show the mails that one person would be sent, without sending or keeping anything.

    The mail is in the person's own language; --lang is that of what this command says.
    """
    django_ready()
    from mirps.base.access.api import User
    from mirps.base.notices import api
    from mirps.base.texts.api import say
    from mirps.web.pages.notices import PATHS

    at = clock_of(moment)()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise click.ClickException(say("notice.shell.nobody", lang, user=username))
    waiting = {n.pk: n for n in api.waiting(user)}
    plan = api.planned(user, waiting.values(), at=at)
    if not plan.now and not plan.digest:
        click.echo(say("notice.shell.nothing", lang, user=username))
    for form, ids in (("now", plan.now), ("digest", plan.digest)):
        if ids:
            mail = api.mail_of(
                user, form, [waiting[i] for i in ids], paths=PATHS, message_id="<preview>", lang=user.language,
                today=at.astimezone(api.clock(user, at.date())).date(),
            )  # fmt: skip
            click.echo(f"Subject: {mail.subject}\nTo: {user.email}\n\n{mail.body}")


def clock_of(moment: str) -> Callable[[], datetime]:
    """The time that is, or the one given, for ever."""
    if not moment:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromisoformat(moment)
    except ValueError as e:
        raise click.BadParameter(str(e), param_hint="--at") from e
    if fixed.tzinfo is None:
        raise click.BadParameter("give the time zone too, such as -06:00", param_hint="--at")
    return lambda: fixed
