"""A stated length against a beginning and an end that verbs tell: 'opened on ... and closed on ...'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import times
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import Quantity, plain
from mirps.evidence.figures.rules import Qualifier

_BEGIN = re.compile(
    r"\b(?:began|begins?|begun|start(?:ed|s|ing)?|opened|opens|opening|launched|commenced|kicked off|signed|set off|enter(?:ed|ing)|arriv(?:ed|ing)|joined|join|hospitali[sz]ed|entered into force|took office|since|from|"
    r"comenz\w+|comienza\w*|empez\w+|empieza\w*|inici\w+|arranc\w+|abri\w+|lanz\w+|firmad[oa]s?|firmó|entró en vigor|partió|partieron|desde|a partir|entr[óa]\w*|ingres\w+|lleg\w+|asumi\w+)\b[^<.;]{0,45}$"
)
_END = re.compile(
    r"\b(?:ended|ends?|ending|closed|closes|closing|finished|finish(?:es|ing)|concluded|concludes|completed|expires?|expired|delivered|handed over|reopened|lifted|return(?:ed|ing)|left|leaving|depart(?:ed|ing)|released|until|till|to|"
    r"termin\w+|conclu\w+|finaliz\w+|cerr\w+|cierra\w*|culmin\w+|vence\w*|venció|expir\w+|entreg\w+|acab\w+|regres\w+|volvi\w+|sali\w+|egres\w+|liberad[oa]s?|dej[óa]\w*|hasta|al?)\b[^<.;]{0,30}$"
)
_NOT = re.compile(
    r"\b(?:ago|hace|before|antes|each|every|cada|per|extend\w*|extension|renew\w*|prorrog\w+|prórroga|plus|further|otr[oa]s|another|average|promedio|working|hábiles|late|later than|tarde|delay\w*|retras\w+|first|primer[oa]s|last|últim[oa]s|ahead|early|planned|meant|instead|previst\w+|debía|en lugar|interrupt\w*|suspend\w*|pause\w*|except|salvo|old|aged|edad|within|dentro|notice|deadline|follow\w*|siguientes|anteriores?|previ[oa]s|preceding|previous|past|than|que en)\b"
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
            found += _length(sent, [sentences[i - 1], sent], strict=True)
        found += _one_period(sent) or _separated(sent)
    return found


def _length(sent: Sentence, scope: Sequence[Sentence], *, strict: bool = False) -> list[Hit]:
    """'The two-week course opened on 5 May and closed on 2 June'; 'began in September 2022 and ended in February 2023'."""
    lengths = [p for s in scope for p in _lengths(s)]
    if any(_STAYED.search(s.masked) or (strict and _LOOSE.search(s.masked)) for s in scope):
        return []
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


#: Between a length and its period: that the one ran as the other.
_RAN = re.compile(
    r"\b(?:ran|runs?|running|elapsed|passed|was open|were open|remained open|open|stayed open|took place|was held|were held|lasted|lasts|covers?|covered|spans?|spanned|extend\w*|is for|in force|"
    r"corri\w+|corre|transcurr\w+|pasaron|estuvo \w+|estuvieron \w+|permaneci\w+|se (?:celebr|realiz|desarroll|extend|llev)\w+|tuvo lugar|dur[óa]\w*|abarca\w*|cubr\w+|comprend\w+|es de|será de|fue de|va|rige|vigente)\b|\(|^$"
)
_WORD = re.compile(
    r"\b(?:one|a|an)[\s-](?P<en>week|month|year)(?:[\s-]long|(?<=-week)|(?<=-month)|(?<=-year))\s[a-z]+(?<!s)\b|\bde\sun[oa]?\s(?P<es>semana|mes|año)\b"
)
_UNIT = {"semana": "week", "mes": "month", "año": "year"}
_GRAIN = {
    "days": ("day", "week"),
    "months": ("month", "quarter", "semester", "year"),
    "years": ("year", "decade"),
}


def _one_period(sent: Sentence) -> list[Hit]:
    """'The one-week exhibition was open from 2 to 20 May'; 'the mandate (2020-2024) is for seven years'."""
    if len(sent.dates) != 1 or not sent.dates[0].is_range or _NOT.search(sent.masked):
        return []
    dated = sent.dates[0]
    told = [(i, m.kin, m.quantity()) for i, m in enumerate(sent.mentions) if m.kind == "t"]
    told += [
        (i, h[1], m.quantity())
        for i, m in enumerate(sent.mentions)
        if m.kind != "t"
        and (h := re.match(r"-(day|week|month|year)\b", sent.masked.split(f"<{m.kind}{i}>", 1)[1]))
    ]
    word = _WORD.search(sent.masked)
    if word and not told:
        unit = word["en"] or _UNIT[word["es"]]
        at, index, said = word.span(), -1, Quantity(Decimal(1), unit)
    elif len(told) == 1 and not word:
        index, unit, said = told[0]
        m = sent.mentions[index]
        place = sent.masked.find(f"<{m.kind}{index}>")
        at = (place, place + len(f"<{m.kind}{index}>"))
    else:
        return []
    span = times._span(unit, dated)
    if span is None or unit not in _GRAIN[dated.kind] or said.qualifier is not Qualifier.EXACT:
        return []
    if _MANY.match(sent.masked[at[1] :]) or re.search(
        r"\b(?!es\s|más\s|menos\s)[a-záéíóúñ]+s\sde\s$", sent.masked[: at[0]]
    ):
        return []
    breach = relations.duration(said, *span, sent.text[dated.start : dated.end])
    longer = said.value > span[1] and index >= 0
    if breach is None or not (longer or _runs(sent.masked, at)):
        return []
    return [Hit(breach, sent, ((sent, index),) if index >= 0 else ())]


#: 'Two-day workshops', 'three weeks later': no length of the whole.
_MANY = re.compile(
    r"-(?:day|week|month|year)\s[a-z-]+(?:\s[a-z]+)?(?<![sui])s\b|\s[\wáéíóúñ]+\s(?:later|earlier|after|before|old|más|de edad|después|of experience|de experiencia)\b"
)


def _runs(masked: str, at: tuple[int, int]) -> bool:
    """Whether only words of a course stand between the length and the period."""
    mark = masked.find("<r0>")
    between = masked[at[1] : mark] if mark > at[1] else masked[mark + 4 : at[0]]
    return len(between) < 60 and not re.search(r"[;.]", between) and _RAN.search(between) is not None


_APART = re.compile(
    r"<t(?P<n>\d+)>\s[\wáéíóúñ]+\s(?:separate|separated|lie|lay|passed|elapsed|apart|separan|separaron|median|mediaron|pasaron|transcurrieron|hay|hubo)\s[^<.;]{0,40}?(?P<a><[dhy]\d+>)[^<.;]{0,40}?(?:and|y)\s[^<.;]{0,30}?(?P<b><[dhy]\d+>)"
)


def _separated(sent: Sentence) -> list[Hit]:
    """'Seven years separate the 2015 census and the 2022 census.'"""
    match = _APART.search(sent.masked)
    if not match or len(sent.dates) != 2 or sent.dates[0].kind != sent.dates[1].kind:
        return []
    index = int(match["n"])
    unit = sent.mentions[index].kin
    if unit not in _DAYS:
        return []
    first, last = sent.dates
    gap = abs(_day(last, first) - _day(first, last)) / _DAYS[unit]
    room = {"day": Decimal(1), "month": Decimal(16), "year": Decimal(200)}[first.kind] / _DAYS[unit]
    period = " – ".join(sent.text[d.start : d.end] for d in sent.dates)
    low, high = max(gap - room, Decimal(0)).quantize(Decimal("0.1")), (gap + room).quantize(Decimal("0.1"))
    breach = relations.duration(sent.mentions[index].quantity(), low, high, period)
    return [Hit(breach, sent, ((sent, index),))] if breach else []


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _said(dated: Dated, scope: Sequence[Sentence]) -> str:
    return next(s.text[dated.start : dated.end] for s in scope if any(d is dated for d in s.dates))


#: What lies within a course: 'stayed in Santa Rita for three days'.
_STAYED = re.compile(
    r"\b(?:stay\w*|spent|visit\w*|stopp\w*|permaneci\w+|se qued\w+|pas[óa]\w*|visit\w+)\b[^<.;]{0,40}<t"
)
_LOOSE = re.compile(r"\b(?:for|over|after|durante|por|tras)\s(?:the\s|l[oa]s\s)?<t")


def _lengths(sent: Sentence) -> list[tuple[Place, str]]:
    """The lengths that the words give to the whole: 'lasted 12 days', 'a two-week course', 'in all nine months'."""
    made: list[tuple[Place, str]] = []
    for index, m in enumerate(sent.mentions):
        left, right = sent.masked.split(f"<{m.kind}{index}>", 1)
        hyphen = re.match(r"-(day|week|month|year)\b", right)
        unit = hyphen[1] if hyphen else m.kin if m.kind == "t" else ""
        if unit not in _DAYS or m.qualifier not in (Qualifier.EXACT, Qualifier.ABOUT):
            continue
        behind = re.match(r"\s[\wáéíóúñ]+\s?(?:in all|in total|en total|later|después|[,.;:)]|$)", right)
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
