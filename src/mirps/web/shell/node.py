"""`mirps node`: this node, the others, and the packages between them (docs/exchange.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mirps.web.shell.speaking import speaking

if TYPE_CHECKING:
    from mirps.sharing.exchange.api import Outcome

BY = "mirps node"


@click.group()
def node() -> None:
    """This node, the others, and the packages that they exchange. MIRPS_NODE says which node this is.

    \b
    To begin with another node:
      mirps node setup > ours.card       send the card; read the fingerprint out on the telephone
      mirps node add theirs.card         takes theirs, once its fingerprint was read back
      mirps node sync                    exchange now; `mirps serve` does so each minute
    Without a line, a stick: `mirps node pack DIR --to MIRPS`, `mirps node take DIR`.
    """


@node.command()
@speaking
def setup(lang: str) -> None:
    """Make this node's keys, once; its card on standard output, its fingerprint beside it."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    key = exchange.set_up(by=BY, at=timezone.now())
    text = exchange.card(key)
    click.echo(text)
    told = exchange.read_card(text)
    click.echo(_say("card", lang, node=told.node, fingerprint=told.fingerprint), err=True)


@node.command("list")
@speaking
def list_(lang: str) -> None:
    """This node, its peers, how far each lane is, and what was refused or turned away."""
    from mirps.base.texts.api import say
    from mirps.sharing.exchange import api as exchange

    told = exchange.read_card(exchange.card(exchange.current()))
    click.echo(_say("card", lang, node=told.node, fingerprint=told.fingerprint))
    for peer in exchange.Peer.objects.order_by("pk"):
        key = peer.keys.order_by("-generation")[0]
        print_ = exchange.fingerprint(bytes(key.public), key.sealing)
        click.echo(_say("peer", lang, node=peer.code, address=peer.address or "-", fingerprint=print_))
        met = f"{peer.met_at:%Y-%m-%d %H:%M} UTC" if peer.met_at else "-"
        click.echo(_say("paused" if peer.paused else "met", lang, at=met))
        if peer.fault:
            click.echo(
                _say("dead", lang, tries=peer.tries, next=f"{peer.next_at:%Y-%m-%d %H:%M}", fault=peer.fault)
            )
        for lane in exchange.Lane.objects.filter(peer=peer).order_by("stream", "outward"):
            waiting = lane.packages.filter(state=exchange.Package.WAITING).count()
            way = "out" if lane.outward else "in"
            click.echo(_say(f"lane.{way}", lang, stream=lane.stream, number=lane.number, waiting=waiting))
    for row in reversed(exchange.overview.refused()[:100]):
        why = exchange.overview.why(row, lang)
        click.echo(_say("refused", lang, package=row.lane, number=row.number, why=why))
    for away in exchange.overview.turned_away()[:20]:
        why = say(away.reason, lang, **away.values)
        click.echo(_say("away", lang, at=f"{away.at:%Y-%m-%d %H:%M}", sender=away.sender or "?", why=why))


@node.command()
@click.argument("file", type=click.File())
@click.option("--fingerprint", default="", help="as it was read out on the telephone; asked for without it")
@click.option(
    "--address", default=None, help="where it answers, if not where its card says; '' for a node by hand"
)
@speaking
def add(lang: str, file: Any, fingerprint: str, address: str | None) -> None:
    """Take the card of another node from FILE. Its fingerprint must come by another way than the card."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    card = exchange.read_card(file.read(10_000))
    if not fingerprint:
        click.echo(_say("compare", lang, node=card.node))
        fingerprint = click.prompt(_say("typed", lang))
    exchange.add(card=card, fingerprint=fingerprint, address=address, by=BY, at=timezone.now())
    click.echo(_say("added", lang, node=card.node, address=address if address is not None else card.address))


@node.command()
@click.argument("code")
@speaking
def pause(lang: str, code: str) -> None:
    """Exchange nothing with a node until it is resumed; what waits, waits."""
    _pause(code, paused=True, lang=lang)


@node.command()
@click.argument("code")
@speaking
def resume(lang: str, code: str) -> None:
    """Exchange again with a node that was paused."""
    _pause(code, paused=False, lang=lang)


def _pause(code: str, *, paused: bool, lang: str) -> None:
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    exchange.pause(code=code, paused=paused, by=BY, at=timezone.now())
    click.echo(_say("pausing" if paused else "resuming", lang, node=code))


@node.command()
@speaking
def rotate(lang: str) -> None:
    """New keys, told to every peer in a package that the old key signs."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    key = exchange.rotate(by=BY, at=timezone.now())
    told = exchange.read_card(exchange.card(key))
    click.echo(_say("card", lang, node=told.node, fingerprint=told.fingerprint))


@node.command()
@click.option("--quiet", is_flag=True, help="say nothing where there is nothing to do")
@speaking
def sync(lang: str, quiet: bool) -> None:
    """Pack what is to go, and exchange with every peer that has an address and whose pause is over."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    if quiet and not exchange.stands():
        return
    exchange.prepare(at=timezone.now())
    exchange.tidy_daily(by=BY, at=timezone.now())
    for peer in exchange.due(at=timezone.now()):
        done = exchange.call(peer, exchange.HttpLine, at=timezone.now())
        if done is None:
            peer.refresh_from_db()
            click.echo(
                _say("dead", lang, tries=peer.tries, next=f"{peer.next_at:%Y-%m-%d %H:%M}", fault=peer.fault)
            )
        elif not quiet or done.sent or done.came or done.back or done.refused:
            counts = {"sent": done.sent, "came": done.came, "back": done.back, "refused": done.refused}
            click.echo(_say("done", lang, node=peer.code, **counts))


@node.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "to", required=True, help="the node for which the stick is")
@click.option(
    "--back", is_flag=True, help="give back too what came of it: it was restored from an old backup"
)
@speaking
def pack(lang: str, folder: Path, to: str, back: bool) -> None:
    """Write into FOLDER what a node has not acknowledged."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    exchange.prepare(at=timezone.now())
    files = exchange.pack(folder, to=to, at=timezone.now(), back=back)
    click.echo(_say("packed", lang, count=len(files), folder=folder))


@node.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@speaking
def take(lang: str, folder: Path) -> None:
    """Take every package of FOLDER. Ends with 1 where one was not taken."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    wrong = False
    for file, outcome in exchange.unpack(folder, at=timezone.now()):
        click.echo(f"{file.name}: {_outcome(outcome, lang)}")
        wrong = wrong or bool(outcome.reason)
    if wrong:
        raise SystemExit(1)


def _outcome(outcome: Outcome, lang: str) -> str:
    from mirps.base.texts.api import say

    if outcome.reason:
        return say(outcome.reason, lang, **outcome.values)
    return _say("outcome.again" if outcome.again else f"outcome.{outcome.state}", lang)


@node.command()
@click.option("--dry-run", is_flag=True, help="say how much, and leave it")
@speaking
def tidy(lang: str, dry_run: bool) -> None:
    """Let go of the contents of packages that are kept too long (data/exchange/keeping.yaml). `sync` does it daily."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    gone = exchange.tidy(by=BY, at=timezone.now(), dry=dry_run)
    click.echo(
        _say("due" if dry_run else "tidied", lang, packages=gone.packages, size=gone.size, away=gone.away)
    )


@node.command()
@click.argument("names", nargs=-1)
@speaking
def adopt(lang: str, names: tuple[str, ...]) -> None:
    """Show the lists that came from the region and are other than ours; put NAMES of them in the place of ours."""
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    if not names:
        for name in exchange.lists.offered():
            click.echo(_say("offered", lang, list=name))
        return
    for name in exchange.lists.adopt(names=list(names), by=BY, at=timezone.now()):
        click.echo(_say("adopted", lang, list=name))


def _say(key: str, lang: str, **values: object) -> str:
    from mirps.base.texts.api import say

    return say(f"exchange.shell.{key}", lang, **values)
