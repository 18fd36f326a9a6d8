"""Loading a round's data package: its figures, what the checks say of them, and the answers given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.checks.stated_dates import check_stated_dates, read_stated_dates
from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds.checking import found_in, states_of
from mirps.evidence.rounds.file import digest, read_round_file
from mirps.evidence.rounds.models import Round
from mirps.evidence.rounds.rules import Stage

Say = Callable[[str, dict[str, object]], None]


def known_at(document: str, otherwise: datetime) -> datetime:
    """From when a document's figures count as publicly known (data/documents.csv, with its basis)."""
    row = codelists.documents().get(document)
    if not row or not row["known_from"]:
        return otherwise
    return datetime.combine(date.fromisoformat(row["known_from"]), time.min, tzinfo=UTC)


def found(
    *, code: str, at: datetime, instead: Mapping[str, figures.Figure] | None = None
) -> list[LedgerFinding]:
    """What the checks say of a round as it stands in the ledger, or as it would stand with other
    statements `instead` of some (by id). Nothing is kept.

    Declared relations follow a figure to the one that superseded it. Of a round that people work in,
    each State's figures are read beside what other rounds published (rounds.checking).
    """
    instead = instead or {}
    if _worked(code):
        also = list(instead.values())
        return [f for state in states_of(code) for f in found_in(code, state, also)]
    book = figures.book(at=at)
    standing = [
        instead.get(i, e.figure) for i, e in book.entries.items() if e.round == code and not e.superseded_by
    ]

    def latest(id_: str) -> str:
        last = book.latest(id_)
        return instead[last].id if last in instead else last

    relations = [
        replace(r, left=latest(r.left), right=tuple(latest(i) for i in r.right))
        for r in figures.read_relations(figures.round_folder(code) / "relations.csv")
    ]
    dates = check_stated_dates(read_stated_dates(figures.round_folder(code) / "dates.csv"))
    return check_ledger(standing, figures.measures(), relations) + dates


def _worked(code: str) -> bool:
    """Whether people work in the round (it was not loaded from documents)."""
    return Round.objects.filter(pk=code).exclude(stage=Stage.LOADED).exists()


@transaction.atomic
def check(*, code: str, by: str, at: datetime, state: str = "") -> tuple[int, int]:
    """Check what stands of a round in the ledger and keep what is found. Returns (new, all) findings.

    `state`: only what that State handed over in a round that people work in.
    """
    every = found_in(code, state) if state else found(code=code, at=at)
    new, _ = findings.keep(round=code, found=every, by=by, at=at, state=state)
    return new, len(every)


@transaction.atomic
def correct(
    *, old: str, new: figures.Figure, by: str, at: datetime, reason_es: str, reason_en: str
) -> figures.FigureRow:
    """State a figure anew and check its round again, so that what no longer contradicts is gone at once."""
    row = figures.correct(old=old, new=new, by=by, at=at, reason_es=reason_es, reason_en=reason_en)
    check(code=row.round, by=by, at=at)
    return row


@transaction.atomic
def load(*, code: str, by: str, at: datetime, say: Say = lambda key, values: None) -> dict[str, int]:
    """Load a round of the data folder, check the ledger, keep findings and the answers that come with
    the data. Loading an unchanged package changes nothing. Raises PackageFaults; then nothing is loaded."""
    folder = figures.round_folder(code)
    about, mark = read_round_file(folder), digest(folder)
    if Round.objects.filter(pk=code, digest=mark).exists():
        say("round.unchanged", {"round": code})
        return {"figures": 0, "findings": 0, "answers": 0}
    package = figures.read_own_round(code)
    say("round.read", {"count": len(package.table)})
    added = figures.record_table(
        table=package.table, round=code, by=by, at=at, known_at=lambda d: known_at(d, at)
    )
    say("round.recorded", {"count": added})
    new, standing = check(code=code, by=by, at=at)
    say("round.checked", {"count": standing})
    held = {f.code: f for f in findings.current()}
    given = 0
    for a in package.answers:
        finding = held.get(a.finding)
        if finding is None or finding.answers.exists():
            continue
        findings.answer(
            finding=a.finding, kind=a.kind, role=a.role, reason_es=a.reason_es, reason_en=a.reason_en,
            figure=a.figure, by=about.proposal_by, at=at,
        )  # fmt: skip
        given += 1
    say("round.answered", {"count": given})
    figures.touch(figures=(), findings=())  # its title and dates stand on public pages
    Round.objects.update_or_create(
        code=code,
        defaults={
            "title_es": about.title_es,
            "title_en": about.title_en,
            "starts": about.starts,
            "ends": about.ends,
            "loaded_at": at,
            "digest": mark,
        },
    )
    record(by=by, at=at, act="round.loaded", subject=f"round {code}", detail={"figures": added})
    return {"figures": added, "findings": new, "answers": given}
