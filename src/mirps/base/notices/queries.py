"""Reading notices: what a person has, how they want it, whether mail reaches them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from mirps.base.access.api import RoleAssignment, User
from mirps.base.notices import rules
from mirps.base.notices.hours import hours, zone
from mirps.base.notices.models import Bounce, Choice, Mail, Notice

_OF_USER = Notice.objects.filter(user=OuterRef("pk"), read_at=None).order_by().values("user")
#: What `unread` says, for a question about users.
UNREAD = Coalesce(Subquery(_OF_USER.annotate(n=Count("pk")).values("n")), 0)


def unread(user: User) -> int:
    """How many notices the person has not read."""
    return Notice.objects.filter(user=user, read_at=None).count()


def inbox(user: User, *, round: str = "") -> QuerySet[Notice]:
    """The person's notices, unread first and the latest first; of one round if it is named."""
    was_read = Case(When(read_at=None, then=0), default=1)
    found = Notice.objects.filter(user=user).alias(was_read=was_read).order_by("was_read", "-told_at", "-id")
    return found.filter(round=round) if round else found


def rounds_of(user: User) -> list[str]:
    """The rounds that the person's notices are about, the latest first."""
    held = Notice.objects.filter(user=user).exclude(round="").order_by("round")
    return sorted(set(held.values_list("round", flat=True)), reverse=True)


def choices(user: User) -> dict[str, rules.Way]:
    """How the person wants each kind by mail."""
    chosen = dict(Choice.objects.filter(user=user).order_by("kind").values_list("kind", "way"))
    return {code: rules.way(kind, chosen.get(code)) for code, kind in rules.KINDS.items()}


def bounce(user: User) -> Bounce | None:
    """The refusal that keeps mail from the person's present address, if there is one."""
    return Bounce.objects.filter(user=user, address=user.email).order_by("pk").first()


def clock(user: User, on: date) -> ZoneInfo:
    """The clock the person lives by: their country's, or that of the State they hold a role for."""
    if user.country:
        return zone(user.country)
    held = (
        RoleAssignment.objects.filter(user=user, starts__lte=on)
        .filter(Q(ends=None) | Q(ends__gte=on))
        .exclude(state="")
        .order_by("id")
        .first()
    )
    return zone(held.state if held else "")


def to_mail() -> list[int]:
    """Ids of the people for whom something waits that a mail could carry."""
    waiting = Notice.objects.filter(
        settled__lt=F("count"), user__is_active=True, user__email__contains="@"
    ).order_by("user_id")
    return list(waiting.values_list("user_id", flat=True).distinct())


def waiting(user: User) -> list[Notice]:
    """The person's notices that no mail has carried and they have not read (or are of the account)."""
    found = Notice.objects.filter(user=user, settled__lt=F("count")).order_by("-told_at", "-id")
    return [n for n in found if n.read_at is None or rules.kind_of(n.kind).always]


def planned(user: User, notices: Iterable[Notice], *, at: datetime) -> rules.Plan:
    """What is to be mailed to the person at that moment."""
    wanted = choices(user)
    sent = Mail.objects.filter(user=user)
    digest = sent.filter(form="digest", given_up_at=None).order_by("-day").first()
    return rules.plan(
        [
            rules.Waiting(
                id=n.pk,
                way=wanted.get(n.kind, rules.Way.DAILY),
                since=n.waits_since,
                always=rules.kind_of(n.kind).always,
                folded=n.folded,
            )
            for n in notices
        ],
        now=at,
        zone=clock(user, at.date()),
        hours=hours(),
        mails_this_hour=sent.filter(form="now", made_at__gt=at - timedelta(hours=1)).count(),
        last_digest=digest.day if digest else None,
    )


def about(notice: Notice) -> rules.About:
    return rules.About(
        round=notice.round,
        state=notice.state,
        institution=notice.institution,
        section=notice.section,
        figure=notice.figure,
    )
