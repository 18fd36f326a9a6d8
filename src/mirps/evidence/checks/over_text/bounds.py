"""Bounds that a text sets and the values that it then gives: ranges, caps, extremes, final counts."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, hit, named, pattern
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier

_ANY = "cmpta"
_RANGE = pattern(
    rf"(?:\b(?:between|entre|from|de|desde|del|go from|goes from|van de|aged|ages)\s(?:l[oa]s\s|el\s)?)?{{{_ANY}:a}}(?P<g>[^<.;()]{{0,18}}?)\s?(?:and|to|y|e|a|al|hasta|[-–—])\s?(?:l[oa]s\s|el\s)?{{{_ANY}:b}}"
)
#: Words for one value of a set that has stated ends.
_EXTREME = (
    r"youngest|oldest|peak\w*|maximum|minimum|highest|lowest|quietest|busiest|average\w*|mean|median|mediana|smallest|largest|fullest|biggest|longest|shortest|fewest|slowest|fastest|heaviest|lightest|tallest|dearest|cheapest"
    r"|más (?:lent[oa]|rápid[oa]|nutrid[oa]|pesad[oa]|joven|pequeñ[oa]|grande|larg[oa]|cort[oa]|alt[oa]|baj[oa]|llen[oa]|floj[oa]|tranquil[oa]|concurrid[oa]|numeros[oa]|car[oa]|barat[oa])|menor|mayor|pico|máxim[oa]|mínim[oa]|promedio|media|récord|tope"
)
_MEMBERS = (
    pattern(rf"\b(?:{_EXTREME})\b(?P<g>[^<;]{{0,60}}?){{{_ANY}:v}}"),
    pattern(rf"{{{_ANY}:v}}(?P<g>(?:(?!\s(?:and|y|e)\s)[^<.;,]){{0,30}}?)\b(?:{_EXTREME})\b"),
)
_EXTREMES = re.compile(r"\b(?:maximum|minimum|máximo|mínimo)\b", re.IGNORECASE)
_CUE = re.compile(rf"\b(?:{_EXTREME})\b")
_RECORD = (
    r"(?:record|register|list|final count|count|tally|shows?|exact(?:ly)?|precise(?:ly)?|actual(?:ly)?|in the end|fullest|delivery|turned out|real|registro|lista|acta|planilla|conteo|recuento|cuenta final|muestra|consta|consigna|"
    r"exact[oa]s?|exactamente|precis[oa]s?|en realidad|de hecho|al final|finalmente|fueron en total|resultaron)"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        found += _members(sent)
        found += _caps(sent)
        found += _ends(sent)
        found += _confidence(sent)
        found += _records(sent)
        found += _spread(sent)
        if not _USUAL.search(sent.masked):
            found += [h for a, b in _ranges(sent) for h in _mean(sent, a, b)]
        if i and sentences[i - 1].block is sent.block:
            found += _across(sentences[i - 1], sent)
    return found


def _conflict(low: Decimal, high: Decimal, value: Decimal) -> Breach:
    params = {"low": plain(low), "high": plain(high), "value": plain(value)}
    return Breach("range_conflict", CONTRADICTION, plain(value), f"{plain(low)}-{plain(high)}", params)


def _alike(a: Mention, b: Mention) -> bool:
    if a.kind == "m" or b.kind == "m":
        return (a.kind == b.kind and (a.unit == b.unit or "XXX" in (a.unit, b.unit))) or (
            a.kind == "m" and b.kind == "c" and not b.noun
        )
    if "p" in (a.kind, b.kind):
        return a.kind == b.kind
    same = a.noun == b.noun or (a.kin == b.kin and a.kind == b.kind != "c")
    return (a.kind == b.kind and same) or not a.noun or not b.noun


def _ranges(sent: Sentence) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for match in _RANGE.finditer(sent.masked):
        a, b = named(match, "a", "b")
        one, other = sent.mentions[a], sent.mentions[b]
        opened = re.match(r"(?:between|entre|from|de|desde|del|go|van|aged|ages)", match.group())
        joined = re.search(r">\s?[-–—]\s?<", match.group())
        if (
            one.value < other.value
            and (opened or joined or "a" in (one.kind, other.kind))
            and _alike(other, one)
        ):
            made.append((a, b))
    return made


def _members(sent: Sentence) -> list[Hit]:
    """'Between 80 and 120 a day, with a peak of 147'; 'aged 18 to 29; the youngest is 16'."""
    if not _CUE.search(sent.masked) and not _EXTREMES.search(sent.text):
        return []
    if _USUAL.search(sent.masked):
        return []
    for a, b in _ranges(sent):
        low, high = sent.mentions[a], sent.mentions[b]
        for index in [*_extremes(sent, b), *_cued(sent, a, b)]:
            value = sent.mentions[index]
            if index in (a, b) or not _alike(high, value):
                continue
            if not low.interval_low() <= value.value <= high.interval_high():
                return hit(_conflict(low.value, high.value, value.value), sent, [a, b, index])
    return []


def _extremes(sent: Sentence, after: int) -> list[int]:
    """Values behind a range that are themselves called a maximum or minimum."""
    rest = enumerate(sent.mentions)
    return [i for i, v in rest if i > after and _EXTREMES.search(sent.text[v.begin : v.start])]


def _cued(sent: Sentence, a: int, b: int) -> list[int]:
    """Values that a word such as 'the youngest' or 'a peak of' takes out of the range, and those joined to them."""
    made: list[int] = []
    for match in (m for shape in _MEMBERS for m in shape.finditer(sent.masked)):
        index = int(match["v"])
        value = sent.mentions[index]
        if index in (a, b) or not _alike(sent.mentions[b], value) or _other_time(sent, b, index):
            continue
        if re.search(r"\b(?:total|año pasado|last year's total)\b", match.group()):
            continue
        tail = sent.masked.split(f"<{value.kind}{index}>", 1)[1]
        joined = re.findall(r"^(?:[^<.;]{0,40}\b(?:and|y)\b[^<.;]{0,30})<[cmpta](\d+)>", tail)
        made += [index, *map(int, joined)]
    return made


_USUAL = re.compile(
    r"\b(?:most|mostly|usually|typically|generally|normally|on most|mayoría|suelen?|generalmente|normalmente|por lo general|habitualmente|casi todos)\b"
)


def _other_time(sent: Sentence, end: int, index: int) -> bool:
    """The range speaks of one time ('throughout May') and the value of another ('in June')."""
    first, last = sorted((sent.mentions[end].end, sent.mentions[index].end))
    middle = re.search(r"[;.]", sent.text[first:last])
    if not middle:
        return False
    cut = first + middle.start()
    before = {d.period() for d in sent.dates if d.start < cut}
    after = {d.period() for d in sent.dates if d.start > cut}
    return bool(before and after and before != after)


def _mean(sent: Sentence, a: int, b: int) -> list[Hit]:
    """'The average of the stipends, which go from 1,200 to 1,800, was 2,050'."""
    low, high = sent.mentions[a], sent.mentions[b]
    head, _, tail = sent.masked.partition(f"<{high.kind}{b}>")
    match = re.match(r"[^<.;]{0,40}\b(?:was|is|fue|es|arroja|era)\s[^<.;]{0,25}<[cmpta](?P<v>\d+)>", tail)
    if not match or not re.search(
        r"\b(?:average|mean|median|promedio|media|mediana)\b", head + match.group()
    ):
        return []
    value = sent.mentions[int(match["v"])]
    if not _alike(high, value) or low.value <= value.value <= high.value:
        return []
    return hit(_conflict(low.value, high.value, value.value), sent, [a, b, int(match["v"])])


_SPREAD = re.compile(
    r"\b(?:spread|difference|gap|span|diferencia|brecha|amplitud|variación)\s(?:of|de)\s<(?P<k>[cmpta])(?P<v>\d+)>"
)


def _spread(sent: Sentence) -> list[Hit]:
    """'From 14 to 31 degrees, a spread of 27 degrees'."""
    match = _SPREAD.search(sent.masked)
    ranges = _ranges(sent) if match else []
    if not match or len(ranges) != 1:
        return []
    (a, b), index = ranges[0], int(match["v"])
    expected = sent.mentions[b].value - sent.mentions[a].value
    if index in (a, b) or expected == sent.mentions[index].value:
        return []
    params = {"before": plain(sent.mentions[a].value), "after": plain(sent.mentions[b].value), "sign": ""}
    params |= {"stated": plain(sent.mentions[index].value), "expected": plain(expected)}
    return hit(
        Breach("change_mismatch", CONTRADICTION, params["stated"], params["expected"], params),
        sent,
        [a, b, index],
    )


def _across(previous: Sentence, sent: Sentence) -> list[Hit]:
    """A range in one sentence and its extreme in the next."""
    ranges = _ranges(previous)
    match = _MEMBERS[0].search(sent.masked) if ranges and len(sent.mentions) <= 2 else None
    if not match or len(ranges) != 1 or _USUAL.search(previous.masked) or (previous.dates and sent.dates):
        return []
    a, b = ranges[0]
    index = int(match["v"])
    low, high, value = previous.mentions[a], previous.mentions[b], sent.mentions[index]
    if not _alike(high, value) or low.interval_low() <= value.value <= high.interval_high():
        return []
    return [
        Hit(
            _conflict(low.value, high.value, value.value), sent, ((previous, a), (previous, b), (sent, index))
        )
    ]


_LIMIT = re.compile(
    r"\b(?:cap|ceiling|limit|maximum(?: \w+)?|tope|límite|techo|plazo máximo|máximo)\s(?:of|de|is|es|era|was|fixed at|set at|fijado en)\s(?:l[oa]s\s|the\s)?$"
)


def _caps(sent: Sentence) -> list[Hit]:
    """'No more than 30 a class, the fullest having 34'; 'up to US$200, the average payment was US$240'."""
    found: list[Hit] = []
    for a, cap in enumerate(sent.mentions):
        limit = _LIMIT.search(sent.masked.split(f"<{cap.kind}{a}>")[0])
        qualifier = Qualifier.AT_MOST if limit and cap.qualifier is Qualifier.EXACT else cap.qualifier
        if qualifier not in (Qualifier.AT_MOST, Qualifier.AT_LEAST) or not _CUE.search(sent.masked):
            continue
        for match in (m for shape in _MEMBERS for m in shape.finditer(sent.masked)):
            index = int(match["v"])
            value = sent.mentions[index]
            if index <= a or not _alike(cap, value) or value.qualifier is not Qualifier.EXACT:
                continue
            above = qualifier is Qualifier.AT_MOST and value.value > cap.value
            below = qualifier is Qualifier.AT_LEAST and value.value < cap.value
            if above or below:
                bound = relations.Quantity(cap.value, cap.unit, qualifier, cap.step)
                found += hit(relations.restated(bound, value.quantity()), sent, [a, index])
    return found[:1]


def _ends(sent: Sentence) -> list[Hit]:
    """'A fine of not less than 500 and not more than 250': the least lies above the most."""
    for a, low in enumerate(sent.mentions[:-1]):
        high = sent.mentions[a + 1]
        between = sent.text[low.end : high.begin]
        if (
            low.qualifier is not Qualifier.AT_LEAST
            or high.qualifier is not Qualifier.AT_MOST
            or len(between) > 40
        ):
            continue
        if _alike(low, high) and low.value > high.value and _LIMITS.search(sent.text[low.begin : low.start]):
            return hit(relations.ordered(low.quantity(), high.quantity()), sent, [a, a + 1])
    return []


_LIMITS = re.compile(r"\b(?:less|fewer|least|minimum|menos|mínimo)\b", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"<(?P<k>[cmp])(?P<v>\d+)>[^<.;]{0,40}\b(?:confidence interval|interval|intervalo(?: de confianza)?|ci\b|ic\b)[^<.;]{0,30}(?:<p\d+>)?[^<.;\d]{0,25}<[cmp](?P<a>\d+)>\s?(?:%|to|and|a|y|[-–—])\s?<[cmp](?P<b>\d+)>"
    r"|<(?P<k2>[cmp])(?P<v2>\d+)>\s?\((?:<p\d+>|\d+\s?%)?[^<.;()]{0,30}\b(?:confidence|confianza|ci|ic)\b[^<.;()]{0,25}<[cmp](?P<a2>\d+)>\s?(?:%|to|and|a|y|[-–—])\s?<[cmp](?P<b2>\d+)>"
)


def _confidence(sent: Sentence) -> list[Hit]:
    """An estimate lies inside its own interval of confidence."""
    match = _CONFIDENCE.search(sent.masked)
    if not match:
        return []
    v, a, b = (int(match[k] or match[k + "2"]) for k in "vab")
    value, low, high = (sent.mentions[i].value for i in (v, a, b))
    if low > high or low <= value <= high:
        return []
    return hit(_conflict(low, high, value), sent, [a, b, v])


def _records(sent: Sentence) -> list[Hit]:
    """'At least 1,000 kits were delivered; the record shows 960': a qualified value and the exact one."""
    found: list[Hit] = []
    for a, said in enumerate(sent.mentions[:-1]):
        b = a + 1
        exact = sent.mentions[b]
        if (
            said.qualifier is Qualifier.EXACT
            or exact.qualifier is not Qualifier.EXACT
            or said.kind != exact.kind
        ):
            continue
        if (said.kin and exact.kin and said.noun != exact.noun) or (said.unit != exact.unit and exact.noun):
            continue
        between = sent.masked.split(f"<{said.kind}{a}>", 1)[1].split(f"<{exact.kind}{b}>", 1)
        around = between[0] + " | " + (between[1] if len(between) > 1 else "")[:40]
        if (
            len(between[0]) < 90
            and re.search(rf"\b{_RECORD}\b", around)
            and not re.search(
                r"\b(?:of (?:whom|which|them)|de (?:ell[oa]s|l[oa]s cuales)|another|otr[oa]s)\b", around
            )
        ):
            found += hit(relations.restated(said.quantity(), exact.quantity()), sent, [a, b])
    return found[:1]
