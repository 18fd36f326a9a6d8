"""Writing sections and moving them on. Each act: one transaction, one audit entry.

Two people in one text: the second to save, who saw an older version, changes nothing; what they wrote is
kept beside it for them to choose (`Outcome.CONFLICT`), as with values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.refusal import Refusal
from mirps.evidence.entries.api import Outcome
from mirps.evidence.narratives import queries, rules
from mirps.evidence.narratives.models import Section, SectionStep, SectionText
from mirps.evidence.narratives.reading import clean
from mirps.evidence.narratives.rules import Lack
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import CannotStep, Stage, Status, Step


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a text: `stands` is the version that counts now (None: nothing is written), `mine`
    the one that this write made (in a conflict kept beside it)."""

    outcome: Outcome
    section: Section
    stands: SectionText | None
    mine: SectionText | None = None
    stale: bool = False  # the other language is a translation of what just changed


class NotTaken(Refusal):
    """A text that cannot be taken. `key` is a text of data/texts/narratives.yaml, `values` fill it."""


class NotReady(CannotStep):
    """Sections that lack something before they may go on: what, by section."""

    def __init__(self, found: dict[int, list[Lack]]) -> None:
        super().__init__("narratives.fault.lacks", count=sum(map(len, found.values())))
        self.lacks = found


@transaction.atomic
def write(
    *, section: int, lang: str, text: str, base: int, of: int, client: UUID, by: str, at: datetime
) -> Written:
    """Write one language of a section.

    `base`: the version of this language that its writer saw; `of`: the version of the other language that
    they had beside it. The same text with a newer `of` says that a translation still holds. Raises
    NotTaken, Section.DoesNotExist. Whether `by` may write is for the door to ask.
    """
    if lang not in rules.LANGUAGES:
        raise NotTaken("narratives.fault.lang")
    if len(text) > rules.MOST:
        raise NotTaken("narratives.fault.long", most=rules.MOST, found=len(text))
    held = Section.objects.select_for_update(of=("self",)).select_related("round").get(pk=section)
    words = clean(text)
    earlier = SectionText.objects.filter(client=client).first()
    if earlier is not None:
        return _again(held, earlier, lang, words)
    if held.withdrawn_at:
        raise NotTaken("narratives.locked.withdrawn")
    if shut := rules.writable(Stage(held.round.stage), Status(held.status)):
        raise NotTaken(shut)
    return _taken(held, lang, words, base, of, client, by, at)


def _again(held: Section, earlier: SectionText, lang: str, words: str) -> Written:
    if (earlier.section_id, earlier.lang, earlier.text) != (held.pk, lang, words):
        raise NotTaken("narratives.fault.mark")
    stands = queries.latest([held.pk])[held.pk].get(lang)
    if earlier.number is None:  # the answer to a post that met another's change may have been lost
        return Written(Outcome.CONFLICT, held, stands, earlier)
    return Written(Outcome.AGAIN, held, stands)


def _taken(
    held: Section, lang: str, words: str, base: int, of: int, client: UUID, by: str, at: datetime
) -> Written:
    """What becomes of a text that may be taken."""
    now = queries.latest([held.pk])[held.pk]
    was = queries.held_of(held, now)
    stands = now.get(lang)
    number = stands.number or 0 if stands else 0
    beside = now.get(rules.other(lang))
    of = min(of, beside.number or 0) if beside and was.original != lang else 0
    same = words == (stands.text if stands else "")
    reread = same and stands is not None and base == number and was.translation == lang and of > stands.of
    if same and not reread:
        return Written(Outcome.SAME, held, stands)
    mine = SectionText(
        section=held, lang=lang, base=base, of=of, text=words, client=client, by=by, at=at
    )  # fmt: skip
    if base != number:
        saw = queries.text_of(held.pk, lang, base) if base else ""
        if words == saw:  # whoever left a text as it was does not stand against somebody who changed it
            return Written(Outcome.SAME, held, stands)
        mine.save()
        return Written(Outcome.CONFLICT, held, stands, mine)
    mine.number = number + 1
    mine.save()
    _stand(held, mine, beside)
    record(
        by=by, at=at, act="section.written", subject=f"round {held.round_id} {held.state or 'MIRPS'}",
        detail={"section": held.code, "lang": lang, "version": mine.number},
    )  # fmt: skip
    return Written(Outcome.WRITTEN, held, mine, mine, queries.held_of(held, {**now, lang: mine}).stale)


def _stand(held: Section, mine: SectionText, beside: SectionText | None) -> None:
    """The section's status after a text was written: a projection of its texts and steps."""
    empty = not mine.text.strip() and not (beside and beside.text.strip())
    step = Step.ERASE if empty else Step.WRITE
    held.status = rounds.after(Status(held.status), step)
    held.save(update_fields=["status"])


@transaction.atomic
def take(
    *, sections: Iterable[int], step: Step, by: str, role: str, at: datetime, reason: str = "",
    on: date | None = None,
) -> list[Section]:  # fmt: skip
    """Take a step with sections of one round and State: all of them or none.

    Raises CannotStep for a step that may not follow, lacks its reason, or would have one person answer
    twice; NotReady for what a section that is handed over, or a story that goes on, lacks. `on`: the day
    that consents must hold on (by default that of `at`).
    """
    if step in rounds.NEEDS_REASON and len(reason.strip()) < 3:
        raise CannotStep("workflow.fault.reason", step=step.value)
    held = _locked(sections)
    if not held:
        return []
    keys = [s.pk for s in held]
    taken, counts = queries.steps_of(keys), queries.versions_of(keys)
    for s in held:
        s.status = rounds.after(Status(s.status), step)
        if own := rounds.signed_already(taken[s.pk], step, by):
            raise CannotStep("workflow.fault.same-person", step=own.value, asked=s.code)
    _ready(held, step, on or at.date())
    Section.objects.bulk_update(held, ["status"])
    _keep(held, counts, [step], by=by, role=role, at=at, reason=reason)
    return held


def _locked(keys: Iterable[int]) -> list[Section]:
    wanted = set(keys)
    found = Section.objects.select_for_update(of=("self",)).select_related("round").filter(pk__in=wanted)
    held = list(found.order_by("pk"))
    if len(held) != len(wanted) or any(s.withdrawn_at for s in held):
        raise CannotStep("workflow.fault.gone")
    return held


def _ready(held: Sequence[Section], step: Step, on: date) -> None:
    lacking: dict[int, list[Lack]] = {}
    if step is Step.SUBMIT:
        lacking = {key: found for key, found in queries.lacks(held, on).items() if found}
    elif step in (Step.APPROVE_STATE, Step.APPROVE_REGION, Step.PUBLISH):
        stories = [s for s in held if s.story]
        lacking = {
            key: why for key, h in queries.held(stories).items() if (why := rules.consent_lacks(h, on))
        }
    if lacking:
        raise NotReady(lacking)


def _keep(
    held: Sequence[Section], counts: dict[int, int], steps: Sequence[Step], *,
    by: str, role: str, at: datetime, reason: str,
) -> None:  # fmt: skip
    SectionStep.objects.bulk_create(
        SectionStep(section=s, step=step, at=at, by=by, role=role, reason=reason, version=counts[s.pk])
        for s in held for step in steps
    )  # fmt: skip
    first = held[0]
    record(
        by=by, at=at, act=f"section.{steps[-1].value}",
        subject=f"round {first.round_id} {first.state or 'MIRPS'}",
        detail={"sections": [s.pk for s in held], "role": role, "reason": reason},
    )  # fmt: skip


@transaction.atomic
def approve_of_region(*, section: int, version: int, by: str, role: str, at: datetime) -> Section:
    """Approve a section of the region: no State answers for it, so one approval by somebody who neither
    wrote it nor handed it over makes both steps. `version`: the section's, as the approver saw it.

    Raises CannotStep as `take` does, and when somebody wrote or acted since.
    """
    held = _locked([section])[0]
    if held.state:
        raise CannotStep("workflow.fault.step", step=Step.APPROVE_REGION.value, status=held.status)
    taken, counts = queries.steps_of([held.pk]), queries.versions_of([held.pk])
    if counts[held.pk] != version:
        raise CannotStep("narratives.fault.moved")
    for step in (Step.APPROVE_STATE, Step.APPROVE_REGION):
        held.status = rounds.after(Status(held.status), step)
    if own := rounds.signed_already(taken[held.pk], Step.APPROVE_REGION, by):
        raise CannotStep("workflow.fault.same-person", step=own.value, asked=held.code)
    _ready([held], Step.APPROVE_REGION, at.date())
    held.save(update_fields=["status"])
    _keep([held], counts, [Step.APPROVE_STATE, Step.APPROVE_REGION], by=by, role=role, at=at, reason="")
    return held
