"""Which rights follow a term: the presidency's and the technical teams' mandates. Pure.

Rights never have a gap: a mandate lasts until the next of its body begins, and begins with the first day
that a source gives, or, where none does, with the year that it is named for (access.follow).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from mirps.base.access import api as access
from mirps.planning.governance.terms import LEADING, Body, Term, bounds

#: The types of bodies whose heads act by virtue of it.
WITH_RIGHTS = frozenset({"presidency", "team"})


def via(body: Body) -> str:
    """The mandate that follows from heading a body, or nothing."""
    if body.type not in WITH_RIGHTS or body.state:
        return ""
    return access.PRESIDENCY if body.type == "presidency" else body.short


def mandates(bodies: Mapping[str, Body], terms: Iterable[Term]) -> list[access.Mandate]:
    """The mandates that follow from terms. One without a State or any date gives none."""
    by_body: dict[str, list[Term]] = {}
    for t in terms:
        body = bodies.get(t.body)
        if body is not None and via(body) and t.role in LEADING and t.member and t.named_for:
            by_body.setdefault(via(body), []).append(t)
    found: list[access.Mandate] = []
    for code, held in by_body.items():
        beside = [t for t in held if _joins(t, held)]
        alone = [t for t in held if t not in beside]
        heads = access.follow(_told(code, t) for t in alone)
        found += heads + [_beside(code, t, heads) for t in beside]
    return sorted(found, key=lambda m: (m.body, m.starts, m.state, m.institution))


def _told(code: str, t: Term) -> access.Term:
    return access.Term(code, t.member, t.named_for, _day(t.starts), _day(t.ends), t.institution)


def _joins(t: Term, held: Iterable[Term]) -> bool:
    """Whether a co-lead joins somebody who leads already, and ends nobody's term by beginning."""
    starts = _day(t.starts)
    if t.role != "co-lead" or starts is None:
        return False
    others = [o for o in held if o.key != t.key and (o.role != "co-lead" or o.starts != t.starts)]
    return any(bounds(o.starts or o.year)[0] < starts < (_day(o.ends) or date.max) for o in others)


def _beside(code: str, t: Term, heads: Iterable[access.Mandate]) -> access.Mandate:
    """The mandate of who joined: until the day it ends, or the next head begins."""
    starts = date.fromisoformat(t.starts)
    turns = [m.starts for m in heads if m.starts > starts] + [d for d in (_day(t.ends),) if d]
    ends = min(turns) - timedelta(days=1) if turns else None
    return access.Mandate(code, t.member, starts, ends, "stated", t.institution)


def _day(when: str) -> date | None:
    return date.fromisoformat(when) if len(when) == 10 else None
