"""What a call asks, and where it stands. Pure: no Django, no clock.

A call's terms are read from its record (kind `call`) and frozen when it is opened: nobody changes the
criteria under which people have already applied. Only the closing may be put off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,29}\Z")


class Stage(StrEnum):
    """Where a call stands: by the clock until it closes, then by what people did."""

    DRAWN = "drawn"  # not opened by anybody yet
    ANNOUNCED = "announced"  # opened, and its moment has not come
    OPEN = "open"
    CLOSED = "closed"  # what came in is checked, recusals are settled
    READING = "reading"  # the first reading: blind
    DISCUSSION = "discussion"  # the second: names and all scores are known to those who may
    TOLD = "told"  # decided, and applicants were told

    @property
    def rank(self) -> int:
        return list(Stage).index(self)


@dataclass(frozen=True, slots=True)
class Words:
    es: str = ""
    en: str = ""

    def __getitem__(self, lang: str) -> str:
        return (self.es if lang == "es" else self.en) or self.es or self.en


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of eligibility. `value` as the test reads it: codes, or a number."""

    test: str
    value: str
    words: Words


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Question:
    """`most`: words of a text, or the largest number; 0: no limit. `names`: the answer says whose proposal
    it is, and is kept from the first reading."""

    code: str
    section: str
    answer: str  # line, text, number, date, yes
    most: int
    required: bool
    names: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Document:
    code: str
    required: bool
    names: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """`top`: the highest score that may be given; the lowest is 0."""

    code: str
    weight: Decimal
    top: Decimal
    words: Words


@dataclass(frozen=True, slots=True)
class Terms:
    opens: datetime | None
    closes: datetime | None
    questions_until: datetime | None
    currency: str
    total: Decimal | None
    most: Decimal | None
    least: Decimal | None
    committee: str
    quorum: int
    readers: int  # the fewest who must have read a proposal
    pass_mark: Decimal | None  # of 100
    tests: tuple[Test, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    documents: tuple[Document, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be done: `key` is a text, `values` fill it; `cell` is where to mend it."""

    key: str
    cell: str = ""
    values: Mapping[str, object] | None = None

    @property
    def fill(self) -> dict[str, object]:
        return dict(self.values or {})


def terms(data: Mapping[str, Any], zone: ZoneInfo) -> Terms:
    """The terms that a call's record states; moments by the clock of `zone`. A call closes with the last
    minute of its day where no hour is given, and opens with the first."""
    amount = {k: _amount(data.get(k)) for k in ("total", "most", "least")}
    currencies = [data[k]["currency"] for k in amount if data.get(k, {}).get("currency")]
    return Terms(
        opens=_moment(data, "opens", "opens-at", time(0, 0), zone),
        closes=_moment(data, "closes", "closes-at", time(23, 59), zone),
        questions_until=_moment(data, "questions-until", "", time(23, 59), zone),
        currency=currencies[0] if currencies else "",
        **amount,
        committee=str(data.get("committee", "")),
        quorum=int(Decimal(data.get("quorum", "0"))),
        readers=int(Decimal(data.get("readers", "0"))),
        pass_mark=Decimal(data["pass-mark"]) if data.get("pass-mark") else None,
        tests=tuple(Test(r["test"], r.get("value", ""), _words(r)) for r in data.get("eligibility", ())),
        sections=tuple(Section(r["code"], _words(r)) for r in data.get("sections", ())),
        questions=tuple(_question(r) for r in data.get("questions", ())),
        documents=tuple(
            Document(r["code"], bool(r.get("required")), bool(r.get("names")), _words(r))
            for r in data.get("documents", ())
        ),
        criteria=tuple(
            Criterion(r["code"], Decimal(r["weight"]), Decimal(r["top"]), _words(r))
            for r in data.get("criteria", ())
        ),
    )


def _question(r: Mapping[str, Any]) -> Question:
    most = int(Decimal(r.get("most", "0")))
    return Question(
        r["code"], r["section"], r["answer"], most, bool(r.get("required")), bool(r.get("names")), _words(r)
    )


def _words(r: Mapping[str, Any]) -> Words:
    return Words(r.get("es", ""), r.get("en", ""))


def _amount(held: Mapping[str, str] | None) -> Decimal | None:
    return Decimal(held["amount"]) if held else None


def _moment(data: Mapping[str, Any], day: str, hour: str, default: time, zone: ZoneInfo) -> datetime | None:
    if not data.get(day):
        return None
    clock = time.fromisoformat(data[hour]) if data.get(hour) else default
    return datetime.combine(date.fromisoformat(data[day]), clock, tzinfo=zone)


#: Tests whose value is a number.
NUMBERED = frozenset(
    {"amount-most", "amount-least", "months-most", "own-share-least", "plan-links-least", "proposals-most"}
)
#: Tests whose value is a list of codes.
LISTED = frozenset({"state", "sort", "institution"})


def not_ready(t: Terms, now: datetime) -> list[Fault]:
    """What keeps a call from being opened, all of it at once."""
    found: list[Fault] = []
    if t.opens is None:
        found.append(Fault("calls.unready.opens", "opens"))
    if t.closes is None:
        found.append(Fault("calls.unready.closes", "closes"))
    elif t.closes <= now:
        found.append(Fault("calls.unready.past", "closes"))
    if t.opens and t.closes and t.opens >= t.closes:
        found.append(Fault("calls.unready.order", "closes"))
    if t.total is not None and not t.currency:
        found.append(Fault("calls.unready.currency", "total"))
    if t.quorum < 1:
        found.append(Fault("calls.unready.quorum", "quorum"))
    if t.readers < 1:
        found.append(Fault("calls.unready.readers", "readers"))
    return found + _form_faults(t) + _criteria_faults(t) + _test_faults(t)


def _form_faults(t: Terms) -> list[Fault]:
    found = [] if t.questions else [Fault("calls.unready.questions", "questions")]
    sections = {s.code for s in t.sections}
    found += [
        Fault("calls.unready.section", "questions", {"question": q.code, "section": q.section})
        for q in t.questions
        if q.section not in sections
    ]
    for cell, codes in (
        ("sections", [s.code for s in t.sections]),
        ("questions", [q.code for q in t.questions]),
        ("documents", [d.code for d in t.documents]),
        ("criteria", [c.code for c in t.criteria]),
    ):
        found += [
            Fault("calls.unready.code", cell, {"found": c})
            for c in dict.fromkeys(codes)
            if not CODE.match(c) or codes.count(c) > 1
        ]
    return found


def _criteria_faults(t: Terms) -> list[Fault]:
    if not t.criteria:
        return [Fault("calls.unready.criteria", "criteria")]
    return [
        Fault("calls.unready.weight", "criteria", {"criterion": c.code})
        for c in t.criteria
        if c.weight <= 0 or c.top <= 0
    ]


def _test_faults(t: Terms) -> list[Fault]:
    found = []
    for test in t.tests:
        if test.test in NUMBERED and not _is_number(test.value):
            found.append(Fault("calls.unready.test-number", "eligibility", {"test": test.test}))
        if test.test in LISTED and not test.value.split():
            found.append(Fault("calls.unready.test-codes", "eligibility", {"test": test.test}))
        if test.test == "confirmed" and not (test.words.es and test.words.en):
            found.append(Fault("calls.unready.test-words", "eligibility", {"test": test.test}))
    return found


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,15}(\.\d+)?", text) is not None


def stage(
    *, opened: bool, opens: datetime | None, closes: datetime | None, acts: Sequence[str], now: datetime
) -> Stage:
    """Where a call stands at a moment. `acts`: what was done to it, in order: `reading-started`,
    `reading-ended`, `told`. The moment of closing itself is too late."""
    if not opened or opens is None or closes is None:
        return Stage.DRAWN
    if now < opens:
        return Stage.ANNOUNCED
    if now < closes:
        return Stage.OPEN
    for act, found in (
        ("told", Stage.TOLD),
        ("reading-ended", Stage.DISCUSSION),
        ("reading-started", Stage.READING),
    ):
        if act in acts:
            return found
    return Stage.CLOSED
