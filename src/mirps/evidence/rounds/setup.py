"""Setting a round up, opening it, moving its dates, closing it. Each act: one transaction, one audit
entry, one event of the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.evidence.figures import api as figures
from mirps.evidence.rounds.models import Asked, DueDate, Round, RoundEvent
from mirps.evidence.rounds.rules import STAGES, Ask, Due, Kind, Stage, again, counted, figure_id, propose


class RoundFault(Refusal):
    """What a round lacks or may not do. `key` is a text of data/texts/rounds.yaml."""


@transaction.atomic
def set_up(
    *, code: str, kind: Kind, title_es: str, title_en: str, starts: date, ends: date,
    cut_off: date | None, asks: Sequence[Ask], by: str, at: datetime, previous: str = "",
) -> Round:  # fmt: skip
    """Make a round that is being prepared. Raises RoundFault when the code is taken or dates reversed."""
    if Round.objects.filter(pk=code).exists():
        raise RoundFault("round.fault.taken", code=code)
    if ends < starts:
        raise RoundFault("round.fault.reversed")
    made = Round.objects.create(
        code=code, kind=kind, stage=Stage.PREPARING, title_es=title_es, title_en=title_en,
        starts=starts, ends=ends, cut_off=cut_off, previous=previous,
    )  # fmt: skip
    ask(round=made, asks=asks, by=by, at=at)
    _told(made, "made", by=by, at=at, detail={"previous": previous, "asked": len(asks)})
    return made


def proposed_from(*, previous: str, starts: date, ends: date) -> list[Ask]:
    """What a round would ask if it asked again what `previous` asked, whether or not it is answered
    yet; or, of a round that was loaded from documents, what they stated (rules.propose)."""
    held = figures.book().entries
    asked = Asked.objects.filter(round_id=previous, withdrawn_at=None).order_by("order", "code")
    if earlier := [a.ask() for a in asked]:
        return [
            again(a, round=previous, starts=starts, ends=ends,
                  previous=_standing(held, figure_id(previous, a, a.dimensions)))
            for a in earlier
        ]  # fmt: skip
    return propose(
        (e.figure for e in held.values() if e.round == previous and not e.superseded_by),
        starts=starts, ends=ends, national={s: f"{s}.NTT" for s in codelists.member_states()},
    )  # fmt: skip


def _standing(held: Mapping[str, figures.Entry], id: str) -> str:
    """The figure that stands for what was first stated under `id`; nothing if none was."""
    while id in held and (later := held[id].superseded_by):
        id = later
    return id if id in held else ""


@transaction.atomic
def ask(*, round: Round, asks: Sequence[Ask], by: str, at: datetime) -> int:
    """Ask for these too, or change what is asked under a code. Once the round is open, what is counted
    under a code stays; words, limits and whether it is required may change. Raises RoundFault."""
    held = (
        {h.code: h.ask() for h in Asked.objects.filter(round=round)} if round.stage != Stage.PREPARING else {}
    )
    for a in asks:
        if a.code in held and counted(a) != counted(held[a.code]):
            raise RoundFault("round.fault.open", code=a.code)
    for a in asks:
        Asked.objects.update_or_create(
            round=round, code=a.code, defaults={k: v for k, v in asdict(a).items() if k != "code"}
        )
    record(by=by, at=at, act="round.asked", subject=f"round {round.code}", detail={"count": len(asks)})
    return len(asks)


@transaction.atomic
def withdraw(*, asked: Asked, reason: str, by: str, at: datetime) -> None:
    """No longer ask. What was answered stays where it is and is not published."""
    if not reason.strip():
        raise RoundFault("round.fault.reason")
    Asked.objects.filter(pk=asked.pk).update(withdrawn_at=at)
    _told(asked.round, "withdrawn", by=by, at=at, reason=reason, detail={"asked": asked.code})


@transaction.atomic
def set_due(
    *, round: Round, step: Due, due: datetime, by: str, at: datetime,
    state: str = "", institution: str = "", reason: str = "",
) -> DueDate:  # fmt: skip
    """Say by when. Moving a date of an open round is an extension and says why."""
    held = Round.objects.select_for_update().get(pk=round.pk)
    extends = held.stage != Stage.PREPARING
    if extends and not reason.strip():
        raise RoundFault("round.fault.reason")
    made = DueDate.objects.create(
        round=held, step=step, state=state, institution=institution, due=due, set_at=at, by=by, reason=reason
    )
    _told(
        held, "extended" if extends else "dated", by=by, at=at, reason=reason,
        detail={"step": step, "state": state, "institution": institution, "due": due.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def turn(*, round: str, to: Stage, by: str, at: datetime, reason: str = "") -> Round:
    """Open, close, open again or mark as published. Raises RoundFault when it may not follow.

    A round opens when it asks for something and says by when institutions submit.
    """
    held = Round.objects.select_for_update().get(pk=round)
    was = Stage(held.stage)
    if to not in STAGES[was]:
        raise RoundFault("round.fault.stage", stage=was.value, to=to.value)
    if to is Stage.OPEN and was is Stage.CLOSED and not reason.strip():
        raise RoundFault("round.fault.reason")
    if to is Stage.OPEN and not held.asked.filter(withdrawn_at=None).exists():
        raise RoundFault("round.fault.nothing_asked")
    if to is Stage.OPEN and not held.due_dates.filter(step=Due.ENTRY, state="").exists():
        raise RoundFault("round.fault.no_date")
    held.stage = to
    held.save(update_fields=["stage"])
    _told(held, to.value, by=by, at=at, reason=reason, detail={"from": was.value})
    return held


def _told(
    round: Round, kind: str, *, by: str, at: datetime, reason: str = "", detail: dict[str, object]
) -> None:
    RoundEvent.objects.create(round=round, kind=kind, at=at, by=by, reason=reason, detail=detail)
    record(by=by, at=at, act=f"round.{kind}", subject=f"round {round.code}", detail=detail)
