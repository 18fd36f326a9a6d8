"""The register of this State as rows: who is in them, and who is left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mirps.people.adjudication import api as adjudication
from mirps.people.custody import api as custody
from mirps.people.duplicates import records
from mirps.people.linkage.encoded import Rows, rows_of
from mirps.people.linkage.shipped import scheme
from mirps.people.registry import api as registry

_STEP = 2_000
#: Why somebody is in no row.
LEFT_OUT = ("no-consent", "refused-abroad", "national", "unknown")


@dataclass(frozen=True, slots=True)
class Register:
    """Rows, and how many were left out, by reason."""

    rows: Rows
    left_out: Mapping[str, int]


def register(*, state: str, partner: str, key: bytes, period: str, at: datetime) -> Register:
    """Everybody registered by `state`, encoded for counting with `partner`.

    Left out: who did not agree to statistics without their name or said no to sharing with another State, and every
    national of the partner: from their own State's authorities people may have fled, and whoever has the key could
    find them. Raises LinkageFault 'small', custody.CustodyFault.
    """
    left: Counter[str] = Counter(dict.fromkeys(LEFT_OUT, 0))
    table: dict[str, list[str]] = {c: [] for c in ("given", "surnames", "born", "documents", "phones")}
    groups: dict[str, list[str]] = {name: [] for name in scheme().groups}
    quarters: list[int] = []
    with custody.keeping():
        for person, facts in _standing(state):
            if why := _left_out(facts, partner, at):
                left[why] += 1
                continue
            told = adjudication.record(person.id, facts)
            if not (told.given or told.surnames):
                left["unknown"] += 1
                continue
            for name, values in records.columns([told]).items():
                if name in table:
                    table[name] += values
            for name, value in _groups(told, at).items():
                groups[name].append(value)
            quarters.append(person.registered_at.year * 4 + (person.registered_at.month - 1) // 3 - 8000)
    return Register(rows_of(table, groups, quarters, scheme(), key, period), dict(left))


def _standing(state: str) -> Iterator[tuple[registry.Person, Sequence[registry.Fact]]]:
    """Each file of the State once, under whom it is kept, with what stands of all its registrations."""
    kept = registry.Person.objects.filter(state=state, let_go_at=None, stands_for=None).order_by("id")
    kinds = (*adjudication.KINDS, "consent")
    for some in _batches(kept.iterator(chunk_size=_STEP)):
        ids = [p.id for p in some]
        also = dict(
            registry.Person.objects.filter(stands_for__in=ids).order_by("id").values_list("id", "stands_for")
        )
        held: dict[UUID, list[registry.Fact]] = {}
        for id_, facts in registry.standing_of([*ids, *also], *kinds).items():
            held.setdefault(also.get(id_) or id_, []).extend(facts)
        for person in some:
            yield person, held.get(person.id, [])


def _batches(people: Iterable[registry.Person]) -> Iterator[list[registry.Person]]:
    some: list[registry.Person] = []
    for person in people:
        some.append(person)
        if len(some) == _STEP:
            yield some
            some = []
    if some:
        yield some


def _left_out(facts: Sequence[registry.Fact], partner: str, at: datetime) -> str:
    agreed = registry.consents(sorted(facts, key=lambda f: (f.happened_at, f.id.int)), on=at)
    if not agreed.get("statistics"):
        return "no-consent"
    if agreed.get("share-abroad") is False:
        return "refused-abroad"
    countries = {str(f.data.get("country", "")) for f in facts if f.kind == "nationality"}
    return "national" if partner in countries else ""


def _groups(told: records.Record, at: datetime) -> dict[str, str]:
    return {"age": age_group(told.born, at.year), "sex": told.sex, "nationality": told.nationality}


def age_group(born: str, year: int) -> str:
    """By the year of birth alone; empty where it is not known, which counts with the rest."""
    if not born[:4].isdecimal():
        return ""
    age = year - int(born[:4])
    for name in scheme().groups["age"]:
        low, _, high = name.rstrip("+").partition("-")
        if low.isdecimal() and int(low) <= age <= (int(high) if high else 200):
            return name
    return ""
