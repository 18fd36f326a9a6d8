"""After the decision: telling, agreements, and the draft of a project that comes of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from mirps.base.access.api import User
from mirps.base.notices.api import zone
from mirps.planning.calls.actions import CallFault, entered, happened, locked, refuse
from mirps.planning.calls.committee import before_telling
from mirps.planning.calls.ledger import Agreement, Instalment
from mirps.planning.calls.models import CallEvent, Proposal
from mirps.planning.calls.queries import Room, award_code, content_of
from mirps.planning.calls.rules import Stage
from mirps.planning.records import api as records

#: The programme of a project by the mechanism of its call.
PROGRAMME = {"mirps-fund": "FUND", "good-practice": "GPIP", "other": "OTHER"}
SIDES = ("applicant", "fund")


@transaction.atomic
def tell(*, call: str, user: User, role: str, at: datetime) -> list[Proposal]:
    """Make known what was decided: what was selected becomes public, every applicant reads theirs. Whom to
    send a notice is returned: every proposal that was handed in."""
    room = entered(call, user, at)
    if room.stage is not Stage.DISCUSSION:
        raise refuse("calls.fault.not-now")
    if faults := before_telling(room):
        raise CallFault(*faults)
    happened(room, "told", role=role)
    for p in room.eligible:
        decided = room.ledger.decisions[str(p.pk)]
        if decided.outcome == "selected":
            _award(room, p, role)
    return room.handed_in


def _award(room: Room, p: Proposal, role: str) -> None:
    decided, content = room.ledger.decisions[str(p.pk)], content_of(p)
    assert decided.amount is not None
    data: dict[str, Any] = {
        "title": dict(content.title), "entity": p.institution,
        "amount": _money(decided.amount, room.terms.currency), "reason": dict(decided.reason),
        "decided": _day(room).isoformat(),
    }  # fmt: skip
    if p.state:
        data["states"] = [p.state]
    if content.nodes:
        data["nodes"] = list(content.nodes)
    records.save(
        kind="award",
        code=award_code(p),
        data=data,
        base=0,
        by=room.name,
        role=role,
        at=room.now,
        parent=room.key,
    )


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    plain = f"{amount:f}"
    return {"amount": plain.rstrip("0").rstrip(".") if "." in plain else plain, "currency": currency}


def _day(room: Room) -> date:
    return room.now.astimezone(zone(room.run.clock_of)).date()


@transaction.atomic
def write_agreement(
    *, proposal: str, amount: Decimal, starts: date, ends: date, instalments: Sequence[Instalment], user: User,
    role: str, at: datetime,
) -> CallEvent:  # fmt: skip
    """Write the agreement with a selected applicant; written anew, signatures under the old one fall."""
    room, held = locked(proposal, user, at)
    decided = room.ledger.decisions.get(str(held.pk))
    if room.stage is not Stage.TOLD or decided is None or decided.outcome != "selected":
        raise refuse("calls.fault.not-now")
    if (standing := room.ledger.agreements.get(str(held.pk))) and standing.whole:
        raise refuse("calls.fault.signed")
    assert decided.amount is not None
    if not 0 < amount <= decided.amount:
        raise refuse("calls.fault.amount", "amount", most=decided.amount)
    if starts >= ends:
        raise refuse("calls.fault.dates", "ends")
    if (
        not instalments
        or sum(x.amount for x in instalments) != amount
        or any(x.amount <= 0 for x in instalments)
    ):
        raise refuse("calls.fault.instalments", "instalments", amount=amount)
    data = {
        "amount": f"{amount:f}", "starts": starts.isoformat(), "ends": ends.isoformat(),
        "instalments": [
            {"due": x.due, "amount": f"{x.amount:f}", "condition": dict(x.condition)} for x in instalments
        ],
    }  # fmt: skip
    return happened(room, "agreement", role=role, proposal=held, data=data)


@transaction.atomic
def sign(*, proposal: str, number: int, side: str, user: User, role: str, at: datetime) -> str:
    """Sign an agreement as written, for the applicant or for the fund. Nobody signs for both sides, and for
    the fund not who wrote it. With both signatures a project is drafted; its key is returned, else ""."""
    room, held = locked(proposal, user, at)
    a = room.ledger.agreements.get(str(held.pk))
    if side not in SIDES or a is None or a.number != number or a.whole or room.stage is not Stage.TOLD:
        raise refuse("calls.fault.not-now")
    if side in a.signed:
        return ""
    if any(who == room.name for who, _ in a.signed.values()) or (side == "fund" and a.by == room.name):
        raise refuse("calls.fault.same-hand")
    if (side == "applicant") != room.person(held).owns:
        raise refuse("calls.fault.forbidden")
    happened(room, "signed", role=role, proposal=held, data={"number": number, "side": side})
    a = room.ledger.agreements[str(held.pk)]
    return _project(room, held, a, role) if a.whole else ""


def _project(room: Room, p: Proposal, a: Agreement, role: str) -> str:
    """The draft of the project, with its disbursements by their conditions, for its people to complete."""
    content, day = content_of(p), _day(room).isoformat()
    code = f"{p.run_id[:36]}-{p.institution.lower().replace('.', '-')[:14]}-{str(p.pk)[:4]}"
    data: dict[str, Any] = {
        "title": dict(content.title), "titled": "stated", "stage": "signed",
        "programme": PROGRAMME[room.run.terms.get("mechanism", "other")], "states": [p.state or "MIRPS"],
        "entity": p.institution, "signed": day, "agreed": _money(a.amount, room.terms.currency),
        "starts": a.starts, "ends": a.ends, "reference": award_code(p),
    }  # fmt: skip
    if administrator := room.run.terms.get("administrator"):
        data |= {"administrator": administrator, "parties": [administrator, p.institution]}
    owner: dict[str, Any] = {
        "by": room.name, "role": role, "at": room.now, "state": p.state, "body": p.institution,
    }  # fmt: skip
    made = records.save(kind="project", code=code, data=data, base=0, **owner)
    for n, x in enumerate(a.instalments, start=1):
        title = {"es": f"Desembolso {n}", "en": f"Disbursement {n}"}
        held: dict[str, Any] = {"title": title, "amount": _money(x.amount, room.terms.currency)}
        held |= {"due": x.due} if x.due else {}
        held |= {"condition": dict(x.condition)} if any(x.condition.values()) else {}
        records.save(
            kind="disbursement", code=f"{code}-{n}", data=held, base=0, parent=made.key, place=n, **owner
        )
    happened(room, "project", role=role, proposal=p, data={"key": made.key})
    _link_award(room, p, made.key, day, role)
    return str(made.key)


def _link_award(room: Room, p: Proposal, project: str, day: str, role: str) -> None:
    held = records.get(f"award/{award_code(p)}")
    records.save(
        kind="award", code=held.code, data={**held.data, "signed": day, "project": project}, base=held.number,
        by=room.name, role=role, at=room.now,
    )  # fmt: skip
