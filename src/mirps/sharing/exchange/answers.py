"""What the region said of a State's figures, on its way down: sent back with a reason, approved, published.

Each step goes once, with the figure that it was about. A State that has taken the figure up meanwhile passes over
what the region said of it: its next figure tells the region more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import CellStep, Said
from mirps.evidence.figures import api as figures
from mirps.evidence.review import api as review
from mirps.evidence.rounds.api import Step
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.rules import REGION, Kind
from mirps.sharing.exchange.sending import issue
from mirps.sharing.exchange.taking import BY, Arrival

#: The steps of the region, and those after which an answer is its State's to give again.
STEPS = (Step.SEND_BACK, Step.UNLOCK, Step.APPROVE_REGION, Step.PUBLISH)
BACK = (Step.SEND_BACK, Step.UNLOCK)
#: The notice that tells of a step.
_TOLD = {Step.SEND_BACK: "returned", Step.UNLOCK: "unlocked", Step.APPROVE_REGION: "approved"}
#: Steps in one package.
MOST_STEPS = 20_000


def send(*, round: str, by: str, at: datetime) -> list[Package]:
    """Pack for each State what was said here of its answers and it was not yet told."""
    sent = []
    for peer in Peer.objects.exclude(pk=REGION).order_by("pk"):
        known = _known(peer, round)
        steps = entries.said_here(round, state=peer.code, steps=STEPS, nodes=BY)
        fresh = [s for s in steps if mark_of(s) not in known][:MOST_STEPS]
        if fresh:
            content = {
                "round": round,
                "steps": [told(s) for s in fresh],
                "until": _embargo(round, peer.code, at),
            }
            about = {"round": round, "count": len(fresh), "marks": [mark_of(s) for s in fresh]}
            sent.append(issue(peer=peer, kind=Kind.ANSWERS, content=content, by=by, at=at, about=about))
    return sent


def _known(peer: Peer, round: str) -> set[str]:
    """Marks of the steps of a round that a State was told of."""
    rows = Package.objects.filter(
        lane__outward=True, lane__peer=peer, lane__stream=Kind.ANSWERS, about__round=round
    )
    return {
        m for about in rows.order_by("pk").values_list("about", flat=True) for m in about.get("marks", ())
    }


def mark_of(step: CellStep) -> str:
    """What a step is known by at both ends: it has no other name that survives a restored backup."""
    of, at = step.cell.asked, step.at.astimezone(UTC).isoformat()
    said = (of.round_id, of.code, step.cell.dimensions, step.step, step.figure, at)
    return sha256("\n".join(said).encode()).hexdigest()[:20]


def told(step: CellStep) -> dict[str, str]:
    """A step as it travels. Nobody is named: the node answers for what its people said."""
    return {
        "asked": step.cell.asked.code, "dimensions": step.cell.dimensions, "step": step.step, "figure": step.figure,
        "role": step.role, "reason": step.reason, "mark": mark_of(step),
    }  # fmt: skip


def _embargo(round: str, state: str, at: datetime) -> str:
    """Until when the State keeps its figures from the public."""
    until = figures.embargoed_until(at).get((round, state))
    return until.isoformat() if until else ""


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """Take the same steps with our answers, or, at the region, have our own back. Raises Refusal."""
    round, by = str(content["round"])[:40], f"{BY} {REGION}"
    state = arrival.head.receiver
    marks, said = heard(content["steps"], STEPS)
    _keep_embargo(round, state, str(content.get("until") or ""), arrival)
    passed = entries.follow(round=round, state=state, said=said, by=by, at=arrival.at)
    over = Counter(passed)
    if not arrival.own:
        _notify(round, [s for s in said if s not in over], moved_by=by, at=arrival.at)
    return {
        "round": round, "count": len(said), "passed": len(passed), "marks": marks,
        "returned": [s.figure for s in said if s.step in BACK and s not in over],
    }  # fmt: skip


def heard(steps: Sequence[Mapping[str, Any]], may: Collection[Step]) -> tuple[list[str], list[Said]]:
    """Steps as they came, with their marks. Raises ValueError for one that the other node may not take."""
    if len(steps) > MOST_STEPS or any(Step(s["step"]) not in may for s in steps):
        raise ValueError("steps")
    said = [
        Said(
            asked=str(s["asked"])[:40], dimensions=str(s["dimensions"])[:200], step=Step(s["step"]),
            figure=str(s["figure"])[:64], role=str(s.get("role", ""))[:40], reason=str(s["reason"])[:2000],
        )
        for s in steps
    ]  # fmt: skip
    return [str(s["mark"])[:20] for s in steps], said


def _keep_embargo(round: str, state: str, until: str, arrival: Arrival) -> None:
    """Before anything is published here: what is kept from the public there is kept from it here."""
    if not until:
        return
    moment = datetime.fromisoformat(until)
    if moment.tzinfo is None:
        raise ValueError(until)
    if figures.embargoed_until(arrival.at).get((round, state)) != moment and moment > arrival.at:
        figures.set_embargo(round=round, state=state, until=moment, by=f"{BY} {REGION}", at=arrival.at)


def _notify(round: str, said: Sequence[Said], *, moved_by: str, at: datetime) -> None:
    """Tell those who answered here."""
    for step, kind in _TOLD.items():
        wanted = {(s.asked, s.dimensions) for s in said if s.step is step}
        found = entries.Cell.objects.filter(
            asked__round_id=round, asked__code__in={a for a, _ in wanted}
        ).select_related("asked").order_by("pk")  # fmt: skip
        keys = [c.pk for c in found if (c.asked.code, c.dimensions) in wanted]
        if keys:
            review.tell(
                kind, review.Done(cells=tuple(review.CELLS.held(keys))), round=round, by=moved_by, at=at
            )
