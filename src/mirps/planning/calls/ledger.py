"""What the acts of a call add up to: a fold over its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mirps.planning.calls.ranking import Sheet
from mirps.planning.calls.recusals import Recusal, Standing, Why


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    what: str
    by: str
    at: datetime
    proposal: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a member says ties them: codes of institutions and States, and why."""

    codes: frozenset[str]
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a proposal is eligible, as a person found."""

    eligible: bool
    reason: Mapping[str, str]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A reader's sheet as written once. `reading` 1 or 2; `final`: handed in, and not only kept."""

    reader: str
    proposal: str
    reading: int
    scores: Mapping[str, Decimal]
    comment: str
    reason: str
    final: bool
    at: datetime

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.reader, self.proposal, self.scores)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be decided of a proposal. `led`: what the ranking alone led to when it was written."""

    number: int  # of the writing: agreement is with one and not with the next
    outcome: str  # selected, reserve, not-selected
    amount: Decimal | None
    reason: Mapping[str, str]
    departs: str
    led: str
    by: str
    at: datetime
    voices: Mapping[str, tuple[bool, str]] = field(default_factory=dict)

    def agreed(self, members: Iterable[str]) -> int:
        may = set(members)
        return sum(yes for who, (yes, _) in self.voices.items() if who in may)

    def against(self, members: Iterable[str]) -> int:
        may = set(members)
        return sum(not yes for who, (yes, _) in self.voices.items() if who in may)


@dataclass(frozen=True, slots=True)
class Instalment:
    due: str
    amount: Decimal
    condition: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Signed when both sides have: `signed` side -> (who, when)."""

    number: int
    amount: Decimal
    starts: str
    ends: str
    instalments: tuple[Instalment, ...]
    by: str
    at: datetime
    signed: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return set(self.signed) == {"applicant", "fund"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the call. Public once it is answered, without who asked."""

    id: int
    text: str
    lang: str
    by: str
    at: datetime
    question: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)
    answered_at: datetime | None = None


@dataclass(slots=True)
class Ledger:
    acts: list[str] = field(default_factory=list)
    declared: dict[str, Declaration] = field(default_factory=dict)
    recusals: dict[tuple[str, str], Recusal] = field(default_factory=dict)
    checked: dict[str, Checked] = field(default_factory=dict)
    given: dict[tuple[str, str], list[Given]] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    questions: dict[int, Asked] = field(default_factory=dict)

    def sheet(self, reader: str, proposal: str, reading: int | None = None) -> Given | None:
        """The last final sheet of a reader (of one reading)."""
        for g in reversed(self.given.get((reader, proposal), [])):
            if g.final and reading in (None, g.reading):
                return g
        return None

    def draft(self, reader: str, proposal: str) -> Given | None:
        """What a reader last wrote, kept or handed in."""
        held = self.given.get((reader, proposal))
        return held[-1] if held else None

    def sheets(self, proposal: str, without: Iterable[str] = ()) -> list[Given]:
        """The last final sheet of each reader but those named."""
        out = set(without)
        readers = sorted({r for r, p in self.given if p == proposal and r not in out})
        return [g for r in readers if (g := self.sheet(r, proposal))]

    def recused(self, member: str, proposal: str, tie: Why | None) -> Recusal | None:
        """The recusal of a member from a proposal: what was decided, or what `tie` (found today) proposes.
        A rejection holds for the tie it was given for, and for no graver one found later."""
        held = self.recusals.get((member, proposal))
        if held is not None and (held.holds or tie in (None, held.why)):
            return held
        return Recusal(member, proposal, tie) if tie else None


def fold(events: Iterable[Event]) -> Ledger:
    """Raises KeyError for an event of an unknown sort: a ledger that cannot be read is not guessed at."""
    found = Ledger()
    for e in events:
        _STEPS[e.what](found, e)
    return found


def _act(f: Ledger, e: Event) -> None:
    f.acts.append(e.what)


def _nothing(_f: Ledger, _e: Event) -> None:
    return None


def _declared(f: Ledger, e: Event) -> None:
    f.declared[e.by] = Declaration(frozenset(e.data["codes"]), e.data.get("note", ""), e.at)


def _recusal(f: Ledger, e: Event) -> None:
    member, d = e.data["member"], e.data
    f.recusals[member, e.proposal] = Recusal(
        member, e.proposal, Why(d["why"]), Standing(d["standing"]), e.by, d.get("reason", "")
    )


def _checked(f: Ledger, e: Event) -> None:
    f.checked[e.proposal] = Checked(e.data["eligible"], e.data.get("reason", {}), e.by, e.at)


def _given(f: Ledger, e: Event) -> None:
    d = e.data
    scores = {k: Decimal(v) for k, v in d["scores"].items()}
    f.given.setdefault((e.by, e.proposal), []).append(
        Given(
            e.by,
            e.proposal,
            d["reading"],
            scores,
            d.get("comment", ""),
            d.get("reason", ""),
            d["final"],
            e.at,
        )
    )


def _excused(f: Ledger, e: Event) -> None:
    f.excused[e.data["member"]] = e.data["reason"]


def _decision(f: Ledger, e: Event) -> None:
    d, was = e.data, f.decisions.get(e.proposal)
    f.decisions[e.proposal] = Decision(
        number=was.number + 1 if was else 1, outcome=d["outcome"],
        amount=Decimal(d["amount"]) if d.get("amount") else None, reason=d["reason"],
        departs=d.get("departs", ""), led=d.get("led", ""), by=e.by, at=e.at, voices={e.by: (True, "")},
    )  # fmt: skip


def _voice(f: Ledger, e: Event) -> None:
    held = f.decisions[e.proposal]
    if e.data["number"] == held.number:
        voices = {**held.voices, e.by: (bool(e.data["agrees"]), e.data.get("note", ""))}
        f.decisions[e.proposal] = _with(held, voices=voices)


def _agreement(f: Ledger, e: Event) -> None:
    d, was = e.data, f.agreements.get(e.proposal)
    f.agreements[e.proposal] = Agreement(
        number=was.number + 1 if was else 1, amount=Decimal(d["amount"]), starts=d["starts"], ends=d["ends"],
        instalments=tuple(
            Instalment(x["due"], Decimal(x["amount"]), x["condition"]) for x in d.get("instalments", ())
        ),
        by=e.by, at=e.at,
    )  # fmt: skip


def _signed(f: Ledger, e: Event) -> None:
    held = f.agreements[e.proposal]
    if e.data["number"] == held.number:
        f.agreements[e.proposal] = _with(held, signed={**held.signed, e.data["side"]: (e.by, e.at)})


def _with(held: Any, **change: object) -> Any:
    return replace(held, **change)


def _project(f: Ledger, e: Event) -> None:
    f.projects[e.proposal] = e.data["key"]


def _asked(f: Ledger, e: Event) -> None:
    f.questions[e.id] = Asked(e.id, e.data["text"], e.data["lang"], e.by, e.at)


def _answered(f: Ledger, e: Event) -> None:
    held = f.questions[e.data["asked"]]
    f.questions[held.id] = _with(held, question=e.data["question"], answer=e.data["answer"], answered_at=e.at)


_STEPS = {
    "opened": _nothing, "extended": _nothing, "begun": _nothing, "submitted": _nothing, "taken-back": _nothing,
    "withdrawn": _nothing, "reading-started": _act, "reading-ended": _act, "told": _act,
    "declared": _declared, "recusal": _recusal, "checked": _checked, "given": _given, "excused": _excused,
    "decision": _decision, "voice": _voice, "agreement": _agreement, "signed": _signed, "project": _project,
    "asked": _asked, "answered": _answered,
}  # fmt: skip
