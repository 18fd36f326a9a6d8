"""So many, so much each, so much in all: read over the sentences of a passage.

A rate ('22 in each group', '2,500 a month', 'twelve transfers of 1,500') meets the count of its
unit and a total of its own kind. Silent when the total follows from other numbers of the passage.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import products, solver
from mirps.evidence.checks.reading import lexicon, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable
from mirps.evidence.checks.relations import Quantity

#: How many sentences a rate, its count and their total may lie apart.
REACH = 4
_W = r"[a-záéíóúüñ-]+"
#: '22 alumnas por grupo', '2,500 lempiras a month', '30 dollars for each family'.
_PER = re.compile(
    rf"<(?P<k>[cmt])(?P<r>\d+)>(?P<g>[^<.;:()]{{0,45}}?)\b(?:per|for (?:each|every)|each|every|in (?:each|every)|por cada|en cada|a cada|por|cada|an?|al|a la|la|el|para cada|on each)\s(?P<u>{_W})"
)
#: 'each group had 22 students', 'cada grupo tuvo 22', 'one icon stands for 500 people', 'each of the four ...'.
_EACH = re.compile(
    rf"\b(?:each|every|one|cada|por cada|un[oa]?)\s(?:one\s)?(?:(?:of|de)\s(?:the\s|l[oa]s\s|its\s|sus\s|est[oa]s\s)?<[ct]\d+>\s)?(?P<u>{_W})(?P<g>[^<.;:()]{{0,50}}?)<(?P<k>[cmt])(?P<r>\d+)>"
)
#: 'nine monthly', '12 visitas semanales'.
_ADVERB = re.compile(
    rf"<(?P<k>[cm])(?P<r>\d+)>(?P<g>(?:\s{_W}){{0,2}}?)\s(?P<u>monthly|weekly|daily|yearly|annual|mensual(?:es)?|semanal(?:es)?|diari[oa]s?|anual(?:es)?)\b"
)
_ADVERBS = {
    "month": "month",
    "mensu": "month",
    "week": "week",
    "seman": "week",
    "dail": "day",
    "diari": "day",
    "year": "year",
    "annu": "year",
    "anual": "year",
}
#: 'twelve transfers of 1,500', '6 cursos de 20 personas', '16 flats at 7,500'.
_OF = re.compile(
    rf"<(?P<j>[ct])(?P<n>\d+)>(?P<np>(?:\s{_W}){{1,4}}?)\s(?:of|at|de|a|con|with)\s(?:an average of\s|un promedio de\s|about\s|equal\s|exactly\s)?<(?P<k>[cmt])(?P<r>\d+)>"
)
#: '30 each', '14 visits apiece', '25 cada una'.
_APIECE = re.compile(
    r"<(?P<k>[cmt])(?P<r>\d+)>(?P<g>[^<.;:()]{0,40}?)\b(?:each|apiece|per head|cada un[oa]|por cabeza|each one)\b(?!\s(?:of|de|[a-z]+\s?<))"
)
_TIMES = re.compile(
    r"<[cmt]\d+>(?:\s[a-záéíóúñ-]+){0,2}(?:\s?(?:x|×|\*)\s?<[cmt]\d+>(?:\s[a-záéíóúñ-]+){0,2})+"
)
_NOT_UNIT = frozenset(
    [
        "uno",
        "una",
        "one",
        "head",
        "cabeza",
        "total",
        "of",
        "the",
        "los",
        "las",
        "few",
        "number",
        "lot",
        "year's",
        "day's",
        "más",
        "other",
        "otra",
        "otro",
        "vez",
        "time",
        "la",
        "lo",
        "que",
        "los",
        "partir",
        "cual",
        "cuales",
        "fin",
        "quien",
        "principios",
        "mediados",
        "finales",
        "pesar",
        "través",
    ]
)
_RESULT = re.compile(
    r"\b(?:total\w*|in all|altogether|overall|makes?|made|making|that is|i\.e|or|o|so|thus|hence|therefore|sum\w*|add\w*|equals?|amount\w*|come|comes|came|cost\w*|spent|worth|paid|pay\w*|need\w*|reach\w*|served?|all|gives?|gave|the|is|are|were|was|meant|means|of|"
    r"en conjunto|es decir|o sea|por lo que|así que|suma\w*|ascend\w+|asciend\w+|llega\w*|cuesta\w*|costó|costaron|gast\w+|pag\w+|recib\w+|entreg\w+|atend\w+|l[oa]s|son|da|dan|hay|fue|fueron|hace|hacen|egreso|lo que|donaron|juntos|juntas|se)\b|=|→"
)
_PART = re.compile(
    r"\b(?:another|additional|further|others?|of (?:these|those|them|whom|which)|only|remain\w*|rest|target|goals?|planned|last year|previous|already|still|otr[oa]s?|adicional(?:es)?|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s cuales)|restantes?|resto|metas?|previst\w+|anterior|falta\w*|ya)\b"
)


@dataclass(frozen=True, slots=True)
class Rate:
    """So much (`place`) for each `unit`; `count` when the words give the number of units at once."""

    place: Place
    unit: str
    count: Place | None = None


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH + 1) : i + REACH] if s.block is sent.block]
        for rate in _rates(sent):
            found += _against(rate, scope)
        found += _written(sent)
        found += _mean(sent)
        found += _spans(sent)
    return found


def _rates(sent: Sentence) -> Iterator[Rate]:
    for shape in (_PER, _EACH, _ADVERB):
        for match in shape.finditer(sent.masked):
            word = match["u"]
            behind = sent.masked.split(f"<{match['k']}{match['r']}>", 1)[1]
            if re.match(r"[^<.;,]{0,12}\s?(?:and|to|y|a|hasta|[-–])\s?<[cmt]|[-–]\d", behind):
                continue  # the lower end of a range
            if word in _NOT_UNIT or re.search(r"\b(?:and|y|out of|more|than|more|más|que)\b", match["g"]):
                continue
            unit = (
                next((u for start, u in _ADVERBS.items() if word.startswith(start)), "")
                if shape is _ADVERB
                else ""
            )
            yield Rate((sent, int(match["r"])), unit or _kin(word, sent.lang))
    for match in _OF.finditer(sent.masked):
        yield Rate((sent, int(match["r"])), "", (sent, int(match["n"])))
    for match in _APIECE.finditer(sent.masked):
        if re.match(r"[-–]\d", match["g"]):
            continue
        before = [
            i
            for i, m in enumerate(sent.mentions)
            if i < int(match["r"]) and m.kind == "c" and not m.weak and m.noun
        ]
        if not before:
            for word in subjects.stems(sent.masked[: match.start()][-40:]):
                yield Rate((sent, int(match["r"])), word)
        else:
            yield Rate((sent, int(match["r"])), "", (sent, before[-1]))


def _kin(word: str, lang: str) -> str:
    noun = lexicon.lemma(word, lang)
    return lexicon.TIME[lang].get(noun) or subjects.stem(noun)


def _mention(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _against(rate: Rate, scope: Sequence[Sentence]) -> list[Hit]:
    each = _mention(rate.place)
    counts = [rate.count] if rate.count else _counts(rate, scope)
    if each.kind in "pa" or not counts or len({_mention(c).value for c in counts}) != 1:
        return []
    count = counts[0]
    factor = _mention(count)
    if factor.value < 2 or not each.value or (rate.count and factor.kind == each.kind == "t"):
        return []
    totals = [p for p in subjects.counted(scope, each.kind) if _total(p, rate, count)]
    expected = factor.value * each.value
    low = factor.value * _lowest(rate.place)
    if any(low <= _mention(t).value <= expected or solver.near(_mention(t).value, expected) for t in totals):
        return []
    for total in totals:
        said = _mention(total)
        others = [m for s in scope for m in s.mentions if m is not said and m.value != said.value]
        if not Decimal("0.5") <= said.value / expected <= Decimal(2) or solver.explained(said, others):
            continue
        breach = _verdict(rate, factor, each, said)
        if breach:
            return [Hit(breach, total[0], (count, rate.place, total))]
    return []


def _lowest(place: Place) -> Decimal:
    """The lower end of a range ('between 30 and 40 at each'), or the value itself."""
    sent, index = place
    front = sent.masked.split(subjects.mark(place), 1)[0]
    match = products.RANGE_END.search(front)
    low = sent.mentions[int(match["a"] or match["b"])].value if match else sent.mentions[index].value
    return min(low, sent.mentions[index].value)


_MEAN = re.compile(r"\b(?:average|averag\w+|mean|typical\w*|promedio|media|ritmo|en promedio|razón)\b")


def _verdict(rate: Rate, factor: Mention, each: Mention, said: Mention) -> relations.Breach | None:
    if _MEAN.search(subjects.narrow(rate.place)):
        return relations.average(_as(said), _as(factor), _as(each))
    return relations.product([_as(factor), _as(each)], _as(said))


def _as(m: Mention) -> Quantity:
    return Quantity(m.value, "", m.qualifier, m.step)


def _counts(rate: Rate, scope: Sequence[Sentence]) -> list[Place]:
    """The counts of the rate's unit: '15 groups' for 'in each group', 'four months' for 'a month'."""
    made = []
    for sent in scope:
        for i, m in enumerate(sent.mentions):
            if (sent, i) == rate.place or m.weak or m.kind not in "ct":
                continue
            if (m.kind == "t" and m.kin == rate.unit) or (
                m.kind == "c" and m.noun and subjects.stem(m.noun) == rate.unit
            ):
                made.append((sent, i))
    return made


def _spans(sent: Sentence) -> list[Hit]:
    """'Nine monthly, 45 from January to June'; '500 a month, that is, 8,000 a year'."""
    rates = {r.place[1]: r for r in _rates(sent) if r.count is None}
    for index, rate in rates.items():
        each = sent.mentions[index]
        if each.kind not in "cm" or not each.value:
            continue
        for other, m in enumerate(sent.mentions):
            if other == index or m.kind != each.kind or m.value <= each.value or not comparable(m, each):
                continue
            factor = _factor(rate.unit, rates[other].unit if other in rates else "", sent)
            if factor is None or (each.noun and m.noun and each.noun != m.noun):
                continue
            found = m.value / each.value
            if any(abs(found - f) <= f / 20 for f in factor) or not factor[0] / 2 <= found <= factor[-1] * 2:
                continue
            if solver.explained(m, [x for x in sent.mentions if x is not m and x is not each]):
                continue
            breach = relations.product([Quantity(factor[0]), _as(each)], _as(m))
            return [Hit(breach, sent, ((sent, index), (sent, other)))] if breach else []
    return []


_EQUIVALENT = re.compile(
    r"\b(?:that is|i\.e|or|which (?:is|makes|means)|equal\w*|equivalent|makes|es decir|o sea|esto es|equivale\w*|lo que (?:da|hace|suma|es)|o)\b|[=→]"
)
_PERIODS = {
    ("month", "year"): (Decimal(12),), ("week", "year"): (Decimal(50), Decimal(52)), ("quarter", "year"): (Decimal(4),),
    ("day", "week"): (Decimal(5), Decimal(6), Decimal(7)), ("week", "month"): (Decimal(4), Decimal("4.3")),
    ("day", "month"): (Decimal(20), Decimal(22), Decimal(24), Decimal(26), Decimal(30)),
    ("day", "year"): (Decimal(220), Decimal(240), Decimal(250), Decimal(260), Decimal(300), Decimal(313), Decimal(365)),
}  # fmt: skip


def _factor(unit: str, other: str, sent: Sentence) -> tuple[Decimal, ...] | None:
    """How many of the rate's units the other value covers: by its own unit, or by the months of a period."""
    if other:
        return _PERIODS.get((unit, other)) if _EQUIVALENT.search(sent.masked) else None
    spans = [d for d in sent.dates if d.kind == "months" and d.months() > 1]
    if unit == "month" and len(spans) == 1 and len(sent.dates) == 1:
        return (spans[0].months(),)
    return None


def _mean(sent: Sentence) -> list[Hit]:
    """A mean against what it is the mean of: a total and a count, or the values themselves."""
    for index, each in enumerate(sent.mentions):
        if each.kind not in "cmt" or not _averaged(sent, index):
            continue
        others = [i for i, m in enumerate(sent.mentions) if i != index and m.kind in "cmt" and not m.weak]
        if solver.explained(each, [sent.mentions[i] for i in others]):
            continue
        found = _of_two(sent, index, others) or _of_values(sent, index, others)
        if found:
            return found
    return []


_AVERAGE_BEFORE = re.compile(
    r"\b(?:averag(?:e|ed|ing)|mean|promedi(?:o|aron|ó|ando)|media|promedio mensual)(?:\s(?:of|was|is|being|de|es|fue|era|rondó|the|un|una|about|aproximado|[a-z]+ al)|[,:]|\s[a-z]+){0,5}\s?$"
)


def _averaged(sent: Sentence, index: int) -> bool:
    front, behind = sent.masked.split(f"<{sent.mentions[index].kind}{index}>", 1)
    return bool(
        _AVERAGE_BEFORE.search(re.split(r"<|;", front)[-1].split(">")[-1])
        or re.match(r"[^<.;,]{0,30}\b(?:on average|en promedio|de media|a piece on average)\b", behind)
    )


def _of_two(sent: Sentence, index: int, others: Sequence[int]) -> list[Hit]:
    """'240 loans, averaging 1,500, added up to 460,000': exactly one total and one count."""
    each = sent.mentions[index]
    if len(others) != 2:
        return []
    low, high = sorted(others, key=lambda i: sent.mentions[i].value)
    n, total = sent.mentions[low], sent.mentions[high]
    if (
        n.kind == "m"
        or total.kind != each.kind
        or n.value < 2
        or not each.value
        or (n.kind == "t" and each.kind == "t")
    ):
        return []
    if n.noun and n.noun == total.noun:
        return []
    found = total.value / n.value
    if not Decimal("0.6") <= found / each.value <= Decimal("1.67"):
        return []
    breach = relations.average(_as(total), _as(n), _as(each))
    return [Hit(breach, sent, ((sent, high), (sent, low), (sent, index)))] if breach else []


def _of_values(sent: Sentence, index: int, others: Sequence[int]) -> list[Hit]:
    """'64, 72 and 80, and their average, 76': a mean of stated values is between them, and theirs."""
    each = sent.mentions[index]
    values = [
        i
        for i in others
        if sent.mentions[i].kind == each.kind
        and Decimal("0.3") < sent.mentions[i].value / max(each.value, Decimal(1)) < 3
    ]
    if len(values) < 2 or any(i > index for i in values):
        return []
    known = [sent.mentions[i].value for i in values]
    outside = not min(known) <= each.value <= max(known)
    front = sent.masked.split(f"<{each.kind}{index}>", 1)[0]
    theirs = len(values) > 2 and re.search(
        r"\b(?:their|its|su|monthly|the three|mensual|simple|de los (?:tres|cuatro))\b[^<]{0,40}$", front
    )
    if not outside and not theirs:
        return []
    total = sum(known, Decimal(0))
    breach = relations.average(Quantity(total), Quantity(Decimal(len(known))), _as(each))
    return [Hit(breach, sent, (*((sent, i) for i in values), (sent, index)))] if breach else []


def _total(place: Place, rate: Rate, count: Place) -> bool:
    """A quantity that can be all of it: of the rate's kind and thing, larger, and told as a result."""
    each, said = _mention(rate.place), _mention(place)
    if rate.count and each.kind == "c" and each.kin != "person" and (not each.noun or each.noun != said.noun):
        return False  # '17 municipalities of 5 departments' multiplies nothing
    if place in (rate.place, count) or said.value <= each.value or not comparable(each, said):
        return False
    if each.kind == "c" and each.noun and said.noun and subjects.stem(each.noun) != subjects.stem(said.noun):
        return False
    if each.kind == "c" and not each.noun and said.noun != "" and said.noun == _mention(count).noun:
        return False
    text = subjects.narrow(place)
    told = place[0] is rate.place[0] or place[0] is count[0] or _RESULT.search(text)
    behind = place[0].masked.split(subjects.mark(place), 1)[1][:40]
    more = re.search(r"\b(?:with|including|counting|plus|con|incluid\w+|contando|más|sumando)\b", behind)
    return not _PART.search(text) and bool(told) and not more and not _rated(place)


def _rated(place: Place) -> bool:
    """The quantity is itself for each of something."""
    sent, index = place
    return any(r.place == (sent, index) for r in _rates(sent))


def _written(sent: Sentence) -> list[Hit]:
    """'4 interpreters x 12 months x USD 800', beside what they come to."""
    for match in _TIMES.finditer(sent.masked):
        factors = [int(n) for n in re.findall(r"<[cmt](\d+)>", match.group())]
        product = Decimal(prod(sent.mentions[i].value for i in factors))
        kind = "m" if any(sent.mentions[i].kind == "m" for i in factors) else "c"
        totals = [p for p in subjects.counted([sent], kind) if p[1] not in factors]
        if not totals or any(solver.near(_mention(p).value, product, _mention(p).step) for p in totals):
            continue
        close = [p for p in totals if Decimal("0.5") <= _mention(p).value / product <= Decimal(2)]
        for total in close[:1]:
            breach = relations.product([_as(sent.mentions[i]) for i in factors], _as(_mention(total)))
            if breach:
                return [Hit(breach, sent, (*((sent, i) for i in factors), total))]
    return []
