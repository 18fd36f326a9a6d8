"""A second look at what the rules found: a finding that another true reading of its passage explains is dropped.

The rules take words at their most likely; where the numbers beside a finding add up, multiply or
divide to the very value that seemed wrong, the words meant that.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks.over_text import amounts, series, solver
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place

#: Findings whose last value is what the others should have given.
_RESULTS = frozenset(
    (
        "restated",
        "qualifier_mismatch",
        "product_mismatch",
        "rate_mismatch",
        "change_mismatch",
        "multiple_mismatch",
        "unit_mismatch",
    )
)
_PARTS = frozenset(("parts_exceed_total", "parts_below_total"))
#: Values below this are made by chance from nearly any numbers.
TELLING = 5
#: And from more numbers than this nearly any value.
MOST = 7
#: Total, number and mean.
TRIPLE = 3


def kept(hits: Sequence[Hit], sentences: Sequence[Sentence]) -> list[Hit]:
    """The hits that no other reading of their sentence and its neighbours explains."""
    at = {id(s): n for n, s in enumerate(sentences)}
    return [h for h in hits if not _explained(h, sentences, at)]


def _explained(h: Hit, sentences: Sequence[Sentence], at: dict[int, int]) -> bool:
    if not h.places or h.breach.kind not in _RESULTS | _PARTS:
        return False
    around = _window(h, sentences, at)
    if h.breach.kind in _PARTS:
        return _addends(h, around) or _one_a_date(h)
    if h.breach.kind == "rate_mismatch" and len(h.places) != TRIPLE:
        return False  # a mean of listed values: small numbers explain one another by chance
    if h.breach.kind == "qualifier_mismatch":
        return _far(h)
    if h.breach.kind in ("product_mismatch", "rate_mismatch") and _STANDARD.search(h.sentence.masked):
        return True
    if h.breach.kind == "product_mismatch" and _loosely(h):
        return True
    periods = {amounts.period(s, i) for s, i in h.places} if h.breach.kind == "restated" else set()
    if len(periods - {""}) > 1:
        return True  # '150 a month, that is, 1,800 a year'
    if h.breach.kind in ("restated", "rate_mismatch"):
        return any(_made(_m(p), p, around) for p in h.places) or (
            h.breach.kind == "restated" and _both_twice(h)
        )
    return _made(_m(h.places[-1]), h.places[-1], around)


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _window(h: Hit, sentences: Sequence[Sentence], at: dict[int, int]) -> list[Sentence]:
    """The sentences that the finding speaks of, and the one before."""
    own = {id(s) for s, _ in h.places}
    n = min(at.get(i, 0) for i in own)
    before = sentences[n - 1 : n] if n and sentences[n - 1].block is sentences[n].block else []
    return [*before, *(s for s in sentences[n : n + 6] if id(s) in own)]


def _made(stated: Mention, place: Place, around: Sequence[Sentence]) -> bool:
    """Whether the value is exactly what other numbers of the window make together."""
    if stated.value < TELLING or stated.kind not in "cmt":
        return False
    others = [
        m
        for s in around
        for i, m in enumerate(s.mentions)
        if (s, i) != place and m.kind in "cmtp" and m.value not in (1, stated.value)
    ]
    own = [m for m in place[0].mentions if m is not stated and m.value not in (1, stated.value)]
    for known in (own, others):
        pairs = combinations([m.value for m in known], 2) if len(known) <= MOST else ()
        if any(a + b == stated.value or abs(a - b) == stated.value for a, b in pairs):
            return True
    return solver.explained(stated, own, loose=False) or _compounded(stated, own)


def _compounded(stated: Mention, others: Sequence[Mention]) -> bool:
    """'2,000, raised by 20% and cut by 10%, is 2,160'; '1,500 plus 13%'."""
    shares = [m.value / 100 for m in others if m.kind == "p"][:3]
    bases = [m.value for m in others if m.kind in "cm"][:4]
    made = set(bases)
    for share in shares:
        made |= {v * (1 + share) for v in made} | {v * (1 - share) for v in made}
    return any(solver.near(v, stated.value, stated.step) for v in made - set(bases))


def _both_twice(h: Hit) -> bool:
    """'Within fifteen (15) days ...; within thirty (30)': each value is said twice, once in words."""
    if len({id(s) for s, _ in h.places}) > 1:
        return False
    told = [m.value for m in h.places[0][0].mentions]
    return all(told.count(_m(p).value) > 1 for p in h.places)


_MEAN = re.compile(r"\b(?:on average|an average|average|en promedio|promedio|mean|media)\b")
_THIRTEENTH = re.compile(
    r"\b(?:thirteenth|13th|bonus(?:es)?|decimotercer\w*|aguinaldo|bonos?|decimocuart\w*)\b"
)


def _far(h: Hit) -> bool:
    """A value that misses its bound by far is seldom a slip: it counts something else."""
    if len(h.places) != 2 or _m(h.places[0]).kind == "p":
        return False
    low, high = sorted(_m(p).value for p in h.places)
    return high >= TELLING * 10 and low / high < Decimal("0.35")


#: What a standard advises is not what there was.
_STANDARD = re.compile(
    r"\b(?:standards?\s(?:\w+\s)?(?:of|is|advise\w*|recommend\w*|allow\w*)|recommend(?:s|ed) (?:at most|no more|a maximum)|estándar(?:es)?\b[^.;]{0,40}\b(?:aconsej\w+|recomiend\w+|permit\w+)|aconsej\w+|recomiend\w+)"
)


def _loosely(h: Hit) -> bool:
    """'Nine on average in six centres, 56 in all': a mean is rounded; 'a year, with the thirteenth month'."""
    text, last = h.sentence.masked, _m(h.places[-1])
    if _THIRTEENTH.search(text):
        return True
    factors = [_m(p) for p in h.places[:-1]]
    if not _MEAN.search(text) or len(factors) != 2:
        return False
    a, b = factors
    return abs(a.value * b.value - last.value) <= max(a.value * b.step, b.value * a.step) / 2


def _one_a_date(h: Hit) -> bool:
    """'The cumulative number was 8,450 in March, 9,010 in April and 9,110 in May': states of one count."""
    sent = h.sentence
    return len(sent.dates) >= len(h.places) and series._RUNNING.search(sent.masked) is not None


def _addends(h: Hit, around: Sequence[Sentence]) -> bool:
    """Whether total and parts together, or the parts and more, make another quantity: that one is the total."""
    total, *parts = h.places
    kind = _m(total).kind
    known = [
        (s, i) for s in around for i, m in enumerate(s.mentions) if m.kind == kind and (s, i) not in h.places
    ]
    said = sum((_m(p).value for p in parts), Decimal(0))
    whole = _m(total).value
    for size in range(min(len(known), 4) + 1):
        for group in combinations(known[:8], size):
            more = sum((_m(k).value for k in group), Decimal(0))
            rest = [_m(k).value for k in known if k not in group]
            if more + said in rest or more + said + whole in rest:
                return True
            if any(_m(p).value * 2 == more + said + whole for p in parts):
                return True  # one of the parts is what the others and the total make
    return False
