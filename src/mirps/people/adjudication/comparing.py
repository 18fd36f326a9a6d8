"""Comparing who is new with everybody registered before, at the seat of whoever registered them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from mirps.people.adjudication.models import Suspicion
from mirps.people.duplicates import api as duplicates
from mirps.people.duplicates.api import Record, Scored, Verdict
from mirps.people.identity import api as identity
from mirps.people.registry import api as registry

#: Of those found by name, so many at most are compared whole: the best, which finding puts first.
MOST = 100
#: What comparing reads.
KINDS = ("name", "birth", "sex", "nationality", "document", "contact", "address")


def records(persons: Iterable[UUID]) -> dict[UUID, Record]:
    """What stands of these persons, as comparing wants it; whoever cannot be seen is left out."""
    held = registry.standing_of(persons, *KINDS)
    return {person: record(person, facts) for person, facts in held.items()}


def candidates(new: Record) -> list[UUID]:
    """Whoever may be the same: by name, document or telephone; the person themselves left out.

    Whoever was registered beside them, in one group at once, is no double of theirs for a name and a telephone
    that families share: of those, only who shows the same document.
    """
    found = []
    if new.given or new.surnames:
        found = [c.row for c in identity.find(identity.read(new.given, new.surnames))[:MOST]]
    for phone in new.phones:
        found += identity.find_exact(identity.PHONE, phone, most=MOST)
    beside = registry.registered_with(UUID(new.id))
    found = [id_ for id_ in found if id_ not in beside]
    for _, number in new.documents:
        found += identity.find_exact(identity.DOCUMENT, number, most=MOST)
    return [id_ for id_ in dict.fromkeys(found) if str(id_) != new.id]


def compare(person: UUID) -> list[Scored]:
    """Everybody who may be the same person, likely or possible, best first."""
    new = records([person]).get(person)
    if new is None:
        return []
    held = records(candidates(new))
    scored = duplicates.score_one(new, held.values(), people=registered())
    return [s for s in scored if s.verdict is not Verdict.NO]


def suspected(persons: Iterable[UUID], *, at: datetime) -> list[Suspicion]:
    """What comparing these persons finds; nothing is kept."""
    found: dict[tuple[UUID, UUID], Suspicion] = {}
    for person in persons:
        scored = {UUID(s.id): s for s in compare(person)}
        people = registry.people({person, *scored})
        new = people.get(person)
        for other, s in scored.items():
            if new is None or other not in people or people[other].stands_for_id == person:
                continue
            one, two = sorted((person, other))
            found.setdefault((one, two), Suspicion(
                id=uuid7(), one_id=one, other_id=two, millibits=s.millibits, verdict=s.verdict.value, found_at=at,
                state=new.state, institution=new.institution, office=new.office,
            ))  # fmt: skip
    return list(found.values())


def keep_suspected(found: Sequence[Suspicion]) -> list[Suspicion]:
    """Keep what comparing found; a pair that stands already is left as it is. Those that are new."""
    ends = {end for s in found for end in (s.one_id, s.other_id)}
    stand = set(Suspicion.objects.filter(one__in=ends, other__in=ends).order_by().values_list("one", "other"))
    # Of two comparisons at once that find the same pair, the first is kept.
    return Suspicion.objects.bulk_create(
        [s for s in found if (s.one_id, s.other_id) not in stand], ignore_conflicts=True
    )


def record(person: UUID, facts: Sequence[registry.Fact]) -> Record:
    """What these facts say of a person, as comparing wants it."""
    by: dict[str, list[Mapping[str, object]]] = {}
    for f in facts:
        by.setdefault(f.kind, []).append(f.data)
    name = registry.current_name(facts)
    birth = by.get("birth", [{}])[-1]
    return Record(
        id=str(person),
        given=_text(name, "given"), surnames=_text(name, "surnames"),
        born=_text(birth, "date") + ("~" if birth.get("estimated") else ""),
        sex=_text(by.get("sex", [{}])[-1], "sex"),
        nationality=_text(by.get("nationality", [{}])[-1], "country"),
        documents=tuple(
            (f"{_text(d, 'type')}-{_text(d, 'country')}", _text(d, "number")) for d in by.get("document", ())
        ),
        phones=tuple(_text(c, "value") for c in by.get("contact", ()) if registry.is_telephone(c)),
    )  # fmt: skip


def _text(data: Mapping[str, object], name: str) -> str:
    return str(data.get(name, ""))


_counted: tuple[str, float, int] = ("", 0.0, 0)
_AGE = 600.0


def registered() -> int:
    """About how many are registered here: counted once in ten minutes, since a chance likeness weighs little
    more or less by a few hundred."""
    global _counted
    name, when, count = _counted
    if name != connection.settings_dict["NAME"] or time.monotonic() - when > _AGE or count < 1000:
        count = registry.Person.objects.count()
        _counted = (str(connection.settings_dict["NAME"]), time.monotonic(), count)
    return max(count, 1)
