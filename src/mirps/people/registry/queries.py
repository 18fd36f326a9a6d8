"""Reading files. Whoever asks has been let in by custody: here nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import F, FilteredRelation, Model, Q, QuerySet, Subquery

from mirps.base.codelists import api as codelists
from mirps.base.prepared.api import Prepared, bare
from mirps.people.registry import models, rules
from mirps.people.registry.kinds import Book, load
from mirps.people.registry.sealing import Opens, opened, opener, place, place_of


@cache
def book() -> Book:
    """The kinds, lists and form of this installation, read once a process."""
    return load(codelists.data_folder() / "registration")


def is_country(code: str) -> bool:
    return code in codelists.countries()


@dataclass(frozen=True, slots=True)
class File:
    """A person's file: everything said of them, under whichever numbers they were registered."""

    person: models.Person
    also: tuple[models.Person, ...]  # other registrations found to be the same person's
    facts: tuple[rules.Fact, ...]  # all of them, replaced ones too
    standing: tuple[rules.Fact, ...]

    @property
    def name(self) -> str:
        return rules.shown_name(self.standing)

    @property
    def ids(self) -> tuple[UUID, ...]:
        return (self.person.id, *(p.id for p in self.also))

    def of(self, kind: str) -> list[rules.Fact]:
        return [f for f in self.standing if f.kind == kind]


def file(person: UUID, *, knows: Iterable[str]) -> File | None:
    """The file in which a person stands; None for nobody. `knows`: sensitivities the reader is cleared for."""
    held = models.Person.objects.select_related("stands_for").filter(id=person).first()
    return file_of(held.stands_for or held, knows=knows) if held else None


_NUMBERED = Prepared(
    lambda number: models.Person.objects.filter(
        Q(number=number) | Q(stands_for=Subquery(models.Person.objects.filter(number=number).order_by().values("id")))
    ).order_by("id")
)  # fmt: skip


def by_number(number: str) -> tuple[models.Person | None, tuple[models.Person, ...]]:
    """Whoever bears a registration number, and the other registrations found to be theirs: one query, each half
    of it by an index."""
    return _borne(_NUMBERED(number=number), number)


def _borne(
    found: Iterable[models.Person], number: str
) -> tuple[models.Person | None, tuple[models.Person, ...]]:
    rows = sorted(found, key=lambda p: (p.recorded_at, p.id))
    return next((p for p in rows if p.number == number), None), tuple(p for p in rows if p.number != number)


def _bearer(number: str) -> Subquery:
    """Whose number it is: found once a statement, so that facts are found by the index of either of their ends."""
    return Subquery(models.Person.objects.filter(number=number).order_by().values("id"))


def _plain(facts: QuerySet[models.Fact]) -> QuerySet[models.Fact, tuple[Any, ...]]:
    """Rows that `_read` opens."""
    return facts.values_list(*_OF_FACT)


_OF_FACT = (
    "id", "kind", "person_id", "group_id", "other_id", "sealed", "happened_at", "recorded_at", "by", "office",
    "replaces_id", "withdrawn", "sensitivity",
)  # fmt: skip
_OF_PERSON = [f.attname for f in models.Person._meta.concrete_fields]
#: Where such a row says whose fact it is.
_WHOSE = 2
_SAID_OF = Prepared(
    lambda ids, knows: _plain(
        models.Fact.objects.filter(Q(person__in=ids) | Q(other__in=ids), sensitivity__in=knows).order_by()
    )
)
_SAID_UNDER = Prepared(
    lambda number, knows: _plain(
        models.Fact.objects.filter(
            Q(person=_bearer(number)) | Q(other=_bearer(number)), sensitivity__in=knows
        ).order_by()
    )
)


def file_of(
    held: models.Person,
    also: tuple[models.Person, ...] | None = None,
    *,
    knows: Iterable[str],
    said: Iterable[tuple[Any, ...]] | None = None,
) -> File:
    """The file of a person who stands for themselves, and perhaps for others (`also`, where it is known); of what
    was `said` of them, where it is read already."""
    if also is None:
        also = tuple(models.Person.objects.filter(stands_for=held).order_by("recorded_at", "id"))
    if said is None:
        said = _SAID_OF(ids=[held.id, *(p.id for p in also)], knows=["", *knows])
    facts = tuple(_read(said))
    return File(held, also, facts, tuple(rules.in_force(facts)))


class Asked:
    """What the pages of a file read of its number, on its way at once in a piped block: each part is waited for
    where it is read, which is done once. Of a file in which several registrations are joined, it is asked for again.

    `beside`: of those who belong to a group with them, too.
    """

    def __init__(self, number: str, *, knows: Iterable[str], beside: bool = False) -> None:
        self.number, self._knows = number, ("", *knows)
        self._found = _NUMBERED.sent(number=number)
        self._said = _SAID_UNDER.sent(number=number, knows=self._knows)
        self._beside = _BESIDE.sent(number=number) if beside else list
        self._named = _NAMED_BESIDE.sent(number=number) if beside else list

    def bearer(self) -> tuple[models.Person | None, tuple[models.Person, ...]]:
        """As `by_number`."""
        return _borne(self._found(), self.number)

    def file(self, held: models.Person, also: tuple[models.Person, ...]) -> File:
        """As `file_of`."""
        own = held.number == self.number and not also
        return file_of(held, also, knows=self._knows, said=self._said() if own else None)

    def beside(self, groups: Iterable[UUID]) -> tuple[list[Member], dict[UUID, str]]:
        """As `members_of`, and `names_of` those members."""
        wanted = set(groups)
        rows = [row for row in self._beside() if row.group_id in wanted]
        if {row.group_id for row in rows} != wanted:
            members = members_of(wanted)
            return members, names_of(m.person.id for m in members)
        names = {person: rules.shown_name(facts) for person, facts in _by_person(self._named()).items()}
        return _members(rows), names


def facts_of_group(group: UUID) -> list[rules.Fact]:
    return [fact(row) for row in models.Fact.objects.filter(group=group, sensitivity="")]


_PEOPLE = Prepared(
    lambda ids: models.Person.objects.filter(id__in=ids).order_by().select_related("stands_for")
)


def people(ids: Iterable[UUID]) -> dict[UUID, models.Person]:
    """These persons' rows, of those that stand and are in view."""
    return {p.id: p for p in _PEOPLE(ids=list(ids))}


@dataclass(frozen=True, slots=True)
class Member:
    """A membership that has not ended, with its two ends."""

    fact: rules.Fact
    person: models.Person
    group: models.Group

    @property
    def role(self) -> str:
        return str(self.fact.data["role"])


def _belonging(groups: Any) -> QuerySet[models.Fact]:
    return (
        models.Fact.objects.filter(group__in=groups, kind="membership", in_force=True)
        .order_by().select_related("person", "group").defer(
            "person__level", "person__registered_at", "person__stands_for", "person__let_go_at",
            "person__recorded_at", "person__by", "group__level", "group__registered_at", "group__recorded_at",
            "group__by",
        )
    )  # fmt: skip


def _theirs(number: str) -> QuerySet[models.Fact, UUID | None]:
    """The groups to which whoever bears a number belongs."""
    own = models.Fact.objects.filter(person=_bearer(number), kind="membership", in_force=True)
    return own.order_by().values_list("group", flat=True)


_BELONGING = Prepared(lambda groups: _belonging(groups))
_BESIDE = Prepared(lambda number: _belonging(_theirs(number)))
_NAMED_BESIDE = Prepared(
    lambda number: _plain(
        models.Fact.objects.filter(
            kind="name", in_force=True,
            person__in=models.Fact.objects.filter(group__in=_theirs(number), kind="membership", in_force=True)
            .order_by().values("person"),
        ).order_by()
    )
)  # fmt: skip


def members_of(groups: Iterable[UUID]) -> list[Member]:
    """Who belongs to these groups: the focal person first, then in the order of the roles."""
    return _members(_BELONGING(groups=list(groups)))


def _members(rows: Iterable[models.Fact]) -> list[Member]:
    opens = opener()
    found = [Member(fact(row, opens), row.person, row.group) for row in rows if row.person and row.group]
    standing = (m for m in found if not m.fact.data.get("ended"))
    order = {role: n for n, role in enumerate(book().lists["group-roles"])}
    return sorted(standing, key=lambda m: (order.get(m.role, 99), m.person.number))


@dataclass(frozen=True, slots=True)
class KeptBy:
    """What one submission registered, each with its id and number."""

    people: tuple[tuple[UUID, str], ...]
    groups: tuple[tuple[UUID, str], ...]


def kept_by(submission: UUID) -> KeptBy:
    """The people and groups of whom a submission says anything."""
    facts = models.Fact.objects.filter(submission=submission)
    people = models.Person.objects.filter(facts__in=facts).distinct().order_by("id")
    groups = models.Group.objects.filter(facts__in=facts).distinct().order_by("id")
    return KeptBy(tuple(people.values_list("id", "number")), tuple(groups.values_list("id", "number")))


def facts_kept(ids: Iterable[UUID | None]) -> list[rules.Fact]:
    """These facts, whether they stand or not."""
    wanted = [i for i in ids if i]
    return [fact(row) for row in models.Fact.objects.filter(id__in=wanted)] if wanted else []


def names_of(persons: Iterable[UUID]) -> dict[UUID, str]:
    """The names to show of these persons; of whom none stands, nothing."""
    return names_asked(persons)()


def names_asked(persons: Iterable[UUID]) -> Callable[[], dict[UUID, str]]:
    """As `names_of`: on its way in a piped block, to be read once."""
    rows = _STANDING.sent(persons=list(persons), kinds=("name",))
    return lambda: _shown_names(rows())


_STANDING = Prepared(
    lambda persons, kinds: _plain(
        models.Fact.objects.filter(person__in=persons, kind__in=kinds, in_force=True).order_by()
    )
)


M = TypeVar("M", bound=Model)


class Naming(Generic[M]):
    """Rows of a model that are about a person (`rows(**values)`, as in a Prepared), each with that person's row, and
    their names: one question, on its way at once in a piped block."""

    def __init__(self, model: type[M], rows: Callable[..., QuerySet[M, Any]]) -> None:
        self._model, self._names = model, [f.attname for f in model._meta.concrete_fields]
        said = FilteredRelation(
            "person__facts", condition=Q(person__facts__kind="name", person__facts__in_force=True)
        )
        columns = (*self._names, *(f"person__{c}" for c in _OF_PERSON), *(f"said__{c}" for c in _OF_FACT))
        self._asked: Prepared[tuple[Any, ...]] = Prepared(
            lambda **values: rows(**values).annotate(said=said).values_list(*columns)
        )

    def sent(
        self, **values: Any
    ) -> Callable[[], tuple[list[M], Callable[[Collection[UUID]], dict[UUID, str]]]]:
        """Asked, to be read once: the rows, and what opens the names of some of these persons."""
        asked = self._asked.sent(**values)

        def answer() -> tuple[list[M], Callable[[Collection[UUID]], dict[UUID, str]]]:
            rows, n, m = asked(), len(self._names), len(self._names) + len(_OF_PERSON)
            found: dict[Any, M] = {}
            for row in rows:
                if row[0] not in found:  # of one name there may be several facts
                    one: Any = bare(self._model, self._names, row[:n])
                    one.person = bare(models.Person, _OF_PERSON, row[n:m])
                    found[row[0]] = one
            return [*found.values()], lambda seen: _shown_names(
                row[m:] for row in rows if row[m] and row[m + _WHOSE] in seen
            )

        return answer


def _shown_names(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, str]:
    return {person: rules.shown_name(facts) for person, facts in _by_person(rows).items()}


def registered_with(person: UUID) -> set[UUID]:
    """Whoever was registered in one group with this person, by the same submission."""
    beside = models.Fact.objects.filter(
        kind="membership", group__facts__kind="membership", group__facts__person=person,
        submission=F("group__facts__submission"),
    ).order_by()  # fmt: skip
    return {id_ for id_ in beside.values_list("person", flat=True) if id_ and id_ != person}


def together(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """These persons, and every registration that stands with one of them -> under whom that file is kept."""
    held = models.Person.objects.filter(id__in=list(persons)).order_by("id")
    roots = {stands or id_ for id_, stands in held.values_list("id", "stands_for")}
    every = models.Person.objects.filter(Q(id__in=roots) | Q(stands_for__in=roots)).order_by("id")
    return {id_: stands or id_ for id_, stands in every.values_list("id", "stands_for")}


def standing_of(persons: Iterable[UUID], *kinds: str) -> Mapping[UUID, list[rules.Fact]]:
    """What stands of these persons, of these kinds, by person: for comparing and for lists."""
    return standing_asked(persons, *kinds)()


def standing_asked(persons: Iterable[UUID], *kinds: str) -> Callable[[], Mapping[UUID, list[rules.Fact]]]:
    """As `standing_of`: on its way in a piped block, to be read once."""
    rows = _STANDING.sent(persons=list(persons), kinds=kinds)
    return lambda: _by_person(rows())


def _by_person(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, list[rules.Fact]]:
    out: dict[UUID, list[rules.Fact]] = {}
    for f in _read(rows):
        if f.person:
            out.setdefault(f.person, []).append(f)
    return out


def fact(row: models.Fact, opens: Opens = opened) -> rules.Fact:
    """A row, opened. Raises CryptoFault."""
    return rules.Fact(
        id=row.id, kind=row.kind, data=opens(row.sealed, place_of(row)), happened_at=row.happened_at,
        recorded_at=row.recorded_at, by=row.by, office=row.office, person=row.person_id, group=row.group_id,
        other=row.other_id, replaces=row.replaces_id, withdrawn=row.withdrawn, sensitivity=row.sensitivity,
    )  # fmt: skip


def _read(rows: Iterable[tuple[Any, ...]]) -> list[rules.Fact]:
    """The same of plain rows, in the order in which it happened. Raises CryptoFault."""
    opens = opener()
    found = [
        rules.Fact(
            id_, kind, opens(value, place(kind, id_, person, group, other)), happened_at, recorded_at, by, office,
            person, group, other, replaces, withdrawn, sensitivity,
        )
        for (
            id_, kind, person, group, other, value, happened_at, recorded_at, by, office, replaces, withdrawn,
            sensitivity,
        ) in rows
    ]  # fmt: skip
    return sorted(found, key=lambda f: (f.happened_at, f.id.int))
