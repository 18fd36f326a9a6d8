"""The database side of bench/evening.py, in processes of its own: `fill` makes the round and its people,
`verify` compares what was acknowledged with what is stored."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

BY = "bench"
LEAST_ASKS = 24  # things asked of each institution
CODE = "2025"
#: Of a hundred people: who hands workbooks in, who hands over, who reviews; the others type.
BOOKS, SUBMIT, REVIEW = 6, 8, 8
BOOKS_EACH = 2


def fill(people: int, folder: Path) -> None:
    """The 2024 round, the 2025 round asked anew of its institutions and made larger, and the people."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from mirps.evidence.entries import api as entries
    from mirps.evidence.rounds import api as rounds
    from mirps.evidence.rounds.api import Due, Kind, Stage

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    rounds.load(code="2024", by=BY, at=now)
    span = {"starts": date(2025, 1, 1), "ends": date(2025, 12, 31)}
    first = rounds.proposed_from(previous="2024", **span)
    made = rounds.set_up(
        code=CODE, kind=Kind.ANNUAL, title_es="Ronda anual 2025", title_en="Annual round 2025",
        cut_off=None, asks=[*first, *more(first)], previous="2024", by=BY, at=now, **span,
    )  # fmt: skip
    for n, step in enumerate(Due):
        rounds.set_due(round=made, step=step, due=now + timedelta(hours=6, days=10 * n), by=BY, at=now)
    cells = entries.prepare(round=CODE)
    rounds.turn(round=CODE, to=Stage.OPEN, by=BY, at=now)
    bodies = sorted(set(rounds.asked(CODE).order_by().values_list("state", "institution")))
    held = list(invited(people, bodies, now))
    for person in held:
        person["books"] = books(person, made, folder) if person["part"] == "book" else []
    asked = rounds.asked(CODE).count()
    print(json.dumps({"people": held, "asked": asked, "cells": cells, "institutions": len(bodies)}))


def more(first: list[Any]) -> Iterator[Any]:
    """Further things for institutions that are asked little, until each is asked LEAST_ASKS. Every State
    is asked the same of two institutions never: what is counted differs."""
    from mirps.base.codelists import api as codelists
    from mirps.evidence.figures import api as figures

    counts = Counter(a.institution for a in first)
    units = codelists.units()
    counted = [m for m in figures.measures().values() if units[m.unit].extra.get("kind") == "count"]
    by_state: dict[str, Iterator[Any]] = {}
    for institution, held in sorted(counts.items()):
        state = institution.partition(".")[0]
        pairs = by_state.setdefault(state, itertools.product(("RET", "IDP", "RAS", "MIG", "RSK"), counted))
        for n in range(held, LEAST_ASKS):
            population, measure = next(pairs)
            sample = next(a for a in first if a.institution == institution)
            yield replace(
                sample, code=f"{institution.lower().replace('.', '-')}-b{n:02}", measure=measure.code,
                unit=measure.unit, sector=measure.sector, population=population, dimensions="", stage="",
                universe="", place="", series="", previous="", breakdown="sex" if n % 3 else "sex;age",
                required=n % 2 == 0, order=1000 + n, period_start=date(2025, 1, 1),
                period_end=date(2025, 12, 31), as_of=None, change_es="", change_en="",
            )  # fmt: skip


def invited(people: int, bodies: list[tuple[str, str]], now: Any) -> Iterator[dict[str, Any]]:
    """The people, each signed in: two of three on a desk with the grid, the others with forms."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from mirps.base.access.api import User, give_role

    states = sorted({s for s, _ in bodies})
    for n in range(people):
        state, body = bodies[n % len(bodies)]
        place = n * 37 % 100
        part = "grid" if n % 3 else "form"
        role = "data-entry"
        if place < BOOKS:
            part = "book"
        elif place < BOOKS + SUBMIT:
            part = "submit"
        elif place < BOOKS + SUBMIT + REVIEW:
            part, state, body = "review", states[n % len(states)], ""
            role = ("focal-point", "state-approver", "regional-reviewer")[n % 3]
        user = User.objects.create_user(
            username=f"bench-{n:03}", first_name=f"Persona {n}", language="en" if state == "BLZ" else "es"
        )
        regional = role == "regional-reviewer"
        give_role(user=user, role=role, state="" if regional else state, body=body, starts=date(2024, 1, 1),
                  ends=None, by=BY, at=now)  # fmt: skip
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["second-factor"] = user.pk
        session.save()
        yield {"number": n, "username": user.username, "session": session.session_key, "part": part,
               "role": role, "regional": regional, "state": state, "institution": body,
               "lang": user.language}  # fmt: skip


def books(person: dict[str, Any], made: Any, folder: Path) -> list[dict[str, Any]]:
    """Workbooks of the person's institution as they were downloaded weeks ago, now filled in."""
    import openpyxl
    from django.utils import timezone

    from mirps.evidence.workbooks.writing import AT, MARKS, Column
    from mirps.web.pages.rounds.workbook_words import made as make

    empty = make(made, person["state"], person["institution"], person["lang"], now=timezone.now())
    out: list[dict[str, Any]] = []
    for turn in range(BOOKS_EACH):
        book = openpyxl.load_workbook(io.BytesIO(empty))
        sheet = next(s for s in book.worksheets if s.cell(MARKS + 1, 1).value == "mirps:code")
        before = {k: v for held in out for k, v in held["said"].items()}
        said = {}
        for row in sheet.iter_rows(min_row=MARKS + 3):
            key = row[AT[Column.CODE]].value
            # The second workbook is the first, filled in further.
            if key is None or row[0].row % BOOKS_EACH > turn:
                continue
            if key not in before:
                said[key] = value_of(person["number"], 50_000 + row[0].row)
            row[AT[Column.VALUE]].value = before.get(key) or said[key]
        path = folder / f"{person['username']}-{turn}.xlsx"
        book.save(path)
        out.append({"path": str(path), "said": said, "before": before})
    return out


def value_of(person: int, n: int) -> int:
    """A value that nobody else types."""
    return (person + 1) * 100_000 + n


# --- afterwards


def verify(receipts: Path) -> None:
    import django

    django.setup()
    lines = [json.loads(x) for x in receipts.read_text().splitlines()]
    found = Stored()
    for receipt in lines:
        getattr(found, receipt["k"])(receipt)
    found.everything()
    counts = dict(sorted(found.counts.items()))
    print(json.dumps({"problems": found.problems[:40], "wrong": len(found.problems), **counts}))


class Stored:
    """What the database holds, asked one receipt after another. Each difference is a problem in words."""

    def __init__(self) -> None:
        from mirps.evidence.entries.models import Cell, CellStep, Statement

        self.statements = {str(s.client): s for s in Statement.objects.order_by("id")}
        self.cells = {c.pk: c for c in Cell.objects.select_related("asked").order_by("id")}
        self.steps = list(CellStep.objects.order_by("id"))
        self.explained: set[str] = set()
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()

    def wrong(self, what: str, receipt: Any) -> None:
        self.problems.append(f"{what}: {receipt}")

    def _holds(self, client: str, cell: int | None, value: int, by: str, receipt: Any) -> Any:
        """The statement that an acknowledged write must have made."""
        self.explained.add(client)
        held = self.statements.get(client)
        if held is None:
            self.wrong("acknowledged and not stored", receipt)
        elif (cell not in (None, held.cell_id)) or held.value != Decimal(value) or held.by != by:
            self.wrong(f"stored otherwise ({held.cell_id}, {held.value}, {held.by})", receipt)
        else:
            self.counts["acknowledged values found"] += 1
        return held

    def cell(self, r: dict[str, Any]) -> None:
        """A cell of the grid, with the outcome that its writer was told."""
        outcome = r["outcome"]
        if outcome is None:  # no answer came: it may be stored or not
            self.explained.add(r["client"])
            self.counts["unanswered"] += 1
            return
        self.counts[f"cells {outcome}"] += 1
        if outcome == "refused":
            shut = self.cells[r["cell"]].status
            if r["client"] in self.statements or shut in ("empty", "draft", "returned"):
                self.wrong("refused without cause", r)
            return
        held = self._holds(r["client"], r["cell"], r["value"], r["by"], r)
        if held is None:
            return
        if outcome == "written" and held.number != r["version"]:
            self.wrong(f"told version {r['version']}, stored as {held.number}", r)
        if outcome == "again" and held.number is None:
            self.wrong("told as taken, stored as met", r)
        if outcome == "conflict" and held.number is not None:
            self.wrong("told as met, stored as taken", r)

    def form(self, r: dict[str, Any]) -> None:
        """A form: every value that was changed in it. `met`: statements that met another's change."""
        shut = any(self.cells[c].status not in ("empty", "draft", "returned") for c, _, _ in r["said"])
        self.counts["forms refused"] += r["outcome"] == "refused"
        for cell, value, client in r["said"]:
            if r["outcome"] == "refused":
                if client in self.statements or not shut:
                    self.wrong("refused without cause, or stored all the same", r)
                continue
            if r["outcome"] is None:
                self.explained.add(client)
                self.counts["unanswered"] += 1
                continue
            held = self._holds(client, cell, value, r["by"], r)
            if held is not None and (held.number is None) != (held.pk in r["met"]):
                self.wrong(f"statement {held.pk} number {held.number}, told to have met: {r['met']}", r)
        self.counts["forms"] += 1

    def book(self, r: dict[str, Any]) -> None:
        from mirps.evidence.entries.models import Upload
        from mirps.evidence.workbooks.rules import client_of

        self.counts["workbooks"] += 1
        numbers = []
        for key, value in [*r["said"].items(), *r["before"].items()]:
            client = str(client_of(r["digest"], key))
            if key in r["before"] and client not in self.statements:
                continue  # it says what the first workbook said, and that still stands
            if r["outcome"] is None:
                self.explained.add(client)
            elif client in self.statements or not self._handed_over(key):
                held = self._holds(
                    client, None, value, r["by"], {k: r[k] for k in ("by", "digest")} | {"key": key}
                )
                numbers.append(held.number if held else None)
        if r["outcome"] is not None:
            told = Upload.objects.get(pk=r["outcome"]).outcome
            taken = sum(n is not None for n in numbers)
            if (told["written"], told["conflicts"]) != (taken, len(numbers) - taken):
                self.wrong(f"told {told}, stored {taken} of {len(numbers)}", r["digest"])

    def _handed_over(self, key: str) -> bool:
        """Whether a cell was handed over by somebody, so that a workbook could no longer write it."""
        code = key.partition("/")[0]
        held = [c for c in self.cells.values() if c.asked.code == code]
        return any(c.status not in ("empty", "draft", "returned") for c in held)

    def submit(self, r: dict[str, Any]) -> None:
        from mirps.evidence.figures.api import FigureRow

        went = [s for s in self.steps if s.by == r["by"] and self.cells[s.cell_id].asked.code == r["ask"]]
        self.counts["handed over"] += len(went)
        if len(went) != r["outcome"]:
            self.wrong(f"told {r['outcome']} went, {len(went)} did", r)
        for s in went:
            cell, row = self.cells[s.cell_id], FigureRow.objects.get(pk=s.figure)
            if (row.value, row.status, cell.version) != (cell.value, "submitted", s.version):
                self.wrong(f"handed over {cell.value}, in the ledger {row.value} {row.status}", r)

    def everything(self) -> None:
        """Each cell says what its latest statement says; versions have no gap; nothing came from nowhere."""
        from mirps.evidence.entries.queries import rebuilt

        by_cell: dict[int, list[Any]] = defaultdict(list)
        for client, s in self.statements.items():
            if client not in self.explained:
                self.wrong("stored and never sent", (s.pk, s.by, s.via, str(s.value)))
            if s.number is not None:
                by_cell[s.cell_id].append(s)
        statuses = rebuilt(list(self.cells.values()))
        for pk, c in self.cells.items():
            held = sorted(by_cell[pk], key=lambda s: s.number)
            if [s.number for s in held] != list(range(1, c.version + 1)):
                self.wrong("versions with a gap", (pk, c.version, [s.number for s in held]))
            if held and (c.value, c.written_by) != (held[-1].value, held[-1].by):
                self.wrong("a cell says what nobody wrote last", (pk, str(c.value), str(held[-1].value)))
            if c.status != statuses[pk]:
                self.wrong("a status that its steps do not give", (pk, c.status, statuses[pk]))
        self.counts["statements"] = len(self.statements)
        self.counts["met another's change"] = sum(s.number is None for s in self.statements.values())


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        verify(Path(sys.argv[2]))
