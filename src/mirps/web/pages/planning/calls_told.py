"""Whom a call tells of what: notices that lead to the page and carry no secret."""

from __future__ import annotations

from collections.abc import Iterable

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.notices import api as notices
from mirps.planning.calls.api import Proposal
from mirps.planning.records import api as records
from mirps.web.pages.planning.calls_desk import APPLY, RUN, At


def asked(at: At) -> int:
    """Those who run calls: a question waits for an answer."""
    return _tell(at, "call.asked", _able(at, RUN))


def answered(at: At) -> int:
    """Everybody who has begun a proposal: a question was answered for all."""
    return _tell(at, "call.answered", _applicants(at, at.inside.run.proposals.exclude(status="withdrawn")))


def extended(at: At) -> int:
    return _tell(at, "call.extended", _applicants(at, at.inside.run.proposals.exclude(status="withdrawn")))


def ties(at: At) -> int:
    """The committee: a call was opened, and ties are to be declared."""
    return _tell(at, "call.ties", User.objects.filter(username__in=at.inside.members).order_by("pk"))


def reading(at: At) -> int:
    """The committee: the first reading has begun."""
    return _tell(at, "call.reading", User.objects.filter(username__in=at.inside.members).order_by("pk"))


def result(at: At, held: Iterable[Proposal]) -> int:
    """Every applicant: it was decided, and why; the page says it in their language."""
    return _tell(at, "call.result", _applicants(at, held))


def to_sign(at: At, p: Proposal) -> int:
    return _tell(at, "call.agreement", [*_applicants(at, [p]), *_able(at, RUN)])


def _able(at: At, act: str) -> list[User]:
    day = at.desk.now.date()
    return access.able(access.holdings(on=day), act, state="", on=day)


def _applicants(at: At, held: Iterable[Proposal]) -> list[User]:
    day = at.desk.now.date()
    holdings = access.holdings(on=day)
    found = (u for p in held for u in access.able(holdings, APPLY, state=p.state, body=p.institution, on=day))
    return list(dict.fromkeys(found))


def _tell(at: At, kind: str, to: Iterable[User]) -> int:
    """The name in a notice is the call's: nothing of any proposal travels in one."""
    names = {f"what_{lang}": records.title("call", at.data, lang)[:200] for lang in ("es", "en")}
    about = notices.About(section=at.code)
    return notices.tell(to=to, kind=kind, about=about, by=at.user.username, at=at.desk.now, params=names)
