"""The door to referrals: somebody sent to another institution with what it needs to know, and what came of it.

with custody.seated(seat):
    items = referrals.least(referrals.catalogue()["health"], file.standing)
    row = referrals.send(id=uuid7(), held=file, service="health", to="MEX.SSA", items=items, words="...", seat=seat,
                         at=now)                                # raises ReferralFault, without consent above all
referrals.act(referral=row.pk, act=Act.OPEN, seat=theirs, at=now)
"""

from __future__ import annotations

from mirps.casework.referrals.actions import act, agreed, answer_by, recognise, send
from mirps.casework.referrals.keeping import NODE
from mirps.casework.referrals.models import Referral, ReferralEvent, ReferralPart
from mirps.casework.referrals.passing import AGAIN, came, outgoing, went
from mirps.casework.referrals.queries import (
    MOST,
    ReferralFile,
    catalogue,
    file,
    overdue,
    receivers,
    said,
    seen,
)
from mirps.casework.referrals.rules import (
    REASONS,
    Act,
    Event,
    ReferralFault,
    Side,
    Stage,
)
from mirps.casework.referrals.services import Item, Service, least
from mirps.casework.referrals.watching import see_to

__all__ = [
    "AGAIN", "MOST", "NODE", "REASONS", "Act", "Event", "Item", "Referral", "ReferralEvent", "ReferralFault",
    "ReferralFile", "ReferralPart", "Service", "Side", "Stage", "act", "agreed", "answer_by", "came", "catalogue",
    "file", "least", "outgoing", "overdue", "receivers", "recognise", "said", "see_to", "seen", "send", "went",
]  # fmt: skip
