"""A person's file: who they are, with whom, what they need, what they agreed to; as it stands or stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Fact, File, Person
from mirps.web.pages.page import private
from mirps.web.pages.people import person_words as words
from mirps.web.pages.people.door import Desk, at_the_desk, place_name
from mirps.web.pages.people.person_words import Teller, Told

_FILE_SALT = "people.file"
#: Seconds for which the picture of a page that was shown may be fetched.
_PICTURE = 600


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody of a group, or tied to the person: number and name are empty where they are not in view."""

    id: UUID
    number: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class GroupTold:
    number: str
    kind: str
    members: tuple[Other, ...]


def opened(desk: Desk, number: str, *, act: str = "open", asked: registry.Asked | None = None) -> File:
    """The file of an address, inside `seated`. 404 for none in view; that it was shown is kept. Raises TooMany.

    `asked`: of this number, and what else the page reads of it.
    """
    asked = asked or registry.Asked(number, knows=desk.seat.knows)
    held, also = asked.bearer()
    if held is not None and held.stands_for:  # joined to another file, which may be out of view
        held, also = registry.by_number(held.stands_for.number)
    if held is None or not _seen(desk, held):
        raise Http404
    file = asked.file(held, tuple(p for p in also if _seen(desk, p)))
    custody.shown(seat=desk.seat, act=act, subjects=file.ids, at=desk.now, limited=True)
    return file


@require_safe
@at_the_desk()
def file(desk: Desk, number: str) -> HttpResponse:
    """The file of a number; `?on=2026-05-04`: as it was known at the end of that day."""
    on = desk.day("on")
    with custody.seated(desk.seat, looks=True):
        asked = registry.Asked(number, knows=desk.seat.knows, beside=True)
        held = opened(desk, number, asked=asked)
        until = _end_of(on) if on else None
        standing = registry.in_force(registry.as_known(held.facts, until)) if until else list(held.standing)
        groups = _groups(desk, standing, asked)
        ties = _ties(desk, held, standing)
    if held.person.number != number:
        return desk.go("people-file", "?joined=1", number=held.person.number)
    return desk.page(
        "people/file.html", held=held, on=on, **_told(desk, held, standing, until), groups=groups, ties=ties
    )


def _told(desk: Desk, held: File, standing: list[Fact], until: datetime | None) -> dict[str, Any]:
    book = registry.book()
    teller = Teller(book, desk.lang, desk.locale)
    against = registry.contradictions(standing, book)
    contested = {f.id for c in against for f in c.facts}
    photo = next((f for f in reversed(standing) if f.kind == "photo"), None)
    return {
        # Said whether there is anything or not: that something is hidden is itself told to nobody.
        "cleared_for_less": not desk.seat.knows.issuperset(book.lists["sensitivities"]),
        "name": registry.shown_name(standing) or held.person.number,
        "sections": words.sections(teller, standing, contested),
        "contradictions": [wording.kind_name(c.kind, desk.lang) for c in against],
        "consents": words.agreed(
            teller, standing, registry.consents(standing, on=until or timezone.localtime(desk.now))
        ),
        "photo": picture(desk, str(photo.data["file"])) if photo else "",
        "photo_id": photo.id if photo else "",
        "place": place_name(held.person.institution, held.person.office, desk.lang),
        "level": book.lists["levels"].name(held.person.level, desk.lang),
        "may_amend": desk.allows("amend") and until is None,
        "kinds": [(k.name, wording.kind_name(k.name, desk.lang)) for k in book.kinds.values()
                  if "person" in k.of and not k.by],
        "own_door": {k.name for k in book.kinds.values() if k.by},
        "picture": lambda digest: picture(desk, digest),
    }  # fmt: skip


def _end_of(on: Any) -> datetime:
    day = datetime.combine(on + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(day, timezone.get_current_timezone())


def in_view(desk: Desk, person: Person | None) -> bool:
    """Whether a row that was read beside another is this seat's to see (no share, no emergency access)."""
    return person is not None and custody.sees(
        desk.seat, custody.Holding(person.state, person.institution, person.office)
    )


def _seen(desk: Desk, person: Person) -> bool:
    """The same, shares and emergency access too, which take a query of their own."""
    return in_view(desk, person) or (
        Person.objects.filter(custody.seen(desk.seat, at=desk.now), id=person.id).exists()
    )


def _groups(desk: Desk, standing: Iterable[Fact], asked: registry.Asked) -> list[GroupTold]:
    """The groups to which the person belongs, with who else does."""
    ids = [f.group for f in registry.members(standing) if f.group]
    return _told_of_groups(desk, *asked.beside(ids)) if ids else []


def groups_of(desk: Desk, ids: list[UUID]) -> list[GroupTold]:
    """These groups, each with its members."""
    members = registry.members_of(ids)
    return _told_of_groups(desk, members, registry.names_of({m.person.id for m in members}))


def _told_of_groups(
    desk: Desk, members: Iterable[registry.Member], names: Mapping[UUID, str]
) -> list[GroupTold]:
    members = list(members)
    names = {m.person.id: names.get(m.person.id, "") for m in members if in_view(desk, m.person)}
    roles, kinds = registry.book().lists["group-roles"], registry.book().lists["group-kinds"]
    by: dict[str, list[registry.Member]] = {}
    for m in members:
        by.setdefault(m.group.number, []).append(m)
    return [
        GroupTold(number, kinds.name(of[0].group.kind, desk.lang), tuple(
            Other(m.person.id, m.person.number if m.person.id in names else "", names.get(m.person.id, ""),
                  roles.name(m.role, desk.lang))
            for m in of
        ))
        for number, of in by.items()
    ]  # fmt: skip


def _ties(desk: Desk, held: File, standing: Iterable[Fact]) -> list[tuple[Told, Other]]:
    """Relations, told from this person's side."""
    facts = [f for f in standing if f.kind == "relation" and f.other]
    if not facts:
        return []
    ids = {e for f in facts for e in (f.person, f.other) if e} - set(held.ids)
    people = {p.id: p for p in Person.objects.filter(custody.seen(desk.seat, at=desk.now), id__in=ids)}
    names = registry.names_of(people)
    teller, list_ = Teller(registry.book(), desk.lang, desk.locale), registry.book().lists["relations"]
    out = []
    for f in facts:
        mine = f.person in held.ids
        other = f.other if mine else f.person
        code = f.data["relation"]
        role = list_.name(code if mine else list_[code].extra.get("inverse", code), desk.lang)
        if other is not None:
            at = people.get(other)
            out.append((teller.told(f), Other(other, at.number if at else "", names.get(other, ""), role)))
    return out


@require_safe
@at_the_desk()
def history(desk: Desk, number: str) -> HttpResponse:
    """Everything that was said, the latest first: what stands, what was replaced, what was withdrawn and why."""
    with custody.seated(desk.seat, looks=True):
        held = opened(desk, number, act="history")
    teller, stands = Teller(registry.book(), desk.lang, desk.locale), {f.id for f in held.standing}
    facts = sorted(held.facts, key=lambda f: (f.recorded_at, f.id.int), reverse=True)
    rows = [(f, teller.told(f, stands=f.id in stands), wording.kind_name(f.kind, desk.lang)) for f in facts]
    return desk.page("people/history.html", held=held, name=held.name or number, rows=rows)


# --- pictures and papers


def picture(desk: Desk, digest: str) -> str:
    """The address of a file that the page shows: for this person, for some minutes."""
    return desk.url("people-picture", token=signing.dumps([desk.username, digest], salt=_FILE_SALT))


@require_safe
@at_the_desk()
def sealed_file(desk: Desk, token: str) -> HttpResponse:
    """A photo or paper that a page has shown (and kept that it did)."""
    try:
        who, digest = signing.loads(token, salt=_FILE_SALT, max_age=_PICTURE)
        content = registry.file_content(digest) if who == desk.username else b""
    except (signing.BadSignature, KeyError, ValueError):
        raise Http404 from None
    if not content:
        raise Http404
    answer = HttpResponse(content, content_type=_type(content))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline"
    return private(answer)


def _type(content: bytes) -> str:
    for begins, type_ in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"%PDF", "application/pdf"),
    ):
        if content.startswith(begins):
            return type_
    return "application/octet-stream"
