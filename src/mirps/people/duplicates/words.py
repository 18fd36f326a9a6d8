"""Words by number: every name part, number and place once, with how it sounds and how alike two are.

A million registrations have some tens of thousands of different words. Each is read once, keyed by sound
once, and compared with another once, by the same measures as the names of one person (people/identity).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from types import ModuleType

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from mirps.people.duplicates.cells import Cells, Codes, Ints, Mask, distinct, mixed
from mirps.people.identity.names import Name, Part, read

Grades = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Texts = tuple[list[str], list[str]]
Marked = tuple[int, ...]

#: numpy and rapidfuzz let go of the interpreter while they work.
THREADS = 2
#: No value; less than any code.
MISSING = -1
#: Grades of two words: alike (the same sound), misspelt a little, misspelt more, different.
ALIKE, NEAR, FAR, DIFFERS = 3, 2, 1, 0
_NEAR, _FAR = 0.86, 0.72
#: What Jaro-Winkler adds at most, of what is wanting, where words begin alike; more than floats are rounded by.
_PREFIX, _ROUNDED = 0.4, 1e-9
#: Name parts kept a side: the first two tell; those with more differ by what a desk left out.
SLOTS = 2
_NONE = (MISSING,) * SLOTS
_SPARE = "Xoxo"
#: Bytes of a cell that are read: longer than any name, short enough for whoever means harm.
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

    def pairs(self, one: Codes, other: Codes) -> Texts:
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

    @cached_property
    def letters(self) -> tuple[Ints, Ints, Ints]:
        """Of every text: how long it is, which letters it has (a bit each), its first. Read when all are known."""
        long = np.fromiter(map(len, self.texts), np.int64, len(self.texts))
        every = np.frombuffer("".join(self.texts).encode("utf-32-le"), np.uint32).astype(np.int64)
        begin = np.cumsum(long) - long
        return long, np.bitwise_or.reduceat(1 << (every & 31), begin), every[begin]


class Names(Words):
    """Name parts: hearts by code, and the code of how each sounds."""

    def __init__(self) -> None:
        super().__init__()
        self.sounds = Words()
        self.sound_of: list[int] = []

    def part(self, part: Part) -> int:
        code = self.code(part.heart)
        if code == len(self.sound_of):
            self.sound_of.append(self.sounds.code(part.sound or part.heart))  # H alone has no sound
        return code

    def side(self, cells: Cells, side: str) -> tuple[Codes, Mask]:
        """Codes [n, SLOTS] of the parts, and which of them are 'de …' by marriage."""
        words, row = cells.cut(_LONGEST).split(ord(" "))
        different, code = words.distinct()
        parts = [self._alone(text, side) for text in different.texts()]
        waits = np.array([not found for found in parts], np.bool_)[code]
        begins_row = np.append(True, row[1:] != row[:-1])[: len(row)]
        # A word that belongs to the next (de, San) is read with it, up to one that stands for itself.
        last = np.flatnonzero(~waits | np.append(begins_row[1:], True)[: len(row)])
        begin = np.append(0, last[:-1] + 1)[: len(last)]
        code, row, first = code[last], row[last], begins_row[begin]
        several = np.flatnonzero((begin < last) | waits[last])
        together = Cells(words.data, words.start[begin[several]], words.end[last[several]])
        place, which = distinct(mixed(together.keys(), first[several].astype(np.int64)))
        code[several] = len(parts) + which
        begins = first[several][place].tolist()
        parts += map(self._together, together[place].texts(), begins, [side] * len(begins))
        return _laid_out(parts, code, row, len(cells))

    def _alone(self, word: str, side: str) -> Marked:
        """The parts of a word; none of one that belongs to the next, or of several with other blanks."""
        *own, spare = _parts(f"{word} {_SPARE}", side)
        return self._marked(own) if spare.written == _SPARE and len(word.split()) == 1 else ()

    def _together(self, words: str, begins: bool, side: str) -> Marked:
        """The parts of words that belong together; who stands first is not married by 'de'."""
        return self._marked(_parts(words, side) if begins else _parts(f"{_SPARE} {words}", side)[1:])

    def _marked(self, parts: Iterable[Part]) -> Marked:
        """Twice the code of each part, and one more where it is borne by marriage."""
        return tuple(self.part(p) * 2 + p.by_marriage for p in parts)

    def sounds_of(self, codes: Codes) -> Codes:
        return np.append(np.asarray(self.sound_of, np.int32), np.int32(MISSING))[codes]

    def grades(self, one: Codes, other: Codes) -> Grades:
        """How alike the words are, pair by pair; DIFFERS where either is missing."""
        return _graded(one, other, self._grades)

    def _grades(self, one: Codes, other: Codes) -> Grades:
        heard = np.asarray(self.sound_of, np.int32)
        short, _, first = self.letters
        found = np.where(heard[one] == heard[other], np.int8(ALIKE), np.int8(DIFFERS))
        initial = ((short[one] == 1) | (short[other] == 1)) & (found < ALIKE)
        found[initial & (first[one] == first[other])] = FAR
        rest = np.flatnonzero((found < ALIKE) & ~initial)
        a, b = one[rest], other[rest]
        edits, both = _at_most(self, a, b)
        heard_edits, _ = _at_most(self.sounds, heard[a], heard[b])
        rest = rest[np.maximum(edits, heard_edits) + both >= 2 * _FAR - _ROUNDED]
        a, b = one[rest], other[rest]
        letters = self.pairs(a, b)
        nearest = np.maximum(_similar(OSA, letters), _similar(OSA, self.sounds.pairs(heard[a], heard[b])))
        found[rest] = _graded_by((nearest + _similar(JaroWinkler, letters)) / 2)
        return found


def _laid_out(parts: list[Marked], code: Ints, row: Ints, rows: int) -> tuple[Codes, Mask]:
    """The first parts of each row, whose words stand in order: those of its first, and of its second."""
    held = np.array([*((*found, *_NONE)[:SLOTS] for found in parts), _NONE], np.int32)
    lone = np.array([*(len(found) == 1 for found in parts), False])
    many, at = np.bincount(row, minlength=rows), np.searchsorted(row, np.arange(rows))
    code = np.append(code, [len(parts)] * SLOTS)
    first = np.where(many > 0, code[at], len(parts))
    second = np.where((many > 1) & lone[first], code[at + 1], len(parts))
    marked = held[first]
    marked[:, 1] = np.where(second < len(parts), held[second, 0], marked[:, 1])
    return marked >> 1, (marked & 1 == 1) & (marked >= 0)


def _at_most(words: Words, one: Codes, other: Codes) -> tuple[Floats, Floats]:
    """What OSA and Jaro-Winkler could give at most, from lengths and letters: few words need to be compared."""
    long, letters, first = words.letters
    a, b = long[one], long[other]
    x, y = letters[one], letters[other]
    only = np.bitwise_count(x & ~y), np.bitwise_count(y & ~x)
    edits = 1 - np.maximum.reduce([*only, np.abs(a - b)]) / np.maximum(a, b)
    shared = np.minimum(a - only[0], b - only[1])
    jaro = (shared / a + shared / b + 1) / 3
    return edits, jaro + np.where(first[one] == first[other], _PREFIX, 0) * (1 - jaro)


def likeness(words: Words, one: Codes, other: Codes) -> Grades:
    """NEAR, FAR or DIFFERS by letters alone."""

    def graded(a: Codes, b: Codes) -> Grades:
        texts = words.pairs(a, b)
        return _graded_by((_similar(OSA, texts) + _similar(JaroWinkler, texts)) / 2)

    return _graded(one, other, graded)


def _similar(measure: ModuleType, texts: Texts) -> Floats:
    return cpdist(*texts, scorer=measure.normalized_similarity, dtype=np.float64)


def _graded_by(alike: Floats) -> Grades:
    return (alike >= _NEAR).astype(np.int8) + (alike >= _FAR)


def slips(numbers: Cells, one: Codes, other: Codes) -> Grades:
    """ALIKE, NEAR (one character left out, put in, changed, or two exchanged) or DIFFERS."""

    def graded(a: Codes, b: Codes) -> Grades:
        one, other = numbers[a].texts(), numbers[b].texts()
        apart = cpdist(one, other, scorer=OSA.distance, score_cutoff=1)
        return np.where(apart == 0, ALIKE, np.where(apart == 1, NEAR, DIFFERS)).astype(np.int8)

    return _graded(one, other, graded)


def _graded(one: Codes, other: Codes, grade: Callable[[Codes, Codes], Grades]) -> Grades:
    """Each different pair of words is graded once; DIFFERS where either is missing."""
    found = np.zeros(len(one), np.int8)
    known = np.flatnonzero((one >= 0) & (other >= 0))
    low, high = np.minimum(one[known], other[known]), np.maximum(one[known], other[known])
    place, back = distinct(low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64))
    found[known] = grade(low[place], high[place])[back]
    return found


def _parts(cell: str, side: str) -> tuple[Part, ...]:
    try:
        name: Name = read(cell) if side == "given" else read("", cell)
    except ValueError:
        return ()
    return name.given if side == "given" else name.surnames
