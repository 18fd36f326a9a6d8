"""A line to another node over HTTPS. What breaks off goes on from the byte where it broke."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from mirps.sharing.exchange import rules, signing
from mirps.sharing.exchange.keys import node, signer_of
from mirps.sharing.exchange.models import NodeKey, Peer
from mirps.sharing.exchange.passing import Declined, LineBroken, Met
from mirps.sharing.exchange.rules import Have, NotTaken

#: Bytes sent at once, seconds waited for an answer.
CHUNK = 256 * 1024
WAITS = 60
#: Where a node answers, under its address.
ROOT = "/exchange/v1/"
_MOST_ANSWER = rules.MOST_BODY + rules.MOST_HEAD + 1


class HttpLine:
    """A visit to a peer: a challenge signed by us, answered with one signed by it; then a ticket."""

    def __init__(
        self, peer: Peer, *, connect: Callable[[str], http.client.HTTPConnection] | None = None
    ) -> None:
        self.peer = peer
        self.address = urlsplit(peer.address)
        self._connection = (connect or _connected)(peer.address)
        self._ticket = ""
        self._parts: dict[str, bytes] = {}

    def meet(self, have: Mapping[str, Have]) -> Met:
        """Each key of ours is tried, the newest first: the other may not have been told of our rotation yet."""
        for key in NodeKey.objects.order_by("-generation"):
            challenge = str(self._json("GET", "challenge/").get("challenge", ""))
            claims = {
                "iss": node(), "aud": self.peer.code, "challenge": challenge,
                "knows": list(self.peer.keys.order_by("-generation").values_list("kid", flat=True)),
                "have": {stream: h.told() for stream, h in have.items()},
            }  # fmt: skip
            text = signing.signed(claims, signer_of(key), signing.VISIT)
            status, answer = self._asked("POST", "enter/", text.encode())
            if status == 200:
                return self._read(answer.decode("ascii", "replace"), challenge)
            if status != 401:
                raise LineBroken(_why(status, answer))
        raise LineBroken(_why(status, answer))

    def _read(self, text: str, challenge: str) -> Met:
        try:
            kid, told = signing.claims(text, signing.VISIT)
            key = self.peer.keys.filter(pk=kid).first()
            if key is None:
                raise NotTaken("key", sender=self.peer.code)
            signing.prove(text, bytes(key.public))
            if (told["iss"], told["aud"], told["challenge"]) != (self.peer.code, node(), challenge):
                raise NotTaken("not-for-us", receiver=str(told["aud"]), node=node())
            self._ticket = str(told["ticket"])
            return Met(
                {str(s): Have.of(h) for s, h in told["have"].items()},
                [(str(s), int(n)) for s, n in told["offers"]],
                {str(s): int(n) for s, n in told["back"].items()},
            )
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            raise LineBroken(str(fault)) from None

    def fetch(self, stream: str, number: int, *, own: bool = False) -> bytes:
        path = f"{'own' if own else 'out'}/{stream}/{number}/"
        for _ in range(3):
            kept = self._parts.get(path, b"")
            status, answer = self._asked("GET", path, headers={"Range": f"bytes={len(kept)}-"}, path=path)
            if status in (200, 206):
                return (kept if status == 206 else b"") + answer
            self._parts.pop(path, None)
        raise LineBroken(_why(status, answer))

    def own_numbers(self, stream: str, since: int) -> list[int]:
        found = self._json("GET", f"own/{stream}/?since={since}").get("numbers", [])
        return [int(n) for n in found]

    def send(self, data: bytes) -> None:
        path = f"in/{sha256(data).hexdigest()}/"
        at = int(self._json("GET", path).get("have", 0))
        while True:
            status, answer = self._asked("PUT", path, data[at : at + CHUNK], {"Upload-Offset": str(at)})
            told = _told(answer)
            if status == 200:
                return
            if status == 409 and int(told.get("have", -1)) != at:  # it has more, or less, than we thought
                at = int(told["have"])
                continue
            if "why" in told and status < 500:
                raise Declined(_why(status, answer))
            if status != 202 or int(told.get("have", 0)) <= at:
                raise LineBroken(_why(status, answer))
            at = int(told["have"])

    def close(self) -> None:
        self._connection.close()

    def _json(self, method: str, path: str) -> dict[str, Any]:
        status, answer = self._asked(method, path)
        if status != 200:
            raise LineBroken(_why(status, answer))
        return _told(answer)

    def _asked(
        self,
        method: str,
        name: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
        path: str = "",
    ) -> tuple[int, bytes]:
        """Status and answer. What came of an answer before the line broke is kept under `path`."""
        sent = {
            "Authorization": f"Bearer {self._ticket}",
            "Content-Type": "application/octet-stream",
            **headers,
        }
        try:
            self._connection.request(method, self.address.path.rstrip("/") + ROOT + name, body, sent)
            response = self._connection.getresponse()
            if int(response.headers.get("Content-Length") or 0) > _MOST_ANSWER:
                raise LineBroken("too long")
            try:
                return response.status, response.read(_MOST_ANSWER)
            except http.client.IncompleteRead as cut:
                if path and response.status in (200, 206):
                    self._parts[path] = (
                        self._parts.get(path, b"") if response.status == 206 else b""
                    ) + cut.partial
                raise
        except (OSError, http.client.HTTPException, ValueError) as fault:
            self._connection.close()
            raise LineBroken(f"{type(fault).__name__}: {fault}") from None


def _connected(address: str) -> http.client.HTTPConnection:
    """Over TLS, or not out of this machine. Raises LineBroken."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=WAITS, context=ssl.create_default_context()
        )
    if parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"):
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=WAITS)
    raise LineBroken(f"{address}: https")


def _told(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise LineBroken("JSON") from None
    if not isinstance(found, dict):
        raise LineBroken("JSON")
    return found


def _why(status: int, answer: bytes) -> str:
    """What the other said is wrong, in both languages where it says so."""
    try:
        told = json.loads(answer)
        return f"{status}: {told['es']} / {told['en']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return str(status)
