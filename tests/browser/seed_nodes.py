"""The region's node with peers in every state, and a round with computed figures: run by test_nodes_journey.py in a
home of its own. Prints the session key of each person as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from mirps.base.crypto import keyring
    from mirps.sharing.exchange import api as exchange

    now = datetime.now(UTC)
    if not settings.KEYS.exists():
        keyring.make(settings.KEYS)
    round_with_counts(now)
    exchange.set_up(by="seed", at=now - timedelta(days=500))
    peers(now)
    print(json.dumps(people(now)))


def round_with_counts(now: datetime) -> None:
    from mirps.evidence.entries import api as entries
    from mirps.evidence.entries.api import Cell, Given
    from mirps.evidence.figures import api as figures
    from mirps.evidence.figures.api import Figure, Origin
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Ask, Due, Kind, Stage

    span = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
    asks = [
        Ask("hnd-001", "HND", "HND.INM", "asylum", "asylum.applications", "application", population="ASY",
            breakdown="sex", order=1, **span),
        Ask("hnd-002", "HND", "HND.INM", "asylum", "asylum.decisions", "application", population="ASY", order=2,
            **span),
    ]  # fmt: skip
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025", asks=asks,
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), cut_off=None, by="seed", at=now,
    )  # fmt: skip
    rounds.set_due(round=made, step=Due.ENTRY, due=now + timedelta(days=20), by="seed", at=now)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="seed", at=now)
    total = Cell.objects.get(asked__code="hnd-001", dimensions="")
    entries.write(
        cell=total.pk, given=Given(Decimal(1300)), base=0, client=uuid4(), via="form", by="clerk", at=now
    )
    one = Figure(
        id="c-hnd-1", document="", locator="", fragment="", state="HND", sector="asylum", value=Decimal(1234),
        measure="asylum.applications", unit="application", population="ASY", origin=Origin.COMPUTED,
        status=figures.Status.SUBMITTED, **span,
    )  # fmt: skip
    figures.state_figures(
        figures=[
            one, replace(one, id="c-hnd-2", dimensions="sex=F", value=None, absence="_S"),
            replace(one, id="c-hnd-3", measure="asylum.decisions", value=Decimal(77)),
            replace(one, id="c-hnd-4", dimensions="nationality=VEN", value=Decimal(40)),
            replace(one, id="c-hnd-5", measure="asylum.interviews", unit="interview"),
        ],
        round="2025", by="seed", at=now,
    )  # fmt: skip


def peers(now: datetime) -> None:
    from tests.exchange.other import Other

    from mirps.sharing.exchange import api as exchange
    from mirps.sharing.exchange.api import Peer

    others = {code: Other(code, "MIRPS") for code in ("HND", "GTM", "PAN", "CRI")}
    for other in others.values():
        exchange.add(
            card=other.card, fingerprint=other.card.fingerprint, by="seed", at=now - timedelta(days=400)
        )
    exchange.prepare(at=now)
    exchange.take(
        others["HND"].package("figures", {"round": "1999", "columns": [], "rows": []}), via="line", at=now
    )
    exchange.take(others["HND"].package("answers", {"round": "2025", "steps": []}), via="line", at=now)
    exchange.take(Other("SLV", "MIRPS").package("keys", {}), via="stick", at=now)
    Peer.objects.filter(pk="HND").update(met_at=now)
    Peer.objects.filter(pk="PAN").update(
        tries=4,
        next_at=now + timedelta(minutes=8),
        fault="TimeoutError: timed out",
        address="https://pan.example",
    )
    exchange.pause(code="CRI", paused=True, by="seed", at=now)


def people(now: datetime) -> dict[str, str]:
    from tests.browser.seeding import hired, session_of

    held = {
        "admin": ("administrator", "", ""),
        "clerk": ("data-entry", "HND", "HND.INM"),
        "rita": ("regional-reviewer", "", ""),
    }
    return {name: session_of(hired(name, *where, at=now)) for name, where in held.items()}


if __name__ == "__main__":
    main()
