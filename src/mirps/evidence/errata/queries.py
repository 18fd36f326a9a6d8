"""Reading errata, and what the checks would find after a correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.errata.models import Erratum
from mirps.evidence.errata.rules import threads
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Entry, Figure
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds import api as rounds


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the checks say of a round before a correction and after it."""

    settled: tuple[findings.Finding, ...]  # not found any more
    remaining: tuple[LedgerFinding, ...]  # about the figure, found before and after
    arising: tuple[LedgerFinding, ...]  # found only after


def public(entries: Mapping[str, Entry]) -> tuple[Erratum, ...]:
    """Errata of which the public may read both statements, the oldest first.

    `entries` are the public statements. A round or a State under embargo shows none.
    """
    found = Erratum.objects.order_by("at", "id")
    return tuple(e for e in found if e.old in entries and e.new in entries)


def of(ids: Iterable[str], errata: Iterable[Erratum]) -> dict[str, tuple[Erratum, ...]]:
    """Figure -> the errata of its thread, the oldest first, for those figures that have any.

    A figure's thread is every statement that it replaces and every one that replaced it.
    """
    by_old = {e.old: e for e in errata}
    held = threads((e.old, e.new) for e in by_old.values())
    return {i: tuple(by_old[f] for f in held[i][:-1]) for i in ids if i in held}


def latest(figure: str) -> str:
    """The statement that stands where `figure` stood (itself, when nothing replaced it)."""
    while by := figures.FigureRow.objects.filter(pk=figure).values_list("superseded_by", flat=True).first():
        figure = by
    return figure


def foreseen(*, old: str, new: Figure, at: datetime) -> Foreseen:
    """What would be found in the round if `new` stood in the place of `old`. Nothing is kept."""
    code = figures.FigureRow.objects.get(pk=old).round
    after = {f.code: f for f in rounds.found(code=code, at=at, instead={old: new})}
    before = {f.code: f for f in findings.current().filter(round=code)}
    # The same doubt about the figure's new statement has another code: it is known by what it is about.
    about = {_about(f, {old: new.id}): f.code for f in before.values()}
    remaining, arising = [], []
    for finding in after.values():
        if finding.code not in before and new.id in finding.figures and _about(finding, {}) in about:
            remaining.append(finding)
        elif finding.code not in before:
            arising.append(finding)
    kept = {about[_about(f, {})] for f in remaining} | after.keys()
    settled = [f for c, f in before.items() if c not in kept]
    return Foreseen(tuple(settled), tuple(remaining), tuple(arising))


def _about(
    f: findings.Finding | LedgerFinding, replaced: Mapping[str, str]
) -> tuple[str, str, tuple[str, ...]]:
    ids = [replaced.get(i, i) for i in f.figures]
    return f.kind, "".join(ids[:1]), tuple(sorted(ids[1:]))
