"""How long until the product answers: first start and started again (`make run` without the environment)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

MIRPS = str(Path(sys.executable).with_name("mirps"))


def until_it_answers(home: str) -> float:
    """Seconds from the command to the first page."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = {**os.environ, "MIRPS_HOME": home, "PORT": str(port)}
    start = time.perf_counter()
    server = subprocess.Popen([MIRPS, "demo", "--port", str(port)], env=env, stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - start < 180:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/es/", timeout=10) as page:
                    page.read()
                return time.perf_counter() - start
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise TimeoutError("the server did not answer in three minutes")
    finally:
        server.terminate()
        server.wait(timeout=20)


def run() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        first = until_it_answers(home)
        again = [until_it_answers(home) for _ in range(3)]
    print(
        f"first start {first:.1f} s; started again {min(again):.1f} to {max(again):.1f} s (must be under 5)"
    )
    return {"first_seconds": round(first, 2), "again_seconds_max": round(max(again), 2)}
