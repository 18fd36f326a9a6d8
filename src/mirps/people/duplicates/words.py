"""Words by number: every name part, number and place once, with how it sounds and how alike two are.

A million registrations have some tens of thousands of different words. Each is read once, keyed by sound
once, and compared with another once, by the same measures as the names of one person (people/identity).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from types import ModuleType

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from mirps.people.identity.names import Name, Part, read

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Grades = npt.NDArray[np.int8]

#: numpy and rapidfuzz let go of the interpreter while they work.
THREADS = 2
#: No value; less than any code.
MISSING = -1
#: Grades of two words: alike (the same sound), misspelt a little, misspelt more, different.
ALIKE, NEAR, FAR, DIFFERS = 3, 2, 1, 0
_NEAR, _FAR = 0.86, 0.72
#: Name parts kept a side: the first two tell; those with more differ by what a desk left out.
SLOTS = 2
_NONE = (MISSING,) * SLOTS
_SPARE = "Xoxo"
_UNREAD: tuple[int, ...] = (MISSING,)
#: Letters of a cell that are read: longer than any name, short enough for whoever means harm.
_LONGEST = 120


class Words:
    """A vocabulary: text to code and back."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = list(dict.fromkeys(texts))
        self.codes = {text: n for n, text in enumerate(self.texts)}

    def code(self, text: str) -> int:
        found = self.codes.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    def coded(self, texts: Sequence[str]) -> Codes:
        """The codes of texts that all are in it."""
        return np.fromiter(map(self.codes.__getitem__, texts), np.int32, len(texts))

    def pairs(self, one: Codes, other: Codes) -> tuple[list[str], list[str]]:
        """The texts of each pair, in their own order: measures that are not symmetric become so."""
        texts, rank = self._ordered
        turned = rank[one] > rank[other]
        first, second = np.where(turned, other, one), np.where(turned, one, other)
        return texts[first].tolist(), texts[second].tolist()

    @cached_property
    def _ordered(self) -> tuple[npt.NDArray[np.object_], Codes]:
        """The texts, and the place of each in their order. Read when all are known."""
        rank = np.empty(len(self.texts), np.int32)
        rank[sorted(range(len(self.texts)), key=self.texts.__getitem__)] = range(len(self.texts))
        return np.array(self.texts, object), rank


class Names(Words):
    """Name parts: hearts by code, and the code of how each sounds."""

    def __init__(self) -> None:
        super().__init__()
        self.sounds = Words()
        self.sound_of: list[int] = []
        self._read: dict[str, dict[str, tuple[int, ...] | None]] = {"given": {}, "surnames": {}}

    def part(self, part: Part) -> int:
        code = self.code(part.heart)
        if code == len(self.sound_of):
            self.sound_of.append(self.sounds.code(part.sound or part.heart))  # H alone has no sound
        return code

    def side(self, cells: Sequence[str], side: str) -> tuple[Codes, npt.NDArray[np.bool_]]:
        """Codes [n, SLOTS] of the parts, and which of them are 'de …' by marriage."""
        known, rows = self._read[side], {}
        for cell in dict.fromkeys(cells):
            words = cell[:_LONGEST].split()
            codes = [known.get(word) for word in words]
            # Mostly every word was read before, and stands for itself.
            rows[cell] = self._row(words, side) if None in codes else (*chain(*codes), *_NONE)[:SLOTS]  # type: ignore[arg-type]
        of = chain.from_iterable(map(rows.__getitem__, cells))
        marked = np.fromiter(of, np.int32, len(cells) * SLOTS).reshape(-1, SLOTS)
        return marked >> 1, (marked & 1 == 1) & (marked >= 0)

    def _row(self, words: list[str], side: str) -> tuple[int, ...]:
        """As _parts reads them, with what was read once kept: a word, or a surname with its particles."""
        known = self._read[side]
        found: tuple[int, ...] = ()
        waiting = ""
        for word in words:
            codes = known.get(word, _UNREAD)
            if codes is _UNREAD:
                codes = known[word] = self._alone(word, side)
            if codes is None:
                waiting += f"{word} "
            elif waiting:
                found += self._after(waiting + word, side, first=not found)
                waiting = ""
            else:
                found += codes
        if waiting:
            found = self._marked(_parts(" ".join(words), side))
        return (found + _NONE)[:SLOTS]

    def _alone(self, word: str, side: str) -> tuple[int, ...] | None:
        """The parts of a word; None of one that belongs to the next (de, San)."""
        own, beside = _parts(word, side), _parts(f"{word} {_SPARE}", side)
        return self._marked(own) if own and len(beside) == len(own) + 1 else None

    def _after(self, words: str, side: str, *, first: bool) -> tuple[int, ...]:
        """The parts of words that belong together; who stands first is not married by 'de'."""
        key = words if first else f" {words}"
        codes = self._read[side].get(key)
        if codes is None:
            parts = _parts(words, side) if first else _parts(f"{_SPARE} {words}", side)[1:]
            codes = self._read[side][key] = self._marked(parts)
        return codes

    def _marked(self, parts: Iterable[Part]) -> tuple[int, ...]:
        """Twice the code of each part, and one more where it is borne by marriage."""
        return tuple(self.part(p) * 2 + p.by_marriage for p in parts)

    def sounds_of(self, codes: Codes) -> Codes:
        return np.append(np.asarray(self.sound_of, np.int32), np.int32(MISSING))[codes]

    def grades(self, one: Codes, other: Codes) -> Grades:
        """How alike the words are, pair by pair; DIFFERS where either is missing."""
        return _graded(one, other, self._grades)

    @cached_property
    def _initials(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        """Of every part: whether it is one letter alone, and its first letter. Read when all parts are known."""
        lone = [len(text) == 1 for text in self.texts]
        return np.array(lone), np.array([ord(text[0]) for text in self.texts])

    def _grades(self, one: Codes, other: Codes) -> Grades:
        heard = np.asarray(self.sound_of, np.int32)
        letters = self.pairs(one, other)
        nearest = np.maximum(
            _similar(OSA, letters), _similar(OSA, self.sounds.pairs(heard[one], heard[other]))
        )
        graded = _graded_by((nearest + _similar(JaroWinkler, letters)) / 2)
        short, first = self._initials
        initial = np.where(first[one] == first[other], FAR, DIFFERS)
        rest = np.where(short[one] | short[other], initial, graded)
        return np.where(heard[one] == heard[other], ALIKE, rest).astype(np.int8)


def likeness(words: Words, one: Codes, other: Codes) -> Grades:
    """NEAR, FAR or DIFFERS by letters alone."""

    def graded(a: Codes, b: Codes) -> Grades:
        texts = words.pairs(a, b)
        return _graded_by((_similar(OSA, texts) + _similar(JaroWinkler, texts)) / 2)

    return _graded(one, other, graded)


def _similar(measure: ModuleType, texts: tuple[list[str], list[str]]) -> npt.NDArray[np.float64]:
    return cpdist(*texts, scorer=measure.normalized_similarity, dtype=np.float64)


def _graded_by(alike: npt.NDArray[np.float64]) -> Grades:
    return (alike >= _NEAR).astype(np.int8) + (alike >= _FAR)


def slips(words: Words, one: Codes, other: Codes) -> Grades:
    """ALIKE, NEAR (one character left out, put in, changed, or two exchanged) or DIFFERS."""

    def graded(a: Codes, b: Codes) -> Grades:
        one, other = ([words.texts[n] for n in codes.tolist()] for codes in (a, b))
        apart = cpdist(one, other, scorer=OSA.distance, score_cutoff=1)
        return np.where(apart == 0, ALIKE, np.where(apart == 1, NEAR, DIFFERS)).astype(np.int8)

    return _graded(one, other, graded)


def _graded(one: Codes, other: Codes, grade: Callable[[Codes, Codes], Grades]) -> Grades:
    """Each different pair of words is graded once."""
    found = np.zeros(len(one), np.int8)
    known = np.flatnonzero((one >= 0) & (other >= 0))
    if not len(known):
        return found
    low, high = np.minimum(one[known], other[known]), np.maximum(one[known], other[known])
    pairs, back = np.unique(low.astype(np.int64) << 32 | high, return_inverse=True)
    found[known] = grade((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))[back]
    return found


def _parts(cell: str, side: str) -> tuple[Part, ...]:
    try:
        name: Name = read(cell) if side == "given" else read("", cell)
    except ValueError:
        return ()
    return name.given if side == "given" else name.surnames
