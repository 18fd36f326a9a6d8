"""A system that listens on this machine, and what it is subscribed to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.cases.desks import AT

from mirps.base.access.api import User
from mirps.base.clients.api import Client
from mirps.sharing.webhooks import api as webhooks
from mirps.sharing.webhooks.api import Subscription

System = Callable[..., Client]
#: Before anything happens, and when all has.
NOW, LATER = AT - timedelta(hours=1), AT + timedelta(days=20)


@dataclass
class Receiver:
    """A system that listens: what came, and what it answers."""

    port: int = 0
    status: int = 200
    says: bytes = b"ok"
    more: dict[str, str] = field(default_factory=dict)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]

    @property
    def kinds(self) -> list[str]:
        return [told["type"] for told in self.told]


@contextmanager
def listening() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(told.status)
            for name, value in told.more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.says)))
            self.end_headers()
            self.wfile.write(told.says)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def subscribed(
    system: System, person: Callable[..., User], receiver: Receiver, *kinds: str, institution: str = "MEX.COMAR"
) -> tuple[Subscription, str]:  # fmt: skip
    """The receiver is told of these kinds (all where none is named) in an institution's place; and the secret."""
    state = institution.partition(".")[0]
    return webhooks.subscribe(
        client=system(institution=institution).pk, address=receiver.address, kinds=kinds or webhooks.kinds(),
        by=person(f"ana-{state}", "administrator", state), at=NOW,
    )  # fmt: skip
