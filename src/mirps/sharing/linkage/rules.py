"""What two States agree on before anything is encoded, who signed it, the key that only they have, and how often. Pure.

An agreement stands once both States' nodes have set their seal, each after two persons of that State signed. A seal
is a signature of the node (Ed25519) over the digest of the terms, the names of its two persons, and the State's share
of a key (X25519). The key comes from both shares (HKDF): whoever compares sees the shares that are public, and has
the key of neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mirps.base.refusal import Refusal
from mirps.sharing.exchange.rules import NODE, UNREADABLE, made_at

SEAL = "mirps-linkage-seal"
#: Signatures of persons that a State's seal takes.
PERSONS = 2
#: No count below this is shown, whatever is agreed (data/disclosure/rules.yaml asks for the same).
LEAST_THRESHOLD = 5
MOST_THRESHOLD = 1000
MOST_TEXT, _CODE = 600, 5
#: Letters of a reason, so that one is said.
LEAST_REASON = 10
#: The period of an agreement's only count.
ONCE = "once"
_PERIOD = re.compile(r"([12][0-9]{3})(?:-Q([1-4]))?\Z")


class Every(StrEnum):
    """How often may be counted."""

    ONCE = "once"
    YEAR = "year"
    QUARTER = "quarter"


class Stage(StrEnum):
    """How far an agreement is."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    DECLINED = "declined"
    ENDED = "ended"


class LinkageRefused(Refusal):
    """`linkage.refused.<why>`."""

    def __init__(self, why: str, /, **values: object) -> None:
        super().__init__(f"linkage.refused.{why}", **values)
        self.why = why


@dataclass(frozen=True, slots=True)
class Terms:
    """`one` and `other`: the States whose registers are compared; `comparer`: the node that compares, which is
    neither. `attributes` and `groups`: what of a person goes into the rows, and what is counted by."""

    id: UUID
    one: str
    other: str
    comparer: str
    purpose: str
    basis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    threshold: int
    every: Every
    until: date
    scheme: str

    def told(self) -> dict[str, Any]:
        return {
            k: v if isinstance(v, int) else list(v) if isinstance(v, tuple) else str(v)
            for k, v in asdict(self).items()
        }

    @property
    def digest(self) -> str:
        return sha256(json.dumps(self.told(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def states(self) -> tuple[str, str]:
        return self.one, self.other

    def partner(self, state: str) -> str:
        return self.other if state == self.one else self.one


def read(told: Mapping[str, Any]) -> Terms:
    """Terms as they came or were typed. Raises LinkageRefused 'terms' naming the field, 'comparer', 'threshold'."""
    at = ""
    try:
        found: dict[str, Any] = {}
        for at, make in _FIELDS.items():
            found[at] = make(told[at])
    except (KeyError, ValueError, TypeError, OverflowError):
        raise LinkageRefused("terms", field=at) from None
    terms = Terms(**found)
    if terms.one == terms.other or terms.comparer in terms.states:
        raise LinkageRefused("comparer", comparer=terms.comparer, one=terms.one, other=terms.other)
    if not LEAST_THRESHOLD <= terms.threshold <= MOST_THRESHOLD:
        raise LinkageRefused("threshold", found=terms.threshold, least=LEAST_THRESHOLD, most=MOST_THRESHOLD)
    return terms


def _text(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= MOST_TEXT or "\0" in value:
        raise ValueError
    return value.strip()


def _node(value: object) -> str:
    if not isinstance(value, str) or not NODE.match(value):
        raise ValueError
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not 1 <= len(value) <= 20:
        raise ValueError
    return tuple(_text(v) for v in value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


_FIELDS = {
    "id": lambda v: UUID(str(v)), "one": _node, "other": _node, "comparer": _node, "purpose": _text, "basis": _text,
    "attributes": _names, "groups": _names, "threshold": _whole, "every": lambda v: Every(str(v)),
    "until": lambda v: date.fromisoformat(str(v)), "scheme": _text,
}  # fmt: skip


# --- seals and the key


@dataclass(frozen=True, slots=True)
class Seal:
    """What a State's node says of an agreement."""

    node: str
    digest: str
    share: bytes
    persons: tuple[str, ...]
    made_at: datetime

    def told(self, agreement: UUID) -> dict[str, Any]:
        return {
            "iss": self.node, "sub": str(agreement), "digest": self.digest, "share": self.share.hex(),
            "persons": list(self.persons), "iat": int(self.made_at.timestamp()),
        }  # fmt: skip


def read_seal(told: Mapping[str, Any], terms: Terms) -> Seal:
    """A seal whose signature was proved. Raises LinkageRefused 'seal' for one of other terms or of one person."""
    try:
        persons = tuple(
            dict.fromkeys(p.strip()[:150] for p in told["persons"] if isinstance(p, str) and p.strip())
        )
        found = Seal(
            str(told["iss"]), str(told["digest"]), bytes.fromhex(str(told["share"])), persons,
            made_at(told),
        )  # fmt: skip
    except UNREADABLE:
        raise LinkageRefused("seal", node=str(told.get("iss", "?"))[:_CODE]) from None
    if (
        found.node not in terms.states or found.digest != terms.digest or str(told.get("sub")) != str(terms.id)
        or len(found.share) != 32 or len(persons) < PERSONS
    ):  # fmt: skip
        raise LinkageRefused("seal", node=found.node[:_CODE])
    return found


def share_of(private: bytes) -> bytes:
    return (
        X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )


def key_of(private: bytes, theirs: bytes, terms: Terms) -> bytes:
    """The key of a linkage, the same at both States. Raises LinkageRefused 'seal' for a share that gives none."""
    try:
        both = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(theirs)
        )
    except ValueError:  # a point of low order: everybody would know what comes of it
        raise LinkageRefused("seal", node="") from None
    shares = b"".join(sorted((share_of(private), theirs)))
    return HKDF(
        algorithm=SHA256(), length=32, salt=bytes.fromhex(terms.digest), info=b"mirps linkage" + shares
    ).derive(both)


def prove_in_force(terms: Terms, sealed: Sequence[str], *, ended: bool, on: date) -> None:
    """Raises LinkageRefused 'unsigned', 'ended'."""
    if lacking := [s for s in terms.states if s not in sealed]:
        raise LinkageRefused("unsigned", states=", ".join(lacking))
    prove_open(terms, ended=ended, on=on)


def prove_open(terms: Terms, *, ended: bool, on: date) -> None:
    """Raises LinkageRefused 'ended'."""
    if ended or on > terms.until:
        raise LinkageRefused("ended", until=terms.until.isoformat())


def prove_scheme(terms: Terms, ours: str) -> None:
    """That both States encode alike. Raises LinkageRefused 'scheme'."""
    if terms.scheme != ours:
        raise LinkageRefused("scheme", theirs=terms.scheme[:12], ours=ours[:12])


def stage(terms: Terms, sealed: Sequence[str], *, ended: bool, on: date) -> Stage:
    """What was ended before both States had sealed was declined; what lapsed meanwhile has ended."""
    whole = all(s in sealed for s in terms.states)
    if ended and not whole:
        return Stage.DECLINED
    if ended or on > terms.until:
        return Stage.ENDED
    return Stage.IN_FORCE if whole else Stage.SIGNED if sealed else Stage.PROPOSED


def reason(given: str) -> str:
    """Why an agreement is declined or ended. Raises LinkageRefused 'reason'."""
    said = given.strip()[:MOST_TEXT]
    if len(said) < LEAST_REASON:
        raise LinkageRefused("reason", least=LEAST_REASON)
    return said


def period(every: Every, on: date) -> str:
    """Within which one count is made: `2026-Q4`, `2026`, `once`."""
    match every:
        case Every.QUARTER:
            return f"{on.year}-Q{(on.month + 2) // 3}"
        case Every.YEAR:
            return str(on.year)
    return ONCE


def days_of(period: str) -> tuple[date, date] | None:
    """The first and the last day of a period; None for the only count of an agreement, or what is no period."""
    found = _PERIOD.match(period)
    if not found:
        return None
    year, quarter = int(found[1]), found[2]
    last = 3 * int(quarter or 4)
    return date(year, last - 2 if quarter else 1, 1), date(year, last, 30 if last in (6, 9) else 31)
