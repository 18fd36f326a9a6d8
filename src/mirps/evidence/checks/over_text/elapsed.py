"""Lengths of time against the two days, weekdays or hours of the clock that they lie between."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import times
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Moment
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.patterns import Hit, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain

REACH = 8
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.44"), "year": Decimal("365.25")}
#: Ways to say that a length lies between two moments; `w` marks an upper bound.
_BETWEEN = re.compile(
    r"\b(?P<w>within|in (?:under|less than)|dentro de(?:l plazo de)?(?: l[oa]s)?|en menos de|antes de)\s(?:the\s|l[oa]s\s|un plazo de\s)?<t(?P<a>\d+)>"
    r"|\b(?:after|lasted|lasting|took|taking|ran for|spent|stayed|extension of|extended by|valid for|duró|duraron|tardó|tardaron|demoró|llevó|tomó|prórroga de|válid[oa] por|vigencia de|al cabo de|después de|tras|"
    r"a lo largo de|pasaron|transcurrieron|prolongó|extendió|for|por|durante|in|en|after a|total of|un total de|all of)\s(?:exactly\s|just\s|exactamente\s|some\s|unos\s|the\s|l[oa]s\s)?<t(?P<b>\d+)>(?!\s\w+\s(?:a|per|each)\b)"
    r"|<t(?P<c>\d+)>\s[\wáéíóúñ]+\s(?:later|afterwards|(?:after|después)(?=[,.;]|$)|más tarde|on the road|in the field|of (?:work|travel|waiting|fieldwork)|de (?:trabajo|viaje|espera|camino|campo|recorrido)|had passed|have passed|between)\b"
)
_OTHER = re.compile(
    r"\b(?:each|every|per|cada|average|promedio|before|antes|ago|hace|first|last|next|previous|primer[oa]s|últim[oa]s|próxim[oa]s|rain\w*|closed for|notice|deadline|within)\s*$"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH) : i + 1] if s.block is sent.block]
        found += _spanned(sent) or _dates(sent, scope) or _weekdays(sent)
        near = sentences[i - 1] if i and sentences[i - 1].block is sent.block else None
        found += _clocks(sent, sent.text) or (_clocks(sent, near.text + " " + sent.text) if near else [])
    return found


_LASTS = re.compile(
    r"\b(?:duration of|lasting|lasts?|lasted|will last|ran for|runs for|run for|(?:for )?a period of|a (?:span|term|total) of|takes|took|duración de|duró|durará|dura|corrió por|por un (?:plazo|período|periodo) de|plazo de|vigencia de|"
    r"(?:un )?per[íi]odo de|demora de|se extendió por|se prolongó|a lo largo de|in all|en total)\s(?:exactly\s|exactamente\s|the\s|l[oa]s\s)?<t(?P<n>\d+)>"
)


def _spanned(sent: Sentence) -> list[Hit]:
    """'In force from 1 March 2024 to 28 February 2026, it will last three years': one period, one length."""
    match = _LASTS.search(sent.masked)
    periods = [d for d in sent.dates if d.is_range]
    if not match or len(periods) != 1 or len(sent.dates) != 1:
        return []
    index = int(match["n"])
    mention = sent.mentions[index]
    span = times._span(mention.kin, periods[0])
    if span is None or re.match(
        r"\s[\wáéíóúñ]+\s(?:before|after|earlier|later|antes|después|each|cada|per)\b",
        sent.masked[match.end() :],
    ):
        return []
    said = sent.text[periods[0].start : periods[0].end]
    return hit(relations.duration(mention.quantity(), *span, said), sent, [index])


def _dates(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Left on 6 May ... returned on 17 May, after 25 days'; 'cleared on 4 May, within the sixty days allowed'."""
    if not any(d.kind == "day" for d in sent.dates):
        return []
    ends = _ends(scope)
    if ends is None:
        return []
    for match in _BETWEEN.finditer(sent.masked):
        index = next(int(match[k]) for k in "abc" if match[k])
        mention = sent.mentions[index]
        size = _DAYS.get(mention.kin)
        if size is None or _OTHER.search(sent.masked[: match.start()][-18:]):
            continue
        days = Decimal((ends[1] - ends[0]).days)
        low, high = days / size, (days + 1) / size
        room = Decimal(1) if mention.kin == "day" else Decimal("0.25" if mention.kin == "year" else "0.5")
        stated = mention.quantity().interval()
        over = low - room > stated.hi
        if not over and (match["w"] or high + room >= stated.lo):
            continue
        if _OF_WHAT.match(sent.masked[match.end() :]) or (
            not match["c"] and not match["w"] and not _tied(sent, match)
        ):
            continue
        said = f"{ends[0].isoformat()} – {ends[1].isoformat()}"
        expected = plain((days / size).quantize(Decimal("0.1")))
        params = {"stated": plain(mention.value), "expected": expected, "period": said}
        return hit(
            Breach("duration_mismatch", CONTRADICTION, params["stated"], expected, params), sent, [index]
        )
    return []


#: 'Three days of deliberation' lie within the span; 'three days of travel' are the span.
_OF_WHAT = re.compile(
    r"\s[\wáéíóúñ]+\s(?:of|de)\s(?!(?:work|travel|waiting|fieldwork|the journey|trabajo|viaje|espera|camino|campo|recorrido|haber)\b)"
)
_COMES = re.compile(
    r"\b(?:return\w*|came back|came home|ended|ends?|closed|closes|concluded|finished|arriv\w+|reached|complet\w+|lapse\w*|expire\w*|deliver\w+|cleared|decided|resolved|reopened|lifted|issued|"
    r"volvi\w+|regres\w+|retorn\w+|terminó|terminaron|concluy\w+|finaliz\w+|cerró|llegó|llegaron|culmin\w+|vence\w*|venció|entreg\w+|resolvi\w+|reabri\w+|levant\w+|expira\w*|caduca\w*)\b"
)


def _tied(sent: Sentence, match: re.Match[str]) -> bool:
    """The clause of the length, or the one before it, tells how something came to its end on a day."""
    before = sent.masked[: match.start()][-110:]
    after = sent.masked[match.end() :][:60]
    return bool(_COMES.search(before) or _COMES.search(after))


def _ends(scope: Sequence[Sentence]) -> tuple[date, date] | None:
    """The only two full days of a passage; a day without a year takes the year of the other."""
    days = [d for s in scope for d in s.dates if d.kind == "day"]
    if (
        len(days) != 2
        or any(d.faulty() for d in days)
        or any(d.kind == "days" for s in scope for d in s.dates)
    ):
        return None
    first, last = days[0].first, days[1].first
    years = [m.year for m in (first, last) if m.year]
    year = years[0] if years else 2023
    one, other = _day(first, year), _day(last, year)
    if one is None or other is None:
        return None
    if other < one and len(years) < 2:
        other = _day(last, year + 1) or other
    return (one, other) if one < other else (other, one)


def _day(moment: Moment, year: int) -> date | None:
    if not moment.month or not moment.day:
        return None
    try:
        return date(moment.year or year, moment.month, moment.day)
    except ValueError:
        return None


_NAMES = {
    "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "es": ("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
}
_NAME = {
    "en": r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    "es": r"(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados?|domingos?)",
}
_SPAN = {
    lang: re.compile(
        rf"\b(?:(?:from|de|del|desde el)\s)?(?P<a>{name})\s?(?:to|through|until|till|al?|hasta(?: el)?|[-–—])\s?(?:el\s)?(?P<b>{name})\b(?P<g>(?:\sof the same week|\sde la misma semana|\sinclusive)?[\s,:(–—]{{1,3}})"
        rf"(?:that is,?\s|es decir,?\s|the\s|l[oa]s\s|all\s|for\s|durante\s|i\.e\.\s)?<t(?P<n>\d+)>"
    )
    for lang, name in _NAME.items()
}


def _weekdays(sent: Sentence) -> list[Hit]:
    """'From Monday to Thursday, five days a week'."""
    match = _SPAN[sent.lang].search(sent.masked)
    if not match or sent.mentions[int(match["n"])].kin != "day":
        return []
    names = _NAMES[sent.lang]
    a, b = (names.index(fold(match[k])[:3]) for k in "ab")
    days = Decimal((b - a) % 7 + 1)
    stated = sent.mentions[int(match["n"])].quantity()
    low = days - 1 if re.search(r"\b(?:night|noche)", sent.masked) else days
    return hit(relations.duration(stated, low, days, f"{match['a']} – {match['b']}"), sent, [int(match["n"])])


_CLOCK = r"(?:(?<!\d)(?P<{0}>2[0-4]|[01]?\d)(?!\d)(?:[:.h](?P<{0}m>[0-5]\d)|\s?h\b(?!\w))?\s?(?P<{0}p>[ap]\.?\s?m\.?(?!\w))?\s?(?:h(?:rs?|oras|ours)?\b\.?)?)"
_LENGTH = r"(?P<n>an?|una?|half|media|[\wáéíóú]+)[\s-]?(?P<u>hours?|horas?|h(?:rs)?|minutes?|minutos?|mins?)\b(?P<more>\s(?:and|y)\s(?:a\s|un\s)?(?:half|media|quarter|cuarto|three quarters|tres cuartos))?"
_SPANS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\b{_LENGTH}(?:,\s|:\s|\s\(|\s)(?:a day,\s|al día,\s)?(?:from|de|desde|between|entre)\s(?:l[oa]s?\s)?{_CLOCK.format('a')}\s?(?:to|until|till|and|a|hasta|y|[-–—])\s?(?:l[oa]s?\s)?{_CLOCK.format('b')}",
        rf"(?:from|de|between|entre|desde|a partir de)?\s?(?:l[oa]s?\s)?\b{_CLOCK.format('a')}\s?(?:to|until|till|and|a|hasta|y|[-–—])\s?(?:l[oa]s?\s)?{_CLOCK.format('b')}\s?(?:,\s?(?:(?:that is,?|es decir,?|or|o|en total,?|lasting|durante|for)\s)?|\(|[–—:]\s?|\s(?:for|durante)\s)(?:the\s|l[oa]s\s|some\s|unas\s|a total of\s)?{_LENGTH}",
        rf"\b{_CLOCK.format('a')}[^;]{{2,110}}?[\s(](?:after|tras|al cabo de|después de)\s{_LENGTH}[^;\d]{{0,80}}?\b(?:at|a las?)\s{_CLOCK.format('b')}",
        rf"\b(?:at|a las?)\s{_CLOCK.format('a')}[^;]{{2,110}}?\b(?:at|a las?)\s{_CLOCK.format('b')}[^;.\d]{{0,12}}?,\s{_LENGTH}\s(?:later|después|más tarde)",
        rf"\b(?:at|a las?)\s{_CLOCK.format('a')}[^;]{{2,110}}?\b(?:at|a las?)\s{_CLOCK.format('b')}[^;.\d]{{0,40}}?\b(?:lasted|lasting|took|after|duró|tardó|tras|después de|duración de|duration of|total of)\s{_LENGTH}",
    )
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "ninety": 90, "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30,
    "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "noventa": 90,
}  # fmt: skip


_UNIT = re.compile(r"(?:hours?|horas?|\bh|hrs|minut\w+|mins?)\b", re.IGNORECASE)
_HOUR = re.compile(r"\b\d{1,2}(?:[:.h]\d\d\b|\s?h\b|\s?[ap]\.?\s?m\b)", re.IGNORECASE)


def _clocks(sent: Sentence, text: str) -> list[Hit]:
    """'Shift 06:00-18:00 (10 h)'; 'opened at 9.15 and, after two hours, closed at 11.00'."""
    if len(text) > 700 or not _UNIT.search(text) or len(_HOUR.findall(text)) < 2:
        return []
    for shape in _SPANS:
        match = shape.search(text)
        length = _minutes(match) if match else None
        if not match or length is None:
            continue
        first, last = _time(match, "a"), _time(match, "b")
        if first is None or last is None or not (match["am"] or match["bm"] or match["bp"]):
            continue
        spans = {(last - first) % 1440, (last - first) % 720}
        if any(abs(s - length) <= 1 for s in spans) or re.search(
            r"\b(?:each|every|break|per|cada|pausa|receso|descanso|before|antes)\b",
            match.group(),
            re.IGNORECASE,
        ):
            continue
        hours = Decimal((last - first) % 1440) / 60
        said = f"{match['a']}:{match['am'] or '00'} – {match['b']}:{match['bm'] or '00'}"
        stated = plain((Decimal(length) / 60).quantize(Decimal("0.01")))
        params = {"stated": stated, "expected": plain(hours.quantize(Decimal("0.01"))), "period": said}
        return hit(Breach("duration_mismatch", CONTRADICTION, stated, params["expected"], params), sent, [])
    return []


def _time(match: re.Match[str], name: str) -> int | None:
    hour = int(match[name])
    half = (match[name + "p"] or "").lower()
    hour = hour % 12 + 12 if half.startswith("p") else hour % 12 if half.startswith("a") else hour
    return hour * 60 + int(match[name + "m"] or 0) if hour <= 24 else None


def _minutes(match: re.Match[str]) -> int | None:
    word, unit = match["n"].lower(), match["u"].lower()
    half = word in ("half", "media")
    value = Decimal("0.5") if half else Decimal(int(word) if word.isdigit() else _NUMBERS.get(word, 0))
    more = (match["more"] or "").lower()
    value += Decimal("0.75") if re.search(r"three|tres", more) else Decimal(0)
    value += Decimal("0.25") if re.search(r"(?:a|un|y|and)\s(?:quarter|cuarto)", more) else Decimal(0)
    value += Decimal("0.5") if re.search(r"half|media", more) else Decimal(0)
    if value <= 0:
        return None
    return int(value * 60) if unit.startswith("h") else int(value)
