"""Telling people, and what they do with what they were told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.notices import queries, rules
from mirps.base.notices.models import Bounce, Choice, Mail, MailItem, Notice

_ALWAYS = [code for code, kind in rules.KINDS.items() if kind.always]
_UNREAD_OR_ACCOUNT = Q(read_at=None) | Q(kind__in=_ALWAYS)


@transaction.atomic
def tell(
    *,
    to: Iterable[User],
    kind: str,
    about: rules.About,
    by: str,
    at: datetime,
    params: Mapping[str, str | int] | None = None,
    due: date | None = None,
    merge: str | None = None,
) -> int:
    """Tell these people; returns how many are told. Call it in the transaction of what is told, as its
    last step: the people are locked until it ends.

    Told again before it was read (the same `merge`: by default the same kind about the same thing), it
    is one notice with a count. Nobody is told what they did themselves, save what is about their own
    account. Raises NoticeFault for a kind or a value that may not be told.
    """
    found, values = rules.checked(kind, about, params or {})
    # Locked in one order: who tells the same people at the same moment waits, and sees what was told.
    locked = User.objects.select_for_update(no_key=True).filter(pk__in={u.pk for u in to}, is_active=True)
    people = {u.pk: u for u in locked.order_by("pk") if found.always or u.username != by}
    key = f"{kind}|{about.key}" if merge is None else merge
    again = _tell_again(people, key, values, due, at) if key else set()
    Notice.objects.bulk_create(
        [_notice(u, found, about, values, due, key, at) for pk, u in people.items() if pk not in again]
    )
    if people:
        record(
            by=by,
            at=at,
            act="notice.told",
            subject=(about.key.strip("/") or "account")[:200],
            detail={"kind": kind, "to": len(people)},
        )
    return len(people)


def _notice(
    user: User,
    kind: rules.Kind,
    about: rules.About,
    params: dict[str, str | int],
    due: date | None,
    merge: str,
    at: datetime,
) -> Notice:
    return Notice(
        user=user, kind=kind.code, urgency=kind.urgency, round=about.round, state=about.state,
        institution=about.institution, section=about.section, figure=about.figure, params=params,
        merge=merge[:400], made_at=at, told_at=at, waits_since=at, due=due,
    )  # fmt: skip


def _tell_again(
    users: Iterable[int], merge: str, params: Mapping[str, object], due: date | None, at: datetime
) -> set[int]:
    """Count one more telling of the unread notices with that key; returns whose they were."""
    unread = Notice.objects.filter(user__in=list(users), merge=merge[:400], read_at=None)
    held = dict(unread.order_by("pk").values_list("pk", "user_id"))
    Notice.objects.filter(pk__in=held).update(
        count=F("count") + 1,
        told_at=at,
        params=dict(params),
        due=due,
        waits_since=Case(When(settled=F("count"), then=Value(at)), default=F("waits_since")),
    )
    return set(held.values())


@transaction.atomic
def read(*, user: User, at: datetime, notices: Iterable[int] | None = None) -> int:
    """The person has read these notices (or all): no mail need tell them any more. Returns how many.

    Reading is nobody's act on the round, and leaves no entry in the audit.
    """
    unread = Notice.objects.filter(user=user, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    return _read(user, unread, at)


@transaction.atomic
def seen(*, user: User, about: rules.About, at: datetime) -> int:
    """The person has seen the page of this thing: what they were told about exactly it is read."""
    same = Notice.objects.filter(
        user=user, read_at=None, round=about.round, state=about.state, institution=about.institution,
        section=about.section, figure=about.figure,
    ).exclude(kind__startswith="account.")  # fmt: skip
    return _read(user, same, at)


def _read(user: User, unread: QuerySet[Notice], at: datetime) -> int:
    """What is about the account is mailed although it was read: who reads may not be who owns it."""
    if not unread.exists():
        return 0
    # The lock of `tell`: what is told meanwhile is another telling, and is not read with this one.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return unread.update(
        read_at=at, settled=Case(When(kind__in=_ALWAYS, then=F("settled")), default=F("count"))
    )


@transaction.atomic
def choose(*, user: User, ways: Mapping[str, str], by: str, at: datetime) -> int:
    """Keep how the person wants each kind by mail. Returns how many choices changed.

    Raises NoticeFault for a kind that does not exist or a way that may not be chosen for it.
    """
    now = queries.choices(user)
    changed: dict[str, str] = {}
    for code, way in ways.items():
        kind = rules.KINDS.get(code)
        if kind is None or way not in kind.choices:
            raise rules.NoticeFault(f"{way!r} cannot be chosen for {code!r}")
        if now[code] != way:
            Choice.objects.update_or_create(user=user, kind=code, defaults={"way": way})
            changed[code] = way
    if changed:
        record(by=by, at=at, act="notice.choices", subject=user.username, detail=changed)
    return len(changed)


@transaction.atomic
def try_address_again(*, user: User, by: str, at: datetime) -> None:
    """Forget that a server refused the person's address, because they say that it works."""
    if Bounce.objects.filter(user=user).delete()[0]:
        record(by=by, at=at, act="notice.address-again", subject=user.username)


def digests(*, at: datetime) -> int:
    """Make the mails that are due at that moment, at once and digests; returns how many.

    They wait in the database from here on: `sending.send` takes them to the server.
    """
    made = 0
    for pk in queries.to_mail():
        made += _mails_for(pk, at)
    return made


@transaction.atomic
def _mails_for(pk: int, at: datetime) -> int:
    # The lock that `tell` takes too: two passes at once make one person's mails one after the other,
    # and nothing is told between reading the counts and settling them.
    user = User.objects.select_for_update(no_key=True).get(pk=pk)
    if queries.bounce(user) is not None:
        return 0
    notices = {n.pk: n for n in queries.waiting(user)}
    plan = queries.planned(user, notices.values(), at=at)
    Notice.objects.filter(pk__in=plan.fold).update(folded=True)
    Notice.objects.filter(pk__in=plan.drop).update(settled=F("count"))
    made = 0
    for form, ids in (("now", plan.now), ("digest", plan.digest)):
        if ids:
            _mail(user, form, [notices[i] for i in ids], at)
            made += 1
    return made


def _mail(user: User, form: str, notices: list[Notice], at: datetime) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = Mail.objects.create(
        user=user,
        form=form,
        day=at.astimezone(queries.clock(user, at.date())).date(),
        address=user.email,
        language=user.language,
        message_id=f"<{uuid.uuid4().hex}@{domain}>",
        made_at=at,
        due_at=at,
    )
    MailItem.objects.bulk_create(
        [MailItem(mail=mail, notice=n, since=n.settled, told=n.count) for n in notices]
    )
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(settled=F("count"), folded=False)


# --- what a sender records (see sending.py)


def claim(*, at: datetime) -> Mail | None:
    """Take the next mail that is due, for this sender alone. None when nothing is.

    The claim is kept before the server is spoken to. One that is older than CLAIM_HOLDS is that of a
    sender that died, and is taken over: the mail may then come twice, under one Message-ID.
    """
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - rules.CLAIM_HOLDS)
    open_ = Mail.objects.filter(free, due_at__lte=at, sent_at=None, given_up_at=None)
    while (mail := open_.order_by("-form", "due_at", "id").first()) is not None:
        mine = Mail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at, tries=mail.tries, sent_at=None)
        if mine.update(claimed_at=at, tries=F("tries") + 1):
            mail.refresh_from_db()
            return mail
    return None


@transaction.atomic
def sent(*, mail: Mail, at: datetime) -> None:
    Mail.objects.filter(pk=mail.pk).update(sent_at=at, claimed_at=None, fault="", address=mail.address)
    Notice.objects.filter(items__mail=mail).update(mailed_at=at)


@transaction.atomic
def postponed(*, mail: Mail, fault: str, at: datetime) -> None:
    """The mail could not be sent now: later, or, after days of trying, no more."""
    if at - mail.made_at >= rules.GIVE_UP_AFTER:
        given_up(mail=mail, fault=fault, at=at)
        return
    Mail.objects.filter(pk=mail.pk).update(
        claimed_at=None, due_at=at + rules.next_try(mail.tries), fault=rules.one_line(fault)
    )


@transaction.atomic
def bounced(*, mail: Mail, code: int, fault: str, at: datetime) -> None:
    """The server refused the address for good: mark it, and let what it carried wait for a better one."""
    Bounce.objects.update_or_create(
        user=mail.user, defaults={"address": mail.user.email, "code": code, "at": at}
    )
    given_up(mail=mail, fault=fault, at=at)
    record(by="notices", at=at, act="notice.bounced", subject=mail.user.username, detail={"code": code})


@transaction.atomic
def given_up(*, mail: Mail, fault: str, at: datetime) -> None:
    Mail.objects.filter(pk=mail.pk).update(claimed_at=None, given_up_at=at, fault=rules.one_line(fault))
    for item in mail.items.all():
        # Only where no later mail has carried more.
        Notice.objects.filter(_UNREAD_OR_ACCOUNT, pk=item.notice_id, settled=item.told).update(
            settled=item.since, waits_since=at
        )
