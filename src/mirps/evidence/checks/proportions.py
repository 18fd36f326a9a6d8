"""A share beside two quantities that leave one reading: part, base, and what part of it that is.

Charitable: any pair of the passage's quantities that gives the share, or its remainder, clears it;
and the two must come near the share, as a slip does and a share of something else seldom does.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import readings, relations, solver, subjects
from mirps.evidence.checks.claims import Sentence
from mirps.evidence.checks.mentions import Mention
from mirps.evidence.checks.patterns import Hit, Place
from mirps.evidence.checks.relations import HUNDRED, Quantity
from mirps.evidence.figures.rules import Qualifier

#: Words that tie a share to the quantities beside it.
_TIED = re.compile(
    r"\b(?:rate|coverage|proportion|share|participación|participation|portion|percentage|quota|represents?|representing|represented|account\w*|made up|makes? up|making up|constitut\w+|equal\w*|equivalent|equivale\w*|amount\w*|that is|that's|i\.e|which is|or|means?|meaning|"
    r"funded|covered|complet\w+|executed|spent|achiev\w+|reached|raised|filled|received|respon\w+|already|so|thus|therefore|hence|barely|only|just|left over|what is left|unspent|"
    r"of (?:them|these|those|the|all|its|our|whom|which)|tasa|cobertura|proporción|porcentaje|cuota|represent\w+|constituy\w+|equivalent\w*|suman?|es decir|o sea|esto es|lo que es|financiad\w+|cubiert\w+|ejecut\w+|gastad\w+|alcanz\w+|"
    r"apenas|solo|sólo|respuesta|ya|así|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s|quienes|cada)|del|o|el|es|son|utiliz\w+|us[oó]|usad\w+|aplic\w+)\b|[(=—–]"
)
_ELSE = re.compile(
    r"\b(?:previous|last year|earlier|before|than|target|goals?|planned|compared|national\w*|interest|inflation|discount|margin|error|rebate|tax|fee|commission|"
    r"sube\w*|rises?|climbs?|anterior\w*|pasado|antes|meta|previst\w+|interés|inflación|descuento|impuesto|comisión|margen|respecto|más que|menos que)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        window = [s for s in sentences[max(0, i - 1) : i + 2] if s.block is sent.block]
        for index, share in enumerate(sent.mentions):
            if (
                share.kind == "p"
                and share.value < HUNDRED
                and share.qualifier in (Qualifier.EXACT, Qualifier.ABOUT)
            ):
                found += _share(window, (sent, index))
    return found


def _share(window: Sequence[Sentence], place: Place) -> list[Hit]:
    sent, index = place
    share = sent.mentions[index]
    around = _around(place)
    if readings._CHANGE.search(around) or _ELSE.search(around) or not _TIED.search(around):
        return []
    scope = [sent] if len(_counts([sent])) >= 2 else window
    counts = _counts(scope)
    if sum(m.kind == "p" for s in scope for m in s.mentions) > 2 or not 2 <= len(counts) <= 4:
        return []
    everything = _counts(window)
    if any(_gives(a, b, share) for a, b in combinations(everything, 2)):
        return []
    others = [m for s in window for m in s.mentions if m is not share]
    if solver.explained(share, others):
        return []
    pairs = [(a, b) if _m(a).value < _m(b).value else (b, a) for a, b in combinations(counts, 2)]
    close = [(a, b) for a, b in pairs if _near(a, b, share) and _one_thing(a, b, place)]
    if len(close) != 1:
        return []
    part, base = close[0]
    breach = relations.share_of(_q(part), _q(base), share.quantity())
    return [Hit(breach, sent, (base, part, place))] if breach else []


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _q(place: Place) -> Quantity:
    return _m(place).quantity()


def _counts(scope: Sequence[Sentence]) -> list[Place]:
    return [p for p in subjects.counted(scope, "cm") if _m(p).value >= 2 and _m(p).noun not in ("time", "vez")]


def _around(place: Place) -> str:
    """The words about a share, up to the next semicolon, percentage or full stop."""
    left, right = place[0].masked.split(subjects.mark(place), 1)
    return re.split(r"[;]|<p\d+>", left)[-1][-60:] + " # " + re.split(r"[;]|<p\d+>", right)[0][:50]


def _gives(a: Place, b: Place, share: Mention) -> bool:
    """Whether one of the two is the share of the other, or the remainder of it."""
    low, high = sorted((a, b), key=lambda p: _m(p).value)
    rest = Quantity(HUNDRED - share.value, "percent", share.qualifier, share.step)
    whole = Quantity(_m(low).value + _m(high).value)
    return any(
        relations.share_of(part, base, said) is None
        for said in (share.quantity(), rest)
        for part, base in ((_q(low), _q(high)), (_q(low), whole), (_q(high), whole))
    )


def _near(part: Place, base: Place, share: Mention) -> bool:
    found = _m(part).value / _m(base).value * HUNDRED
    slip = found / share.value
    tenfold = any(abs(slip / n - 1) < Decimal("0.01") for n in (Decimal(10), Decimal("0.1")))
    return tenfold or Decimal("0.55") <= slip <= Decimal("1.8")


def _one_thing(part: Place, base: Place, share: Place) -> bool:
    """Part and base can count one thing, and the share is not of a group of its own."""
    a, b = _m(part), _m(base)
    if a.kind != b.kind or (a.kind == "m" and a.unit != b.unit) or a.value == b.value:
        return False
    group = re.match(
        r"\s(?:of|de|del)\s(?:the\s|these\s|those\s|all\s|l[oa]s\s|est[oa]s\s|es[oa]s\s|sus\s|its\s|our\s)?(?P<w>[a-záéíóúñ-]+)",
        share[0].masked.split(subjects.mark(share), 1)[1],
    )
    word = subjects.stem(group["w"]) if group else ""
    known = {subjects.stem(m.noun) for m in (a, b)} | subjects.stems(" ".join((a.phrase, b.phrase)))
    pointing = group and group["w"] in (
        "them",
        "these",
        "those",
        "whom",
        "which",
        "ellas",
        "ellos",
        "estas",
        "estos",
        "esas",
        "esos",
        "quienes",
        "cuales",
        "total",
        "it",
    )
    if group and not pointing and word not in known:
        words = subjects.stems(subjects.clause(base))
        if word not in words:
            return False
    if a.kin == b.kin or not a.kin or not b.kin:
        return part[0] is share[0] or base[0] is share[0] or bool(pointing)
    return part[0] is base[0] is share[0] and (
        {a.kin, b.kin} <= {"person", a.kin} or "person" not in (a.kin, b.kin)
    )
