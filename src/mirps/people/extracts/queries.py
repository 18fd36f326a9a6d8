"""What may be taken out, by whom something was asked, and what a list holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

import yaml
from django.db.models import QuerySet
from django.utils import timezone

from mirps.base.codelists import api as codelists
from mirps.people.custody.api import Request, Seat
from mirps.people.extracts import rules
from mirps.people.extracts.models import Extract
from mirps.people.extracts.rules import Column, Terms, Wanted
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Fact, Person


@cache
def terms() -> Terms:
    path = codelists.data_folder() / "registration" / "extracts.yaml"
    return rules.read(yaml.safe_load(path.read_text(encoding="utf-8")), registry.book())


def extracts(seat: Seat) -> QuerySet[Extract]:
    """What was asked for at the seat's institution, the latest first."""
    return Extract.objects.filter(state=seat.state, institution=seat.institution)


def waiting(seat: Seat, *, at: datetime) -> list[tuple[Extract, Request]]:
    """What was approved for this system to fetch and it has not fetched yet, with until when."""
    rows = list(Extract.objects.filter(receiver=seat.user, taken_at=None).order_by("at", "id"))
    asked = Request.objects.in_bulk([r.request for r in rows])
    found = [(r, asked[r.request]) for r in rows if r.request in asked]
    return [(r, a) for r, a in found if a.answer == "approved" and a.used_at is None and a.until > at]


def of_request(row: Request) -> Extract | None:
    """The list that a request is about."""
    return Extract.objects.filter(request=row.pk).first()


def people(seat: Seat, wanted: Wanted) -> QuerySet[Person]:
    """The files of the seat's own institution that are wanted; not those of whom no name is left."""
    held = Person.objects.filter(
        state=seat.state, institution=seat.institution, let_go_at=None, stands_for=None
    )
    if wanted.office:
        held = held.filter(office=wanted.office)
    if wanted.since:
        held = held.filter(registered_at__date__gte=wanted.since)
    if wanted.until:
        held = held.filter(registered_at__date__lte=wanted.until)
    return held.order_by("registered_at", "id")


def rows(held: Iterable[Person], columns: Iterable[Column], lang: str) -> list[list[str]]:
    """A row for each file: its number, then the columns, codes by their names. Of a person whom another
    institution registered too, what this one was told alone."""
    files, wanted = list(held), list(columns)
    roots = registry.together(p.id for p in files)
    whose = {id_: (p.state, p.institution) for id_, p in registry.people(roots).items()}
    roots = {id_: root for id_, root in roots.items() if whose.get(id_) == whose.get(root)}
    standing: dict[UUID, list[Fact]] = {}
    kinds = {c.kind for c in wanted if c.kind}
    for person, facts in registry.standing_of(roots, *kinds).items() if kinds else ():
        standing.setdefault(roots[person], []).extend(facts)
    groups = _groups(roots) if any(c.of == "group" for c in wanted) else {}
    return [
        [p.number, *(_cell(c, p, standing.get(p.id, []), groups.get(p.id, ""), lang) for c in wanted)]
        for p in files
    ]


def _cell(column: Column, person: Person, standing: list[Fact], group: str, lang: str) -> str:
    if column.of:
        known = {
            "group": group,
            "office": codelists.office_name(person.office, lang),
            "registered": timezone.localtime(person.registered_at).date().isoformat(),
        }
        return known[column.of]
    book = registry.book()
    kind = book.kinds[column.kind]
    return "; ".join(
        wording.value_text(kind, column.field, v, book, lang) for v in rules.values(column, standing)
    )


def _groups(roots: Mapping[UUID, UUID]) -> dict[UUID, str]:
    """The numbers of the groups to which these people belong."""
    facts = [f for held in registry.standing_of(roots, "membership").values() for f in registry.members(held)]
    numbers = dict(
        registry.Group.objects.filter(id__in={f.group for f in facts})
        .order_by("id")
        .values_list("id", "number")
    )
    out: dict[UUID, str] = {}
    for f in facts:
        if f.person and f.group in numbers:
            out.setdefault(roots[f.person], numbers[f.group])
    return out
