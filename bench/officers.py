"""300 officers at work at once, among a million cases: each opens their list and a case, notes a signature, and
now and then refuses, with the letter that this issues.

    make bench ARGS=officers                        a minute on each database
    python -m bench.officers --minutes 10 --on postgresql

The server is `mirps serve` as it is; the officers share its cores. Afterwards every act that was acknowledged is
looked for in the ledger: there once, in its case, with its letter; and each case's row counts all its events.
PostgreSQL is a cluster of its own with fsync on, served by a role that row security holds. Officers and time are
bounded.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from bench import cases_made, people_registry
from bench.cases import CASES, begun, drawn, form, in_home, officer, refusal
from bench.evening import DATABASES, tell, through
from bench.evening_people import Person

PACE = 9.0  # seconds that an officer takes between two requests, on average
TYPED = "application/x-www-form-urlencoded"
Drawn = list[tuple[UUID, str]]


def run() -> dict[str, Any]:
    return {name: on(name, officers=300, minutes=1.0, count=CASES) for name in DATABASES}


def on(database: str, *, officers: int, minutes: float, count: int) -> dict[str, Any]:
    """A day's work on one database."""
    print(f"   {officers} officers, {minutes:g} minutes", flush=True)
    words = ("bench.officers", "--officers", str(officers), "--minutes", str(minutes), "--here")
    return in_home(database, cases_made.built(count), *words)


class Officer(Person):
    """An officer with cases of their own; they are few enough that two seldom meet in one."""

    def __init__(self, n: int, cookie: str, signs: Drawn, decides: Drawn, port: int, until: float) -> None:
        who = {"username": f"officer-{n}", "number": n, "lang": "es", "part": "officer", "institution": "MEX.COMAR",
               "session": cookie.partition("=")[2]}  # fmt: skip
        super().__init__(who, port, until, PACE)
        self.signs, self.decides = list(signs), list(decides)

    def as_officer(self) -> None:
        views = (
            "/es/cases/",
            "/es/cases/?view=turn&procedure=mex_asylum&stage=decision",
            "/es/cases/?view=mine",
        )
        self.get("list", self.rng.choice(views))
        self.think()
        if self.decides and self.rng.random() < 0.3:
            self.act("refuse", *self.decides.pop(), refusal())
        else:
            self.act("sign_in", *self.rng.choice(self.signs), form())

    def act(self, code: str, case: UUID, number: str, said: dict[str, str]) -> None:
        self.get("case", f"/es/cases/{number}/")
        self.think()
        self.get("form", f"/es/cases/{number}/do/{code}/")
        self.think()
        path = f"/es/cases/{number}/do/{code}/"
        done = self.ask(code, "POST", path, urlencode(said), TYPED, (302,))
        if done.status != 302:
            return
        self.kept.receipts.append({"id": said["id"], "case": str(case), "act": code})
        if "done=recorded" not in done.to:
            self.kept.errors.append(f"{code} in {number} led to {done.to}")
        if self.rng.random() < 0.05:  # the answer was lost: sent once more
            again = self.ask(f"{code} again", "POST", path, urlencode(said), TYPED, (302,))
            if "done=again" not in again.to:
                self.kept.errors.append(f"{code} in {number}, sent again, led to {again.to}")
        self.think()


def here(found: cases_made.Built, officers: int, minutes: float) -> dict[str, Any]:
    url, chance = begun(found), random.Random(3)
    from django.db import connection

    from mirps.casework.cases.api import CaseEvent

    cookies = [officer(n) for n in range(officers)]
    signs = drawn(chance, officers * 4, office=cases_made.OFFICES[0], open=True, stage="interview")
    decides = drawn(chance, officers * 20, office=cases_made.OFFICES[0], open=True, stage="decision")
    before = CaseEvent.objects.count()
    if url:
        people_registry.as_served(url)
    connection.close()
    result, crowd = through(
        Path(os.environ["MIRPS_HOME"]), minutes,
        lambda port, until: [
            Officer(n, cookies[n], signs[n::officers], decides[n::officers], port, until) for n in range(officers)
        ],
    )  # fmt: skip
    if url:  # a seatless role would be shown nothing
        people_registry.connect_as(urlsplit(url).username or "")
    result["stored"] = _verified([r for p in crowd for r in p.kept.receipts], before)
    tell(result)
    return result


def _verified(receipts: list[dict[str, str]], before: int) -> dict[str, Any]:
    """Every act that was acknowledged against what stands."""
    from django.db.models import Count

    from mirps.casework.cases.api import CaseEvent, Standing
    from mirps.casework.letters.models import Letter

    problems: list[str] = []
    if twice := [i for i, n in Counter(r["id"] for r in receipts).items() if n > 1]:
        problems.append(f"acknowledged anew: {twice[:3]}")
    for r in receipts:
        stands = list(CaseEvent.objects.filter(id=r["id"]).values_list("case_id", "act"))
        if stands != [(UUID(r["case"]), r["act"])]:
            problems.append(f"{r['id']} {r['act']}: {stands}")
        letters = Letter.objects.filter(event=r["id"]).count()
        if letters != (r["act"] == "refuse"):
            problems.append(f"{r['id']} {r['act']}: {letters} letters")
    for case in {r["case"] for r in receipts}:
        row = Standing.objects.filter(pk=case).annotate(n=Count("case__events")).get()
        if row.events != row.n:
            problems.append(f"case {case}: its row counts {row.events} events of {row.n}")
    added = CaseEvent.objects.count() - before
    if added < len(receipts):
        problems.append(f"{len(receipts)} acknowledged, {added} stand")
    refused = sum(r["act"] == "refuse" for r in receipts)
    return {"acts": len(receipts), "with letters": refused, "added": added, "wrong": len(problems),
            "problems": problems[:20]}  # fmt: skip


def main() -> int:
    words = argparse.ArgumentParser(description="300 officers at once.")
    words.add_argument("--officers", type=int, default=300)
    words.add_argument("--minutes", type=float, default=1.0)
    words.add_argument("--cases", type=int, default=CASES)
    words.add_argument("--on", choices=[*DATABASES, "both"], default="both")
    words.add_argument("--here", metavar="FOLDER", help=argparse.SUPPRESS)
    given = words.parse_args()
    if not (0 < given.officers <= 500 and 0 < given.minutes <= 20):
        words.error("at most 500 officers and 20 minutes")
    if given.here:
        folder = Path(given.here)
        found = cases_made.Built(folder, int(folder.name.partition("-")[0]))
        result = here(found, given.officers, given.minutes)
        (Path(os.environ["MIRPS_HOME"]) / "result.json").write_text(json.dumps(result))
        return 0
    wanted = DATABASES if given.on == "both" else (given.on,)
    results = [on(n, officers=given.officers, minutes=given.minutes, count=given.cases) for n in wanted]
    return 0 if all(r["errors"] == 0 == r["stored"]["wrong"] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
