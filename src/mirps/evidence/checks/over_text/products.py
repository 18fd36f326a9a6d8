"""Products, averages and ratios against their factors."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import solver
from mirps.evidence.checks.reading import lexicon
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        following = (
            sentences[i + 1] if i + 1 < len(sentences) and sentences[i + 1].block is sent.block else None
        )
        found += _products(sent, following)
        found += _ratios(sent)
    return found


_EACH = re.compile(
    r"<(?P<k>[cmt])(?P<m>\d+)>(?P<g>[^<.;]{0,45}?)\b(?:(?:per|por cada|for each|for every|each|every|a cada|en cada|in each|at each|with each|por|a|al|cada)\s(?P<unit>[a-záéíóúñ-]+)|(?P<each>each|apiece|cada un[oa]|por cabeza))\b"
)
_TOTAL = re.compile(
    r"\b(?:total\w*|in all|altogether|overall|suma\w*|sum of|integrating|all (?:the )?(?:four|three|five|six)|conjunto|combined|amount\w*|ascend\w+|ascien\w+|equal\w*|equivale\w*|representa\w*|that is|es decir|lo que da|i\.e\.)\b"
)
_MEAN = re.compile(
    r"\b(?:average|averag\w+|mean|promedio|media|medio|rate|ritmo|a razón|tasa|capacity|capacidad)\b"
)
_OF_EACH = re.compile(
    r"<(?P<k>[ct])(?P<n>\d+)>(?P<np>[^<.;,]{1,40}?)\s(?:of|with|de|con)\s(?:un promedio de |an average of |about )?<(?P<j>[cmt])(?P<m>\d+)>(?P<mp>[^<.;]{0,40})"
)


def _products(sent: Sentence, following: Sentence | None) -> list[Hit]:
    """'Four surveys of 7,428 households each, 28,800 in all'; '540 interviews in 12 weeks, 45 a week on average'."""
    window = [sent] + ([following] if following is not None else [])
    found: list[Hit] = []
    for match in _EACH.finditer(sent.masked):
        rate = int(match["m"])
        count = _times(sent, rate, match["unit"] or "", match.start())
        if (
            count is None
            and match["unit"]
            and _MEAN.search(sent.masked[max(0, match.start() - 40) : match.end() + 30])
        ):
            found += _implied(sent, rate, match["unit"])
        if count is not None:
            found += _product(
                sent,
                window,
                rate,
                count,
                bool(_MEAN.search(sent.masked[max(0, match.start() - 40) : match.end() + 30])),
            )
    for match in _EACH_OF.finditer(sent.masked):
        found += _product(
            sent,
            window,
            int(match["m"] or match["m2"] or match["m3"]),
            int(match["n"] or match["n2"] or match["n3"]),
            False,
        )
    for match in _OF_EACH.finditer(sent.masked):
        count, rate = int(match["n"]), int(match["m"])
        if not found and (re.search(r"\b(?:each|cada|apiece)\b", match["mp"]) or match["j"] in "ct"):
            found += _product(sent, window, rate, count, False)
    return found[:1]


_EACH_OF = re.compile(
    r"<[cmt](?P<m3>\d+)>[^<.;]{0,40}?\b(?:for|to|in|at|per|por|para|a|en)\s(?:each of (?:the |its )?|every one of the |cada un[oa] de (?:l[oa]s )?)<[ct](?P<n3>\d+)>|"
    r"(?:\b(?:each|every one) of (?:the |its |these )?|\bcada un[oa] de (?:l[oa]s |est[oa]s )?)<[ct](?P<n>\d+)>[^<.;]{1,60}?<[cmt](?P<m>\d+)>"
    r"|<[ct](?P<n2>\d+)>[^<.;]{1,40}?\beach\s[^<.;]{1,30}?<[cmt](?P<m2>\d+)>"
)


_FOR_EVERY = re.compile(
    r"(?:<[ct](?P<n>\d+)>|\b(?P<one>one|un[oa]?))\s(?P<x>[\wáéíóúñ-]+)(?:\s[\wáéíóúñ-]+)?\s(?:for (?:every|each)|per|por cada)\s(?:one\s|un[oa]?\s)?(?:<[ct](?P<m>\d+)>\s)?(?P<y>[\wáéíóúñ-]+)"
)


def _ratios(sent: Sentence) -> list[Hit]:
    """'Two girls for every boy: 80 girls and 60 boys'."""
    match = _FOR_EVERY.search(sent.masked)
    if not match:
        return []
    rate = sent.mentions[int(match["n"])].value if match["n"] else Decimal(1)
    each = sent.mentions[int(match["m"])].value if match["m"] else Decimal(1)
    used = {int(match[g]) for g in ("n", "m") if match[g]}
    sides = [
        [
            i
            for i, m in enumerate(sent.mentions)
            if i not in used and m.kind == "c" and m.noun == lexicon.lemma(match[g], sent.lang)
        ]
        for g in ("x", "y")
    ]
    if len(sides[0]) != 1 or len(sides[1]) != 1 or sides[0] == sides[1]:
        return []
    a, b = (sent.mentions[s[0]].quantity() for s in sides)
    if not each:
        return []
    return hit(relations.ratio(a, b, rate / each), sent, [sides[0][0], sides[1][0]])


def _times(sent: Sentence, rate: int, unit: str, start: int) -> int | None:
    """The count that a rate is multiplied by: of the unit it names, or the count before 'each'."""
    if unit:
        noun = lexicon.lemma(unit, sent.lang)
        kin = lexicon.noun_class(noun, unit, sent.lang)
        fits = [
            i
            for i, m in enumerate(sent.mentions)
            if i != rate and m.noun and (m.noun == noun or (m.kind == "t" and m.kin == kin))
        ]
        return fits[0] if len(fits) == 1 else None
    before = [i for i, m in enumerate(sent.mentions) if i < rate and m.kind in "ct" and not m.weak]
    return before[-1] if before else None


def _implied(sent: Sentence, rate: int, unit: str) -> list[Hit]:
    """'3,600 calls in 2024, an average of 300 per month': the months are those of the period."""
    if lexicon.TIME[sent.lang].get(lexicon.lemma(unit, sent.lang)) != "month" or len(sent.dates) != 1:
        return []
    dated = sent.dates[0]
    months = Decimal(12) if dated.kind == "year" else dated.months() if dated.kind == "months" else Decimal(0)
    total = _product_total(sent, [sent], rate, rate, True)
    if months <= 0 or total is None:
        return []
    r, t = sent.mentions[rate], total[0].mentions[total[1]]
    breach = relations.average(t.quantity(), Quantity(months, "month"), r.quantity())
    return [Hit(breach, sent, ((sent, rate), total))] if breach else []


#: A norm that the total is said to go beyond.
_BEYOND = re.compile(
    r"\b(?:exceed\w*|beyond|above|over the|more than the|supera\w*|exced\w*|rebasa\w*|por encima)\b"
)


def _product(sent: Sentence, window: Sequence[Sentence], rate: int, count: int, mean: bool) -> list[Hit]:
    r, n = sent.mentions[rate], sent.mentions[count]
    if (r.kind == "t" and n.kind == "t") or (
        r.qualifier is Qualifier.AT_MOST and _BEYOND.search(sent.masked)
    ):
        return []
    total = _product_total(sent, window, rate, count, mean)
    if total is None:
        return []
    t = total[0].mentions[total[1]]
    if not (n.value and r.value):
        return []
    if mean:
        breach = relations.average(t.quantity(), n.quantity(), r.quantity())
    else:
        breach = relations.product([n.quantity(), r.quantity()], t.quantity())
        if breach and not Decimal("0.4") < t.value / (n.value * r.value) < Decimal("2.5"):
            return []
        if (
            _ranged(sent, rate)
            or _ranged(sent, count)
            or _more(total)
            or any(solver.near(m.value, n.value * r.value) for s in window for m in s.mentions)
        ):
            return []
    return [Hit(breach, sent, ((sent, count), (sent, rate), total))] if breach else []


#: What stands in front of the upper end of a range.
RANGE_END = re.compile(
    r"(?:\b(?:between|entre|from|de|desde)\s(?:l[oa]s\s)?<[cmt](?P<a>\d+)>[^<.;,]{0,15}\s(?:and|to|y|a|hasta)|<[cmt](?P<b>\d+)>\s?(?:to|or|o|a|[-–]))\s?(?:l[oa]s\s)?$"
)


def _more(total: Place) -> bool:
    """'75 with the support staff': the total takes in others."""
    sent, index = total
    behind = sent.masked.split(f"<{sent.mentions[index].kind}{index}>", 1)[1][:30]
    return (
        re.match(
            r"[^<.;,]{0,8}\b(?:with|including|counting|plus|con|contando|incluid\w+)\s(?:the|l[oa]s|el|la)\b",
            behind,
        )
        is not None
    )


def _ranged(sent: Sentence, rate: int) -> bool:
    """'Between 30 and 40 at each': a range is read by its own rule."""
    front = sent.masked.split(f"<{sent.mentions[rate].kind}{rate}>", 1)[0]
    return RANGE_END.search(front) is not None


def _product_total(
    sent: Sentence, window: Sequence[Sentence], rate: int, count: int, mean: bool
) -> Place | None:
    r = sent.mentions[rate]
    for source in window:
        for i, m in enumerate(source.mentions):
            if (source is sent and i in (rate, count)) or m.kind != r.kind or m.value <= r.value:
                continue
            if (r.kin and m.kin and r.kin != m.kin) or (r.kind == "m" and r.unit != m.unit):
                continue
            around = re.split(rf"<{m.kind}{i}>", source.masked)
            near = around[0][-75:] + " | " + around[1][:45]
            alone = (
                sum(x.kind == r.kind for x in source.mentions) <= 2 + (sent.mentions[count].kind == r.kind)
                and source is sent
            )
            if _TOTAL.search(near) or alone or (mean and (r.kin == m.kin or not r.kin)):
                return source, i
    return None
