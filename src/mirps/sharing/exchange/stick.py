"""Packages by hand: written into a folder of a stick, taken from it. The same ones as travel over a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mirps.base.refusal import Refusal
from mirps.sharing.exchange import packing, rules
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.peers import give_receipts
from mirps.sharing.exchange.rules import Kind, NotTaken
from mirps.sharing.exchange.sending import handed, number_again, our_have, returns, whole
from mirps.sharing.exchange.taking import Outcome, read, take, turn_away

#: A stick may hold anything: what is larger than any package is not read.
_MOST_FILE = rules.MOST_BODY + rules.MOST_HEAD + 1


def pack(folder: Path, *, to: str, at: datetime, back: bool = False) -> list[Path]:
    """Write what a peer has not acknowledged; with `back`, too, what came of it (it was restored from an old backup).

    A file that stands there whole stays. Raises Refusal, OSError for a full stick.
    """
    peer = Peer.objects.filter(pk=to).first()
    if peer is None:
        raise Refusal("exchange.fault.no-such-peer", node=to)
    if peer.paused:
        raise Refusal("exchange.fault.peer-paused", node=to)
    folder.mkdir(parents=True, exist_ok=True)
    give_receipts(peer, at=at)
    waiting = Package.objects.filter(lane__outward=True, lane__peer=peer, state=Package.WAITING, number__gt=0)
    files = [
        (p, handed(p, at=at), node(), to) for p in waiting.select_related("lane").order_by("lane", "number")
    ]
    if back:
        came = [p for stream in our_have(peer) for p in returns(peer, stream, 1)]
        files += [(p, whole(p), to, node()) for p in came]
    return [
        _written(folder / f"{a}-{b}-{p.lane.stream}-{p.number:06d}{packing.SUFFIX}", data)
        for p, data, a, b in files
    ]


def _written(file: Path, data: bytes) -> Path:
    """Whole or not there: a stick is pulled out at any moment."""
    part = file.with_suffix(".part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file


def unpack(folder: Path, *, at: datetime) -> Iterator[tuple[Path, Outcome]]:
    """Take every package of the folder, those that bring keys first, each lane in its order."""
    found = []
    for file in sorted(folder.glob(f"*{packing.SUFFIX}")):
        if file.stat().st_size > _MOST_FILE:
            fault = NotTaken("too-big", size=file.stat().st_size, most=rules.MOST_BODY)
            turn_away(fault, sender="", data=file.name.encode(), via="stick", at=at)
            yield file, Outcome("", fault.key, fault.values)
            continue
        found.append((_rank(file), file))
    for _, file in sorted(found):
        yield file, take(file.read_bytes(), via="stick", at=at)
    for peer in Peer.objects.order_by("pk"):
        number_again(peer, our_have(peer, outward=True), by="mirps node", at=at)


def _rank(file: Path) -> tuple[int, int]:
    try:
        with file.open("rb") as start:
            head, _, _ = read(start.read(rules.MOST_HEAD + 1))
        return list(rules.ORDER).index(Kind(head.stream)), head.number
    except (NotTaken, ValueError):
        return len(rules.ORDER), 0
