"""The other nodes of a linkage, played by a test: terms, seals and rows as they would send them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pyrage
from tests.exchange.other import NOW, Other

from mirps.base.texts.api import LANGUAGES, say
from mirps.people.linkage import api as linkage
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import signing
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.rules import Every, Terms

#: Halves of the key of the States that a test plays, by their codes.
HALVES = {"MEX": b"m" * 32, "HND": b"h" * 32}


def take(data: bytes, at: Any = NOW) -> exchange.Outcome:
    found = exchange.take(data, via="test", at=at)
    if found.reason:  # every refusal can be told, in both languages, with all that it names
        assert all(say(found.reason, lang, **found.values) for lang in LANGUAGES)
    return found


def terms(**changes: Any) -> Terms:
    scheme = linkage.scheme()
    told = {
        "id": uuid4(), "one": "MEX", "other": "HND", "comparer": "MIRPS", "purpose": "Onward movement",
        "basis": "MoU 2025, article 4", "attributes": scheme.attributes, "groups": tuple(scheme.groups), "threshold": 5,
        "every": Every.QUARTER.value, "until": date(2027, 12, 31).isoformat(), "scheme": scheme.digest,
    }  # fmt: skip
    return rules.read(told | changes)


def seal(other: Other, of: Terms, **changes: Any) -> str:
    half = rules.share_of(HALVES[other.code])
    told = rules.Seal(other.code, of.digest, half, ("Ana Ruiz", "Luis Paz"), NOW).told(of.id)
    return signing.signed(told | changes, other.key, rules.SEAL)


def agreement(sender: Other, of: Terms, *sealed: Other) -> bytes:
    seals = {o.code: seal(o, of) for o in sealed}
    return sender.package("linkage", {"what": "agreement", "terms": of.told(), "seals": seals})


def key(of: Terms) -> bytes:
    return rules.key_of(HALVES["MEX"], rules.share_of(HALVES["HND"]), of)


Cell = tuple[tuple[str, str, str, str], int | None]


def result(region: Other, of: UUID, period: str, cells: Iterable[Cell], made_at: Any = NOW) -> bytes:
    """What whoever compares tells of a count: by way, age, sex and nationality, None where it is hidden."""
    told = [{"key": list(key), "value": value} for key, value in cells]
    hidden = sum(c["value"] is None for c in told)
    content = {"what": "result", "agreement": str(of), "period": period,
               "result": {"cells": told, "hidden": hidden, "threshold": 5}}  # fmt: skip
    return region.package("linkage", content, made_at=made_at)


def sent(sender: Other, of: UUID, period: str, recipient: str, data: bytes, **changes: Any) -> bytes:
    """Rows sealed to whoever compares, as a package."""
    from pyrage import x25519

    sealed = pyrage.encrypt(data, [x25519.Recipient.from_str(recipient)])
    content = {"what": "rows", "agreement": str(of), "period": period, "piece": 1, "of": 1,
               "sealed": b64encode(sealed).decode()}  # fmt: skip
    return sender.package("linkage", content | changes)
