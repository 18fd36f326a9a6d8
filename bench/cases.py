"""The pages of casework with a million cases and ten million acts, against an empty Django view.

The cases are those of bench/cases_made.py. One connection asks in turn for a case's page, an officer's list with
filters and count, and an office's whole queue, and sends a decision with its letter; before each it asks for the empty
view, so that both are asked in the same state of the machine (of several empty views in a row, the later ones take a
fifth less than one between pages). Beside: rows rebuilt from sealed events a second, and how long a suspension over
every open case takes until all lists show it.

    python -m bench.cases sqlite            one database
    python -m bench.cases postgresql 20000  fewer cases
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from uuid_utils.compat import uuid7

from bench import cases_kept, cases_made, held, people_registry
from bench.cases_made import HOLDER, OFFICES, PROCEDURE, ROLES, ROOT
from bench.served import installation, median, serving

CASES, TIMES, SIGNED_IN = 1_000_000, 200, 20
DATABASES = ("sqlite", "postgresql")
#: At most so many times the empty view, at the median.
BUDGETS = {"case": 7, "worklist": 8, "decision": 20}
REBUILT, REBUILT_WANTED = 10_000, 20_000  # cases rebuilt; events a second wanted
SUSPENDED = 60  # seconds until every list shows a suspension
CSRF = "b" * 32


def run() -> dict[str, Any]:
    return {name: on(name) for name in DATABASES}


def on(database: str, count: int = CASES) -> dict[str, Any]:
    """The measurements on one database, in a home of its own; PostgreSQL in a cluster of its own."""
    result = in_home(database, cases_made.built(count), "bench.cases", "here")
    _tell(result)
    return result


def in_home(database: str, found: cases_made.Built, *words: str) -> dict[str, Any]:
    """What a module says (`result.json`) that is run with these words and the folder of cases, in a home of its own
    where they are; PostgreSQL in a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="mirps-cases-") as home:
        env = installation(home)
        shutil.copy(found.keys, home)
        command = [sys.executable, "-m", *words, str(found.folder)]
        if database == "postgresql":
            command.insert(0, str(ROOT / "tools" / "with-postgres"))
            env |= {"PG_FSYNC": "on", "PG_NODE": "1"}
            if kept := cases_kept.cluster_of(found):
                env["PG_KEPT"] = str(kept)
        else:
            subprocess.run(["cp", str(cases_made.sqlite_of(found)), f"{home}/mirps.sqlite3"], check=True)
            # Or the first commit that goes to the disk waits for six gigabytes before it.
            subprocess.run(["sync", f"{home}/mirps.sqlite3"], check=True)
        print(f"   -- {database}", flush=True)
        subprocess.run(command, env=env, cwd=ROOT, check=True)
        result: dict[str, Any] = json.loads((Path(home) / "result.json").read_text())
    return result


def begun(found: cases_made.Built) -> str:
    """Django set up in this home, with the cases there; the database's address, empty for SQLite."""
    import django

    django.setup()
    from django.core.management import call_command

    from mirps.base.crypto import api as crypto

    if url := os.environ.get("MIRPS_DATABASE_URL"):
        cases_kept.as_first(url)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if url:
        cases_kept.fill(found, url)
    crypto.begin()
    return url or ""


def here(found: cases_made.Built) -> dict[str, Any]:
    url, chance = begun(found), random.Random(7)
    result: dict[str, Any] = {"cases": found.count, "rebuilt": _rebuilt(found)}
    *cookies, _ = (officer(n) for n in range(SIGNED_IN + 1))  # the last sits at `_seat`
    every = drawn(chance, 500, office=OFFICES[0])
    decisions = drawn(chance, 500, office=OFFICES[0], stage="decision", open=True)
    with held.database():
        if url:
            people_registry.as_served(url)
        result["inside"] = _inside(every[:100], decisions[:50])
        with serving(dict(os.environ)) as ask:
            measure = _Measure(ask, cookies, every[100:], decisions[50:])
            for n in range(20):  # the first are for the caches
                measure.once(n)
            measure.times.clear()
            for n in range(TIMES):
                measure.once(n)
    times = {name: median(took) for name, took in measure.times.items()}
    result |= {f"{name}_ms": t * 1000 for name, t in times.items()}
    result["ratios"] = {name: t / times["empty"] for name, t in times.items() if name != "empty"}
    if url:
        people_registry.connect_as(urlsplit(url).username or "")
    return result | {"suspended": _suspended()}


def drawn(chance: random.Random, most: int, **where: Any) -> list[tuple[UUID, str]]:
    """Some cases, drawn by chance, each with its number."""
    from mirps.casework.cases.api import Standing

    rows = Standing.objects.filter(**where).order_by().values_list("case_id", "case__number")
    some = list(rows[: most * 50])
    return chance.sample(some, min(most, len(some)))


class _Measure:
    """One of each in turn, so that what else the machine does weighs on all alike."""

    def __init__(
        self, ask: Any, cookies: list[str], every: list[tuple[UUID, str]], decisions: list[tuple[UUID, str]]
    ) -> None:
        self.ask, self.cookies, self.every, self.decisions = ask, cookies, every, decisions
        self.times: dict[str, list[float]] = {}

    def once(self, n: int) -> None:
        cookie = self.cookies[n % len(self.cookies)]
        _, number = self.every[n % len(self.every)]
        self._pair("case", f"/es/cases/{number}/", cookie)
        listed = urlencode({"view": "turn", "procedure": PROCEDURE, "stage": "decision"})
        self._pair("worklist", f"/es/cases/?{listed}", cookie)
        self._pair("queue", "/es/cases/?view=office", cookie)
        self._pair("mine", "/es/cases/", cookie)
        if self.decisions:  # each is decided once
            _, number = self.decisions.pop()
            self._pair("decision", f"/es/cases/{number}/do/refuse/", cookie, urlencode(refusal()))

    def _pair(self, name: str, path: str, cookie: str, typed: str = "") -> None:
        """A page after an empty view."""
        self.times.setdefault("empty", []).append(self._ask("/empty/", ""))
        self.times.setdefault(name, []).append(self._ask(path, cookie, typed))

    def _ask(self, path: str, cookie: str, typed: str = "") -> float:
        """Seconds."""
        headers = {"Accept-Encoding": "identity"} | (
            {"Cookie": f"{cookie}; csrftoken={CSRF}"} if cookie else {}
        )
        if typed:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = perf_counter()
        self.ask.line.request("POST" if typed else "GET", path, typed or None, headers)
        answer = self.ask.line.getresponse()
        text = answer.read()
        took = perf_counter() - began
        if answer.status != (302 if typed else 200):
            raise RuntimeError(f"{path} answered {answer.status}: {text[:300]!r}")
        return took


def refusal() -> dict[str, str]:
    """What is posted where an officer refuses, with its reason, and is sure."""
    return {**form(), "reason": cases_made.REASON, "sure": "1"}


def form() -> dict[str, str]:
    """What every form of an act holds."""
    return {"csrfmiddlewaretoken": CSRF, "id": str(uuid7()), "made": datetime.now(UTC).isoformat()}


def _seat() -> Any:
    from mirps.people.custody.api import Seat

    # Of nobody whose pages are measured: what is read at once counts towards the reader's limit.
    return Seat(f"bench-{SIGNED_IN}", "MEX", HOLDER, OFFICES[0], purpose="procedure")


def _decide(case: UUID) -> None:
    """A refusal with its reason and its letter, through the door by which pages act."""
    from mirps.casework.cases.api import Saying
    from mirps.casework.conduct import api as conduct

    at = datetime.now(UTC)
    said = Saying(uuid7(), "refuse", at, reason=cases_made.REASON)
    conduct.do(case, said, seat=_seat(), role="coordinator", at=at)


def _inside(every: list[tuple[UUID, str]], decisions: list[tuple[UUID, str]]) -> dict[str, float]:
    """Without a page around them: a case read, a list asked, and a decision with its letter, in milliseconds at the
    median."""
    from mirps.casework.cases import api as cases
    from mirps.people.custody import api as custody

    seat, at = _seat(), datetime.now(UTC)
    opened: list[float] = []
    listed: list[float] = []
    decided: list[float] = []
    for case, _ in decisions:
        began = perf_counter()
        _decide(case)
        decided.append(perf_counter() - began)
    for _, number in every:
        began = perf_counter()
        with custody.seated(seat):
            cases.case(number, seat=seat, at=at + timedelta(hours=2) * len(opened))  # its own limit, each
        opened.append(perf_counter() - began)
        began = perf_counter()
        with custody.seated(seat):
            cases.worklist(seat, on=at.date(), procedure=PROCEDURE, role=cases.MINE)
        listed.append(perf_counter() - began)
    timed = {"case": opened, "worklist": listed, "decision": decided}
    return {f"{name}_ms": median(took) * 1000 for name, took in timed.items()}


def _rebuilt(found: cases_made.Built) -> dict[str, float]:
    """Rows of lists lost and made anew, of the first so many cases."""
    from django.db import connection

    from mirps.casework.cases import api as cases
    from mirps.casework.cases.rebuilding import BATCH
    from mirps.people.custody import api as custody

    most = min(REBUILT, found.count)
    with custody.keeping():
        first = list(cases.Case.objects.order_by("pk").values_list("pk", flat=True)[:most])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM casework_standing WHERE case_id <= %s",
                           [first[-1] if connection.vendor == "postgresql" else first[-1].hex])  # fmt: skip
        began = perf_counter()
        done = list(islice(cases.rebuild(at=datetime.now(UTC)), most // BATCH))[-1]
        took = perf_counter() - began
    return {"events": done.events, "seconds": took, "rate": done.events / took}


def _suspended() -> dict[str, Any]:
    """A suspension of every deadline in the State: when the next case page counts under it, and when all lists do."""
    from mirps.base.texts.api import Text
    from mirps.casework.cases import api as cases
    from mirps.people.custody import api as custody

    at = datetime.now(UTC)
    cases.recount(at=at)  # what the days since the cases were made have added
    starts = cases_made.today() + timedelta(1)
    row = cases.decree(
        state="MEX", sort="suspension", starts=starts, until=starts + timedelta(30), source="bench", by="one", at=at,
        title=Text("Suspensión", "Suspension"), published=cases_made.today(),
    )  # fmt: skip
    began = perf_counter()
    cases.confirm_decree(row.number, by="another", at=at)
    answered = perf_counter() - began
    cases.recount(at=at)
    took = perf_counter() - began
    with custody.keeping():
        known = cases.Decree.objects.filter(confirmed_at__isnull=False).count()
        open_ = cases.Standing.objects.filter(open=True)
        behind, all_ = open_.exclude(decree=known).count(), open_.count()
    return {"cases": all_, "answered": answered, "seconds": took, "behind": behind}


def officer(n: int) -> str:
    """The cookie of a case officer who is signed in at an office, for a purpose, with every role."""
    from importlib import import_module

    from django.conf import settings

    from mirps.base.access import api as access
    from mirps.casework.cases import api as cases

    now = datetime.now(UTC)
    user, new = access.User.objects.get_or_create(username=f"bench-{n}")
    if new:  # a database that is kept knows them from the bench before
        access.give_role(
            user=user, role="case-officer", state="MEX", body=HOLDER, starts=now.date(), ends=None, by="bench", at=now
        )  # fmt: skip
        cases.appoint(
            user.username, PROCEDURE, sorted({"registration", *ROLES.values()}), institution=HOLDER,
            office=OFFICES[0], since=date(2020, 1, 1), by="bench", at=now,
        )  # fmt: skip
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {"_auth_user_id": str(user.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
         "_auth_user_hash": user.get_session_auth_hash(), "people-seat": f"{HOLDER} {OFFICES[0]}",
         "people-purpose": "procedure", "second-factor": user.pk}
    )  # fmt: skip
    session.create()
    return f"sessionid={session.session_key}"


def _tell(found: dict[str, Any]) -> None:
    print(f"   {found['cases']:,} cases; empty view {found['empty_ms']:.2f} ms")
    for name, ratio in found["ratios"].items():
        budget = BUDGETS.get(name)
        over = "  NOT WITHIN THE BUDGET" if budget and ratio > budget else ""
        most = f" (at most {budget})" if budget else ""
        print(f"   {name:9} {found[f'{name}_ms']:7.2f} ms = {ratio:5.1f} empty views{most}{over}")
    inside, rebuilt, suspended = found["inside"], found["rebuilt"], found["suspended"]
    print(
        f"   without a page: a case {inside['case_ms']:.1f} ms, a list {inside['worklist_ms']:.1f} ms, "
        f"a decision {inside['decision_ms']:.1f} ms"
    )
    print(f"   rebuilt: {rebuilt['rate']:,.0f} events a second (at least {REBUILT_WANTED:,})")
    print(f"   suspension of {suspended['cases']:,} open cases: answered in {suspended['answered']:.1f} s, in all lists"
          f" after {suspended['seconds']:.0f} s (at most {SUSPENDED}); {suspended['behind']} behind")  # fmt: skip


def main(database: str, argument: str = "") -> None:
    if database in ("here", "filled"):
        found = cases_made.Built(Path(argument), int(Path(argument).name.partition("-")[0]))
        result = here(found) if database == "here" else {"address": begun(found)}
        (Path(os.environ["MIRPS_HOME"]) / "result.json").write_text(json.dumps(result))
    else:
        on(database, int(argument or CASES))


if __name__ == "__main__":
    main(*sys.argv[1:])
