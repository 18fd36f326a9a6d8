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

from mirps.evidence.checks import lexicon, relations, solver, subjects
from mirps.evidence.checks.claims import Sentence
from mirps.evidence.checks.mentions import Mention
from mirps.evidence.checks.patterns import Hit, Place, comparable
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
    "total of the los las few number lot year's day's más other otra otro vez time la lo que los partir cual cuales fin quien principios mediados finales pesar través".split()
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
        found += _written(sent, scope)
    return found


def _rates(sent: Sentence) -> Iterator[Rate]:
    for shape in (_PER, _EACH, _ADVERB):
        for match in shape.finditer(sent.masked):
            word = match["u"]
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
        before = [
            i
            for i, m in enumerate(sent.mentions)
            if i < int(match["r"]) and m.kind == "c" and not m.weak and m.noun
        ]
        if before:
            yield Rate((sent, int(match["r"])), "", (sent, before[-1]))


def _kin(word: str, lang: str) -> str:
    noun = lexicon.lemma(word, lang)
    return lexicon.TIME[lang].get(noun) or subjects.stem(noun)


def _mention(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _against(rate: Rate, scope: Sequence[Sentence]) -> list[Hit]:
    sent, _ = rate.place
    each = _mention(rate.place)
    counts = [rate.count] if rate.count else _counts(rate, scope)
    if each.kind in "pa" or not counts or len({_mention(c).value for c in counts}) != 1:
        return []
    count = counts[0]
    factor = _mention(count)
    if factor.value < 2 or (rate.count and factor.kind == each.kind == "t"):
        return []
    totals = [p for p in subjects.counted(scope, each.kind) if _total(p, rate, count)]
    expected = factor.value * each.value
    if any(solver.near(_mention(t).value, expected, Decimal(1)) for t in totals):
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


def _total(place: Place, rate: Rate, count: Place) -> bool:
    """A quantity that can be all of it: of the rate's kind and thing, larger, and told as a result."""
    each, said = _mention(rate.place), _mention(place)
    if place in (rate.place, count) or said.value <= each.value or not comparable(each, said):
        return False
    if each.kind == "c" and each.noun and said.noun and subjects.stem(each.noun) != subjects.stem(said.noun):
        return False
    if each.kind == "c" and not each.noun and said.noun != "" and said.noun == _mention(count).noun:
        return False
    text = subjects.narrow(place)
    return not _PART.search(text) and bool(_RESULT.search(text)) and not _rated(place)


def _rated(place: Place) -> bool:
    """The quantity is itself for each of something."""
    sent, index = place
    return any(r.place == (sent, index) for r in _rates(sent))


def _written(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
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
