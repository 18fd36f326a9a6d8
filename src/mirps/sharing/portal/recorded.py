"""Search over the records of planning that are in force: one index in memory, kept up by their changes.

A word's records are numbers in a packed array, so that tens of thousands of records fit into a few
megabytes and are counted in milliseconds. A record that changes is taken in anew under another number.
Who may read what is asked once a search for each group of records alike in kind, audience and owner.
"""

from __future__ import annotations

import gc
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from django.db.models import Max, Q

from mirps.planning.records import api as records
from mirps.planning.records.api import Change, Record
from mirps.sharing.portal.search import MOST, asked, forms, terms, words_of

#: Words that begin like the last one asked, at most so many.
MOST_BEGINNINGS = 50
#: How many of the latest changes may still be missing, because another process has yet to commit them.
MOST_MISSING = 500
_COLUMNS = ("key", "kind", "audience", "state", "body", "public", "words_es", "words_en", "known_at")
_lock = threading.Lock()

Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Group:
    """Records alike in what decides who may read them."""

    kind: str
    audience: str
    state: str
    body: str


#: Whether the reader may read the records of a group.
Reads = Callable[[Group], bool]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was found: (kind, how many in all, the keys of the first), the kind of the best hit first."""

    groups: tuple[tuple[str, int, tuple[str, ...]], ...] = ()

    @property
    def total(self) -> int:
        return sum(n for _, n, _ in self.groups)


@dataclass
class Index:
    """Which records hold which word. A number is given once; `group` 0 is a record that is gone."""

    keys: list[str] = field(default_factory=lambda: [""])
    group: array[int] = field(default_factory=lambda: array("H", [0]))
    day: array[int] = field(default_factory=lambda: array("i", [0]))
    groups: list[Group] = field(default_factory=lambda: [Group("", "", "", "")])
    posts: dict[str, array[int]] = field(default_factory=dict)
    titles: dict[str, array[int]] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    seen: int = 0  # the last change that was taken in
    missing: set[int] = field(default_factory=set)
    _group_of: dict[Group, int] = field(default_factory=dict)
    _sorted: list[str] = field(default_factory=list)

    def take(self, key: str, group: Group, title: Iterable[str], text: str, day: int) -> None:
        """Take a record in, in place of what was known of it."""
        self.drop(key)
        n = len(self.keys)
        self.keys.append(key)
        if group not in self._group_of:
            self._group_of[group] = len(self.groups)
            self.groups.append(group)
        self.group.append(self._group_of[group])
        self.day.append(day)
        self.at[key] = n
        named = {w for t in title for w in terms(t)}
        for word in named:
            self.titles.setdefault(word, array("I")).append(n)
        for word in named.union(*map(forms, words_of(text))):
            self.posts.setdefault(word, array("I")).append(n)

    def drop(self, key: str) -> None:
        held = self.at.pop(key, 0)
        if held:
            self.group[held] = 0

    def words(self) -> list[str]:
        if len(self._sorted) != len(self.posts):
            self._sorted = sorted(self.posts)
        return self._sorted

    def holding(self, word: str, *, start: bool) -> Numbers:
        """The numbers of the records that hold a word or a stem of it (`start`: or words that begin so)."""
        wanted = set(forms(word))
        if start and len(word) > 2:
            words = self.words()
            first = bisect_left(words, word)
            wanted.update(w for w in words[first : first + MOST_BEGINNINGS] if w.startswith(word))
        return _union(self.posts, wanted)


def _union(posts: dict[str, array[int]], words: Iterable[str]) -> Numbers:
    found = [np.frombuffer(posts[w], dtype=np.uint32).copy() for w in words if w in posts]
    if not found:
        return np.empty(0, dtype=np.uint32)
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def search(index: Index, query: str, reads: Reads, *, loose: bool = False) -> Recorded:
    """Records in force that the reader may read and that hold every word of the query; with `loose`,
    those that hold the most of them."""
    words = asked(query)
    if not words:
        return Recorded()
    with _lock:
        held = [index.holding(w, start=w is words[-1]) for w in words]
        heads = [_union(index.titles, forms(w)) for w in words]
        group = np.array(index.group, dtype=np.uint16)
        day = np.array(index.day, dtype=np.int32)
        groups, keys = list(index.groups), index.keys
    allowed = np.array([n > 0 and reads(g) for n, g in enumerate(groups)], dtype=bool)
    sets = [s[allowed[group[s]]] for s in held]
    found = _most(sets) if loose else _all(sets)
    if not len(found):
        return Recorded()
    score = np.zeros(len(found), dtype=np.int16)
    for head in heads:
        score += np.isin(found, head, assume_unique=True)
    order = np.lexsort((found, -day[found], -score))
    return Recorded(_grouped(found[order], score[order], group, groups, keys))


def _all(sets: Sequence[Numbers]) -> Numbers:
    found = min(sets, key=len)
    for other in sets:
        if other is not found:
            found = np.intersect1d(found, other, assume_unique=True)
    return found


def _most(sets: Sequence[Numbers]) -> Numbers:
    every, counted = np.unique(np.concatenate(sets), return_counts=True)
    return every[counted == counted.max()] if len(every) else every


def _grouped(
    found: Numbers,
    score: npt.NDArray[np.int16],
    group: npt.NDArray[np.uint16],
    groups: list[Group],
    keys: list[str],
) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """By kind: the kind whose best hit has the most words in its name first, then as kinds are ordered."""
    kinds = np.array([g.kind for g in groups])
    of = kinds[group[found]]
    listed = {k: n for n, k in enumerate(records.kinds())}
    out = []
    for kind in np.unique(of):
        mine = np.flatnonzero(of == kind)
        first = tuple(keys[n] for n in found[mine[:MOST]])
        out.append((-int(score[mine[0]]), listed.get(str(kind), len(listed)), (str(kind), len(mine), first)))
    return tuple(entry for _, _, entry in sorted(out))


_kept: Index | None = None


def index() -> Index:
    """The index of the records in force, with every change so far in it. One small query where nothing changed."""
    global _kept
    with _lock:
        if _kept is None:
            _kept = _whole()
        else:
            new = Q(pk__gt=_kept.seen)
            wanted = new | Q(pk__in=_kept.missing) if _kept.missing else new
            changes = Change.objects.filter(wanted).order_by("pk")
            fresh = dict(changes.values_list("pk", "record_id"))
            if fresh:
                _take_in(_kept, set(fresh.values()))
                _note(_kept, set(fresh))
        return _kept


def _whole() -> Index:
    """The records as they are. The changes are read first: what comes meanwhile is taken in again later."""
    made = Index()
    newest = Change.objects.aggregate(n=Max("pk"))["n"] or 0
    latest = Change.objects.filter(pk__gt=newest - MOST_MISSING, pk__lte=newest).order_by("pk")
    there = set(latest.values_list("pk", flat=True))
    made.seen = max(0, newest - MOST_MISSING)
    _note(made, there)
    _take_in(made, None)
    # It lives as long as the process: kept out of the collector's rounds, each of which would hold up a page.
    gc.collect()
    gc.freeze()
    return made


def _take_in(held: Index, keys: set[str] | None) -> None:
    found = Record.objects.all() if keys is None else Record.objects.filter(pk__in=keys)
    for row in found.order_by("key").values(*_COLUMNS).iterator(chunk_size=500):
        _one(held, row)


def _one(held: Index, row: dict[str, object]) -> None:
    key, public = str(row["key"]), row["public"]
    if not isinstance(public, dict) or row["kind"] not in records.kinds():
        held.drop(key)
        return
    titles = {records.title(str(row["kind"]), public, lang) for lang in ("es", "en")}
    group = Group(str(row["kind"]), str(row["audience"]), str(row["state"]), str(row["body"]))
    known = row["known_at"]
    day = known.toordinal() if hasattr(known, "toordinal") else 0
    held.take(key, group, titles, f"{row['words_es']} {row['words_en']} {key.partition('/')[2]}", int(day))


def _note(held: Index, fresh: set[int]) -> None:
    """Remember which changes were seen, and which of the latest are still to come."""
    newest = max(fresh, default=held.seen)
    held.missing = {n for n in (*held.missing, *range(held.seen + 1, newest)) if n not in fresh}
    held.missing = {n for n in held.missing if n > newest - MOST_MISSING}
    held.seen = max(held.seen, newest)


def forget() -> None:
    """Throw the kept index away (a test's database is not the next one's)."""
    global _kept
    _kept = None
