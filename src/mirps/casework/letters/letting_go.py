"""Letters go with their case, and the files that hold them. The places of those that no longer held stay: they name
nobody, and what was annulled must not verify again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from mirps.casework.cases import api as cases
from mirps.casework.letters import sealing
from mirps.casework.letters.models import Letter, LetterEvent
from mirps.people.registry import api as registry


def let_go(of: Collection[UUID], persons: Collection[UUID]) -> None:
    """The letters of these cases."""
    rows = list(Letter.objects.filter(case__in=of).order_by("pk"))
    became = LetterEvent.objects.filter(letter__in=[r.pk for r in rows])
    registry.remove_files(_files(rows, list(became.order_by("pk"))))
    cases.remove(became)
    cases.remove(Letter.objects.filter(pk__in=[r.pk for r in rows]))


def _files(rows: list[Letter], became: list[LetterEvent]) -> Iterator[str]:
    for row in rows:
        yield from sealing.content_of(row).files.values()
    for event in became:
        if proof := sealing.told_of(event)["proof"]:
            yield proof
