"""One POST to a host that may be called. Nothing is followed, little is read, nothing waits long.

The name is looked up once, each address to which it leads is judged, and the call goes to the one that was judged:
what the name leads to a moment later counts for nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from django.conf import settings

from mirps.base.hooks import rules
from mirps.base.hooks.rules import HookFault, Host

#: Seconds to wait for an answer; bytes of it that are read.
WAITS, MOST_READ = 10.0, 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` 0: nothing did, and `text` says what went wrong."""

    status: int
    text: bytes
    ms: int
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def allowed() -> dict[str, Host]:
    """The hosts that this node may call (MIRPS_OUTSIDE)."""
    return rules.hosts(settings.OUTSIDE)


def post(address: str, body: bytes, headers: Mapping[str, str], *, waits: float = WAITS) -> Answer:
    """Raises HookFault for an address that may not be called; whatever else goes wrong is told in the answer."""
    hosts, began = allowed(), time.monotonic()
    parts = rules.address(address, hosts)
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = None
    try:
        ip = _looked_up(hosts[host], port)
        connection = _Pinned(host, port, ip, waits, tls=parts.scheme == "https")
        ends = Timer(waits * 2, connection.cut)  # for an answer that comes a letter at a time
        ends.daemon = True
        ends.start()
        try:
            connection.request("POST", path, body, {"User-Agent": "mirps", "Connection": "close", **headers})
            response = connection.getresponse()
            text = response.read(MOST_READ)
            told = {k.lower(): v for k, v in response.headers.items()}
            return Answer(response.status, text, _ms(began), told)
        finally:
            ends.cancel()
    except HookFault:
        raise
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return Answer(0, f"{type(fault).__name__}: {fault}".encode()[:300], _ms(began), {})
    finally:
        if connection is not None:
            connection.close()


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _looked_up(host: Host, port: int) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host.name, port, type=socket.SOCK_STREAM)]
    for ip in found:
        rules.reached(host, ip)
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under TLS in the name that was asked for."""

    def __init__(self, host: str, port: int, ip: str, waits: float, *, tls: bool) -> None:
        super().__init__(host, port, timeout=waits)
        self._ip = ip
        self._context = ssl.create_default_context() if tls else None

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        try:
            self.sock = (
                self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain
            )
        except BaseException:
            plain.close()
            raise

    def cut(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
