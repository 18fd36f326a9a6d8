"""The last evening of a round: all seven States, 300 people entering at once, on this machine's cores.

    make bench ARGS=evening                        a minute on each database
    python -m bench.evening --minutes 10 --on postgresql
    python -m bench.evening --people 20 --minutes 0.3 --on sqlite

The round is the 2025 one asked anew of what 2024 stated, made larger so that each of its institutions is
asked at least 24 things. Everybody is signed in; they open lists and forms, save by form and by cell of
the grid, ask for hints, hand in workbooks, hand over, review. The server is `mirps serve` as it is, with
its mailing beside it; the clients share its cores. PostgreSQL is our own cluster with fsync on. Afterwards
every acknowledged write is compared with what is stored, statement by statement. Nothing is asked of any
other host; people, time and answers are bounded.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.evening_people import Kept, Person

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")
BUDGET = 0.5  # seconds, at the 95th percentile
PACE = 9.0  # seconds that people think between two requests, on average
FOLDER = "evening"


def run() -> dict[str, Any]:
    return {name: on(name, people=300, minutes=1.0) for name in DATABASES}


def on(database: str, *, people: int, minutes: float, pace: float = PACE) -> dict[str, Any]:
    """One evening on one database, in a home of its own; PostgreSQL in a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="mirps-evening-") as home:
        kept = Path(home) / "result.json"
        command = [sys.executable, "-m", "bench.evening", "--here", home, "--people", str(people),
                   "--minutes", str(minutes), "--pace", str(pace)]  # fmt: skip
        env = {k: v for k, v in os.environ.items() if not k.startswith("MIRPS_")}
        if database == "postgresql":
            command.insert(0, str(ROOT / "tools" / "with-postgres"))
            env["PG_FSYNC"] = "on"
        env |= {"MIRPS_HOME": home, "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
                "PYTHONPATH": str(ROOT), "MIRPS_DEMO": ""}  # fmt: skip
        print(f"   -- {database}: {people} people, {minutes:g} minutes", flush=True)
        subprocess.run(command, env=env, cwd=ROOT, check=True)
        found: dict[str, Any] = json.loads(kept.read_text())
        return found


def here(home: Path, people: int, minutes: float, pace: float) -> dict[str, Any]:
    """The evening in this home, on the database of the environment."""
    folder = home / FOLDER
    folder.mkdir()
    filled = _job("fill", str(people), str(folder))
    print(f"   {filled['institutions']} institutions, {filled['asked']} things asked, {filled['cells']} cells",
          flush=True)  # fmt: skip
    found, crowd = through(
        folder, minutes, lambda port, until: [Person(who, port, until, pace) for who in filled["people"]]
    )
    found |= {"asked": filled["asked"], "cells": filled["cells"], "pace_s": pace,
              "institutions": filled["institutions"]}  # fmt: skip
    receipts = folder / "receipts.jsonl"
    receipts.write_text("".join(json.dumps(r) + "\n" for p in crowd for r in p.kept.receipts))
    found["stored"] = _job("verify", str(receipts))
    tell(found)
    return found


def through(
    folder: Path, minutes: float, people: Callable[[int, float], Sequence[Person]]
) -> tuple[dict[str, Any], Sequence[Person]]:
    """A crowd at `mirps serve` as it is, with this environment; `people` are made for a port and an end."""
    port = _free_port()
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("mirps")), "serve", "--port", str(port)],
            env=os.environ | {"PORT": str(port)}, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(port)
            before, own, began = _machine(), time.process_time(), time.time()
            crowd = people(port, began + minutes * 60)
            for person in crowd:
                person.start()
            for person in crowd:
                person.join(timeout=max(1.0, began + minutes * 60 + 90 - time.time()))
            lasted, client, after = time.time() - began, time.process_time() - own, _machine()
        finally:
            server.terminate()
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                server.wait(timeout=30)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    found = _measured([p.kept for p in crowd], lasted)
    found |= {"people": len(crowd), "hanging": sum(p.is_alive() for p in crowd),
              "cpu_client": client / lasted, "cores": os.cpu_count(),
              "busy": (after[0] - before[0]) / max(1, after[1] - before[1]),
              "server_said": _said(folder / "server.log")}  # fmt: skip
    return found, crowd


def _job(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.evening_job", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not come up in two minutes")


def _machine() -> tuple[int, int]:
    """Ticks that all cores were busy, and all ticks, since the machine started."""
    ticks = [int(x) for x in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def _said(log: Path) -> list[str]:
    """What the server complained of: the last lines of its log, without its starting."""
    lines = [
        x for x in log.read_text(errors="replace").splitlines() if re.search(r"rror|Traceback|locked", x)
    ]
    return lines[-10:]


def at(seconds: list[float], share: float) -> float:
    return sorted(seconds)[max(0, round(len(seconds) * share) - 1)]


def _measured(crowd: list[Kept], lasted: float) -> dict[str, Any]:
    by_kind: dict[str, list[float]] = defaultdict(list)
    for kept in crowd:
        for kind, seconds, _ in kept.requests:
            by_kind[kind].append(seconds)
    every = [s for found in by_kind.values() for s in found]
    wrong = [e for kept in crowd for e in kept.errors]
    statuses = Counter(status for kept in crowd for _, _, status in kept.requests)
    return {
        "seconds": lasted, "requests": len(every), "per_second": len(every) / lasted,
        "errors": len(wrong), "error_examples": wrong[:10], "statuses": dict(sorted(statuses.items())),
        "all": _row(every), "kinds": {k: _row(v) for k, v in sorted(by_kind.items())},
    }  # fmt: skip


def _row(seconds: list[float]) -> dict[str, float]:
    return {"n": len(seconds), "p50_ms": at(seconds, 0.5) * 1e3, "p95_ms": at(seconds, 0.95) * 1e3,
            "p99_ms": at(seconds, 0.99) * 1e3, "max_ms": max(seconds) * 1e3}  # fmt: skip


def tell(found: dict[str, Any]) -> None:
    print(f"   {found['requests']} requests in {found['seconds']:.0f} s: {found['per_second']:.1f} a second; "
          f"{found['cores']} cores {found['busy']:.0%} busy, clients {found['cpu_client']:.2f} of one")  # fmt: skip
    print(f"   {'':16}{'n':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}   milliseconds")
    for kind, r in [*found["kinds"].items(), ("all", found["all"])]:
        late = "  LATE" if r["p95_ms"] > BUDGET * 1e3 else ""
        print(
            f"   {kind:16}{r['n']:7}{r['p50_ms']:8.0f}{r['p95_ms']:8.0f}{r['p99_ms']:8.0f}{r['max_ms']:8.0f}{late}"
        )
    stored = found["stored"]
    print(f"   errors {found['errors']}, people left hanging {found['hanging']}, "
          f"differences between what was acknowledged and what is stored {stored['wrong']}")  # fmt: skip
    print("   " + ", ".join(f"{k} {v}" for k, v in stored.items() if k not in ("problems", "wrong")))
    for line in [*found["error_examples"], *stored["problems"][:10], *found["server_said"]]:
        print(f"      {line}"[:400])


def main() -> int:
    words = argparse.ArgumentParser(description="The last evening of a round.")
    words.add_argument("--people", type=int, default=300)
    words.add_argument("--minutes", type=float, default=1.0)
    words.add_argument("--pace", type=float, default=PACE, help="seconds between two requests of a person")
    words.add_argument("--on", choices=[*DATABASES, "both"], default="both")
    words.add_argument("--here", metavar="HOME", help=argparse.SUPPRESS)
    given = words.parse_args()
    if not (0 < given.people <= 1000 and 0 < given.minutes <= 30):
        words.error("at most 1000 people and 30 minutes")
    if given.here:
        home = Path(given.here)
        found = here(home, given.people, given.minutes, given.pace)
        (home / "result.json").write_text(json.dumps(found))
        return 0
    wanted = DATABASES if given.on == "both" else (given.on,)
    results = {n: on(n, people=given.people, minutes=given.minutes, pace=given.pace) for n in wanted}
    out = ROOT / "out" / "evening.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    print(f"\nwritten to {out.relative_to(ROOT)}")
    good = all(
        r["errors"] == 0
        and r["hanging"] == 0
        and r["stored"]["wrong"] == 0
        and r["all"]["p95_ms"] < BUDGET * 1e3
        for r in results.values()
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
