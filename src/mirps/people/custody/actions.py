"""Who read what; emergency access and its review; acts that take two; shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from mirps.base.access import api as access
from mirps.base.access.api import NotAllowed, User
from mirps.base.audit.api import record
from mirps.base.notices import api as notices
from mirps.base.prepared.api import insert, insert_asking
from mirps.people.custody import queries, rules
from mirps.people.custody.models import Glass, GlassOf, Reading, ReadingOf, Request, Share
from mirps.people.custody.rules import CustodyFault, Seat, TooMany
from mirps.people.custody.sealing import sealed
from mirps.people.custody.seating import asking, seated

#: What a reader did. Each has a limit (data/registration/limits.yaml).
ACTS = ("search", "open", "case", "history", "print", "export", "lookup")
VERDICTS = ("justified", "unjustified")
#: subject -> the State and institution whose file it is; who is nobody is left out.
Holders = Callable[[Iterable[UUID]], Mapping[UUID, tuple[str, str]]]


def admit(*, seat: Seat, act: str, at: datetime) -> None:
    """Ask before looking. Raises TooMany once the limit of the act is reached; the page that meets it calls
    `tell_of_limit`, outside the transaction that failed."""
    with asking(seat):  # from nowhere one does not see one's own looks, and no limit would ever be reached
        rules.admit(act, queries.limits()[act], queries.done(seat.user, act, at=at)(), at=at)


def tell_of_limit(*, seat: Seat, met: TooMany, at: datetime) -> None:
    """Tell those who answer for the institution's data that somebody reached a limit; once until they read it."""
    with transaction.atomic():
        record(
            by=seat.user, at=at, act="custody.limit", subject=seat.user,
            detail={"act": met.act, "most": met.most, "span": met.span},
        )  # fmt: skip
        notices.tell(
            to=_answering(seat.state, seat.institution, at), kind="custody.limit", by=seat.user, at=at,
            about=notices.About(state=seat.state, institution=seat.institution, section=seat.user[:80]),
        )  # fmt: skip


def shown(
    *, seat: Seat, act: str, subjects: Iterable[UUID], at: datetime, typed: str = "", limited: bool = False
) -> Reading:
    """Keep that these people (none, too) were shown, before they are: in the transaction in which they are read, where
    there is one.

    `typed` is what was searched for; it is sealed. `limited`: as `admit` would ask before; where TooMany is raised,
    nothing is kept.
    """
    if act not in ACTS:
        raise ValueError(f"no act {act!r}; there are {', '.join(ACTS)}")
    every = list(dict.fromkeys(subjects))
    told = {"id": uuid4(), **seat.kept(at), "act": act, "purpose": seat.purpose, "shown": len(every)}
    row = Reading(**told)
    row.typed = sealed(typed, row, "typed") if typed else None
    of = {"reading_id": row.id, "by": seat.user, "state": seat.state, "institution": seat.institution}
    rows, after = [{**of, "subject": s} for s in every], (Reading, {**told, "typed": row.typed})
    if limited:

        def judge(before: list[datetime]) -> None:
            rules.admit(act, queries.limits()[act], before, at=at)

        insert_asking(
            queries.DONE, queries.lately(seat.user, act, at=at), judge, ReadingOf, rows, after=after
        )
    else:
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            insert(ReadingOf, rows, after=after)
    return row


# --- emergency access


@transaction.atomic
def break_glass(
    *, seat: Seat, subjects: Iterable[UUID], reason: str, at: datetime, holders: Holders
) -> Glass:
    """Open files of another institution at once, for some hours. Whoever answers for data on either side is
    told, and reviews it. Raises CustodyFault, TooMany.

    `holders` says whose the files are; it is asked when they have come into view.
    """
    given, says = queries.settings()["glass"], " ".join(reason.split())
    if len(says) < given["shortest-reason"]:
        raise CustodyFault("custody.glass.least", least=given["shortest-reason"])
    admit(seat=seat, act="glass", at=at)
    row = Glass(id=uuid4(), **seat.kept(at), until=at + timedelta(hours=given["hours"]))
    row.sealed = sealed(says, row, "sealed")
    row.save(force_insert=True)
    GlassOf.objects.bulk_create([GlassOf(glass=row, subject=s) for s in dict.fromkeys(subjects)])
    with seated(seat):
        whose = holders([f.subject for f in row.files.all()])
    for file in row.files.all():
        if file.subject not in whose:
            raise CustodyFault("custody.glass.nobody")
        file.holder_state, file.holder = whose[file.subject]
        file.save(update_fields=["holder_state", "holder"])
    sides = {(seat.state, seat.institution), *whose.values()}
    if len(sides) == 1:
        raise CustodyFault("custody.glass.needless")
    record(by=seat.user, at=at, act="glass.opened", subject=f"glass/{row.pk}", detail={"files": len(whose)})
    told = {u.pk: u for state, body in sorted(sides) for u in _answering(state, body, at)}
    notices.tell(
        to=told.values(), kind="custody.glass", by=seat.user, at=at,
        about=notices.About(state=seat.state, institution=seat.institution, section=str(row.pk)),
    )  # fmt: skip
    return row


@transaction.atomic
def close_glass(*, glass: UUID, by: User, at: datetime) -> Glass:
    """End emergency access before its time: by whoever opened it, or whoever reviews it."""
    row = Glass.objects.select_for_update().get(pk=glass)
    if row.by != by.username:
        _require_reviewer(row, by, at)
    if row.closed_at is None and row.until > at:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        record(by=by.username, at=at, act="glass.closed", subject=f"glass/{row.pk}")
    return row


@transaction.atomic
def review_glass(*, glass: UUID, by: User, verdict: str, said: str, at: datetime) -> Glass:
    """Say whether emergency access was justified. Never by who opened it, nor by their stand-in; once.

    What is not justified ends at once. Raises CustodyFault, NotAllowed.
    """
    row = Glass.objects.select_for_update().get(pk=glass)
    _require_reviewer(row, by, at)
    if row.reviewed_at is not None:
        raise CustodyFault("custody.glass.reviewed")
    if verdict not in VERDICTS or not said.strip():
        raise CustodyFault("custody.glass.verdict")
    row.reviewed_by, row.reviewed_at, row.verdict = by.username, at, verdict
    row.said = sealed(said.strip(), row, "said")
    if verdict == "unjustified" and row.closed_at is None and row.until > at:
        row.closed_at = at
    row.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "said", "closed_at"])
    record(
        by=by.username, at=at, act="glass.reviewed", subject=f"glass/{row.pk}", detail={"verdict": verdict}
    )
    notices.tell(
        to=User.objects.filter(username=row.by), kind="custody.glass-reviewed", by=by.username, at=at,
        about=notices.About(state=row.state, institution=row.institution, section=str(row.pk)),
    )  # fmt: skip
    return row


def _require_reviewer(row: Glass, by: User, at: datetime) -> None:
    """Raises NotAllowed, or CustodyFault for one's own."""
    sides = {(row.state, row.institution), *((f.holder_state, f.holder) for f in row.files.all())}
    grants = access.grants_of(by, on=at.date())
    roles = [access.role_for(grants, "glass.review", state=s, body=b, on=at.date()) for s, b in sorted(sides)]
    held = [r for r in roles if r is not None]
    if not held:
        raise NotAllowed("glass.review", row.state)
    if not any(rules.may_decide(row.by, "", by=by.username, by_for=r.giver) for r in held):
        raise CustodyFault("custody.four-eyes")


# --- acts that take two


@transaction.atomic
def ask(*, seat: Seat, act: str, subject: str, detail: str, at: datetime) -> Request:
    """Ask that an act be approved by somebody else. `subject` holds ids alone; `detail` says what and why, and is
    sealed. The same, asked while one waits or stands approved, is that one. Raises NotAllowed, CustodyFault."""
    by = User.objects.select_for_update(no_key=True).get(username=seat.user)
    role = _right(by, act, seat.state, seat.institution, at)
    if not detail.strip():
        raise CustodyFault("custody.request.detail")
    same = Request.objects.filter(by=by.username, act=act, subject=subject, until__gt=at, used_at=None)
    held = same.exclude(answer="refused").first()
    if held is not None:
        return held
    row = Request(
        id=uuid4(), **seat.kept(at), act=act, subject=subject, in_place_of=role.giver,
        until=at + timedelta(days=queries.settings()["requests"]["good-for-days"]),
    )  # fmt: skip
    row.sealed = sealed(detail.strip(), row, "sealed")
    row.save(force_insert=True)
    record(by=by.username, at=at, act="request.asked", subject=subject[:200], detail={"act": act})
    deciders = {
        u.pk: u for right in queries.rights(act, deciding=True)
        for u in queries.answering(right, seat.state, seat.institution, at=at)
    }  # fmt: skip
    _tell_of(row, "custody.request", (u for u in deciders.values() if u.pk != by.pk), by, at)
    return row


@transaction.atomic
def decide(*, request: UUID, by: User, approve: bool, said: str, at: datetime) -> Request:
    """Approve or refuse. Never by who asked, nor where either stands in for the other. A refusal says why.

    Raises NotAllowed, CustodyFault.
    """
    row = Request.objects.select_for_update().get(pk=request)
    role = _right(by, row.act, row.state, row.institution, at, deciding=True)
    served = row.subject.rpartition(":")[2]  # to whom something would be shown (unhiding.py)
    if by.username == served or not rules.may_decide(
        row.by, row.in_place_of, by=by.username, by_for=role.giver
    ):
        raise CustodyFault("custody.four-eyes")
    if row.answer or row.until <= at:
        raise CustodyFault("custody.request.answered")
    if not approve and not said.strip():
        raise CustodyFault("custody.request.why")
    row.answer, row.decided_by, row.decided_at = "approved" if approve else "refused", by.username, at
    row.said = sealed(said.strip(), row, "said") if said.strip() else None
    if approve and (hours := queries.settings()["requests"]["lasts"].get(row.act)):
        row.until = at + timedelta(hours=hours)
    row.save(update_fields=["answer", "decided_by", "decided_at", "said", "until"])
    record(
        by=by.username, at=at, act=f"request.{row.answer}", subject=row.subject,
        detail={"act": row.act, "asked_by": row.by},
    )  # fmt: skip
    _tell_of(row, "custody.decided", User.objects.filter(username=row.by), by, at)
    return row


@transaction.atomic
def use(*, request: UUID, act: str, subject: str, by: str, at: datetime) -> Request:
    """Take an approval up, once: the first line of whatever carries the act out, in its transaction.

    `by` is whoever asked or whoever approved. Raises CustodyFault where it is none, of another thing, used, or
    over.
    """
    row = Request.objects.select_for_update().filter(pk=request, act=act, subject=subject).first()
    if row is None or row.answer != "approved" or row.used_at is not None or row.until <= at:
        raise CustodyFault("custody.request.not-approved")
    if by not in (row.by, row.decided_by):
        raise CustodyFault("custody.request.not-approved")
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row


def _right(
    by: User, act: str, state: str, body: str, at: datetime, *, deciding: bool = False
) -> access.Grant:
    """In which role somebody asks or decides. Raises NotAllowed, KeyError for what does not take two."""
    rights = queries.rights(act, deciding=deciding)
    grants = access.grants_of(by, on=at.date()) if by.is_active else []
    roles = (access.role_for(grants, right, state=state, body=body, on=at.date()) for right in rights)
    role = next((r for r in roles if r), None)
    if role is None:
        raise NotAllowed(rights[0], state)
    return role


def _tell_of(row: Request, kind: str, to: Iterable[User], by: User, at: datetime) -> None:
    notices.tell(
        to=to, kind=kind, by=by.username, at=at,
        about=notices.About(state=row.state, institution=row.institution, section=str(row.pk)),
    )  # fmt: skip


# --- shares


@transaction.atomic
def share(
    *, subject: UUID, state: str, institution: str, purpose: str, consent: UUID, until: datetime, by: str,
    at: datetime,
) -> Share:  # fmt: skip
    """Let another institution see a file for a purpose, until a moment. `consent` is the fact in which the
    person (or who answers for them) agreed; whoever calls has read it."""
    if purpose not in queries.purposes():
        raise ValueError(f"no purpose {purpose!r} (lists/purposes.csv)")
    if until <= at:
        raise CustodyFault("custody.share.past")
    row = Share.objects.create(
        subject=subject, state=state, institution=institution, purpose=purpose, consent=consent, since=at,
        until=until, by=by,
    )  # fmt: skip
    record(
        by=by, at=at, act="share.given", subject=f"person/{subject}",
        detail={"to": institution, "purpose": purpose, "until": until.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def end_shares(*, shares: QuerySet[Share], by: str, at: datetime) -> int:
    """End those of these shares that are in force. Returns how many ended."""
    held = list(shares.filter(ended_at=None, until__gt=at).select_for_update().order_by("pk"))
    Share.objects.filter(pk__in=[s.pk for s in held]).update(ended_at=at, ended_by=by)
    for s in held:
        record(
            by=by, at=at, act="share.ended", subject=f"person/{s.subject}",
            detail={"to": s.institution, "purpose": s.purpose},
        )  # fmt: skip
    return len(held)


# --- small


def _answering(state: str, institution: str, at: datetime) -> list[User]:
    """Supervisors, and who answers for the protection of data."""
    both = [queries.answering(act, state, institution, at=at) for act in ("glass.review", "person.merge")]
    return list({u.pk: u for users in both for u in users}.values())
