"""Row security of referrals: the two institutions', each at its own office or for a purpose, and of a need-to-know
service who is cleared for it. The node's own jobs, which sit nowhere, see which ones they have to see to, and sit down
at an institution's seat for anything more (docs/referrals.md)."""

from __future__ import annotations

from mirps.casework.cases.rows import RETENTION
from mirps.people.custody import api as custody
from mirps.people.custody.api import DESK, Rows

_CLEARED = """({0} = '' OR {0} = ANY (string_to_array(coalesce(mirps_seat('knows'), ''), ',')))"""
_AT = """({0}_state = mirps_seat('state') AND {0}_institution = mirps_seat('institution') AND (
    mirps_seat('office') IS NULL OR mirps_seat('purpose') IS NOT NULL OR {0}_office IN ('', mirps_seat('office'))))"""
_OF_EITHER = f"({_AT.format('from')} OR {_AT.format('to')})"
_NODE = "(mirps_seat('user') IS NULL AND watched)"
_SEEN = f"{_OF_EITHER} AND ({RETENTION} OR ({DESK} AND {_CLEARED.format('casework_referral.sensitivity')}))"
_WITH = custody.stands("casework_referral", "referral_id")

POLICIES = {
    "casework_referral": Rows(using=f"({_SEEN}) OR {_NODE}", check=_SEEN, delete=RETENTION),
    "casework_referralpart": Rows(
        using=f"{_WITH} AND ({RETENTION} OR {_CLEARED.format('casework_referralpart.sensitivity')})",
        check=f"{_WITH} AND {_CLEARED.format('casework_referralpart.sensitivity')}",
        delete="true",
    ),
    "casework_referralevent": Rows(using=_WITH, check=_WITH, delete=RETENTION),
}
_KEPT = 'id, referral_id, side, n, act, happened_at, recorded_at, "by", state, institution, office'
_SET = "to_office, registered_id, stage, turn, due, final, watched, owes, seen_to_on, person_id"


def guard() -> None:
    """Have these tables guarded beside those of people."""
    custody.guard(
        custody.Guards(
            table="casework_referral",
            policies=POLICIES,
            open={},
            kept={"casework_referralevent": _KEPT},
            updates={
                "casework_referral": _SET, "casework_referralpart": "", "casework_referralevent": "told_at, known_at"
            },
        )
    )  # fmt: skip
