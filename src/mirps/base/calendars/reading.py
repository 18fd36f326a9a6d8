"""data/calendars/<STATE>.yaml, and the holidays of the `holidays` library, as one calendar. Pure but for `read`'s file.

The library knows what the law of a State makes a public holiday; what is decreed, local, or said otherwise
stands in the file with its source. A holiday that the library names in one language alone is named there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import holidays

from mirps.base.calendars.rules import FIRST, LAST, Certainty, Entry, Off, Sort
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.base.texts.rules import Text

SOURCE = "https://github.com/vacanza/holidays"
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENTRY = (
    "sort", "name", "from", "until", "places", "authorities", "procedures", "yearly", "published",
    "certainty", "source", "counts", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StateCalendar:
    """A State's file: which days rest each week, its holidays, and its entries."""

    state: str
    weekend: tuple[int, ...]
    holidays: Mapping[date, Off] = field(compare=False)
    entries: tuple[Entry, ...] = ()
    notes: Mapping[str, Text] = field(default_factory=dict, compare=False)


def read(path: Path) -> StateCalendar:
    """Raises Faults with everything that is wrong."""
    return parsed(path.read_bytes(), path.name)


def parsed(raw: bytes, file: str) -> StateCalendar:
    top, r = tree(raw, file), Reading(file)
    given = r.parts(top, ("state", "weekend", "library", "names", "entries"), ("state", "weekend", "library"))
    weekend = tuple(
        _WEEK.index(d) for d in r.texts(given.get("weekend")) if r.known(given["weekend"], d, _WEEK)
    )
    names = {key: r.words(n, n) for key, n in _named(r, given.get("names")).items()}
    days, entries = _library(r, given.get("library"), names)
    notes = {}
    for code, node in r.entries(given.get("entries")).items():
        entries.append(_entry(r, code, node))
        if node.keys and "note" in node.keys:
            notes[code] = r.words(node.keys["note"], node)
    r.end()
    return StateCalendar(r.text(given.get("state")), weekend, days, tuple(entries), notes)


def _named(r: Reading, node: Node | None) -> Mapping[str, Node]:
    """Holidays by the library's own name: any words may be a key here."""
    if node is not None and node.keys is None:
        r.fault(node, "mapping")
    return (node.keys or {}) if node else {}


def _library(r: Reading, node: Node | None, names: Mapping[str, Text]) -> tuple[dict[date, Off], list[Entry]]:
    """The State's holidays, and as entries those of a part of it (`local`: the library's part -> our places)."""
    if node is None:
        return {}, []
    given = r.parts(node, ("country", "categories", "certainty", "local"), ("country",))
    country, sure = r.text(given.get("country")), r.choice(given.get("certainty"), Certainty, Certainty.C)
    categories = r.texts(given.get("categories")) or ("public",)
    local = given.get("local")
    parts = (local.keys or {}) if local else {}
    try:
        whole = _said(country, categories, names, None)
        days = {day: Off(Sort.HOLIDAY, name, sure, SOURCE) for day, name in whole.items()}
        entries = [
            Entry(
                f"{part}-{day}", Sort.HOLIDAY, name, day, day, frozenset(r.texts(places)),
                certainty=sure, source=SOURCE,
            )
            for part, places in parts.items()
            for day, name in _said(country, categories, names, part).items()
            if day not in whole
        ]  # fmt: skip
    except (NotImplementedError, ValueError, TypeError) as e:
        r.fault(node, "library", said=e)
        return {}, []
    return days, entries


def _said(
    country: str, categories: tuple[str, ...], names: Mapping[str, Text], part: str | None
) -> dict[date, Text]:
    """The library's holidays in both languages."""
    spoken = holidays.country_holidays(country).supported_languages
    book = {
        lang: holidays.country_holidays(
            country, subdiv=part, years=range(FIRST.year, LAST.year + 1), categories=categories,
            language=code if spoken else None,
        )
        for lang, code in (("es", "es"), ("en", "en_US"))
    }  # fmt: skip
    if spoken:
        return {day: Text(book["es"][day], name) for day, name in book["en"].items()}
    return {day: Text(_spanish(name, names), name) for day, name in book["en"].items()}


def _spanish(name: str, names: Mapping[str, Text]) -> str:
    """A name that the library has in English alone; two feasts on one day, and days moved, in its manner."""
    out = []
    for one in name.split("; "):
        bare = one.removesuffix(" (observed)")
        out.append((names[bare].es if bare in names else bare) + (" (observado)" if bare != one else ""))
    return "; ".join(out)


def _entry(r: Reading, code: str, node: Node) -> Entry:
    given = r.parts(node, _ENTRY, ("sort", "name", "from", "source"))
    starts = r.day(given.get("from")) or FIRST
    sort = r.choice(given.get("sort"), Sort, Sort.HOLIDAY)
    yearly = r.yes(given.get("yearly"))
    until = r.day(given.get("until"))
    # A single day needs no end; only a suspension may be left open.
    if until is None and sort is not Sort.SUSPENSION and not yearly:
        until = starts
    if until is not None and until < starts:
        r.fault(given.get("until") or node, "ends_before")
    return Entry(
        code=code, sort=sort, name=r.words(given.get("name"), node), starts=starts, until=until,
        places=frozenset(r.texts(given.get("places"))), authorities=frozenset(r.texts(given.get("authorities"))),
        procedures=frozenset(r.texts(given.get("procedures"))), yearly=yearly,
        published=r.day(given.get("published")),
        certainty=r.choice(given.get("certainty"), Certainty, Certainty.PROPOSAL),
        source=r.text(given.get("source")), counts=r.yes(given.get("counts"), default=True),
    )  # fmt: skip
