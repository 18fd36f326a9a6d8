"""What a seat sees, as a condition of queries; and who read what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Exists, OuterRef, Q, QuerySet

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.codelists.rules import CodeList, read
from mirps.base.prepared.api import Prepared
from mirps.people.custody import rules
from mirps.people.custody.models import Glass, GlassOf, Reading, ReadingOf, Request, Share
from mirps.people.custody.rules import Duty, Limit, Seat


@cache
def settings() -> dict[str, Any]:
    """data/registration/custody.yaml."""
    found: dict[str, Any] = yaml.safe_load(_file("custody.yaml"))
    return found


@cache
def limits() -> dict[str, Limit]:
    """data/registration/limits.yaml: how much one person may look at."""
    return rules.limits(yaml.safe_load(_file("limits.yaml")))


@cache
def purposes() -> CodeList:
    return read(codelists.data_folder() / "registration" / "lists" / "purposes.csv")


def _file(name: str) -> str:
    return (codelists.data_folder() / "registration" / name).read_text(encoding="utf-8")


def rights(act: str, *, deciding: bool = False) -> tuple[str, ...]:
    """With which right somebody asks for an act that takes two; with which of them (`deciding`) one answers."""
    given = settings()["requests"]
    return (given["acts"][act], *(given["decide"].get(act, ()) if deciding else ()))


# --- what comes into view


def seen(seat: Seat, *, at: datetime, id_: str = "pk") -> Q:
    """The persons (or groups) that the seat sees, as rules.sees has it: `Person.objects.filter(seen(…))`."""
    mine = Q(state=seat.state, institution=seat.institution)
    if seat.office and not seat.purpose and not seat.duty:
        mine &= Q(office__in=("", seat.office))
    if seat.duty:
        return mine
    found = mine | Q(Exists(_glass(seat, at).filter(subject=OuterRef(id_))))
    if seat.purpose:
        found |= Q(Exists(_shares(seat, at).filter(subject=OuterRef(id_))))
    return found


def readable(seat: Seat) -> Q:
    """The facts, of what is in view, that the seat is cleared to know."""
    if seat.duty is not Duty.DESK:
        return Q(pk__in=[])
    return Q(sensitivity__in=["", *sorted(seat.knows)])


def _glass(seat: Seat, at: datetime) -> QuerySet[GlassOf]:
    """Files that this person's own emergency access holds open."""
    return GlassOf.objects.filter(
        glass__by=seat.user, glass__at__lte=at, glass__until__gt=at, glass__closed_at=None
    ).order_by()


def _shares(seat: Seat, at: datetime) -> QuerySet[Share]:
    return Share.objects.filter(
        state=seat.state, institution=seat.institution, purpose=seat.purpose, since__lte=at, until__gt=at,
        ended_at=None,
    ).order_by()  # fmt: skip


def opened_by_glass(seat: Seat, subjects: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Which of these this person sees through emergency access: for the page to say so."""
    return set(_glass(seat, at).filter(subject__in=list(subjects)).values_list("subject", flat=True))


# --- who read what


DONE = Prepared(
    lambda by, act, since: Reading.objects.filter(by=by, act=act, at__gt=since).order_by().values_list("at", flat=True)
)  # fmt: skip


def done(user: str, act: str, *, at: datetime) -> Callable[[], list[datetime]]:
    """When somebody did this in the last 24 hours: asked, to be read once."""
    if act == "glass":
        since = at - timedelta(days=1)
        return partial(list, Glass.objects.filter(by=user, at__gt=since).values_list("at", flat=True))
    return DONE.sent(**lately(user, act, at=at))


def lately(user: str, act: str, *, at: datetime) -> dict[str, Any]:
    """What DONE is asked."""
    return {"by": user, "act": act, "since": at - timedelta(days=1)}


def readings_of(subjects: Iterable[UUID]) -> QuerySet[Reading]:
    """Every look at these files, the latest first."""
    of = ReadingOf.objects.filter(subject__in=list(subjects), reading=OuterRef("pk")).order_by()
    return Reading.objects.filter(Exists(of))


def readings_by(user: str, institution: str) -> QuerySet[Reading]:
    """Every look of one officer from seats of that institution, the latest first."""
    return Reading.objects.filter(by=user, institution=institution)


def readers_of(institution: str, *, since: datetime) -> list[str]:
    """User names of whoever looked at anything from that institution since a moment."""
    found = Reading.objects.filter(institution=institution, at__gte=since).order_by("by")
    return list(found.values_list("by", flat=True).distinct())


# --- who answers for it


def answering(act: str, state: str, institution: str, *, at: datetime) -> list[User]:
    """Who may do `act` for an institution: those who are told, or asked."""
    held = access.holdings(on=at.date())
    return access.able(held, act, state=state, body=institution, on=at.date())


def glasses(state: str, institution: str) -> QuerySet[Glass]:
    """Emergency access by the institution's people, or to its files."""
    theirs = GlassOf.objects.filter(holder_state=state, holder=institution, glass=OuterRef("pk")).order_by()
    return Glass.objects.filter(Q(state=state, institution=institution) | Q(Exists(theirs))).prefetch_related(
        "files"
    )


def requests(state: str, institution: str) -> QuerySet[Request]:
    return Request.objects.filter(state=state, institution=institution)
