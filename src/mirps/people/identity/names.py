"""A person's name as people here bear it: given names and surnames in parts, whichever there are.

Nothing is corrected: what was written is kept, and beside it stands a normal form for finding. Surnames
are one, two, three or none (a person with one name only is whole). A part keeps its particles ('de la
Cruz', 'van der Berg', 'Mac Donald'), which finding leaves aside; a married woman's 'de García' is a part
like another, marked, since some are registered with it and some without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mirps.people.identity.sound import folded, sound

#: Words that belong to the surname after them and are left aside when finding.
_PARTICLES = frozenset(
    ["DE", "DEL", "LA", "LAS", "LOS", "Y", "E", "DA", "DO", "DOS", "DAS", "DI", "DU", "DES", "VAN", "VON", "DER", "DEN",
     "TER", "VDA", "VIUDA"]
)  # fmt: skip
#: Words that make one surname with the next, and are heard in it.
_JOINED = frozenset(["SAN", "SANTA", "SANTO", "SAINT", "ST", "MAC", "MC", "O", "LE", "EL", "D", "L"])
#: Written in one word with the surname: Delacruz, Delosreyes.
_RUN_TOGETHER = re.compile(r"^(?:DELAS?|DELOS)(?=[A-Z]{4})")
#: 'de' begins these surnames, and does not tell of a marriage.
_BORN_WITH_DE = frozenset(
    ["LEON", "JESUS", "PAZ", "OCA", "ANDA", "GRACIA", "HOYOS", "ALBA", "CID", "GUEVARA", "CORDOBA", "MONTEROS", "LUNA"]
)  # fmt: skip

_SHORT_GIVEN = {
    "MA": "MARIA", "M A": "MARIA", "FCO": "FRANCISCO", "FCA": "FRANCISCA", "GPE": "GUADALUPE", "ANT": "ANTONIO",
    "ANTO": "ANTONIO", "JSE": "JOSE", "JN": "JUAN", "CONC": "CONCEPCION", "STA": "SANTA", "MGDA": "MAGDALENA",
    "ALEJ": "ALEJANDRO", "MGUEL": "MIGUEL", "ROB": "ROBERTO", "MARG": "MARGARITA",
}  # fmt: skip
_SHORT_SURNAMES = {
    "HDEZ": "HERNANDEZ", "HDZ": "HERNANDEZ", "HERN": "HERNANDEZ", "GLEZ": "GONZALEZ", "GZLEZ": "GONZALEZ",
    "GLZ": "GONZALEZ", "RDGUEZ": "RODRIGUEZ", "RGUEZ": "RODRIGUEZ", "RDZ": "RODRIGUEZ", "RODZ": "RODRIGUEZ",
    "MTZ": "MARTINEZ", "MTNEZ": "MARTINEZ", "GTZ": "GUTIERREZ", "GTREZ": "GUTIERREZ", "LPZ": "LOPEZ",
    "SCHZ": "SANCHEZ", "SNCHEZ": "SANCHEZ", "FDEZ": "FERNANDEZ", "FDZ": "FERNANDEZ", "DGUEZ": "DOMINGUEZ",
    "DMGUEZ": "DOMINGUEZ", "VZQUEZ": "VASQUEZ", "VQZ": "VASQUEZ", "PZ": "PEREZ", "JMNEZ": "JIMENEZ",
    "JMZ": "JIMENEZ", "RMZ": "RAMIREZ", "GMZ": "GOMEZ", "ALVZ": "ALVAREZ", "STA": "SANTA", "STO": "SANTO",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """One given name or one surname: as written, its heart without particles (A to Z), how it sounds.

    Names have no repr: what is logged or traced by accident tells nobody's.
    """

    written: str
    heart: str
    sound: str
    by_marriage: bool = False

    @property
    def initial(self) -> bool:
        return len(self.heart) == 1


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A name in parts; either side may be empty, not both."""

    given: tuple[Part, ...]
    surnames: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.given + self.surnames

    @property
    def normal(self) -> str:
        """'MARIA JOSE/CRUZ VASQUEZ': what is compared; reading it again gives the same."""
        return "/".join(" ".join(p.heart for p in side) for side in (self.given, self.surnames))

    def __str__(self) -> str:
        return " ".join(p.written for p in self.parts)


def read(given: str, surnames: str = "") -> Name:
    """A name from the two boxes of a form, either of which may be empty. Raises ValueError for no letters."""
    name = Name(_given(given), _surnames(surnames))
    if not name.parts:
        raise ValueError("a name has at least one letter")
    return name


def read_line(text: str) -> Name:
    """A name typed in one line, as people give it: 'given given surname surname', or 'surnames, given'.

    Of three parts, the last two are taken for surnames, of five or more too: a guess, so finding goes by
    pairs of parts wherever they stand (`finding.keys`). Raises ValueError where there are no letters.
    """
    surnames, comma, given = text.partition(",")
    if comma:
        return read(given, surnames)
    parts = _surnames(text)
    if not parts:
        raise ValueError("a name has at least one letter")
    first = 1 if len(parts) <= 3 else len(parts) - 2
    return Name(_given(" ".join(p.written for p in parts[:first])), parts[first:])


def _given(text: str) -> tuple[Part, ...]:
    parts = []
    for written in re.sub(r"[.\-]", " ", text.replace("ª", "a")).split():
        word = folded(written)
        if word and word not in _PARTICLES:
            parts += [_part(written, _SHORT_GIVEN.get(word, word))]
    return tuple(parts)


def _surnames(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    waiting: list[str] = []  # particles and beginnings that belong to the next word
    for written in re.sub(r"[.\-]", " ", text).split():
        word = folded(written).replace(" ", "")
        if not word:
            continue
        waiting.append(written)
        if word in _PARTICLES or word in _JOINED:
            continue
        parts.append(_surname(waiting, first=not parts))
        waiting = []
    if waiting:  # a particle at the end is a name after all (the surname 'Santa', a person called 'Le')
        parts.append(_part(" ".join(waiting), folded("".join(waiting)).replace(" ", "")))
    return tuple(parts)


def _surname(words: list[str], *, first: bool) -> Part:
    *before, last = [folded(w).replace(" ", "") for w in words]
    last = _SHORT_SURNAMES.get(last, _RUN_TOGETHER.sub("", last))
    heart = "".join(w for w in before if w in _JOINED) + last
    marriage = not first and before[-1:] == ["DE"] and last not in _BORN_WITH_DE
    return _part(" ".join(words), heart, by_marriage=marriage)


def _part(written: str, heart: str, *, by_marriage: bool = False) -> Part:
    return Part(written, heart, sound(heart), by_marriage)
