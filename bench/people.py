"""The pages of registration with 1.2 million people in a million groups, against an empty Django view.

The people are those of bench/people_registry.py, found through the sealed index of bench/people_index.py. One
connection asks in turn for the empty view, a person's file, a search with the second surname misspelt, and
sends a family of four as the desk in the browser does. SQLite's file (6.4 GB) and PostgreSQL's are held in memory,
PostgreSQL's indexes in its own, as on a node that has worked for a day. PostgreSQL waits for its disk (fsync), and
so does SQLite where a receipt is given; PostgreSQL's pages are served by a role that row security holds. The job
that puts families into the index, and the check for duplicates against everybody, are timed beside, each by itself.

    python -m bench.people sqlite          one database
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from tests.people import made
from tests.registry.said import family, who

from bench import held, people_index, people_registry
from bench.people_search import DATABASES, _Timed
from bench.served import installation, median, serving

ROOT, PEOPLE, TIMES, OFFICERS = people_index.ROOT, 1_200_000, 200, 40
#: At most so many times the empty view, at the median.
BUDGETS = {"file": 7, "search": 20, "family": 12}
CHECK = 0.3  # seconds
CSRF = "b" * 32


def run() -> dict[str, Any]:
    return {name: on(name) for name in DATABASES}


def on(database: str) -> dict[str, Any]:
    """The measurements on one database, in a home of its own; PostgreSQL in a cluster of its own."""
    index = people_index.built(PEOPLE)
    with tempfile.TemporaryDirectory(prefix="mirps-people-") as home:
        env = installation(home)
        shutil.copy(index.keys, home)
        command = [sys.executable, "-m", "bench.people", "here", str(index.folder)]
        if database == "postgresql":
            command.insert(0, str(ROOT / "tools" / "with-postgres"))
            env |= {"PG_FSYNC": "on", "PG_NODE": "1"}
        else:
            whole = people_registry.sqlite_of(index)
            subprocess.run(["cp", str(whole), f"{home}/mirps.sqlite3"], check=True)
        print(f"   -- {database}", flush=True)
        subprocess.run(command, env=env, cwd=ROOT, check=True)
        found: dict[str, Any] = json.loads((Path(home) / "result.json").read_text())
    _tell(found)
    return found


def here(index: people_index.Built) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from mirps.base.crypto import api as crypto

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if url := os.environ.get("MIRPS_DATABASE_URL"):
        people_index.copy(index, url)
        people_registry.into_postgresql(index, url)
    crypto.begin()
    people, chance = index.people(), random.Random(7)
    cookies = [officer(n) for n in range(OFFICERS)]
    with held.database():
        if url:
            _into_its_buffers()
            people_registry.as_served(url)
        with serving(dict(os.environ)) as ask:
            measure = _Measure(ask, people, chance, cookies)
            for n in range(20):  # the first are for the caches
                measure.once(n)
            measure.times.clear()
            for n in range(TIMES):
                measure.once(n)
        times = {name: median(took) for name, took in measure.times.items()}
        found: dict[str, Any] = {f"{name}_ms": t * 1000 for name, t in times.items()}
        found["ratios"] = {name: times[name] / times["empty"] for name in BUDGETS}
        found["settled"] = _settled()
        found["check"] = _checked(measure.sent[-60:])
    return found


def _into_its_buffers() -> None:
    """What PostgreSQL has in its own memory on a node that has worked for a day (docs/custody.md): the index of
    names, and the indexes of who is registered."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        cursor.execute(
            "SELECT pg_prewarm(c.oid) FROM pg_class c WHERE c.relname ~ '^people_(entry|fact|person)'"
            " AND (c.relkind = 'i' OR c.relname = 'people_entry')"
        )


class _Measure:
    """One of each in turn, so that what else the machine does weighs on all alike."""

    def __init__(self, ask: Any, people: list[made.Made], chance: random.Random, cookies: list[str]) -> None:
        self.ask, self.people, self.chance, self.cookies = ask, people, chance, cookies
        self.times: dict[str, list[float]] = {}
        self.sent: list[dict[str, Any]] = []

    def once(self, n: int) -> None:
        from mirps.people.registry.api import number

        cookie, person = self.cookies[n % len(self.cookies)], self.chance.choice(self.people)
        for _ in range(3):
            self._time("empty", lambda: self._ask("GET", "/empty/", ""))
        address = f"/es/people/{number('MEX', person.id)}/"
        self._time("file", lambda: self._ask("GET", address, cookie))
        wrong = made.second_misspelt(self.chance.choice(self.people), self.chance)
        typed = urlencode({"q": f"{wrong.given} {wrong.surnames}", "csrfmiddlewaretoken": CSRF})
        self._time("search", lambda: self._ask("POST", "/es/people/", cookie, typed))
        said = family_of(self.chance.sample(self.people, 4), self.chance)
        self.sent.append(said)
        self._time("family", lambda: self._ask("POST", "/es/people/desk/take/", cookie, json.dumps(said)))

    def _time(self, name: str, act: Callable[[], None]) -> None:
        began = perf_counter()
        act()
        self.times.setdefault(name, []).append(perf_counter() - began)

    def _ask(self, method: str, path: str, cookie: str, body: str = "") -> None:
        headers = {"Accept-Encoding": "identity", "Cookie": f"{cookie}; csrftoken={CSRF}" if cookie else ""}
        if body:
            kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
            headers |= {"Content-Type": kind, "X-CSRFToken": CSRF}
        self.ask.line.request(method, path, body or None, headers)
        answer = self.ask.line.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:300]!r}")


def family_of(four: list[made.Made], chance: random.Random) -> dict[str, Any]:
    """Two parents and two children, each with a document, one with a telephone, as a desk sends them."""
    tag = f"{chance.randrange(10**11, 10**12)}"
    people = [
        who(p.given, p.surnames, born=str(p.born), role=role, document=f"{tag}{n}", phone="" if n else tag)
        for n, (p, role) in enumerate(zip(four, ("head", "partner", "child", "child"), strict=True))
    ]
    return family(*people, made_at=datetime.now(UTC).isoformat())


def officer(n: int) -> str:
    """The cookie of a registration officer who is signed in, at an office and for a purpose."""
    from importlib import import_module

    from django.conf import settings

    from mirps.base.access import api as access

    now = datetime.now(UTC)
    user = access.User.objects.create(username=f"bench-{n}")
    access.give_role(
        user=user, role="registration-officer", state="MEX", body="MEX.COMAR", starts=now.date(), ends=None,
        by="bench", at=now,
    )  # fmt: skip
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {"_auth_user_id": str(user.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
         "_auth_user_hash": user.get_session_auth_hash(), "people-seat": "MEX.COMAR MEX.COMAR.TAP",
         "people-purpose": "registration", "second-factor": user.pk}
    )  # fmt: skip
    session.create()
    return f"sessionid={session.session_key}"


def _settled() -> dict[str, Any]:
    """What the job beside the server does for the families just registered: each into the index."""
    from mirps.people.identity import api as identity

    timed, done = _Timed(), 0
    while True:
        with timed:
            some = identity.settle()
        if not some:
            return {"families": done, "ms_each": sum(timed.clock) / max(1, done)}
        done += some


def _checked(sent: list[dict[str, Any]]) -> dict[str, Any]:
    """The check for duplicates of a family of four against everybody, as the page that registers makes it."""
    from uuid import UUID

    from mirps.people.custody.api import Seat
    from mirps.people.intake import api as intake

    seat, timed = Seat("bench-0", "MEX", "MEX.COMAR", purpose="registration"), _Timed()
    found = 0
    for n, said in enumerate(sent):
        if n < 5:
            intake.compare(UUID(said["id"]), seat=seat, at=datetime.now(UTC))
            continue
        with timed:
            found += intake.compare(UUID(said["id"]), seat=seat, at=datetime.now(UTC))
    return {**timed.told(), "suspected": found}


def _tell(found: dict[str, Any]) -> None:
    print(f"   empty view {found['empty_ms']:.2f} ms")
    for name, budget in BUDGETS.items():
        ratio = found["ratios"][name]
        over = "  NOT WITHIN THE BUDGET" if ratio > budget else ""
        print(
            f"   {name:8} {found[f'{name}_ms']:7.2f} ms = {ratio:5.1f} empty views (at most {budget}){over}"
        )
    settled = found["settled"]
    print(
        f"   the job beside it puts a family into the index in {settled['ms_each']:.1f} ms ({settled['families']})"
    )
    check = found["check"]
    print(f"   duplicates of a family of four against all: median {check['median_ms']:.0f} ms, "
          f"95% {check['p95_ms']:.0f} ms (at most {CHECK * 1000:.0f}); {check['suspected']} suspected")  # fmt: skip


def main(database: str, folder: str = "") -> None:
    if database == "here":
        result = here(people_index.Built(Path(folder), int(Path(folder).name.partition("-")[0])))
        (Path(os.environ["MIRPS_HOME"]) / "result.json").write_text(json.dumps(result))
    else:
        on(database)


if __name__ == "__main__":
    main(*sys.argv[1:])
