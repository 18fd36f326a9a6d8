"""A stated length against a beginning and an end that verbs tell: 'opened on ... and closed on ...'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import plain
from mirps.evidence.figures.rules import Qualifier

_BEGIN = re.compile(
    r"\b(?:began|begins?|begun|start(?:ed|s|ing)?|opened|opens|opening|launched|commenced|kicked off|signed|set off|entered into force|took office|since|from|"
    r"comenz\w+|comienza\w*|empez\w+|empieza\w*|inici\w+|arranc\w+|abri\w+|lanz\w+|firmad[oa]s?|firmó|entró en vigor|partió|partieron|desde|a partir)\b[^<.;]{0,45}$"
)
_END = re.compile(
    r"\b(?:ended|ends?|ending|closed|closes|closing|finished|finish(?:es|ing)|concluded|concludes|completed|expires?|expired|delivered|handed over|reopened|lifted|returned|until|till|to|"
    r"termin\w+|conclu\w+|finaliz\w+|cerr\w+|cierra\w*|culmin\w+|vence\w*|venció|expir\w+|entreg\w+|acab\w+|regres\w+|volvi\w+|hasta|al?)\b[^<.;]{0,30}$"
)
_NOT = re.compile(
    r"\b(?:ago|hace|before|antes|each|every|cada|per|extend\w*|extension|renew\w*|prorrog\w+|prórroga|plus|further|otr[oa]s|another|average|promedio|working|hábiles|late|later than|tarde|delay\w*|retras\w+|first|primer[oa]s|last|últim[oa]s|ahead|early|planned|meant|instead|previst\w+|debía|en lugar|interrupt\w*|suspend\w*|pause\w*|except|salvo|old|aged|edad|within|dentro|notice|deadline|follow\w*|siguientes)\b"
)
_TOTAL = re.compile(
    r"\b(?:lasted|lasting|lasts?|took|takes|duration of|a total of|in all|for|over|ran for|after|period of|duró|dura|duraron|tomó|tardó|llevó|durante|un total de|en total|por|vigencia de|duración de|tras|período de|periodo de)\s(?:the\s|l[oa]s\s|exactly\s|exactamente\s)?$"
)
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.44"), "year": Decimal("365.25")}
#: How much earlier or later a date of each kind may lie, in days.
_ROOM = {"day": Decimal(1), "month": Decimal(31), "year": Decimal(366)}


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        found += _length(sent, [sent])
        if i and sentences[i - 1].block is sent.block and not found:
            found += _length(sent, [sentences[i - 1], sent])
    return found


def _length(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'The two-week course opened on 5 May and closed on 2 June'; 'began in September 2022 and ended in February 2023'."""
    lengths = [p for s in scope for p in _lengths(s)]
    ends = _moments(scope)
    if len(lengths) != 1 or ends is None or any(_NOT.search(s.masked) for s in scope):
        return []
    first, last = ends
    place, unit = lengths[0]
    a, b = _day(first, last), _day(last, first)
    if first.kind != last.kind or b <= a:
        return []
    size, room = _DAYS[unit], _ROOM[first.kind]
    low, high = (b - a - room) / size, (b - a + room) / size
    slack = {"day": Decimal(0), "week": Decimal("0.35"), "month": Decimal("0.35"), "year": Decimal("0.3")}[
        unit
    ]
    if unit == "day":
        low = (b - a - room) * 5 / 7  # working days, perhaps
    stated = _m(place).quantity().interval()
    if stated.hi >= low - slack and stated.lo <= high + slack:
        return []
    expected = ((b - a + (room if first.kind == "month" else 0)) / size).quantize(Decimal("0.1"))
    params = {"stated": plain(_m(place).value), "expected": plain(expected)}
    params["period"] = " – ".join(_said(d, scope) for d in ends)
    breach = relations.Breach(
        "duration_mismatch", relations.CONTRADICTION, params["stated"], params["expected"], params
    )
    return [Hit(breach, sent, (place,))]


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _said(dated: Dated, scope: Sequence[Sentence]) -> str:
    return next(s.text[dated.start : dated.end] for s in scope if any(d is dated for d in s.dates))


def _lengths(sent: Sentence) -> list[tuple[Place, str]]:
    """The lengths that the words give to the whole: 'lasted 12 days', 'a two-week course', 'in all nine months'."""
    made: list[tuple[Place, str]] = []
    for index, m in enumerate(sent.mentions):
        left, right = sent.masked.split(f"<{m.kind}{index}>", 1)
        hyphen = re.match(r"-(day|week|month|year)\b", right)
        unit = hyphen[1] if hyphen else m.kin if m.kind == "t" else ""
        if unit not in _DAYS or m.qualifier not in (Qualifier.EXACT, Qualifier.ABOUT):
            continue
        behind = re.match(r"\s[\wáéíóúñ]+\s?(?:in all|in total|en total|later|después|[,.;)]|$)", right)
        course = re.search(r"\b[a-záéíóúñ]+\sde\s$", left)  # 'el curso de dos semanas'
        if hyphen or _TOTAL.search(left) or behind or course:
            made.append(((sent, index), unit))
        else:
            return []
    return made


def _moments(scope: Sequence[Sentence]) -> tuple[Dated, Dated] | None:
    """The only two dates of the passage: a beginning and an end by the words before them."""
    rows = [(s, n, d) for s in scope for n, d in enumerate(s.dates)]
    if len(rows) != 2 or any(d.is_range or d.faulty() for _, _, d in rows):
        return None
    fronts = []
    for s, _, d in rows:
        cut = [x for x in s.dates if x.end <= d.start]
        fronts.append(s.text[cut[-1].end if cut else 0 : d.start].lower())
    if _BEGIN.search(fronts[0]) and _END.search(fronts[1]):
        return rows[0][2], rows[1][2]
    if _END.search(fronts[0]) and _BEGIN.search(fronts[1]) and not _BEGIN.search(fronts[0]):
        return rows[1][2], rows[0][2]
    return None


def _day(one: Dated, other: Dated) -> Decimal:
    """Days since a common beginning; a date without a year takes that of the other."""
    moment = one.first
    year = moment.year or other.first.year or 2023
    before = sum((Decimal(_MONTHS[n]) for n in range((moment.month or 1) - 1)), Decimal(0))
    return Decimal(year) * Decimal("365.25") + before + Decimal(moment.day or 1)


_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
