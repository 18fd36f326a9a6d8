"""Recording a handover, and letting rights follow the terms that are recorded."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.codelists import api as codelists
from mirps.base.notices import api as notices
from mirps.base.texts.api import LANGUAGES, say
from mirps.planning.governance import handover, queries
from mirps.planning.governance.handover import Handover, Shift
from mirps.planning.governance.mandates import mandates
from mirps.planning.governance.terms import Term
from mirps.planning.records import api as records


def told() -> list[access.Mandate]:
    """The mandates that follow from the terms recorded; before any is, from the facts of the data folder."""
    held = queries.book()
    if not held.terms:
        held = queries.book_of_files(codelists.data_folder())
    return mandates(held.bodies, held.terms)


def drift() -> bool:
    """Whether rights differ from the terms recorded: somebody changed a term and nothing followed."""
    held = queries.book()
    return bool(held.terms) and _ordered(mandates(held.bodies, held.terms)) != _ordered(access.mandates())


def _ordered(found: list[access.Mandate]) -> list[access.Mandate]:
    return sorted(found, key=lambda m: (m.body, m.starts, m.state, m.institution))


@transaction.atomic
def follow(*, by: str, at: datetime) -> Shift:
    """Let rights follow the terms recorded, and tell whose roles begin or end by it today."""
    today = at.date()
    before = access.holdings(on=today)
    access.set_mandates(told(), by=by, at=at)
    moved = handover.shift(before, access.holdings(on=today))
    _tell(moved, by=by, at=at)
    return moved


@transaction.atomic
def hand_over(h: Handover, *, by: str, role: str, at: datetime) -> Shift:
    """Record who takes over: the new term, the end of those before it, the mandates that follow, one
    notice for each person whose roles begin or end. Raises handover.NotSo, records.Refused."""
    moved = _take(h, by=by, role=role, at=at)
    _tell(moved, by=by, at=at)
    return moved


def rehearse(h: Handover, *, by: str, role: str, at: datetime) -> Shift:
    """Whose roles would begin and end by it. Done and undone, so that it says what would truly happen,
    stand-ins included. Raises as hand_over does."""
    with transaction.atomic():
        moved = _take(h, by=by, role=role, at=at)
        transaction.set_rollback(True)
    return moved


def rehearse_following(*, by: str, at: datetime) -> Shift:
    """Whose roles would begin and end today if rights followed the terms recorded."""
    with transaction.atomic():
        before = access.holdings(on=at.date())
        access.set_mandates(told(), by=by, at=at)
        moved = handover.shift(before, access.holdings(on=at.date()))
        transaction.set_rollback(True)
    return moved


def _take(h: Handover, *, by: str, role: str, at: datetime) -> Shift:
    terms = queries.book().terms
    handover.check(h, terms, at.date())
    before = access.holdings(on=h.starts)
    for t in handover.closing(h, terms):
        _close(t, h.starts, by=by, role=role, at=at, reason=h.reason)
    records.save(
        kind="term", code=_code(h), parent=h.body.key, state=h.body.state, base=0, by=by, role=role, at=at,
        data=handover.term_data(h, terms, _title(h)), place=records.last_place(h.body.key), reason=h.reason,
    )  # fmt: skip
    access.set_mandates(told(), by=by, at=at)
    return handover.shift(before, access.holdings(on=h.starts))


def _close(t: Term, ends: date, *, by: str, role: str, at: datetime, reason: str) -> None:
    held = records.get(t.key)
    records.save(
        kind="term", code=held.code, data={**held.data, "ends": ends.isoformat()}, base=held.number,
        by=by, role=role, at=at, reason=reason,
    )  # fmt: skip


def _code(h: Handover) -> str:
    who = h.institution or h.member
    return records.code_from(f"{h.body.code} {who} {h.starts.isoformat()}", most=60)


def _title(h: Handover) -> dict[str, str]:
    return {
        lang: say(
            f"governance.hand.term-title.{h.role}", lang, who=who_name(h.member, h.institution, lang),
            year=h.year or str(h.starts.year),
        )
        for lang in LANGUAGES
    }  # fmt: skip


def who_name(member: str, institution: str, lang: str) -> str:
    """The institution, where one is named, else the State."""
    if institution:
        return codelists.institutions().name(institution, lang)
    return codelists.states().name(member, lang) if member else ""


def _tell(moved: Shift, *, by: str, at: datetime) -> None:
    for user in moved.people:
        for role in dict.fromkeys(g.role for u, g in (*moved.begin, *moved.end) if u == user):
            notices.tell(
                to=[user], kind="account.role", about=notices.About(), params={"role": role}, by=by, at=at
            )
