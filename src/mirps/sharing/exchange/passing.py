"""A meeting of two nodes over a line that may break at any byte: who has what, what is given back, what is sent.

Either may be the one that calls. `Line` is what a meeting needs of the other; `line.py` is it over HTTPS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.db import OperationalError

from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.rounds import api as rounds
from mirps.sharing.exchange import answers, figures, letters, lists
from mirps.sharing.exchange import rounds as asked
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.peers import give_receipts, reached
from mirps.sharing.exchange.rules import REGION, Have, NotTaken, pause
from mirps.sharing.exchange.sending import (
    handed,
    number_again,
    our_have,
    returns,
    to_be_given_back,
    to_send,
    whole,
)
from mirps.sharing.exchange.taking import Outcome, take

BY = "mirps node"
#: A meeting goes on while anything moves, and no longer than this.
MOST_ROUNDS = 6


class LineBroken(Exception):
    """The other cannot be reached, or does not answer as a node does. What was sent so far is kept there."""


class Declined(LineBroken):
    """The line holds, and the other will not have this package now. It says why, in both languages."""


@dataclass(frozen=True, slots=True)
class Met:
    """What two nodes tell each other when they meet. `have`: how far the other has come in our lanes; `offers`:
    (stream, number) of what waits there for us; `back`: stream -> from which number on it wants its own
    packages back."""

    have: Mapping[str, Have]
    offers: Sequence[tuple[str, int]]
    back: Mapping[str, int]


class Line(Protocol):
    """Each raises LineBroken."""

    def meet(self, have: Mapping[str, Have]) -> Met: ...

    def fetch(self, stream: str, number: int, *, own: bool = False) -> bytes:
        """A package that waits there for us; or (`own`) one of our own that it has. Goes on where it broke off."""
        ...

    def own_numbers(self, stream: str, since: int) -> list[int]: ...

    def send(self, data: bytes) -> None:
        """Goes on where it broke off. Raises Declined too."""
        ...


@dataclass(slots=True)
class Done:
    sent: int = 0
    came: int = 0
    back: int = 0
    refused: int = 0
    why: str = ""  # the other declined something, for this reason


def prepare(*, at: datetime) -> None:
    """Pack what is to be sent and was not yet: a region's rounds and lists and what it said of answers, a State's
    released figures."""
    for round in rounds.worked().order_by("code"):
        if node() == REGION:
            if round.stage != rounds.Stage.PREPARING:
                asked.send(round=round.code, by=BY, at=at)
                answers.send(round=round.code, by=BY, at=at)
        elif round.stage in (rounds.Stage.OPEN, rounds.Stage.CLOSED):
            figures.send(round=round.code, by=BY, at=at)
    lists.send(by=BY, at=at)
    letters.prepare(by=BY, at=at)


def meeting(peer: Peer, line: Line, *, at: datetime) -> Done:
    """Exchange all there is with a peer. Raises LineBroken; what went until then has gone."""
    done = Done()
    for _ in range(MOST_ROUNDS):
        before = (done.sent, done.came, done.back)
        give_receipts(peer, at=at)
        met = _met(peer, line, at=at)
        if back := to_be_given_back(peer, met.have):
            for stream, since in back.items():
                for number in line.own_numbers(stream, since):
                    _count(done, take(line.fetch(stream, number, own=True), via="line", at=at), back=True)
            met = _met(peer, line, at=at)
        for stream, since in met.back.items():
            _send(line, returns(peer, stream, since), whole, done)
        number_again(peer, met.have, by=BY, at=at)
        _send(line, to_send(peer, met.have), partial(handed, at=at), done)
        for stream, number in met.offers:
            _count(done, take(line.fetch(stream, number), via="line", at=at))
        if before == (done.sent, done.came, done.back):
            break
    return done


def _send(line: Line, packages: Sequence[Package], data: Callable[[Package], bytes], done: Done) -> None:
    """One after the other; of a lane in which one is declined nothing more, since all after it would wait."""
    declined = set()
    for package in packages:
        if package.lane_id in declined:
            continue
        try:
            line.send(data(package))
            done.sent += 1
        except Declined as fault:
            declined.add(package.lane_id)
            done.refused, done.why = done.refused + 1, str(fault)


def _met(peer: Peer, line: Line, *, at: datetime) -> Met:
    """Say how far we are, hear how far the other is."""
    met = line.meet(our_have(peer))
    reached(peer, met.have, at=at)
    return met


def _count(done: Done, outcome: Outcome, *, back: bool = False) -> None:
    if outcome.state in ("", Package.REFUSED):
        done.refused += 1
    elif not outcome.again:
        done.came += 0 if back else 1
        done.back += 1 if back else 0


def call(peer: Peer, line: Callable[[Peer], Line], *, at: datetime) -> Done | None:
    """One try: what was done, or None where the line was dead; then the next try is later, each time twice."""
    peer = Peer.objects.get(pk=peer.pk)
    try:
        done = meeting(peer, line(peer), at=at)
    except (LineBroken, NotTaken, OperationalError) as fault:
        tries, told = peer.tries + 1, str(fault)
        if isinstance(fault, NotTaken):
            told = " / ".join(say(fault.key, lang, **fault.values) for lang in LANGUAGES)
        Peer.objects.filter(pk=peer.pk).update(tries=tries, next_at=at + pause(tries), fault=told[:300])
        return None
    Peer.objects.filter(pk=peer.pk).update(tries=0, next_at=None, met_at=at, fault=done.why[:300])
    return done


def due(*, at: datetime) -> list[Peer]:
    """Peers to call now: they have an address, are not paused, and their pause is over."""
    found = Peer.objects.filter(paused=False).exclude(address="").order_by("pk")
    return [p for p in found if p.next_at is None or p.next_at <= at]


def welcome(peer: Peer, have: Mapping[str, Have], *, at: datetime) -> dict[str, Any]:
    """What we answer to a peer that calls and has come so far."""
    reached(peer, have, at=at)
    give_receipts(peer, at=at)
    back = to_be_given_back(peer, have)
    if not back:
        number_again(peer, have, by=BY, at=at)
    Peer.objects.filter(pk=peer.pk).update(met_at=at)
    return {
        "have": {stream: h.told() for stream, h in our_have(peer).items()},
        "offers": [[p.lane.stream, p.number] for p in to_send(peer, have) if p.lane.stream not in back],
        "back": back,
    }  # fmt: skip
