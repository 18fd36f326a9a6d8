"""Rows that go, and the nameless ones that stand in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet

from mirps.people.adjudication.models import Suspicion
from mirps.people.intake.models import Arrival, Task
from mirps.people.intake.openrosa_actions import opened
from mirps.people.intake.openrosa_models import SentForm
from mirps.people.registry import api as registry
from mirps.people.registry.models import Fact, Group, Person, Sameness
from mirps.people.registry.sealing import place, sealed
from mirps.people.retention.rules import month, reduced
from mirps.people.verification.api import IdentityCheck

BY = "retention"


def nameless(
    held: Person | Group,
    standing: Iterable[registry.Fact],
    keeps: Mapping[str, Mapping[str, str]],
    at: datetime,
) -> UUID:
    """A row under a new id, by chance, with what of these facts still counts; its id.

    Nothing leads from the old id to the new one: neither number nor day nor desk nor who wrote it.
    """
    id_, said = uuid4(), uuid4()
    whose = {"state": held.state, "institution": held.institution, "office": held.office, "by": BY,
             "recorded_at": month(held.recorded_at)}  # fmt: skip
    own = {"id": id_, "level": held.level, "registered_at": month(held.registered_at)}
    if isinstance(held, Person):
        Person.objects.create(**whose, **own, number=registry.number(held.state, id_), let_go_at=month(at))
    else:
        Group.objects.create(
            **whose, **own, number=registry.number(held.state, id_, mark="G"), kind=held.kind
        )
    ends = (id_, None) if isinstance(held, Person) else (None, id_)
    for fact in standing:
        data = reduced(fact.kind, fact.data, keeps)
        if data:
            new = uuid4()
            Fact.objects.create(
                **whose, id=new, kind=fact.kind, person_id=ends[0], group_id=ends[1], submission=said,
                sealed=sealed(data, place(fact.kind, new, *ends, None)), sensitivity=fact.sensitivity,
                happened_at=month(fact.happened_at),
            )  # fmt: skip
    return id_


def files_of(facts: Iterable[registry.Fact]) -> None:
    """The photos and papers that these facts name, from the disk too."""
    registry.remove_files(str(f.data["file"]) for f in facts if f.data.get("file"))


def facts(rows: QuerySet[Fact]) -> None:
    """Remove facts. What replaced one of them stands on by itself."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Fact.objects.filter(replaces__in=ids).update(replaces=None)
    Fact.objects.filter(pk__in=ids).order_by().update(replaces=None)
    _remove(Fact.objects.filter(pk__in=ids))


def people(ids: list[UUID]) -> None:
    """Remove registrations with everything that was said of them, and of others in regard to them."""
    facts(Fact.objects.filter(Q(person__in=ids) | Q(other__in=ids)))
    _remove(Suspicion.objects.filter(Q(one__in=ids) | Q(other__in=ids)))
    _remove(Sameness.objects.filter(Q(kept__in=ids) | Q(other__in=ids)))
    _remove(Task.objects.filter(person__in=ids))
    _remove(IdentityCheck.objects.filter(person__in=ids))
    Person.objects.filter(pk__in=ids).update(stands_for=None)
    _remove(Person.objects.filter(pk__in=ids))


def forms(submissions: Iterable[UUID]) -> None:
    """What is kept of filled forms for the sake of later edits, once nothing that they said stands any more."""
    said = set(submissions)
    said -= set(Fact.objects.filter(submission__in=said).order_by().values_list("submission", flat=True))
    for arrival in Arrival.objects.filter(pk__in=said, door=Arrival.Door.OPENROSA):
        taken = SentForm.objects.filter(institution=arrival.institution, done_at=arrival.at)
        _remove(SentForm.objects.filter(
            pk__in=[f.pk for f in taken if opened(f).submission == str(arrival.pk)]
        ))  # fmt: skip


def group(id_: UUID) -> None:
    facts(Fact.objects.filter(group=id_))
    _remove(Task.objects.filter(group=id_))
    _remove(Group.objects.filter(pk=id_))


def _remove(rows: QuerySet[Fact] | QuerySet[Person] | QuerySet[Group] | QuerySet[Suspicion]
            | QuerySet[Sameness] | QuerySet[Task] | QuerySet[SentForm] | QuerySet[IdentityCheck]) -> None:  # fmt: skip
    """Straight to the table: Django would first load everything that points here, which was removed before."""
    rows.order_by()._raw_delete(DEFAULT_DB_ALIAS)
