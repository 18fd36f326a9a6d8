"""`mirps keys`: the key file that people's data is sealed under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mirps.people.identity.api import Terms
    from mirps.people.registry.api import Person

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def keys() -> None:
    """The key file that people's data is sealed under: MIRPS_KEYS, or keys.json in MIRPS_HOME.

    \b
    A new installation makes it at its first start. Once a year, and when somebody who held it leaves:
      mirps keys rotate           one more key, which seals from now on
      mirps keys reseal           everything under it; may be broken off and begun again
      mirps keys retire 1         the old key goes
    docs/keys.md says what to keep where.
    """


def begun() -> str:
    """What a start owes the keys; what to tell whoever starts a new installation, in both languages.

    Ends the process with a sentence where the key file is not this database's own.
    """
    from mirps.base.crypto import api as crypto

    try:
        made = crypto.begin()
    except crypto.CryptoFault as fault:
        raise SystemExit(str(fault)) from None
    return "\n".join(_say("made", lang, path=crypto.path()) for lang in ("es", "en")) if made else ""


class Registered:
    """Whom the index is made of (identity.Source): everybody registered, by what was said and not withdrawn."""

    def ids(self) -> Iterable[UUID]:
        from mirps.people.registry.api import Person

        return Person.objects.order_by("pk").values_list("pk", flat=True).iterator()

    def terms(self, rows: Sequence[UUID]) -> Mapping[UUID, Terms]:
        """Locked, so that nobody is corrected between this reading and what follows from it."""
        from mirps.people.registry import api as registry

        finding = [kind for kind, held in registry.book().kinds.items() if held.find]
        people = registry.Person.objects.filter(pk__in=rows)
        said: dict[UUID, list[registry.Fact]] = {p: [] for p in _locked(people)}
        for fact in registry.facts_kept(
            people.filter(facts__kind__in=finding).values_list("facts", flat=True)
        ):
            if fact.person:
                said[fact.person].append(fact)
        gone = {f.replaces for facts in said.values() for f in facts if f.withdrawn}
        return {
            row: registry.terms_of(f for f in facts if not f.withdrawn and f.id not in gone)
            for row, facts in said.items()
        }


def _locked(people: QuerySet[Person]) -> Iterable[UUID]:
    return people.select_for_update().order_by("pk").values_list("pk", flat=True)


def _command(act: Callable[..., None]) -> Callable[..., None]:
    """Django ready, every row in view, and a fault as a sentence in the language asked for."""

    @LANG
    @wraps(act)
    def run(lang: str, **options: Any) -> None:
        from mirps.web.shell import django_ready

        django_ready()
        from mirps.base.crypto.api import CryptoFault
        from mirps.base.texts.api import say
        from mirps.people.custody import api as custody
        from mirps.people.identity import api as identity

        identity.follow(Registered())
        try:
            with custody.keeping():
                act(lang=lang, **options)
        except CryptoFault as fault:
            raise click.ClickException(fault.es if lang == "es" else fault.en) from None
        except custody.CustodyFault as fault:
            raise click.ClickException(say(fault.key, lang, **fault.values)) from None

    return run


@keys.command()
@_command
def make(lang: str) -> None:
    """Make the file of a new installation; never over one that is there, nor for a database that has its own."""
    from mirps.base.crypto import api as crypto

    crypto.make()
    _record("keys.made", 1)
    click.echo(_say("made", lang, path=crypto.path()))


@keys.command()
@_command
def show(lang: str) -> None:
    """Versions, fingerprints and how much is under each; never a key."""
    from mirps.base.crypto import api as crypto

    ring = crypto.ring()
    for version in ring.versions:
        kind = "current" if version == ring.current else "older"
        click.echo(_say(f"show.{kind}", lang, version=version, fingerprint=ring.fingerprint(version)))
        left = crypto.left(version)
        said = {"count": sum(left.values()), "where": ", ".join(left)}
        click.echo(_say("show.left", lang, **said) if left else _say("show.none", lang))


@keys.command()
@_command
def rotate(lang: str) -> None:
    """Put one more key into the file: it seals from now on, in every process, without a restart."""
    from mirps.base.crypto import api as crypto

    ring = crypto.rotate()
    _record("keys.rotated", ring.current)
    click.echo(_say("rotated", lang, version=ring.current, path=crypto.path()))


@keys.command()
@click.option("--dry-run", is_flag=True, help="say what is to be done, and do nothing")
@_command
def reseal(lang: str, dry_run: bool) -> None:
    """Seal everything under the current key and make the index anew, while people work.

    Broken off, it takes up what is left when it is begun again.
    """
    from mirps.base.crypto import api as crypto

    ring = crypto.ring()
    for holder in crypto.holders():
        count = sum(holder.left(version) for version in ring.versions[1:])
        if dry_run:
            click.echo(_say("to-reseal", lang, where=holder.name, count=count))
            continue
        for done in accumulate(holder.renewed(ring)):
            click.echo(_say("resealing", lang, where=holder.name, done=done), err=True)
    if not dry_run:
        crypto.prove_unused(*ring.versions[1:])
        _record("keys.resealed", ring.current)
        click.echo(_say("resealed", lang))


@keys.command()
@click.argument("version", type=int)
@_command
def retire(lang: str, version: int) -> None:
    """Take an old key out of the file. Refused while anything is sealed under it."""
    from mirps.base.crypto import api as crypto

    crypto.retire(version)
    _record("keys.retired", version)
    click.echo(_say("retired", lang, version=version, path=crypto.path()))


@keys.command()
@click.option("--mend", is_flag=True, help="put the index right; without it nothing is changed")
@_command
def compare(lang: str, mend: bool) -> None:
    """Compare people with the index: who is not found and should be, who is found and should not.

    Ends with 1 where they disagree and were not put right.
    """
    from mirps.people.identity import api as identity

    found = identity.compare(mend=mend)
    click.echo(_say("compared", lang, rows=found.rows))
    for kind, rows in (("lost", found.lost), ("stale", found.stale)):
        for row in sorted(rows):
            click.echo(_say(kind, lang, row=row))
    if not (found.lost or found.stale):
        click.echo(_say("same", lang))
    elif mend:
        _record("keys.mended", 0, lost=len(found.lost), stale=len(found.stale))
        click.echo(_say("mended", lang))
    else:
        click.echo(_say("to-mend", lang))
        raise SystemExit(1)


def _record(act: str, version: int, **detail: object) -> None:
    from django.utils import timezone

    from mirps.base.audit import api as audit

    audit.record(by="mirps keys", at=timezone.now(), act=act, subject=f"keys:{version or ''}", detail=detail)


def _say(key: str, lang: str, **values: object) -> str:
    from mirps.base.texts.api import say

    return say(f"keys.{key}", lang, **values)
