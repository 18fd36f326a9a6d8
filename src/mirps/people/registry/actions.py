"""Keeping what was said. One transaction, one audit entry, all of a submission or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.prepared.api import insert, piped
from mirps.people.registry import models
from mirps.people.registry.joining import Joined, roots
from mirps.people.registry.kinds import Book
from mirps.people.registry.numbers import number
from mirps.people.registry.sealing import place, place_of_sameness, sealed
from mirps.people.registry.submissions import Fault, NewGroup, NewPerson, Refused, Said, Submission


@dataclass(frozen=True, slots=True)
class Kept:
    """What a submission added. `again`: all of it stood already, and nothing was added."""

    groups: tuple[UUID, ...]
    people: tuple[UUID, ...]
    facts: tuple[UUID, ...]
    again: bool = False


def keep(
    found: Submission, *, book: Book, by: str, at: datetime, known: Collection[UUID] | None = None
) -> Kept:
    """Keep a submission. The same one sent again changes nothing.

    `known`: whoever and whatever of those it names is in view, where it was asked before (`named`); without it
    they only have to stand. Raises Refused where an id stands for something else already, or names nobody who stands.
    """
    _ends_stand(found, known)
    try:
        with transaction.atomic(), piped():
            _insert(found, book, by, at)
            audit.record(
                by=by, at=at, act="people.keep", subject=f"submission/{found.id}",
                detail={"people": len(found.people), "groups": len(found.groups), "facts": len(found.facts),
                        "office": found.office},
            )  # fmt: skip
    except IntegrityError:  # nobody asks before whether an id is taken: the table tells
        return _again(found)
    return Kept(
        tuple(g.id for g in found.groups), tuple(p.id for p in found.people), tuple(f.id for f in found.facts)
    )


def _insert(found: Submission, book: Book, by: str, at: datetime) -> None:
    held = {"state": found.state, "institution": found.institution, "office": found.office, "recorded_at": at,
            "by": by}  # fmt: skip
    insert(models.Person, [
        {"id": p.id, "number": number(found.state, p.id), "level": p.level, "registered_at": found.made_at,
         "stands_for_id": None, "let_go_at": None, **held}
        for p in found.people
    ])  # fmt: skip
    insert(models.Group, [
        {"id": g.id, "number": number(found.state, g.id, mark="G"), "kind": g.kind, "level": g.level,
         "registered_at": found.made_at, **held}
        for g in found.groups
    ])  # fmt: skip
    replaced = {f.replaces for f in found.facts if f.replaces}
    insert(models.Fact, [
        {"id": f.id, "kind": f.kind, "person_id": f.person, "group_id": f.group, "other_id": f.other,
         "sealed": sealed(f.data, place(f.kind, f.id, f.person, f.group, f.other)),
         "replaces_id": f.replaces, "withdrawn": f.withdrawn, "in_force": not f.withdrawn and f.id not in replaced,
         "sensitivity": "" if f.withdrawn else book.sensitivity(f.kind, f.data),
         "happened_at": f.happened_at, "device": found.device, "submission": found.id, **held}
        for f in _in_order(found.facts)
    ])  # fmt: skip
    if replaced:
        models.Fact.objects.filter(id__in=replaced).update(in_force=False)


def _again(found: Submission) -> Kept:
    """Why it could not be inserted: it stands already, or something of it is somebody else's."""
    ids = [f.id for f in found.facts]
    there = set(models.Fact.objects.filter(submission=found.id).values_list("id", flat=True))
    if there == set(ids):
        return Kept((), (), tuple(ids), again=True)
    if there:
        raise Refused([Fault("id", "taken")])
    taken = set(
        models.Person.objects.filter(id__in=[p.id for p in found.people]).values_list("id", flat=True)
    )
    taken |= set(
        models.Group.objects.filter(id__in=[g.id for g in found.groups]).values_list("id", flat=True)
    )
    taken |= set(models.Fact.objects.filter(id__in=ids).values_list("id", flat=True))
    said: dict[str, Sequence[NewPerson | NewGroup | Said]] = {
        "people": found.people, "groups": found.groups, "facts": found.facts
    }  # fmt: skip
    raise Refused(
        Fault(f"{name}[{n}].id", "taken")
        for name, rows in said.items()
        for n, row in enumerate(rows)
        if row.id in taken
    )


def named(found: Submission) -> tuple[set[UUID], set[UUID]]:
    """The people and the groups that the facts name and that are not new here."""
    people = {e for f in found.facts for e in (f.person, f.other) if e} - {p.id for p in found.people}
    return people, {f.group for f in found.facts if f.group} - {g.id for g in found.groups}


def _ends_stand(found: Submission, known: Collection[UUID] | None) -> None:
    """Whoever and whatever the facts name is new here, or stands already."""
    if known is None:
        people, groups = named(found)
        known = {
            *models.Person.objects.filter(id__in=people).values_list("id", flat=True),
            *models.Group.objects.filter(id__in=groups).values_list("id", flat=True),
        }
    there = {*known, *(p.id for p in found.people), *(g.id for g in found.groups)}
    kinds: dict[UUID, str] = {f.id: f.kind for f in found.facts}
    replaced = {f.replaces for f in found.facts if f.replaces} - set(kinds)
    if replaced:
        kinds |= dict(models.Fact.objects.filter(id__in=replaced).values_list("id", "kind"))
    faults = []
    for n, f in enumerate(found.facts):
        ends = (("person", f.person), ("other", f.other), ("group", f.group))
        faults += [Fault(f"facts[{n}].{name}", "nobody") for name, end in ends if end and end not in there]
        if f.replaces and (f.replaces == f.id or kinds.get(f.replaces) != f.kind):
            faults.append(Fault(f"facts[{n}].replaces", "replaces-other"))
    if faults:
        raise Refused(faults)


def _in_order(facts: Iterable[Said]) -> list[Said]:
    """Those that are replaced before those that replace them: a row names only rows that stand."""
    waiting, out, done = list(facts), [], set()
    ids = {f.id for f in waiting}
    while waiting:
        ready = [f for f in waiting if f.replaces not in ids or f.replaces in done]
        if not ready:  # facts that replace each other in a ring
            raise Refused([Fault("facts", "ring")])
        out += ready
        done |= {f.id for f in ready}
        waiting = [f for f in waiting if f.id not in done]
    return out


def say_same(
    *, kept: UUID, other: UUID, joined: bool, by: str, second: str, why: str, at: datetime
) -> models.Sameness:
    """Keep that two files are one person's, or (not `joined`) are not after all; `second` asked for it.

    Both keep all that was said in them. Raises Refused where the two are one already, or stand apart.
    """
    with transaction.atomic():
        people = models.Person.objects.select_for_update().order_by("id").in_bulk([kept, other])
        apart = len(people) == 2 and all(p.stands_for_id is None for p in people.values())
        if not (apart if joined else len(people) == 2 and _is_joined(kept, other)):
            raise Refused([Fault("other", "joined-already" if joined else "not-joined")])
        row = models.Sameness(
            id=uuid7(), kept_id=kept, other_id=other, joined=joined, at=at, by=by, second=second
        )
        row.sealed = sealed({"why": why}, place_of_sameness(row))
        row.save(force_insert=True)
        _stand({kept, other})
        audit.record(
            by=by, at=at, act="people.join" if joined else "people.part", subject=f"person/{kept}",
            detail={"other": str(other), "asked_by": second},
        )  # fmt: skip
        return row


def _is_joined(kept: UUID, other: UUID) -> bool:
    last = models.Sameness.objects.filter(kept=kept, other=other).order_by("-at", "-id").first()
    return last is not None and last.joined


def _stand(touched: Collection[UUID]) -> None:
    """Set anew under whom these registrations, and all that stand with them, are kept, and which facts stand."""
    together = models.Person.objects.filter(
        Q(id__in=touched) | Q(stands_for__in=touched) | Q(also__in=touched) | Q(stands_for__also__in=touched)
    )  # fmt: skip
    ids = set(together.values_list("id", flat=True))
    events = models.Sameness.objects.filter(Q(kept__in=ids) | Q(other__in=ids)).order_by("at", "id")
    root = roots(Joined(e.kept_id, e.other_id, e.joined) for e in events)
    files: dict[UUID, list[UUID]] = {}
    for id_ in ids:
        files.setdefault(root.get(id_, id_), []).append(id_)
        models.Person.objects.filter(id=id_).update(stands_for=root.get(id_))
    for file in files.values():
        _project(file)


def _project(persons: Collection[UUID]) -> None:
    """Set anew which facts of one file stand: within a file one registration's answer may replace another's."""
    facts = models.Fact.objects.filter(person__in=persons)
    rows = list(facts.order_by("id").values_list("id", "replaces_id", "withdrawn"))
    gone = {replaces for _, replaces, _ in rows}
    standing = {id_ for id_, _, withdrawn in rows if id_ not in gone and not withdrawn}
    facts.filter(id__in=standing, in_force=False).update(in_force=True)
    facts.exclude(id__in=standing).filter(in_force=True).update(in_force=False)
