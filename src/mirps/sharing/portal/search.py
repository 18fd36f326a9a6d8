"""Search over everything that the portal shows, in both languages at once.

Words are compared without case and accents and by their stems (Snowball, Spanish and English),
so 'refugiados' finds refugees in either language and 'Meteti' finds Metetí. The index is in
memory and the same on every database. A statement never changes, so a newer ledger only adds to it.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest

from snowballstemmer import stemmer

from mirps.base.codelists import api as lists
from mirps.base.places.rules import fold, gazetteer
from mirps.evidence.figures.api import Figure, Measure
from mirps.sharing.portal.shelf import Doubt, Shelf
from mirps.sharing.portal.wording import member, state

KINDS = ("states", "measures", "places", "institutions", "findings", "reports", "documents", "figures")
#: Words that say nothing of what is sought.
EMPTY = frozenset(
    ("de", "la", "el", "los", "las", "en", "y", "e", "o", "a", "del", "al", "por", "para", "con", "un", "una",
     "the", "of", "in", "and", "to", "for", "on", "by", "an")
)  # fmt: skip
#: Hits shown of each kind.
MOST = 20
LONGEST = 200

_WORD = re.compile(r"\w+(?:[.,]\d+)*", re.UNICODE)
_stemmers = (stemmer("spanish"), stemmer("english"))
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind, its code there, and what a page needs to lead to it."""

    kind: str
    code: str
    extra: str = ""  # the State of a place or institution


@dataclass
class Index:
    """Which hits hold which word. Grows and never shrinks: a shelf says what of it may be read."""

    hits: list[Hit] = field(default_factory=list)
    posts: dict[str, set[int]] = field(default_factory=dict)
    titles: dict[str, set[int]] = field(default_factory=dict)  # words of the name itself weigh more
    kinds: dict[str, set[int]] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    readable: frozenset[str] = frozenset()  # the reports that may be read now
    order: list[tuple[float, str]] = field(default_factory=list)  # which hits of a kind come first
    _sorted: list[str] = field(default_factory=list)

    def add(self, hit: Hit, title: Iterable[str], *texts: str, weight: float = 0.0) -> None:
        n = len(self.hits)
        self.hits.append(hit)
        self.order.append((-weight, hit.code))
        self.kinds.setdefault(hit.kind, set()).add(n)
        for name in title:
            for word in terms(name):
                self.titles.setdefault(word, set()).add(n)
                self.posts.setdefault(word, set()).add(n)
        for text in texts:
            for word in terms(text):
                self.posts.setdefault(word, set()).add(n)

    def words(self) -> list[str]:
        if len(self._sorted) != len(self.posts):
            self._sorted = sorted(self.posts)
        return self._sorted

    def matching(self, word: str, *, start: bool = False) -> set[int]:
        """Hits that hold the word or a stem of it; with `start`, also words that begin with it."""
        found: set[int] = set()
        for form in forms(word):
            found |= self.posts.get(form, set())
        if start and len(word) > 2:
            words = self.words()
            at = bisect_left(words, word)
            for held in words[at : at + 50]:
                if not held.startswith(word):
                    break
                found |= self.posts[held]
        return found


@lru_cache(maxsize=50_000)
def forms(word: str) -> frozenset[str]:
    """A folded word with its stems."""
    if word[0].isdigit():
        return frozenset({word, re.sub(r"[.,]", "", word)})
    return frozenset({word, *(s.stemWord(word) for s in _stemmers)})


@lru_cache(maxsize=50_000)
def terms(text: str) -> frozenset[str]:
    """Every form of every telling word of a text."""
    found = (w for w in _WORD.findall(fold(text)) if w not in EMPTY)
    return frozenset(f for w in found for f in forms(w))


def words_of(folded: str) -> set[str]:
    """The telling words of a text that is folded already."""
    return set(_WORD.findall(folded)) - EMPTY


def asked(query: str) -> list[str]:
    """The telling words of a query, folded, in order, each once."""
    return list(dict.fromkeys(w for w in _WORD.findall(fold(query[:LONGEST])) if w not in EMPTY))[:12]


@dataclass(frozen=True, slots=True)
class Found:
    groups: tuple[tuple[str, int, tuple[Hit, ...]], ...]  # kind, how many in all, the first of them
    loose: bool = False  # no hit holds every word; these hold some

    @property
    def total(self) -> int:
        return sum(n for _, n, _ in self.groups)


def search(index: Index, shelf: Shelf, query: str) -> Found:
    """Hits that hold every word of the query; if there are none, those that hold most of them."""
    words = asked(query)
    if not words:
        return Found(())
    sets = [index.matching(w, start=w is words[-1]) for w in words]
    inner = set.intersection(*sets)
    loose = not inner and len(words) > 1
    if loose:
        most = max((sum(n in s for s in sets) for n in set.union(*sets)), default=0)
        inner = {n for n in set.union(*sets) if most and sum(n in s for s in sets) == most}
    inner -= _unread(index, shelf)
    heads = [set().union(*(index.titles.get(f, ()) for f in forms(w))) for w in words]
    groups = []
    for kind in KINDS:
        held = inner & index.kinds.get(kind, set())
        if held:
            groups.append((kind, len(held), _first(index, held, heads)))
    return Found(tuple(groups), loose)


def _first(index: Index, held: set[int], heads: list[set[int]]) -> tuple[Hit, ...]:
    """The first of these: those with the most words in their name, then by their weight."""
    order = index.order
    named = set().union(*heads) & held
    if not named:
        return tuple(index.hits[n] for n in nsmallest(MOST, held, key=order.__getitem__))

    def place(n: int) -> tuple[float, str]:
        weight, code = order[n]
        return weight - sum(n in s for s in heads), code

    return tuple(index.hits[n] for n in nsmallest(MOST, held, key=place))


def _unread(index: Index, shelf: Shelf) -> set[int]:
    """What the index holds and this shelf does not show: superseded, kept by an embargo, not found any more."""
    figures, findings = index.figures, index.findings
    count = len(figures) + len(findings)
    closed = {n for code, n in index.reports.items() if code not in index.readable}

    def unread() -> set[int]:
        gone = {figures[id_] for id_ in figures.keys() - shelf.current.keys()}
        return gone | {findings[code] for code in findings.keys() - shelf.doubts.keys()}

    return shelf.once(("unread", count), unread, shelf.current, shelf.doubts) | closed


def _weight(f: Figure) -> float:
    """The latest first, and a whole before its parts."""
    day = f.when.toordinal() / 1e6 if f.when else 0.0
    return day + (0.0 if f.dimensions or f.universe else 0.3)


_kept: tuple[str, Index] | None = None


def index_of(shelf: Shelf, reports: Iterable[tuple[str, str, str]] = ()) -> Index:
    """The index of a shelf and of the reports that may be read (code, title in Spanish and in English).
    Kept in the process; what is new in a newer shelf is added."""
    global _kept
    with _lock:
        index = _kept[1] if _kept else _fixed(shelf)
        _take_in(index, tuple(reports))
        if _kept is None or _kept[0] != shelf.token:
            _grow(index, shelf)
            _kept = (shelf.token, index)
        return index


def _take_in(index: Index, reports: Sequence[tuple[str, str, str]]) -> None:
    for code, es, en in reports:
        if code not in index.reports:
            index.reports[code] = len(index.hits)
            index.add(Hit("reports", code), (es, en))
    index.readable = frozenset(code for code, _, _ in reports)


def forget() -> None:
    global _kept
    _kept = None


def _grow(index: Index, shelf: Shelf) -> None:
    for id_ in sorted(shelf.public.keys() - index.figures.keys()):
        f = shelf.public[id_].figure
        texts = _figure_texts(f, shelf.measure(f.measure))
        index.figures[id_] = len(index.hits)  # known before it can be found
        index.add(Hit("figures", id_), (), id_, *texts, weight=_weight(f))
    for code in sorted(shelf.doubts.keys() - index.findings.keys()):
        d = shelf.doubts[code]
        words = code, d.kind.replace("_", " "), *_doubt_texts(d, shelf)
        index.findings[code] = len(index.hits)
        index.add(Hit("findings", code, d.state), (), *words)


def _doubt_texts(d: Doubt, shelf: Shelf) -> Iterable[str]:
    if d.figures:
        figure = shelf.public[d.figures[0]].figure
        yield from _figure_texts(figure, shelf.measure(figure.measure))
    yield from _state_names(d.state)
    yield from (d.params.get(key, "") for key in ("subject_es", "subject_en", "note_es", "note_en"))


def _figure_texts(f: Figure, measure: Measure | None) -> Iterable[str]:
    """All by which a figure may be sought. The parts repeat from figure to figure and are read once."""
    if measure:
        yield measure.name_es
        yield measure.name_en
    for lang in ("es", "en"):
        yield state(f.state, lang)
        if f.population not in {"", "NAP"}:
            yield lists.populations().name(f.population, lang)
        for key, code in f.members().items():
            yield member(key, code, lang)
        yield lists.sectors().name(f.sector, lang)
        if f.source:
            yield lists.institutions().name(f.source, lang)
    yield f.source.rpartition(".")[2]
    yield f.document
    yield f.place
    yield f.universe
    if f.value is not None:
        yield f"{f.value:f}"


def _fixed(shelf: Shelf) -> Index:
    """What does not come from the ledger: States, measures, places, institutions, documents."""
    index = Index()
    for code, s in lists.states().items():
        if s.extra["kind"] == "state":
            index.add(Hit("states", code), (s.es, s.en, code))
    for code, m in shelf.measures.items():
        sector = lists.sectors().get(m.sector)
        words = (sector.es, sector.en) if sector else ()
        index.add(
            Hit("measures", code), (m.name_es, m.name_en), m.definition_es, m.definition_en, code, *words
        )
    places = gazetteer(lists.data_folder() / "places")
    for p in places.municipalities:
        index.add(Hit("places", p.name, p.state), p.names, *_state_names(p.state))
    for d in places.divisions:
        index.add(Hit("places", d.code, d.state), (d.name,), *_state_names(d.state))
    for code, i in lists.institutions().items():
        names = (i.es, i.en, i.extra.get("acronym", ""), *i.extra.get("aliases", "").split("|"))
        index.add(
            Hit("institutions", code, i.extra.get("state", "")),
            names,
            *_state_names(i.extra.get("state", "")),
        )
    for code, row in lists.documents().items():
        index.add(Hit("documents", code), (row["title_es"], row["title_en"], code))
    return index


def _state_names(code: str) -> tuple[str, ...]:
    return (state(code, "es"), state(code, "en")) if code else ()
