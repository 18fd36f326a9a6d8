"""300 registration desks at once, among 1.2 million people: each searches, registers a family, opens its file.

    make bench ARGS=border                          a minute on each database
    python -m bench.border --minutes 10 --on postgresql

The server is `mirps serve` as it is; the desks share its cores. Afterwards every receipt is compared with what
stands: each person once, with all that was said, and found by name. PostgreSQL is a cluster of its own with
fsync on; on SQLite a receipt is given when its commit is on the disk. People, time and answers are bounded.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from tests.people import made

from bench import people_index, people_registry
from bench.evening import DATABASES, ROOT, tell, through
from bench.evening_people import CSRF, Person
from bench.people import PEOPLE, family_of, officer

PACE = 9.0  # seconds that a desk takes between two requests, on average


def run() -> dict[str, Any]:
    return {name: on(name, desks=300, minutes=1.0) for name in DATABASES}


def on(database: str, *, desks: int, minutes: float) -> dict[str, Any]:
    """The border on one database, in a home of its own; PostgreSQL in a cluster of its own."""
    index = people_index.built(PEOPLE)
    with tempfile.TemporaryDirectory(prefix="mirps-border-") as home:
        env = {k: v for k, v in os.environ.items() if not k.startswith("MIRPS_")}
        env |= {
            "MIRPS_HOME": home,
            "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        shutil.copy(index.keys, home)
        command = [sys.executable, "-m", "bench.border", "--here", str(index.folder), "--desks", str(desks),
                   "--minutes", str(minutes)]  # fmt: skip
        if database == "postgresql":
            command.insert(0, str(ROOT / "tools" / "with-postgres"))
            env |= {"PG_FSYNC": "on", "PG_NODE": "1"}
        else:
            subprocess.run(["cp", str(people_registry.sqlite_of(index)), f"{home}/mirps.sqlite3"], check=True)
        print(f"   -- {database}: {desks} desks, {minutes:g} minutes", flush=True)
        subprocess.run(command, env=env, cwd=ROOT, check=True)
        found: dict[str, Any] = json.loads((Path(home) / "result.json").read_text())
        return found


class Desk(Person):
    """A desk: looks for a family, registers it, and now and then opens a file."""

    def __init__(self, n: int, cookie: str, families: list[list[made.Made]], port: int, until: float) -> None:
        who = {"username": f"desk-{n}", "number": n, "lang": "es", "part": "desk", "institution": "MEX.COMAR",
               "session": cookie.partition("=")[2]}  # fmt: skip
        super().__init__(who, port, until, PACE)
        self.families = families

    def as_desk(self) -> None:
        for four in self.families:
            self.think()
            head = four[0]
            typed = urlencode({"q": f"{head.given} {head.surnames}", "csrfmiddlewaretoken": CSRF})
            if self.typed < 50:  # what one person may search for in an hour
                self.typed += 1
                self.ask(
                    "search", "POST", "/es/people/", typed, "application/x-www-form-urlencoded", (200, 302)
                )
                self.think()
            said = family_of(four, self.rng)
            receipt = self.post_json("register", "/es/people/desk/take/", said)
            if receipt:
                self.kept.receipts.append({"said": said, "numbers": receipt["people"]})
                if self.rng.random() < 0.3:
                    self.think()
                    self.get("file", f"/es/people/{receipt['people'][0]}/")


def here(index: people_index.Built, desks: int, minutes: float) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from mirps.base.crypto import api as crypto
    from mirps.people.registry.models import Person as Registered

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if url := os.environ.get("MIRPS_DATABASE_URL"):
        people_index.copy(index, url)
        people_registry.into_postgresql(index, url)
    crypto.begin()
    chance, people = random.Random(3), list(made.people(desks * 480, 99))
    cookies = [officer(n) for n in range(desks)]
    chance.shuffle(people)
    fours = [people[n : n + 4] for n in range(0, len(people), 4)]
    before = Registered.objects.count()
    if url:
        people_registry.as_served(url)
    connection.close()
    home = Path(os.environ["MIRPS_HOME"])
    found, crowd = through(
        home, minutes,
        lambda port, until: [Desk(n, cookies[n], fours[n::desks], port, until) for n in range(desks)],
    )  # fmt: skip
    if url:  # a seatless role would be shown nobody
        people_registry.connect_as(urlsplit(url).username or "")
    found["stored"] = _verified([r for p in crowd for r in p.kept.receipts], before)
    tell(found)
    return found


def _verified(receipts: list[dict[str, Any]], before: int) -> dict[str, Any]:
    """Every acknowledged family against what stands; a sample is looked for by name."""
    from mirps.people.identity import api as identity
    from mirps.people.identity.queries import MOST
    from mirps.people.registry import api as registry
    from mirps.people.registry.models import Fact
    from mirps.people.registry.models import Person as Registered

    problems: list[str] = []
    crowded = 0
    for n, receipt in enumerate(receipts):
        said = receipt["said"]
        facts = set(Fact.objects.filter(submission=said["id"]).values_list("id", flat=True))
        if facts != {UUID(f["id"]) for f in said["facts"]}:
            problems.append(f"{said['id']}: {len(facts)} of {len(said['facts'])} facts")
        if n % 20 == 0:
            names = [f for f in said["facts"] if f["kind"] == "name"]
            kept = registry.names_of(UUID(f["person"]) for f in names)
            for f in names:
                written = f"{f['data']['given']} {f['data']['surnames']}"
                found = identity.find(identity.read(f["data"]["given"], f["data"]["surnames"]))
                if kept.get(UUID(f["person"])) != written:
                    problems.append(f"{f['person']}: another name stands")
                if UUID(f["person"]) not in {c.row for c in found}:
                    # One given name and one surname that thousands bear: a search says so, and asks for more.
                    if len(found) > 0.9 * MOST:
                        crowded += 1
                    else:
                        problems.append(f"{f['person']}: is not found by name")
    added = Registered.objects.count() - before
    acknowledged = sum(len(r["said"]["people"]) for r in receipts)
    if added < acknowledged:
        problems.append(f"{acknowledged} acknowledged, {added} stand")
    return {"families": len(receipts), "people": acknowledged, "added": added, "crowded": crowded,
            "wrong": len(problems), "problems": problems[:20]}  # fmt: skip


def main() -> int:
    words = argparse.ArgumentParser(description="300 registration desks at once.")
    words.add_argument("--desks", type=int, default=300)
    words.add_argument("--minutes", type=float, default=1.0)
    words.add_argument("--on", choices=[*DATABASES, "both"], default="both")
    words.add_argument("--here", metavar="FOLDER", help=argparse.SUPPRESS)
    given = words.parse_args()
    if not (0 < given.desks <= 500 and 0 < given.minutes <= 20):
        words.error("at most 500 desks and 20 minutes")
    if given.here:
        folder = Path(given.here)
        index = people_index.Built(folder, int(folder.name.partition("-")[0]))
        found = here(index, given.desks, given.minutes) | {"at": datetime.now(UTC).isoformat()}
        (Path(os.environ["MIRPS_HOME"]) / "result.json").write_text(json.dumps(found))
        return 0
    wanted = DATABASES if given.on == "both" else (given.on,)
    results = [on(n, desks=given.desks, minutes=given.minutes) for n in wanted]
    return 0 if all(r["errors"] == 0 == r["stored"]["wrong"] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
