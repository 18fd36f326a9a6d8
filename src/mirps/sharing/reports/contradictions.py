"""What did not add up, as a report tells it: the figures, what follows from them, the answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from mirps.base.texts.api import day, number, partial_date, say
from mirps.evidence.findings import api as ledger
from mirps.sharing.reports import wording
from mirps.sharing.reports.binding import Binder, Findings
from mirps.sharing.reports.tree import Contradiction, Contradictions


def told(round: str, known_on: datetime | None = None) -> Findings:
    """The findings of a round, as they stood on `known_on`. Those of figures not in the book are left out."""

    def tell(binder: Binder, options: dict[str, object]) -> Contradictions:
        wanted = options.get("select")
        state, document = (
            ("", "")
            if not isinstance(wanted, dict)
            else (str(wanted.get("state", "")), str(wanted.get("document", "")))
        )
        held = [
            f
            for f in ledger.current()
            if f.round == round
            and f.severity == "contradiction"
            and state in ("", f.state)
            and (known_on is None or f.found_at <= known_on)
            and (not document or any(_document(id_, binder) == document for id_ in f.figures))
            and all(id_ in binder.book and binder.book.get(id_).public for id_ in f.figures)
        ]
        limit = int(str(options.get("limit") or len(held)))
        return Contradictions(tuple(_one(f, binder, known_on) for f in held[:limit]))

    return tell


def _document(id_: str, binder: Binder) -> str:
    figure = binder.figure(id_)
    return figure.document if figure else ""


def _one(finding: ledger.Finding, binder: Binder, known_on: datetime | None) -> Contradiction:
    answers = [a for a in finding.answers.all() if known_on is None or a.at <= known_on]
    standing, reason = ledger.OPEN, ""
    if answers and answers[-1].kind != ledger.WITHDRAWN:
        standing = answers[-1].kind
        reason = answers[-1].reason_es if binder.lang == "es" else answers[-1].reason_en
    stated, expected = (_written(v, binder) for v in (finding.stated, finding.expected))
    key = "periods" if "/" in finding.stated else "expected" if expected else "stated"
    first = binder.figure(finding.figures[0]) if finding.figures else None
    what = wording.describe(first, binder.book.measures.get(first.measure), binder.lang) if first else ""
    if not finding.figures:  # about dates that documents state
        key, what = "dates", finding.params[f"subject_{binder.lang}"]
        stated, expected = (
            f"{partial_date(finding.params[f'{w}_when'], binder.locale)} ({finding.params[f'{w}_document']})"
            for w in ("first", "again")
        )
    return Contradiction(
        code=finding.code,
        state=wording.state(finding.state, binder.lang),
        message=say(f"reports.finding.{key}", binder.lang, what=what, stated=stated, expected=expected),
        figures=tuple(binder.number(id_) for id_ in finding.figures),
        answer=say(f"reports.finding.{standing}", binder.lang, reason=reason),
        answered=standing != ledger.OPEN,
    )


def _written(value: str, binder: Binder) -> str:
    """A stated or expected value as the reader writes it: a number, or a period `day/day`."""
    try:
        if "/" in value:
            start, end = (day(date.fromisoformat(d), binder.locale, "medium") for d in value.split("/"))
            return say("reports.period", binder.lang, start=start, end=end)
        return number(Decimal(value), binder.locale)
    except (InvalidOperation, ValueError):
        return value
