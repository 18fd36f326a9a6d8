"""Stating a figure anew from the shell: who may, what may change, and the checks of any package row."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mirps.base.access.api import User, allowed
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import COLUMNS, Figure, FigureRow
from mirps.evidence.rounds import api as rounds
from mirps.sharing.exports.rows import plain

#: What a correction may not change: it states the same thing, of the same State, anew.
FIXED = frozenset({"id", "supersedes", "status", "state", "measure"})
#: Where the old statement stands. The new one stands there only if it is said so again.
EVIDENCE = ("document", "locator", "fragment")


class Refused(ValueError):
    """Why a correction is not taken: a text of data/texts/exports.yaml and what fills it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def state_anew(
    *,
    old: str,
    new: str,
    changes: Mapping[str, str],
    reason_es: str,
    reason_en: str,
    username: str,
    at: datetime,
) -> str:
    """Supersede `old`. Returns the new id. Raises Refused or PackageFaults; then nothing has changed."""
    held = FigureRow.objects.filter(pk=old).first()
    if held is None or held.superseded_by:
        raise Refused("export.fault.superseded", id=old)
    user = User.objects.filter(username=username).first()
    if user is None or not allowed(user, "figure.correct", state=held.state, on=at.date()):
        raise Refused("export.fault.not_allowed", user=username, state=held.state)
    if min(len(reason_es.strip()), len(reason_en.strip())) < 10:
        raise Refused("export.fault.reason")
    settable = [c for c in COLUMNS if c not in FIXED]
    for column in changes:
        if column not in settable:
            raise Refused("export.fault.set", found=column, known=", ".join(settable))
    id_ = new or _next_id(old)
    if FigureRow.objects.filter(pk=id_).exists():
        raise Refused("export.fault.taken", id=id_)
    evidence = {c: changes.get(c, "") for c in EVIDENCE}
    stated = _checked(figures.figure_from(held), {**changes, **evidence, "id": id_, "supersedes": old})
    rounds.correct(old=old, new=stated, by=username, at=at, reason_es=reason_es, reason_en=reason_en)
    return id_


def _next_id(old: str) -> str:
    stem, mark, n = old.rpartition("-r")
    return f"{stem}-r{int(n) + 1}" if mark and n.isdigit() else f"{old}-r2"


def _checked(figure: Figure, changes: Mapping[str, str]) -> Figure:
    """The changed statement, read back as a package of one row is, with all its checks."""
    cells = {c: plain(getattr(figure, c)) for c in COLUMNS} | dict(changes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "correction.csv"
        with path.open("w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([COLUMNS, [cells[c] for c in COLUMNS]])
        return figures.read_table(path, figures.vocabulary()).figures()[0]
