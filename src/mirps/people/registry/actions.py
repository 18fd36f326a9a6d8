"""Keeping what was said. One transaction, one audit entry, all of a submission or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mirps.base.audit import api as audit
from mirps.people.registry import models
from mirps.people.registry.kinds import Book
from mirps.people.registry.numbers import number
from mirps.people.registry.sealing import place, sealed
from mirps.people.registry.submissions import Fault, Refused, Said, Submission


@dataclass(frozen=True, slots=True)
class Kept:
    """What a submission added. `again`: all of it stood already, and nothing was added."""

    groups: tuple[UUID, ...]
    people: tuple[UUID, ...]
    facts: tuple[UUID, ...]
    again: bool = False


def keep(found: Submission, *, book: Book, by: str, at: datetime) -> Kept:
    """Keep a submission. The same one sent again changes nothing.

    Raises Refused where an id stands for something else already, or names nobody who stands.
    """
    with transaction.atomic():
        if models.Fact.objects.filter(submission=found.id).exists():
            return _again(found)
        _check(found)
        held = {"state": found.state, "institution": found.institution, "office": found.office,
                "recorded_at": at, "by": by}  # fmt: skip
        models.Person.objects.bulk_create(
            models.Person(id=p.id, number=number(found.state, p.id), level=p.level,
                          registered_at=found.made_at, **held)
            for p in found.people
        )  # fmt: skip
        models.Group.objects.bulk_create(
            models.Group(id=g.id, number=number(found.state, g.id, group=True), kind=g.kind, level=g.level,
                         registered_at=found.made_at, **held)
            for g in found.groups
        )  # fmt: skip
        replaced = {f.replaces for f in found.facts if f.replaces}
        models.Fact.objects.bulk_create(
            models.Fact(
                id=f.id, kind=f.kind, person_id=f.person, group_id=f.group, other_id=f.other,
                sealed=sealed(f.data, place(f.kind, f.id, f.person, f.group, f.other)),
                replaces_id=f.replaces, withdrawn=f.withdrawn,
                in_force=not f.withdrawn and f.id not in replaced,
                sensitivity="" if f.withdrawn else book.sensitivity(f.kind, f.data),
                happened_at=f.happened_at, device=found.device, submission=found.id, **held,
            )
            for f in _in_order(found.facts)
        )  # fmt: skip
        if replaced:
            models.Fact.objects.filter(id__in=replaced).update(in_force=False)
        kept = Kept(
            tuple(g.id for g in found.groups),
            tuple(p.id for p in found.people),
            tuple(f.id for f in found.facts),
        )
        audit.record(
            by=by, at=at, act="people.keep", subject=f"submission/{found.id}",
            detail={"people": len(kept.people), "groups": len(kept.groups), "facts": len(kept.facts),
                    "office": found.office},
        )  # fmt: skip
        return kept


def _again(found: Submission) -> Kept:
    ids = [f.id for f in found.facts]
    there = set(models.Fact.objects.filter(submission=found.id).values_list("id", flat=True))
    if there != set(ids):
        raise Refused([Fault("id", "taken")])
    return Kept((), (), tuple(ids), again=True)


def _check(found: Submission) -> None:
    """What only the database can tell: ids that are taken, and ends that stand."""
    new_people, new_groups = {p.id for p in found.people}, {g.id for g in found.groups}
    named = {e for f in found.facts for e in (f.person, f.other) if e} | new_people
    people = set(models.Person.objects.filter(id__in=named).values_list("id", flat=True))
    groups = set(
        models.Group.objects.filter(
            id__in={f.group for f in found.facts if f.group} | new_groups
        ).values_list("id", flat=True)
    )
    facts = _facts({f.id for f in found.facts} | {f.replaces for f in found.facts if f.replaces})
    facts |= {f.id: f for f in found.facts if f.id not in facts}
    faults = [Fault(f"people[{n}].id", "taken") for n, p in enumerate(found.people) if p.id in people]
    faults += [Fault(f"groups[{n}].id", "taken") for n, g in enumerate(found.groups) if g.id in groups]
    for n, f in enumerate(found.facts):
        if facts[f.id] is not f:
            faults.append(Fault(f"facts[{n}].id", "taken"))
        for name, end, there in (
            ("person", f.person, people | new_people), ("other", f.other, people | new_people),
            ("group", f.group, groups | new_groups),
        ):  # fmt: skip
            if end and end not in there:
                faults.append(Fault(f"facts[{n}].{name}", "nobody"))
        old = facts.get(f.replaces) if f.replaces else None
        if f.replaces and (old is None or old.kind != f.kind or old.id == f.id):
            faults.append(Fault(f"facts[{n}].replaces", "replaces-other"))
    if faults:
        raise Refused(faults)


def _facts(ids: Iterable[UUID]) -> dict[UUID, Said | models.Fact]:
    return dict(models.Fact.objects.only("id", "kind").in_bulk(list(ids)))


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


def project(persons: Iterable[UUID], standing: set[UUID]) -> None:
    """Set anew which facts of these persons stand (after files are joined or parted)."""
    facts = models.Fact.objects.filter(person__in=list(persons))
    facts.filter(id__in=standing).exclude(in_force=True).update(in_force=True)
    facts.exclude(id__in=standing).filter(in_force=True).update(in_force=False)
