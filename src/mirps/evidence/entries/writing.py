"""Writing into cells: one transaction and one audit entry for all that is posted together.

Two people on one cell: the second to save, who saw an older version, changes nothing; what they
wrote is kept beside it for them to choose (`Outcome.CONFLICT`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.evidence.entries.models import Cell, Statement
from mirps.evidence.entries.rules import Given, Hint, faults, writable
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.rounds.api import Stage, Status

#: What of a cell a write changes.
_STANDS = (
    "version", "value", "absence", "qualifier", "note_es", "note_en", "written_by", "written_at", "status",
)  # fmt: skip


class Outcome(StrEnum):
    WRITTEN = "written"
    SAME = "same"  # nothing differs from what stands
    AGAIN = "again"  # this very post was taken before
    CONFLICT = "conflict"  # another version came in between; nothing changed
    REFUSED = "refused"  # no value may be this, or nothing may be written here
    WAITING = "waiting"  # not taken, because another post of the same whole was refused


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write: `cell` as it stands now, `mine` the statement that it made (in a conflict
    kept beside the cell), `hints` why it was refused."""

    outcome: Outcome
    cell: Cell
    mine: Statement | None = None
    hints: tuple[Hint, ...] = ()


class NotTaken(ValueError):
    """What was written cannot be taken: `hints` say why, each a text with its values."""

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__(", ".join(h.key for h in hints))
        self.hints = list(hints)


@dataclass(frozen=True, slots=True)
class Post:
    """Something written into a cell. `base`: the version that its writer saw; `client`: a mark made
    where it was written, so that the same post twice is one statement. What is None stays as it is."""

    cell: int
    base: int
    client: UUID
    value: Decimal | None = None
    absence: str = ""
    qualifier: Qualifier | None = None
    note_es: str | None = None
    note_en: str | None = None

    def given(self, held: Cell | Statement) -> Given:
        return Given(
            self.value,
            self.absence,
            Qualifier(held.qualifier) if self.qualifier is None else self.qualifier,
            held.note_es if self.note_es is None else self.note_es,
            held.note_en if self.note_en is None else self.note_en,
        )


def write(*, cell: int, given: Given, base: int, client: UUID, by: str, at: datetime, via: str) -> Written:
    """Write into one cell.

    Raises NotTaken for what no value may be or where nothing may be written, Cell.DoesNotExist.
    Whether `by` may write is for the door to ask (`entry.write` for the institution).
    """
    post = Post(
        cell, base, client, given.value, given.absence, given.qualifier, given.note_es, given.note_en
    )  # fmt: skip
    done = write_all(posts=[post], by=by, at=at, via=via)[0]
    if done.outcome is Outcome.REFUSED:
        raise NotTaken(done.hints)
    return done


@transaction.atomic
def write_all(
    *, posts: Sequence[Post], by: str, at: datetime, via: str, round: str = "", institution: str = "",
    whole: bool = False,
) -> list[Written]:  # fmt: skip
    """Write what is posted together; an outcome for each post, in their order.

    `whole`: nothing is taken when one is refused. `round` and `institution`: where the cells must
    belong. Five queries, six when somebody wrote in between. Raises Cell.DoesNotExist when a cell is
    not (or no longer) there.
    """
    within = {"asked__round_id": round, "asked__institution": institution, "asked__withdrawn_at": None}
    held = {
        c.pk: c
        for c in Cell.objects.select_for_update(of=("self",)).select_related("asked__round")
        .filter(pk__in={p.cell for p in posts}, **(within if institution else {})).order_by("pk")
    }  # fmt: skip
    if lacking := {p.cell for p in posts} - set(held):
        raise Cell.DoesNotExist(f"no cell {sorted(lacking)}")
    seen = {s.client: s for s in Statement.objects.filter(client__in=[p.client for p in posts])}
    unchanged = _unchanged([p for p in posts if p.client not in seen and p.base != held[p.cell].version])
    refused = [() if p.client in unchanged else _refused(p, held[p.cell], seen) for p in posts]
    if whole and any(refused):
        return [
            Written(Outcome.REFUSED if why else Outcome.WAITING, held[p.cell], hints=why)
            for p, why in zip(posts, refused, strict=True)
        ]
    done = [
        Written(Outcome.REFUSED, held[p.cell], hints=why) if why
        else Written(Outcome.SAME, held[p.cell]) if p.client in unchanged
        else _taken(p, held[p.cell], seen.get(p.client), by=by, at=at, via=via)
        for p, why in zip(posts, refused, strict=True)
    ]  # fmt: skip
    _keep(done, [p.client for p in posts], seen, by=by, at=at)
    return done


def _unchanged(stale: Sequence[Post]) -> set[UUID]:
    """The marks of posts that say what their writer saw: a form sends all its cells, and whoever left one
    as it was does not stand against somebody who changed it."""
    if not stale:
        return set()
    bases = {p.base for p in stale if p.base > 0}
    then = {
        (s.cell_id, s.number): s
        for s in Statement.objects.filter(cell__in={p.cell for p in stale}, number__in=bases)
    }
    found = set()
    for p in stale:
        stood = Statement(cell_id=p.cell) if p.base == 0 else then.get((p.cell, p.base))
        if stood is not None and p.given(stood) == given_in(stood):
            found.add(p.client)
    return found


def _refused(post: Post, held: Cell, seen: Mapping[UUID, Statement]) -> tuple[Hint, ...]:
    given, earlier = post.given(held), seen.get(post.client)
    if earlier is not None:
        same = earlier.cell_id == held.pk and (earlier.value, earlier.absence) == (given.value, given.absence)
        return () if same else (Hint("entries.fault.mark", {}, stop=True),)
    if shut := writable(Stage(held.asked.round.stage), Status(held.status)):
        return (Hint(shut, {}, stop=True),)
    return tuple(faults(given, held.asked.ask(), whole=counted(held.asked.unit)))


def _taken(post: Post, held: Cell, earlier: Statement | None, *, by: str, at: datetime, via: str) -> Written:
    """What becomes of a post that is not refused. The cell changes in memory only."""
    if earlier is not None:
        # The answer to a post that met another's change may have been lost: it is given again.
        met = earlier.number is None
        return Written(Outcome.CONFLICT if met else Outcome.AGAIN, held, earlier if met else None)
    given = post.given(held)
    if given_in(held) == given:
        return Written(Outcome.SAME, held)
    mine = Statement(
        cell=held, base=post.base, value=given.value, absence=given.absence, qualifier=given.qualifier,
        note_es=given.note_es, note_en=given.note_en, client=post.client, by=by, at=at, via=via,
    )  # fmt: skip
    if post.base != held.version:
        return Written(Outcome.CONFLICT, held, mine)
    mine.number = held.version + 1
    stand(held, mine)
    return Written(Outcome.WRITTEN, held, mine)


def _keep(
    done: Sequence[Written], clients: Sequence[UUID], seen: Mapping[UUID, Statement], *, by: str, at: datetime
) -> None:
    """Save the new statements, the cells as they now stand, and one audit entry."""
    fresh = [w.mine for w, c in zip(done, clients, strict=True) if w.mine is not None and c not in seen]
    Statement.objects.bulk_create(fresh)
    cells = list({w.cell.pk: w.cell for w in done if w.outcome is Outcome.WRITTEN}.values())
    if not cells:
        return
    if len(cells) == 1:
        cells[0].save(update_fields=_STANDS)
    else:
        Cell.objects.bulk_update(cells, _STANDS)
    first = cells[0]
    one = len(cells) == 1
    record(
        by=by, at=at, act="entry.written",
        subject=f"cell {first.pk}" if one else f"round {first.asked.round_id} {first.asked.institution}",
        detail={
            "round": first.asked.round_id,
            **({"asked": first.asked.code, "version": first.version} if one
               else {"cells": [[c.pk, c.version] for c in cells]}),
        },
    )  # fmt: skip


def stand(cell: Cell, statement: Statement) -> None:
    """Make the cell say what its latest statement says. Nothing is saved."""
    cell.version = statement.number or 0
    for name in ("value", "absence", "qualifier", "note_es", "note_en"):
        setattr(cell, name, getattr(statement, name))
    cell.written_by, cell.written_at = statement.by, statement.at
    empty = statement.value is None and not statement.absence
    if Status(cell.status) is not Status.RETURNED:
        cell.status = Status.EMPTY if empty else Status.DRAFT


def counted(unit: str) -> bool:
    """Whether a unit is counted in whole things."""
    code = codelists.units().get(unit)
    return code is not None and code.extra.get("kind") == "count"


def given_in(cell: Cell | Statement) -> Given:
    """What stands in a cell, or what a statement says."""
    return Given(cell.value, cell.absence, Qualifier(cell.qualifier), cell.note_es, cell.note_en)
