"""A registration group: who belongs to it, where they come from and stay."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Group, Member
from mirps.web.pages.people.door import Desk, at_the_desk, place_name
from mirps.web.pages.people.person import in_view
from mirps.web.pages.people.person_words import Teller

#: What may be done with a group, each a page of its own (group_acts.py).
ACTS = ("split", "join", "marriage", "leaves")


@dataclass(frozen=True, slots=True)
class Gathered:
    """A group with those of its members who are in view, and their names."""

    group: Group
    members: list[Member]
    names: dict[UUID, str]
    unseen: int


def gathered(desk: Desk, number: str) -> Gathered:
    """The group of an address, inside `seated`; 404 for none in view."""
    group = Group.objects.filter(custody.seen(desk.seat, at=desk.now), number=number).first()
    if group is None:
        raise Http404
    every = registry.members_of([group.id])
    seen = [m for m in every if in_view(desk, m.person)]
    return Gathered(group, seen, registry.names_of(m.person.id for m in seen), len(every) - len(seen))


@require_safe
@at_the_desk()
def group(desk: Desk, number: str) -> HttpResponse:
    with custody.seated(desk.seat, looks=True):
        held = gathered(desk, number)
        facts = registry.in_force(registry.facts_of_group(held.group.id))
        custody.shown(
            seat=desk.seat,
            act="open",
            at=desk.now,
            subjects=[held.group.id, *(m.person.id for m in held.members)],
            limited=True,
        )
    book = registry.book()
    teller = Teller(book, desk.lang, desk.locale)
    return desk.page(
        "people/group.html", held=held, roles=book.lists["group-roles"],
        kind=book.lists["group-kinds"].name(held.group.kind, desk.lang),
        facts=[(wording.kind_name(f.kind, desk.lang), teller.told(f)) for f in facts if f.kind != "membership"],
        kinds=[(k.name, wording.kind_name(k.name, desk.lang)) for k in book.kinds.values() if "group" in k.of],
        place=place_name(held.group.institution, held.group.office, desk.lang), acts=ACTS,
        may_amend=desk.allows("amend"), may_register=desk.allows("register"),
    )  # fmt: skip
