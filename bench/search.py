"""The one search over 20,000 made-up records and the 2024 round, against an empty Django view.

The server is gunicorn as `mirps serve` starts it, on loopback; one connection asks for the empty view
and for each search in turn. Every address is new, so that no page comes from what the server kept. The
words are those of the product's own records, mixed from a seed. Every loop is bounded.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any
from urllib.parse import quote_plus

from bench.served import installation, median, serving

SEED = 2024
RECORDS = 20_000
ROUNDS = 40  # times that each search is asked
WORDS = (
    "refugiados",
    "asylum",
    "protección Honduras",
    "jobs and livelihoods",
    "meteti",
    "capacitación municip",
    "zzzz",
    "zzzz asilo",
)
#: At most so many times the empty view, at the median.
BUDGET = 10.0


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mirps-bench-") as home:
        env = installation(home)
        said = subprocess.run(
            [sys.executable, "-m", "bench.search", "fill"],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        held = json.loads(said.stdout.splitlines()[-1])
        print(f"   {held['records']:,} records, {held['figures']:,} figures (seed {SEED})")
        print(f"   the index is made in {held['seconds']:.1f} s and takes {held['megabytes']:.0f} MB")
        found = {**held, **_served(env)}
    _tell(found)
    return found


def _served(env: dict[str, str]) -> dict[str, Any]:
    with serving(env) as ask:
        pages = [f"/es/search/?q={quote_plus(w)}" for w in WORDS]
        began = time.perf_counter()
        ask(pages[0])
        first = time.perf_counter() - began
        for path in ("/empty/", *pages):
            ask(path)
        empty: list[float] = []
        took: dict[str, list[float]] = {p: [] for p in pages}
        for n in range(ROUNDS):
            for path in pages:
                empty.append(ask("/empty/")[0])
                took[path].append(ask(f"{path}&n={n}")[0])
    base, every = median(empty), median([t for held in took.values() for t in held])
    return {
        "first_s": first, "empty_ms": base * 1000, "median_ms": every * 1000, "ratio": every / base,
        "searches": {p: {"median_ms": median(t) * 1000, "ratio": median(t) / base} for p, t in took.items()},
    }  # fmt: skip


def _tell(found: dict[str, Any]) -> None:
    print(
        f"   median {found['median_ms']:.2f} ms, empty view {found['empty_ms']:.2f} ms: "
        f"{found['ratio']:.1f} times, at most {BUDGET:g}; the very first {found['first_s']:.1f} s"
    )
    for path, one in found["searches"].items():
        print(f"      {one['ratio']:5.1f}  {one['median_ms']:6.2f} ms  {path}")


def fill() -> None:
    """Migrate, load the 2024 round, and make records of mixed words, public and not."""
    import random

    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from mirps.base.texts.api import catalogue
    from mirps.evidence.figures.api import FigureRow
    from mirps.evidence.rounds.api import load
    from mirps.planning.records import values
    from mirps.planning.records.api import Change, Record, folded, kinds
    from mirps.sharing.portal import recorded

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    now, rng = timezone.now(), random.Random(SEED)
    load(code="2024", by="bench", at=now)
    words = {lang: " ".join(getattr(t, lang) for t in catalogue().values()).split() for lang in ("es", "en")}

    def mixed(n: int) -> dict[str, str]:
        return {lang: " ".join(rng.choices(words[lang], k=n)) for lang in ("es", "en")}

    used = [k for k in ("node", "document", "agreement", "project", "practice", "paragraph") if k in kinds()]
    audiences = ("public", "public", "members", "own")
    made, states = [], ["", "BLZ", "CRI", "GTM", "HND", "MEX", "PAN", "SLV"]
    for n in range(RECORDS):
        kind = kinds()[used[n % len(used)]]
        data = {
            kind.title: mixed(8),
            next((f.name for f in kind.fields if f.name in ("summary", "text", "done")), "note"): mixed(60),
        }
        key = f"{kind.name}/bench-{n}"
        made.append(Record(
            key=key, kind=kind.name, root=key, state=rng.choice(states), audience=rng.choice(audiences),
            status="published", number=1, data=data, public=data, known_at=now, changed_at=now,
            words_es=folded(values.words(kind, data, "es")), words_en=folded(values.words(kind, data, "en")),
        ))  # fmt: skip
    Record.objects.bulk_create(made, batch_size=300)
    Change.objects.bulk_create(
        [
            Change(record=r, number=1, act="publish", data=r.data, by="bench", at=now, known_at=now)
            for r in made
        ],
        batch_size=300,
    )
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    made.clear()
    recorded.index()
    held = {
        "records": Record.objects.count(), "figures": FigureRow.objects.count(), "seconds": time.perf_counter() - began,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }  # fmt: skip
    print(json.dumps(held))


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        run()
