"""Telling people of what is written: handed over, to be translated anew, a consent taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.notices import api as notices
from mirps.evidence.narratives.api import Section, SectionText
from mirps.web.pages.rounds.door import Desk
from mirps.web.pages.rounds.write_words import REGION


def handed_over(desk: Desk, done: Sequence[Section]) -> None:
    """Whoever approves learns that texts wait for them."""
    for s in done:
        act = "entry.approve-state" if s.state else "entry.approve-region"
        _tell(desk, "submitted", _who(desk, act, s.state), _about(desk, s), _named(s))


def to_translate(desk: Desk, section: Section, lang: str) -> None:
    """The original changed: those who wrote its translation learn that it is to be read again."""
    wrote = SectionText.objects.filter(section=section, lang=lang, number__isnull=False)
    names = set(wrote.order_by().values_list("by", flat=True))
    people = User.objects.filter(username__in=names, is_active=True).order_by("pk")
    _tell(desk, "translation", people, _about(desk, section), _named(section))


def taken_back(desk: Desk, section: Section) -> None:
    """A consent was taken back after publication: the story must be taken down, by those who can."""
    people = [*_who(desk, "round.publish", ""), *_who(desk, "entry.approve-state", section.state)]
    _tell(desk, "consent", people, _about(desk, section), _named(section))


def moved(desk: Desk, section: Section, kind: str) -> None:
    """Sent back or approved: told to those who wrote it."""
    wrote = SectionText.objects.filter(section=section, number__isnull=False)
    names = set(wrote.order_by().values_list("by", flat=True))
    people = User.objects.filter(username__in=names, is_active=True).order_by("pk")
    _tell(desk, kind, people, _about(desk, section), _named(section))


def _about(desk: Desk, section: Section) -> notices.About:
    return notices.About(round=desk.round.code, state=section.state or REGION, section=section.code)


def _named(section: Section) -> dict[str, str | int]:
    return {"what_es": section.title_es[:160], "what_en": section.title_en[:160]}


def _who(desk: Desk, act: str, state: str) -> list[User]:
    """Who may do an act for a State, a role of that State before the region's."""
    on = desk.now.date()
    held = access.holdings(on=on)
    near = access.able([(u, g) for u, g in held if g.state == state], act, state=state, on=on)
    return near or access.able(held, act, state=state, on=on)


def _tell(
    desk: Desk, kind: str, people: Iterable[User], about: notices.About, params: dict[str, str | int]
) -> None:
    notices.tell(to=people, kind=kind, about=about, params=params, by=desk.user.username, at=desk.now)
