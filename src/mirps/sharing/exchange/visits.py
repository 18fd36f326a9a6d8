"""Who visits this node over a line: proved by a signature over our challenge; then parts of packages, as they come."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing as ours
from django.utils.crypto import get_random_string

from mirps.sharing.exchange import packing, rules, signing
from mirps.sharing.exchange.keys import current, node, recognised, signer, signer_of
from mirps.sharing.exchange.models import Package, Peer, PeerKey
from mirps.sharing.exchange.passing import welcome
from mirps.sharing.exchange.rules import Have, NotTaken
from mirps.sharing.exchange.sending import handed, returns, whole
from mirps.sharing.exchange.taking import Outcome, prove_sender, read, take, turn_away

_CHALLENGE, _TICKET = "exchange.challenge", "exchange.ticket"
_CHALLENGE_LASTS, _TICKET_LASTS = 300, 3600
#: Unfinished packages of one peer, and for how long they are kept.
MOST_PARTS, PART_LASTS = 50, 30 * 24 * 3600


class OutOfStep(Exception):
    """What is sent does not begin where what is here ends: `have` bytes are here."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


def challenge() -> str:
    return ours.dumps(get_random_string(16), salt=_CHALLENGE)


def enter(text: str, *, at: datetime) -> str:
    """Let a peer in that signed our challenge: our signed answer, with its ticket. No clock of the visitor's counts.
    Raises NotTaken."""
    kid, told = signing.claims(text, signing.VISIT)
    try:
        ours.loads(str(told["challenge"]), salt=_CHALLENGE, max_age=_CHALLENGE_LASTS)
        sender, receiver = str(told["iss"])[:5], str(told["aud"])[:5]
        have = {str(stream)[:20]: Have.of(h) for stream, h in dict(told["have"]).items()}
        knows = [str(k) for k in list(told["knows"])[:64]]
    except (ours.BadSignature, KeyError, ValueError, TypeError):
        raise NotTaken("form") from None
    if receiver != node():
        raise NotTaken("not-for-us", receiver=receiver, node=node())
    peer = Peer.objects.filter(pk=sender).first()
    key = PeerKey.objects.filter(pk=kid, peer_id=sender).first()
    if peer is None:
        raise NotTaken("unknown", sender=sender)
    if key is None:
        raise NotTaken("key", sender=sender)
    signing.prove(text, bytes(key.public))
    if peer.paused:
        raise NotTaken("paused", sender=sender)
    answer: dict[str, Any] = {
        "iss": node(), "aud": sender, "challenge": told["challenge"],
        "ticket": ours.dumps(sender, salt=_TICKET), **welcome(peer, have, at=at),
    }  # fmt: skip
    # Signed with the newest of our keys that the visitor knows: it hears of a rotation in this very visit.
    known = next((found for k in knows if (found := recognised(k))), None)
    return signing.signed(
        answer, signer(known[0], known[1]) if known else signer_of(current()), signing.VISIT
    )


def visitor(ticket: str) -> Peer:
    """Raises NotTaken 'ticket', 'paused'."""
    try:
        code = ours.loads(ticket, salt=_TICKET, max_age=_TICKET_LASTS)
    except ours.BadSignature:
        raise NotTaken("ticket") from None
    peer = Peer.objects.filter(pk=code).first()
    if peer is None:
        raise NotTaken("ticket")
    if peer.paused:
        raise NotTaken("paused", sender=peer.code)
    return peer


def waiting_there(peer: Peer, stream: str, number: int, *, at: datetime) -> bytes | None:
    """A package of ours to this peer."""
    row = _row(peer, stream, number, outward=True)
    return None if row is None else handed(row, at=at)


def given_back(peer: Peer, stream: str, number: int) -> bytes | None:
    """A package that this peer sent us, as it came."""
    row = _row(peer, stream, number, outward=False)
    return None if row is None else whole(row)


def kept_of(peer: Peer, stream: str, since: int) -> list[int]:
    """The numbers of what this peer sent us, from one on."""
    return [p.number for p in returns(peer, stream, since)]


def _row(peer: Peer, stream: str, number: int, *, outward: bool) -> Package | None:
    rows = Package.objects.filter(lane__peer=peer, lane__stream=stream, lane__outward=outward, number__gt=0)
    return rows.filter(number=number).first()


# --- parts of packages


def have(peer: Peer, digest: str) -> int:
    """How many bytes of a package that is being sent are here."""
    file = _part(peer, digest)
    return file.stat().st_size if file.exists() else 0


def receive(peer: Peer, digest: str, offset: int, blocks: Iterator[bytes], *, at: datetime) -> int | Outcome:
    """Add to a package that is being sent: how much of it is here now, or, once it is whole, what became of it.

    Nothing is kept before its head is here and was signed by the peer (or by us: it is given back). Raises NotTaken,
    OutOfStep, OSError for a full disk.
    """
    try:
        return _received(peer, digest, offset, blocks, at=at)
    except NotTaken as fault:
        turn_away(fault, sender=peer.code, data=digest.encode(), via="line", at=at)
        raise


def _received(
    peer: Peer, digest: str, offset: int, blocks: Iterator[bytes], *, at: datetime
) -> int | Outcome:
    file, begun = _part(peer, digest), have(peer, digest)
    if offset != begun:
        raise OutOfStep(begun)
    with _appending(file) as out:
        most = _size_said(_start(file), peer, at=at) if begun else 0
        size, head = begun, b""
        for block in blocks:
            if not most:
                head += block
                if b"\n" not in head and len(head) <= rules.MOST_HEAD:
                    continue
                most, block = _size_said(head, peer, at=at), head
            size += len(block)
            if size > most:
                raise NotTaken("altered")
            out.write(block)
        out.flush()
    if not most or size < most:
        return have(peer, digest)
    data = file.read_bytes()
    if packing.digest_of(data) != digest:
        file.unlink()
        raise NotTaken("altered")
    outcome = take(data, via="line", at=at)
    file.unlink(missing_ok=True)
    return outcome


def _size_said(data: bytes, peer: Peer, *, at: datetime) -> int:
    """How long the package that begins so is, proved by its head."""
    head, text, kid = read(data)
    if head.sender == node():
        known = recognised(kid)
        if known is None or head.receiver != peer.code:
            raise NotTaken("key", sender=head.sender)
        signing.prove(text, known[2])
    elif prove_sender(head, text, kid, at=at).code != peer.code:
        raise NotTaken("unknown", sender=head.sender)
    rules.prove(head, at=max(at, head.made_at))
    return len(text) + 1 + head.size


def _start(file: Path) -> bytes:
    with file.open("rb") as kept:
        return kept.read(rules.MOST_HEAD + 1)


def _part(peer: Peer, digest: str) -> Path:
    return Path(settings.HOME) / "exchange" / peer.code / f"{digest}.part"


@contextmanager
def _appending(file: Path) -> Iterator[Any]:
    """The file to be added to; one that was not begun leaves nothing behind. Old ones go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = sorted(file.parent.glob("*.part"), key=lambda f: f.stat().st_mtime)
    for old in kept:
        if old != file and (len(kept) > MOST_PARTS or old.stat().st_mtime < time.time() - PART_LASTS):
            old.unlink(missing_ok=True)
    with file.open("ab") as out:
        try:
            yield out
        except NotTaken:
            out.truncate(0)
            raise
        finally:
            out.flush()
            if os.fstat(out.fileno()).st_size == 0:
                file.unlink(missing_ok=True)
