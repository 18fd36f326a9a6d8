"""The product as `mirps serve` starts it, on loopback, for a bench: an installation of its own, one empty
view beside its pages, and one connection that asks for both in turn."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = """
from mirps.config.settings import *  # noqa
ROOT_URLCONF = "bench_urls"
"""
URLS = """
from django.http import HttpResponse
from django.urls import path
from mirps.config.urls import urlpatterns as ours
urlpatterns = [path("empty/", lambda request: HttpResponse("")), *ours]
"""


class Asker:
    """One connection, kept alive. Calling it gives seconds and the size of the answer in bytes."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(600):  # a full machine takes its time to start a server
            try:
                self.line.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        self.body = b""
        self.last = time.perf_counter()

    def __call__(self, path: str, encoding: str = "br") -> tuple[float, int]:
        if time.perf_counter() - self.last > 1:  # the server closes a line that is silent for two seconds
            self.line.close()
            self.line.connect()
        start = self.last = time.perf_counter()
        self.line.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = self.line.getresponse()
        self.body = answer.read()
        seconds = time.perf_counter() - start
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return seconds, len(self.body)


def installation(home: str) -> dict[str, str]:
    """The environment of a new installation in `home`, with the empty view among its addresses."""
    folder = Path(home)
    (folder / "bench_settings.py").write_text(SETTINGS)
    (folder / "bench_urls.py").write_text(URLS)
    env = {**os.environ, "MIRPS_HOME": home, "DJANGO_SETTINGS_MODULE": "bench_settings",
           "PYTHONPATH": os.pathsep.join([home, str(Path.cwd())])}  # fmt: skip
    env.pop("MIRPS_DATABASE_URL", None)
    return env


@contextmanager
def serving(env: dict[str, str], workers: int = 1) -> Iterator[Asker]:
    """One connection to the server, which ends with the block."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "mirps.config.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--workers", str(workers), "--threads", "4", "--worker-class", "gthread", "--preload",
         "--log-level", "warning"],
        env=env,
    )  # fmt: skip
    try:
        yield Asker(port)
    finally:
        server.terminate()
        server.wait(timeout=20)


def median(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]
