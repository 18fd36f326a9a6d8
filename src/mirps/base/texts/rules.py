"""Texts in Spanish and English, and numbers and dates as a reader's country writes them.

The catalogue is data/texts/*.yaml: key -> {es, en}, both or the load fails. Considered:
gettext (makes one language the key of the other, and the two are equal here) and Fluent
(tens of microseconds a text; a page has hundreds). See docs/adr/0004.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, parse_pattern

LANGUAGES = ("es", "en")
#: libyaml where the wheel has it: ten times as fast, and every process reads the catalogue when it starts.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: The locale that speaks for a language when the reader named no country.
DEFAULT_LOCALE = {"es": "es_419", "en": "en_001"}


class TextFault(ValueError):
    """A text that lacks a language or stands twice. The message names file and key."""


@dataclass(frozen=True, slots=True)
class Text:
    es: str
    en: str

    def fingerprint(self, lang: str) -> str:
        """A short hash of one language, by which its translation knows it has changed."""
        return hashlib.sha256(getattr(self, lang).encode()).hexdigest()[:12]


def in_lang(text: Text, lang: str) -> str:
    return text.es if lang == "es" else text.en


class Catalogue(dict[str, Text]):
    def say(self, key: str, lang: str, /, **values: object) -> str:
        """The text of `key` in `lang` with `{names}` filled in. KeyError if there is none."""
        text = in_lang(self[key], lang)
        return text.format(**values) if values else text


def load(folder: Path) -> Catalogue:
    """Read every catalogue file. Raises TextFault naming the file, the key and what it lacks."""
    out = Catalogue()
    for path in sorted(folder.glob("*.yaml")):
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML) or {}  # noqa: S506 - a safe loader
        for key, value in _flatten(entries):
            where = f"{path.name}: {key}"
            if not isinstance(value, dict) or set(value) != set(LANGUAGES):
                raise TextFault(f"{where}: give exactly es and en")
            if not all(isinstance(value[lang], str) and value[lang].strip() for lang in LANGUAGES):
                raise TextFault(f"{where}: a language is empty")
            if key in out:
                raise TextFault(f"{where}: stands twice")
            out[key] = Text(es=value["es"], en=value["en"])
    return out


def _flatten(node: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in node.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not set(value) & set(LANGUAGES):
            yield from _flatten(value, f"{key}.")
        else:
            yield key, value


@cache
def _marks(locale: str) -> tuple[str, str, int]:
    """Decimal mark, group mark and the fewest digits that are grouped, from CLDR."""
    parsed = Locale.parse(locale)
    symbols = parsed.number_symbols["latn"]
    # CLDR's Spanish groups from five digits only; official tables group from four.
    return symbols["decimal"], symbols["group"].replace("\u202f", "\u00a0"), 4


def marks(locale: str) -> tuple[str, str]:
    """The decimal mark and the mark between thousands of a locale."""
    return _marks(locale)[:2]


@lru_cache(maxsize=20_000)
def number(value: Decimal | int, locale: str, places: int | None = None) -> str:
    """A number as the locale writes it: 226,029 in Honduras, 226 029 in Costa Rica."""
    d = Decimal(value)
    if places is not None:
        d = d.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    point, group, fewest = _marks(locale)
    sign, digits = ("\u2212", -d) if d < 0 else ("", d)
    whole, _, part = f"{digits:f}".partition(".")
    if places is None:
        part = part.rstrip("0")
    if len(whole) >= fewest:
        whole = f"{int(whole):,}".replace(",", group)
    return f"{sign}{whole}{point}{part}" if part else f"{sign}{whole}"


@lru_cache(maxsize=5_000)
def day(value: date, locale: str, form: str = "long") -> str:
    pattern = _pattern(locale) if form == "long" else form
    d, y, (short, wide) = value.day, value.year, _month(locale, value.month)
    parts = {"d": d, "dd": f"{d:02}", "M": value.month, "MM": f"{value.month:02}", "MMM": short, "MMMM": wide,
             "y": y, "yy": f"{y % 100:02}"}  # fmt: skip
    try:
        return _shape(locale, pattern) % parts
    except KeyError:  # it asks for more than day, month and year
        return format_date(value, pattern, locale=locale)


@cache
def _shape(locale: str, pattern: str) -> str:
    """A pattern of CLDR as Python fills it in: Babel itself takes its time over each day."""
    named = Locale.parse(locale).date_formats
    return str((named[pattern] if pattern in named else parse_pattern(pattern)).format)


@cache
def _month(locale: str, month: int) -> tuple[str, str]:
    """Its name as it stands in a date, abbreviated and in full."""
    names = Locale.parse(locale).months["format"]
    return names["abbreviated"][month], names["wide"][month]


@cache
def _pattern(locale: str) -> str:
    """The locale's long form of a day. CLDR gives Honduras and Belize '05 de diciembre'; nobody says so."""
    return str(Locale.parse(locale).date_formats["long"].pattern).replace("dd", "d")


def partial_date(text: str, locale: str) -> str:
    """A date as exact as it was stated: `2024`, `2024-06`, `2024-06-14`, `2023/2033`, `2004/..`."""
    return " – ".join(_partial(part, locale) for part in text.split("/"))


def _partial(text: str, locale: str) -> str:
    if text == "..":
        return "…"
    forms = {4: "y", 7: "MMMM y", 10: _pattern(locale)}
    if len(text) not in forms or not text.replace("-", "").isdecimal():
        return text
    form = forms[len(text)]
    # Spanish puts «de» between month and year; the pattern of CLDR's skeleton knows it.
    if form == "MMMM y":
        return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=locale)
    return format_date(date.fromisoformat((text + "-01-01")[:10]), form, locale=locale)


def moment(value: datetime, locale: str) -> str:
    """The day and the minute: nobody needs the seconds."""
    clock = _clock(value.time().replace(second=0, microsecond=0), locale)
    return _joined(locale).replace("{0}", clock).replace("{1}", day(value.date(), locale, "medium"))


@cache
def _joined(locale: str) -> str:
    return str(get_datetime_format("medium", locale=locale)).replace("'", "")


@lru_cache(maxsize=5_000)
def _clock(value: time, locale: str) -> str:
    """Filled in as a day is (`_shape`)."""
    hour, of_twelve = value.hour, value.hour % 12 or 12
    parts = {"H": hour, "HH": f"{hour:02}", "h": of_twelve, "hh": f"{of_twelve:02}", "mm": f"{value.minute:02}",
             "a": _half(hour, locale)}  # fmt: skip
    try:
        return str(Locale.parse(locale).time_formats["short"].format) % parts
    except KeyError:  # it asks for more than these
        return format_time(value, "short", locale=locale)


@cache
def _half(hour: int, locale: str) -> str:
    """Before noon or after."""
    return format_time(time(hour), "a", locale=locale)


def locale_for(lang: str, country: str, locales: Mapping[str, Mapping[str, str]]) -> str:
    """The locale of a language for a reader in `country` (ISO3), or the language's default."""
    return locales.get(country, {}).get(lang) or DEFAULT_LOCALE[lang]


def stale(catalogue: Catalogue, reviewed: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Keys of which one language changed since both were last read together."""
    out = []
    for key, text in catalogue.items():
        seen = reviewed.get(key)
        if seen is None or any(seen.get(lang) != text.fingerprint(lang) for lang in LANGUAGES):
            out.append(key)
    return out
