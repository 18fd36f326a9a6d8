"""What a proposal lacks before it can be handed in, and whether it may be: pure.

Lacking is of the form (an answer, a paper, an amount) and named to the applicant, each with where to mend
it. Eligibility is of the call: tests run on what the proposal says; the outcome is proposed to a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mirps.planning.calls.rules import Fault, Question, Terms, Test

PAYERS = ("fund", "own", "other")
MOST_LINES = 60
#: Words of the summary.
MOST_SUMMARY = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a budget: what, how much, who would pay it, and the node of a plan that it serves."""

    what: str
    amount: Decimal
    payer: str = "fund"
    node: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What an applicant has written. `answers` by the code of the question, as text."""

    title: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    months: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    confirmed: frozenset[int] = frozenset()  # places of the tests that the applicant confirms

    @property
    def asked(self) -> Decimal:
        """What is asked of the call."""
        return sum((x.amount for x in self.lines if x.payer == "fund"), Decimal(0))

    @property
    def whole(self) -> Decimal:
        return sum((x.amount for x in self.lines), Decimal(0))

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(x.node for x in self.lines if x.node))


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose proposal it is. `others`: how many more proposals of the same applicant were handed in."""

    institution: str
    state: str
    sort: str  # government, municipal …
    others: int = 0


def content(data: Mapping[str, Any]) -> Content:
    """A proposal as it is kept (a JSON object)."""
    return Content(
        title=dict(data.get("title", {})), summary=data.get("summary", ""), months=data.get("months"),
        answers=dict(data.get("answers", {})),
        lines=tuple(
            Line(x.get("what", ""), Decimal(x["amount"]), x.get("payer", "fund"), x.get("node", ""))
            for x in data.get("lines", ())
        ),
        confirmed=frozenset(data.get("confirmed", ())),
    )  # fmt: skip


def kept(c: Content) -> dict[str, Any]:
    """The JSON object of a proposal."""
    return {
        "title": dict(c.title), "summary": c.summary, "months": c.months, "answers": dict(c.answers),
        "lines": [{"what": x.what, "amount": f"{x.amount:f}", "payer": x.payer, "node": x.node} for x in c.lines],
        "confirmed": sorted(c.confirmed),
    }  # fmt: skip


def words_in(text: str) -> int:
    return len(text.split())


def lacking(t: Terms, c: Content, papers: Collection[str]) -> list[Fault]:
    """Everything that keeps a proposal from being handed in; `papers`: codes of the documents attached."""
    found = [Fault("calls.lack.title", f"title-{lang}") for lang in ("es", "en") if not c.title.get(lang)]
    if not c.summary:
        found.append(Fault("calls.lack.summary", "summary"))
    elif words_in(c.summary) > MOST_SUMMARY:
        found.append(_long("summary", MOST_SUMMARY, words_in(c.summary)))
    if not c.months or c.months < 1:
        found.append(Fault("calls.lack.months", "months"))
    for q in t.questions:
        found += _answer(q, c.answers.get(q.code, "").strip())
    found += _budget(t, c)
    found += [
        Fault("calls.lack.paper", f"paper-{d.code}", {"document": d.words})
        for d in t.documents
        if d.required and d.code not in papers
    ]
    return found + [
        Fault("calls.lack.confirmed", f"confirmed-{n}", {"test": test.words})
        for n, test in enumerate(t.tests)
        if test.test == "confirmed" and n not in c.confirmed
    ]


def _long(cell: str, most: int, now: int) -> Fault:
    return Fault("calls.lack.long", cell, {"most": most, "found": now})


def _answer(q: Question, text: str) -> list[Fault]:
    cell = f"answer-{q.code}"
    if not text:
        return [Fault("calls.lack.answer", cell, {"question": q.words})] if q.required else []
    if q.answer in ("text", "line") and q.most and words_in(text) > q.most:
        values = {"question": q.words, "most": q.most, "found": words_in(text)}
        return [Fault("calls.lack.long-answer", cell, values)]
    if q.answer == "number":
        value = _number(text)
        if value is None:
            return [Fault("calls.lack.number", cell, {"question": q.words})]
        if q.most and value > q.most:
            return [Fault("calls.lack.large", cell, {"question": q.words, "most": q.most})]
    if q.answer == "date" and not _is_day(text):
        return [Fault("calls.lack.date", cell, {"question": q.words})]
    return []


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _budget(t: Terms, c: Content) -> list[Fault]:
    if not c.lines:
        return [Fault("calls.lack.budget", "lines")]
    found = []
    for n, x in enumerate(c.lines):
        if not x.what or x.amount <= 0:
            found.append(Fault("calls.lack.line", f"line-{n}", {"n": n + 1}))
    if c.asked <= 0:
        found.append(Fault("calls.lack.asked", "lines"))
    values = {"found": c.asked, "currency": t.currency}
    if t.most is not None and c.asked > t.most:
        found.append(Fault("calls.lack.most", "lines", {**values, "most": t.most}))
    if t.least is not None and 0 < c.asked < t.least:
        found.append(Fault("calls.lack.least", "lines", {**values, "least": t.least}))
    return found


# --- eligibility


def failed(t: Terms, c: Content, who: Applicant) -> list[Test]:
    """The tests of the call that a proposal does not pass. A person decides what follows."""
    return [test for n, test in enumerate(t.tests) if not _passes(test, n, c, who)]


def may_apply(t: Terms, who: Applicant) -> list[Test]:
    """The tests that an applicant fails whatever the proposal says: told before anything is written."""
    of_the_applicant = {"state", "sort", "institution", "proposals-most"}
    return [
        test
        for n, test in enumerate(t.tests)
        if test.test in of_the_applicant and not _passes(test, n, Content(), who)
    ]


def _passes(test: Test, n: int, c: Content, who: Applicant) -> bool:
    codes = set(re.split(r"[\s,;]+", test.value.strip()))
    number = Decimal(test.value) if re.fullmatch(r"\d+(\.\d+)?", test.value) else Decimal(0)
    match test.test:
        case "state":
            return who.state in codes
        case "sort":
            return who.sort in codes
        case "institution":
            return any(_is_one(who.institution, code) for code in codes)
        case "amount-most":
            return c.asked <= number
        case "amount-least":
            return c.asked >= number
        case "months-most":
            return (c.months or 0) <= number
        case "own-share-least":
            return c.whole > 0 and (c.whole - c.asked) * 100 >= number * c.whole
        case "plan-links-least":
            return len(c.nodes) >= number
        case "proposals-most":
            return who.others + 1 <= number
        case _:  # confirmed: the applicant says so, and a person checks
            return n in c.confirmed


def _is_one(institution: str, code: str) -> bool:
    """`*.NTT`: the National Technical Team of any State."""
    return institution == code or (code.startswith("*.") and institution.endswith(code[1:]))
