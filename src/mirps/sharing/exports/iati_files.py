"""The files of IATI: made, held against the schemas and against the rules, and only then given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from lxml import etree

from mirps.base.codelists.api import data_folder
from mirps.planning.contributions.api import Contribution, hanging, summed
from mirps.sharing.exports import iati_from as origin
from mirps.sharing.exports import iati_rules as rules
from mirps.sharing.exports import iati_xml as xml
from mirps.sharing.exports.iati import Activity, Refusal, Settings, Why


class WrongFile(ValueError):
    """A file that the schema or the rules do not let out: a fault of ours, never given to anyone."""


@dataclass(frozen=True, slots=True)
class Made:
    """The files, what is in them and what is not, with the reason. `activities` is None where nothing can
    be told: the standard knows no file of nothing."""

    activities: bytes | None
    organisations: bytes
    told: tuple[Activity, ...]
    refused: tuple[Refusal, ...]


def made(
    contributions: Sequence[Contribution], projects: Sequence[origin.Project], calls: Sequence[origin.Call],
    settings: Settings, said: origin.Said, now: datetime,
) -> Made:  # fmt: skip
    """Both files of what can be told truly. Raises WrongFile if what came out is still wrong."""
    today, written = now.date(), b""
    tried = [*_contributions(contributions, settings, said, today)]
    tried += [origin.project(p, settings, today) for p in projects]
    tried += [origin.call(c, settings, today) for c in calls]
    told, again = _once([x for x in tried if isinstance(x, Activity)])
    refused = [*(x for x in tried if isinstance(x, Refusal)), *again]
    while told:
        told = _linked(told)
        written = _written(xml.activities(told, settings, now))
        root = etree.fromstring(written)  # what is checked is what is given out, read again from its bytes
        found = rules.faults(root, today)
        fallen = _fallen(told, found)
        if not fallen:
            _right(root, found)
            break
        refused += fallen.values()
        told = [a for a in told if a.identifier not in fallen]
    there = {a.key for a in told}
    budgets = origin.budgets_of([p for p in projects if p.key in there], settings)
    organisations = _written(xml.organisations(settings, budgets, now))
    root = etree.fromstring(organisations)
    _right(root, rules.faults(root, today))
    return Made(written if told else None, organisations, tuple(told), tuple(refused))


def _contributions(
    every: Sequence[Contribution], settings: Settings, said: origin.Said, today: date
) -> Iterable[Activity | Refusal]:
    """A part stands within its whole only where the whole is in the file too."""
    alone = {c.code: origin.contribution(c, settings, said, today, {}) for c in every}
    there = [c for c in every if isinstance(alone[c.code], Activity)]
    within = summed(there, hanging(every)).within
    for c in every:
        yield alone[c.code] if c.code not in within else origin.contribution(c, settings, said, today, within)


def _once(told: Iterable[Activity]) -> tuple[list[Activity], list[Refusal]]:
    """Each identifier once, and those that came with one that was taken."""
    kept: dict[str, Activity] = {}
    again = []
    for a in told:
        if a.identifier in kept:
            again.append(Refusal(a.key, Why.IDENTIFIER, a.identifier))
        kept.setdefault(a.identifier, a)
    return list(kept.values()), again


def _linked(told: Sequence[Activity]) -> list[Activity]:
    """The activities without links to others that are not in the file. What is part of one that is not
    there keeps its link, and falls with it."""
    there = {a.identifier for a in told}
    return [_among(a, there) if a.related or a.transactions else a for a in told]


def _among(a: Activity, there: set[str]) -> Activity:
    if all(r[1] in there for r in a.related) and all(
        t.provider_activity in there or not t.provider_activity for t in a.transactions
    ):
        return a
    moved = tuple(
        t if t.provider_activity in there else replace(t, provider_activity="") for t in a.transactions
    )
    related = tuple(r for r in a.related if r[1] in there or r[0] == 1)
    return replace(a, related=related, transactions=moved)


def _fallen(told: Sequence[Activity], found: Iterable[rules.Fault]) -> dict[str, Refusal]:
    """identifier -> why it cannot stay, of the activities that a rule is against."""
    by = {a.identifier: a.key for a in told}
    out: dict[str, Refusal] = {}
    for f in found:
        why = Why.LANGUAGE if f.rule in ("languages", "narrative-empty") else Why.RULES
        if f.identifier in by:
            out.setdefault(f.identifier, Refusal(by[f.identifier], why, f"{f.rule} {f.found}".strip()))
    return out


@cache
def _schema(name: str) -> etree.XMLSchema:
    folder: Path = data_folder() / "iati" / "2.03"
    return etree.XMLSchema(etree.parse(str(folder / f"{name}-schema.xsd")))


def against_schema(root: etree._Element) -> list[str]:
    """What the schema of IATI 2.03 has against a file; nothing if it is valid."""
    schema = _schema(root.tag)
    return [] if schema.validate(root) else [str(schema.error_log)]


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _right(root: etree._Element, found: Iterable[rules.Fault]) -> None:
    """Raises WrongFile where the schema or a rule is against a file."""
    wrong = against_schema(root) + [f"{f.identifier}: {f.rule} {f.found}" for f in found]
    if wrong:
        raise WrongFile("; ".join(wrong[:5]))


def reasons(refused: Iterable[Refusal]) -> Mapping[Why, list[Refusal]]:
    """Those that are not in the files, by why."""
    out: dict[Why, list[Refusal]] = {}
    for r in refused:
        out.setdefault(r.why, []).append(r)
    return {why: out[why] for why in Why if why in out}
