"""The queue: pairs that may be one person's, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from mirps.people.adjudication.comparing import record, registered
from mirps.people.adjudication.models import Suspicion
from mirps.people.custody.api import Seat
from mirps.people.duplicates import api as duplicates
from mirps.people.duplicates.api import Scored
from mirps.people.registry import api as registry


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as it is compared: what each reason gives in bits, in words, the strongest first."""

    scored: Scored
    reasons: list[tuple[str, float]]


def queue(seat: Seat) -> QuerySet[Suspicion]:
    """What waits for an answer at an institution (and office, where the seat has one), the likeliest first."""
    held = Suspicion.objects.filter(state=seat.state, institution=seat.institution, answer="")
    return held.filter(office=seat.office) if seat.office else held


def explained(
    one: UUID, other: UUID, held: Mapping[UUID, Sequence[registry.Fact]], lang: str
) -> Shown | None:
    """Why two registrations look alike today, by what stands of each (of KINDS, or of more); None where either
    cannot be seen."""
    if one not in held or other not in held:
        return None
    a, b = (record(id_, held[id_]) for id_ in (one, other))
    (scored,) = duplicates.score_one(a, [b], people=registered())
    return Shown(scored, duplicates.told(scored, a, b, lang))
