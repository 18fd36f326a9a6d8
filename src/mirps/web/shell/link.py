"""`mirps link`: how many people this State and another both serve, without either telling who (docs/linkage.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from mirps.web.shell.speaking import speaking

if TYPE_CHECKING:
    from mirps.sharing.linkage.api import Agreement, Terms

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


@link.command()
@click.option("--with", "partner", required=True, help="the other State")
@click.option("--comparer", default="MIRPS", show_default=True, help="the node that compares; neither State")
@click.option("--purpose", required=True, help="what the count is for")
@click.option("--basis", required=True, help="the law or agreement that it rests on")
@click.option("--threshold", type=int, default=5, show_default=True, help="no count below it is shown")
@click.option("--every", type=click.Choice(["once", "year", "quarter"]), default="quarter", show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="last day")
@speaking
def propose(lang: str, until: Any, **terms: Any) -> None:
    """Put the terms of an agreement down, for two persons to sign."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.propose(**terms, until=until.date(), by=BY, at=timezone.now())
    click.echo(_say("proposed", lang, id=made.pk))


@link.command()
@ID
@click.option("--user", required=True, help="who signs; their password is asked for")
@speaking
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
@speaking
def open_(lang: str, agreement: UUID) -> None:
    """Begin this period's count, at the node that compares."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.open_(agreement=agreement, by=BY, at=timezone.now())
    click.echo(_say("opened", lang, period=made.period, id=agreement))


@link.command()
@ID
@speaking
def encode(lang: str, agreement: UUID) -> None:
    """Send this State's register as rows that nobody can read, once a period."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.encode(agreement=agreement, by=BY, at=timezone.now())
    left = {name.partition("-")[2] or name: count for name, count in made.sent.items()}
    click.echo(_say("sent", lang, **left, partner=_partner(made.agreement)))


@link.command()
@ID
@speaking
def compare(lang: str, agreement: UUID) -> None:
    """Compare the rows of both States, tell them protected counts, and forget what opens the rows."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    made = linkage.compare(agreement=agreement, by=BY, at=timezone.now())
    click.echo(_say("compared", lang, period=made.period, hidden=made.result["hidden"]))


@link.command()
@ID
@click.option("--reason", required=True, help="why; the others are told")
@speaking
def end(lang: str, agreement: UUID, reason: str) -> None:
    """Decline an agreement, or end one that is in force: for both States and for good."""
    from django.utils import timezone

    from mirps.sharing.linkage import api as linkage

    linkage.end(agreement=agreement, reason=reason, by=BY, at=timezone.now())
    click.echo(_say("ended", lang))


@link.command("list")
@speaking
def list_(lang: str) -> None:
    """The agreements of this node, and their counts."""
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.sharing.linkage import api as linkage

    for held in linkage.agreements().reverse():
        terms, stage = linkage.terms_of(held), linkage.stage_of(held, on=timezone.now().date())
        click.echo(_say("line", lang, id=held.pk, one=terms.one, other=terms.other, comparer=terms.comparer,
                        until=terms.until.isoformat(), state=say(f"linkage.stage.{stage}", lang)))  # fmt: skip
        for count in reversed(list(held.counts.all())):
            click.echo(
                _say("count", lang, period=count.period, state=say(f"linkage.count.{count.stands}", lang))
            )


@link.command()
@ID
@click.option(
    "--by", "by", multiple=True, type=click.Choice(["way", "age", "sex", "nationality"]), default=["way"]
)
@speaking
def show(lang: str, agreement: UUID, by: tuple[str, ...]) -> None:
    """The last result, by one or more of its dimensions: what is suppressed is told as suppressed."""
    from mirps.base.texts.api import say
    from mirps.sharing.linkage import api as linkage

    count = linkage.Count.objects.filter(agreement=agreement, compared_at__isnull=False).first()
    if count is None:
        raise click.ClickException(_say("nothing", lang))
    terms, told = linkage.terms_of(count.agreement), linkage.cells(count)
    click.echo(f"{terms.one} – {terms.other}, {count.period}")
    for cell in [*linkage.margin(told), *linkage.margin(told, *by)]:
        names = [_member(name, cell[name], terms, lang) for name in by]
        value = say("linkage.suppressed", lang) if cell["value"] is None else cell["value"]
        click.echo(f"{value:>12}  {', '.join(names)}")


def _member(name: str, value: str, terms: Terms, lang: str) -> str:
    from mirps.base.texts.api import say
    from mirps.sharing.linkage import api as linkage

    if value == linkage.TOTAL:
        return say("linkage.total", lang)
    return say(f"linkage.way.{value}", lang, one=terms.one, other=terms.other) if name == "way" else value


def _partner(held: Agreement) -> str:
    from mirps.sharing.exchange import api as exchange
    from mirps.sharing.linkage import api as linkage

    return linkage.terms_of(held).partner(exchange.node())


def _say(key: str, lang: str, **values: object) -> str:
    from mirps.base.texts.api import say

    return say(f"linkage.shell.{key}", lang, **values)
