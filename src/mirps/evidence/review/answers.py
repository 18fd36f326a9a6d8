"""What is reviewed: the values of cells and the texts of sections, through one small door.

Both travel by the same steps (rounds.workflow); review knows them only by what stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mirps.base.audit.api import record
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.narratives.models import Section, SectionStep, SectionText
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import CannotStep, Status, Step, Taken


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
        versions = versions_of(found)
        return [Held(s.pk, s.round_id, s.state, "", s.code, Status(s.status), versions[s.pk]) for s in found]

    def steps(self, keys: Collection[int]) -> dict[int, list[Taken]]:
        out: dict[int, list[Taken]] = {k: [] for k in keys}
        for t in SectionText.objects.filter(section__in=keys, number__isnull=False).order_by("id"):
            written = Step.WRITE if t.text.strip() else Step.ERASE
            out[t.section_id].append(Taken(written, t.by, t.at, len(out[t.section_id]) + 1))
        for s in SectionStep.objects.filter(section__in=keys).order_by("id"):
            out[s.section_id].append(Taken(Step(s.step), s.by, s.at, s.version))
        for found in out.values():
            found.sort(key=lambda t: t.at)
        return out

    def take(
        self, *, keys: Collection[int], step: Step, by: str, role: str, at: datetime, reason: str
    ) -> None:
        held, taken = self.held(keys), self.steps(keys)
        for h in held:
            status = rounds.after(h.status, step)
            if own := rounds.signed_already(taken[h.key], step, by):
                raise CannotStep("workflow.fault.same-person", step=own.value, asked=h.code)
            Section.objects.filter(pk=h.key).update(status=status)
        SectionStep.objects.bulk_create(
            SectionStep(
                section_id=h.key, step=step, at=at, by=by, role=role, reason=reason, version=h.version
            )
            for h in held
        )
        record(
            by=by, at=at, act=f"section.{step.value}", subject=f"round {held[0].round} {held[0].state}",
            detail={"sections": [h.key for h in held], "role": role, "reason": reason},
        )  # fmt: skip


def versions_of(sections: Sequence[Section]) -> dict[int, int]:
    """How often each section was written, in both languages together."""
    out = {s.pk: 0 for s in sections}
    texts: Iterable[int] = SectionText.objects.filter(
        section__in=list(out), number__isnull=False
    ).values_list("section_id", flat=True).order_by()  # fmt: skip
    for key in texts:
        out[key] += 1
    return out


CELLS: Answers = _Cells()
SECTIONS: Answers = _Sections()
