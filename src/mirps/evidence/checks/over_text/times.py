"""Dates that cannot be, weekdays that do not fit, and lengths at odds with their dates."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import WEEKDAYS, Dated, Moment
from mirps.evidence.checks.reading.patterns import Hit, hit, pattern
from mirps.evidence.checks.relations import CONTRADICTION, WARNING, Breach


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        for dated in sent.dates:
            found += _date(sent, dated)
        found += _ranges(sent)
        found += _lengths(sent)
        found += _labels(sent)
    return found


def _iso(moment: Moment) -> str:
    parts = [f"{moment.year:04d}" if moment.year else "····"]
    parts += [f"{moment.month:02d}"] if moment.month else []
    parts += [f"{moment.day:02d}"] if moment.day else []
    return "-".join(parts)


def _date(sent: Sentence, dated: Dated) -> list[Hit]:
    said = sent.text[dated.start : dated.end]
    if faulty := dated.faulty():
        return hit(
            Breach("impossible_date", CONTRADICTION, said, "", {"date": said, "iso": _iso(faulty)}), sent, []
        )
    if dated.reversed() and dated.kind != "years":
        return hit(Breach("period_reversed", CONTRADICTION, said, "", {"period": said}), sent, [])
    if dated.kind == "years" and dated.reversed():
        return hit(Breach("period_reversed", CONTRADICTION, said, "", {"period": said}), sent, [])
    m = dated.first
    if dated.weekday is None or m.year is None or m.month is None or m.day is None:
        return []
    actual = date(m.year, m.month, m.day).weekday()
    if actual == dated.weekday:
        return []
    params = {"date": said, "es": WEEKDAYS["es"][actual], "en": WEEKDAYS["en"][actual]}
    stated = WEEKDAYS[sent.lang][dated.weekday]
    return hit(
        Breach("weekday_mismatch", CONTRADICTION, stated, WEEKDAYS[sent.lang][actual], params), sent, []
    )


_RANGE = pattern(
    r"\b(?:between|entre)\s(?:l[oa]s )?{cmpt:a}(?:[^<.;()]{0,25}\s)?(?:and|y|e)\s(?:l[oa]s )?{cmpt:b}"
)


def _ranges(sent: Sentence) -> list[Hit]:
    found: list[Hit] = []
    for match in [*_RANGE.finditer(sent.masked), *_FROM_TO.finditer(sent.masked)]:
        low, high = int(match["a"]), int(match["b"])
        a, b = sent.mentions[low], sent.mentions[high]
        if (a.kind == b.kind or (a.kind == "c" and not a.noun and b.kind in "tm")) and not re.search(
            r"\b(?:difference|gap|diferencia|brecha|ratio)\b", sent.masked[: match.start()][-30:]
        ):
            tail = sent.masked[match.end() :][:40]
            if a.noun and b.noun and a.noun != b.noun and a.kind == "c":
                continue  # 'between 40 women and 20 men' is no range
            if not re.search(r"\b(?:total|suma)\b", tail):
                found += hit(relations.ordered(a.quantity(), b.quantity()), sent, [low, high])
    return found


_FROM_TO = pattern(
    r"\b(?:ranges?|ranged|ranging|varies|vary|var[ií]an?|van?|oscilan?)\s(?:from|de|desde|between|entre)\s{cmpt:a}(?:[^<.;()]{0,25}\s)?(?:to|and|a|y)\s{cmpt:b}"
)
_LINKS = r"(?:\(|\)|,|:|;|–|—|-|\s|of|de|del|over|durante|during|lasting|que|period|período|periodo|that is|es decir|i\.e\.|covering|the|el|la|l[oa]s|an?|un|una|first|primer[oa]?s?|(?:from|between|desde|entre|en|in|on|held|took place|celebrad[oa]s?|realizad[oa]s?|for|por|were|fue(?:ron)?|took place|se (?:realizó|realizaron|celebró|llevó a cabo|desarrolló|extendió)|tuvo lugar|ran|was|(?:carried out|conducted|organi[sz]ed)|runs?|va|durar?á?|dura|to|a|reporting|running|corriendo)|full|complet[oa]s?|whole|of the year|del año|months?|meses|days?|días|workshop|taller|meeting|reunión|consultation|consulta|event|evento|training|capacitación|conference|conferencia|mission|misión|course|curso|forum|foro|plan|strategy|estrategia|programme|program|programa|project|proyecto|policy|política|session|sesión|<y\d+>|tiene|lasts?|duración|with a duration of|plazo|term|vigencia|jornada|period of)"
_LENGTH_BEFORE = pattern(
    rf"{{t:n}}(?P<noun>[\s-][a-záéíóúñ]+)?(?P<gap>(?:\s?{_LINKS}\s?){{1,7}}?)<(?P<kind>r)(?P<d>\d+)>"
)
_LENGTH_AFTER = pattern(
    rf"<(?P<kind>r)(?P<d>\d+)>(?P<gap>(?:\s?{_LINKS}\s?){{1,6}}?){{t:n}}(?P<after>[^<]{{0,25}})"
)
_HYPHENED = re.compile(r"<[ct](?P<n>\d+)>-(?P<unit>day|week|month|year)\b(?P<gap>[^<.;]{0,60}?)<r(?P<d>\d+)>")


def _lengths(sent: Sentence) -> list[Hit]:
    """'From January to May, the six months', 'a three-day workshop, 4 to 7 May', 'over two days, 15 and 16 October'."""
    found: list[Hit] = []
    for shape in (_LENGTH_BEFORE, _LENGTH_AFTER, _HYPHENED):
        for match in shape.finditer(sent.masked):
            index, dated = int(match["n"]), sent.dates[int(match["d"])]
            got = match.groupdict()
            mention = sent.mentions[index]
            unit = got.get("unit") or mention.kin
            if re.search(
                r"\b(?:ago|hace|before|after|antes|después|previous|anteriores|per|por|every|cada|later|más tarde|within)\b",
                (got.get("after") or "") + got["gap"],
            ):
                continue
            if re.search(
                r"\b(?:previous|last|next|próximos|anteriores|últimos|hace|every|cada|per|within|after)\s*$",
                sent.masked[: match.start()],
            ):
                continue
            found += _length(sent, index, unit, dated)
    return found[:1]


def _length(sent: Sentence, index: int, unit: str, dated: Dated) -> list[Hit]:
    span = _span(unit, dated)
    if span is None:
        return []
    said = sent.text[dated.start : dated.end]
    return hit(relations.duration(sent.mentions[index].quantity(), *span, said), sent, [index])


def _span(unit: str, dated: Dated) -> tuple[Decimal, Decimal] | None:
    """How long a period lasts, from and to, in `unit`; ends may or may not be counted in."""
    if dated.faulty() or dated.reversed():
        return None
    one = Decimal(1)
    if dated.kind == "years" and unit == "year":
        years = Decimal((dated.last.year or 0) - (dated.first.year or 0))
        return years, years + one
    if dated.kind == "years" and unit == "decade":
        years = Decimal((dated.last.year or 0) - (dated.first.year or 0))
        return years / 10, (years + one) / 10
    if dated.kind == "months" and unit == "year" and dated.first.year and dated.last.year:
        years = dated.months() / 12
        return years - Decimal("0.5"), years + Decimal("0.5")
    if dated.kind == "months" and unit in ("month", "quarter", "semester"):
        months = dated.months()
        months += 12 if months <= 0 else 0
        if (dated.first.year is None) != (dated.last.year is None):
            return None
        each = Decimal({"month": 1, "quarter": 3, "semester": 6}[unit])
        return months / each, months / each
    if dated.kind == "days" and dated.days() > 0:
        days = dated.days()
        if (
            dated.first.year is None
            and dated.first.month == 2
            and (dated.last.month or 0) > 2
            and unit == "day"
        ):
            return days * 5 / 7 - 2, days + 1  # a leap year, perhaps
        size = {"day": one, "week": Decimal(7), "month": Decimal("30.4"), "year": Decimal(365)}.get(unit)
        if size is None:
            return None
        if unit == "day":
            return (days, days) if days <= 5 else (days * 5 / 7 - 2, days)
        return (days - 4) / size - Decimal("0.2"), (days + 2) / size + Decimal("0.2")
    return None


_HALF = {
    "en": [
        (r"first[ -](?:half|semester)(?: of (?:the year|<y\d+>))?", 1, 6), (r"second[ -](?:half|semester)(?: of (?:the year|<y\d+>))?", 7, 12),
        (r"first[ -]quarter", 1, 3), (r"second[ -]quarter", 4, 6), (r"third[ -]quarter", 7, 9), (r"(?:fourth|last) quarter", 10, 12),
    ],
    "es": [
        (r"primer semestre|primera mitad del año", 1, 6), (r"segundo semestre|segunda mitad del año", 7, 12), (r"primer trimestre", 1, 3),
        (r"segundo trimestre", 4, 6), (r"tercer trimestre", 7, 9), (r"(?:cuarto|último) trimestre", 10, 12),
    ],
}  # fmt: skip


def _labels(sent: Sentence) -> list[Hit]:
    """'The first half of 2024 (January to May)': a named period beside months that are not it."""
    found: list[Hit] = []
    for words, first, last in _HALF[sent.lang]:
        shape = re.compile(
            rf"(?:{words})(?:\s(?:results|figures|data|report|resultados|cifras|datos|informe))?(?:\s(?:of|de|del)\s(?:the year|año)?(?:<y\d+>)?)?[\s,]*[(,:–—-]?\s*(?:that is,? |es decir,? |i\.e\.,? |from |de |between |entre )?<r(?P<d>\d+)>|<r(?P<e>\d+)>,?\s?[(,–—]\s?(?:that is,? |es decir,? )?(?:the |el )?(?:{words})"
        )
        for match in shape.finditer(sent.masked):
            dated = sent.dates[int(match["d"] or match["e"])]
            if dated.kind == "months" and (dated.first.month, dated.last.month) != (first, last):
                said = sent.text[dated.start : dated.end]
                label = re.sub(r"<y\d+>", "", re.search(words, match.group()).group())  # type: ignore[union-attr]
                breach = Breach(
                    "period_label",
                    CONTRADICTION,
                    label.strip(),
                    said,
                    {"label": label.strip(), "period": said},
                )
                found += hit(breach, sent, [])
    return found or _previous(sent)


def _previous(sent: Sentence) -> list[Hit]:
    """'Between January and September ..., compared with the previous eight months' compares unequal spans."""
    match = re.search(
        r"\b(?:the |los )?(?:previous |preceding |same )<t(?P<n>\d+)>|\blos\s<t(?P<m>\d+)>\s(?:meses\s)?(?:anteriores|previos)",
        sent.masked,
    )
    ranges = [d for d in sent.dates if d.kind == "months"]
    if not match or not ranges:
        return []
    index = int(match["n"] or match["m"])
    if sent.mentions[index].kin != "month":
        return []
    spans = [span for d in ranges if (span := _span("month", d))]
    if not spans or any(relations.duration(sent.mentions[index].quantity(), *s, "") is None for s in spans):
        return []
    said = sent.text[ranges[-1].start : ranges[-1].end]
    params = {
        "stated": relations.plain(sent.mentions[index].value),
        "expected": relations.plain(spans[-1][0]),
        "period": said,
    }
    return hit(
        Breach("duration_mismatch", WARNING, params["stated"], params["expected"], params), sent, [index]
    )
