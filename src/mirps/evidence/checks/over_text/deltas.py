"""A change, the value before it and the value after it, in whatever order and words a sentence tells the three."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.figures.rules import Qualifier

#: Verbs whose own object is the change: 'added 14', 'lost 60', 'climbed 250', 'by 18'.
_MOVED = re.compile(
    r"\b(?:added|adding|adds|lost|losing|loses|gained|gaining|gains|shed|climb(?:ed|s)?|rose|rises|fell|falls|dropped|drops|grew|grows|declined|shrank|increased|decreased|by|(?:rise|fall|drop|increase|decrease|gain|loss|cut|reduction|difference|decline|jump|growth) of|"
    r"sumó|suma|agregó|perdió|pierde|ganó|gana|incorporó|subió|bajó|cayó|creció|aumentó|disminuyó|se redujo|(?:aumento|incremento|alza|baja|caída|descenso|reducción|disminución|diferencia|crecimiento|pérdida|ganancia|recorte) de)\s(?:by\s|en\s|some\s|a further\s|l[oa]s\s|a\s)?$"
)
_MORE = re.compile(
    r"^\s(?:[a-záéíóúñ-]+\s){0,2}?(?:more|fewer|less|additional|new|extra|longer|shorter|higher|lower|larger|smaller|below|above|más|menos|por debajo|por encima|adicional(?:es)?|nuev[oa]s)\b|^\s(?:[a-záéíóúñ-]+\s){0,3}?(?:struck|removed|added|closed|withdrawn|eliminad[oa]s|retirad[oa]s|agregad[oa]s|añadid[oa]s)\b"
)
#: Words of a course from one value to another.
_COURSE = re.compile(
    r"\b(?:from|to|before|after|previous\w*|earlier|now|last|against|compared|than|having (?:had|held|been|stood)|growing|shrank|until|reach\w*|stands?|"
    r"de|del|desde|a|al|antes|tras|anterior\w*|previ[oa]\w*|ahora|pasado|frente|comparad\w+|que|luego|quedó|hasta|llegó|alcanz\w+)\b"
)
_OTHER = re.compile(
    r"\b(?:of (?:whom|which|these|those|them)|de (?:l[oa]s cuales|ell[oa]s|est[oa]s|es[oa]s)|each|per|cada|average|promedio|between|entre|times|veces|target|meta|respectively|respectivamente|including|incluid\w+|among|remaining|restantes?|total of|both|while|whereas|mientras|respectivamente|out of|planned|goal)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        if 3 <= len(sent.mentions) <= 5:
            found += _gap(sent) or _three(sent)
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _three(sent: Sentence) -> list[Hit]:
    """'The network added 14 shelters, growing from 52 to 64'; '20 people longer than last month's 86'."""
    places = subjects.counted([sent], "cm")
    if len(places) != 3 or _OTHER.search(sent.masked) or not _COURSE.search(sent.masked):
        return []
    if any(_m(p).qualifier is not Qualifier.EXACT for p in places) or any(
        m.kind == "p" for m in sent.mentions
    ):
        return []
    if any(not _alike(_m(a), _m(b)) for a, b in combinations(places, 2)):
        return []
    values = [_m(p).value for p in places]
    low, mid, high = sorted(values)
    if high - mid == low or high - low == mid or low == mid or mid == high:
        return []
    moved = [p for p in places if _is_change(p)]
    if len(moved) != 1 or _m(moved[0]).value == high:
        return []
    ends = [p for p in places if p is not moved[0]]
    if not _ends(sent, ends):
        return []
    if _m(moved[0]).noun and not any(_m(p).noun for p in ends) and moved[0][1] > min(i for _, i in ends):
        named = sent.masked.split(subjects.mark(moved[0]), 1)[0]
        if subjects.stem(_m(moved[0]).noun) not in subjects.stems(named):
            return []  # 'from 340 to 500, with 60 new teachers'
    before, after = subjects.ordered(*ends) or (ends[0], ends[1])
    found = abs(_m(after).value - _m(before).value)
    if not Decimal("0.4") < _m(moved[0]).value / max(found, Decimal("0.1")) < Decimal("2.5"):
        return []
    breach = relations.change(*(_m(p).quantity() for p in (before, after, moved[0])))
    return [Hit(breach, sent, (before, after, moved[0]))] if breach else []


_GAP = re.compile(
    r"\b(?:gap|difference|diferencia|brecha)\s(?:between|entre)\s[^<.;]{0,20}<[cm](?P<a>\d+)>[^<.;]{0,40}\s(?:and|y)\s[^<.;]{0,20}<[cm](?P<b>\d+)>[^<.;]{0,40}\s(?:is|was|of|es|era|fue|de)\s(?:de\s)?<[cm](?P<c>\d+)>"
)


def _gap(sent: Sentence) -> list[Hit]:
    """'The gap between the 640 women and the 590 men is 50 people.'"""
    match = _GAP.search(sent.masked)
    if not match:
        return []
    a, b, c = ((sent, int(match[k])) for k in "abc")
    breach = relations.change(*(_m(p).quantity() for p in (a, b, c)))
    return [Hit(breach, sent, (a, b, c))] if breach else []


def _alike(a: Mention, b: Mention) -> bool:
    if a.kind == b.kind == "c":
        return not a.noun or not b.noun or subjects.alike(a, b) or a.noun == b.noun
    return subjects.alike(a, b)


def _is_change(place: Place) -> bool:
    left, _, right = place[0].masked.partition(subjects.mark(place))
    return bool(_MOVED.search(left[-45:]) or _MORE.search(right[:40])) and not re.search(
        r"\bfrom\s$|\bde\s$", left[-6:]
    )


#: What shows that a value is one end of a course.
_END = re.compile(
    r"\b(?:from|to|at|has|had|held|was|were|is|are|now|than|against|last \w+'s|of|stands? at|reach\w*|totals?|having \w+|de|a|al|era[n]?|tenía|tiene|había|hay|son|fue(?:ron)?|que|llegó a|quedó en|alcanz\w+|frente a)\s(?:the\s|l[oa]s\s|el\s)?$"
)


def _ends(sent: Sentence, ends: Sequence[Place]) -> bool:
    """Both are told as levels, at two times or in a course from one to the other."""
    fronts = [sent.masked.split(subjects.mark(p), 1)[0][-30:] for p in ends]
    if not any(_END.search(f) for f in fronts):
        return False
    text = sent.masked
    return (
        subjects.ordered(*ends) is not None
        or re.search(
            r"\b(?:from|desde|del?)\s(?:l[oa]s\s)?<[cm]\d+>[^<]{0,30}\s(?:to|a|hasta)\s(?:l[oa]s\s)?<[cm]\d+>",
            text,
        )
        is not None
        or re.search(
            r"\b(?:before|earlier|previous\w*|last (?:year|month|week)\w*|a year ago|having (?:had|held|been|stood)|after (?:standing|being|having)|antes|anterior\w*|pasad[oa]|previ[oa]\w*|tras (?:haber|estar)|hace un)\b",
            text,
        )
        is not None
    )
