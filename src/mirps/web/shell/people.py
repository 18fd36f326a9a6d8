"""`mirps people`: accounts, roles and mandates from the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mirps.base.access.api import Mandate, User


def told_from_above() -> list[Mandate]:
    """The presidency and the team leads by the terms recorded; before any is, by the facts of data/planning."""
    from mirps.planning.governance.api import told

    return told()


@click.group()
def people() -> None:
    """Accounts and roles: the first administrator, invitations, roles given and ended, mandates.

    \b
    An installation begins with:
      mirps people first-administrator --email ana@example.org --name "Ana López"
    which prints a one-time link. There is no default password.
    """


LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
AS = click.option("--as", "username", required=True, help="the account that does it; it must manage accounts")
ROLE = (
    click.option("--role", required=True, help="focal-point, data-entry, … (mirps people roles)"),
    click.option("--state", default="", help="HND …; empty: the region"),
    click.option("--body", default="", help="an institution of that State, HND.DINAF …"),
    click.option("--office", default="", help="one office of the institution; empty: all of it"),
    click.option("--via", default="", help="by virtue of: presidency, or a technical team's code"),
    click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the first day; today"),
    click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the last day; none"),
)


def _role_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(ROLE):
        command = option(command)
    return command


@people.command("first-administrator")
@click.option("--email", required=True)
@click.option("--name", required=True, help="full name")
@LANG
def first(email: str, name: str, lang: str) -> None:
    """Make the account that invites the others, and print its one-time link.

    Refused once somebody administers the region's accounts. A link that ran out before it was used is
    made anew for the same address.
    """
    now = _begin()
    from mirps.base.access import api as access
    from mirps.web.pages.accounts.inviting import link

    with _faults(lang):
        user, secret = access.first_administrator(email=email, name=name, language=lang, at=now)
    _print_link(link(user, secret), lang)


@people.command("list")
@click.option("--state", default=None, help="only roles of this State; empty for those of the region")
def listed(state: str | None) -> None:
    """Who holds which role today or will: user name, e-mail, role, State, institution, via, from, until."""
    now = _begin()
    from mirps.base.access.api import RoleAssignment

    held = RoleAssignment.objects.exclude(ends__lt=now.date()).select_related("user")
    if state is not None:
        held = held.filter(state=state)
    for a in held.order_by("user__username", "role", "id"):
        row = (a.user.username, a.user.email, a.role, a.state, a.body, a.via, a.starts, a.ends or "")
        click.echo("\t".join(str(each) for each in row))


@people.command()
def roles() -> None:
    """The roles, and what each may do."""
    from mirps.base.access.rules import ALLOWED

    for role, acts in ALLOWED.items():
        click.echo(f"{role}\t{' '.join(sorted(acts))}")


@people.command()
@click.option("--email", required=True)
@click.option("--name", required=True, help="full name")
@_role_options
@AS
@LANG
def invite(email: str, name: str, username: str, lang: str, **role: Any) -> None:
    """Invite somebody by e-mail with a first role; the one-time link is also printed."""
    now = _begin()
    from django.db import transaction

    from mirps.base.access import api as access
    from mirps.web.pages.accounts.inviting import link, send_link

    _manages(username, role["state"], lang)
    with _faults(lang), transaction.atomic():
        user = access.make_account(email=email, name=name, language=lang, by=username, at=now)
        access.give_role(user=user, by=username, at=now, **_days(role, now))
        secret = access.invite(user=user, by=username, at=now)
    if send_link(user, secret):
        click.echo(_say("mailed", lang, email=user.email), err=True)
    _print_link(link(user, secret), lang)


@people.command()
@click.argument("user")
@_role_options
@click.option("--reason", default="")
@AS
@LANG
def give(user: str, username: str, reason: str, lang: str, **role: Any) -> None:
    """Give USER a role."""
    now = _begin()
    from mirps.base.access import api as access

    _manages(username, role["state"], lang)
    found = _user(user, lang)
    if user == username:
        raise click.ClickException(_fault("own-role", lang))
    with _faults(lang):
        held = access.give_role(user=found, by=username, at=now, reason=reason, **_days(role, now))
    click.echo(_say("given", lang, user=user, role=held.role, starts=held.starts))


@people.command()
@click.argument("user")
@click.option("--role", required=True)
@click.option("--state", default="")
@click.option("--last", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the last day; yesterday: now")
@click.option("--reason", required=True)
@AS
@LANG
def end(
    user: str, role: str, state: str, last: datetime | None, reason: str, username: str, lang: str
) -> None:
    """End a role of USER: now, or with the day given."""
    now = _begin()
    from mirps.base.access import api as access

    _manages(username, state, lang)
    day = last.date() if last else now.date() - timedelta(days=1)
    held = _user(user, lang).roles.filter(role=role, state=state).exclude(ends__lt=now.date())
    ending = list(held.order_by("id"))
    if not ending:
        raise click.ClickException(_say("no-such-role", lang, user=user, role=role))
    with _faults(lang):
        for a in ending:
            access.end_role(assignment=a.pk, ends=day, reason=reason, by=username, at=now)
    click.echo(_say("ended", lang, user=user, role=role))


@people.command()
@LANG
def mandates(lang: str) -> None:
    """Let rights follow the recorded terms of the presidency and of the teams' leads, and show them."""
    now = _begin()
    from mirps.base.access import api as access

    changed = access.set_mandates(told_from_above(), by="mirps people mandates", at=now)
    for m in access.mandates():
        click.echo("\t".join((m.body, m.state, m.institution, str(m.starts), str(m.ends or ""), m.basis)))
    click.echo(_say("mandates-set" if changed else "mandates-same", lang, n=len(access.mandates())), err=True)


def _begin() -> datetime:
    from mirps.web.shell import django_ready

    django_ready()
    from django.utils import timezone

    return timezone.now()


def _say(key: str, lang: str, **values: object) -> str:
    from mirps.base.texts.api import say

    return say(f"accounts.shell.{key}", lang, **values)


def _fault(key: str, lang: str) -> str:
    from mirps.base.texts.api import say

    return say(f"accounts.fault.{key}", lang)


@contextmanager
def _faults(lang: str) -> Iterator[None]:
    """A fault of an action, or a role that there is not, as a sentence."""
    from mirps.base.access.api import AccessFault
    from mirps.base.texts.api import say

    try:
        yield
    except AccessFault as e:
        raise click.ClickException(say(e.key, lang, **e.values)) from e
    except ValueError as e:
        raise click.ClickException(str(e)) from e


def _days(role: dict[str, Any], now: datetime) -> dict[str, Any]:
    starts, ends = role["starts"], role["ends"]
    days = {"starts": starts.date() if starts else now.date(), "ends": ends.date() if ends else None}
    return role | days


def _user(username: str, lang: str) -> User:
    from mirps.base.access.api import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise click.ClickException(_say("nobody", lang, user=username))
    return found


def _manages(username: str, state: str, lang: str) -> None:
    from django.utils import timezone

    from mirps.base.access.api import allowed

    if not allowed(_user(username, lang), "people.manage", state=state, on=timezone.now().date()):
        raise click.ClickException(_say("not-administrator", lang, user=username, state=state or "MIRPS"))


def _print_link(link: str, lang: str) -> None:
    from mirps.base.access.api import GOOD_FOR

    click.echo(_say("link", lang, days=GOOD_FOR.days), err=True)
    click.echo(link)
