"""Delivery with proof. When a letter counts as notified is the procedure's own act; this is what proves it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from mirps.casework.letters.actions import LetterFault, _became, _standing
from mirps.casework.letters.models import LetterEvent
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry


class Means(StrEnum):
    BY_HAND = "by-hand"
    POST = "post"
    MAIL = "e-mail"
    MESSAGE = "message"
    EDICT = "edict"  # on the stand of the office (estrados) or published


#: What each way must be proved by: a file (a signed receipt, the post's, a picture of the stand).
PROVED_BY_FILE = (Means.BY_HAND, Means.POST, Means.EDICT)


def deliver(
    serial: str, *, kind: str, means: str, happened: datetime, to: str, note: str, proof: bytes, seat: Seat,
    at: datetime,
) -> LetterEvent:  # fmt: skip
    """Delivered, refused, or nobody found: who, when, how, and what proves it.

    Raises LetterFault, files.FileFault for a proof that is no photo or PDF.
    """
    if kind not in (LetterEvent.Kind.DELIVERED, LetterEvent.Kind.REFUSED, LetterEvent.Kind.NOT_FOUND):
        raise LetterFault("letters.fault.kind")
    if means not in set(Means):
        raise LetterFault("letters.fault.means")
    if kind == LetterEvent.Kind.DELIVERED and means in PROVED_BY_FILE and not proof:
        raise LetterFault("letters.fault.proof")
    if kind != LetterEvent.Kind.DELIVERED and not note.strip():
        raise LetterFault("letters.fault.reason")
    with custody.seated(seat):
        found = _standing(serial, seat)
        if happened > at or happened < found.row.recorded_at.replace(
            hour=0, minute=0, second=0, microsecond=0
        ):
            raise LetterFault("letters.fault.when")
        if found.delivered:
            raise LetterFault("letters.fault.delivered")
        digest = registry.put_file(proof, by=seat.user, at=at) if proof else ""
        told = {"to": to.strip(), "note": note.strip(), "proof": digest}
        return _became(found.row, kind, told, seat=seat, at=at, means=means, happened=happened)
