"""Words by number: every name part, number and place once, with how it sounds and how alike two are.

A million registrations have some tens of thousands of different words. Each is read once, keyed by sound
once, and compared with another once, by the same measures as the names of one person (people/identity).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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

#: No value; less than any code.
MISSING = -1
#: Grades of two words: alike (the same sound), misspelt a little, misspelt more, different.
ALIKE, NEAR, FAR, DIFFERS = 3, 2, 1, 0
_NEAR, _FAR = 0.86, 0.72
#: Name parts kept a side: the first two tell; those with more differ by what a desk left out.
SLOTS = 2
_NONE = (MISSING,) * SLOTS
_SPARE = "Xoxo"
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

    def pairs(self, one: Codes, other: Codes) -> tuple[list[str], list[str]]:
        """The texts of each pair, in their own order: measures that are not symmetric become so."""
        if len(self._texts) != len(self.texts):
            self._texts = np.array(self.texts, object)
            self._rank = np.empty(len(self.texts), np.int32)
            self._rank[sorted(range(len(self.texts)), key=self.texts.__getitem__)] = np.arange(
                len(self.texts)
            )
        turned = self._rank[one] > self._rank[other]
        first, second = np.where(turned, other, one), np.where(turned, one, other)
        return self._texts[first].tolist(), self._texts[second].tolist()

    _texts: npt.NDArray[np.object_] = np.zeros(0, object)
    _rank: Codes = np.zeros(0, np.int32)


class Names(Words):
    """Name parts: hearts by code, and the code of how each sounds."""

    def __init__(self) -> None:
        super().__init__()
        self.sounds = Words([""])
        self.sound_of: list[int] = []
        self._cells: dict[str, dict[str, tuple[int, ...] | None]] = {"given": {}, "surnames": {}}

    def part(self, part: Part) -> int:
        code = self.code(part.heart)
        if code == len(self.sound_of):
            self.sound_of.append(self.sounds.code(part.sound) if part.sound else MISSING)
        return code

    def side(self, cells: Sequence[str], side: str) -> tuple[Codes, npt.NDArray[np.bool_]]:
        """Codes [n, SLOTS] of the parts, and which of them are 'de …' by marriage."""
        rows, wed = {}, {}
        for cell in dict.fromkeys(cells):
            rows[cell], married = self._row(cell[:_LONGEST], side)
            if married:
                wed[cell] = married
        of = chain.from_iterable(map(rows.__getitem__, cells))
        codes = np.fromiter(of, np.int32, len(cells) * SLOTS).reshape(-1, SLOTS)
        marks = np.zeros(codes.shape, np.bool_)
        for at, cell in enumerate(cells if wed else ()):
            for slot in wed.get(cell, ()):
                marks[at, slot] = True
        return codes, marks

    def _row(self, cell: str, side: str) -> tuple[tuple[int, ...], list[int]]:
        known = self._cells[side]
        found: tuple[int, ...] = ()
        married: list[int] = []
        for token in cell.split():
            codes = known.get(token, ())
            if codes == ():
                codes = known[token] = self._alone(token, side)
            if codes is None:
                parts = _parts(cell, side)
                married = [n for n, p in enumerate(parts[:SLOTS]) if p.by_marriage]
                found = tuple(self.part(p) for p in parts)
                break
            found += codes
        return (found + _NONE)[:SLOTS], married

    def _alone(self, token: str, side: str) -> tuple[int, ...] | None:
        """The parts of a word that is read alike whatever stands beside it; None where it is not."""
        own, beside = _parts(token, side), _parts(f"{token} {_SPARE}", side)
        if len(beside) != len(own) + 1 or not own:
            return None
        return tuple(self.part(p) for p in own)

    def sounds_of(self, codes: Codes) -> Codes:
        return np.append(np.asarray(self.sound_of, np.int32), np.int32(MISSING))[codes]

    def grades(self, one: Codes, other: Codes) -> Grades:
        """How alike the words are, pair by pair; DIFFERS where either is missing."""
        return _graded(one, other, self._grades)

    def _grades(self, one: Codes, other: Codes) -> Grades:
        heard = np.append(np.asarray(self.sound_of, np.int32), np.int32(MISSING))
        letters = self.pairs(one, other)
        nearest = np.maximum(
            _similar(OSA, letters), _similar(OSA, self.sounds.pairs(heard[one], heard[other]))
        )
        graded = _graded_by((nearest + _similar(JaroWinkler, letters)) / 2)
        short = np.array([len(text) == 1 for text in self.texts])
        first = np.array([ord(text[0]) for text in self.texts])
        initial = np.where(first[one] == first[other], FAR, DIFFERS)
        same = (one == other) | ((heard[one] == heard[other]) & (heard[one] >= 0))
        return np.where(same, ALIKE, np.where(short[one] | short[other], initial, graded)).astype(np.int8)


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
        apart = cpdist(*words.pairs(a, b), scorer=OSA.distance, score_cutoff=1)
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
