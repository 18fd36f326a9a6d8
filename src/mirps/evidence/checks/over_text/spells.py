"""Lengths of time, ages and anniversaries against the two moments between which they lie."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import times
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated, Moment
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.patterns import Hit, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier

_DAYS = {
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.44"),
    "year": Decimal("365.25"),
    "decade": Decimal(3652),
}
#: Between a length and its period: nothing but words of equating, of course and of the edges of months.
_LINK = re.compile(
    r"(?:[\s,:;()–—-]|\b(?:months?|years?|weeks?|days?|meses|mes|años?|semanas?|días?|in all|that is|i\.e\.|namely|or|from|between|beginning|start|end|middle|of|the|running|runs|ran|it|for|a|and|going|until|to|inclusive|both|included|"
    r"es decir|o sea|esto es|a saber|y|va|van|corre|abarca|cubre|comprende|de|del|desde|entre|principios|inicios|comienzos|fines|el|la|los|un|una|ambos|incluidos|inclusive|que|was|lasted|duró|dura|son|it lasts?|total)\b)*"
)
_PLAZO = re.compile(
    r"\b(?:ran for|run for|lasts?|lasted|for|valid for|term of|period of|deadline of|within|after|duró|dura|durante|por|plazo de|vigencia de|período de|periodo de|tras|después de|al cabo de|válid[oa] por)\s(?:the\s|a\s|un\s|el\s|exactly\s|los\s)?<t(?P<n>\d+)>"
)
_UNTIL = re.compile(
    r"\b(?:until|till|up to|expires?|expired|lapses?|ends?|ended|closed|closes|due|falls? due|finish\w*|conclu\w+|hasta|vence|venció|vencen|expira|caduca|terminó|termina|concluyó|cerró|finaliz\w+)\b[^<;]{0,30}$"
)
_NOT = re.compile(
    r"\b(?:ago|hace|before|antes|each|every|cada|per|extend\w*|renew\w*|prorrog\w+|prórroga|plus|más|further|otr[oa]s|another|average|promedio|working|hábiles|late|tarde|early|first|primer[oa]s|last|últim[oa]s)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        before = sentences[i - 1] if i and sentences[i - 1].block is sent.block else None
        found += _beside(sent) or _two_days(sent)
        found += _clock(sent)
        found += _age(sent, before)
        found += _anniversary(sent, before)
        found += _weekday(sent, before)
    return found


def _beside(sent: Sentence) -> list[Hit]:
    """'For five months, from the beginning of April to the end of October': one length beside one period."""
    lengths = [i for i, m in enumerate(sent.mentions) if m.kind == "t" and m.kin in _DAYS]
    periods = [n for n, d in enumerate(sent.dates) if d.is_range]
    if len(lengths) != 1 or len(periods) != 1 or len(sent.dates) != 1:
        return []
    index, dated = lengths[0], sent.dates[0]
    mention = sent.mentions[index]
    one, other = sorted((f"<t{index}>", "<r0>"), key=sent.masked.find)
    between = sent.masked.split(one, 1)[-1].split(other, 1)[0]
    front = sent.masked.split(one, 1)[0][-25:]
    if len(between) > 70 or not _LINK.fullmatch(between) or _NOT.search(front + between):
        return []
    span = times._span(mention.kin, dated)
    if span is None or mention.qualifier is not Qualifier.EXACT:
        return []
    said = sent.text[dated.start : dated.end]
    return hit(relations.duration(mention.quantity(), *span, said), sent, [index])


def _ordinal(moment: Moment, year: int | None) -> Decimal | None:
    """Days since a common beginning, roughly."""
    if moment.year is None and year is None:
        return None
    return (
        Decimal((moment.year or year or 0) * 36525) / 100
        + Decimal((moment.month or 1) * 3044) / 100
        + Decimal(moment.day or 1)
    )


def _two_days(sent: Sentence) -> list[Hit]:
    """'Signed in May 2019 and ran for three years, until May 2024': two moments and what lies between."""
    lengths = [i for i, m in enumerate(sent.mentions) if m.kind == "t" and m.kin in _DAYS]
    if (
        len(sent.dates) != 2
        or len(lengths) != 1
        or len({d.kind for d in sent.dates}) != 1
        or sent.dates[0].is_range
    ):
        return []
    match = _PLAZO.search(sent.masked)
    marks = list(re.finditer(r"<[dhy](\d+)>", sent.masked))
    if not match or len(marks) != 2 or int(match["n"]) != lengths[0]:
        return []
    if not _UNTIL.search(sent.masked[: marks[1].start()]) or _NOT.search(sent.masked.replace("<", " <")):
        return []
    first, last = sent.dates
    years = [d.first.year for d in (first, last) if d.first.year]
    a, b = (
        _ordinal(first.first, years[0] if years else None),
        _ordinal(last.first, years[-1] if years else None),
    )
    if a is None or b is None or b <= a:
        return []
    mention = sent.mentions[lengths[0]]
    size, room = (
        _DAYS[mention.kin],
        {"day": Decimal(2), "month": Decimal(32), "year": Decimal(366)}[first.kind],
    )
    low, high = (b - a - room) / size, (b - a + room) / size
    if mention.kin == "day":
        low = (b - a - room) * 5 / 7
    elif first.kind != "year":
        low, high = low - Decimal("0.2"), high + Decimal("0.2")
    stated = mention.quantity().interval()
    if stated.hi >= low and stated.lo <= high:
        return []
    said = f"{sent.text[first.start : first.end]} – {sent.text[last.start : last.end]}"
    expected = plain(((b - a) / size).quantize(Decimal("0.1")))
    params = {"stated": plain(mention.value), "expected": expected, "period": said}
    return hit(
        Breach("duration_mismatch", CONTRADICTION, params["stated"], expected, params), sent, [lengths[0]]
    )


_TIME = re.compile(
    r"(?<![\d.,/:-])(?P<h>[01]?\d|2[0-4])(?:(?:[:.](?P<m>[0-5]\d))\s?(?P<p>[ap]\.?\s?m\.?)?|\s?(?P<q>[ap]\.?\s?m\b\.?|h\b|hrs\b|horas\b(?=\s(?:to|a|y|hasta))))(?![\d%])",
    re.IGNORECASE,
)
_EQUAL = re.compile(
    r"\b(?:that is|i\.e|in all|in total|or|lasting|lasts?|for|es decir|o sea|en total|durante|horario de|jornada de|turno de|day of|shift of|un total de|esto es)\b|[(:–—]"
)


def _clock(sent: Sentence) -> list[Hit]:
    """'Opens at 8 a.m. and shuts at 4 p.m., that is, ten hours a day'."""
    clocks = list(_TIME.finditer(sent.text))
    lengths = [i for i, m in enumerate(sent.mentions) if m.kind == "t" and m.kin in ("hour", "minute")]
    if (
        len(clocks) != 2
        or len(lengths) != 1
        or re.search(
            r"\b(?:break|lunch|late|before|after|pausa|receso|almuerzo|descanso|antes|después|tarde|each way|every|cada)\b",
            sent.masked,
        )
    ):
        return []
    index = lengths[0]
    m = sent.mentions[index]
    if (
        any(c.start() <= m.start < c.end() for c in clocks)
        or m.start < clocks[1].end()
        or m.qualifier is not Qualifier.EXACT
    ):
        return []
    if not _EQUAL.search(sent.text[clocks[1].end() : m.begin + 1].lower()):
        return []
    first, last = (_minutes(c) for c in clocks)
    stated = m.value * (60 if m.kin == "hour" else 1)
    spans = {Decimal((last - first) % 1440)}
    if not any(c["p"] or c["q"] for c in clocks):
        spans.add(Decimal((last - first) % 720))
    if any(abs(s - stated) <= 1 for s in spans):
        return []
    hours = plain((Decimal((last - first) % 1440) / 60).quantize(Decimal("0.01")))
    said = sent.text[clocks[0].start() : clocks[1].end()]
    params = {"stated": plain((stated / 60).quantize(Decimal("0.01"))), "expected": hours, "period": said}
    return hit(Breach("duration_mismatch", CONTRADICTION, params["stated"], hours, params), sent, [index])


def _minutes(match: re.Match[str]) -> int:
    hour = int(match["h"])
    half = (match["p"] or match["q"] or "").lower()
    hour = hour % 12 + 12 if half.startswith("p") else hour % 12 if half.startswith("a") else hour
    return hour * 60 + int(match["m"] or 0)


_BORN = re.compile(
    r"\b(?:born|naci(?:ó|da|do|eron|das|dos)|nacimiento|date of birth)\b[^<;]{0,50}<(?P<k>[dhy])(?P<d>\d+)>"
)
_AGED = re.compile(
    r"\b(?:was|is|aged|turned|at the age of|at|then|tenía|tiene|a los|con|cumplió|de|y)\s(?:just\s|only\s|already\s|apenas\s|solo\s|sólo\s|ya\s)?<(?P<k>[act])(?P<n>\d+)>(?P<z>\s(?:when|years?|años|cuando|at|on|al|en)\b|[.,;]|$)"
)


def _age(sent: Sentence, before: Sentence | None) -> list[Hit]:
    """'Born in 1941, she was 75 when she received her deed in October 2023'."""
    scope = [s for s in (before, sent) if s is not None]
    born = next(((s, m) for s in scope if (m := _BORN.search(s.masked))), None)
    if born is None:
        return []
    source, match = born
    birth = source.dates[int(match["d"])].first.year
    others = {d.first.year for s in scope for d in s.dates if d.first.year and d.first.year != birth}
    if (
        birth is None
        or len(others) != 1
        or re.search(r"\b(?:since|ago|desde|hace|later|después)\b", sent.masked)
    ):
        return []
    year = others.pop() or 0
    for told in _AGED.finditer(sent.masked):
        aged = sent.mentions[int(told["n"])]
        years = (
            aged.kind == "a"
            or (aged.kind == "t" and aged.kin == "year")
            or (aged.kind == "c" and not aged.noun and told["z"])
        )
        if not years or not 0 < aged.value <= 110 or aged.qualifier is not Qualifier.EXACT:
            continue
        low, high = Decimal(year - birth - 1), Decimal(year - birth)
        if high > 0 and not low <= aged.value <= high:
            return hit(
                relations.duration(aged.quantity(), low, high, f"{birth} – {year}"), sent, [int(told["n"])]
            )
    return []


_UNITS_EN = "first second third fourth fifth sixth seventh eighth ninth".split()  # noqa: SIM905
_TEENS_EN = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()  # noqa: SIM905
_TENS_EN = {
    "twent": 20,
    "thirt": 30,
    "fort": 40,
    "fift": 50,
    "sixt": 60,
    "sevent": 70,
    "eight": 80,
    "ninet": 90,
}
_UNITS_ES = ("primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven")
_TENS_ES = {
    "decim": 10,
    "vigesim": 20,
    "trigesim": 30,
    "cuadragesim": 40,
    "quincuagesim": 50,
    "sexagesim": 60,
    "septuagesim": 70,
}
_ANNIVERSARY = re.compile(
    r"\b(?P<o>[a-záéíóú]+(?:[\s-][a-záéíóú]+)?|\d{1,3}(?:st|nd|rd|th|\.?[ºo°]))\s(?:anniversary|birthday|aniversario)\b|\b(?:anniversary|aniversario)\s(?:number\s|número\s)?(?P<d>\d{1,3})\b"
)


def ordinal(words: str) -> int:
    """'twenty-fifth' is 25, 'trigésimo quinto' 35; 0 for what is no ordinal."""
    if digits := re.match(r"\d+", words):
        return int(digits.group())
    total = 0
    for word in re.split(r"[\s-]", fold(words)):
        if word in _UNITS_EN:
            total += _UNITS_EN.index(word) + 1
        elif word in _TEENS_EN:
            total += _TEENS_EN.index(word) + 10
        else:
            total += next((n for s, n in _TENS_EN.items() if re.fullmatch(s + "(?:y|ieth)", word)), 0)
            total += next((n for s, n in _TENS_ES.items() if word.startswith(s)), 0)
            total += next((n for n, s in enumerate(_UNITS_ES, 1) if re.fullmatch(s + "[oa]?", word)), 0)
    return total


def _anniversary(sent: Sentence, before: Sentence | None) -> list[Hit]:
    """'Founded in 1998, it celebrated its thirtieth anniversary in 2023'."""
    match = _ANNIVERSARY.search(sent.masked)
    if not match:
        return []
    years = {d.first.year for s in (before, sent) if s is not None for d in s.dates if d.first.year}
    nth = int(match["d"]) if match["d"] else ordinal(match["o"])
    if len(years) != 2 or not nth:
        return []
    low, high = sorted(y for y in years if y)
    if abs(high - low - nth) <= 0:
        return []
    params = {"stated": str(nth), "expected": str(high - low), "period": f"{low} – {high}"}
    return hit(Breach("duration_mismatch", CONTRADICTION, str(nth), str(high - low), params), sent, [])


def _weekday(sent: Sentence, before: Sentence | None) -> list[Hit]:
    """'Friday 26 July 2024 ..., on Monday 31 July': the only year told is that of both."""
    known = {d.first.year for s in (before, sent) if s is not None for d in s.dates if d.first.year}
    if len(known) != 1:
        return []
    year = known.pop()
    for dated in sent.dates:
        m = dated.first
        if dated.weekday is not None and m.year is None and m.month and m.day:
            full = Dated(
                dated.start,
                dated.end,
                dated.kind,
                Moment(year, m.month, m.day),
                Moment(year, m.month, m.day),
                dated.weekday,
            )
            if full.first.exists() and (made := times._date(sent, full)):
                return made
    return []
