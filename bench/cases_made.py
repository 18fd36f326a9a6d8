"""A million made-up cases with ten million acts under Mexico's asylum file, made once and kept in out/bench-cases.

Every fifth case is open, at any stage; each has one person with a name. All that is sealed is sealed as the product
seals it, under keys kept beside; each case's row in the lists is folded by the product's own rules. Two processes
write files that PostgreSQL's COPY takes; SQLite is filled from them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from tests.people import made

from mirps.base.crypto import keyring

ROOT = Path(__file__).resolve().parents[1]
SEED, CHUNK, PROCESSES = 6, 5_000, 2
PROCEDURE, HOLDER = "mex_asylum", "MEX.COMAR"
#: Where cases are: three in ten at the first.
OFFICES = tuple(
    f"MEX.COMAR.{o}" for o in ("TAP", "TAP", "TAP", "MEX", "PAL", "TEN", "TIJ", "MTY", "SAL", "TUX")
)
OFFICERS = 400
#: The last day on which anything was done.
UNTIL = datetime(2026, 11, 20, 18, tzinfo=UTC)
#: Made up to here years ago; of the last 200 days are those that are open.
FIRST, OPEN_SINCE = UNTIL - timedelta(days=1900), UNTIL - timedelta(days=200)
_ADMITTED = "claim notify_inm admit profile assign_modality"
_DECIDED = f"{_ADMITTED} sign_in sign_in sign_in interview give_opinion"
CLOSED = tuple(line.split() for line in (
    f"{_DECIDED} recognise notify_grant", f"{_DECIDED} complement notify_grant",
    f"{_ADMITTED} sign_in sign_in sign_in sign_in sign_in sign_in withdraw",
    "claim notify_inm admit sign_in sign_in sign_in sign_in withdraw",
))  # fmt: skip
OPEN = tuple(line.split() for line in (
    f"{_DECIDED} refuse notify_refusal", f"{_DECIDED} recognise", f"{_DECIDED} extend sign_in sign_in",
))  # fmt: skip
ROLES = {"profile": "protection", "assign_modality": "protection", "interview": "protection",
         "give_opinion": "protection", "recognise": "coordinator", "complement": "coordinator", "refuse": "coordinator",
         "extend": "coordinator", "notify_grant": "protection", "notify_refusal": "protection"}  # fmt: skip
REASON = "Lo que contó coincide con lo que se sabe de su municipio en esas fechas."
COLUMNS = {
    "people_person": "id state institution office recorded_at by number level registered_at",
    "people_fact": "id state institution office recorded_at by kind person_id sealed withdrawn in_force sensitivity"
                   " happened_at device submission",
    "casework_case": "id number procedure state institution office opened_at recorded_at by",
    "casework_subject": "case_id person_id role since by",
    "casework_party": "case_id institution whole",
    "casework_caseevent": "id case_id act happened_at recorded_at by role rule sealed device state institution office",
    "casework_standing": "case_id procedure state institution handler version stage open office modality entered aside"
                         " events last runs due due_of missed counted decree",
    "casework_handling": "id case_id user at by sealed",
}  # fmt: skip
_BOOLEAN = {"open", "whole", "withdrawn", "in_force"}
_UUID = {"id", "case_id", "person_id", "submission"}


@dataclass(frozen=True)
class Built:
    folder: Path
    count: int

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    def parts(self, table: str) -> list[Path]:
        return sorted(self.folder.glob(f"{table}-*.tsv"))


def built(count: int) -> Built:
    """So many cases, made now if they are not there or if the code that makes them has changed."""
    kept = ROOT / "out" / "bench-cases"
    code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    found = Built(kept / f"{count}-{code}", count)
    if not (found.folder / "done").exists():
        for old in kept.glob(f"{count}-*"):
            shutil.rmtree(old)
        found.folder.mkdir(parents=True)
        keyring.make(found.keys)
        _migrate(found, found.folder / "mirps.sqlite3")
        began = perf_counter()
        with get_context("spawn").Pool(PROCESSES, _begin, (str(found.folder),)) as pool:
            for done in pool.imap_unordered(_chunk, ((n, count) for n in range(0, count, CHUNK))):
                if (done // CHUNK) % 20 == 19:
                    print(f"   … {done + CHUNK:,} of {count:,} cases", flush=True)
        print(f"   {count:,} cases made in {perf_counter() - began:.0f} s", flush=True)
        (found.folder / "done").touch()
    return found


def into_postgresql(found: Built, url: str) -> None:
    """COPY into a database that has the tables."""
    began = perf_counter()
    with psycopg.connect(url) as db:
        db.execute("set mirps.keeper = 'on'")
        for table, columns in COLUMNS.items():
            named = ", ".join(f'"{c}"' for c in columns.split())
            for path in found.parts(table):
                with path.open("rb") as rows, db.cursor().copy(f"copy {table} ({named}) from stdin") as to:
                    while block := rows.read(1 << 20):
                        to.write(block)
        db.commit()
        db.autocommit = True
        db.execute("vacuum analyze")
    print(f"   … into PostgreSQL in {perf_counter() - began:.0f} s", flush=True)


def sqlite_of(found: Built) -> Path:
    """A database that holds them, made now if it is not there; to be copied, not changed."""
    whole, half = found.folder / "whole.sqlite3", found.folder / "half.sqlite3"
    if whole.exists():
        return whole
    began = perf_counter()
    half.unlink(missing_ok=True)
    _migrate(found, half)
    db = sqlite3.connect(half)
    db.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-3000000;")
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?"
    indexes = [row for table in COLUMNS for row in db.execute(made, [table])]
    for name, _ in indexes:  # made at the end, each in one pass
        db.execute(f'drop index "{name}"')
    for table, columns in COLUMNS.items():
        names = columns.split()
        named, marks = ", ".join(f'"{c}"' for c in names), ", ".join("?" * len(names))
        given = set(names)
        empty = {c[1]: c[2] for c in db.execute(f"pragma table_info({table})") if c[3] and not c[5]}
        assert not set(empty) - given, (table, set(empty) - given)
        for path in found.parts(table):
            db.executemany(f"insert into {table} ({named}) values ({marks})", _read(path, names))
        db.commit()
    for _, sql in indexes:
        db.execute(sql)
    db.execute("analyze")
    db.execute("pragma journal_mode=wal")
    db.close()
    half.rename(whole)
    print(f"   … into SQLite in {perf_counter() - began:.0f} s", flush=True)
    return whole


def _migrate(found: Built, database: Path) -> None:
    env = {**os.environ, "MIRPS_HOME": str(found.folder), "MIRPS_DATABASE_URL": f"sqlite:///{database}",
           "DJANGO_SETTINGS_MODULE": "mirps.config.settings"}  # fmt: skip
    mirps = str(Path(sys.executable).with_name("mirps"))
    subprocess.run([mirps, "manage", "migrate", "-v0"], env=env, cwd=ROOT, check=True)


def _read(path: Path, names: list[str]) -> Iterator[list[Any]]:
    """Rows of COPY as Django keeps them in SQLite."""
    ids = [n for n, c in enumerate(names) if c in _UUID]
    flags = [n for n, c in enumerate(names) if c in _BOOLEAN]
    blobs = [n for n, c in enumerate(names) if c == "sealed"]
    with path.open() as lines:
        for line in lines:
            row: list[Any] = [None if v == "\\N" else v for v in line.rstrip("\n").split("\t")]
            for n in ids:
                row[n] = row[n].replace("-", "")
            for n in flags:
                row[n] = row[n] == "t"
            for n in blobs:
                row[n] = bytes.fromhex(row[n][3:])
            yield row


# --- in the processes that write


def _begin(home: str) -> None:
    os.environ |= {"MIRPS_HOME": home, "DJANGO_SETTINGS_MODULE": "mirps.config.settings"}
    os.environ.pop("MIRPS_DATABASE_URL", None)
    import django

    django.setup()


def _chunk(given: tuple[int, int]) -> int:
    first, count = given
    maker, folder = _Maker(count), Path(os.environ["MIRPS_HOME"])
    chance = random.Random(f"{SEED}/{first}")
    people = made.people(min(CHUNK, count - first), SEED + first)
    for n, person in enumerate(islice(people, CHUNK), first):
        maker.case(n, person, chance)
    for table, lines in maker.lines.items():
        (folder / f"{table}-{first:08}.tsv").write_text("".join(lines))
    return first


class _Maker:
    def __init__(self, count: int) -> None:
        from mirps.base.crypto import api as crypto
        from mirps.casework.cases import catalogue, decrees
        from mirps.casework.procedures.api import procedures

        self.count, self.sealer = count, crypto.sealer()
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.versions = procedures()[PROCEDURE]
        (self.p,) = self.versions.values()
        self.zone, self.on = catalogue.clock(self.p), UNTIL.date().toordinal()
        self.calendars = {o: decrees.calendar_for(self.p, o, held=()) for o in set(OFFICES)}

    def case(self, n: int, person: made.Made, chance: random.Random) -> None:
        from mirps.casework.cases.numbers import number
        from mirps.people.registry.api import number as person_number
        from mirps.people.registry.sealing import place, sealed

        open_ = n % 5 == 0
        span = (UNTIL - OPEN_SINCE if open_ else OPEN_SINCE - FIRST) * (n / self.count)
        at = (OPEN_SINCE if open_ else FIRST) + span - timedelta(days=30 if open_ else 0)
        line = chance.choice(OPEN if open_ else CLOSED)
        line = line[: chance.randrange(1, len(line) + 1)] if open_ else line
        office, officer = OFFICES[chance.randrange(len(OFFICES))], f"bench-{chance.randrange(OFFICERS)}"
        events = self._events(line, at, office, officer, chance)
        case = UUID(events[0].id)
        held, moment = ("MEX", HOLDER, office), _moment(at)
        self._add("people_person", person.id, *held, moment, officer, person_number("MEX", person.id), "individual",
                  moment)  # fmt: skip
        fact, data = _uuid7(at, chance), {"given": person.given, "surnames": person.surnames, "use": "current",
                                          "sure": "stated"}  # fmt: skip
        value = "\\\\x" + sealed(data, place("name", fact, person.id, None, None)).hex()
        self._add("people_fact", fact, *held, moment, officer, "name", person.id, value, "f", "t", "", moment, "bench",
                  fact)  # fmt: skip
        self._add("casework_case", case, number("MEX", case), PROCEDURE, *held, moment, moment, officer)
        self._add("casework_subject", case, person.id, "principal", moment, officer)
        self._add("casework_party", case, "MEX.INM", "f")
        self._stand(case, events, office, officer if open_ and n % 3 else "")

    def _events(
        self, line: list[str], at: datetime, office: str, officer: str, chance: random.Random
    ) -> list[Any]:
        from mirps.casework.cases.sealing import place
        from mirps.casework.procedures.api import Event

        said: dict[str, dict[str, Any]] = {
            "claim": {"entered_on": (at.date() - timedelta(9)).isoformat(), "nationality": "HND"},
            "profile": {"lone_child": False, "urgent": False, "joined": False},
            "assign_modality": {"modality": "regular"}, "interview": {"language": "es"},
        }  # fmt: skip
        events: list[Any] = []
        for act in line:
            reason = REASON if self.p.acts[act].reason else ""
            id_, values, role = _uuid7(at, chance), said.get(act, {}), ROLES.get(act, "registration")
            case = UUID(events[0].id) if events else id_
            text = json.dumps({"values": values, "reason": reason}, ensure_ascii=False, separators=(",", ":"))
            sealed = self.sealer.seal(text, place(id_, case, act)).hex()
            moment = _moment(at)
            self._add("casework_caseevent", id_, case, act, moment, moment, officer, role, self.p.rule,
                      "\\\\x" + sealed, "", "MEX", HOLDER, office)  # fmt: skip
            events.append(Event(str(id_), act, at, at, officer, role, office, self.p.rule, values, reason))
            at = min(at + timedelta(days=chance.randrange(1, 7), minutes=chance.randrange(400)), UNTIL)
        return events

    def _stand(self, case: UUID, events: list[Any], office: str, handler: str) -> None:
        from mirps.casework.cases import rules, sealing
        from mirps.casework.cases.models import Handling
        from mirps.casework.procedures.api import fold

        state, last = fold(events, self.versions, self.zone), events[-1].recorded
        s = rules.stand(self.p, state, office=office, events=len(events), last=last, clock=self.zone, on=self.on,
                        calendar=self.calendars[office], decree=0)  # fmt: skip
        self._add("casework_standing", case, PROCEDURE, "MEX", HOLDER, handler, s.version, s.stage, "ft"[s.open],
                  s.office, s.modality, s.entered, s.aside, s.events, _moment(s.last), json.dumps(s.runs),
                  s.due or "\\N", s.due_of, s.missed, s.counted, s.decree)  # fmt: skip
        if handler:
            row = Handling(id=case, case_id=case, user=handler, at=last, by=handler)
            note = "\\\\x" + sealing.sealed_note("", row).hex()
            self._add("casework_handling", row.id, case, handler, _moment(last), handler, note)

    def _add(self, table: str, *row: object) -> None:
        self.lines[table].append("\t".join(map(str, row)) + "\n")


def _moment(at: datetime) -> str:
    """As both databases take it: without its offset, which is UTC."""
    return at.isoformat(" ", "microseconds")[:26]


def _uuid7(at: datetime, chance: random.Random) -> UUID:
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (chance.getrandbits(12) << 64) | (2 << 62)
                | chance.getrandbits(62))  # fmt: skip


def today() -> date:
    return UNTIL.date()
