"""The door to referrals: somebody sent to another institution with what it needs to know, and what came of it.

with custody.seated(seat):
    row = referrals.send(id=uuid7(), held=file, service="health", to="MEX.SSA", items=referrals.travels("health", file),
                         words="...", seat=seat, at=now)         # raises ReferralFault, without consent above all
referrals.act(referral=row.pk, act=Act.OPEN, seat=theirs, at=now)
"""

from __future__ import annotations

from mirps.casework.referrals.actions import REPLY, act, agreed, answer_by, recognise, send
from mirps.casework.referrals.keeping import NODE
from mirps.casework.referrals.letters import read as read_letter
from mirps.casework.referrals.models import Referral, ReferralEvent, ReferralPart
from mirps.casework.referrals.passing import AGAIN, Outgoing, came, outgoing, went
from mirps.casework.referrals.queries import (
    MOST,
    ReferralFile,
    Said,
    catalogue,
    elsewhere,
    file,
    of_person,
    overdue,
    receivers,
    said,
    seen,
)
from mirps.casework.referrals.rules import (
    FINAL,
    REASONS,
    WORDS,
    Act,
    Event,
    ReferralFault,
    Side,
    Stage,
    Stand,
)
from mirps.casework.referrals.services import Item, Service, least
from mirps.casework.referrals.watching import KEPT, consent_said, see_to

__all__ = [
    "AGAIN", "FINAL", "KEPT", "MOST", "NODE", "REASONS", "REPLY", "WORDS", "Act", "Event", "Item", "Outgoing",
    "Referral", "ReferralEvent", "ReferralFault", "ReferralFile", "ReferralPart", "Said", "Service", "Side", "Stage",
    "Stand", "act", "agreed", "answer_by", "came", "catalogue", "consent_said", "elsewhere", "file", "least",
    "of_person", "outgoing", "overdue", "read_letter", "receivers", "recognise", "said", "see_to", "seen", "send",
    "went",
]  # fmt: skip
