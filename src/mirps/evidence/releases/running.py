"""What is done by itself: whatever was recorded in cases is counted, protected and proposed for the rounds that are
being worked in; what a person agreed to in advance goes out as provisional.

Costs one question where nothing was recorded. Else only the indicators in which a cell has changed are looked at.
Loads a compiler: only who protects imports this, and not the door (api).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from mirps.base.codelists.api import member_states
from mirps.casework.cases import api as cases
from mirps.evidence.indicators import api as indicators
from mirps.evidence.indicators.api import Kind
from mirps.evidence.indicators.counting import engine
from mirps.evidence.indicators.exporting import as_known, export
from mirps.evidence.indicators.families import Family, families
from mirps.evidence.indicators.keeping import keep, standing
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.leaves import at_rest
from mirps.evidence.indicators.planning import Span
from mirps.evidence.indicators.standing import Changed, Standing
from mirps.evidence.releases.actions import BY, let_go
from mirps.evidence.releases.proposing import Asked, Proposed, propose
from mirps.evidence.releases.rules import Stage
from mirps.evidence.rounds import api as rounds
from mirps.people.custody import api as custody

#: (State, round) -> by period the families of indicators that are asked for.
Wanted = Mapping[tuple[str, str], Mapping[Span, Sequence[Family]]]


def run(folder: Path, *, at: datetime) -> list[Proposed]:
    """Count, protect, propose and let go what there is to. `folder`: where the layers are kept."""
    asked = wanted()
    if not asked:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder) as alone:
        if not alone:
            return []
        held, now = folder / "released.json", _mark(asked)
        before = json.loads(held.read_text(encoding="utf-8")) if held.exists() else {}
        if before.items() >= now.items():
            return []
        stands = standing(folder, indicators.indicators().values(), parents())
        # Whoever fell over half way, or found the cubes moved by somebody else, looks at everything.
        everything = before.get("asked") != now["asked"] or before.get("cubes") != _cubes(stands)
        held.unlink(missing_ok=True)
        with engine() as db:
            found = _counted(db, folder, stands, asked, everything=everything, at=at)
        held.write_text(json.dumps(now | {"cubes": _cubes(stands)}), encoding="utf-8")
    for p in found:
        if p.told == "new" and p.release is not None and p.release.stage == Stage.PROPOSED:
            let_go(release=p.release, at=at)
    return found


def wanted() -> Wanted:
    """What the open rounds ask for, with all that is protected with it."""
    found: dict[tuple[str, str], dict[Span, list[Family]]] = {}
    every = families(indicators.indicators().values())
    for r in rounds.worked().filter(stage__in=[rounds.Stage.OPEN, rounds.Stage.CLOSED]):
        for state in states():
            spans: dict[Span, list[Family]] = {}
            asks = list(rounds.asked(r.code, state=state))
            for f in every:
                for span in _spans(f, asks, r.starts):
                    spans.setdefault(span, []).append(f)
            if spans:
                found[state, r.code] = spans
    return found


def states() -> Sequence[str]:
    """Whose cases are here: this node's State; where one process plays every node, all of them; of a region none."""
    own = list(member_states())
    return own if not settings.NODE else [s for s in own if s == settings.NODE]


def _spans(f: Family, asks: Sequence[rounds.Asked], starts: date) -> list[Span]:
    """The periods for which a round asks for one of the family's measures, each once."""
    measures = {i.measure for i in f.members if i.measure}
    out: dict[Span, None] = {}
    for a in asks:
        if a.measure not in measures:
            continue
        if f.kind is Kind.STOCK and a.as_of:
            out[Span(min(starts, a.as_of), a.as_of)] = None
        elif f.kind is Kind.FLOW and a.period_start and a.period_end:
            out[Span(a.period_start, a.period_end)] = None
    return list(out)


def _mark(asked: Wanted) -> dict[str, Any]:
    """What tells a state of affairs from the one before: the last act recorded, and what is asked."""
    with custody.keeping():
        last = (
            cases.CaseEvent.objects.order_by("-recorded_at", "-id").values_list("recorded_at", "id").first()
        )
    said = sorted(
        [state, round, str(s.first), str(s.last), i.code]
        for (state, round), spans in asked.items()
        for s, held in spans.items()
        for f in held
        for i in f.members
    )
    told = [last[0].isoformat(), str(last[1])] if last else []
    return {"last": told, "asked": sha256(json.dumps(said).encode()).hexdigest()}


def _counted(
    db: duckdb.DuckDBPyConnection, folder: Path, stands: Standing, asked: Wanted, *, everything: bool,
    at: datetime,
) -> list[Proposed]:  # fmt: skip
    today = at.astimezone(UTC).date()
    for _ in export(folder, until=today):
        pass
    kept = keep(db, folder, stands)
    chosen = [
        (Asked(state, round, span, today), [i for f in held for i in f.members])
        for (state, round), spans in asked.items()
        for span, every in spans.items()
        if (held := [f for f in every if everything or any(i.code in kept.touched for i in f.members)])
    ]
    if not chosen:
        return []
    sources = at_rest(db, as_known(db, folder, today))
    return [
        p for each, members in chosen for p in propose(db, sources, members, each, by=BY, at=at)
    ]  # fmt: skip


def _cubes(stands: Standing) -> str:
    """Which days the standing cubes have taken in."""
    try:
        taken = sorted((over.value, day.isoformat(), mark) for (over, day), mark in stands.taken().items())
    except Changed:
        return ""
    return sha256(json.dumps(taken).encode()).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is counting here just now."""
    with (folder / "alone").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
