"""Means and rates against what they are the mean of: values listed, a total over a number, groups of two sizes."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import products, solver
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Quantity, plain
from mirps.evidence.figures.rules import Qualifier

REACH = 3
_MEAN = re.compile(
    r"\b(?:averag(?:e|es|ed|ing)|mean|on average|promedio|promediaron|promedió|en promedio|de media|la media|una media)\b"
)
_ELSE = re.compile(
    r"\b(?:national|last year|previous|target|median|weighted|moving|expected|usual|nacional|año pasado|anterior|meta|mediana|ponderad\w+|móvil|esperad\w+|habitual|region\w*)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH + 1) : i + 1] if s.block is sent.block]
        for place in subjects.counted([sent], "cmt"):
            if _is_mean(place):
                found += _of_list(place, scope) or _of_total(place, scope) or _of_groups(place, scope)
        found += _shared_out(sent, scope)
        found += _each_exactly(sent, scope)
        found += _periodic(sent, scope[-2:])
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _as(m: Mention) -> Quantity:
    return Quantity(m.value, "", m.qualifier, m.step)


def _is_mean(place: Place) -> bool:
    """Words of a mean stand beside the value, with no other value of its kind between."""
    left, _, right = place[0].masked.partition(subjects.mark(place))
    front = re.split(r"<[cmt]\d+>|[;.]", left)[-1][-60:]
    behind = re.split(r"<[cmt]\d+>|[;.,]", right)[0][:30]
    told = _MEAN.search(front) or re.search(r"\b(?:on average|en promedio|de media)\b", behind)
    return told is not None and _ELSE.search(front + behind) is None


def _of_kind(a: Mention, b: Mention) -> bool:
    bare = {a.kind, b.kind} in ({"c", "t"}, {"c", "m"}) and not (a if a.kind == "c" else b).noun
    return bare or (a.kind == b.kind and subjects.alike(a, b))


def _listed(scope: Sequence[Sentence], mean: Place) -> list[Place]:
    """Values told side by side: '25, 44 and 39 people', in the mean's sentence or before it."""
    for source in reversed(scope):
        run: list[Place] = []
        for i, m in enumerate(source.mentions):
            if (source, i) == mean or m.kind == "p":
                continue
            joined = run and re.fullmatch(
                r"[^.;:(]{0,22}?(?:,|,?\s(?:and|y|e))\s(?:[a-záéíóúñ]+\s){0,2}",
                source.text[_m(run[-1]).end : m.begin].lower(),
            )
            if run and not (joined and _of_kind(_m(run[-1]), m)):
                if len(run) > 2:
                    break
                run = []
            run.append((source, i))
        if len(run) > 2 and _of_kind(_m(run[-1]), _m(mean)):
            return run
    return []


def _of_list(mean: Place, scope: Sequence[Sentence]) -> list[Hit]:
    """'Interviewed 25, 44 and 39 people; the daily mean per post was 42'."""
    run = _listed(scope, mean)
    if not run or mean in run or any(_m(p).qualifier is not Qualifier.EXACT for p in (*run, mean)):
        return []
    if _m(run[-1]).value == sum((_m(p).value for p in run[:-1]), Decimal(0)):
        run = run[:-1]  # '310, 275, 330 and 285, 1,200 in all'
    values = [_m(p).value for p in run]
    said = _m(mean)
    total = sum(values, Decimal(0))
    if said.value >= total:
        return []
    breach = relations.average(Quantity(total), Quantity(Decimal(len(run))), _as(said))
    return [Hit(breach, mean[0], (*run, mean))] if breach else []


def _of_total(mean: Place, scope: Sequence[Sentence]) -> list[Hit]:
    """'Opened for eight nights. It slept 96 people, or nine a night on average': one total, one number."""
    said = _m(mean)
    if _RANGE.search(mean[0].masked):
        return []
    others = [p for p in subjects.counted(scope, "cmt") if p != mean and _m(p).value != said.value]
    totals = [p for p in others if _of_kind(_m(p), said) and _m(p).value > said.value]
    counts = [p for p in others if p not in totals and _m(p).kind in "ct" and 1 < _m(p).value < 1000]
    unit = _unit(mean)
    counts = [p for p in counts if unit and subjects.stem(_m(p).noun) == unit] or (counts if not unit else [])
    if (
        len(totals) != 1
        or len(counts) != 1
        or any(_m(p).qualifier is not Qualifier.EXACT for p in (*totals, *counts))
    ):
        return []
    found = _m(totals[0]).value / _m(counts[0]).value
    if not Decimal("0.4") < said.value / found < Decimal("2.5"):
        return []
    breach = relations.average(_as(_m(totals[0])), _as(_m(counts[0])), _as(said))
    return [Hit(breach, mean[0], (totals[0], counts[0], mean))] if breach else []


_RANGE = re.compile(
    r"\b(?:from|between|de|entre)\s<[cmt]\d+>[^<]{0,20}\s(?:to|and|a|y)\s<[cmt]\d+>|<[cmt]\d+>\s?[-–]\s?<[cmt]\d+>"
)
_PER = re.compile(r"^[^<;.]{0,30}?\b(?:per|a|an|each|every|por|al|a la|cada|a cada)\s(?P<u>[a-záéíóúñ]+)")
_PER_BEFORE = re.compile(r"\b(?:per|each|every|por|cada)\s(?P<u>[a-záéíóúñ]+)\b[^<;.]{0,30}$")


def _unit(mean: Place) -> str:
    """What the mean is for each of: 'per post', 'a night'."""
    left, _, right = mean[0].masked.partition(subjects.mark(mean))
    match = _PER.match(right) or _PER_BEFORE.search(left)
    return subjects.stem(match["u"]) if match else ""


_GROUPS = re.compile(
    r"<c(?P<n>\d+)>(?:[^<;.]|<c\d+>){0,45}?\b(?:have|has|had|of|with|took|received|tienen|tardaron|de|con|recibieron|cost|paid|pagan)\s(?:a\s)?<(?P<k>[cmt])(?P<a>\d+)>[^<.]{0,40}?\b(?:and|y|while|mientras)\b[^<.]{0,30}<c(?P<m>\d+)>[^<.]{0,35}?<(?P<j>[cmt])(?P<b>\d+)>"
)


def _of_groups(mean: Place, scope: Sequence[Sentence]) -> list[Hit]:
    """'Three have 16 beds and the other two 11, so that the average is 18': a mean lies between its values."""
    for source in scope[-2:]:
        match = _GROUPS.search(source.masked)
        if not match:
            continue
        n, a, m, b = (source.mentions[int(match[g])] for g in "namb")
        said = _m(mean)
        if said in (n, a, m, b) or not _of_kind(a, said) or not (_of_kind(a, b) or b.kind == "c"):
            continue
        expected = (n.value * a.value + m.value * b.value) / (n.value + m.value)
        room = max(expected / 50, said.step)
        plain_mean = (a.value + b.value) / 2
        if abs(said.value - expected) <= room or abs(said.value - plain_mean) <= said.step:
            continue
        if Decimal("0.4") < said.value / expected < Decimal("2.5"):
            params = {
                "total": plain(n.value * a.value + m.value * b.value),
                "count": plain(n.value + m.value),
            }
            params |= {"rate": plain(said.value), "expected": plain(expected.quantize(Decimal("0.01")))}
            breach = Breach("rate_mismatch", CONTRADICTION, params["rate"], params["expected"], params)
            return [Hit(breach, mean[0], (mean,))]
    return []


_APIECE = re.compile(
    r"\b(?:each|apiece|each one|a head|per head|cada un[oa]|cada quien|cada cual|per (?P<en>[a-z]+)|por (?P<es>[a-záéíóúñ]+)|a cada (?!quien|un[oa]|cual)(?P<ac>[a-záéíóúñ]+)|to each (?P<te>[a-z]+)|cada (?P<ca>(?!un[oa]|quien)[a-záéíóúñ]+)|(?:each|every) (?P<ea>(?!of|one)[a-z]+))\b"
)


def _shared_out(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Disbursed 318,000 to 265 firms, 1,500 apiece'; 'con 30 oficiales y 3,600 expedientes, a cada quien le tocan 90'."""
    places = subjects.counted([sent], "cmt")
    if (
        len(places) != 3
        or any(_m(p).qualifier is not Qualifier.EXACT for p in places)
        or any(m.kind == "p" for m in sent.mentions)
    ):
        return []
    match = _APIECE.search(sent.masked)
    if not match:
        return []
    whole = max(places, key=lambda p: _m(p).value)
    rate = min(
        (p for p in places if p != whole),
        key=lambda p: abs(sent.masked.find(subjects.mark(p)) - match.start()),
    )
    rest = [p for p in places if p != rate]
    if not (_m(rate).kind == "m" or not _m(rate).noun or _m(rate).noun in [_m(p).noun for p in rest]):
        return []
    if rate != places[-1] and not (_m(rate).kind == _m(whole).kind and subjects.alike(_m(rate), _m(whole))):
        return []
    small, large = sorted(rest, key=lambda p: _m(p).value)
    if _m(rate).kind == "m":
        large, small = (rest[0], rest[1]) if _m(rest[0]).kind == "m" else (rest[1], rest[0])
        if _m(large).kind != "m" or _m(small).kind != "c":
            return []
    word = next((match[g] for g in ("en", "es", "ac", "te", "ca", "ea") if match[g]), "")
    if (
        word
        and _m(small).noun
        and subjects.stem(word) != subjects.stem(_m(small).noun)
        and _m(rate).kind != "m"
    ):
        return []
    if (
        products._more(whole)
        or _m(small).value < 2
        or solver.explained(_m(rate), [_m(p) for p in rest], loose=False)
    ):
        return []
    found = _m(large).value / _m(small).value
    if not Decimal("0.5") < _m(rate).value / found < Decimal(2):
        return []
    breach = relations.average(_as(_m(large)), _as(_m(small)), _as(_m(rate)))
    return [Hit(breach, sent, (large, small, rate))] if breach else []


_PERIODIC = re.compile(
    r"\b(?P<u>monthly|weekly|yearly|annual|daily|mensual|semanal|anual|diari[oa])\b[^<.]{0,25}<(?P<k>[cm])(?P<r>\d+)>"
)
_UNITS = {
    "mont": "month",
    "week": "week",
    "year": "year",
    "annu": "year",
    "dail": "day",
    "mens": "month",
    "sema": "week",
    "anua": "year",
    "diar": "day",
}


def _periodic(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Monthly rent: 1,250. Cost for the twelve months: 12,500.'"""
    for source in scope:
        match = _PERIODIC.search(source.masked)
        if not match:
            continue
        rate = (source, int(match["r"]))
        times = [p for p in subjects.counted(scope, "t") if _m(p).kin == _UNITS[match["u"][:4]]]
        totals = [
            p for p in subjects.counted(scope, match["k"]) if p != rate and _m(p).value > _m(rate).value
        ]
        if (
            len(times) != 1
            or len(totals) != 1
            or not subjects.alike(_m(totals[0]), _m(rate))
            or sent not in (times[0][0], totals[0][0])
        ):
            continue
        expected = _m(times[0]).value * _m(rate).value
        if _m(times[0]).value < 2 or expected <= 0:
            continue
        if not Decimal("0.5") < _m(totals[0]).value / expected < Decimal(2):
            continue
        breach = relations.product([_as(_m(times[0])), _as(_m(rate))], _as(_m(totals[0])))
        return [Hit(breach, sent, (times[0], rate, totals[0]))] if breach else []
    return []


_EXACTLY = re.compile(r"\b(?:every|each|en cada|cada)\s(?P<u>[a-záéíóúñ]+)\s[^<.;]{0,40}?<c(?P<r>\d+)>\s")
_SO = re.compile(
    r"^\W*(?:in this way|in all|altogether|thus|so|that (?:way|makes)|así|de (?:esta|esa) (?:manera|forma)|en total|con ello)\b[^<.;]{0,50}<c(?P<t>\d+)>"
)


def _each_exactly(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'... 84 trips in all. Every trip carried three people. In this way 282 people reached ...'."""
    told = _SO.match(sent.masked)
    if not told or len(scope) < 2:
        return []
    total = (sent, int(told["t"]))
    for source in reversed(scope[:-1]):
        match = _EXACTLY.search(source.masked)
        if not match:
            continue
        rate = (source, int(match["r"]))
        unit = subjects.stem(match["u"])
        counts = [p for p in subjects.counted(scope, "c") if p not in (rate, total)]
        named = [p for p in counts if subjects.stem(_m(p).noun) == unit]
        tried = [p for p in counts if p in named or not _m(p).noun]
        expected = [_m(p).value * _m(rate).value for p in tried]
        if not expected or not all(expected) or any(abs(e - _m(total).value) <= 1 for e in expected):
            return []
        near = [
            p
            for p, e in zip(tried, expected, strict=True)
            if Decimal("0.6") < _m(total).value / e < Decimal("1.7")
        ]
        if len(near) == 1:
            breach = relations.product([_as(_m(near[0])), _as(_m(rate))], _as(_m(total)))
            return [Hit(breach, sent, (near[0], rate, total))] if breach else []
    return []
