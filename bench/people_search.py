"""Finding and registering among 1.2 million people through the sealed index, against an empty Django view.

The index is that of bench/people_index.py. 10,000 of its people are looked for as another desk would write
them: the second surname misspelt (the only one, where there is no second), and in six of ten something else
wrong too. Families of four are kept, each in a transaction of its own, and afterwards candidates for
duplicates are fetched for each of four. These are the calls that the pages make, in one process, without
the pages; the empty view is asked for through the server before, between and after. Every loop is bounded.

    python -m bench.people_search sqlite 2000       one database, fewer searches
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.people_index import ROOT, Built, built, copy, terms
from bench.served import installation, serving

PEOPLE, SEARCHES, FAMILIES = 1_200_000, 10_000, 200
DATABASES = ("sqlite", "postgresql")
#: At most so many times the empty view, at the median; and the share found among the first 20.
BUDGET, SHARE, FIRST = 20.0, 0.96, 20


def run() -> dict[str, Any]:
    return {name: on(name, SEARCHES) for name in DATABASES}


def on(database: str, searches: int) -> dict[str, Any]:
    """The measurements on one database, in a home of its own; PostgreSQL in a cluster of its own."""
    index = built(PEOPLE)
    with tempfile.TemporaryDirectory(prefix="mirps-people-") as home:
        env = {k: v for k, v in os.environ.items() if k != "MIRPS_DATABASE_URL"}
        env |= {
            "MIRPS_HOME": home,
            "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        shutil.copy(index.keys, home)
        command = [sys.executable, "-m", "bench.people_search", "here", str(index.folder), str(searches)]
        if database == "postgresql":
            command.insert(0, str(ROOT / "tools" / "with-postgres"))
        else:
            shutil.copy(index.database, home)
        print(f"   -- {database}", flush=True)
        subprocess.run(command, env=env, cwd=ROOT, check=True)
        found: dict[str, Any] = json.loads((Path(home) / "result.json").read_text())
    _tell(found)
    return found


def here(index: Built, searches: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from mirps.base.crypto import api as crypto
    from mirps.people.identity.models import Entry

    call_command("migrate", verbosity=0, interactive=False)
    if url := os.environ.get("MIRPS_DATABASE_URL"):
        copy(index, url)
    crypto.begin()
    found: dict[str, Any] = {"entries": Entry._base_manager.count()}
    people, chance = index.people(), random.Random(7)
    with _empty_view() as empty:
        empty(200)
        _searches(people, chance, min(200, searches))  # the first are for the caches
        found["search"] = _searches(people, chance, searches // 2, searches - searches // 2, between=empty)
        found["keep"], found["candidates"] = _families(people, chance)
        empty(200)
        found["empty_ms"] = median(empty.times) * 1000
    for name in ("search", "keep", "candidates"):
        found[name]["ratio"] = found[name]["median_ms"] / found["empty_ms"]
    return found


class Empty:
    """The empty view, asked for now and then."""

    def __init__(self, ask: Callable[[str], Any]) -> None:
        self.ask, self.times = ask, list[float]()

    def __call__(self, times: int) -> None:
        self.times += [self.ask("/empty/")[0] for _ in range(times)]


@contextmanager
def _empty_view() -> Iterator[Empty]:
    with tempfile.TemporaryDirectory(prefix="mirps-bench-") as home, serving(installation(home)) as ask:
        for _ in range(120):  # a full machine takes its time to start a server
            with suppress(OSError):
                ask("/empty/")
                break
            ask.line.close()
            time.sleep(0.5)
        yield Empty(ask)


def _searches(
    people: list[Any], chance: random.Random, *counts: int, between: Callable[[int], None] | None = None
) -> dict[str, Any]:
    from mirps.people.identity.api import find, read

    times, hits = _Timed(), defaultdict(list)
    for count in counts:
        for person in chance.sample(people, count):
            kind, wrong = _written_wrongly(person, chance)
            with times:
                rows = [c.row for c in find(read(wrong.given, wrong.surnames))[:FIRST]]
            hits[kind].append(person.id in rows)
        if between:
            between(200)
    every = [hit for some in hits.values() for hit in some]
    return {**times.told(), "found": sum(every) / len(every),
            "kinds": {kind: sum(some) / len(some) for kind, some in sorted(hits.items())}}  # fmt: skip


def _written_wrongly(person: Any, chance: random.Random) -> tuple[str, Any]:
    """The second surname misspelt, and in six of ten something else."""
    from tests.people import made

    wrong = made.second_misspelt(person, chance)
    also = chance.choice(
        [None, None, made.accents_missing, made.surnames_swapped, made.second_given_left_out]
    )
    if also:
        return f"and {also.__name__}", also(wrong, chance)
    if chance.random() < 0.25:
        return "both surnames misspelt", made.both_misspelt(person, chance)
    return "second surname misspelt", wrong


def _families(people: list[Any], chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two parents and two children, with a telephone and each with a document: kept, and looked for."""
    from django.db import transaction

    from mirps.people.identity import api as identity

    keeping, fetching = _Timed(), _Timed()
    for _ in range(FAMILIES):
        family = _family(people, chance)
        with keeping, transaction.atomic():
            identity.keep(family)
        with fetching:
            for each in family.values():
                identity.find(each.names[0])
                for purpose, values in each.exact.items():
                    identity.find_exact(purpose, values[0])
    return keeping.told(), fetching.told()


def _family(people: list[Any], chance: random.Random) -> dict[Any, Any]:
    from uuid import uuid4

    from mirps.people.identity.api import PHONE

    father, mother, *children = chance.sample(people, 4)
    children = [replace(child, first=father.first, second=mother.first) for child in children]
    phone = f"{chance.randrange(2 * 10**7, 10**8)}"
    family = {}
    for person in (father, mother, *children):
        found = terms(person, chance)
        family[uuid4()] = replace(found, exact={**found.exact, PHONE: (phone,)})
    return family


class _Timed:
    """Times by the clock and by the processor, in milliseconds: where others use the cores, they part."""

    def __init__(self) -> None:
        self.clock, self.cpu, self.server = list[float](), list[float](), 0.0

    def __enter__(self) -> None:
        self.began = time.perf_counter(), time.process_time(), _server_seconds()

    def __exit__(self, *_: object) -> None:
        now = time.perf_counter(), time.process_time(), _server_seconds()
        clock, cpu, server = (1000 * (b - a) for a, b in zip(self.began, now, strict=True))
        self.clock.append(clock)
        self.cpu.append(cpu)
        self.server += server

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = {"n": len(self.clock), "server_cpu_ms": self.server / len(self.clock)}
        for kind, times in (("", self.clock), ("cpu_", self.cpu)):
            found |= {f"{kind}median_ms": median(times), f"{kind}p95_ms": quantiles(times, n=20)[18]}
        return found


def _server_seconds() -> float:
    """The processor's time that PostgreSQL has used for our connection (proc(5)); in hundredths."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    fields = (
        Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    )
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tell(found: dict[str, Any]) -> None:
    print(f"   {found['entries']:,} entries; empty view {found['empty_ms']:.2f} ms")
    for name, said in (
        ("search", f"a search ({found['search']['n']:,})"), ("keep", "keeping a family of four"),
        ("candidates", "candidates for each of four"),
    ):  # fmt: skip
        row = found[name]
        print(f"   {said:32} median {row['median_ms']:6.1f} ms = {row['ratio']:5.1f} empty views; "
              f"95% {row['p95_ms']:.1f}; CPU {row['cpu_median_ms']:.1f} (95% "
              f"{row['cpu_p95_ms']:.1f}) and, on average, the server's {row['server_cpu_ms']:.1f}")  # fmt: skip
    print(f"   found among the first {FIRST}: {found['search']['found']:.2%}, at least {SHARE:.0%}")
    for kind, share in found["search"]["kinds"].items():
        print(f"      {kind:40} {share:.1%}")
    if found["search"]["found"] < SHARE or found["search"]["ratio"] > BUDGET:
        print("   NOT WITHIN THE BUDGET")


def main(database: str, *rest: str) -> None:
    if database == "here":
        folder, searches = Path(rest[0]), int(rest[1])
        result = here(Built(folder, int(folder.name.partition("-")[0])), searches)
        (Path(os.environ["MIRPS_HOME"]) / "result.json").write_text(json.dumps(result))
    else:
        on(database, int(rest[0]) if rest else SEARCHES)


if __name__ == "__main__":
    main(*sys.argv[1:])
