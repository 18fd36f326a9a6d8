"""What is reviewed: the values of cells and the texts of sections, through one small door.

Both travel by the same steps (rounds.workflow); review knows them only by what stands here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section
from mirps.evidence.rounds.api import Status, Step, Taken


@dataclass(frozen=True, slots=True)
class Held:
    """An answer as it stands. `code` is that of what is asked, `figure` its statement in the ledger."""

    key: int
    round: str
    state: str
    institution: str
    code: str
    status: Status
    version: int
    figure: str = ""


class Answers(Protocol):
    """Answers of one kind. `held` locks them until the transaction ends, in the order of their keys."""

    @property
    def kind(self) -> str: ...

    def held(self, keys: Collection[int]) -> list[Held]: ...

    def steps(self, keys: Collection[int]) -> dict[int, list[Taken]]: ...

    def take(
        self, *, keys: Collection[int], step: Step, by: str, role: str, at: datetime, reason: str
    ) -> None: ...


class _Cells:
    kind = "cell"

    def held(self, keys: Collection[int]) -> list[Held]:
        found = Cell.objects.select_for_update(of=("self",)).select_related("asked").filter(pk__in=keys)
        return [
            Held(
                c.pk, c.asked.round_id, c.asked.state, c.asked.institution, c.asked.code, Status(c.status),
                c.version, c.figure,
            )
            for c in found.order_by("pk")
        ]  # fmt: skip

    def steps(self, keys: Collection[int]) -> dict[int, list[Taken]]:
        return entries.steps_of(list(Cell.objects.filter(pk__in=keys).order_by("pk")))

    def take(
        self, *, keys: Collection[int], step: Step, by: str, role: str, at: datetime, reason: str
    ) -> None:
        entries.take(cells=keys, step=step, by=by, role=role, at=at, reason=reason)


class _Sections:
    """Sections of texts. A section's version counts what was written into it, in either language."""

    kind = "section"

    def held(self, keys: Collection[int]) -> list[Held]:
        found = list(Section.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        versions = narratives.versions_of([s.pk for s in found])
        return [Held(s.pk, s.round_id, s.state, "", s.code, Status(s.status), versions[s.pk]) for s in found]

    def steps(self, keys: Collection[int]) -> dict[int, list[Taken]]:
        return narratives.steps_of(keys)

    def take(
        self, *, keys: Collection[int], step: Step, by: str, role: str, at: datetime, reason: str
    ) -> None:
        narratives.take(sections=keys, step=step, by=by, role=role, at=at, reason=reason)


CELLS: Answers = _Cells()
SECTIONS: Answers = _Sections()
