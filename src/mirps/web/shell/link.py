"""`mirps link`: how many people this State and another both serve, without either telling who (docs/linkage.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from mirps.sharing.linkage.api import Agreement, Terms

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
ID = click.argument("agreement", type=click.UUID)
BY = "mirps link"


@click.group()
def link() -> None:
    """How many people this State and another both serve, without either telling who.

    \b
    At both States:   mirps link propose, sign (two persons each), and encode once a period
    Where neither is: mirps link open, compare
    Everywhere:       mirps link list, show; `mirps node sync` carries what is to go
    """


def _command(act: Callable[..., None]) -> Callable[..., None]:
    """Django ready, and a refusal as a sentence in the language asked for."""

    @LANG
    @wraps(act)
    def run(lang: str, **options: Any) -> None:
        from mirps.web.shell import django_ready

        django_ready()
        from mirps.base.crypto.api import CryptoFault
        from mirps.base.refusal import Refusal
        from mirps.base.texts.api import say

        try:
            act(lang=lang, **options)
        except CryptoFault as fault:
            raise click.ClickException(fault.es if lang == "es" else fault.en) from None
        except Refusal as fault:
            told = [say(fault.key, lang, **fault.values)]
            if isinstance(fault.__cause__, Refusal):
                told.append(say(fault.__cause__.key, lang, **fault.__cause__.values))
            raise click.ClickException(" ".join(told)) from None

    return run


@link.command()
@click.option("--with", "partner", required=True, help="the other State")
@click.option("--comparer", default="MIRPS", show_default=True, help="the node that compares; neither State")
@click.option("--purpose", required=True, help="what the count is for")
@click.option("--basis", required=True, help="the law or agreement that it rests on")
@click.option("--threshold", type=int, default=5, show_default=True, help="no count below it is shown")
@click.option("--every", type=click.Choice(["once", "year", "quarter"]), default="quarter", show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="last day")
@_command
def propose(lang: str, until: Any, **terms: Any) -> None:
    """Put the terms of an agreement down, for two persons to sign."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.propose(**terms, until=until.date(), by=BY, at=timezone.now())
    click.echo(_say("proposed", lang, id=made.pk))


@link.command()
@ID
@click.option("--user", required=True, help="who signs; their password is asked for")
@_command
def sign(lang: str, agreement: UUID, user: str) -> None:
    """Sign for this State, as a person with an account here. With the second, the node sets its seal."""
    from django.contrib.auth import authenticate
    from django.utils import timezone

    from mirps.base.access.api import NotAllowed, User
    from mirps.sharing.linkage import api as linkage

    password = click.prompt(_say("password", lang, user=user), hide_input=True)
    known = authenticate(username=user, password=password)
    if not isinstance(known, User):
        raise click.ClickException(_say("not-known", lang))
    try:
        held = linkage.sign(agreement=agreement, user=known, at=timezone.now())
    except NotAllowed as fault:
        raise click.ClickException(_say("not-allowed", lang, user=user, state=fault.state)) from None
    count = held.signatures.count()
    click.echo(_say("signed", lang, user=user, count=count, needed=linkage.PERSONS))
    if count >= linkage.PERSONS:
        click.echo(_say("sealed", lang))


@link.command("open")
@ID
@_command
def open_(lang: str, agreement: UUID) -> None:
    """Begin this period's count, at the node that compares."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.open_(agreement=agreement, by=BY, at=timezone.now())
    click.echo(_say("opened", lang, period=made.period, id=agreement))


@link.command()
@ID
@_command
def encode(lang: str, agreement: UUID) -> None:
    """Send this State's register as rows that nobody can read, once a period."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.encode(agreement=agreement, by=BY, at=timezone.now())
    left = {name.partition("-")[2] or name: count for name, count in made.sent.items()}
    click.echo(_say("sent", lang, **left, partner=_partner(made.agreement)))


@link.command()
@ID
@_command
def compare(lang: str, agreement: UUID) -> None:
    """Compare the rows of both States, tell them protected counts, and forget what opens the rows."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.compare(agreement=agreement, by=BY, at=timezone.now())
    click.echo(_say("compared", lang, period=made.period, hidden=made.result["hidden"]))


@link.command()
@ID
@_command
def end(lang: str, agreement: UUID) -> None:
    """End an agreement, for both States and for good."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    linkage.end(agreement=agreement, by=BY, at=timezone.now())
    click.echo(_say("ended", lang))


@link.command("list")
@_command
def list_(lang: str) -> None:
    """The agreements of this node, and their counts."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    for held in linkage.Agreement.objects.order_by("made_at", "id"):
        terms = linkage.terms_of(held)
        over = held.ended_at is not None or timezone.now().date() > terms.until
        state = "ended" if over else "in-force" if held.seals.count() == len(terms.states) else "waiting"
        click.echo(_say("line", lang, id=held.pk, one=terms.one, other=terms.other, comparer=terms.comparer,
                        until=terms.until.isoformat(), state=_say(f"state.{state}", lang)))  # fmt: skip
        for count in held.counts.order_by("opened_at"):
            state = "done" if count.compared_at else "sent" if count.sent_at else "open"
            click.echo(_say("count", lang, period=count.period, state=_say(f"count-state.{state}", lang)))


@link.command()
@ID
@click.option(
    "--by", "by", multiple=True, type=click.Choice(["way", "age", "sex", "nationality"]), default=["way"]
)
@_command
def show(lang: str, agreement: UUID, by: tuple[str, ...]) -> None:
    """The last result, by one or more of its dimensions: what is suppressed is told as suppressed."""
    from mirps.sharing.linkage import api as linkage

    count = linkage.Count.objects.filter(agreement=agreement, compared_at__isnull=False).first()
    if count is None:
        raise click.ClickException(_say("nothing", lang))
    terms, told = linkage.terms_of(count.agreement), linkage.cells(count)
    click.echo(f"{terms.one} – {terms.other}, {count.period}")
    for cell in [*linkage.margin(told), *linkage.margin(told, *by)]:
        names = [_member(name, cell[name], terms, lang) for name in by]
        value = _say("suppressed", lang) if cell["value"] is None else cell["value"]
        click.echo(f"{value:>12}  {', '.join(names)}")


def _member(name: str, value: str, terms: Terms, lang: str) -> str:
    from mirps.sharing.linkage import api as linkage

    if value == linkage.TOTAL:
        return _say("total", lang)
    return _say(f"way.{value}", lang, one=terms.one, other=terms.other) if name == "way" else value


def _partner(held: Agreement) -> str:
    from mirps.sharing.exchange import api as exchange
    from mirps.sharing.linkage import api as linkage

    return linkage.terms_of(held).partner(exchange.node())


def _say(key: str, lang: str, **values: object) -> str:
    from mirps.base.texts.api import say

    return say(f"linkage.shell.{key}", lang, **values)
