"""The rows of lists, folded anew from the events: proof that they say what happened, and the way back where a row
was lost. Taken in batches of cases, each a transaction that holds them, so that it may run beside officers at work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from mirps.base.calendars.api import Calendar
from mirps.base.crypto import api as crypto
from mirps.base.prepared.api import insert, planned, update
from mirps.casework.cases import catalogue, decrees, rules, sealing
from mirps.casework.cases.models import Case, Handling, Standing
from mirps.casework.cases.rules import Stand
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Event, Procedure, State

BATCH = 500
#: What hangs on the decrees that are known: where a row's date is behind, that it differs is no fault.
_DATED = ("due", "due_of", "missed", "decree")
_COLUMNS = ("procedure", "state", "institution", "handler", *Stand.__slots__)
#: The events of a batch, as plain as they come: there are ten million.
_SAID = """
SELECT {case}, {id}, act, happened_at, recorded_at, "by", role, office, rule, sealed, {target} FROM casework_caseevent
WHERE case_id >= %s AND case_id <= %s ORDER BY case_id
"""


@dataclass(slots=True)
class Rebuilt:
    """How far it is. `wrong`: case -> the columns in which its row differed (`missing`: it had none; `events`: it
    has no event that opens it). `behind`: rows whose dates did not yet know the last decree."""

    cases: int = 0
    events: int = 0
    behind: int = 0
    wrong: dict[UUID, tuple[str, ...]] = field(default_factory=dict)


def check(*, at: datetime) -> Iterator[Rebuilt]:
    """Fold every case and compare its row; nothing is changed. Told after each batch; the last is the whole."""
    return _through(at, write=False)


def rebuild(*, at: datetime) -> Iterator[Rebuilt]:
    """The same, and every row that differs, is behind or is missing is set as the events have it."""
    return _through(at, write=True)


def _through(at: datetime, *, write: bool) -> Iterator[Rebuilt]:
    found, last = Rebuilt(), None
    node = _Node(at)
    while True:
        with transaction.atomic():
            rows = Case.objects.order_by("pk").values_list(*_Held._fields)
            batch = [_Held._make(r) for r in (rows.filter(pk__gt=last) if last else rows)[:BATCH]]
            if batch:
                _batch(batch, node, found, write=write)
        if not batch:
            return
        last = batch[-1].pk
        yield found


class _Held(NamedTuple):
    """A case's row, as far as it is read."""

    pk: UUID
    procedure: str
    state: str
    institution: str
    office: str


class _Node:
    """What the cases of a batch share: opening, calendars, clocks."""

    def __init__(self, at: datetime) -> None:
        self.at, self.sealer = at, crypto.sealer()
        self._decrees: dict[str, decrees.Decrees] = {}
        self._calendars: dict[tuple[str, str, str], Calendar] = {}

    def held(self, state: str) -> decrees.Decrees:
        if state not in self._decrees:
            self._decrees[state] = decrees.in_force(state)
        return self._decrees[state]

    def calendar(self, p: Procedure, office: str) -> Calendar:
        key = (p.name, p.version, office)
        if key not in self._calendars:
            self._calendars[key] = decrees.calendar_for(p, office, held=self.held(p.state))
        return self._calendars[key]

    def events(self, first: UUID, last: UUID) -> dict[str, list[Event]]:
        """Case -> its events, of a batch."""
        plain = connection.vendor == "postgresql"
        names = {
            c: f"{of}::text" if plain else of
            for c, of in (("case", "case_id"), ("id", "id"), ("target", "target"))
        }
        out: dict[str, list[Event]] = {}
        with planned() as cursor:
            cursor.execute(_SAID.format(**names), [first, last] if plain else [first.hex, last.hex])
            for row in cursor.fetchall():
                event, case = self._event(row if plain else _as_postgresql(row))
                out.setdefault(case, []).append(event)
        return out

    def _event(self, row: Sequence[Any]) -> tuple[Event, str]:
        case, id_, act, happened, recorded, by, role, office, rule, sealed, target = row
        said = json.loads(self.sealer.open(bytes(sealed), sealing.place(id_, case, act)))
        return Event(
            id_, act, happened, recorded, by, role, office, rule, said["values"], said["reason"], target or ""
        ), case


def _as_postgresql(row: Sequence[Any]) -> list[Any]:
    """From SQLite ids come without their strokes, and moments without their offset, which is UTC."""
    case, id_, act, happened, recorded, *said, target = row
    moments = (m.replace(tzinfo=UTC) for m in (happened, recorded))
    return [_stroked(case), _stroked(id_), act, *moments, *said, target and _stroked(target)]


def _stroked(h: str) -> str:
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def _batch(batch: Sequence[_Held], node: _Node, found: Rebuilt, *, write: bool) -> None:
    between = {"case_id__gte": batch[0].pk, "case_id__lte": batch[-1].pk}
    rows = Standing.objects.filter(**between).order_by("pk")
    kept = {r.pk: r for r in (rows.select_for_update() if write else rows)}
    events = node.events(batch[0].pk, batch[-1].pk)
    hands = dict(Handling.objects.filter(**between).order_by("at", "id").values_list("case_id", "user"))
    missing: list[dict[str, Any]] = []
    for case in batch:
        said = events.get(str(case.pk), [])
        found.cases, found.events = found.cases + 1, found.events + len(said)
        versions = catalogue.versions(case.procedure)
        state = procedures.fold(said, versions, catalogue.zone(case.state))
        if not state.begun:
            found.wrong[case.pk] = ("events",)
            continue
        columns = _columns(case, state, said, kept.get(case.pk), hands.get(case.pk, ""), node)
        row = kept.get(case.pk)
        if row is None:
            found.wrong[case.pk] = ("missing",)
            missing.append({"case_id": case.pk, **columns})
        elif differs := _differs(row, columns, found):
            found.wrong[case.pk] = differs
        if write and row is not None and (case.pk in found.wrong or row.decree < columns["decree"]):
            update(Standing, case.pk, columns)
    if write:
        insert(Standing, missing)


def _columns(
    case: _Held, state: State, said: Sequence[Event], row: Standing | None, handler: str, node: _Node
) -> dict[str, Any]:
    p = catalogue.version(case.procedure, state.version)
    zone = catalogue.zone(case.state)
    on = row.counted if row else node.at.astimezone(zone).date()
    stands = rules.stand(
        p, state, office=case.office, events=len(said), last=max(e.recorded for e in said), clock=zone,
        on=on.toordinal(), calendar=node.calendar(p, rules.office_of(state, case.office)),
        decree=len(node.held(case.state)),
    )  # fmt: skip
    return {
        "procedure": case.procedure, "state": case.state, "institution": case.institution, "handler": handler,
        **stands.columns,
    }  # fmt: skip


def _differs(row: Standing, columns: Mapping[str, Any], found: Rebuilt) -> tuple[str, ...]:
    behind = row.decree < columns["decree"]
    found.behind += behind
    held = [c for c in _COLUMNS if not (behind and c in _DATED)]
    return tuple(c for c in held if _plain(getattr(row, c)) != _plain(columns[c]))


def _plain(value: Any) -> Any:
    """As JSON gives it back (a day kept as a date in a form's value is a text there)."""
    return json.loads(json.dumps(value)) if isinstance(value, dict) else value
