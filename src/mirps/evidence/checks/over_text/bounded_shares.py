"""Shares and multiples that are only bounded: 'at least 85%', 'more than doubled', 'almost all', against their counts."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import HUNDRED, Quantity
from mirps.evidence.figures.rules import Qualifier

_OF = re.compile(
    r"(?P<part><[cm]\d+>)[^<.;,()]{0,30}?\s(?:of|out of|de|de entre)\s(?:the\s|its\s|l[oa]s\s|sus\s|un total de\s|a total of\s)?(?P<base><[cm]\d+>)"
    r"|\b(?:of|out of|among|de|entre)\s(?:the\s|its\s|l[oa]s\s|sus\s|un total de\s|a total of\s)?(?P<base2><[cm]\d+>)[^<.;()]{0,40},[^<.;()]{0,30}(?P<part2><[cm]\d+>)"
)
#: 'No more than 10% of the budget of 200,000 may go to administration; it cost 31,000.'
_SHARE_OF = re.compile(
    r"<p\d+>\s(?:of|de|del)\s[^<.;]{1,40}?\s(?:of|de)\s(?P<base><[cm]\d+>)[^<]{3,90}?(?P<part><[cm]\d+>)"
)
_ELSE = re.compile(
    r"\b(?:previous\w*|last year|target|goals?|planned|compared|than in|rose|fell|grew|increas\w+|decreas\w+|anterior\w*|año pasado|meta|previst\w+|comparad\w+|subi\w+|baj\w+|crec\w+|aument\w+|disminu\w+|exceed\w*|breach\w*|exced\w+|incumpl\w+|although|aunque|despite|pese)\b"
)
_TIMES = re.compile(
    r"\b(?:more than|over)\s(?P<f>doubled|tripled|trebled|quadrupled)\b|\bse\s(?P<g>duplic|triplic|cuadruplic)\w+\scon creces\b|\bmás (?:que|de lo que) se (?P<h>duplic|triplic)\w+"
)
_FROM = re.compile(
    r"\b(?:from|de|desde)\s(?:l[oa]s\s)?<(?P<k>[cm])(?P<a>\d+)>[^<.;]{0,40}?\s(?:to|a|hasta)\s(?:l[oa]s\s)?<(?P<j>[cm])(?P<b>\d+)>"
)
_ALL = re.compile(
    r"\b(?:almost|nearly|virtually|practically|casi|prácticamente)\s(?:all|tod[oa]s|la totalidad)(?:\sof|\sde)?(?:\sthe|\sl[oa]s|\sits|\ssus)?\s<c(?P<n>\d+)>[^<.;,()]{1,40}?(?:,\s|\s\()<c(?P<k>\d+)>\s?(?:[,)]|in total|en total)"
)
_PUT = re.compile(
    r"<(?P<k>[cm])(?P<a>\d+)>[^<;]{0,60}?(?:<[dhyr]\d+>)?,\s(?:a|an?\s\w+)?\s?(?:figure|number|cifra|número|cantidad)\s(?:that|which|que)\s[^<.;]{2,50}?\s(?:puts?|sets?|gives?|records?|states?|shows?|fijan?|sitúan?|ponen?|dan?|cifran?|consignan?|registran?)\s(?:at\s|as\s|en\s|como\s)?<(?P<j>[cm])(?P<b>\d+)>"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        if 2 <= len(sent.mentions) <= 5:
            found += _share(sent) or _multiple(sent) or _nearly_all(sent) or _put(sent)
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _share(sent: Sentence) -> list[Hit]:
    """'At least 85% were resolved: of 400 cases, 312'; 'fewer than one in five, 260 of 1,000'."""
    shares = [(i, m) for i, m in enumerate(sent.mentions) if m.kind == "p"]
    counts = subjects.counted([sent], "cm")
    if len(shares) != 1 or len(counts) != 2 or _ELSE.search(sent.masked):
        return []
    index, share = shares[0]
    match = _OF.search(sent.masked) or _SHARE_OF.search(sent.masked)
    if not match or share.qualifier not in (Qualifier.AT_LEAST, Qualifier.AT_MOST):
        return []
    got = {k[:4]: v for k, v in match.groupdict().items() if v}
    base = next(p for p in counts if subjects.mark(p) == got["base"])
    part = next(p for p in counts if p != base)
    a, b = _m(part), _m(base)
    if subjects.mark(part) != got["part"] or not subjects.alike(a, b) or not 0 < a.value <= b.value:
        return []
    exact = {Qualifier.EXACT, Qualifier.ABOUT}
    found = a.value / b.value * HUNDRED
    if not {a.qualifier, b.qualifier} <= exact or not Decimal("0.4") < found / share.value < Decimal("3.5"):
        return []
    if Qualifier.ABOUT in (a.qualifier, b.qualifier):
        return []
    said = Quantity(share.value, "percent", share.qualifier, Decimal("0.1"))
    breach = relations.restated(
        said, Quantity(found.quantize(Decimal("0.1")), "percent", Qualifier.EXACT, Decimal("0.1"))
    )
    return [Hit(breach, sent, ((sent, index), base, part))] if breach else []


def _multiple(sent: Sentence) -> list[Hit]:
    """'Arrivals more than doubled, from 400 to 720.'"""
    told, ends = _TIMES.search(sent.masked), _FROM.search(sent.masked)
    if not told or not ends:
        return []
    word = next(w for w in told.groups() if w)
    factor = Decimal({"d": 2, "t": 3, "q": 4, "c": 4}[word[0]])
    a, b = (sent, int(ends["a"])), (sent, int(ends["b"]))
    if not subjects.alike(_m(a), _m(b)) or _m(b).value >= _m(a).value * factor * Decimal("0.995"):
        return []
    expected = Quantity(_m(a).value * factor, _m(a).unit, Qualifier.AT_LEAST)
    breach = relations.restated(expected, _m(b).quantity())
    return [Hit(breach, sent, (a, b))] if breach else []


def _nearly_all(sent: Sentence) -> list[Hit]:
    """'Almost all of the 60 shelters, 31, reported shortages.'"""
    match = _ALL.search(sent.masked)
    if not match:
        return []
    whole, some = sent.mentions[int(match["n"])], sent.mentions[int(match["k"])]
    if some.noun or some.value >= whole.value * Decimal("0.8"):
        return []
    edge = Quantity(whole.value * Decimal("0.8"), whole.unit, Qualifier.AT_LEAST)
    return hit(relations.restated(edge, some.quantity()), sent, [int(match["n"]), int(match["k"])])


def _put(sent: Sentence) -> list[Hit]:
    """'At least 2,500 households, a figure that its annexes put at 2,318.'"""
    match = _PUT.search(sent.masked)
    if not match or match["k"] != match["j"]:
        return []
    a, b = int(match["a"]), int(match["b"])
    one, other = sent.mentions[a], sent.mentions[b]
    return (
        hit(relations.restated(one.quantity(), other.quantity()), sent, [a, b])
        if subjects.alike(one, other)
        else []
    )
