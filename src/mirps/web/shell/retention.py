"""`mirps retention`: what the rules would let go of, and the sweep that two people approved."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from mirps.people.custody.api import Seat

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
AS = click.option("--as", "username", required=True, help="the account that does it; it must run retention")


@click.group()
def retention() -> None:
    """Letting go of what is kept too long (data/registration/retention.yaml, docs/custody.md)."""


@retention.command()
@click.argument("institution")
@AS
@LANG
def dry(institution: str, username: str, lang: str) -> None:
    """List what the rules would let go of at INSTITUTION (MEX.COMAR); nothing is changed."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.people.retention import api

    found = api.dry_run(seat=_seat(username, institution, lang), at=timezone.now())
    for key, ids in found.found.items():
        click.echo(f"{key}\t{len(ids)}")
        for each in ids:
            click.echo(f"\t{each}")
    click.echo(say("custody.retention.listed-as", lang, id=found.pk), err=True)


@retention.command()
@click.argument("sweep", type=click.UUID)
@AS
@LANG
def run(sweep: UUID, username: str, lang: str) -> None:
    """Carry out SWEEP, which two people approved. Broken off, it goes on when it is begun again."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.people.custody import api as custody
    from mirps.people.custody.api import Request
    from mirps.people.retention import api

    approved = Request.objects.filter(act=api.ACT, subject=f"sweep/{sweep}").first()
    if approved is None:
        raise click.ClickException(say("custody.request.not-approved", lang))
    seat, done = _seat(username, approved.institution, lang), 0
    try:
        for done in api.carry_out(seat=seat, sweep=sweep, request=approved.pk, at=timezone.now()):
            click.echo(f"\r{done}", nl=False, err=True)
    except custody.CustodyFault as fault:
        raise click.ClickException(say(fault.key, lang, **fault.values)) from None
    click.echo(say("custody.retention.let-go", lang, n=done))


@retention.command()
@click.option("--dry-run", is_flag=True, help="say how many, and leave them")
@LANG
def files(dry_run: bool, lang: str) -> None:
    """Let go of photos and papers that were sent and that nothing has named since. `mirps beside` does it too."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.utils import timezone

    from mirps.base.texts.api import say
    from mirps.people.retention import api

    found = api.loose_files(at=timezone.now(), dry=dry_run)
    if found or dry_run:
        click.echo(say(f"custody.retention.files-{'due' if dry_run else 'gone'}", lang, n=found))


def _seat(username: str, institution: str, lang: str) -> Seat:
    """The seat of retention of this person at the institution."""
    from django.utils import timezone

    from mirps.base.access import api as access
    from mirps.base.texts.api import say
    from mirps.people.custody import api as custody

    on, user = timezone.now().date(), access.User.objects.filter(username=username).first()
    grants = access.grants_of(user, on=on) if user else []
    found = custody.seat_of(username, grants, institution, on=on, duty=custody.Duty.RETENTION)
    if found is None:
        raise click.ClickException(say("custody.no-seat", lang))
    return found
