"""What a contribution is, which ones are wanted, and what they add up to without counting money twice. Pure.

Money is summed by currency, by how far it has come and by reach, never across them: the same money is
pledged, then committed, then disbursed. What cannot be summed is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mirps.planning.results.flows import chain

#: Money on its way. What is `unstated` is behind all the others: nothing is known of how far it came.
STAGES = ("unstated", "planned", "pledged", "committed", "disbursed")
IN_KIND = frozenset({"goods", "expertise", "places"})
#: The seven States and the areas that are theirs (data/codelists/states.csv): what reaches only these
#: reaches the region. Anything else is wider, or its source does not say where it goes.
REGION = frozenset({"BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN", "MIRPS", "ID3", "CAM"})
STATES = ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN")


class Reach(StrEnum):
    REGION = "region"
    WIDER = "wider"


class Left(StrEnum):
    """Why a contribution is in no sum."""

    CURRENCY = "currency"  # an amount without a currency
    AMOUNT = "amount"  # money of which no amount is given
    KIND = "kind"  # given in kind, without a value in money
    PART = "part"  # within another that is summed


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution as it stands in force. `when` are as exact as they are known ("2024", "2024-12")."""

    code: str
    donor: str  # code of an institution
    title: Mapping[str, str]  # es, en
    purpose: Mapping[str, str]
    stage: str
    form: str
    amount: Decimal | None = None
    currency: str = ""  # ISO 4217; empty: the source names none
    exactness: str = "exact"
    unit: str = ""
    channels: tuple[str, ...] = ()
    made: str = ""
    starts: str = ""
    ends: str = ""
    known: date | None = None  # when what is in force became known
    earmark: str = ""
    states: tuple[str, ...] = ()
    state_shares: tuple[tuple[str, Decimal], ...] = ()
    sectors: tuple[str, ...] = ()
    sector_shares: tuple[tuple[str, Decimal], ...] = ()
    part_of: tuple[str, ...] = ()  # codes
    assumed: bool = False  # that it is part of them is our assumption
    fulfils: tuple[str, ...] = ()  # codes
    serves: tuple[str, ...] = ()  # keys of records
    calls: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()  # (what it says, identifier)
    sources: tuple[tuple[str, str, str], ...] = ()  # (document, place, fragment)
    note: Mapping[str, str] | None = None
    place: int = 0

    @property
    def key(self) -> str:
        return f"contribution/{self.code}"

    @property
    def in_kind(self) -> bool:
        return self.form in IN_KIND

    @property
    def summable(self) -> bool:
        return self.amount is not None and bool(self.currency)

    @property
    def reach(self) -> Reach:
        return Reach.REGION if self.states and REGION.issuperset(self.states) else Reach.WIDER

    @property
    def years(self) -> range:
        """The years that it covers, or the one in which it was made; none where nothing is said."""
        first, last = self.starts or self.made or self.ends, self.ends or self.starts or self.made
        return range(int(first[:4]), max(int(first[:4]), int(last[:4])) + 1) if first else range(0)


def given(
    code: str, donor: str, data: Mapping[str, Any], *, known: date | None = None, place: int = 0
) -> Contribution:
    """A contribution of a record's data (data/planning/kinds/contributions.yaml)."""
    money = data.get("amount")
    return Contribution(
        code=code, donor=donor, title=data.get("title", {}), purpose=data.get("purpose", {}),
        stage=data.get("stage", "unstated"), form=data.get("form", "unstated"),
        amount=Decimal(money["amount"]) if money else None, currency=money["currency"] if money else "",
        exactness=data.get("exactness", "exact"), unit=data.get("unit", ""),
        channels=tuple(data.get("channel", ())), made=data.get("made", ""), starts=data.get("starts", ""),
        ends=data.get("ends", ""), known=known, earmark=data.get("earmark", ""),
        states=tuple(data.get("states", ())), state_shares=_shares(data, "state"),
        sectors=tuple(data.get("sectors", ())), sector_shares=_shares(data, "sector"),
        part_of=_codes(data, "part-of"), assumed=data.get("part-is") == "assumed",
        fulfils=_codes(data, "fulfils"), serves=tuple(data.get("serves", ())),
        calls=tuple(data.get("calls", ())), projects=tuple(data.get("projects", ())),
        figures=tuple((f["what"], f["figure"]) for f in data.get("figures", ())),
        sources=tuple(
            (s.get("document", ""), s.get("locator", ""), s.get("fragment", "")) for s in data.get("source", ())
        ),
        note=data.get("note"), place=place,
    )  # fmt: skip


def _shares(data: Mapping[str, Any], of: str) -> tuple[tuple[str, Decimal], ...]:
    return tuple((row[of], Decimal(row["percent"])) for row in data.get(f"{of}-shares", ()))


def _codes(data: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return tuple(key.partition("/")[2] for key in data.get(field, ()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; empty asks for all. `year` and `state` may be "none": not said.
    `form` is a form, "cash" (anything but in kind) or "in-kind"."""

    donor: str = ""
    state: str = ""
    year: str = ""
    stage: str = ""
    form: str = ""
    sector: str = ""

    def holds(self, c: Contribution) -> bool:
        return (
            (not self.donor or c.donor == self.donor)
            and (not self.stage or c.stage == self.stage)
            and (not self.state or (self.state in c.states if self.state != "none" else not c.states))
            and (not self.form or self._form(c))
            and (not self.sector or self.sector in c.sectors)
            and (not self.year or self._year(c))
        )

    def _form(self, c: Contribution) -> bool:
        if self.form == "in-kind":
            return c.in_kind
        return not c.in_kind if self.form == "cash" else c.form == self.form

    def _year(self, c: Contribution) -> bool:
        return not c.years if self.year == "none" else self.year.isdigit() and int(self.year) in c.years


@dataclass(frozen=True, slots=True)
class Line:
    """One sum. `exactness` is what may be said of it: "more-than" where a part of it is only a least."""

    reach: Reach
    stage: str
    currency: str
    of: tuple[Contribution, ...]
    total: Decimal
    exactness: str

    @property
    def count(self) -> int:
        return len(self.of)


@dataclass(frozen=True, slots=True)
class Sums:
    """What contributions add up to, and those that are in no sum, by why. `within`: code of one left out
    as a part -> the code of the one that holds it. `inside`: what of the sums beyond the region is for
    the region; it is in them already and is not added to them."""

    lines: tuple[Line, ...]
    left: Mapping[Left, tuple[Contribution, ...]]
    within: Mapping[str, str]
    inside: tuple[Line, ...] = ()


def hanging(every: Iterable[Contribution]) -> dict[str, tuple[str, ...]]:
    """code -> codes of what it is part of."""
    return {c.code: c.part_of for c in every if c.part_of}


def summed(chosen: Sequence[Contribution], above: Mapping[str, tuple[str, ...]] | None = None) -> Sums:
    """The sums of these contributions. Each sum of money enters once: one that is part of another of them
    is left out where the other is counted at the same stage or a further one. `above`: how all that there
    are hang together (hanging), where more stand than were chosen."""
    above = hanging(chosen) if above is None else above
    summable = {c.code: c for c in chosen if c.summable}
    within: dict[str, str] = {}
    left: dict[Left, list[Contribution]] = {}
    grouped: dict[tuple[Reach, str, str], list[Contribution]] = {}
    for c in chosen:
        if c.summable and c.part_of and (holder := _holder(c, summable, above)):
            within[c.code] = holder
        why = _left(c, within)
        if why is None:
            grouped.setdefault((c.reach, c.stage, c.currency), []).append(c)
        else:
            left.setdefault(why, []).append(c)
    lines = [
        Line(reach, stage, currency, tuple(held), sum((c.amount or Decimal(0) for c in held), Decimal(0)),
             exactness(c.exactness for c in held))
        for (reach, stage, currency), held in grouped.items()
    ]  # fmt: skip
    lines.sort(key=lambda x: (x.reach != Reach.REGION, -STAGES.index(x.stage), -x.count, x.currency))
    wider = [
        c for c in left.get(Left.PART, ())
        if c.reach is Reach.REGION and summable[within[c.code]].reach is Reach.WIDER
    ]  # fmt: skip
    return Sums(
        tuple(lines), {why: tuple(left[why]) for why in Left if why in left}, within,
        summed(wider, above).lines if wider else (),
    )  # fmt: skip


def _left(c: Contribution, within: Mapping[str, str]) -> Left | None:
    if c.amount is None:
        return Left.KIND if c.in_kind else Left.AMOUNT
    if not c.currency:
        return Left.CURRENCY
    return Left.PART if c.code in within else None


def _holder(
    c: Contribution, summable: Mapping[str, Contribution], above: Mapping[str, tuple[str, ...]]
) -> str:
    """The code of the nearest that this one is part of and whose sum holds it; nothing for none."""
    for code in chain(c.code, above):
        # Where things are each other's parts, the first by its code is the whole.
        if code == c.code or (code > c.code and c.code in chain(code, above)):
            continue
        if code in summable and STAGES.index(summable[code].stage) >= STAGES.index(c.stage):
            return code
    return ""


def exactness(of: Iterable[str]) -> str:
    """What may be said of a sum of amounts that are so exact."""
    found = set(of) - {"exact"}
    if not found:
        return "exact"
    return found.pop() if len(found) == 1 else "about"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the ledger holds of an amount today: `unit` is its currency, XXX where none is named."""

    value: Decimal | None
    unit: str
    qualifier: str
    superseded: bool = False


_EXACTNESS = {"exact": "exact", "about": "about", "at_least": "more-than", "at_most": "up-to"}


def disagreements(chosen: Iterable[Contribution], held: Mapping[str, Stated]) -> dict[str, str]:
    """code -> the figure that no longer says what the contribution says of its amount, or that was restated
    since. Of a figure that is not `held` (under embargo, not published) nothing is told."""
    out = {}
    for c in chosen:
        for what, figure in c.figures:
            s = held.get(figure)
            if what != "amount" or s is None:
                continue
            said = (s.value, s.unit if s.unit != "XXX" else "", _EXACTNESS.get(s.qualifier))
            if s.superseded or said != (c.amount, c.currency, c.exactness):
                out[c.code] = figure
    return out


def kept(every: Iterable[Contribution]) -> dict[str, list[Contribution]]:
    """code of a promise -> the contributions that keep it."""
    out: dict[str, list[Contribution]] = {}
    for c in every:
        for code in c.fulfils:
            out.setdefault(code, []).append(c)
    return out


def parts(every: Iterable[Contribution]) -> dict[str, list[Contribution]]:
    """code of a contribution -> those that are part of it."""
    out: dict[str, list[Contribution]] = {}
    for c in every:
        for code in c.part_of:
            out.setdefault(code, []).append(c)
    return out
