"""What a committee and the secretariat do with proposals: checking, recusals, two readings, decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from mirps.base.access.api import User
from mirps.planning.calls import recusals, seeing
from mirps.planning.calls.actions import (
    CallFault,
    both,
    end_if_all_in,
    entered,
    happened,
    locked,
    reasoned,
    refuse,
)
from mirps.planning.calls.models import CallEvent, Proposal
from mirps.planning.calls.queries import Room, content_of
from mirps.planning.calls.recusals import Recusal, Standing, Why
from mirps.planning.calls.rules import Fault, Stage
from mirps.planning.calls.seeing import What

OUTCOMES = ("selected", "reserve", "not-selected")


def forbidden() -> CallFault:
    """For whoever may not touch this: it says nothing about why, or it would say whose it is."""
    return refuse("calls.fault.forbidden")


# --- before the reading


@transaction.atomic
def declare(
    *, call: str, codes: Collection[str], note: str, user: User, role: str, at: datetime
) -> CallEvent:
    """A member says what ties them to institutions and States, before anything of a proposal is shown.
    Said anew it replaces what was said; what was said before stays in the history."""
    room = entered(call, user, at)
    if room.name not in room.members:
        raise forbidden()
    if room.stage.rank > Stage.READING.rank:
        raise refuse("calls.fault.declare-late")
    if room.stage is Stage.READING and room.name in room.ledger.declared:
        raise refuse("calls.fault.declare-again")
    return happened(
        room, "declared", role=role, data={"codes": sorted(set(codes)), "note": note.strip()[:2000]}
    )


@transaction.atomic
def check(
    *, proposal: str, eligible: bool, reason: Mapping[str, str], user: User, role: str, at: datetime
) -> CallEvent:
    """A person finds a proposal eligible or not, with reasons the applicant will read if not."""
    room, held = locked(proposal, user, at)
    if room.stage is not Stage.CLOSED or not room.may(What.CHECK, held) or held.status != "submitted":
        raise refuse("calls.fault.not-now")
    why = {} if eligible else both(reason)
    return happened(room, "checked", role=role, proposal=held, data={"eligible": eligible, "reason": why})


@transaction.atomic
def decide_recusal(
    *, proposal: str, member: str, confirm: bool, reason: str, user: User, role: str, at: datetime
) -> CallEvent:
    """Confirm or reject a recusal that the system proposes. A rejection says why."""
    room, held = locked(proposal, user, at)
    if room.stage is not Stage.CLOSED or not room.may(What.RECUSALS, held):
        raise refuse("calls.fault.not-now")
    found = room.ledger.recused(member, str(held.pk), room.tie(member, held))
    if found is None or member not in room.members:
        raise refuse("calls.fault.not-now")
    if not recusals.may_decide(room.name, found, room.members, room.tie(room.name, held)):
        raise forbidden()
    if not confirm and not recusals.rejectable(found):
        raise refuse("calls.fault.absolute")
    why = reason.strip()[:2000] if confirm else reasoned(reason)
    standing = Standing.CONFIRMED if confirm else Standing.REJECTED
    return _recused(room, held, Recusal(member, str(held.pk), found.why, standing, room.name, why), role)


@transaction.atomic
def recuse_oneself(*, proposal: str, reason: str, user: User, role: str, at: datetime) -> CallEvent:
    """A member steps back from a proposal, at any time until applicants are told. It holds at once, and
    what they gave it counts no more."""
    room, held = locked(proposal, user, at)
    if not seeing.may_score(room.person(held), room.stage):
        raise forbidden()
    found = Recusal(room.name, str(held.pk), Why.LATER, Standing.CONFIRMED, room.name, reasoned(reason))
    return _recused(room, held, found, role)


def _recused(room: Room, p: Proposal, r: Recusal, role: str) -> CallEvent:
    data = {"member": r.member, "why": r.why.value, "standing": r.standing.value, "reason": r.reason}
    made = happened(room, "recusal", role=role, proposal=p, data=data)
    end_if_all_in(room)
    return made


def undecided(room: Room) -> list[tuple[str, Proposal, Recusal]]:
    """Recusals that the system proposes and nobody has looked at."""
    return [
        (m, p, r)
        for p in room.eligible
        for m in room.members
        if (r := room.recusal(m, p)) and r.standing is Standing.PROPOSED
    ]


def before_reading(room: Room) -> list[Fault]:
    """What must be done before the first reading may start."""
    found = []
    if unchecked := [p for p in room.handed_in if str(p.pk) not in room.ledger.checked]:
        found.append(Fault("calls.before.unchecked", "proposals", {"n": len(unchecked)}))
    if not room.eligible:
        found.append(Fault("calls.before.none", "proposals"))
    silent = [m for m in room.members if m not in room.ledger.declared and m not in room.ledger.excused]
    if silent:
        found.append(Fault("calls.before.undeclared", "members", {"n": len(silent)}))
    if open_ := undecided(room):
        found.append(Fault("calls.before.recusals", "recusals", {"n": len(open_)}))
    need = max(room.terms.readers, room.terms.quorum)
    if short := [p for p in room.eligible if len(room.readers(p)) < need]:
        found.append(Fault("calls.before.readers", "members", {"n": len(short), "need": need}))
    return found


@transaction.atomic
def start_reading(*, call: str, user: User, role: str, at: datetime) -> CallEvent:
    """Start the blind first reading: each proposal is given a letter that says nothing of whose it is."""
    room = entered(call, user, at)
    if room.stage is not Stage.CLOSED:
        raise refuse("calls.fault.not-now")
    if faults := before_reading(room):
        raise CallFault(*faults)
    # By a digest with the moment in it: neither the order in which they came in nor their names shows.
    salt = at.isoformat()
    drawn = sorted(room.eligible, key=lambda p: hashlib.sha256(f"{salt}{p.pk}".encode()).hexdigest())
    for n, p in enumerate(drawn):
        p.label = _letters(n)
        p.save(update_fields=["label"])
    return happened(room, "reading-started", role=role, data={"proposals": len(drawn)})


def _letters(n: int) -> str:
    """A, B … Z, AA, AB …"""
    n, rest = divmod(n, 26)
    return (_letters(n - 1) if n else "") + chr(ord("A") + rest)


# --- the readings


@transaction.atomic
def give(
    *, proposal: str, scores: Mapping[str, str], comment: str, final: bool, user: User, role: str, at: datetime,
    reason: str = "",
) -> CallEvent:  # fmt: skip
    """Give scores, to keep or to hand in. What is left empty is missing and counts as nothing given.

    In the first reading what was handed in stands; in the second a reader may change it, saying why."""
    room, held = locked(proposal, user, at)
    if not seeing.may_score(room.person(held), room.stage) or held not in room.eligible:
        raise forbidden()
    reading = 1 if room.stage is Stage.READING else 2
    if reading == 1 and room.ledger.sheet(room.name, str(held.pk), 1):
        raise refuse("calls.fault.given")
    found = _read_scores(room, scores)
    if final and not found:
        raise refuse("calls.fault.no-scores")
    data = {
        "reading": reading, "scores": found, "comment": comment.strip()[:LONGEST], "final": final,
        "reason": reasoned(reason) if reading == 2 else "",
    }  # fmt: skip
    made = happened(room, "given", role=role, proposal=held, data=data)
    if final:
        end_if_all_in(room)
    return made


LONGEST = 4000


def _read_scores(room: Room, scores: Mapping[str, str]) -> dict[str, str]:
    found, faults = {}, []
    for c in room.terms.criteria:
        text = scores.get(c.code, "").strip()
        if not text:
            continue
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or not 0 <= value <= c.top:
            faults.append(Fault("calls.fault.score", f"score-{c.code}", {"top": c.top, "criterion": c.words}))
        else:
            found[c.code] = f"{value:f}"
    if faults:
        raise CallFault(*faults)
    return found


@transaction.atomic
def excuse(*, call: str, member: str, reason: str, user: User, role: str, at: datetime) -> CallEvent:
    """Wait no longer for a member who did not declare or did not read. What they did not give is missing."""
    room = entered(call, user, at)
    if room.stage not in (Stage.CLOSED, Stage.READING) or member not in room.members:
        raise refuse("calls.fault.not-now")
    why = reasoned(reason)
    if room.stage is Stage.READING:
        need = max(room.terms.readers, room.terms.quorum)
        short = [p for p in room.eligible if len(set(room.readers(p)) - {member}) < need]
        if short:
            raise refuse("calls.before.readers", "members", n=len(short), need=need)
    made = happened(room, "excused", role=role, data={"member": member, "reason": why})
    end_if_all_in(room)
    return made


# --- deciding


@transaction.atomic
def decide(
    *, proposal: str, outcome: str, amount: Decimal | None, reason: Mapping[str, str], departs: str, user: User,
    role: str, at: datetime,
) -> CallEvent:  # fmt: skip
    """A member writes what is to be decided of a proposal, with the reasons that the applicant will read.
    Where it departs from the ranking it says why to the others. It stands when a quorum agrees."""
    room, held = locked(proposal, user, at)
    if not seeing.may_deliberate(room.person(held), room.stage) or held not in room.eligible:
        raise forbidden()
    if outcome not in OUTCOMES:
        raise refuse("calls.fault.outcome", "outcome")
    led = room.proposed[str(held.pk)].outcome
    why = both(reason)
    data: dict[str, object] = {"outcome": outcome, "reason": why, "led": led}
    if outcome == "selected":
        asked = content_of(held).asked
        if amount is None or not 0 < amount <= asked:
            raise refuse("calls.fault.amount", "amount", most=asked)
        data["amount"] = f"{amount:f}"
    if outcome != led:
        data["departs"] = reasoned(departs, "departs")
    return happened(room, "decision", role=role, proposal=held, data=data)


@transaction.atomic
def agree(
    *, proposal: str, number: int, agrees: bool, note: str, user: User, role: str, at: datetime
) -> CallEvent:
    """A member agrees with a decision as written, or not and says why."""
    room, held = locked(proposal, user, at)
    if not seeing.may_deliberate(room.person(held), room.stage):
        raise forbidden()
    standing = room.ledger.decisions.get(str(held.pk))
    if standing is None or standing.number != number:
        raise refuse("calls.fault.other-decision")
    data = {
        "number": number,
        "agrees": agrees,
        "note": note.strip()[:2000] if agrees else reasoned(note, "note"),
    }
    return happened(room, "voice", role=role, proposal=held, data=data)


def before_telling(room: Room) -> list[Fault]:
    """What must be settled before applicants are told."""
    found = []
    if open_ := [p for p in room.eligible if not room.settled(p)]:
        found.append(Fault("calls.before.unsettled", "decisions", {"n": len(open_)}))
    total = room.terms.total
    if total is not None and room.granted() > total:
        values = {"granted": room.granted(), "total": total, "currency": room.terms.currency}
        found.append(Fault("calls.before.money", "decisions", values))
    return found
