"""Taking a workbook in: all that is right, or nothing, as the user chooses. One transaction.

What is written goes through entries, cell by cell with a mark made of the file and the cell, so that
the same file again is the same posts; and the file itself is taken once an institution.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Outcome, Post, Upload
from mirps.evidence.rounds.api import Round
from mirps.evidence.workbooks import queries
from mirps.evidence.workbooks.planning import Choice, Fate, Item, Plan, lacking, plan
from mirps.evidence.workbooks.reading import read
from mirps.evidence.workbooks.rules import Fault, Read, Unreadable, client_of


@dataclass(frozen=True, slots=True)
class Looked:
    """A workbook that was looked at and not taken in yet. `before`: this very file was taken."""

    digest: str
    plan: Plan
    before: Upload | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking in. `again`: this very file was taken before, nothing changed.
    `nothing`: nothing was taken (something stood in the way, or there was nothing to take)."""

    upload: Upload | None
    plan: Plan
    again: bool = False
    nothing: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def made_for(content: bytes) -> tuple[str, str] | None:
    """The round and institution that a workbook was made for, or None when it cannot be read."""
    try:
        meta = read(content, queries.secret(), queries.labels()).meta
    except Unreadable:
        return None
    return meta.round, meta.institution


def faults_of(content: bytes) -> list[Fault]:
    """Why a file cannot be read as a workbook; nothing for one that can."""
    try:
        read(content, queries.secret(), queries.labels())
    except Unreadable as e:
        return e.faults
    return []


def look(*, round: Round, institution: str, content: bytes, by: str) -> Looked:
    """What taking the workbook in would do; nothing is done. An unreadable one has a plan of faults."""
    digest = digest_of(content)
    before = queries.taken_before(round.code, institution, digest)
    try:
        found = read(content, queries.secret(), queries.labels())
    except Unreadable as e:
        return Looked(digest, Plan(faults=tuple(e.faults)), before)
    return Looked(digest, _plan(found, round, institution, by), before)


def take_in(
    *, round: str, institution: str, content: bytes, name: str, by: str, at: datetime, whole: bool = False,
    choices: Mapping[str, Choice] | None = None, seen: Mapping[str, int] | None = None,
) -> Taken:  # fmt: skip
    """Take a workbook in.

    `whole`: nothing is taken unless all of it is right and every conflict decided. `choices`: what to do
    in each conflict, by key; `seen`: the version that was seen beside it, so that a change since then is
    a conflict anew. Whether `by` may write is for the door to ask (`entry.write` for the institution).
    """
    digest = digest_of(content)
    try:
        found = read(content, queries.secret(), queries.labels())
    except Unreadable as e:
        return Taken(None, Plan(faults=tuple(e.faults)), nothing=True)
    with transaction.atomic():
        held = Round.objects.get(pk=round)
        upload, fresh = Upload.objects.get_or_create(
            round=held, institution=institution, digest=digest,
            defaults={"name": name[:200], "by": by, "at": at},
        )  # fmt: skip
        planned = _plan(found, held, institution, by)
        if not fresh:
            return Taken(upload, planned, again=True, counts=upload.outcome)
        posts = _posts(planned, digest, choices or {}, seen or {})
        if planned.fatal or not posts or (whole and lacking(planned, choices or {})):
            transaction.set_rollback(True)
            return Taken(None, planned, nothing=True)
        written = entries.write_all(
            posts=posts, by=by, at=at, via="workbook", round=round, institution=institution, whole=whole
        )
        counts = _counts(written, planned)
        if whole and counts["conflicts"] + counts["refused"]:
            # Somebody came in between the look and now.
            transaction.set_rollback(True)
            return Taken(None, planned, nothing=True)
        upload.outcome = {**counts, "workbook": planned.signature, "lang": planned.lang}
        upload.save(update_fields=["outcome"])
        record(by=by, at=at, act="workbook.taken", subject=f"round {round} {institution}",
               detail={"digest": digest, "name": upload.name, **counts})  # fmt: skip
    return Taken(upload, planned, counts=counts)


def _plan(found: Read, round: Round, institution: str, by: str) -> Plan:
    ground = queries.ground(round, institution, found, by=by)
    return plan(found, ground, queries.language(institution, found.meta.lang))


def _posts(
    planned: Plan, digest: str, choices: Mapping[str, Choice], seen: Mapping[str, int]
) -> list[Post]:  # fmt: skip
    out = [_post(i, i.base, digest, planned.lang) for i in planned.of(Fate.WRITE)]
    for i in planned.of(Fate.CONFLICT):
        choice = choices.get(i.key, Choice.LEAVE)
        if choice is not Choice.THEIRS:
            base = seen.get(i.key, i.cell.version) if choice is Choice.MINE else i.base
            out.append(_post(i, base, digest, planned.lang))
    return out


def _post(item: Item, base: int, digest: str, lang: str) -> Post:
    """What the workbook says, as a post; the note of the other language stays as it is."""
    mine = item.mine
    return Post(
        cell=item.cell.pk, base=base, client=client_of(digest, item.key), value=mine.value,
        absence=mine.absence, qualifier=mine.qualifier,
        note_es=mine.note_es if lang == "es" else None, note_en=mine.note_en if lang == "en" else None,
    )  # fmt: skip


def _counts(written: Sequence[entries.Written], planned: Plan) -> dict[str, int]:
    made = [w.outcome for w in written]
    return {
        "written": made.count(Outcome.WRITTEN) + made.count(Outcome.AGAIN),
        "same": len(planned.of(Fate.SAME)) + made.count(Outcome.SAME),
        "refused": len(planned.of(Fate.WRONG)) + made.count(Outcome.REFUSED),
        "conflicts": made.count(Outcome.CONFLICT),
    }
