"""The weights of evidence, fitted on registrations without anybody saying which are duplicates.

After Fellegi and Sunter (1969) and Winkler's use of EM, with what a rare class needs (among a
million there is one match in five million pairs, and plain EM then finds some other class):

- u, how often two different people show a level, is counted in random pairs, nearly all of which are such;
- m, how often one person's two registrations show it, starts from the pairs that show one document, and EM
  goes on over all pairs looked at;
- relatives are a class of their own. They share surnames, telephone and place without being one person; EM
  with two classes takes them for the matches. They start from the pairs that share a telephone and neither
  given names nor a date of birth. Since they are chosen by it, the telephone says nothing about them: what
  is known of relatives with two telephones is that they were not looked for.

Nothing is drawn by chance but from a fixed seed: the same registrations give the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates import comparing
from mirps.people.duplicates.cells import Codes, Ints
from mirps.people.duplicates.scoring import RELATIVE, STRANGER, Weights
from mirps.people.duplicates.spec import Field, Spec
from mirps.people.duplicates.table import Parts, Table, Values
from mirps.people.duplicates.words import MISSING

SAME = "same"

Likelihoods = Mapping[str, Mapping[str, float]]
Shares = dict[str, dict[str, dict[str, float]]]
Floats = npt.NDArray[np.float64]

_SEED = 20260101
_RANDOM = 2_000_000
_ROUNDS = 60
_STILL = 1e-6
#: A level never seen counts as seen so often.
_SMOOTH = 0.5
#: … and one that fewer of the pairs looked at show says nothing.
_SEEN = 5
#: Sounds told of a name's frequency: those more frequent than any single person makes them.
_OFTEN = 5
#: A people of fewer registrations is not weighed by its own names; of others, names so much more frequent
#: than is asked of everybody's are written down.
_PEOPLE, _AMONG = 1000, 10


@dataclass(frozen=True, slots=True)
class Fitted:
    """How often each class of pairs shows each level (m, then u of each alternative), by field and level.

    `shares` are those of sounds (scoring.Weights), `each` is how many pairs of a class there are for each
    registration, `seeds` how many pairs of one person and of relatives EM began with. `unseen` are the levels
    by field that hardly any pair shows.
    """

    m: Likelihoods
    u: Mapping[str, Likelihoods]
    shares: Shares
    rare: float
    each: Mapping[str, float]
    seeds: tuple[int, int]
    unseen: Mapping[str, frozenset[str]]

    @property
    def bits(self) -> dict[str, dict[str, dict[str, float]]]:
        """By alternative, field and level: log2(m/u); nothing for a level that no class was seen to show."""
        return {
            other: {
                field: {
                    level: 0.0 if level in self.unseen[field] else round(math.log2(m / u[field][level]), 3)
                    for level, m in levels.items()
                }
                for field, levels in self.m.items()
            }
            for other, u in self.u.items()
        }


def fit(
    table: Table, spec: Spec, one: Ints, other: Ints, *, sides: Codes | None = None, drawn: int = _RANDOM
) -> Fitted:
    """Weights from the pairs of blocking (`one`, `other`).

    `sides`: where two files are linked, to which of them each row belongs. `drawn`: how many random pairs are
    looked at. Raises ValueError where no two registrations show one document: there is nothing to begin with.
    """
    levels = {f.name: comparing.levels(table, f, one, other) for f in spec.fields}
    patterns, counts, back = _patterns(spec, levels)
    begun = {SAME: _seeds(spec, levels)} | ({RELATIVE: _relatives(spec, levels)} if spec.household else {})
    if not begun[SAME].any():
        raise ValueError(f"no two registrations have the same {spec.seeds}: nothing to begin with")
    every = _all_pairs(table, sides)
    shown = {STRANGER: _by_chance(table, spec, sides, drawn)}
    for name, chosen in begun.items():
        weight = np.bincount(back[chosen], minlength=len(counts)).astype(np.float64)
        shown[name] = _counted(spec, patterns, weight)
    shown[SAME][spec.seeds] = _mostly_same(spec.field(spec.seeds))
    pairs = _em(
        spec, patterns, counts, shown, {name: 2.0 * chosen.sum() for name, chosen in begun.items()}, every
    )
    named = {
        name: {f.name: dict(zip(f.levels, of[f.name].tolist(), strict=True)) for f in spec.fields}
        for name, of in shown.items()
    }
    shares, rare = _shares(table, spec)
    return Fitted(
        named.pop(SAME), named, shares, rare, {name: n / table.size for name, n in pairs.items()},
        (int(begun[SAME].sum()), int(begun[RELATIVE].sum()) if RELATIVE in begun else 0), _unseen(spec, levels),
    )  # fmt: skip


def _unseen(spec: Spec, levels: Mapping[str, comparing.Levels]) -> dict[str, frozenset[str]]:
    return {
        f.name: frozenset(
            level for n, level in enumerate(f.levels) if np.count_nonzero(levels[f.name] == n) < _SEEN
        )
        for f in spec.fields
    }


def _seeds(spec: Spec, levels: Mapping[str, comparing.Levels]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = levels[spec.seeds] == 0
    return found


def _relatives(spec: Spec, levels: Mapping[str, comparing.Levels]) -> npt.NDArray[np.bool_]:
    """Who shares what a household shares, and neither a document nor a date of birth nor a given name."""
    found: npt.NDArray[np.bool_] = (levels[spec.household] == 0) & ~_seeds(spec, levels)
    for field in spec.fields:
        if field.kind == "date":
            found &= levels[field.name] == field.levels.index("differs")
        elif field.kind == "given":
            found &= levels[field.name] >= field.levels.index("one+differs")
    return found


def _all_pairs(table: Table, sides: Codes | None) -> float:
    if sides is None:
        return table.size * (table.size - 1) / 2
    ones = int(np.count_nonzero(sides))
    return float(ones * (table.size - ones))


def _by_chance(table: Table, spec: Spec, sides: Codes | None, drawn: int) -> dict[str, Floats]:
    chance = np.random.default_rng(_SEED)
    one, other = chance.integers(0, table.size, (2, drawn), dtype=np.int32).astype(np.int64)
    kept = one != other if sides is None else sides[one] != sides[other]
    one, other = one[kept], other[kept]
    return {
        f.name: _share(np.bincount(told[told >= 0], minlength=len(f.levels)).astype(np.float64))
        for f in spec.fields
        for told in (comparing.levels(table, f, one, other),)
    }


def _share(counts: Floats) -> Floats:
    smooth: Floats = counts + _SMOOTH
    shares: Floats = smooth / smooth.sum()
    return shares


def _mostly_same(field: Field) -> Floats:
    """What the field of the seeds itself shows of one person, before anything is known of it."""
    rest = len(field.levels) - 1
    return np.array([0.9] + [0.1 / rest] * rest)


def _patterns(spec: Spec, levels: Mapping[str, comparing.Levels]) -> tuple[comparing.Levels, Floats, Codes]:
    """The different combinations of levels [patterns, fields], how often each comes, and each pair's own."""
    code = np.zeros(len(next(iter(levels.values()))), np.int64)
    for field in spec.fields:
        code = code * (len(field.levels) + 1) + (levels[field.name] + 1)
    _, at, back, counts = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    found = np.stack([levels[f.name][at] for f in spec.fields], axis=1)
    return found, counts.astype(np.float64), back.astype(np.int32)


def _counted(spec: Spec, patterns: comparing.Levels, weight: Floats) -> dict[str, Floats]:
    found = {}
    for at, field in enumerate(spec.fields):
        told = patterns[:, at] >= 0
        found[field.name] = _share(
            np.bincount(patterns[told, at], weights=weight[told], minlength=len(field.levels)).astype(
                np.float64
            )
        )
    return found


def _em(
    spec: Spec, patterns: comparing.Levels, counts: Floats, shown: dict[str, dict[str, Floats]],
    pairs: dict[str, float], every: float,
) -> dict[str, float]:  # fmt: skip
    """Expectation and maximisation of what each class shows (`shown`, in place) but strangers; how many pairs."""
    for _ in range(_ROUNDS):
        before = dict(pairs)
        odds = {
            name: n / every * np.exp2(_ratio(spec, patterns, shown[name], shown[STRANGER]))
            for name, n in pairs.items()
        }
        total = sum(odds.values(), np.ones(len(patterns)))
        for name, of in odds.items():
            likely = counts * of / total
            shown[name] = _counted(spec, patterns, likely)
            if name == RELATIVE:
                shown[name][spec.household] = shown[SAME][spec.household]
            pairs[name] = float(likely.sum())
        if all(abs(n - before[name]) <= _STILL * n for name, n in pairs.items()):
            break
    return pairs


def _ratio(spec: Spec, patterns: comparing.Levels, m: dict[str, Floats], u: dict[str, Floats]) -> Floats:
    found = np.zeros(len(patterns))
    for at, field in enumerate(spec.fields):
        found += np.append(np.log2(m[field.name] / u[field.name]), 0.0)[patterns[:, at]]
    return found


def _shares(table: Table, spec: Spec) -> tuple[Shares, float]:
    """How common each sound is among all that are borne, by field and people; and what counts as rare."""
    found: Shares = {}
    for field in spec.fields:
        column = table.columns[field.column]
        if isinstance(column, Parts):
            texts = table.names.sounds.texts
            found[field.name] = {"": _common(column.sounds, texts)}
            for name, rows in _peoples(table, spec):
                found[field.name][name] = _common(column.sounds[:, rows], texts)
        elif isinstance(column, Values) and field.kind == "word":
            found[field.name] = {"": _common(column.group, column.groups.texts)}
    return found, round(_OFTEN / (2 * table.size), 9)


def _peoples(table: Table, spec: Spec) -> Iterator[tuple[str, Ints]]:
    """Those whose names are weighed among themselves, where enough are registered to tell what is common."""
    if spec.names_by:
        held = table.of(spec.field(spec.names_by).column, Values)
        for code, name in enumerate(held.words.texts):
            rows = np.flatnonzero(held.code == code)
            if len(rows) >= _PEOPLE:
                yield name, rows


def _common(codes: Codes, texts: list[str]) -> dict[str, float]:
    borne = codes[codes != MISSING]
    counts = np.bincount(borne, minlength=len(texts))
    often = np.flatnonzero(counts >= _OFTEN)
    return dict(sorted((texts[n], round(float(counts[n] / len(borne)), 9)) for n in often.tolist()))


def read(data: Mapping[str, Any]) -> Weights:
    """Weights from their YAML, as `written` gives them. Raises KeyError for what is not there."""
    return Weights(
        data["bits"], data["shares"], data["rare"], data["twice"], data.get("relatives", 0.0),
        data["likely"], data["possible"],
    )  # fmt: skip


def written(fitted: Fitted, *, likely: float, possible: float, often: float = 0.0) -> dict[str, Any]:
    """What `read` reads. Sounds less frequent than `often` are left out and count as that rare."""
    common = {
        field: {
            people: {
                text: share for text, share in shares.items() if share >= (_AMONG if people else 1) * often
            }
            for people, shares in by.items()
        }
        for field, by in fitted.shares.items()
    }
    return {
        "bits": fitted.bits, "shares": common, "rare": max(fitted.rare, often), "likely": likely, "possible": possible,
        "twice": round(fitted.each[SAME], 6), "relatives": round(fitted.each.get(RELATIVE, 0.0), 6),
    }  # fmt: skip
