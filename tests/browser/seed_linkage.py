"""Mexico's node, which knows Honduras and the region: one agreement of each stage, and a count with a result. Run by
test_linkage_journey.py in a home of its own. Prints the session key of each person as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

#: Who works here: name, role.
PEOPLE = {"ana": "focal-point", "luis": "state-approver", "ada": "administrator"}


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from tests.browser.seeding import hired, session_of
    from tests.exchange.other import peer

    from mirps.base.crypto import keyring
    from mirps.sharing.exchange import api as exchange

    now = datetime.now(UTC)
    if not settings.KEYS.exists():
        keyring.make(settings.KEYS)
    exchange.set_up(by="seed", at=now - timedelta(days=500))
    users = {name: hired(name, role, "MEX", surname="Ruiz", at=now) for name, role in PEOPLE.items()}
    agreements(peer("HND", "MEX"), peer("MIRPS", "MEX"), [users["ana"], users["luis"]], now)
    print(json.dumps({name: session_of(user) for name, user in users.items()}))


def agreements(hnd: object, region: object, signers: list[object], now: datetime) -> None:
    """In force with a result; signed by Honduras alone; declined; ended."""
    from tests.linkage.parties import agreement, result, terms

    from mirps.sharing.exchange import api as exchange
    from mirps.sharing.linkage import api as links
    from mirps.sharing.linkage.models import Count

    def taken(data: bytes) -> None:
        found = exchange.take(data, via="line", at=now)
        assert found.state == "taken", found

    def proposed(purpose: str, **changes: object) -> links.Agreement:
        told = {"partner": "HND", "comparer": "MIRPS", "basis": "Convenio de cooperación de 2025, artículo 4",
                "threshold": 5, "every": "quarter", "until": now.date() + timedelta(days=400)} | changes  # fmt: skip
        return links.propose(**told, purpose=purpose, by="ana", at=now)  # type: ignore[arg-type]

    def in_force(purpose: str) -> links.Agreement:
        held = proposed(purpose)
        for user in signers:
            links.sign(agreement=held.pk, user=user, at=now)  # type: ignore[arg-type]
        taken(agreement(hnd, links.terms_of(held), hnd))  # type: ignore[arg-type]
        return held

    held = in_force(
        "Saber cuántas personas siguen camino entre los dos Estados, para abrir plazas de albergue."
    )
    Count.objects.create(
        agreement=held, period="2026-Q3", recipient="age1", opened_at=now, sent_at=now,
        sent={"rows": 4211, "no-consent": 318, "refused-abroad": 2, "national": 941, "unknown": 27},
    )  # fmt: skip
    taken(result(region, held.pk, "2026-Q3", numbered(held), now))  # type: ignore[arg-type]
    theirs = terms(one="HND", other="MEX", purpose="Planificar la atención de niñas y niños en tránsito.")
    taken(agreement(hnd, theirs, hnd))  # type: ignore[arg-type]
    wrong = proposed("Conocer el tránsito por la frontera sur.")
    links.end(agreement=wrong.pk, reason="El convenio no ampara este fin.", by="luis", at=now)
    old = in_force("Prueba de 2025, antes del convenio.")
    links.end(agreement=old.pk, reason="Lo sustituye el convenio nuevo.", by="ana", at=now)


T = "_T"
#: People in both registers by member of a dimension: in all, onward, back, in the same quarter.
BY = {
    "way": {T: (1386, 1203, 152, 31)},
    "age": {"0-11": (412, 371, 38, None), "12-17": (211, 188, 20, None), "18-59": (736, 622, 91, 23),
            "60+": (27, 22, None, None), "unknown": (None, None, 0, 0)},
    "sex": {"F": (702, 611, 77, 14), "M": (677, 588, 73, 16), "other": (7, None, None, None)},
    "nationality": {"VEN": (611, 540, 61, 10), "GTM": (402, 350, 43, 9), "SLV": (168, 146, 18, None),
                    "HTI": (97, 84, 11, None), "COL": (55, 47, 7, None), "CUB": (24, 20, None, None),
                    "NIC": (15, 11, None, 0), "other": (14, None, None, None)},
}  # fmt: skip


def numbered(held: object) -> list[tuple[tuple[str, str, str, str], int | None]]:
    """The cells as whoever compares tells them: groups under the numbers that only the States' key explains."""
    from mirps.people.linkage import api as linkage
    from mirps.sharing.linkage import api as links
    from mirps.sharing.linkage.counting import key_of

    scheme = linkage.scheme()
    key = key_of(held, links.terms_of(held))  # type: ignore[arg-type]
    out = []
    for name, members in BY.items():
        numbers = {
            linkage.explained(scheme, key, name, n): f"n{n}" for n in range(len(scheme.groups.get(name, ())))
        }
        for member, row in members.items():
            for way, value in zip((T, *linkage.WAYS), row, strict=True):
                cell = {"way": way, "age": T, "sex": T, "nationality": T} | (
                    {name: numbers[member]} if numbers else {}
                )
                if value != 0:
                    out.append((tuple(cell.values()), value))
    return out  # type: ignore[return-value]


if __name__ == "__main__":
    main()
