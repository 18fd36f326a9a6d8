"""Records of results as the rules know them: theories of change, courses of indicators, costs, flows, rates.

`shown` says what a reader may read of a record (the draft for those who work on it, else what is in
force); `ledger` gives the figures of a measure that stand, `figure` one statement by its identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.api import Entry, Figure, canonical_dimensions, parse_dimensions
from mirps.planning.records import api as records
from mirps.planning.records.api import Data, Record, first_day, last_day
from mirps.planning.results.flows import Flow, feeding
from mirps.planning.results.gaps import Cost, Part, Period, Stated
from mirps.planning.results.money import Money, Rate
from mirps.planning.results.rules import Aim, Box, Course, Level, Reading, by_day
from mirps.planning.results.sums import Books

Shown = Callable[[Record], Data | None]
Ledger = Callable[[str], Iterable[Entry]]
ById = Callable[[str], Entry | None]

#: Comparisons are no values of the thing itself, and plans are not what was reached.
_COMPARES = frozenset({"percent_change", "difference"})
_FORESEEN = frozenset({"planned", "announced", "committed", "projected"})
#: Dimensions that only split the people counted: an indicator that names none means all of them.
_SPLITS = frozenset({"sex", "age", "nationality", "origin", "family", "group", "disability"})
#: How far a contribution must have come to be counted, from the widest.
STAGES = {
    "promised": frozenset({"pledged", "committed", "disbursed", "unstated"}),
    "committed": frozenset({"committed", "disbursed"}),
    "disbursed": frozenset({"disbursed"}),
}


def in_force(record: Record) -> Data | None:
    """What anybody may read: for those who ask without a reader."""
    return record.public if record.audience == records.Audience.PUBLIC else None


@dataclass(frozen=True, slots=True)
class Theory:
    """A framework with its boxes, and the indicators of each."""

    record: Record
    data: Data
    boxes: Mapping[str, Box]
    records: Mapping[str, Record]
    said: Mapping[str, Data]
    indicators: Mapping[str, Sequence[Record]]  # by the key of what they measure
    indicated: Mapping[str, Data] = field(default_factory=dict)  # what is shown of each indicator


def theory(framework: Record, shown: Shown, lang: str, *, past: bool = False) -> Theory | None:
    """None where the framework itself is not for this reader. `past`: what `shown` says is of another day,
    and what has been withdrawn since may have been in force then."""
    data = shown(framework)
    if data is None:
        return None
    held, said = {}, {}
    for r in records.tree(framework.key):
        if (
            r.kind == "framework-node"
            and r.status != records.Status.WITHDRAWN
            and (d := shown(r)) is not None
        ):
            held[r.key], said[r.key] = r, d
    boxes = {k: box(held[k], d, lang) for k, d in said.items()}
    by_box: dict[str, list[Record]] = {}
    indicated = {}
    for r in records.of_kind("indicator"):
        d = shown(r)
        if d is None or not (past or _stands(r)):
            continue
        for k in d.get("serves", ()):
            if k in boxes:
                by_box.setdefault(k, []).append(r)
                indicated[r.key] = d
    return Theory(framework, data, boxes, held, said, by_box, indicated)


def _stands(r: Record) -> bool:
    return r.status != records.Status.WITHDRAWN


def box(record: Record, data: Data, lang: str) -> Box:
    title = records.title(record.kind, data, lang) or record.code
    return Box(
        record.key,
        Level(data.get("level") or Level.ACTIVITY),
        title,
        tuple(data.get("leads_to", ())),
        record.place,
    )


def states_of(series: str) -> list[str]:
    """The States for which a series is asked: its own, or each one of an area and the area itself."""
    state = series.split(" ")[1] if " " in series else ""
    listed = codelists.states()
    if state not in listed or listed[state].extra["kind"] == "state":
        return [state] if state else []
    return [*(c for c in listed if _within(c, state) and listed[c].extra["kind"] == "state"), state]


@lru_cache(maxsize=500)
def _within(code: str, area: str) -> bool:
    above = codelists.states()[code].extra["parent"]
    return bool(above) and (above == area or _within(above, area))


def courses(data: Data, ledger: Ledger, figure: ById) -> list[Course]:
    """An indicator in each State of its series, or that something was told of, in the States' order."""
    series = data.get("series", "")
    states = states_of(series)
    rows = [*data.get("baseline", ()), *data.get("targets", ()), *data.get("told", ())]
    states += [s for s in dict.fromkeys(r["state"] for r in rows) if s not in states]
    read = _by_state(data, ledger) if series else {}
    return [_course(s, data, read.get(s, []), figure) for s in states]


def _by_state(data: Data, ledger: Ledger) -> dict[str, list[Reading]]:
    measure, _, *rest = data["series"].split(" ", 2)
    wanted = canonical_dimensions(parse_dimensions(rest[0])) if rest else None
    out: dict[str, list[Reading]] = {}
    for e in ledger(measure):
        if _fits(e.figure, data, wanted):
            out.setdefault(e.figure.state, []).append(reading(e.figure))
    return out


def _fits(f: Figure, data: Data, wanted: str | None) -> bool:
    """Whether a figure is a value of the indicator."""
    members = f.members()
    return (
        f.value is not None
        and f.unit not in _COMPARES
        and (f.unit == "percent") == (data.get("unit") == "percent")
        and f.stage not in _FORESEEN
        and (f.dimensions == wanted if wanted is not None else not _SPLITS & set(members))
        and (not data.get("population") or f.population in data["population"])
        and data.get("stage", f.stage) == f.stage
        and data.get("universe", f.universe) == f.universe
    )


def reading(f: Figure) -> Reading:
    """A figure as a value over time. What sets it apart from others is its line."""
    assert f.value is not None
    apart = (f.population, f.universe, f.stage, f.place, f.dimensions)
    return Reading(
        f.value, f.period_start, f.as_of or f.period_end, apart, f.unit, f.qualifier.value, f.id, f.document,
        f.locator, f.source,
    )  # fmt: skip


def _course(state: str, data: Data, read: list[Reading], figure: ById) -> Course:
    read = read + [_told(r, data) for r in data.get("told", ()) if r["state"] == state]
    baseline = next(
        (b for r in data.get("baseline", ()) if r["state"] == state and (b := _base(r, data, figure))), None
    )
    if baseline is not None and baseline.figure and all(r.figure != baseline.figure for r in read):
        read.append(baseline)
    aims = [a for r in data.get("targets", ()) if r["state"] == state and (a := _aim(r, figure))]
    aims.sort(key=lambda a: (a.by or date.max, a.final))
    return Course(state, tuple(sorted(read, key=by_day)), baseline, tuple(aims))


def _told(row: Mapping[str, Any], data: Data) -> Reading:
    when = row["when"]
    starts = None if len(when) == 10 else first_day(when)
    return Reading(
        Decimal(row["value"]), starts, last_day(when), (), data.get("unit", ""), document=row.get("document", ""),
        locator=row.get("locator", ""), by=row.get("by", ""),
    )  # fmt: skip


def _base(row: Mapping[str, Any], data: Data, figure: ById) -> Reading | None:
    """A baseline by its figure, as the ledger has it now; a typed value only where no series measures."""
    if row.get("figure"):
        found = figure(row["figure"])
        return reading(found.figure) if found and found.figure.value is not None else None
    if data.get("series") or "value" not in row:
        return None
    return _told({"when": row.get("when", "1900"), **row}, data)


def _aim(row: Mapping[str, Any], figure: ById) -> Aim | None:
    by = last_day(row["when"]) if row.get("when") else None
    final, basis = row["step"] == "target", row.get("basis", "")
    if row.get("figure"):
        found = figure(row["figure"])
        if found is None or found.figure.value is None:
            return None
        return Aim(found.figure.value, by, final, basis or found.figure.document, found.figure.id)
    return Aim(Decimal(row["value"]), by, final, basis) if "value" in row else None


def rates(shown: Shown, figure: ById) -> list[Rate]:
    """Every rate that a reader may read; one that figures imply is worked out from them."""
    found = []
    for r in records.of_kind("rate"):
        data = shown(r)
        if data is not None and _stands(r) and (made := rate(r.key, data, figure)):
            found.append(made)
    return found


def rate(key: str, data: Data, figure: ById) -> Rate | None:
    held = {f["part"]: figure(f["figure"]) for f in data.get("figures", ())}
    one, other = held.get("from"), held.get("to")
    value = Fraction(data["rate"]) if data.get("rate") else Fraction(0)
    implied: set[str] = set()
    if one and other and one.figure.value and other.figure.value:
        value = Fraction(other.figure.value) / Fraction(one.figure.value)
        implied = {one.figure.id, other.figure.id}
    if value <= 0:
        return None
    return Rate(key, data["from"], data["to"], date.fromisoformat(data["day"]), value, frozenset(implied))


def costs(shown: Shown, figure: ById) -> dict[str, Cost]:
    """Every cost that a reader may read, by key."""
    found = {}
    for r in records.of_kind("cost"):
        data = shown(r)
        if data is not None and _stands(r):
            found[r.key] = cost(r, data, figure)
    return found


def cost(record: Record, data: Data, figure: ById) -> Cost:
    parts: dict[Part, list[Stated]] = {}
    for part in Part:
        if held := data.get(part.value):
            parts.setdefault(part, []).append(Stated(Money(Decimal(held["amount"]), held["currency"])))
    for row in data.get("figures", ()):
        found = figure(row["figure"])
        if found is not None and found.figure.value is not None:
            money = Money(found.figure.value, "" if found.figure.unit == "XXX" else found.figure.unit)
            parts.setdefault(Part(row["part"]), []).append(Stated(money, found.figure.id))
    return Cost(
        record.key, data.get("commitment", ""), record.state,
        Period(data.get("starts", ""), data.get("ends", "")), {p: tuple(s) for p, s in parts.items()},
        frozenset(data.get("contributions", ())),
    )  # fmt: skip


def flows(shown: Shown) -> dict[str, tuple[Flow, Data]]:
    """Every contribution of money with an amount, by key, with its data. It is paid out of what it is part
    of and of the promise that it keeps; a State's own when a body of its government gives it."""
    found = {}
    for r in records.of_kind("contribution"):
        data = shown(r)
        if data is None or not _stands(r) or "amount" not in data:
            continue
        when = data.get("made") or data.get("ends") or data.get("starts") or ""
        found[r.key] = Flow(
            r.key, r.body, "; ".join(data.get("channel", ())),
            Money(Decimal(data["amount"]["amount"]), data["amount"].get("currency", "")),
            last_day(when) if when else None, (*data.get("part-of", ()), *data.get("fulfils", ())),
            frozenset(data.get("serves", ())), _of_a_state(r.body),
            next((f["figure"] for f in data.get("figures", ()) if f["what"] == "amount"), ""),
        ), data  # fmt: skip
    return found


def _of_a_state(body: str) -> bool:
    listed = codelists.institutions()
    if body not in listed:
        return False
    held = listed[body].extra
    state = codelists.states().get(held.get("state", ""))
    return bool(state and state.extra["kind"] == "state" and held.get("kind") in ("government", "municipal"))


def above(keys: Iterable[str]) -> dict[str, str]:
    """commitment -> what it stands under, all the way up, for nodes of plans and paragraphs."""
    out: dict[str, str] = {}
    wanted = {k for k in keys if k}
    while wanted:
        found = dict(Record.objects.filter(pk__in=wanted).order_by().values_list("key", "parent"))
        out |= found
        wanted = {p for p in found.values() if p and p not in out}
    return out


def books(shown: Shown, figure: ById, *, counted: str = "promised") -> Books:
    """All costs, and the contributions that have come far enough to be counted (a key of STAGES).
    Raises Circle where contributions are said to come out of one another."""
    every = flows(shown)
    chosen = [f for f, data in every.values() if data.get("stage", "unstated") in STAGES[counted]]
    held = list(costs(shown, figure).values())
    named = {c.commitment for c in held} | {k for f in chosen for k in f.serves}
    over = above(named)
    rows = Record.objects.filter(pk__in=named - {""}).order_by().values_list("key", "root", "state")
    found = {key: (root, state) for key, root, state in rows}
    return Books(
        held, chosen, feeding([f for f, _ in every.values()]), rates(shown, figure),
        {f.key: s[0] for f, data in every.values() if len(s := data.get("states", ())) == 1 and s[0] in _members()},
        over, {k: root for k, (root, _) in found.items()}, {k: state for k, (_, state) in found.items()},
    )  # fmt: skip


def _members() -> set[str]:
    return {code for code, s in codelists.states().items() if s.extra["kind"] == "state"}
