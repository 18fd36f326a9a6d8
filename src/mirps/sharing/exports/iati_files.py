"""The files of IATI: made, held against the schemas and against the rules, and only then given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from lxml import etree

from mirps.base.codelists.api import data_folder
from mirps.planning.contributions.api import Contribution, summed
from mirps.sharing.exports import iati_from as origin
from mirps.sharing.exports import iati_rules as rules
from mirps.sharing.exports import iati_xml as xml
from mirps.sharing.exports.iati import Activity, OrgBudget, Refusal, Settings, Why


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
    today = now.date()
    tried = [*_contributions(contributions, settings, said, today)]
    tried += [origin.project(p, settings, today) for p in projects]
    tried += [origin.call(c, settings, today) for c in calls]
    told = [x for x in tried if isinstance(x, Activity)]
    refused = [x for x in tried if isinstance(x, Refusal)]
    told, faulty = _proved(told, settings, today)
    refused += faulty
    root = xml.activities(told, settings, now)
    budgets = _org_budgets(projects, settings, {a.key for a in told})
    orgs = xml.organisations(settings, budgets, now)
    return Made(_checked(root, today) if told else None, _checked(orgs, today), tuple(told), tuple(refused))


def _contributions(
    every: Sequence[Contribution], settings: Settings, said: origin.Said, today: date
) -> Iterable[Activity | Refusal]:
    """A part stands within its whole only where the whole is in the file too."""
    alone = {c.code: origin.contribution(c, settings, said, today, {}) for c in every}
    there = [c for c in every if isinstance(alone[c.code], Activity)]
    within = summed(there, every).within
    for c in every:
        yield alone[c.code] if c.code not in within else origin.contribution(c, settings, said, today, within)


def _proved(
    told: Sequence[Activity], settings: Settings, today: date
) -> tuple[list[Activity], list[Refusal]]:
    """The activities that no rule is against, and the others; one whose whole fell falls with it."""
    kept, refused = [], []
    for a in told:
        found = list(rules.of_activity(xml.activity(a, settings), today))
        if found:
            why = Why.LANGUAGE if found[0].rule in ("languages", "narrative-empty") else Why.RULES
            refused.append(Refusal(a.key, why, f"{found[0].rule} {found[0].found}".strip()))
        else:
            kept.append(a)
    once: dict[str, Activity] = {}
    for a in kept:
        if a.identifier in once:
            refused.append(Refusal(a.key, Why.IDENTIFIER, a.identifier))
        once.setdefault(a.identifier, a)
    while fallen := [a for a in once.values() if any(t == 1 and r not in once for t, r in a.related)]:
        for a in fallen:
            refused.append(Refusal(a.key, Why.RULES, "related"))
            del once[a.identifier]
    return [_among(a, set(once)) for a in once.values()], refused


def _among(a: Activity, there: set[str]) -> Activity:
    """The activity without links to others that are not in the file."""
    moved = tuple(
        t if t.provider_activity in there else replace(t, provider_activity="") for t in a.transactions
    )
    return replace(a, related=tuple(r for r in a.related if r[1] in there), transactions=moved)


def _org_budgets(projects: Sequence[origin.Project], settings: Settings, told: set[str]) -> list[OrgBudget]:
    return origin.budgets_of([p for p in projects if p.key in told], settings)


@cache
def _schema(name: str) -> etree.XMLSchema:
    folder: Path = data_folder() / "iati" / "2.03"
    return etree.XMLSchema(etree.parse(str(folder / f"{name}-schema.xsd")))


def against_schema(root: etree._Element) -> list[str]:
    """What the schema of IATI 2.03 has against a file; nothing if it is valid."""
    schema = _schema(root.tag)
    return [] if schema.validate(root) else [str(schema.error_log)]


def _checked(root: etree._Element, today: date) -> bytes:
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    # What is checked is what is given out, read again from its bytes.
    again = etree.fromstring(written)
    found = against_schema(again) + [
        f"{f.identifier}: {f.rule} {f.found}" for f in rules.faults(again, today)
    ]
    if found:
        raise WrongFile("; ".join(found[:5]))
    return written


def reasons(refused: Iterable[Refusal]) -> Mapping[Why, list[Refusal]]:
    """Those that are not in the files, by why."""
    out: dict[Why, list[Refusal]] = {}
    for r in refused:
        out.setdefault(r.why, []).append(r)
    return {why: out[why] for why in Why if why in out}
