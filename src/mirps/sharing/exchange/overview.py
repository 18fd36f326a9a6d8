"""How this node stands with the others: lines, lanes, what waits, what was refused, how old keys are. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from mirps.base.texts.api import say
from mirps.sharing.exchange.keeping import keeping
from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.exchange.rules import ORDER, Kind, fingerprint


class Line(StrEnum):
    """How the way to a peer is, the first that holds."""

    PAUSED = "paused"
    NEVER = "never"  # nobody has met yet
    DEAD = "dead"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class LaneStands:
    """One stream in one direction: how far it is, and how many packages stand how."""

    stream: str
    outward: bool
    number: int
    waiting: int
    refused: int
    taken: int


@dataclass(frozen=True, slots=True)
class KeyStands:
    kid: str
    generation: int
    since: datetime
    ended_at: datetime | None
    fingerprint: str
    due: bool  # it should turn


@dataclass(slots=True)
class Stands:
    """One peer. `lanes` in the order in which they are sent."""

    peer: Peer
    line: Line
    lanes: list[LaneStands] = field(default_factory=list)
    keys: list[KeyStands] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self.lanes if lane.outward)

    @property
    def ahead(self) -> int:
        """What came before its turn and waits for one before it."""
        return sum(lane.waiting for lane in self.lanes if not lane.outward)

    @property
    def refused(self) -> int:
        return sum(lane.refused for lane in self.lanes)


def own_keys(*, at: datetime) -> list[KeyStands]:
    """The keys of this node, the newest first."""
    return [_key(k, at) for k in NodeKey.objects.order_by("-generation")]


def standing(*, at: datetime, code: str = "") -> list[Stands]:
    """Every peer (or one): four queries."""
    peers = Peer.objects.filter(pk=code) if code else Peer.objects.all()
    found = {p.pk: Stands(p, _line(p)) for p in peers.order_by("pk")}
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Package.objects.filter(lane__peer__in=found).values("lane", "state").annotate(n=Count("id"))
    for row in rows.order_by("lane", "state"):
        sums[row["lane"]][row["state"]] = row["n"]
    rank = {kind.value: n for n, kind in enumerate(ORDER)}
    for lane in sorted(
        Lane.objects.filter(peer__in=found).order_by("pk"), key=lambda x: (rank.get(x.stream, 99), x.outward)
    ):
        n = sums[lane.pk]
        waiting = n.get(Package.WAITING, 0) + n.get(Package.ASIDE, 0)
        # What goes with the next visit whatever happens is no news: receipts are acknowledged by it.
        found[lane.peer_id].lanes.append(
            LaneStands(
                lane.stream, lane.outward, lane.number, 0 if lane.stream == Kind.RECEIPTS else waiting,
                n.get(Package.REFUSED, 0), n.get(Package.TAKEN, 0),
            )
        )  # fmt: skip
    for key in PeerKey.objects.filter(peer__in=found).order_by("-generation"):
        found[key.peer_id].keys.append(_key(key, at))
    return list(found.values())


def _line(peer: Peer) -> Line:
    if peer.paused:
        return Line.PAUSED
    if peer.fault and peer.tries:
        return Line.DEAD
    return Line.HOLDS if peer.met_at else Line.NEVER


def _key(key: NodeKey | PeerKey, at: datetime) -> KeyStands:
    due = key.ended_at is None and at - key.since > keeping().keys
    return KeyStands(
        key.kid, key.generation, key.since, key.ended_at, fingerprint(bytes(key.public), key.sealing), due
    )


def packages(code: str = "") -> QuerySet[Package]:
    """What was sent to and came from a peer (or all), the latest first, without contents; receipts left out."""
    rows = Package.objects.exclude(lane__stream=Kind.RECEIPTS).filter(number__gt=0)
    of = rows.filter(lane__peer=code) if code else rows
    return of.select_related("lane").defer("body", "head").order_by("-pk")


def refused() -> QuerySet[Package]:
    """What either side refused, the latest first."""
    rows = Package.objects.exclude(reason="").filter(~Q(state=Package.ASIDE))
    return rows.select_related("lane").defer("body", "head").order_by("-pk")


def turned_away() -> QuerySet[TurnedAway]:
    return TurnedAway.objects.order_by("-id")


def why(row: Package, lang: str) -> str:
    """Why a package was refused: in our words where we did it, in the other's where it did."""
    if row.lane.outward and lang in row.values:
        return str(row.values[lang])
    return say(row.reason, lang, **row.values)
