"""Ratios and rates against the counts beside them: '3 to 1', '50 per 100,000', 'one for every 25'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier

_ELSE = re.compile(
    r"\b(?:national\w*|region\w*|world\w*|global\w*|average|mean|previous\w*|last year|earlier|compared|than|target|goal|standard\w*|recommend\w*|ideal|should|norm|"
    r"nacional\w*|mundial\w*|promedio|media|anterior\w*|pasado|comparad\w+|que la|meta|estándar\w*|recomend\w+|debería\w*|norma|from|between|entre (?=<c\d+>\sy))\b"
)
_TO_ONE = re.compile(
    r"<c(?P<a>\d+)>\s?(?:to|a|por|:)\s?(?:<c(?P<b>\d+)>(?!\s(?:of|de|[a-záéíóúñ]{4,}))|(?P<one>one|un[oa]?|1)\b)"
)
_RATIO = re.compile(
    r"\b(?:ratio|outnumber\w*|proportion|odds|margin|razón|relación|proporción|superan?|superaron|superaba\w*)\b"
)
_RATE = re.compile(
    r"<c(?P<r>\d+)>(?P<g>(?:\s[a-záéíóúñ-]+){0,3}?)\s(?:per|por|por cada|for every|for each|in every|de cada)\s(?P<n><c\d+>|1[.,  ]?000(?:[.,  ]000)?|10[.,  ]?000|100[.,  ]?000)"
)
_FOR_EVERY = re.compile(
    r"(?:\b(?P<one>one|a|an|un|una|uno)|<c(?P<r>\d+)>)\s(?P<x>[a-záéíóúñ-]+(?:\s[a-záéíóúñ-]+){0,2})\s(?:for every|for each|to every|per|por cada|por)\s<c(?P<n>\d+)>\s(?P<y>[a-záéíóúñ-]+)"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        if 2 <= len(sent.mentions) <= 6 and not any(m.kind == "p" for m in sent.mentions):
            found += _to_one(sent) or _colon(sent) or _per_many(sent) or _for_every(sent)
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _rest(sent: Sentence, used: set[int]) -> list[Place]:
    return [p for p in subjects.counted([sent], "c") if p[1] not in used]


def _exact(places: Sequence[Place]) -> bool:
    return all(_m(p).qualifier in (Qualifier.EXACT, Qualifier.ABOUT) for p in places)


def _breach(stated: Decimal, found: Decimal, first: Mention, second: Mention) -> Breach:
    params = {"first": plain(first.value), "second": plain(second.value), "stated": plain(stated)}
    params["expected"] = plain(found.quantize(Decimal("0.01")))
    return Breach("ratio_mismatch", CONTRADICTION, plain(stated), params["expected"], params)


_COLON = re.compile(r"(?<![\d:])(?P<a>\d{1,2}):(?P<b>\d{1,2})(?![\d:])")


def _colon(sent: Sentence) -> list[Hit]:
    """'The ratio of girls to boys was 2:1 (90 girls, 80 boys).'"""
    match = _COLON.search(sent.text)
    inside = match.span() if match else (0, 0)
    rest = _rest(sent, {i for i, m in enumerate(sent.mentions) if inside[0] <= m.start < inside[1]})
    if (
        not match
        or not _RATIO.search(sent.masked)
        or _ELSE.search(sent.masked)
        or len(rest) != 2
        or not _exact(rest)
    ):
        return []
    x, y = _m(rest[0]), _m(rest[1])
    a, b = Decimal(match["a"]), Decimal(match["b"])
    if not x.noun or not y.noun or x.noun == y.noun or min(a, b, x.value, y.value) <= 0:
        return []
    high, low, stated = max(x.value, y.value), min(x.value, y.value), max(a, b) / min(a, b)
    if abs(high / low - stated) <= stated / 10:
        return []
    return hit(_breach(stated, high / low, x, y), sent, [rest[0][1], rest[1][1]])


def _to_one(sent: Sentence) -> list[Hit]:
    """'Women outnumbered men 3 to 1, with 120 women and 80 men'; 'the ratio is 30 to 1: 20 teachers for 900 pupils'."""
    match = _TO_ONE.search(sent.masked)
    if not match or not _RATIO.search(sent.masked) or _ELSE.search(sent.masked):
        return []
    a = sent.mentions[int(match["a"])].value
    b = sent.mentions[int(match["b"])].value if match["b"] else Decimal(1)
    rest = _rest(sent, {int(match["a"])} | ({int(match["b"])} if match["b"] else set()))
    if len(rest) != 2 or not _exact(rest) or min(a, b) <= 0 or min(_m(p).value for p in rest) <= 0:
        return []
    x, y = _m(rest[0]), _m(rest[1])
    if not x.noun or not y.noun or x.noun == y.noun:
        return []
    high, low = max(x.value, y.value), min(x.value, y.value)
    stated = max(a, b) / min(a, b)
    if abs(high / low - stated) <= stated / 10 or abs((high + low) / low - stated) <= stated / 10:
        return []
    return hit(_breach(stated, high / low, x, y), sent, [rest[0][1], rest[1][1]])


def _per_many(sent: Sentence) -> list[Hit]:
    """'With 60 cases in a population of 120,000, the rate was 500 per 100,000.'"""
    match = _RATE.search(sent.masked)
    if not match or _ELSE.search(sent.masked):
        return []
    used = {int(match["r"])}
    if match["n"].startswith("<"):
        used.add(int(match["n"][2:-1]))
        each = sent.mentions[int(match["n"][2:-1])].value
    else:
        each = Decimal(re.sub(r"\D", "", match["n"]))
    rest = _rest(sent, used)
    if each < 1000 or len(rest) != 2 or not _exact(rest):
        return []
    part, base = sorted(rest, key=lambda p: _m(p).value)
    rate = sent.mentions[int(match["r"])]
    if _m(part).value <= 0 or _m(base).value < _m(part).value * 5 or rate.value <= 0:
        return []
    found = _m(part).value / _m(base).value * each
    said = (rate.value, rate.value / 1000)  # '3,750' may be three and three quarters
    if any(abs(found - r) <= r * Decimal("0.05") + (rate.step / 2 if r == rate.value else 0) for r in said):
        return []
    return hit(_breach(rate.value, found, _m(part), _m(base)), sent, [part[1], base[1], int(match["r"])])


def _for_every(sent: Sentence) -> list[Hit]:
    """'One social worker for every 25 families: 8 social workers attend 400 families.'"""
    match = _FOR_EVERY.search(sent.masked)
    if not match or _ELSE.search(sent.masked):
        return []
    used = {int(match["n"])} | ({int(match["r"])} if match["r"] else set())
    rate = sent.mentions[int(match["r"])].value if match["r"] else Decimal(1)
    each = sent.mentions[int(match["n"])].value
    rest = _rest(sent, used)
    of_y = [p for p in rest if subjects.stem(_m(p).noun_raw) == subjects.stem(match["y"])]
    stems = subjects.stems(match["x"])
    of_x = [p for p in rest if p not in of_y and subjects.stem(_m(p).noun_raw) in stems]
    if len(of_x) != 1 or len(of_y) != 1 or not _exact([*of_x, *of_y]) or rate <= 0 or each <= 0:
        return []
    x, y = _m(of_x[0]), _m(of_y[0])
    needed = y.value * rate / each
    if x.value <= 0 or abs(needed - x.value) <= max(Decimal(1), needed / 10):
        return []
    stated, found = each / rate, y.value / x.value
    return hit(_breach(stated, found, y, x), sent, [of_x[0][1], of_y[0][1], int(match["n"])])
