"""What is sealed in referrals: what is said of the person, and the words of an act. Bound to its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.referrals.models import ReferralEvent, ReferralPart

COLUMN = "sealed"


def place(row: ReferralPart | ReferralEvent) -> Place:
    if isinstance(row, ReferralPart):
        return Place("casework_referralpart", COLUMN, f"{row.referral_id}/{row.sensitivity}")
    return Place("casework_referralevent", COLUMN, f"{row.pk}/{row.referral_id}/{row.act}")


def seal(said: Mapping[str, Any], row: ReferralPart | ReferralEvent) -> bytes:
    return crypto.sealer().seal_json({k: v for k, v in said.items() if v}, place(row))


def opened(row: ReferralPart | ReferralEvent) -> dict[str, Any]:
    """Raises CryptoFault where it was altered, moved, or sealed with a key that is not here."""
    found: dict[str, Any] = crypto.sealer().open_json(row.sealed, place(row))
    return found


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(ReferralPart, COLUMN, place))
    crypto.hold(crypto.SealedColumn(ReferralEvent, COLUMN, place))
