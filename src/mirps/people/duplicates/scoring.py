"""How likely two registrations are one person: Fellegi and Sunter's sum of evidence, in bits.

Each level of each field speaks for or against with log2(m/u) bits: m is how often two registrations of one
person show it, u how often those of two persons do. A name is weighed by how rare it is. Bits are kept as
whole thousandths, so that sums are exact and the same on every machine, for one pair and for ten million:
there is one path, and the check at registration is a batch of few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates import comparing
from mirps.people.duplicates.spec import Field, Spec
from mirps.people.duplicates.table import Parts, Table, Values
from mirps.people.duplicates.words import THREADS, Codes

STRANGER, RELATIVE = "stranger", "relative"

Millibits = npt.NDArray[np.int32]

MILLI = 1000
#: Never told apart further than this by one name's rarity, in bits, down and up.
_RAREST = (-3.0, 7.0)
_STEP = 500_000
#: Kinds whose letters are compared, the cheapest first (given names are few).
_COSTLY = ("given", "surnames", "word", "numbers")
#: What a level taken for misspelt a little (comparing, surely=False) may turn out to be.
_MAY_BE = {
    "one+near": ("one+far", "one+marriage", "one+differs"),
    "near+near": ("near+far", "near+differs", "far+differs", "none"),
    "near+absent": ("far+absent", "differs+absent"),
    "only-near": ("only-far", "only-differs"),
    "near": ("far", "differs"),
}


class Verdict(StrEnum):
    """What is proposed to a person; nothing is ever merged by itself."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Weights:
    """What is fitted: bits by alternative, field and level, and how common names sound.

    The alternatives to one person are a stranger and, where fitted, a relative; what is most against holding
    the two for one person counts. `shares` is by field, people ('' is everybody, else a value of the field
    spec.names_by) and sound; a sound that is not there counts as among everybody, or as `rare`.
    `twice` is how many pairs of one person there are for each registration, `relatives` likewise.
    `likely` and `possible` are probabilities from which a verdict is told.
    """

    bits: Mapping[str, Mapping[str, Mapping[str, float]]]
    shares: Mapping[str, Mapping[str, Mapping[str, float]]]
    rare: float
    twice: float
    relatives: float
    likely: float
    possible: float

    def prior(self, alternative: str, people: int) -> int:
        """Millibits before anything is compared: pairs of one person for each pair of the alternative."""
        others = max(people, 2) / 2 if alternative == STRANGER else self.relatives
        return round(MILLI * math.log2(self.twice / others))

    def verdict(self, millibits: int) -> Verdict:
        probability = probability_of(millibits)
        if probability >= self.likely:
            return Verdict.LIKELY
        return Verdict.POSSIBLE if probability >= self.possible else Verdict.NO


def probability_of(millibits: int) -> float:
    """From 0 to 1. Beyond 60 bits a float knows nothing better than certain."""
    bits = max(-60.0, min(60.0, millibits / MILLI))
    return 1 / (1 + 2**-bits)


def least(probability: float) -> int:
    """The millibits from which on a pair has this probability."""
    return math.ceil(MILLI * math.log2(probability / (1 - probability)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Many pairs against one alternative: the prior, by field the levels and what each gives, and the sum."""

    alternative: str
    prior: int
    fields: list[tuple[Field, comparing.Levels, Millibits]]
    millibits: Millibits


class Scorer:
    """Weights made ready for one table. `people` is how many are registered, which sets the prior."""

    def __init__(self, table: Table, spec: Spec, weights: Weights, people: int) -> None:
        self.table, self.spec = table, spec
        self._prior = {other: weights.prior(other, people) for other in weights.bits}
        self._bits = {
            other: {f.name: _bits(f, bits[f.name]) for f in spec.fields}
            for other, bits in weights.bits.items()
        }
        most = weights.bits[STRANGER]
        self._most = {f.name: _bits(f, _at_most(f, most[f.name])) for f in spec.fields}
        self._rarity = {f.name: r for f in spec.fields if (r := _rarity(table, f, weights)) is not None}

    def evidence(self, one: Codes, other: Codes) -> list[Evidence]:
        """Every field of every pair, against each alternative."""
        fields = self.spec.fields
        levels = {f.name: comparing.levels(self.table, f, one, other) for f in fields}
        return self._against(levels, {f.name: self._rare(f, one, other) for f in fields})

    def _against(
        self, levels: Mapping[str, comparing.Levels], rare: Mapping[str, Millibits]
    ) -> list[Evidence]:
        found = []
        for name, bits in self._bits.items():
            fields, total = [], np.full(len(next(iter(levels.values()))), self._prior[name], np.int32)
            for field in self.spec.fields:
                told = bits[field.name][levels[field.name]]
                # That relatives share a surname has nothing to do with how rare it is.
                if name == STRANGER or field.kind != "surnames":
                    told = told + rare[field.name]
                total += told
                fields.append((field, levels[field.name], told))
            found.append(Evidence(name, self._prior[name], fields, total))
        return found

    def score(self, one: Codes, other: Codes) -> Millibits:
        """The millibits of each pair, against the alternative that is hardest to rule out."""
        return _hardest(self.evidence(one, other))

    def at_least(self, floor: int, one: Codes, other: Codes) -> tuple[Codes, Codes, Millibits]:
        """The pairs with `floor` millibits or more, in the order given, with their sums; in two threads.

        Exactly those that `score` would give so much, found faster: few pairs have their letters compared.
        """
        steps = [slice(at, at + _STEP) for at in range(0, max(len(one), 1), _STEP)]
        with ThreadPoolExecutor(THREADS) as pool:
            done = list(pool.map(lambda s: self._some(floor, one[s], other[s]), steps))
        a, b, sums = (np.concatenate(part) for part in zip(*done, strict=True))
        return a, b, sums

    def _some(self, floor: int, one: Codes, other: Codes) -> tuple[Codes, Codes, Millibits]:
        """First what all words that differ would give at most; then field by field what they do give."""
        fields = self.spec.fields
        levels = {f.name: comparing.levels(self.table, f, one, other, surely=False) for f in fields}
        rare = {f.name: self._rare(f, one, other) for f in fields}
        most = {f.name: self._most[f.name][levels[f.name]] + rare[f.name] for f in fields}
        costly = sorted((f for f in fields if f.kind in _COSTLY), key=lambda f: _COSTLY.index(f.kind))
        for field in (None, *costly):
            if field:
                levels[field.name] = comparing.levels(self.table, field, one, other)
                most[field.name] = self._bits[STRANGER][field.name][levels[field.name]] + rare[field.name]
            kept = np.flatnonzero(sum(most.values(), self._prior[STRANGER]) >= floor)
            one, other = one[kept], other[kept]
            levels = {f.name: levels[f.name][kept] for f in fields}
            rare = {f.name: rare[f.name][kept] for f in fields}
            most = {f.name: most[f.name][kept] for f in fields}
        sums = _hardest(self._against(levels, rare))
        kept = np.flatnonzero(sums >= floor)
        return one[kept], other[kept], sums[kept]

    def _rare(self, field: Field, one: Codes, other: Codes) -> Millibits:
        rarity = self._rarity.get(field.name)
        if rarity is None:
            return np.zeros(len(one), np.int32)
        if field.kind == "word":
            groups = self.table.of(field.column, Values).group
            return np.where(groups[one] == groups[other], rarity[-1, groups[one]], 0)
        among = np.full(len(one), -1, np.int32)
        if self.spec.names_by:
            people = self.table.of(self.spec.field(self.spec.names_by).column, Values).code
            among = np.where(people[one] == people[other], people[one], among)
        return rarity_of_names(rarity, among, self.table.of(field.column, Parts).sounds, one, other)


def _hardest(against: Sequence[Evidence]) -> Millibits:
    sums: Millibits = np.minimum.reduce([e.millibits for e in against])
    return sums


def rarity_of_names(rarity: Millibits, among: Codes, sounds: Codes, one: Codes, other: Codes) -> Millibits:
    """The rarity of the parts that sound the same, in the order in which most of them do."""
    a, b = [of[one] for of in sounds], [of[other] for of in sounds]
    (s11, s12), (s21, s22) = comparing.same(a, b)
    first, second = rarity[among, a[0]], rarity[among, a[1]]
    more = s12.astype(np.int8) + s21 > s11.astype(np.int8) + s22
    found: Millibits = np.where(more, s12 * first + s21 * second, s11 * first + s22 * second)
    return found


def _bits(field: Field, bits: Mapping[str, float]) -> Millibits:
    """By code of level; the last, which MISSING (-1) reaches, is nothing."""
    return np.array([round(MILLI * bits[level]) for level in field.levels] + [0], np.int32)


def _at_most(field: Field, bits: Mapping[str, float]) -> dict[str, float]:
    return {
        level: max(bits[k] for k in (level, *_MAY_BE.get(level, ())) if k in bits) for level in field.levels
    }


def _rarity(table: Table, field: Field, weights: Weights) -> Millibits | None:
    """Millibits by people and by sound; the last of each is everybody, and MISSING. None: all weigh alike."""
    shares = weights.shares.get(field.name)
    if shares is None:
        return None
    words = table.of(field.column, Values).groups if field.kind == "word" else table.names.sounds
    by = table.spec.names_by if field.kind != "word" else ""
    peoples = table.of(table.spec.field(by).column, Values).words.texts if by else []
    usual = sum(share * share for share in shares[""].values())
    everybody = [_told(usual, max(shares[""].get(t, 0), weights.rare)) for t in words.texts]
    found = np.tile(np.array([*everybody, 0], np.int32), (len(peoples) + 1, 1))
    for row, name in enumerate(peoples):
        for text, share in shares.get(name, {}).items():
            if text in words.codes:
                found[row, words.codes[text]] = _told(usual, share)
    return found


def _told(usual: float, share: float) -> int:
    low, high = _RAREST
    return round(MILLI * max(low, min(high, math.log2(usual / share))))
