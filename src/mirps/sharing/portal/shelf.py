"""The public ledger as the portal holds it in memory: one shelf for each version.

Pure: made from figures, findings and rounds, or from the last shelf and what changed since. A page
asks the shelf, not the database, so twenty years of rounds cost a page no more than one.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from mirps.evidence.figures.api import Book, Entry, Figure, Measure, Moment
from mirps.evidence.findings.api import OPEN
from mirps.sharing.portal.wording import Line, line

#: Lines kept before the oldest are thrown away: bounds the memory of a process.
MOST_LINES = 40_000
#: Drawings and lists kept; there are few, and a reader's country multiplies them.
MOST_MADE = 2_000

#: So many changed figures are put in their places one by one; more are sorted in.
FEW = 50

Made = TypeVar("Made")
Key = TypeVar("Key", bound=Hashable)
Kin = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to a finding."""

    kind: str
    role: str
    by: str
    at: datetime
    reason_es: str
    reason_en: str
    figure: str = ""

    @property
    def proposed(self) -> bool:
        """Whether it came with the data, as our proposal, and no account has given it."""
        return self.by.startswith("data/")

    def reason(self, lang: str) -> str:
        return self.reason_es if lang == "es" else self.reason_en


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding with its answers, as anyone may read it."""

    code: str
    round: str
    kind: str
    severity: str
    state: str
    figures: tuple[str, ...]
    stated: str
    expected: str
    params: Mapping[str, str]
    found_at: datetime
    standing: str
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundInfo:
    code: str
    title_es: str
    title_en: str
    starts: date
    ends: date

    def title(self, lang: str) -> str:
        return self.title_es if lang == "es" else self.title_en


@dataclass(frozen=True)
class Stock:
    """The published figures, by all that a page asks for. Never changed: `changed` makes the next one.

    A group in which nothing changed is the same object in the next stock, so that whatever was made
    of it can be known to hold still.
    """

    public: Mapping[str, Entry]  # that no embargo keeps, superseded ones too, by id
    kept: Mapping[str, Entry] = field(default_factory=dict)  # those that an embargo keeps
    current: Mapping[str, Entry] = field(default_factory=dict)  # public ones that nothing public superseded
    by_state: Mapping[str, list[Entry]] = field(default_factory=dict)
    by_measure: Mapping[str, list[Entry]] = field(default_factory=dict)
    by_document: Mapping[str, list[Entry]] = field(default_factory=dict)
    #: Figures of one measure, State and population: other statements of nearly the same thing.
    by_kin: Mapping[Kin, list[Entry]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Stock:
        return cls({}).changed({e.figure.id: e for e in entries})

    def changed(self, entries: Mapping[str, Entry | None]) -> Stock:
        """The stock after these figures became so, or are published no more (None)."""
        is_public = {i: e if e is not None and e.public else None for i, e in entries.items()}
        is_kept = {i: e if e is not None and not e.public else None for i, e in entries.items()}
        public = _patched(self.public, is_public)
        # What superseded a figure may have come or gone with these: those figures stand or fall by it.
        about = {*entries, *(e.figure.supersedes for e in self._known(entries))}
        is_current = {i: e if (e := public.get(i)) and e.superseded_by not in public else None for i in about}
        return Stock(
            public,
            _patched(self.kept, is_kept),
            _patched(self.current, is_current),
            _regrouped(self.by_state, self.current, is_current, lambda f: f.state),
            _regrouped(self.by_measure, self.current, is_current, lambda f: f.measure),
            _regrouped(self.by_document, self.current, is_current, lambda f: f.document),
            _regrouped(self.by_kin, self.public, is_public, kin_of),
        )

    @cached_property
    def everything(self) -> list[Entry]:
        """Every current figure, in the order of their ids."""
        return sorted(self.current.values(), key=_id)

    def group(self, kind: str, code: str) -> list[Entry] | None:
        """The current figures of a measure, State or document; of nothing in particular, all of them."""
        groups = {"measure": self.by_measure, "state": self.by_state, "document": self.by_document}
        return groups[kind].get(code) if kind else self.everything

    def _known(self, entries: Mapping[str, Entry | None]) -> Iterable[Entry]:
        for id_, new in entries.items():
            old = self.public.get(id_) or self.kept.get(id_)
            yield from (e for e in (old, new) if e is not None)

    def under(self, closed: Set[tuple[str, str]]) -> dict[str, Entry | None]:
        """The figures that become kept or free when these (round, State) pairs are under embargo."""
        every = chain(self.public.values(), self.kept.values())
        return {
            e.figure.id: replace(e, embargoed=not e.embargoed)
            for e in every
            if e.embargoed != ((e.round, e.figure.state) in closed)
        }


@dataclass
class Shelf:
    """What anyone may read at one version of the ledger."""

    token: str
    version: int  # the public one
    at: Moment  # changes up to here are in it, and some later ones may be
    stock: Stock
    measures: Mapping[str, Measure]
    closed: frozenset[tuple[str, str]] = frozenset()  # (round, State) pairs that an embargo keeps
    rounds: tuple[RoundInfo, ...] = ()  # latest first
    held: Mapping[str, Doubt] = field(default_factory=dict)  # every finding, by code
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    made: dict[Hashable, tuple[tuple[object, ...], Any]] = field(default_factory=dict)

    @cached_property
    def book(self) -> Book:
        """What is public, as a book."""
        return Book(self.stock.public, self.measures, self.version)

    @property
    def public(self) -> Mapping[str, Entry]:
        return self.stock.public

    @property
    def current(self) -> Mapping[str, Entry]:
        return self.stock.current

    @property
    def by_state(self) -> Mapping[str, list[Entry]]:
        return self.stock.by_state

    @property
    def by_measure(self) -> Mapping[str, list[Entry]]:
        return self.stock.by_measure

    @property
    def by_document(self) -> Mapping[str, list[Entry]]:
        return self.stock.by_document

    def kin(self, figure: Figure) -> list[Entry]:
        """Other public statements of the same measure, State and population."""
        return [e for e in self.stock.by_kin.get(kin_of(figure), ()) if e.figure.id != figure.id]

    @cached_property
    def named(self) -> frozenset[str]:
        """Every figure that some finding is about."""
        return frozenset(f for d in self.held.values() for f in d.figures)

    @cached_property
    def doubts(self) -> dict[str, Doubt]:
        """Findings that may be shown, by code, contradictions first, then by State: each of their
        figures is public, and one about dates alone is of a State whose round no embargo keeps."""
        shown = [
            d
            for d in self.held.values()
            if all(f in self.public for f in d.figures) and (d.round, d.state) not in self.closed
        ]
        shown.sort(key=lambda d: (d.severity != "contradiction", d.state, d.kind, d.code))
        return {d.code: d for d in shown}

    @cached_property
    def doubts_about(self) -> dict[str, list[Doubt]]:
        out: dict[str, list[Doubt]] = {}
        for d in self.doubts.values():
            for f in d.figures:
                out.setdefault(f, []).append(d)
        return out

    @cached_property
    def doubts_of(self) -> dict[str, tuple[Doubt, ...]]:
        """Findings that may be shown, by round."""
        out: dict[str, list[Doubt]] = {}
        for d in self.doubts.values():
            out.setdefault(d.round, []).append(d)
        return {round_: tuple(held) for round_, held in out.items()}

    def unanswered(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Figure id -> codes of the contradictions about it that the public may read and nobody answered."""
        about = self.doubts_about
        found = {
            id_: sorted(d.code for d in about[id_] if d.severity == "contradiction" and d.standing == OPEN)
            for id_ in ids
            if id_ in about
        }
        return {id_: codes for id_, codes in found.items() if codes}

    def measure(self, code: str) -> Measure | None:
        return self.measures.get(code)

    def line(self, entry: Entry, lang: str, locale: str) -> Line:
        """The figure in words, made once for each way of writing numbers."""
        key = (entry.figure.id, locale + lang)
        found = self.lines.get(key)
        if found is None:
            if len(self.lines) > MOST_LINES:
                self.lines.clear()
            found = line(entry.figure, self.measure(entry.figure.measure), lang, locale, entry.round)
            self.lines[key] = found
        return found

    def once(self, key: Hashable, make: Callable[[], Made], *of: object) -> Made:
        """What several pages, or one page often, need: made once, and kept for the next versions too
        as long as all that it was made `of` is the same. Without `of` it is of this version alone."""
        of = of or (self.token,)
        found = self.made.get(key)
        if found is None or not same(found[0], of):
            found = self.keep(key, of, make())
        value: Made = found[1]
        return value

    def keep(self, key: Hashable, of: tuple[object, ...], value: Made) -> tuple[tuple[object, ...], Made]:
        if len(self.made) > MOST_MADE:
            self.made.clear()
        self.made[key] = (of, value)
        return of, value


def same(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    """Whether these are the same objects, or tuples of the same objects."""
    return len(a) == len(b) and all(
        x is y or (isinstance(x, tuple) and isinstance(y, tuple) and same(x, y))
        for x, y in zip(a, b, strict=True)
    )


def kin_of(f: Figure) -> Kin:
    return (f.measure, f.state, f.population)


def _patched(held: Mapping[str, Entry], new: Mapping[str, Entry | None]) -> Mapping[str, Entry]:
    """`held` with some entries put in or taken out (None). In no order: many are held, few change."""
    gone = [id_ for id_, e in new.items() if e is None and id_ in held]
    put = {id_: e for id_, e in new.items() if e is not None}
    if not gone and not put:
        return held
    out = {**held, **put}
    for id_ in gone:
        del out[id_]
    return out


def _id(e: Entry) -> str:
    return e.figure.id


def _regrouped(
    groups: Mapping[Key, list[Entry]],
    held: Mapping[str, Entry],
    new: Mapping[str, Entry | None],
    key: Callable[[Figure], Key],
) -> Mapping[Key, list[Entry]]:
    """The groups after `held` changed by `new`: those without a change as they are."""
    fresh: dict[Key, list[Entry]] = {}
    for id_, e in new.items():
        for known in (held.get(id_), e):
            if known is not None:
                fresh.setdefault(key(known.figure), [])
    for k in fresh:
        fresh[k] = [e for e in groups.get(k, ()) if e.figure.id not in new]
    several = len(new) > FEW
    for e in new.values():
        if e is not None:
            at = fresh[key(e.figure)]
            at.append(e) if several else insort(at, e, key=_id)
    if several:
        for entries in fresh.values():
            entries.sort(key=_id)
    return {k: entries for k, entries in {**groups, **fresh}.items() if entries}


def latest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By the day they speak of, the latest first; those of no date last."""
    return sorted(entries, key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)
