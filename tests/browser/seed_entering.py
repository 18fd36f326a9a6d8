"""A small round to enter in, and people signed in: run by tests/browser/test_entering.py in a home of its own.

Prints the session key of each person as JSON. Signing in itself has tests of its own.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal


def ask(code: str, n: int, state: str, institution: str, **changes: object) -> object:
    from mirps.evidence.rounds.api import Ask

    given: dict[str, object] = {
        "code": code, "state": state, "institution": institution, "sector": "asylum", "order": n,
        "measure": "asylum.applications", "unit": "application", "population": "ASY",
        "period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31),
    }  # fmt: skip
    return Ask(**{**given, **changes})  # type: ignore[arg-type]


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from mirps.base.access.api import User, give_role
    from mirps.evidence.entries import api as entries
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Due, Kind, Stage

    now = datetime.now(UTC)
    made = rounds.set_up(
        code="2025", kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025",
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), cut_off=None, by="seed", at=now,
        asks=[
            ask("hnd-inm-001", 1, "HND", "HND.INM", required=True, breakdown="sex;age", high=Decimal(1_000_000)),
            ask("hnd-inm-002", 2, "HND", "HND.INM", population="REF", breakdown="sex"),
            ask("hnd-inm-003", 3, "HND", "HND.INM", measure="asylum.closures", unit="case"),
            ask("cri-dgme-001", 1, "CRI", "CRI.DGME", required=True, breakdown="sex"),
            *(ask(f"hnd-sedh-{n:03}", n, "HND", "HND.SEDH", breakdown="sex*age", population="REF",
                  measure=m, unit="case") for n, m in enumerate(("asylum.closures", "asylum.applications"), 1)),
        ],
    )  # fmt: skip
    for n, step in enumerate(Due, 1):
        rounds.set_due(round=made, step=step, due=now + timedelta(days=20 * n), by="seed", at=now)
    entries.prepare(round="2025")
    rounds.turn(round="2025", to=Stage.OPEN, by="seed", at=now)
    sessions = {}
    for name, role, state, body in (
        ("ana", "data-entry", "HND", "HND.INM"),
        ("luis", "data-entry", "HND", "HND.INM"),
        ("tica", "data-entry", "CRI", "CRI.DGME"),
        ("sedh", "data-entry", "HND", "HND.SEDH"),
        ("rosa", "focal-point", "HND", ""),
    ):
        user = User.objects.create_user(username=name, first_name=name.capitalize())
        give_role(user=user, role=role, state=state, body=body, starts=date(2024, 1, 1), ends=None,
                  by="seed", at=now)  # fmt: skip
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["second-factor"] = user.pk
        session.save()
        sessions[name] = session.session_key
    print(json.dumps(sessions))


if __name__ == "__main__":
    main()
