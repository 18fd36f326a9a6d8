"""Days, months, years and periods in English and Spanish texts."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MONTHS = {
    "en": "january february march april may june july august september october november december".split(),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ).split(),
}
WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}
_MONTH = {
    "en": r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?",
    "es": r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)",
}
_WEEKDAY = {
    "en": r"(?P<w>(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)\.)(?:,|\s+the)?\s+",
    "es": r"(?P<w>lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|(?:lun|mar|mi[ée]|jue|vie|s[áa]b|dom)\.),?\s+(?:el\s+|d[ií]a\s+)?",
}


@dataclass(frozen=True, slots=True)
class Moment:
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def exists(self) -> bool:
        if self.month is not None and not 1 <= self.month <= 12:
            return False
        if self.day is None or self.month is None:
            return self.day is None or 1 <= self.day <= 31
        year = self.year or 2024  # without a year, a leap day may exist
        return 1 <= self.day <= calendar.monthrange(year, self.month)[1]


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or period in a text. `kind`: day, month, year, or a range of one of them."""

    start: int
    end: int
    kind: str
    first: Moment
    last: Moment
    weekday: int | None = None

    @property
    def is_range(self) -> bool:
        return self.kind.endswith("s")

    def faulty(self) -> Moment | None:
        return next((m for m in (self.first, self.last) if not m.exists()), None)

    def reversed(self) -> bool:
        """Only where both ends name a year, or neither does within one named year."""
        if not self.is_range or self.faulty():
            return False
        if self.kind == "years":
            return (self.first.year or 0) > (self.last.year or 0)
        same = self.first.year is not None and self.last.year is not None
        return same and _ordinal(self.first) > _ordinal(self.last)

    def days(self) -> Decimal:
        first, last = (date(m.year or 2023, m.month or 1, m.day or 1) for m in (self.first, self.last))
        return Decimal((last - first).days + 1)

    def months(self) -> Decimal:
        a, b = self.first, self.last
        span = ((b.year or 0) - (a.year or 0)) * 12 if a.year and b.year else 0
        return Decimal(span + (b.month or 12) - (a.month or 1) + 1)

    def period(self) -> tuple[Moment, Moment]:
        return self.first, self.last


def _ordinal(moment: Moment) -> int:
    return ((moment.year or 0) * 12 + (moment.month or 1)) * 31 + (moment.day or 1)


def month_number(name: str, lang: str) -> int:
    name = name.lower().rstrip(".").replace("setiembre", "septiembre")
    return next(i for i, m in enumerate(MONTHS[lang], 1) if m.startswith(name[:3]))


_YEAR = r"(?P<y>(?:19|20)\d\d)(?![\d%])"


def _english() -> list[tuple[str, str]]:
    m, w, y = _MONTH["en"], _WEEKDAY["en"], _YEAR
    d, d2 = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?"
    to = r"\s*(?:to|and|through|until|till|[-–—])\s*(?:the\s+(?:(?:beginning|start|middle|end|close)\s+of\s+)?|(?:early|mid|late|end)[\s-])?"
    yr, yr2 = rf"(?:,?\s+(?:of\s+)?{y})?", r"(?:,?\s+(?:of\s+)?(?P<y2>(?:19|20)\d\d)(?!\d))?"
    end = r"(?![\d]|,\d{3})"
    return [
        ("days", rf"(?:{w})?{d}\s+(?P<m>{m}){yr}{to}{d2}\s+(?P<m2>{m}){yr2}"),
        ("days", rf"(?P<m>{m})\s+{d}{yr}{to}(?P<m2>{m})\s+{d2}{end}{yr2}"),
        ("days", rf"{d}{to}{d2}\s+(?:of\s+)?(?P<m>{m}){yr}"),
        ("days", rf"(?P<m>{m})\s+{d}{to}{d2}{end}{yr}"),
        ("day", rf"(?:{w})?{d}\s+(?:of\s+)?(?P<m>{m})\b{yr}"),
        ("day", rf"(?:{w})?(?P<m>{m})\s+{d}{end}{yr}"),
        ("months", rf"(?P<m>{m}){yr}{to}(?P<m2>{m})\b{yr2}"),
        ("month", rf"(?P<m>{m}),?\s+(?:of\s+)?{y}"),
    ]


def _spanish() -> list[tuple[str, str]]:
    m, w, y, of = _MONTH["es"], _WEEKDAY["es"], _YEAR, r"\s+de\s+"
    d = r"(?P<d>\d{1,2}|1[.]?[º°]|primero|treinta y (?:uno|dos)|treinta|veintinueve)"
    d2 = r"(?P<d2>\d{1,2})"
    to = r"\s*(?:al|a|y|hasta(?:\s+el)?|[-–—])\s*(?:el\s+)?(?:(?:principios|inicios|mediados|fin(?:al)?es|fin|cierre|final)\s+de\s+)?"
    yr = rf"(?:,?\s+(?:(?:de|del)(?:\s+año)?\s+)?{y})?"
    yr2 = r"(?:,?\s+(?:(?:de|del)(?:\s+año)?\s+)?(?P<y2>(?:19|20)\d\d)(?!\d))?"
    return [
        ("days", rf"(?:{w})?{d}{of}(?P<m>{m}){yr}{to}{d2}{of}(?P<m2>{m})\b{yr2}"),
        ("days", rf"{d}{to}{d2}{of}(?P<m>{m})\b{yr}"),
        ("day", rf"(?:{w})?{d}{of}(?P<m>{m})\b{yr}"),
        ("months", rf"(?P<m>{m})\b{yr}{to}(?P<m2>{m})\b{yr2}"),
        ("month", rf"(?P<m>{m})\s+(?:(?:de|del)(?:\s+año)?\s+)?{y}"),
    ]


def _patterns(lang: str) -> list[tuple[str, re.Pattern[str]]]:
    joins = r"\s*(?:[-–—]|to|and|a|y|al|until|hasta|through)\s*"
    rows = _english() if lang == "en" else _spanish()
    rows += [
        ("iso", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d{2})(?:-(?P<d>\d{2}))?(?![\d-])"),
        ("slash", r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)"),
        ("slash", r"(?:(?<=\bal )|(?<=\bel )|(?<=\bon )|(?<=\bby ))(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![/\d%])"),
        ("years", rf"(?<!\d)(?P<y>(?:19|20)\d\d){joins}(?P<y2>(?:19|20)\d\d)(?![\d%.,]\d)"),
        ("month", rf"(?P<m>{_MONTH[lang]})\b"),
        ("year", r"(?P<y>(?:19|20)\d\d)(?![\d%]|[.,]\d|\s?%)"),
    ]
    return [
        (
            kind,
            re.compile(
                rf"(?<![\w.,/])(?<![^deyt]-)(?<!^-){pattern}",
                re.IGNORECASE,
            ),
        )
        for kind, pattern in rows
    ]


_PATTERNS = {lang: _patterns(lang) for lang in MONTHS}
#: 'may' and 'mar' are words too: alone, a month wants a capital (English) or is spelt in full.
_MAYBE = re.compile(r"(?:may|march|mar|jan|dec|sep|sept|oct|nov|feb|apr|jun|jul|aug)\.?", re.IGNORECASE)


def scan(text: str, lang: str, is_year: Callable[[str, int, int], bool]) -> list[Dated]:
    """Dates and periods in reading order, widest first. `is_year(text, start, end)` tells a
    bare four-digit year from a count."""
    found: list[Dated] = []
    for kind, pattern in _PATTERNS[lang]:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(f.start < end and start < f.end for f in found):
                continue
            if kind == "year" and not is_year(text, start, end):
                continue
            if kind == "day" and _not_a_day(text, match, lang):
                continue
            word = match.groupdict().get("m") or ""
            if kind == "month" and _MAYBE.fullmatch(word) and not word[0].isupper():
                continue
            found.append(_dated(kind, match, lang))
    return sorted(found, key=lambda f: f.start)


def _not_a_day(text: str, match: re.Match[str], lang: str) -> bool:
    """'May 96 cases' and 'the 30 February Shelter' are no dates."""
    got = match.groupdict()
    if got.get("y"):
        return False
    named = re.match(r"\s[A-ZÁÉÍÓÚÑ]\w", text[match.end() :]) is not None and not re.search(
        r"[.,;]$", match.group()
    )
    month_first = lang == "en" and match.start("m") < match.start("d")
    day = _int(got.get("d")) or 0
    return named or (
        month_first
        and (
            day > 35
            or (
                re.match(r"\s(?:of\s)?[a-z]+s\b(?<!\bis)(?<!\bwas)", text[match.end() :]) is not None
                and day > 31
            )
        )
    )


def _dated(kind: str, match: re.Match[str], lang: str) -> Dated:
    got = {k: v for k, v in match.groupdict().items() if v}
    weekday = _weekday(got["w"], lang) if "w" in got else None
    year, year2 = _int(got.get("y")), _int(got.get("y2"))
    month, month2 = _month(got.get("m"), lang), _month(got.get("m2"), lang)
    day, day2 = _int(got.get("d")), _int(got.get("d2"))
    if kind in ("iso", "slash"):
        if kind == "slash" and lang == "en" and month and month > 12 and day and day <= 12:
            day, month = month, day  # written month first
        kind = "day" if day else "month"
    if kind == "years":
        return Dated(*match.span(), kind, Moment(year), Moment(year2))
    if kind in ("days", "months"):
        last = Moment(year2 or year, month2 or month, day2)
        first = Moment(year or (year2 if _before(month, month2 or month) else None), month, day)
        return Dated(*match.span(), kind, first, last, weekday)
    moment = Moment(year, month, day)
    return Dated(*match.span(), kind, moment, moment, weekday)


def _before(month: int | None, month2: int | None) -> bool:
    return (month or 0) <= (month2 or 0)


def _int(text: str | None) -> int | None:
    if not text:
        return None
    words = {"primero": 1, "treinta y uno": 31, "treinta y dos": 32, "treinta": 30, "veintinueve": 29}
    return words[text.lower()] if text.lower() in words else int(re.sub(r"\D", "", text))


def _month(text: str | None, lang: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else month_number(text, lang)


def _weekday(name: str, lang: str) -> int:
    plain = name.lower().replace("é", "e").replace("á", "a")
    plain = plain.rstrip(".")
    names = [w.replace("é", "e").replace("á", "a") for w in WEEKDAYS[lang]]
    return next(i for i, n in enumerate(names) if n.startswith(plain[:3]))
