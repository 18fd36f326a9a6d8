"""A thing told again with another value: digits that changed places, 'the only' and 'the two', 'both' of three.

`recalls` compares clauses that are nearly the same; here the value itself, or the word that
takes it up again, gives the echo away.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import CONTRADICTION, Breach
from mirps.evidence.figures.rules import Qualifier

#: How far apart, in sentences of one paragraph, a thing and its echo may stand.
REACH = 5
#: Quantities that are compared in such a stretch: with more, digits agree by chance.
MOST = 14
_OTHER = re.compile(
    r"\b(?:target|goals?|planned|expected|capacity|average|each|women|men|girls|boys|other|another|previous\w*|last year|before|later|rose|fell|grew|from|increas\w+|decreas\w+|compared|than|of (?:whom|which|them|these)|"
    r"metas?|previst\w+|capacidad de (?:otr|l[oa]s dem)|promedio|cada|mujeres|hombres|niñas|niños|otr[oa]s?|anterior\w*|año pasado|antes|luego|subi\w+|baj\w+|creci\w+|desde|aument\w+|disminu\w+|que en|de (?:ell[oa]s|est[oa]s|l[oa]s cuales))\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH) : i + 1] if s.block is sent.block]
        found += _swapped(sent, scope)
        found += _again(sent, scope)
        found += _both(sent, scope[-2:])
        found += _only(sent, scope[-3:])
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _digits(value: Decimal) -> str:
    return re.sub(r"\D", "", f"{value.normalize():f}").strip("0")


def _swapped(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Relief reached 4,312 people ... without them the 4,132 people reached': one number with two digits swapped."""
    places = [p for p in subjects.counted(scope, "cmpt") if _m(p).qualifier is Qualifier.EXACT]
    if len(places) > MOST:
        return []
    for one, other in combinations(places, 2):
        if other[0] is not sent or not _alike(_m(one), _m(other)):
            continue
        a, b = _digits(_m(one).value), _digits(_m(other).value)
        if a == b or len(a) != len(b) or sorted(a) != sorted(b) or _m(one).value == _m(other).value:
            continue
        if not Decimal("0.4") < _m(one).value / _m(other).value < Decimal("2.5"):
            continue
        if _same(one, other, enough=1):
            breach = relations.restated(_m(one).quantity(), _m(other).quantity())
            return [Hit(breach, sent, (one, other))] if breach else []
    return []


def _alike(a: Mention, b: Mention) -> bool:
    return subjects.alike(a, b) or ({a.kind, b.kind} == {"c", "m"} and not (a if a.kind == "c" else b).noun)


#: An announced correction, and a base of which the value is some.
_MENDED = re.compile(
    r"\b(?:correct\w+|errat\w+|instead|rather|slip\w*|typo|mistake\w*|misprint\w*|correg\w+|correcci\w+|donde dec[ií]a|debe decir|error\w*|equivoc\w+)\b"
)
_FRAMED = re.compile(
    r"(?:^|[.;,]\s)\W*(?:of|among|out of|de|del|entre)\s(?:[^<;.]|<[dhyr]\d+>){2,60},[^<,;.]{0,30}$"
)


def _same(one: Place, other: Place, enough: int) -> bool:
    """Both sentences speak of one subject, neither of another time, part or plan."""
    own, again = subjects.clause(one), subjects.clause(other)
    if one[0] is other[0] and ";" not in one[0].masked and ":" not in one[0].masked:
        return False
    if _OTHER.search(subjects.narrow(one)) or _OTHER.search(subjects.narrow(other)):
        return False
    a, b = subjects.about(one), subjects.about(other)
    if (a.traits and b.traits and a.traits != b.traits) or (a.dates and b.dates and not a.dates & b.dates):
        return False
    if b.names - frozenset(re.findall(r"\w+", fold(one[0].text))) or _MENDED.search(
        one[0].masked + other[0].masked
    ):
        return False
    if any(_FRAMED.search(p[0].masked.split(subjects.mark(p), 1)[0]) for p in (one, other)):
        return False
    shared = subjects.stems(own) & subjects.stems(again)
    wide = subjects.stems(one[0].masked) & subjects.stems(other[0].masked)
    dated = {d.period() for d in one[0].dates} & {d.period() for d in other[0].dates}
    definite = _DEFINITE.search(other[0].masked.split(subjects.mark(other), 1)[0]) is not None
    return max(len(shared), len(wide) - 1 + (definite and bool(wide))) + bool(dated) > enough


_DEFINITE = re.compile(
    r"(?:\b(?:the|those|these|all|its|their|our|l[oa]s|est[oa]s|es[oa]s|sus|dich[oa]s|nuestr[oa]s)|['’]s?)\s$"
)
_NARROWED = re.compile(
    r"^\s?(?:in|at|on|of|from|for|with|that|which|who|whose|near|along|en|de|del|que|con|para|por|cuy\w+|cerca)\b"
)


def _again(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'It has nine mobile units ... all its eleven mobile units': a definite phrase of noun and modifiers."""
    for place in subjects.counted([sent], "c"):
        m = _m(place)
        words = subjects.stems(m.phrase)
        left, _, right = sent.masked.partition(subjects.mark(place))
        if len(words) < 2 or not m.noun or m.value < 2 or not _DEFINITE.search(left):
            continue
        same = [
            p
            for p in subjects.counted(scope[:-1], "c")
            if _m(p).noun == m.noun and words == subjects.stems(_m(p).phrase)
        ]
        if (
            len(same) != 1
            or _OTHER.search(left[-25:])
            or _NARROWED.match(right.split(m.phrase.lower(), 1)[-1])
        ):
            continue
        first = same[0][0].masked.split(subjects.mark(same[0]), 1)
        if _OTHER.search(first[0][-30:]) or _NARROWED.match(first[1].split(m.phrase.lower(), 1)[-1]):
            continue
        if not Decimal("0.5") < m.value / _m(same[0]).value < 2 or re.search(
            r"\b(?:now|ahora|new|nuev\w+|more|más)\b", left[-40:]
        ):
            continue
        breach = relations.restated(_m(same[0]).quantity(), m.quantity())
        return [Hit(breach, sent, (same[0], place))] if breach else []
    return []


_BOTH = re.compile(
    r"\b(?:both of (?:them|these|those)|both(?=[.,;]|\s(?:were|are|had|have|before|for|by|as|at|in)\b)|ambas(?=[.,;]|\s(?:por|a|en|fueron|son|con|se|quedaron|tienen)\b)|ambos(?=[.,;]|\s(?:por|a|en|fueron|son|con|se|quedaron|tienen)\b))"
)


def _both(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Three options were left, and the mayor argued against both of them'."""
    match = _BOTH.search(sent.masked)
    if not match:
        return []
    own = [p for p in subjects.counted([sent], "c") if f"<c{p[1]}>" in sent.masked[: match.start()]]
    places = own or subjects.counted(scope[:-1], "c")
    small = [p for p in places if 2 <= _m(p).value <= 12 and _m(p).noun]
    if (
        len(places) != 1
        or len(small) != 1
        or _m(small[0]).value == 2
        or re.search(r"\b(?:two|dos|pair|par)\b", sent.masked)
    ):
        return []
    between = (
        sent.masked[: match.start()].split(subjects.mark(small[0]))[-1]
        if own
        else sent.masked[: match.start()]
    )
    if re.search(
        r"\b(?:of them|sexes|sides|parents|sexos|lados|padres|countries|países|women and men|mujeres y hombres)\b",
        between,
    ):
        return []
    return _counted(small[0], sent, Decimal(2))


_ONLY = re.compile(
    r"\b(?:the|its|their|our) (?:only|sole) (?P<en>(?:[a-z-]+\s){0,3}?[a-z-]+)|\b(?:el|la|su) únic[oa] (?P<es>(?:[a-záéíóúñ]+\s){0,3}?[a-záéíóúñ]+)"
)
_PLURAL = re.compile(r"\b(?:the|its|their|all|l[oa]s|sus|nuestr[oa]s)\s<c(?P<n>\d+)>")


def _only(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'The only regional office of the north' here, 'the two regional offices of the north' there."""
    for source in scope:
        for match in _ONLY.finditer(source.masked):
            words = subjects.stems(match["en"] or match["es"])
            for other in (s for s in scope if s is not source and sent in (s, source)):
                for told in _PLURAL.finditer(other.masked):
                    m = other.mentions[int(told["n"])]
                    about = subjects.stems(other.masked[told.start() :][:80])
                    own = subjects.stems(source.masked[match.start() :][:80])
                    if m.value >= 2 and m.noun and subjects.stem(m.noun) in words and len(about & own) >= 2:
                        return _counted((other, int(told["n"])), sent, Decimal(1))
    return []


def _counted(place: Place, sent: Sentence, again: Decimal) -> list[Hit]:
    params = {"first": relations.plain(_m(place).value), "again": relations.plain(again)}
    breach = Breach("restated", CONTRADICTION, params["again"], params["first"], params)
    return [Hit(breach, sent, (place,))]
