"""A node as a process of its own, which does what its standard input says: the product behind a clock and a line
that the test moves. A line in is {"do": …}, a line out its answer."""

from __future__ import annotations

import http.client
import json
import os
import resource
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

django.setup()

import deciding  # noqa: E402
import referring  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import DatabaseError  # noqa: E402

from mirps.evidence.figures import api as figures  # noqa: E402
from mirps.evidence.figures.api import Figure, FigureRow  # noqa: E402
from mirps.evidence.rounds import api as rounds  # noqa: E402
from mirps.sharing.exchange import api as exchange  # noqa: E402
from mirps.web.pages import exchange as door  # noqa: E402

_ahead = timedelta()


def clock() -> datetime:
    return datetime.now(UTC) + _ahead


class Cut(http.client.HTTPConnection):
    """A line that breaks after so many bytes."""

    left = 0

    def send(self, data: Any) -> None:
        size = len(data) if isinstance(data, bytes) else 0
        if size > self.left:
            if self.sock is not None:
                super().send(data[: self.left])
            raise OSError("the line was cut")
        self.left -= size
        super().send(data)


def line(left: int | None) -> Any:
    def connect(address: str) -> http.client.HTTPConnection:
        parts = urlsplit(address)
        made = Cut(parts.hostname or "", parts.port, timeout=30)
        made.left = 10**12 if left is None else left
        return made

    return lambda peer: exchange.HttpLine(peer, connect=connect)


def setup() -> str:
    return exchange.card(exchange.set_up(by="test", at=clock()))


def add(cards: list[str], address: str | None) -> None:
    for text in cards:
        card = exchange.read_card(text)
        exchange.add(card=card, fingerprint=card.fingerprint, address=address, by="test", at=clock())


def open_round(states: list[str]) -> None:
    now = clock()
    asks = [
        rounds.Ask(
            code=f"{s.lower()}-ntt-001", state=s, institution=f"{s}.NTT", sector="asylum",
            measure="asylum.applications", unit="application", population="ASY", as_of=date(2026, 12, 31),
        )
        for s in states
    ]  # fmt: skip
    made = rounds.set_up(
        code="2026", kind=rounds.Kind.ANNUAL, title_es="Ronda 2026", title_en="Round 2026", starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), cut_off=None, asks=asks, by="test", at=now,
    )  # fmt: skip
    rounds.set_due(round=made, step=rounds.Due.ENTRY, due=now + timedelta(days=30), by="test", at=now)
    rounds.turn(round="2026", to=rounds.Stage.OPEN, by="test", at=now)
    exchange.prepare(at=now)


def state(value: int) -> None:
    """A figure that was computed from cases and released."""
    code = settings.NODE
    figure = Figure(
        id=f"r2026-{code.lower()}-{value}", document="", locator="", fragment="", state=code, sector="asylum",
        measure="asylum.applications", value=Decimal(value), unit="application", population="ASY",
        as_of=date(2026, 12, 31), series=f"v{value}", origin=figures.Origin.COMPUTED,
    )  # fmt: skip
    figures.state_figures(figures=[figure], round="2026", by="test", at=clock())


def sync(left: int | None = None) -> dict[str, Any]:
    exchange.prepare(at=clock())
    out: dict[str, Any] = {}
    for peer in exchange.Peer.objects.exclude(address="").order_by("pk"):
        done = exchange.call(peer, line(left), at=clock())
        peer.refresh_from_db()
        out[peer.code] = peer.fault if done is None else [done.sent, done.came, done.back, done.refused]
    return out


def told() -> dict[str, Any]:
    rows = FigureRow.objects.filter(round="2026").order_by("id")
    return {
        "round": [r.stage for r in rounds.Round.objects.filter(pk="2026")],
        "figures": [[r.state, r.id, int(r.value or 0), r.origin] for r in rows],
        "lanes": [[str(k), k.outward, k.link] for k in exchange.Lane.objects.all()],
        "unsettled": exchange.Package.objects.filter(state__in=("waiting", "aside"))
        .exclude(lane__stream="receipts")
        .count(),
        "refused": list(exchange.Package.objects.exclude(reason="").values_list("reason", flat=True)),
        "away": list(exchange.TurnedAway.objects.values_list("reason", flat=True)),
    }


def pack(folder: str, to: str) -> int:
    from pathlib import Path

    return len(exchange.pack(Path(folder), to=to, at=clock()))


def unpack(folder: str) -> list[str]:
    from pathlib import Path

    return [o.reason or o.state for _, o in exchange.unpack(Path(folder), at=clock())]


def skew(hours: int) -> None:
    global _ahead
    _ahead = timedelta(hours=hours)


def rotate() -> str:
    return exchange.rotate(by="test", at=clock()).kid


def disk(full: bool) -> None:
    """No file may grow beyond what the database has, or as far as it likes."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096 if full else hard, hard))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: the test reads this process's output."""


def main() -> None:
    door.clock = clock
    server = make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), Server, Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    acts = (
        deciding.ACTS
        | referring.ACTS
        | {
            f.__name__: f
            for f in (setup, add, open_round, state, sync, told, pack, unpack, rotate, skew, disk)
        }
    )
    for text in sys.stdin:
        asked = json.loads(text)
        try:
            answer: Any = acts[asked.pop("do")](**asked)
        except (OSError, DatabaseError) as fault:
            answer = {"fault": str(fault)}
        print(json.dumps(answer), flush=True)


main()
