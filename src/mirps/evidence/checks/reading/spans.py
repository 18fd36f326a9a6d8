"""Spans of time by their names and by the dates at both ends."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import WEEKDAYS, Dated, Moment
from mirps.evidence.checks.reading.patterns import Hit, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach

#: Named lengths: word -> (unit, how many).
_NAMED = {
    "biennium": ("year", 2), "biennial": ("year", 2), "triennium": ("year", 3), "quadrennium": ("year", 4), "quinquennium": ("year", 5),
    "decade": ("year", 10), "fortnight": ("day", 14), "quarter": ("month", 3), "semester": ("month", 6), "half-year": ("month", 6), "half year": ("month", 6),
    "bienio": ("year", 2), "trienio": ("year", 3), "cuatrienio": ("year", 4), "cuadrienio": ("year", 4), "quinquenio": ("year", 5), "quinquenal": ("year", 5),
    "sexenio": ("year", 6), "decenio": ("year", 10), "década": ("year", 10), "decenal": ("year", 10), "bienal": ("year", 2), "trienal": ("year", 3),
    "bimestre": ("month", 2), "bimestral": ("month", 2), "trimestral": ("month", 3), "semestral": ("month", 6), "cuatrimestral": ("month", 4), "quarterly": ("month", 3), "half-yearly": ("month", 6), "six-monthly": ("month", 6), "trimestre": ("month", 3), "cuatrimestre": ("month", 4), "semestre": ("month", 6), "quincena": ("day", 15),
}  # fmt: skip
_WORDS = "|".join(sorted(_NAMED, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?<!<)\b(?<!two )(?<!three )(?<!tres )(?<!dos )(?P<w>{_WORDS})\b(?P<g>[^<.;]{{0,28}}?)<r(?P<d>\d+)>"
)
_AFTER = re.compile(rf"<r(?P<d>\d+)>(?P<g>,?\s(?:a|an|un|una|the|el|la)?\s?)(?P<w>{_WORDS})\b")
_LATER = re.compile(
    r"<(?P<k1>[dhy])(?P<a>\d+)>(?P<g>[^.;]{0,80}?)<t(?P<n>\d+)>\s[\wáéíóúñ]+\s(?:later|after(?:wards)?|después|más tarde)\b,?[^.;<]{0,25}<(?P<k2>[dhy])(?P<b>\d+)>"
    r"|<(?P<k3>[dhy])(?P<a2>\d+)>[^.;]{0,70}?<(?P<k4>[dhy])(?P<b2>\d+)>,?\s(?:exactly\s|exactamente\s)?<t(?P<n2>\d+)>\s[\wáéíóúñ]+\s(?:later|after(?:wards)?|después|más tarde)\b"
)
_START = r"(?:opened|began|begins?|started|starts?|launched|from|abrió|abre|comenzó|empezó|inició|inicia|arrancó|se inauguró|empezaron|comenzaron|iniciaron)"
_FINISH = r"(?:closed|closes?|ended|ends?|concluded|finished|expired|terminated|cerró|cierra|terminó|concluyó|finalizó|acabó|venció|culminó|terminaron|concluyeron|finalizaron)"
_COURSE = re.compile(
    rf"\b{_START}\b[^<.;]{{0,40}}<(?P<k1>[dhy])(?P<a>\d+)>[^<;]{{0,60}}\b{_FINISH}\b[^<.;]{{0,40}}<(?P<k2>[dhy])(?P<b>\d+)>"
)
_REPORT = re.compile(
    r"\b(?:annual report|informe anual|yearbook|anuario|memoria(?: anual)?|report for|informe de)\s(?:of\s|for\s|de\s|del\s|correspondiente a\s)?<y(?P<a>\d+)>"
)
_COVERED = re.compile(
    r"\b(?:period covered|reporting period|covers?|covering|período|periodo|abarca|cubre|comprende)\b[^<]{0,40}<[rh](?P<b>\d+)>"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        found += _named(sent)
        found += _later(sent)
        found += _course(sent)
        found += _weekdays(sent)
        following = (
            sentences[i + 1] if i + 1 < len(sentences) and sentences[i + 1].block is sent.block else None
        )
        found += _report(sent, following)
    return found


def _named(sent: Sentence) -> list[Hit]:
    """'The biennium 2021-2024', 'a fortnight, from 2 to 30 September'."""
    for shape in (_BEFORE, _AFTER):
        for match in shape.finditer(sent.masked):
            dated = sent.dates[int(match["d"])]
            unit, size = _NAMED[match["w"]]
            span = _length(dated, unit)
            if span is None or re.search(
                r"\b(?:before|after|antes|después|desde|since|respecto|than|compar\w+|que|frente)\b",
                match["g"],
            ):
                continue
            room = Decimal(2) if unit == "day" else Decimal(0)
            if span[0] - room <= size <= span[1] + room:
                continue
            said = sent.text[dated.start : dated.end]
            params = {"label": match["w"], "period": said}
            return hit(Breach("period_label", CONTRADICTION, match["w"], said, params), sent, [])
    return []


def _length(dated: Dated, unit: str) -> tuple[Decimal, Decimal] | None:
    if dated.faulty() or dated.reversed():
        return None
    if unit == "year" and dated.kind == "years":
        years = Decimal((dated.last.year or 0) - (dated.first.year or 0))
        return years, years + 1
    if unit == "month" and dated.kind == "months":
        months = dated.months()
        return (months, months) if months > 0 else (months + 12, months + 12)
    if unit == "month" and dated.kind == "days" and dated.days() > 0:
        months = dated.days() / Decimal("30.44")
        return months - Decimal("0.4"), months + Decimal("0.4")
    if unit == "day" and dated.kind == "days" and dated.days() > 0:
        return dated.days() - 1, dated.days()
    return None


def _day(moment: Moment, year: int) -> date:
    return date(moment.year or year, moment.month or 1, moment.day or 1)


def _later(sent: Sentence) -> list[Hit]:
    """'Passed on 10 February, in force 90 days later, on 10 April'."""
    match = _LATER.search(sent.masked)
    if not match:
        return []
    got = match.groupdict()
    first, last = (sent.dates[int(got[k] or got[k + "2"])] for k in "ab")
    index = int(got["n"] or got["n2"])
    kinds = {first.kind, last.kind}
    mention = sent.mentions[index]
    if (
        first.faulty()
        or last.faulty()
        or (kinds != {"day"} and mention.kin in ("day", "week"))
        or len(kinds) > 1
    ):
        return []
    year = first.first.year or last.first.year or 2023
    days = Decimal((_day(last.first, year) - _day(first.first, year)).days)
    size = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.44"), "year": Decimal("365.25")}.get(
        mention.kin
    )
    if size is None or days <= 0:
        return []
    length = (days / size).quantize(Decimal("0.1"))
    room = {"day": Decimal(1), "week": Decimal("0.6"), "month": Decimal("0.6"), "year": Decimal("0.6")}[
        mention.kin
    ]
    said = f"{sent.text[first.start : first.end]} … {sent.text[last.start : last.end]}"
    breach = relations.duration(mention.quantity(), length - room, length + room, said)
    return hit(breach, sent, [index])


def _course(sent: Sentence) -> list[Hit]:
    """'Opened on 20 August 2024 and closed on 5 July 2024'."""
    match = _COURSE.search(sent.masked)
    if not match or match["k1"] != match["k2"]:
        return []
    first, last = sent.dates[int(match["a"])], sent.dates[int(match["b"])]
    if first.faulty() or last.faulty() or not first.first.year or not last.first.year:
        return []
    if _day(last.first, 0) >= _day(first.first, 0):
        return []
    said = f"{sent.text[first.start : first.end]} … {sent.text[last.start : last.end]}"
    return hit(Breach("period_reversed", CONTRADICTION, said, "", {"period": said}), sent, [])


_DAY = {
    "en": re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b"),
    "es": re.compile(r"\b(lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)\b"),
}


def _weekdays(sent: Sentence) -> list[Hit]:
    """'29 February 2024, a Friday'; 'un jueves, el 3/12/2024'."""
    days = [
        d for d in sent.dates if d.kind == "day" and d.weekday is None and d.first.year and d.first.exists()
    ]
    if len(days) != 1 or len([d for d in sent.dates if d.kind in ("day", "days")]) != 1:
        return []
    found = list(_DAY[sent.lang].finditer(sent.masked))
    index = sent.dates.index(days[0])
    at = sent.masked.find(f"<d{index}>")
    if len(found) != 1 or at < 0:
        return []
    word = found[0]
    gap = sent.masked[word.end() : at] if word.end() <= at else sent.masked[at + 4 : word.start()]
    links = r"[\s,(]*(?:(?:a|an|the|un|el|día|on|which|that|que|was|is|fell|falls|cayó|cae|fue|en|es|of|de|date|fecha|y|and|it)[\s,]*){0,5}"
    if not re.fullmatch(links, gap):
        return []
    names = [n.replace("é", "e").replace("á", "a") for n in WEEKDAYS[sent.lang]]
    stated = next(
        i for i, n in enumerate(names) if n[:3] == word.group().replace("é", "e").replace("á", "a")[:3]
    )
    actual = _day(days[0].first, 0).weekday()
    if stated == actual:
        return []
    said = sent.text[days[0].start : days[0].end]
    params = {"date": said, "es": WEEKDAYS["es"][actual], "en": WEEKDAYS["en"][actual]}
    return hit(
        Breach(
            "weekday_mismatch",
            CONTRADICTION,
            WEEKDAYS[sent.lang][stated],
            WEEKDAYS[sent.lang][actual],
            params,
        ),
        sent,
        [],
    )


def _report(sent: Sentence, following: Sentence | None) -> list[Hit]:
    """'Annual report 2022. Period covered: January to December 2023.'"""
    title = _REPORT.search(sent.masked)
    for source in (sent, following):
        covered = (
            _COVERED.search(source.masked, title.end() if title and source is sent else 0)
            if title and source is not None
            else None
        )
        if not title or covered is None or source is None:
            continue
        year, dated = sent.dates[int(title["a"])].first.year, source.dates[int(covered["b"])]
        years = {dated.first.year, dated.last.year} - {None}
        if years and year not in years and dated.kind in ("months", "days", "month"):
            said = source.text[dated.start : dated.end]
            params = {"label": sent.text[title.start() : title.start() + 30].strip(), "period": said}
            params["label"] = f"{year}"
            return hit(Breach("period_label", CONTRADICTION, str(year), said, params), source, [])
    return []
