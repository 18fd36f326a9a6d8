"""Under which keys a person is kept and looked for, and in which order the found are shown.

Keys are pairs of parts by their sound. A pair survives what usually goes wrong: a part misspelt beyond its
sound leaves the pairs of the others; swapped surnames change none, since a pair is in alphabetical order.
It is also rare enough to be read whole, which a surname alone (García) is not. Who has one surname only has
too few pairs, and is kept under the beginning and the end of it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mirps.people.identity.comparing import likeness_of_words
from mirps.people.identity.names import Name, Part
from mirps.people.identity.sound import sound

#: Given names and surnames that take part; nobody was seen to need more.
_GIVEN, _SURNAMES = 3, 3
#: Letters of a sound that make its beginning or end.
_EDGE = 3
#: How many sounds nearby are tried for one part, and how like they must be.
_NEAR, _CLOSE = 4, 0.66
#: Below this degree nobody found fits, and `asked_nearby` is worth its time.
FITS = 0.9
_NONE: Mapping[str, Mapping[str, str]] = {}

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


def sounds(name: Name) -> list[str]:
    """The sounds of its parts, for the list of those that anybody bears."""
    return [p.sound for p in _heard(name.parts)]


def asked(name: Name) -> list[str]:
    """The keys to look under: pairs; a part alone where there is nothing else to go by."""
    pairs = [key for key in keys(name) if "+" in key]
    return pairs or list(keys(name))


def asked_nearby(name: Name, sounds: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Further keys, where `asked` found nobody who fits: one part of a pair heard a little otherwise.

    `sounds` are those that anybody here bears, each once (a vocabulary, kept sealed: words, not people).
    Each key comes with which of its sounds stands for which of the name's.
    """
    near = {p.sound: _near(p.sound, sounds) for p in _heard(name.parts)}
    found: dict[str, Mapping[str, str]] = {}
    for key in asked(name):
        one, _, other = key.partition("+")
        if "^" in other or other.endswith("$"):
            continue
        for changed, kept in ((one, other), (other, one)):
            for instead in near.get(changed, ()):
                found.setdefault("+".join(sorted(filter(None, (instead, kept)))), {instead: changed})
    return found


def ranked(
    name: Name,
    found: Mapping[str, Iterable[Kept[Row]]],
    nearby: Mapping[str, Mapping[str, str]] = _NONE,
) -> list[Candidate[Row]]:
    """Everybody found, best first, each once. `found` is by key, as `asked` or `asked_nearby` gave them."""
    best: dict[Row, float] = {}
    parts = [_Alike(part) for part in _heard(name.parts)]
    for key, entries in found.items():
        instead = nearby.get(key, {})
        told = [instead.get(w, w) for w in key.split("+") if "^" not in w and "$" not in w]
        sure = len(told) - sum(1 - likeness_of_words(a, b, a, b) for a, b in instead.items())
        rest = [alike for alike in parts if alike.part.sound not in told]
        judged: dict[bytes, float] = {}
        for entry in entries:
            degree = judged.get(entry.note)
            if degree is None:
                note = entry.note.decode("ascii", "replace")
                degree = judged[entry.note] = _degree(sure, len(told), rest, note)
            if degree > best.get(entry.row, -1.0):
                best[entry.row] = degree
    ordered = sorted(best.items(), key=lambda item: -item[1])
    return [Candidate(row, degree) for row, degree in ordered]


def in_order(found: Iterable[Candidate[Row]]) -> list[Candidate[Row]]:
    """Best first, each row once with its best degree."""
    best: dict[Row, Candidate[Row]] = {}
    for each in found:
        if each.row not in best or best[each.row].degree < each.degree:
            best[each.row] = each
    return sorted(best.values(), key=lambda c: -c.degree)


def _near(heard: str, sounds: Sequence[str]) -> list[str]:
    near = process.extract(
        heard, sounds, scorer=OSA.normalized_similarity, score_cutoff=_CLOSE, limit=_NEAR + 1
    )
    return [sound_ for sound_, _, _ in near if sound_ != heard][:_NEAR]


class _Alike(dict[str, float]):
    """How like one part of the name words are, each judged once in a search."""

    def __init__(self, part: Part) -> None:
        self.part = part

    def __missing__(self, word: str) -> float:
        part = self.part
        found = self[word] = likeness_of_words(part.heart, word, part.sound, sound(word))
        return found


def _degree(sure: float, told: int, rest: list[_Alike], note: str) -> float:
    words = note.split()
    alike = sum([max(map(each.__getitem__, words), default=0.0) for each in rest])
    spare = max(0, len(words) - len(rest))
    return (sure + alike) / (told + len(rest) + 0.25 * spare)


def _heard(parts: Iterable[Part]) -> list[Part]:
    """Each sound once; initials are heard of nobody."""
    return list({p.sound: p for p in reversed(list(parts)) if p.sound and not p.initial}.values())[::-1]


def _rest(name: Name, *told: Part) -> str:
    """The hearts not told, surnames first: where there is no room for all, they say the most."""
    sounds = {p.sound for p in told}
    return " ".join(p.heart for p in name.surnames + name.given if p.sound not in sounds and not p.initial)


def _edges(given: str, surname: str) -> list[str]:
    return [f"{given}+^{surname[:_EDGE]}", f"{given}+{surname[-_EDGE:]}$"]
