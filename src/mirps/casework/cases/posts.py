"""Who holds which role of a procedure, where and since when. A role is what the procedure's FILE names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from mirps.base.audit import api as audit
from mirps.base.prepared.api import Prepared
from mirps.casework.cases import catalogue, rules
from mirps.casework.cases.models import Post
from mirps.casework.cases.rules import CaseFault
from mirps.casework.procedures.model import Actor
from mirps.people.custody.api import Seat


def held(user: str, institution: str, on: date) -> QuerySet[Post]:
    """The posts that somebody holds at an institution on a day."""
    return _on(on).filter(user=user, institution=institution).order_by("procedure", "role", "office")


def _on(day: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


HELD = Prepared(held)
_EVER = Prepared(lambda **of: Post.objects.filter(**of).order_by())


def roles_of(user: str, procedure: str, *, institution: str, office: str = "", on: date) -> tuple[str, ...]:
    """The roles that somebody may act in, at this office (empty: at any), in the order of the file."""
    return roles_in(HELD(user=user, institution=institution, on=on), procedure, office)


def roles_in(posts: Iterable[Post], procedure: str, office: str) -> tuple[str, ...]:
    """The same of posts that somebody holds."""
    mine = {p.role for p in posts if p.procedure == procedure and (not office or p.office in ("", office))}
    return tuple(r for r in catalogue.latest(procedure).roles if r in mine)


def ever(user: str, procedure: str, role: str, *, institution: str) -> Callable[[], list[Post]]:
    """Whenever somebody held a role: asked, to be read once."""
    return _EVER.sent(user=user, institution=institution, procedure=procedure, role=role)


def holds(rows: Iterable[Post], *, office: str, days: Collection[date]) -> bool:
    """Whether a role was held (`ever`) on each of these days, at this office (empty: at any)."""
    spans = [(r.since, r.until) for r in rows if not office or r.office in ("", office)]
    return all(any(s <= day and (u is None or day <= u) for s, u in spans) for day in days)


def officers(seat: Seat, *, on: date) -> list[str]:
    """Who holds a post at the seat's office (all of the institution's, where it names none)."""
    rows = _on(on).filter(institution=seat.institution)
    if seat.office:
        rows = rows.filter(office__in=("", seat.office))
    return list(rows.order_by("user").values_list("user", flat=True).distinct())


def appoint(
    user: str, procedure: str, roles: Iterable[str], *, institution: str, office: str = "", since: date, by: str,
    at: datetime, until: date | None = None,
) -> list[Post]:  # fmt: skip
    """Give somebody roles of a procedure. Raises CaseFault for a role that the file does not give to this
    institution."""
    p = catalogue.latest(procedure)
    out = []
    with transaction.atomic():
        for role in roles:
            found = p.roles.get(role)
            if found is None or found.actor is Actor.APPLICANT or rules.of_role(p, role) != institution:
                raise CaseFault("cases.fault.no-such-role", role=role, institution=institution)
            out.append(
                Post(user=user, procedure=procedure, role=role, state=p.state, institution=institution,
                     office=office, since=since, until=until, at=at, by=by)
            )  # fmt: skip
        Post.objects.bulk_create(out)
        audit.record(
            by=by, at=at, act="cases.appoint", subject=user,
            detail={"procedure": procedure, "roles": [r.role for r in out], "office": office},
        )  # fmt: skip
    return out


def dismiss(post: int, *, until: date, by: str, at: datetime) -> Post:
    """End a post after a day."""
    with transaction.atomic():
        row = Post.objects.select_for_update().get(pk=post)
        row.until = until
        row.save(update_fields=["until"])
        audit.record(by=by, at=at, act="cases.dismiss", subject=row.user,
                     detail={"procedure": row.procedure, "role": row.role, "until": until.isoformat()})  # fmt: skip
    return row
