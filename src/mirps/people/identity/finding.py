"""Under which keys a person is kept and looked for, and in which order the found are shown.

Keys are pairs of parts by their sound. A pair survives what usually goes wrong: a part misspelt beyond its
sound leaves the pairs of the others; swapped surnames change none, since a pair is in alphabetical order.
It is also rare enough to be read whole, which a surname alone (García) is not. Who has one surname only has
too few pairs, and is kept under the beginning and the end of it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from mirps.people.identity.comparing import likeness_of_words
from mirps.people.identity.names import Name, Part
from mirps.people.identity.sound import sound

#: Given names and surnames that take part; nobody was seen to need more.
_GIVEN, _SURNAMES = 3, 3
#: Letters of a sound that make its beginning or end.
_EDGE = 3

Row = TypeVar("Row")
RowOut = TypeVar("RowOut", covariant=True)


class Kept(Protocol[RowOut]):
    """What an index gives back: the row, and the note that was kept with it."""

    @property
    def row(self) -> RowOut: ...
    @property
    def note(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Row]):
    """A row and how well it seems to fit, from 0 to 1, before its whole name was seen."""

    row: Row
    degree: float


def keys(name: Name) -> dict[str, str]:
    """The keys of a name, each with its note: the hearts of the parts that the key does not tell.

    A surname alone is a key too, for whoever asks for nothing else.
    """
    given, surnames = _heard(name.given)[:_GIVEN], _heard(name.surnames)[:_SURNAMES]
    pairs = [(g, s) for g in given for s in surnames]
    pairs += [(s, t) for n, s in enumerate(surnames) for t in surnames[n + 1 :]]
    if not surnames:
        pairs += [(g, h) for n, g in enumerate(given) for h in given[n + 1 :]]
    found = {"+".join(sorted((a.sound, b.sound))): _rest(name, a, b) for a, b in pairs}
    if len(surnames) == 1 and given:
        found |= {edge: _rest(name, given[0]) for edge in _edges(given[0].sound, surnames[0].sound)}
    return found | {p.sound: _rest(name, p) for p in surnames or given}


def asked(name: Name) -> list[str]:
    """The keys to look under: pairs; a part alone where there is nothing else to go by."""
    pairs = [key for key in keys(name) if "+" in key]
    return pairs or list(keys(name))


def ranked(name: Name, found: Mapping[str, Iterable[Kept[Row]]]) -> list[Candidate[Row]]:
    """Everybody found, best first, each once. `found` is by key, as `asked` gave them."""
    best: dict[Row, float] = {}
    parts = _heard(name.parts)
    for key, entries in found.items():
        told = [word for word in key.split("+") if "^" not in word and "$" not in word]
        rest = [p for p in parts if p.sound not in told]
        judged: dict[bytes, float] = {}
        for entry in entries:
            degree = judged.get(entry.note)
            if degree is None:
                degree = judged[entry.note] = _degree(len(told), rest, entry.note.decode("ascii", "replace"))
            if degree > best.get(entry.row, -1.0):
                best[entry.row] = degree
    ordered = sorted(best.items(), key=lambda item: -item[1])
    return [Candidate(row, degree) for row, degree in ordered]


def _degree(told: int, rest: list[Part], note: str) -> float:
    words = note.split()
    alike = sum(max((_alike(p, word) for word in words), default=0.0) for p in rest)
    spare = max(0, len(words) - len(rest))
    return (told + alike) / (told + len(rest) + 0.25 * spare)


def _alike(part: Part, word: str) -> float:
    return likeness_of_words(part.heart, word, part.sound, sound(word))


def _heard(parts: Iterable[Part]) -> list[Part]:
    """Each sound once; initials are heard of nobody."""
    return list({p.sound: p for p in reversed(list(parts)) if p.sound and not p.initial}.values())[::-1]


def _rest(name: Name, *told: Part) -> str:
    """The hearts not told, surnames first: where there is no room for all, they say the most."""
    sounds = {p.sound for p in told}
    return " ".join(p.heart for p in name.surnames + name.given if p.sound not in sounds and not p.initial)


def _edges(given: str, surname: str) -> list[str]:
    return [f"{given}+^{surname[:_EDGE]}", f"{given}+{surname[-_EDGE:]}$"]
