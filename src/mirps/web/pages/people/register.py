"""Registering: a group with all its people on one page. The way here leads through a search."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.api import Book, Refused
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people import register_family as families
from mirps.web.pages.people.door import Desk, at_the_desk, with_camera
from mirps.web.pages.people.register_family import Family

log = logging.getLogger(__name__)
_SALT = "people.searched"
#: Seconds for which a search counts: a working day.
GOOD_FOR = 12 * 3600
#: How new people may come into a group that stands (lists/membership-beginnings.csv).
BEGAN = ("joined", "birth", "marriage")


def searched(desk: Desk) -> str:
    """What a search leaves behind: without it nobody comes to the form."""
    return signing.dumps(desk.username, salt=_SALT)


def has_searched(desk: Desk, token: str) -> bool:
    try:
        return bool(signing.loads(token, salt=_SALT, max_age=GOOD_FOR) == desk.username)
    except signing.BadSignature:
        return False


@at_the_desk("register")
def register(desk: Desk) -> HttpResponse:
    """The form. What is typed is kept by the page alone until all of it can be registered."""
    typed = boxes.posted(desk.request.POST.dict())
    if not has_searched(desk, typed.get("searched", "")):
        return desk.go("people-search", "?first=1")
    if not desk.chosen:
        return desk.go("people-seat")
    book, do = registry.book(), typed.pop("do", "")
    if do == "begin":
        family = families.begun(
            made=desk.now.isoformat(), searched=typed["searched"], typed_name=typed.get("q", ""),
            into=registry.tidy(typed.get("into", "")),
        )  # fmt: skip
        return _page(desk, family, book)
    family = families.read(typed, book)
    digests, wrong = boxes.files_kept(desk)
    family.typed |= digests
    family.faults |= wrong
    if do == "keep" and not family.faults:
        return _registered(desk, family, book)
    _rearranged(family, *do.partition(":")[::2])
    return _page(desk, family, book, 422 if family.faults else 200)


def _rearranged(family: Family, act: str, name: str) -> None:
    """One more person or entry, or one less, for those who have no script."""
    if act == "person":
        family.focus = family.another()
    elif act == "less":
        family.without(name)
    elif act == "more":
        family.one_more(name)


def _registered(desk: Desk, family: Family, book: Book) -> HttpResponse:
    seat = desk.seat.for_purpose(desk.purpose or "registration")
    where = {"state": seat.state, "institution": seat.institution, "office": desk.office}
    into = _group(desk, family.into) if family.into else None
    if family.into and into is None:
        family.faults[""] = say("registration.fault.nobody", desk.lang)
        return _page(desk, family, book, 422)
    found = families.submission(family, book, where=where, into=into)
    try:
        receipt = intake.take(found.json, seat=seat, door=intake.Arrival.Door.PAGE, at=desk.now)
    except Refused as refused:
        family.faults |= found.told(refused.faults, desk.lang)
        return _page(desk, family, book, 422)
    done = "added" if into else "registered"
    try:
        doubles = intake.compare(receipt.submission, seat=seat, at=desk.now)
    except Exception:  # the family is registered; `mirps compare` takes up what was not compared
        log.exception("a submission could not be compared and waits")
        doubles = 0
    if doubles:
        done += "&doubles=1"
    return desk.go("people-group", f"?done={done}", number=family.into or receipt.groups[0][1])


def _group(desk: Desk, number: str) -> UUID | None:
    """The group that new people join. A number that is none in view names no group, and nothing is kept."""
    with custody.seated(desk.seat):
        seen = registry.Group.objects.filter(custody.seen(desk.seat, at=desk.now), number=number)
        return seen.values_list("id", flat=True).first()


def _page(desk: Desk, family: Family, book: Book, status: int = 200) -> HttpResponse:
    people = families.shown(family, book, desk.lang)
    context: dict[str, Any] = {
        "family": family, "people": people, "blank": families.blank(family, book, desk.lang),
        "group": families.of_group(family, book, desk.lang) if not family.into else [],
        "faults": _told(family, people, book, desk.lang), "countries": boxes.country_names(desk.lang),
        "codes": book.lists, "began": BEGAN,
    }  # fmt: skip
    return with_camera(desk.page("people/register.html", status, **context))


def _told(family: Family, people: list[families.PersonShown], book: Book, lang: str) -> list[tuple[str, str]]:
    """The faults in the order of the page: the box, and what is wrong with whose."""
    at = {p.prefix: p for p in people}
    out = []
    for name, fault in sorted(family.faults.items(), key=lambda item: _turn(item[0])):
        person = at.get(name.partition(".")[0])
        whose = (person.called or say("people.form.person", lang, n=person.nth)) if person else ""
        out.append((name, f"{whose}: {fault}" if whose else fault))
    return out


def _turn(name: str) -> tuple[int, str]:
    first = name.partition(".")[0]
    return (int(first[1:]) + 1 if first[1:].isdigit() else 0, "")
