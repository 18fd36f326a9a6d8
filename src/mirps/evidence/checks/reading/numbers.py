"""Numbers in digits and in words, as either language and each of its countries writes them.

Honduras and Mexico write 1,234.5; Costa Rica 1 234,5; other Spanish texts 1.234,5. One
document has one style: a number that can only be read in the other is reported, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mirps.evidence.checks.reading import wordnumbers

#: Spaces that may part thousands: plain, no-break, narrow no-break and thin.
_SPACES = " \u00a0\u202f\u2009"
_DIGITS = re.compile(
    rf"(?:(?<![\w/#])|(?<=\b[QL]))(?<![A-Za-zÀ-ÿ]-)(?<!\d[.,'])(?<![\d][-–])"
    rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,'’]\d+)*)(?!\d)"
)
_SCALE = {
    "en": re.compile(r"[\s-]?(million|billion|thousand|mn|bn|m|k)\b(?!\w)", re.IGNORECASE),
    "es": re.compile(r"\s?(mil millones|millones|millón|millon|mil|mm|m|k)\b(?!\w)", re.IGNORECASE),
}
_SCALES = {"million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "thousand": 1000}
_SCALES |= {"k": 1000, "mil": 1000, "millón": 10**6, "millon": 10**6, "millones": 10**6, "mm": 10**6}
_SCALES |= {"mil millones": 10**9}

COMMA, DOT = "comma", "dot"  # which mark parts the thousands


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text. `value` is None when its marks do not fit the document's style."""

    start: int
    end: int
    value: Decimal | None
    step: Decimal
    raw: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How a document writes numbers, and whether it does so in two ways at once."""

    thousands: str
    mixed: bool = False


def lean(raw: str) -> tuple[str, bool]:
    """What a written number says of its style: (style or '', certain?)."""
    marks = re.sub(r"[\d\s'’\u00a0\u202f\u2009]", "", raw)
    if not marks:
        return "", False
    tail = len(re.split(r"[.,]", raw)[-1])
    if "," in marks and "." in marks:
        return (COMMA if marks[-1] == "." else DOT), True
    if re.search(r"\d[ \u00a0\u202f\u2009]\d", raw):  # 1 234,5: the mark is the decimal one
        return (DOT if marks == "," else COMMA), True
    if len(marks) > 1:
        return (COMMA if marks[0] == "," else DOT), True
    if tail != 3 or raw.startswith("0") or len(re.split(r"[.,]", raw)[0]) > 3:
        return (COMMA if marks == "." else DOT), True
    return (COMMA if marks == "," else DOT), False


def detect_style(raws: Iterable[str], lang: str) -> Style:
    """The style of a document from all its numbers; `mixed` when certain ones disagree."""
    certain = {COMMA: 0, DOT: 0}
    likely = {COMMA: 0, DOT: 0}
    for raw in raws:
        style, sure = lean(raw)
        if style:
            (certain if sure else likely)[style] += 1
    both = certain[COMMA] and certain[DOT]
    weigh = {s: 3 * certain[s] + likely[s] for s in (COMMA, DOT)}
    if weigh[COMMA] == weigh[DOT]:
        return Style(COMMA if lang == "en" else DOT, bool(both))
    if not any(certain.values()) and lang == "en" and not (likely[DOT] and not likely[COMMA]):
        return Style(COMMA)
    return Style(COMMA if weigh[COMMA] > weigh[DOT] else DOT, bool(both))


def read_digits(raw: str, style: str) -> tuple[Decimal, Decimal] | None:
    """(value, step) of a written number, or None when it does not fit the style."""
    group, point = (",", ".") if style == COMMA else (".", ",")
    text = re.sub(r"['’\s\u00a0\u202f\u2009]", "", raw)
    whole, _, decimals = text.partition(point)
    if point in decimals or group in decimals:
        return None
    if group in whole:
        first, *rest = whole.split(group)
        if not 1 <= len(first) <= 3 or any(len(r) != 3 for r in rest):
            return None
        whole = first + "".join(rest)
    step = Decimal(1).scaleb(-len(decimals))
    return Decimal(f"{whole}.{decimals}" if decimals else whole), step


def raw_numbers(text: str) -> list[re.Match[str]]:
    return [m for m in _DIGITS.finditer(text) if not _named(text, m)]


def _named(text: str, match: re.Match[str]) -> bool:
    """A number that is part of a name, an ordinal or a section number: '30th', '1.º', '3D', 'C-12'."""
    after = text[match.end() : match.end() + 3]
    if re.match(r"(st|nd|rd|th|\.?[ºª°o]\b|[ºª])", after, re.IGNORECASE):
        return True
    if re.match(r"[A-Za-zÀ-ÿ]", after) and not re.match(r"(?:[mMkK]\b|[mb]n\b|MM\b)", after):
        return True
    return bool(re.match(r"-[A-Za-z]{2,}\d|/\d", after))


def scan(text: str, lang: str, style: Style) -> list[Number]:
    """All numbers of a text in reading order, multipliers applied ('1.24 million', '2 millones 300 mil')."""
    found = [_from_digits(text, m, lang, style) for m in raw_numbers(text)]
    taken = [(n.start, n.end) for n in found]
    for word in wordnumbers.scan(text, lang):
        if not any(s < word.end and word.start < e for s, e in taken):
            raw = text[word.start : word.end]
            found.append(Number(word.start, word.end, word.value, word.step, raw, words=True))
    return _join(text, sorted(found, key=lambda n: n.start))


def _from_digits(text: str, match: re.Match[str], lang: str, style: Style) -> Number:
    raw, end = match.group(), match.end()
    read = read_digits(raw, style.thousands)
    scale = _SCALE[lang].match(text, end)
    factor = 1
    if scale and not (scale.group(1) == "m" and scale.group().startswith((" ", "-"))):  # '30 m' is metres
        factor, end = _SCALES[scale.group(1).lower()], scale.end()
    if read is None:
        return Number(match.start(), end, None, Decimal(1), text[match.start() : end])
    value, step = read
    rated = re.match(r"\s(?:per|por)\b", text[end:]) is not None  # '3.125 per thousand'
    if factor == 1 and step == Decimal("0.001") and lean(raw)[0] != style.thousands and not rated:
        return Number(match.start(), end, None, step, raw)  # 226.029 where the dot is the decimal mark
    if factor > 1 and step == 1 and value < 10:
        step = Decimal("0.1")  # '3 million' beside '2.5 million' is not rounded to whole millions
    return Number(match.start(), end, value * factor, step * factor, text[match.start() : end])


def _join(text: str, numbers: list[Number]) -> list[Number]:
    """'2 millones 300 mil' is one number."""
    joined: list[Number] = []
    for number in numbers:
        last = joined[-1] if joined else None
        if (
            last
            and last.value
            and number.value
            and not last.words
            and last.step >= 1000
            and number.value < (10**6 if last.value >= 10**6 else 1000)
            and text[last.end : number.start] == " "
            and last.raw[-1].islower()
        ):
            raw = text[last.start : number.end]
            joined[-1] = Number(last.start, number.end, last.value + number.value, number.step, raw)
        else:
            joined.append(number)
    return joined
