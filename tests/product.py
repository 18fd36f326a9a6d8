"""Running the product from outside, as its users do."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

#: Fifths of a second: a full machine takes its time.
MOST_WAITED = 450
MIRPS = str(Path(sys.executable).with_name("mirps"))
DEMO_PASSWORD = "mirps-demo-only"


def environment(home: Path, database: str = "") -> dict[str, str]:
    """The environment of an installation of its own in `home`; SQLite unless a database is named."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DJANGO_SETTINGS_MODULE", "MIRPS_SECRET_KEY", "MIRPS_DATABASE_URL", "MIRPS_DEMO"}
    }
    return env | {"MIRPS_HOME": str(home)} | ({"MIRPS_DATABASE_URL": database} if database else {})


def fresh_database(name: str) -> str:
    """The address of an empty database of that name on the PostgreSQL of the tests."""
    import psycopg

    url = os.environ["MIRPS_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{url.rsplit('/', 1)[0]}/{name}"


def free_port() -> int:
    """A port to serve on. Below those that the system gives to connections that go out: one of these could take
    the port between the question and the server's start."""
    while True:
        port = secrets.choice(range(10_000, 30_000))
        with suppress(OSError), socket.socket() as s:
            s.bind(("127.0.0.1", port))
            return port


def demo_environment(home: Path) -> dict[str, str]:
    """The environment of a demo in `home`, with a port that is free."""
    return environment(home) | {"MIRPS_DEMO": "1", "PORT": str(free_port())}


@cache
def _made(*commands: tuple[str, ...]) -> Path:
    """An installation in which these commands were run, once in a process of tests: each test that asks for one
    of its own is given a copy."""
    made = Path(tempfile.mkdtemp(prefix="mirps-made-"))
    for command in commands:
        subprocess.run(
            [MIRPS, *command], env=demo_environment(made), check=True, stdout=subprocess.DEVNULL, timeout=300
        )
    return made


def _own(home: Path, *commands: tuple[str, ...]) -> dict[str, str]:
    shutil.copytree(_made(*commands), home, dirs_exist_ok=True)
    return demo_environment(home)


def own_tables(home: Path) -> dict[str, str]:
    """A demo with empty tables in `home`; the environment to fill and serve it in."""
    return _own(home, ("manage", "migrate", "-v0"), ("manage", "collectstatic", "--noinput", "-v0"))


def seed(env: dict[str, str], script: Path, *words: str) -> str:
    """Run a script that fills a demo; the last line that it prints."""
    settings = {"DJANGO_SETTINGS_MODULE": "mirps.config.settings"}
    done = subprocess.run(
        [sys.executable, script, *words], env=env | settings, check=True, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    return done.stdout.splitlines()[-1] if done.stdout else ""


def own_demo(home: Path, *, reports: bool = False) -> dict[str, str]:
    """A demo of its own in `home`, with a port that is free; the environment to serve it in."""
    return _own(home, ("demo", "--no-serve", "--reports" if reports else "--no-reports"))


@contextmanager
def serving(env: dict[str, str], host: str = "127.0.0.1") -> Iterator[str]:
    """The address of the product, served in this environment until the block ends."""
    server = subprocess.Popen([MIRPS, "serve", "--port", env["PORT"]], env=env, start_new_session=True)
    address = f"http://{host}:{env['PORT']}"
    try:
        for _ in range(MOST_WAITED):
            try:
                urllib.request.urlopen(f"{address}/es/sign-in/", timeout=20)
                break
            except OSError:  # refused, or too slow while it starts
                time.sleep(0.2)
        else:
            raise RuntimeError("the server did not come up")
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)
