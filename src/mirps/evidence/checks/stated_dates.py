"""Dates that documents state for one thing, side by side: do they agree?

Dates of events and laws are not figures, so they are kept beside a round's figures in
dates.csv, each with both places. Pure: reads one file, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mirps.base.codelists.rules import rows
from mirps.base.texts.api import partial_date, say
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.relations import CONTRADICTION, WARNING

#: What a row may say of its two dates: they cannot both hold, or one reader's doubt.
SEVERITY = {
    "dates_differ": CONTRADICTION,
    "periods_differ": CONTRADICTION,
    "date_doubtful": WARNING,
}
_PERIOD = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:/(\.\.|\d{4}(?:-\d\d(?:-\d\d)?)?))?\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """A date or period as written: `2024-09-11`, `2024-06`, `2023/2033`, `2004/..`; and where."""

    when: str
    document: str
    locator: str
    fragment: str


@dataclass(frozen=True, slots=True)
class StatedTwice:
    id: str
    kind: str
    state: str
    subject_es: str
    subject_en: str
    first: Statement
    again: Statement
    note_es: str
    note_en: str


def read_stated_dates(path: Path) -> tuple[StatedTwice, ...]:
    """The rows of dates.csv; none when there is no file. Raises ValueError naming line and remedy."""
    if not path.exists():
        return ()
    out = []
    for line, r in rows(path):
        if r["kind"] not in SEVERITY:
            raise ValueError(
                f"{path.name}, line {line}: kind {r['kind']!r}; use one of {', '.join(SEVERITY)}"
            )
        one, two = (
            Statement(*(r[f"{c}_{s}"] for c in ("date", "document", "locator", "fragment"))) for s in "ab"
        )
        for said in (one, two):
            if said.when and not _valid(said.when):
                raise ValueError(
                    f"{path.name}, line {line}: {said.when!r} is no date; write 2024-09-11 or 2023/2033"
                )
        out.append(
            StatedTwice(
                r["id"],
                r["kind"],
                r["state"],
                r["subject_es"],
                r["subject_en"],
                one,
                two,
                r["note_es"],
                r["note_en"],
            )
        )
    return tuple(out)


def _valid(text: str) -> bool:
    found = _PERIOD.match(text)
    if not found:
        return False
    try:
        return all(date.fromisoformat((p + "-01-01")[:10]) for p in found.groups() if p and p != "..")
    except ValueError:
        return False


def check_stated_dates(stated: Sequence[StatedTwice]) -> list[LedgerFinding]:
    """Rows whose dates exclude each other: one ending where the other does not even begin, or of one
    exactness and different. A month that contains a day agrees with it. Doubts are always told."""
    return [
        _finding(s) for s in stated if SEVERITY[s.kind] == WARNING or not agree(s.first.when, s.again.when)
    ]


def agree(one: str, other: str) -> bool:
    """Whether the less exact of two dates contains the other: `2024-09` and `2024-09-11` agree.

    Periods (`start/end`) agree only when they are the same.
    """
    if "/" in one or "/" in other:
        return one == other
    return one.startswith(other) or other.startswith(one)


def _finding(s: StatedTwice) -> LedgerFinding:
    places = {
        f"{which}_{name}": getattr(said, name)
        for which, said in (("first", s.first), ("again", s.again))
        for name in ("when", "document", "locator", "fragment")
    }
    said = {
        "subject_es": s.subject_es,
        "subject_en": s.subject_en,
        "note_es": s.note_es,
        "note_en": s.note_en,
    }
    return LedgerFinding(
        kind=s.kind,
        severity=SEVERITY[s.kind],
        figures=(),
        stated=s.first.when,
        expected=s.again.when,
        params={**places, **said},
        state=s.state,
        subject=s.id,
    )


def message(params: Mapping[str, str], lang: str, locale: str) -> str:
    """What is stated where, and what a reader noted, in `lang`; nobody is accused."""
    return say(
        "finding.dates.two" if params["again_when"] and params["first_when"] else "finding.dates.one",
        lang,
        subject=params[f"subject_{lang}"],
        note=params[f"note_{lang}"],
        first=partial_date(params["first_when"], locale),
        first_document=params["first_document"],
        again=partial_date(params["again_when"], locale),
        again_document=params["again_document"],
    )
