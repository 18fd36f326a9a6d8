"""Figures on their way up: what a State approved of a round, and what the region keeps of it in its draft round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet

from mirps.evidence.entries import api as entries
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow, PackageFaults, Status, Table, WrongStep
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Step
from mirps.sharing.exchange import answers
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import Package, Peer
from mirps.sharing.exchange.rules import REGION, Kind, NotTaken, pause
from mirps.sharing.exchange.sending import issue
from mirps.sharing.exchange.taking import BY, Arrival

#: Of what people still write or sent back nothing leaves a State.
_RELEASED = (Status.SUBMITTED, Status.APPROVED)
_HELD_BACK = (rounds.Status.SUBMITTED, rounds.Status.RETURNED, rounds.Status.DRAFT, rounds.Status.EMPTY)
_LENGTHS = {f.name: f.max_length for f in FigureRow._meta.get_fields() if isinstance(f, CharField)}
#: Of what did not fit, so much is named in the list of packages.
MOST_NAMED = 100
#: Statements in one package: some 30 MB of text, a few hundred kilobytes as it travels.
MOST_ROWS = 100_000


def send(*, round: str, by: str, at: datetime) -> Package | None:
    """Pack what the State released of a round and the region was not yet sent; nothing where there is none.

    Released are statements of the ledger that the State approved, and those that no form holds (computed ones).
    """
    peer = Peer.objects.filter(pk=REGION).first()
    if peer is None or node() == REGION:
        return None
    has, told = _sent(peer, round)
    taken = entries.said_here(round, state=node(), steps=[Step.UNLOCK], nodes=BY)
    fresh = [s for s in taken if s.figure in has and answers.mark_of(s) not in told]
    back = {s.figure for s in fresh}
    rows = [r for r in _released(round, node()) if has[r.id] <= 0 or r.id in back][:MOST_ROWS]
    ids = [r.id for r in rows]
    if not (rows or fresh) or _refused_lately(peer, round, ids, at):
        return None
    known = {*has, *ids}
    content = {
        "round": round, "columns": list(figures.COLUMNS), "taken_up": [answers.told(s) for s in fresh],
        "rows": [_cells(figures.figure_from(r), _ancestor(r, known)) for r in rows],
    }  # fmt: skip
    about = {
        "round": round, "count": len(rows), "ids": ids, "marks": [answers.mark_of(s) for s in fresh],
        "taken_up": sorted(back),
    }  # fmt: skip
    return issue(peer=peer, kind=Kind.FIGURES, content=content, by=by, at=at, about=about)


def _released(round: str, state: str) -> QuerySet[FigureRow]:
    cells = entries.Cell.objects.filter(asked__round_id=round, asked__state=state)
    own = FigureRow.objects.filter(round=round, state=state, status__in=_RELEASED, superseded_by="")
    unsigned = cells.filter(status__in=_HELD_BACK).exclude(figure="").values("figure")
    return own.exclude(pk__in=unsigned).order_by("pk")


def _sent(peer: Peer, round: str) -> tuple[Counter[str], set[str]]:
    """Ids that the region was sent (unless it refused them), each with how much oftener than it sent them back or
    they were taken up again here: at none, they go again once they are approved again. And the marks of what the
    region knows to be taken up."""
    sent, marks = Counter[str](), set[str]()
    streams = (Kind.FIGURES, Kind.ANSWERS)
    rows = Package.objects.filter(lane__peer=peer, lane__stream__in=streams, about__round=round)
    kept = rows.exclude(state=Package.REFUSED).order_by("pk").values_list("lane__stream", "about")
    for stream, about in kept:
        sent.update(about.get("ids", ()))
        sent.subtract(about.get("returned", ()))
        sent.subtract(about.get("taken_up", ()))
        marks.update(about.get("marks", ()) if stream == Kind.FIGURES else ())
    return sent, marks


def _refused_lately(peer: Peer, round: str, ids: Sequence[str], at: datetime) -> bool:
    """Whether the region has just refused these very figures: they are offered again after a pause, which grows."""
    rows = Package.objects.filter(lane__outward=True, lane__peer=peer, lane__stream=Kind.FIGURES)
    tries, last = 0, None
    for row in rows.order_by("-pk").values("state", "about", "settled_at")[:20]:
        if row["state"] != Package.REFUSED or row["about"].get("ids") != list(ids):
            break
        tries, last = tries + 1, last or row["settled_at"]
    return last is not None and at < last + pause(tries)


def _ancestor(row: FigureRow, known: set[str]) -> str:
    """The nearest statement before this one that the region has: what was never released is not named."""
    before = row.supersedes
    while before and before not in known:
        held = FigureRow.objects.filter(pk=before).values_list("supersedes", flat=True).first()
        before = held or ""
    return before


def _cells(figure: figures.Figure, supersedes: str) -> list[str]:
    told = {c: figures.cell_text(getattr(figure, c)) for c in figures.COLUMNS}
    return list((told | {"supersedes": supersedes, "status": Status.SUBMITTED.value}).values())


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """State a State's figures in the draft round, as submitted and with their origin; or have our own back.

    Raises NotTaken for a round that is not being worked in, for another State's figures, for one that takes the
    place of what it may not, and for whatever no figure may be.
    """
    round, state = str(content["round"])[:40], arrival.head.sender
    held = rounds.Round.objects.filter(pk=round).first()
    if held is None or (held.stage not in (rounds.Stage.OPEN, rounds.Stage.CLOSED) and not arrival.own):
        raise NotTaken("round", settles=True, round=round)
    table = _table(content["columns"], content["rows"])
    if strangers := sorted(set(table.columns["state"]) - {state}):
        raise NotTaken("state", settles=True, states=", ".join(strangers)[:60], sender=state)
    ids = list(table.columns["id"])
    by = f"{BY} {state}"
    marks, taken = answers.heard(content.get("taken_up") or (), (Step.UNLOCK,))
    passed = entries.follow(round=round, state=state, said=taken, by=by, at=arrival.at)
    if arrival.own:
        table = _only(table, set(ids) - _standing(ids))
    _prove_supersedes(table, round, state)
    try:
        figures.record_table(table=table, round=round, by=by, at=arrival.at, known_at=lambda _: arrival.at)
    except PackageFaults as fault:
        raise _told(fault) from None
    except WrongStep as fault:
        raise NotTaken("content", settles=True, what=str(fault)) from None
    done = entries.answered(round=round, state=state, ids=ids, by=by, at=arrival.at)
    rounds.check(code=round, state=state, by=BY, at=arrival.at)
    return {
        "round": round, "count": len(ids), "ids": ids, "marks": marks, "taken_up": [t.figure for t in taken],
        "placed": done.placed, "aside": done.aside[:MOST_NAMED], "unplaced": done.unplaced[:MOST_NAMED],
        "passed": len(passed),
    }  # fmt: skip


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The statements, proved. Columns that this code does not know are passed over."""
    if len(rows) > MOST_ROWS or not all(isinstance(c, str) for row in rows for c in row):
        raise NotTaken("content", settles=True, what="rows")
    if any(len(row) != len(columns) for row in rows) or len(set(columns)) != len(columns):
        raise NotTaken("content", settles=True, what="columns")
    if not rows:
        return Table(dict.fromkeys(figures.COLUMNS, ()), 0)
    given = dict(zip(columns, zip(*rows, strict=True), strict=True))
    lacking = [c for c in figures.COLUMNS if c not in given and c not in OPTIONAL]
    if lacking:
        raise NotTaken("content", settles=True, what=", ".join(lacking))
    told = {c: given.get(c) or (OPTIONAL[c],) * len(rows) for c in figures.COLUMNS}
    told["status"] = (Status.SUBMITTED.value,) * len(rows)  # what the region makes of it is the region's
    for name, most in _LENGTHS.items():
        if most and name in told and any(len(v) > most for v in told[name]):
            raise NotTaken("content", settles=True, what=name)
    try:
        return figures.proved("figures", Table(told, len(rows)), figures.vocabulary())
    except PackageFaults as fault:
        raise _told(fault) from None


#: Columns that a sender of another year may not write, and what stands for them.
OPTIONAL: Mapping[str, str] = {
    "absence": "", "origin": "reported", "role": "recommended", "status": "", "supersedes": "",
}  # fmt: skip


def _told(fault: PackageFaults) -> NotTaken:
    first = fault.faults[0]
    what = f"{first.file}, {first.line}, {first.column}: {first.found}"
    return NotTaken("content", settles=True, what=what)


def _standing(ids: Iterable[str]) -> set[str]:
    return set(FigureRow.objects.filter(pk__in=list(ids)).order_by().values_list("id", flat=True))


def _only(table: Table, ids: set[str]) -> Table:
    keep = [n for n, id_ in enumerate(table.columns["id"]) if id_ in ids]
    return Table({c: tuple(values[n] for n in keep) for c, values in table.columns.items()}, len(keep))


def _prove_supersedes(table: Table, round: str, state: str) -> None:
    """A statement takes the place only of one of its own State and round that is not public and stands."""
    news = dict(zip(table.columns["id"], table.columns["supersedes"], strict=True))
    older = {old for old in news.values() if old and old not in news}
    rows = FigureRow.objects.filter(pk__in=list(older), round=round, state=state).exclude(
        status=Status.PUBLISHED
    )
    free = {r.id for r in rows.order_by("pk") if r.superseded_by in ("", *news)}
    if wrong := sorted(older - free):
        raise NotTaken("supersedes", settles=True, figure=wrong[0])
