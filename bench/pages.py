"""Portal pages with twenty years of rounds against an empty Django view on the same server, and weights.

The ledger holds the 2024 round and nineteen made like it from a seed. The server is gunicorn as
`mirps serve` starts it, on loopback; one connection, kept alive, asks for the empty view and for
each page in turn, so that both meet the same machine at the same moment. Five cases: a page made
already; the same after somebody stated a draft; a page made anew from the ledger in memory; the first
page after a figure was corrected, which reads the change from the database, where the figure is any
of twenty years' and where it is one of the latest round, which these pages show. The changes are the
ledger's own acts in a process beside the server. Nothing here is asked of any other host, and every
loop is bounded.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from typing import Any

from bench.served import Asker, installation, serving

SEED = 2024
YEARS = range(2005, 2024)
ROUNDS = 120  # times that each page is asked for, in each case
AFTER_CHANGE = 12  # times that each page is the first after a change
PAGES = (
    "/es/", "/en/state/MEX/", "/es/state/BLZ/", "/en/measure/asylum.applications/", "/es/measure/funding.contribution/",
    "/es/figure/ar24-hnd-010/", "/en/sources/", "/es/source/AR24/", "/en/contradictions/", "/es/finding/{finding}/",
    "/es/search/?q=refugiados", "/en/search/?q=Costa+Rica+asylum", "/en/downloads/", "/es/measures/", "/es/reports/",
    "/es/about/", "/es/report/annual-2024/", "/en/report/mid-year-2024/", "/es/report/country-brief/HND/",
)  # fmt: skip
#: At most so many times the empty view, at the 95th percentile.
BUDGET = {"made": 3.0, "draft": 3.0, "anew": 15.0, "changed": 15.0, "own": 15.0}

CASES = {
    "made": "made already", "draft": "after a draft", "anew": "made anew", "changed": "first after a change",
    "own": "first after a change of the latest round",
}  # fmt: skip


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mirps-bench-") as home:
        env = installation(home)
        said = subprocess.run(
            [sys.executable, "-m", "bench.pages", "fill"],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        held = json.loads(said.stdout.splitlines()[-1])
        print(
            f"   {held['figures']:,} figures in {held['rounds']} rounds, {held['findings']} findings (seed {SEED})"
        )
        return {**held, **_served(env, held["finding"])}


def _served(env: dict[str, str], finding: str) -> dict[str, Any]:
    with serving(env, workers=2) as ask:
        pages = [p.format(finding=finding) for p in PAGES]
        found = {
            "made": _measured(ask, pages, lambda path, n: path),
            "anew": _measured(ask, pages, lambda path, n: f"{path}{'&' if '?' in path else '?'}n={n}"),
            **_after_changes(ask, pages, env),
            "at_once": _at_once(ask, env),
            "weights": {p: ask(p, "br")[1] for p in pages},
        }
    _tell(found)
    return found


def _measured(ask: Asker, pages: list[str], vary: Any) -> dict[str, Any]:
    """Seconds of each page and of the empty view asked for beside it."""
    for n in range(3):
        for path in ("/empty/", *pages):
            ask(path if path == "/empty/" else vary(path, -1 - n))
    empty: list[float] = []
    took: dict[str, list[float]] = {p: [] for p in pages}
    for n in range(ROUNDS):
        for path in pages:
            empty.append(ask("/empty/")[0])
            took[path].append(ask(vary(path, n))[0])
    return _against(empty, took)


def _after_changes(ask: Asker, pages: list[str], env: dict[str, str]) -> dict[str, Any]:
    """The first page asked for after the ledger changed: a draft, any figure, one of the latest round."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "bench.pages", "write"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert writer.stdin
    assert writer.stdout
    found = {}
    writer.stdout.readline()  # it stands ready
    try:
        for case in ("draft", "changed", "own"):
            empty: list[float] = []
            took: dict[str, list[float]] = {p: [] for p in pages}
            for path in pages:  # each stands ready before the first change
                ask(path)
            for n in range(AFTER_CHANGE * len(pages)):
                writer.stdin.write(f"{case}\n")
                writer.stdin.flush()
                writer.stdout.readline()
                path = pages[n % len(pages)]
                took[path].append(ask(path)[0])
                empty.append(ask("/empty/")[0])
            found[case] = _against(empty, took)
    finally:
        writer.stdin.close()
        writer.wait(timeout=20)
    return found


def _at_once(ask: Asker, env: dict[str, str]) -> bool:
    """Whether a correction is on the State's page in the very next answer."""
    path = "/en/state/HND/"
    ask(path, "identity")
    subprocess.run([sys.executable, "-m", "bench.pages", "correct"], env=env, check=True)
    ask(path, "identity")
    return b"ar24-hnd-010-corrected" in ask.body


def _against(empty: list[float], took: dict[str, list[float]]) -> dict[str, Any]:
    base = p95(empty)
    every = p95([t for held in took.values() for t in held])
    return {
        "empty_ms": base * 1000,
        "p95_ms": every * 1000,
        "ratio": every / base,
        "pages": {p: {"p95_ms": p95(t) * 1000, "ratio": p95(t) / base} for p, t in took.items()},
    }


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[max(0, round(len(seconds) * 0.95) - 1)]


def _tell(found: dict[str, Any]) -> None:
    for case, words in CASES.items():
        f = found[case]
        most = f", at most {BUDGET[case]:g}" if case in BUDGET else ""
        print(
            f"   {words}: p95 {f['p95_ms']:.2f} ms, empty view {f['empty_ms']:.2f} ms: {f['ratio']:.1f} times{most}"
        )
        for path, one in sorted(f["pages"].items(), key=lambda p: -p[1]["ratio"])[:4]:
            print(f"      {one['ratio']:5.1f}  {one['p95_ms']:6.2f} ms  {path}")
    print(f"   a change shows at once: {'yes' if found['at_once'] else 'NO'}")
    print(f"   heaviest page, compressed: {max(found['weights'].values()) / 1024:.0f} KB")


# What follows runs in a process of its own, with Django set up over the bench's ledger.


def fill(years: Iterable[int] = YEARS) -> None:
    """Migrate, load the 2024 round, and add years made like it."""
    import random
    from dataclasses import replace
    from datetime import date

    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from mirps.evidence.checks.ledger import check_ledger
    from mirps.evidence.figures import api as figures
    from mirps.evidence.findings import api as findings
    from mirps.evidence.rounds.api import Round, load

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    now, rng = timezone.now(), random.Random(SEED)
    load(code="2024", by="bench", at=now)
    package = figures.read_own_round("2024")
    found = check_ledger(package.figures, package.measures, package.relations)
    for year in years:
        back, mark = 2024 - year, f"y{year}-"
        columns = {name: list(values) for name, values in package.table.columns.items()}
        for name in ("period_start", "period_end", "as_of", "compare_start", "compare_end"):
            columns[name] = [_earlier(v, back) for v in columns[name]]
        columns["value"] = [_scaled(v, rng) for v in columns["value"]]
        columns["id"] = [mark + v for v in columns["id"]]
        columns["supersedes"] = [v and mark + v for v in columns["supersedes"]]
        columns["document"] = [f"{v}-{year}" for v in columns["document"]]  # each year has its own reports
        table = figures.Table(columns=columns, length=len(package.table))
        figures.record_table(table=table, round=str(year), by="bench", at=now, known_at=lambda document: now)
        moved = [replace(f, figures=tuple(mark + id_ for id_ in f.figures)) for f in found]
        findings.keep(round=str(year), found=moved, by="bench", at=now)
        Round.objects.create(
            code=str(year), title_es=f"Ronda {year}", title_en=f"Round {year}", starts=date(year, 1, 1),
            ends=date(year, 12, 31), loaded_at=now, digest="",
        )  # fmt: skip
    first = findings.current().filter(round="2024")[0]
    held = {"figures": figures.FigureRow.objects.count(), "rounds": Round.objects.count(),
            "findings": findings.current().count(), "finding": first.code}  # fmt: skip
    print(json.dumps(held))


def _earlier(day: str, years: int) -> str:
    if not day:
        return day
    moved = f"{int(day[:4]) - years}{day[4:]}"
    return moved.replace("-02-29", "-02-28")


def _scaled(value: str, rng: Any) -> str:
    """A whole number moved by up to a third; other values as they are."""
    return str(max(1, round(int(value) * rng.uniform(0.67, 1.33)))) if value.isdigit() else value


def correct() -> None:
    import dataclasses
    from decimal import Decimal

    import django

    django.setup()
    from django.utils import timezone

    from mirps.evidence.figures import api as figures

    old = figures.figure_from(figures.FigureRow.objects.get(pk="ar24-hnd-010"))
    new = dataclasses.replace(old, id="ar24-hnd-010-corrected", value=Decimal(322), supersedes=old.id)
    figures.correct(
        old=old.id, new=new, by="bench", at=timezone.now(), reason_es="Prueba.", reason_en="Trial."
    )


def write() -> None:
    """One change of the ledger for each line of standard input: `draft`, or a correction of any figure
    (`changed`) or of one of the latest round (`own`)."""
    import dataclasses
    import random
    from decimal import Decimal

    import django

    django.setup()
    from django.utils import timezone

    from mirps.evidence.figures import api as figures

    rows = list(figures.FigureRow.objects.filter(superseded_by="", value__gt=1).order_by("id"))
    random.Random(SEED).shuffle(rows)
    print("ready", flush=True)
    queues = {"changed": iter(rows[:500]), "own": iter([r for r in rows[500:] if r.round == "2024"])}
    for n, line in enumerate(sys.stdin):
        case, at = line.strip(), timezone.now()
        if case == "draft":
            draft = dataclasses.replace(figures.figure_from(rows[n]), id=f"draft-{n}", supersedes="")
            figures.state_figures(figures=[draft], round="2025", by="bench", at=at)
        else:
            old = figures.figure_from(next(queues[case]))
            new = dataclasses.replace(old, id=f"{old.id}-{n}", value=Decimal(n + 1), supersedes=old.id)
            figures.correct(old=old.id, new=new, by="bench", at=at, reason_es="Prueba.", reason_en="Trial.")
        print(n, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    elif sys.argv[1:] == ["correct"]:
        correct()
    elif sys.argv[1:] == ["write"]:
        write()
    else:
        run()
