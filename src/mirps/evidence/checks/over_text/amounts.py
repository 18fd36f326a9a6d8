"""One amount told for two lengths of time, at a rate of exchange, or as so many days of so many hours."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import conversions
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Quantity, plain
from mirps.evidence.figures.rules import Qualifier

#: How many of the first go into the second, at the fewest and the most that people reckon with.
_INTO: dict[tuple[str, str], tuple[Decimal | int, Decimal | int]] = {
    ("day", "week"): (5, 7), ("day", "month"): (20, 31), ("day", "year"): (200, 366), ("week", "month"): (4, Decimal("4.6")),
    ("week", "year"): (48, 53), ("month", "quarter"): (3, 3), ("month", "semester"): (6, 6), ("month", "year"): (12, 12),
    ("quarter", "year"): (4, 4), ("semester", "year"): (2, 2), ("hour", "day"): (6, 24), ("hour", "week"): (30, 168),
}  # fmt: skip
_PERIODS = {
    "day": r"daily|an?\sday|per\sday|each\sday|every\sday|diari[oa]s?|al\sd[ií]a|por\sd[ií]a|cada\sd[ií]a",
    "week": r"weekly|a\sweek|per\sweek|each\sweek|every\sweek|semanal(?:es)?|a\sla\ssemana|por\ssemana|cada\ssemana",
    "month": r"monthly|a\smonth|per\smonth|each\smonth|every\smonth|mensual(?:es)?|al\smes|por\smes|cada\smes",
    "quarter": r"quarterly|a\squarter|per\squarter|trimestral(?:es)?|al\strimestre|por\strimestre",
    "semester": r"semestral(?:es)?|al\ssemestre|por\ssemestre",
    "year": r"yearly|annually|annual|a\syear|per\syear|each\syear|every\syear|anual(?:es)?|al\saño|por\saño",
    "hour": r"hourly|an\shour|per\shour|la\shora|por\shora",
}
_BEHIND = {k: re.compile(rf"^\s(?:[a-záéíóúñ-]+\s){{0,2}}?(?:{w})\b") for k, w in _PERIODS.items()}
_AHEAD = {
    k: re.compile(
        rf"\b(?:{w})\s(?:[a-záéíóúñ-]+\s){{0,2}}(?:of|de|is|was|es|fue)\s(?:\w+\s)?$|\b(?:in|over|en)\s(?:a|one|un|una)\s{n},?\s(?:that is,?\s|es decir,?\s|it is\s|eso es\s|this means\s|son\s)?$"
    )
    for (k, w), n in zip(
        _PERIODS.items(),
        (
            "(?:day|día)",
            "(?:week|semana)",
            "(?:month|mes)",
            "(?:quarter|trimestre)",
            "(?:semester|semestre)",
            "(?:year|año)",
            "(?:hour|hora)",
        ),
        strict=True,
    )
}
_SAME = re.compile(
    r"\b(?:that is|i\.e\.?|or|which is|which means|means|equivalent|equals?|equal to|making|amounts? to|comes? to|adds? up|so|es decir|o sea|esto es|o|equivale\w*|lo que|suma\w*|son|representa\w*)\b|\("
)
_OTHERWISE = re.compile(
    r"\b(?:rose|fell|increas\w+|decreas\w+|then|later|previous\w*|before|up to|plus|and then|another|from|first|after|was raised|subi\w+|baj\w+|aument\w+|luego|después|antes|anterior\w*|hasta|otr[oa]s?|desde|primer\w*|bonus|thirteenth|13th|decimotercer\w*|aguinaldo|bono)\b"
)


_EXTRA = re.compile(r"\b(?:bonus|thirteenth|13th|decimotercer\w*|aguinaldo|bono)\b")


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        if 2 <= len(sent.mentions) <= 8:
            found += _periods(sent) or _days_of_hours(sent)
            found += _exchanged(sent)
            found += _in_full(sent)
    return found


def period(sent: Sentence, index: int) -> str:
    """The length of time that an amount is for: 'month' of '150 a month', 'year' of 'an annual salary of'."""
    m = sent.mentions[index]
    left, right = sent.masked.split(f"<{m.kind}{index}>", 1)
    told = [k for k, words in _BEHIND.items() if words.search(right)]
    told = told or [k for k, words in _AHEAD.items() if words.search(left[-60:])]
    return told[0] if len(told) == 1 else ""


def _periods(sent: Sentence) -> list[Hit]:
    """'USD 150 a month, that is, USD 1,500 a year'; 'an annual salary of 9,600, or 960 monthly'."""
    rows = [(i, m, period(sent, i)) for i, m in enumerate(sent.mentions) if m.kind in "cmt"]
    timed = [r for r in rows if r[2]]
    if len(timed) != 2 or len([r for r in rows if r[1].kind == timed[0][1].kind]) != 2:
        return []
    (a, one, first), (b, other, again) = timed
    between = sent.masked.split(f"<{one.kind}{a}>", 1)[1].split(f"<{other.kind}{b}>", 1)[0]
    if (
        not _SAME.search(between)
        or _OTHERWISE.search(between)
        or _EXTRA.search(sent.masked)
        or not subjects.alike(one, other)
    ):
        return []
    small, large = (one, other) if (first, again) in _INTO else (other, one)
    into = _INTO.get((first, again)) or _INTO.get((again, first))
    if into is None:
        return []
    low, high = into
    least, most = small.quantity().interval().lo * low, small.quantity().interval().hi * high
    if least * Decimal("0.97") <= large.value <= most * Decimal("1.03"):
        return []
    if not {one.qualifier, other.qualifier} <= {Qualifier.EXACT, Qualifier.ABOUT}:
        return []
    return _told(sent, small, large, small.value * low, [a, b])


def _told(sent: Sentence, small: Mention, large: Mention, expected: Decimal, at: list[int]) -> list[Hit]:
    params = {"first": plain(small.value), "again": plain(large.value), "expected": plain(expected)}
    return hit(Breach("unit_mismatch", CONTRADICTION, plain(large.value), plain(expected), params), sent, at)


_OF = re.compile(
    r"<t(?P<a>\d+)>\s(?:hours?|horas?)[^<.;]{0,12}?(?:,?\s(?:or|that is,?|i\.e\.,?|o|o sea,?|es decir,?|esto es,?|in|en)|\s?\(|:|,)\s<t(?P<b>\d+)>\s(?:days?|d[ií]as?|weeks?|semanas?|months?|mes(?:es)?)\s(?:of|de)\s<t(?P<c>\d+)>\s(?:hours?|horas?)"
    r"|<t(?P<b2>\d+)>\s(?:days?|d[ií]as?)\s(?:of|de)\s<t(?P<c2>\d+)>\s(?:hours?|horas?)(?:\seach|\scada uno)?(?:,?\s(?:or|that is,?|i\.e\.,?|o|o sea,?|es decir,?|esto es,?|make|son|suman)|\s?\(|:|,)\s?<t(?P<a2>\d+)>\s(?:hours?|horas?)"
)


def _days_of_hours(sent: Sentence) -> list[Hit]:
    """'48 hours, or three days of eight hours'."""
    match = _OF.search(sent.masked)
    if not match:
        return []
    a, b, c = (int(match[k] or match[k + "2"]) for k in "abc")
    total, days, each = (sent.mentions[i].quantity() for i in (a, b, c))
    return hit(relations.product([days, each], total), sent, [b, c, a])


_QUOTED = re.compile(
    r"\b(?:a|an|the|one|each|el|un|cada)\s(?:us\s|u\.s\.\s)?(?P<base>dollar|dólar|euro)\s(?:estadounidense\s)?[^<;.,]{0,25}?<m(?P<r>\d+)>"
)


def _exchanged(sent: Sentence) -> list[Hit]:
    """'A dollar traded at 520 colones, so the fee of 26,000 colones was worth 75 dollars'; two pairs at one rate."""
    rate = _quoted(sent)
    if rate is None:
        return []
    value, local, base, used = rate
    rows = [(i, m) for i, m in enumerate(sent.mentions) if m.kind == "m" and i not in used]
    if len(rows) < 2 or len(rows) % 2 or {m.unit for _, m in rows} != {local, base}:
        return []
    for (a, one), (b, other) in zip(rows[::2], rows[1::2], strict=True):
        if one.unit == other.unit:
            return []
        x, y = (one, other) if one.unit == local else (other, one)
        expected = x.value / value
        if abs(expected - y.value) > expected * Decimal("0.03") + y.step / 2:
            params = {"first": plain(x.value), "again": plain(y.value), "expected": plain(expected)}
            return hit(
                Breach("exchange_mismatch", CONTRADICTION, plain(y.value), plain(expected), params),
                sent,
                [a, b],
            )
    return []


def _quoted(sent: Sentence) -> tuple[Decimal, str, str, set[int]] | None:
    match = _QUOTED.search(sent.masked)
    if match:
        m = sent.mentions[int(match["r"])]
        base = "EUR" if match["base"] == "euro" else "USD"
        return (m.value, m.unit, base, {int(match["r"])}) if m.unit != base and m.value > 0 else None
    rated = next((x for x in conversions._RATE.finditer(sent.masked) if x["per"]), None)
    found = rated or conversions._RATE_LAST.search(sent.masked)
    return conversions._rate_of(sent, found) if found else None


_FULL = re.compile(r"\b(?:in full|in figures|spelled out|written out|en cifras|en números|completas?)\b")


def _in_full(sent: Sentence) -> list[Hit]:
    """'EUR 500 thousand; expressed in full, EUR 50,000'."""
    rows = [i for i, m in enumerate(sent.mentions) if m.kind == "m"]
    if len(rows) != 2 or rows[1] != rows[0] + 1:
        return []
    one, other = (sent.mentions[i] for i in rows)
    between = sent.text[one.end : other.begin].lower()
    if one.unit != other.unit or not _FULL.search(between) or len(between) > 60:
        return []
    return hit(
        relations.restated(one.quantity(), Quantity(other.value, other.unit, other.qualifier, other.step)),
        sent,
        rows,
    )
