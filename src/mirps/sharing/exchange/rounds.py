"""Rounds on their way down: what the region asks of a State, by when, and whether it is open."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mirps.evidence.entries import api as entries
from mirps.evidence.figures.api import PackageFaults
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Kind, Round, Stage
from mirps.sharing.exchange import packing
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.rules import REGION, NotTaken
from mirps.sharing.exchange.rules import Kind as Of
from mirps.sharing.exchange.sending import issue
from mirps.sharing.exchange.taking import BY, Arrival

#: How a round comes to a stage, from the one in which it is made.
_WAY = (Stage.PREPARING, Stage.OPEN, Stage.CLOSED, Stage.PUBLISHED)


def send(*, round: str, by: str, at: datetime) -> list[Package]:
    """Pack what a round asks of each State that is a peer, where it has changed since that State was told."""
    if node() != REGION:
        return []
    held, sent = Round.objects.get(pk=round), []
    for peer in Peer.objects.exclude(pk=REGION).order_by("pk"):
        content = told(held, peer.code)
        mark = packing.digest_of(packing.body_of(content))
        if content["asks"].count("\n") > 1 and mark != _last(peer, round):
            about = {"round": round, "mark": mark, "count": content["asks"].count("\n") - 1}
            sent.append(issue(peer=peer, kind=Of.ROUNDS, content=content, by=by, at=at, about=about))
    return sent


def _last(peer: Peer, round: str) -> str:
    rows = Package.objects.filter(lane__outward=True, lane__peer=peer, lane__stream=Of.ROUNDS)
    kept = [a for a in rows.order_by("pk").values_list("about", flat=True) if a.get("round") == round]
    return str(kept[-1].get("mark", "")) if kept else ""


def told(held: Round, state: str) -> dict[str, Any]:
    """A round as a State is told of it: only what is asked of it, and the dates that hold for it."""
    due = [
        [d.step, d.institution, d.due.isoformat(), d.reason]
        for d in held.due_dates.filter(state__in=("", state)).order_by("set_at", "pk")
    ]
    return {
        "round": {
            "code": held.code, "kind": held.kind, "stage": held.stage, "title_es": held.title_es,
            "title_en": held.title_en, "starts": held.starts.isoformat(), "ends": held.ends.isoformat(),
            "cut_off": held.cut_off.isoformat() if held.cut_off else "", "previous": held.previous,
        },
        "asks": rounds.written_asks(a.ask() for a in rounds.asked(held.code, state=state)),
        "due": due,
    }  # fmt: skip


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """Set the round up here, or bring it to what the region now says. Raises Refusal."""
    about = {k: str(v)[:200] for k, v in content["round"].items()}
    code, stage, at = about["code"][:40], Stage(about["stage"]), arrival.at
    own = Round.objects.filter(pk=code).first()
    if stage not in _WAY or (own is not None and own.stage == Stage.LOADED):
        raise NotTaken("round", settles=True, round=code)
    if arrival.own and own is not None:  # ours as it stands now is later than what came back
        return {"round": code}
    asks = _asks(str(content["asks"]), arrival)
    if own is None:
        own = rounds.set_up(
            code=code, kind=Kind(about["kind"]), title_es=about["title_es"], title_en=about["title_en"],
            starts=date.fromisoformat(about["starts"]), ends=date.fromisoformat(about["ends"]),
            cut_off=date.fromisoformat(about["cut_off"]) if about["cut_off"] else None, asks=asks,
            previous=about["previous"][:40], by=BY, at=at,
        )  # fmt: skip
    else:
        _ask(own, asks, at=at)
    _date(own, content["due"], at=at)
    entries.prepare(round=code)
    _turn(own, stage, at=at)
    return {"round": code, "count": len(asks), "mark": packing.digest_of(bytes(arrival.package.body))}


def _asks(table: str, arrival: Arrival) -> list[rounds.Ask]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asks.csv"
        file.write_text(table, encoding="utf-8")
        try:
            asks = rounds.read_asks(file)
        except PackageFaults as fault:
            first = fault.faults[0]
            what = f"{first.file}, {first.line}, {first.column}: {first.found}"
            raise NotTaken("content", settles=True, what=what) from None
    for ask in asks:
        if ask.state != arrival.head.receiver:
            raise NotTaken("state", settles=True, states=ask.state, sender=arrival.head.receiver)
    return asks


def _ask(own: Round, asks: Sequence[rounds.Ask], *, at: datetime) -> None:
    held = {a.code: a for a in rounds.asked(own.code, state=node())}
    news = [a for a in asks if a.code not in held or held[a.code].ask() != a]
    if news:
        rounds.ask(round=own, asks=news, by=BY, at=at)
    for code in sorted(set(held) - {a.code for a in asks}):
        rounds.withdraw(asked=held[code], reason=REGION, by=BY, at=at)


def _date(own: Round, due: Sequence[Sequence[str]], *, at: datetime) -> None:
    """The last word for each step and institution, where it is another than ours."""
    held = list(own.due_dates.order_by("set_at", "pk"))
    last = {(Due(step), institution): (day, reason) for step, institution, day, reason in due}
    for (step, institution), (day, reason) in last.items():
        moment = datetime.fromisoformat(day)
        if moment.tzinfo is None:
            raise ValueError(day)
        if (
            rounds.due([d for d in held if d.institution == institution], step, institution=institution)
            != moment
        ):
            rounds.set_due(
                round=own, step=step, due=moment, by=BY, at=at, institution=institution[:60],
                reason=(reason or REGION)[:500],
            )  # fmt: skip


def _turn(own: Round, stage: Stage, *, at: datetime) -> None:
    """Step by step to the region's stage; a closed round that it opened again is opened again."""
    now = Stage(Round.objects.values_list("stage", flat=True).get(pk=own.pk))
    while now is not stage:
        again = now is Stage.CLOSED and stage is Stage.OPEN
        if not again and _WAY.index(now) > _WAY.index(stage):
            raise NotTaken("round", settles=True, round=own.code)
        now = Stage.OPEN if again else _WAY[_WAY.index(now) + 1]
        rounds.turn(round=own.code, to=now, by=BY, at=at, reason=REGION if again else "")
