"""Published counts of two States: run by tests/browser/test_indicators_journey.py in a home of its own."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.releases.making import YEAR, case, proposed

    from mirps.base.crypto import api as crypto
    from mirps.evidence.releases import api as releases
    from mirps.evidence.releases.proposing import Asked

    crypto.begin()
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    ages = ("0-4", "5-11", "12-17", "18-59", "18-59", "18-59", "60+")
    for n, state in ((700, "MEX"), (250, "CRI")):
        rows = [
            case(k, state=state, office=f"{state}.A", sex="FM"[k % 2], age=ages[k % len(ages)],
                 nationality=("HND", "NIC", "CUB", "_U")[k * k % 7 % 4])
            for k in range(n)
        ]  # fmt: skip
        row = proposed(rows, Asked(state, "2025", YEAR, at.date()), at=at).release
        assert row is not None
        later = at + timedelta(hours=1)
        releases.approve(
            release=str(row.pk), counted_at=row.counted_at, by="luz", role="state-approver", at=later
        )
        releases.publish(releases=[row], by="luz", at=later)


main()
