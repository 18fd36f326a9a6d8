"""How likely two registrations are one person: Fellegi and Sunter's sum of evidence, in bits.

Each level of each field speaks for or against with log2(m/u) bits: m is how often two registrations of one
person show it, u how often those of two persons do. A name is weighed by how rare it is. Bits are kept as
whole thousandths, so that sums are exact and the same on every machine, for one pair and for ten million:
there is one path, and the check at registration is a batch of few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates import comparing
from mirps.people.duplicates.cells import Codes, Ints
from mirps.people.duplicates.comparing import Heard
from mirps.people.duplicates.spec import Field, Spec
from mirps.people.duplicates.table import Table, Values
from mirps.people.duplicates.words import MISSING, THREADS

STRANGER, RELATIVE = "stranger", "relative"

Millibits = npt.NDArray[np.int32]

MILLI = 1000
#: Never told apart further than this by one name's rarity, in bits, down and up.
_RAREST = (-3.0, 7.0)
#: Pairs that are looked at together, so that they stay in the cache; and as many as share most words.
_STEP, _STEP_OF_WORDS = 50_000, 500_000
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

    def evidence(self, one: Ints, other: Ints) -> list[Evidence]:
        """Every field of every pair, against each alternative."""
        among = self._among(one, other)
        told = {f.name: self._told(f, one, other, among) for f in self.spec.fields}
        found = []
        for name, bits in self._bits.items():
            fields, total = [], np.full(len(one), self._prior[name], np.int32)
            for field in self.spec.fields:
                levels, rare = told[field.name]
                given = bits[field.name][levels]
                # That relatives share a surname has nothing to do with how rare it is.
                if rare is not None and (name == STRANGER or field.kind != "surnames"):
                    given = given + rare
                total += given
                fields.append((field, levels, given))
            found.append(Evidence(name, self._prior[name], fields, total))
        return found

    def score(self, one: Ints, other: Ints) -> Millibits:
        """The millibits of each pair, against the alternative that is hardest to rule out."""
        return _hardest(self.evidence(one, other))

    def at_least(self, floor: int, one: Ints, other: Ints) -> tuple[Ints, Ints, Millibits]:
        """The pairs with `floor` millibits or more, in the order given, with their sums; in two threads.

        Exactly those that `score` would give so much, found faster: first by what all words that differ would
        give at most, then field by field by what they do give, so that few have all their letters compared.
        """
        costly = [f for kind in _COSTLY for f in self.spec.fields if f.kind == kind]
        with ThreadPoolExecutor(THREADS) as pool:
            held = _reaching(pool, floor, self._at_most, _STEP, one, other)
            for field in costly:
                held = _reaching(pool, floor, partial(self._tighter, field), _STEP_OF_WORDS, *held)
            one, other, _ = held
            return _reaching(pool, floor, self.score, _STEP_OF_WORDS, one, other)

    def _at_most(self, one: Ints, other: Ints) -> Millibits:
        """What each pair gives against a stranger, if what differs in letters differed as little as it may."""
        total, among = np.full(len(one), self._prior[STRANGER], np.int32), self._among(one, other)
        for field in self.spec.fields:
            levels, rare = self._told(field, one, other, among, surely=False)
            total += self._most[field.name][levels]
            if rare is not None:
                total += rare
        return total

    def _tighter(self, field: Field, one: Ints, other: Ints, most: Millibits) -> Millibits:
        """`most` with the letters of one field compared."""
        loose, sure = (comparing.levels(self.table, field, one, other, surely=s) for s in (False, True))
        found: Millibits = most - self._most[field.name][loose] + self._bits[STRANGER][field.name][sure]
        return found

    def _told(
        self, field: Field, one: Ints, other: Ints, among: Codes, *, surely: bool = True
    ) -> tuple[comparing.Levels, Millibits | None]:
        """The level of each pair in a field, and what its rarity gives, where it is weighed by that."""
        rarity = self._rarity.get(field.name)
        if rarity is None or field.kind == "word":
            levels = comparing.levels(self.table, field, one, other, surely=surely)
            return levels, None if rarity is None else self._rare_word(field, rarity, one, other)
        heard = comparing.heard(self.table, field, one, other)
        levels = comparing.names(self.table, field, heard, one, other, surely=surely)
        return levels, rarity_of_names(rarity, among, heard)

    def _rare_word(self, field: Field, rarity: Millibits, one: Ints, other: Ints) -> Millibits:
        groups = self.table.of(field.column, Values).group
        return np.where(groups[one] == groups[other], rarity[-1, groups[one]], 0)

    def _among(self, one: Ints, other: Ints) -> Codes:
        """The people among whom the names of a pair are weighed; MISSING is everybody."""
        if not self.spec.names_by:
            return np.full(len(one), MISSING, np.int32)
        people = self.table.of(self.spec.field(self.spec.names_by).column, Values).code
        found = people[one]
        found[found != people[other]] = MISSING
        return found


def _reaching(
    pool: Executor, floor: int, sums: Callable[..., Millibits], step: int, one: Ints, other: Ints, *more: Millibits
) -> tuple[Ints, Ints, Millibits]:  # fmt: skip
    """Those pairs whose sums are `floor` or more, with them; some at a time."""

    def some(at: int) -> tuple[Ints, Ints, Millibits]:
        a, b = one[at : at + step], other[at : at + step]
        found = sums(a, b, *(of[at : at + step] for of in more))
        reach = np.flatnonzero(found >= floor)
        return a[reach], b[reach], found[reach]

    done = list(pool.map(some, range(0, max(len(one), 1), step)))
    kept_one, kept_other, kept = (np.concatenate(part) for part in zip(*done, strict=True))
    return kept_one, kept_other, kept


def _hardest(against: Sequence[Evidence]) -> Millibits:
    sums: Millibits = np.minimum.reduce([e.millibits for e in against])
    return sums


def rarity_of_names(rarity: Millibits, among: Codes, heard: Heard) -> Millibits:
    """The rarity of the parts that sound the same, in the order in which most of them do."""
    turned = heard.straight < 0
    first, second = (rarity[among, sounds] for sounds in heard.one)
    found: Millibits = first * np.where(turned, heard.s12, heard.s11)
    found += second * np.where(turned, heard.s21, heard.s22)
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
