"""How a message is signed and proved (Standard Webhooks 1.0: HMAC-SHA-256, `v1`), and which addresses may be called.
Pure: the clock is given."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from mirps.base.refusal import Refusal

#: How far a message's own time may be from ours: an older one is somebody's copy.
SKEW = timedelta(minutes=5)
PREFIX = "whsec_"
LEAST_SECRET, MOST_SECRET = 24, 64  # bytes, as the specification has it
_ID = re.compile(r"[!-~]{1,120}\Z")  # graphic ASCII; a dot would let two messages sign alike
_MOST_SIGNATURES = 10
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


class HookFault(Refusal):
    """Why a message is not sent or not taken, as a text of data/texts/interop-hooks.yaml."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host that may be called. `inside`: it may answer at an address of our own network or machine."""

    name: str
    inside: bool = False


def hosts(given: str) -> dict[str, Host]:
    """`hooks.renapo.example, esb.segob.example+inside, 127.0.0.1+inside`. Raises ValueError."""
    found = {}
    for part in filter(None, (p.strip().lower() for p in given.split(","))):
        name, mark, more = part.partition("+")
        if (mark and more != "inside") or not _HOST.match(name):
            raise ValueError(f"MIRPS_OUTSIDE: {part!r} is no host")
        found[name] = Host(name, bool(mark))
    return found


def address(given: str, allowed: Mapping[str, Host]) -> SplitResult:
    """An address that may be called: https, of a listed host; without TLS only on this very machine. Raises
    HookFault."""
    try:
        parts = urlsplit(given)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise HookFault("hooks.fault.address") from None
    strange = parts.username or parts.password or parts.fragment or port == 0 or len(given) > 300
    if strange or not given.isascii() or any(c <= " " or c == "\\" for c in given):
        raise HookFault("hooks.fault.address")
    known = allowed.get(host)
    if known is None:
        raise HookFault("hooks.fault.host", host=host[:80] or "—", known=", ".join(sorted(allowed)) or "—")
    if parts.scheme != "https" and not (parts.scheme == "http" and known.inside and _here(host)):
        raise HookFault("hooks.fault.https")
    return parts


def reached(host: Host, ip: str) -> None:
    """Whether an address to which a host's name leads may be called. Raises HookFault for one of our own network."""
    if not host.inside and not ip_address(ip.partition("%")[0]).is_global:
        raise HookFault("hooks.fault.inside", host=host.name)


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_secret(chance: bytes) -> str:
    return PREFIX + b64encode(chance).decode()


def secret_bytes(secret: str) -> bytes:
    """Raises HookFault for what is no secret of the specification."""
    try:
        found = b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise HookFault("hooks.fault.secret") from None
    if not LEAST_SECRET <= len(found) <= MOST_SECRET:
        raise HookFault("hooks.fault.secret")
    return found


def signed(id_: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers of a message; one signature for each secret that is in force."""
    seconds = str(int(at.timestamp()))
    marks = [f"v1,{_mark(id_, seconds, body, secret)}" for secret in secrets]
    return {"webhook-id": id_, "webhook-timestamp": seconds, "webhook-signature": " ".join(marks)}


def prove(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], *, at: datetime) -> str:
    """The id of a message that a secret of ours signed, lately. Raises HookFault.

    Whether the id came before, whoever takes the message knows.
    """
    id_, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    said = headers.get("webhook-signature", "").split(" ")
    if not _ID.match(id_) or "." in id_ or not re.fullmatch(r"[0-9]{1,12}", seconds):
        raise HookFault("hooks.refused.form")
    given = [
        s.removeprefix("v1,").encode("ascii", "replace")
        for s in said[:_MOST_SIGNATURES]
        if s.startswith("v1,")
    ]
    right = [_mark(id_, seconds, body, secret).encode() for secret in secrets]
    if not any(hmac.compare_digest(g, r) for g in given for r in right):
        raise HookFault("hooks.refused.signature")
    if abs(int(seconds) - at.timestamp()) > SKEW.total_seconds():
        raise HookFault("hooks.refused.time", minutes=int(SKEW.total_seconds() // 60))
    return id_


def _mark(id_: str, seconds: str, body: bytes, secret: str) -> str:
    told = f"{id_}.{seconds}.".encode() + body
    return b64encode(hmac.digest(secret_bytes(secret), told, "sha256")).decode()
