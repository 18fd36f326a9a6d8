"""The same thing said again in other words, within a sentence or in the one after it."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place

_CUT = re.compile(r"[;()—:]|\s[–-]\s|,\s(?:and|y|e|an? effort|while|mientras|así|con l[oa]s|with)\s")
_COMMON = frozenset(
    "the of in to an and was were is are been have has had by for with that this it its at on as from or during de la el los las en al del que se un una por con para su sus fue fueron es son ha han este esta "
    "also as noted said same total así como ya dijo mismo misma donde más adelante further see table cuadro figure véase grafico gráfico note press nota prensa".split()
)
#: What makes two values of one noun differ without contradicting each other.
_DIFFERS = re.compile(
    r"\b(?:another|additional|further \w+s|other|others|more|fewer|less|than|up from|down from|compared|previous\w*|target|goal|planned|expected|capacity of the|of (?:these|them|whom|which)|each|per|average|only|remaining|rest|women|men|girls|boys|"
    r"rose|fell|increas\w+|decreas\w+|grew|then|later|now|first|second|third|before|after|corrected|revised|new|between|initially|instead|not|without|"
    r"otr[oa]s?|adicional(?:es)?|menos|anterior(?:es)?|meta|previst\w+|esperad\w+|cada|promedio|de (?:ell[oa]s|est[oa]s|l[oa]s cuales)|restantes?|resto|mujeres|hombres|niñas|niños|aument\w+|disminuy\w+|subi\w+|baj[óoa]\w*|luego|después|"
    r"ahora|primer\w*|segund\w*|tercer\w*|antes|corregid\w+|revisad\w+|nuev[oa]s?|entre|inicialmente|solo|sólo|sin|no|pasó|pasaron)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        window = [sent]
        if i and sentences[i - 1].block is sent.block:
            window = [sentences[i - 1], sent]
        places = [(s, n) for s in window for n, m in enumerate(s.mentions) if m.kind in "cmp" and not m.weak]
        if not 2 <= len(places) <= 8:
            continue
        for one, other in combinations(places, 2):
            if other[0] is sent:
                found += _pair(one, other)
        found += _summed(sent)
    return found


def _pair(one: Place, other: Place) -> list[Hit]:
    a, b = one[0].mentions[one[1]], other[0].mentions[other[1]]
    if a.kind != b.kind or a.value == b.value or not _one_noun(a, b):
        return []
    first, again = _clause(one), _clause(other)
    if first is None or again is None or first == again or _DIFFERS.search(first) or _DIFFERS.search(again):
        return []
    x, y = _stems(first), _stems(again)
    shared = x & y
    if (
        len(shared) < 2
        or len(shared) / max(1, min(len(x), len(y))) < 0.6
        or not _names_agree(one, other, first, again)
    ):
        return []
    if len(shared) == 2 and min(len(x), len(y)) > 3:
        return []
    if subjects.narrower((one, first), (other, again)):
        return []
    breach = relations.restated(a.quantity(), b.quantity())
    return [Hit(breach, other[0], (one, other))] if breach else []


def _one_noun(a: Mention, b: Mention) -> bool:
    if a.kind == "m":
        return a.unit == b.unit
    return a.kind == "p" or a.noun == b.noun or not a.noun or not b.noun or (a.kin == b.kin == "person")


def _clause(place: Place) -> str | None:
    """The masked clause of a mention, when the mention is the only one of its kind in it."""
    sent, index = place
    mark = f"<{sent.mentions[index].kind}{index}>"
    if mark not in sent.masked:
        return None
    left, right = sent.masked.split(mark, 1)
    clause = _CUT.split(left)[-1] + mark + _CUT.split(right)[0]
    alone = len(re.findall(rf"<{sent.mentions[index].kind}\d+>", clause)) == 1
    return clause if alone else None


def _stems(clause: str) -> frozenset[str]:
    words = re.findall(r"[a-záéíóúñü]{3,}", fold(re.sub(r"<\w+>", " ", clause)))
    return frozenset(w[:5] for w in words if w not in _COMMON)


def _names_agree(one: Place, other: Place, first: str, again: str) -> bool:
    """Dates and traits of both clauses are the same, as far as both give them."""
    d1, d2 = (
        frozenset(p[0].dates[int(n)].period() for n in re.findall(r"<[dhyr](\d+)>", clause))
        for p, clause in ((one, first), (other, again))
    )
    if d1 and d2 and d1 != d2:
        return False
    t1, t2 = (
        frozenset(m.group()[:5] for w in enumerations._DIMENSION.values() for m in w.finditer(fold(c)))
        for c in (first, again)
    )
    if t1 and t2 and t1 != t2:
        return False
    n1, n2 = _names(one, first), _names(other, again)
    return not (n1 - _words(again) and n2 - _words(first))


def _names(place: Place, clause: str) -> frozenset[str]:
    capitals = {fold(w) for w in re.findall(r"\b[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+", place[0].text)}
    return frozenset(capitals & _words(clause))


def _words(clause: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(clause)))


_SUMMED = re.compile(
    r"<c(?P<a>\d+)>(?P<np>[^<.;:()]{1,40})(?:,\s<c(?P<b>\d+)>\s(?:in total|in all|en total|in number)|\s\((?:that is,?\s|es decir,?\s)?<c(?P<c>\d+)>\))"
)


def _summed(sent: Sentence) -> list[Hit]:
    """'Three dozen women, 30 in total'; 'half a million people (600,000)'."""
    for match in _SUMMED.finditer(sent.masked):
        a, b = int(match["a"]), int(match["b"] or match["c"])
        one, other = sent.mentions[a], sent.mentions[b]
        in_words = not sent.text[one.start].isdigit()
        alike = other.value * 2 > one.value and one.value * 2 > other.value
        if (
            in_words
            and alike
            and not one.weak
            and (not other.noun or other.kin == one.kin)
            and len([m for m in sent.mentions if m.kind == "c"]) <= 3
        ):
            breach = relations.restated(one.quantity(), other.quantity())
            return [Hit(breach, sent, ((sent, a), (sent, b)))] if breach else []
    return []
