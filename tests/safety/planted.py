"""A thousand people who do not exist, every spelling in which what they said could lie about, and the search.

Names and words are made of syllables that no text of the product has, so that any eight letters of one of them
in a row, found anywhere, are a leak. Pure: bytes in, what was found out.
"""

from __future__ import annotations

import hashlib
import html
import random
import unicodedata
import urllib.parse
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mirps.people.identity.sound import sound

_ONSETS = [
    "b",
    "ch",
    "d",
    "f",
    "g",
    "k",
    "l",
    "m",
    "n",
    "ñ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "v",
    "x",
    "y",
    "z",
    "tl",
    "gü",
]
_VOWELS = ["a", "e", "i", "o", "u", "á", "é", "í", "ó", "ú"]
#: Any run of so many bytes of a planted word is a hit. Shorter ones happen by chance.
RUN = 8
_PIECE, _OVERLAP = 16 << 20, 512
_SLOTS = 24


@dataclass(frozen=True, slots=True)
class Planted:
    given: str
    first: str
    second: str
    document: str
    phone: str
    note: str

    @property
    def words(self) -> tuple[str, ...]:
        """What is written in letters: each part of the name, each word of the note."""
        return (self.given, self.first, self.second, *self.note.split())

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.document, self.phone)


def people(count: int = 1000, seed: int = 20261121) -> list[Planted]:
    """The same people for the same seed."""
    chance, used = random.Random(seed), set[str]()

    def word() -> str:
        while True:
            made = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(6))
            if made not in used and len(made) >= 11:
                used.add(made)
                return made.capitalize()

    return [
        Planted(word(), word(), word(), f"{chance.randrange(10**12, 10**13)}",
                f"504{chance.randrange(10**7, 10**8)}", f"{word()} {word()}".lower())
        for _ in range(count)
    ]  # fmt: skip


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def spellings(word: str) -> set[str]:
    """As people and programs write a word: with capitals or none, without accents, taken apart, as heard."""
    plain = folded(word)
    return {word, word.lower(), word.upper(), plain, plain.lower(), plain.upper(),
            unicodedata.normalize("NFD", word).lower(), sound(word)}  # fmt: skip


def runs(spelling: str) -> Iterator[bytes]:
    """Every run of letters of a word: a name cut short is a name."""
    raw = spelling.encode()
    for start in range(max(1, len(raw) - RUN + 1)):
        yield raw[start : start + RUN]


def forms(text: str) -> Iterator[bytes]:
    """The bytes of one spelling in every dress that a file, a log or a database may put on it."""
    raw = text.encode()
    for plain in {raw, text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("latin-1", "ignore")}:
        yield plain
        yield plain.hex().encode()
        yield plain[::-1]
    yield text[::-1].encode()
    yield urllib.parse.quote(text).encode()
    yield text.encode("ascii", "backslashreplace")
    yield html.escape(text).encode("ascii", "xmlcharrefreplace")


def cased_forms(text: str) -> Iterator[bytes]:
    """Dresses in which capitals matter: base64 at each of the three places where a word may begin, and bare
    digests, which anybody could reckon from a list of names."""
    for spelling in {text, text.lower(), text.upper()}:
        raw = spelling.encode()
        for shift in range(3):
            whole = b64encode(b"\0" * shift + raw)
            yield whole[4 if shift else 0 : len(whole) - 4 or None]
        for algorithm in ("md5", "sha1", "sha256"):
            digest = hashlib.new(algorithm, raw).digest()
            yield from (digest[:16], digest.hex().encode()[:32], b64encode(digest)[:20])


class Needles:
    """What is looked for, and the search."""

    def __init__(self, planted: Iterable[Planted]) -> None:
        self._lower: dict[bytes, set[bytes]] = {}
        self._cased: dict[bytes, set[bytes]] = {}
        for p in planted:
            for word in p.words:
                for spelling in spellings(word):
                    for run in runs(spelling):
                        self._add(self._lower, run.lower())
                    for form in forms(spelling):
                        self._add(self._lower, form.lower())
                for form in cased_forms(word):
                    self._add(self._cased, form)
            for number in p.numbers:
                for form in forms(number):
                    self._add(self._lower, form)
                for form in cased_forms(number):
                    self._add(self._cased, form)

    def _add(self, table: dict[bytes, set[bytes]], form: bytes) -> None:
        if len(form) >= RUN:
            table.setdefault(form[:RUN], set()).add(form)

    def found(self, data: bytes) -> list[bytes]:
        """The planted runs in these bytes, each once."""
        hits: dict[bytes, None] = {}
        for start in range(0, max(1, len(data)), _PIECE):
            piece = data[start : start + _PIECE + _OVERLAP]
            for table, text in ((self._lower, piece.lower()), (self._cased, piece)):
                for at in _candidates(self._filter(table), text):
                    for form in table.get(text[at : at + RUN], ()):
                        if text[at : at + len(form)] == form and _alone(form, text, at):
                            hits[form] = None
        return list(hits)

    def _filter(self, table: dict[bytes, set[bytes]]) -> npt.NDArray[np.bool_]:
        name = "_filter_lower" if table is self._lower else "_filter_cased"
        held: npt.NDArray[np.bool_] | None = self.__dict__.get(name)
        if held is None:
            held = np.zeros(1 << _SLOTS, dtype=np.bool_)
            held[_slot(np.frombuffer(b"".join(table), dtype="<u8"))] = True
            self.__dict__[name] = held
        return held


def _slot(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return (keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SLOTS)


def _candidates(filter_: npt.NDArray[np.bool_], text: bytes) -> list[int]:
    """Where a run may begin: one look into a table for each place."""
    found: list[int] = []
    for shift in range(RUN):
        whole = (len(text) - shift) // RUN
        if whole > 0:
            keys = np.frombuffer(text, dtype="<u8", count=whole, offset=shift)
            found += (np.flatnonzero(filter_[_slot(keys)]) * RUN + shift).tolist()
    return found


def _alone(form: bytes, text: bytes, at: int) -> bool:
    """Digits among digits happen by chance in every dump; a number stands by itself."""
    if not form.isdigit():
        return True
    around = text[max(0, at - 1) : at] + text[at + len(form) : at + len(form) + 1]
    return not any(c in b"0123456789abcdef" for c in around)
