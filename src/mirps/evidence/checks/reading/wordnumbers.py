"""Numbers written in words, in English and Spanish: 'three hundred and eighty-one', 'dos mil trescientos'."""

# ruff: noqa: SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ES_SMALL = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()

SMALL: dict[str, dict[str, int]] = {
    "en": {w: i for i, w in enumerate(_EN_SMALL)} | {w: 20 + 10 * i for i, w in enumerate(_EN_TENS)},
    "es": {w: i for i, w in enumerate(_ES_SMALL)}
    | {w: 30 + 10 * i for i, w in enumerate(_ES_TENS)}
    | {w: 200 + 100 * i for i, w in enumerate(_ES_HUNDREDS)}
    | {w[:-2] + "as": 200 + 100 * i for i, w in enumerate(_ES_HUNDREDS)}
    | {"un": 1, "una": 1, "veintiún": 21, "veintiun": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23}
    | {"veintiseis": 26, "dieciseis": 16, "cien": 100, "ciento": 100},
}
SCALES: dict[str, dict[str, int]] = {
    "en": {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
    "es": {"mil": 1000, "millón": 10**6, "millon": 10**6, "millones": 10**6},
}
#: Words that are a number by themselves after an article: 'a dozen', 'un centenar'.
GROUPS: dict[str, dict[str, int]] = {
    "en": {"dozen": 12, "score": 20},
    "es": {"docena": 12, "decena": 10, "veintena": 20, "treintena": 30, "centenar": 100} | {"millar": 1000},
}
_STEMS = {lang: {w.rstrip("es"): n for w, n in groups.items()} for lang, groups in GROUPS.items()}
_ARTICLE = {"en": ("a",), "es": ("un", "una")}
_JOIN = {"en": "and", "es": "y"}


class Words(NamedTuple):
    start: int
    end: int
    value: Decimal
    step: Decimal


def _pattern(lang: str) -> re.Pattern[str]:
    words = [
        *SMALL[lang],
        *SCALES[lang],
        *GROUPS[lang],
        *(f"{w}{'es' if w[-1] in 'lr' else 's'}" for w in GROUPS[lang]),
    ]
    word = "|".join(sorted(words, key=len, reverse=True))
    article = "|".join(_ARTICLE[lang])
    join = _JOIN[lang]
    half = r"half a million|half a dozen|" if lang == "en" else r"medio millón|medio millon|media docena|"
    return re.compile(
        rf"(?<![\w.-])(?:{half}(?:(?:{article})\s+)?(?:{word})(?:(?:\s+{join}\s+|[\s-]+)(?:{word}))*)(?!\w)",
        re.IGNORECASE,
    )


_PATTERNS = {lang: _pattern(lang) for lang in SMALL}
_HALVES = {
    "half a million": 500_000,
    "half a dozen": 6,
    "medio millón": 500_000,
    "medio millon": 500_000,
    "media docena": 6,
}


def scan(text: str, lang: str) -> list[Words]:
    """Every number in words, longest reading first; 'three and four' are two numbers."""
    found: list[Words] = []
    for match in _PATTERNS[lang].finditer(text):
        raw = re.sub(r"\s+", " ", match.group().lower())
        if raw in _HALVES:
            found.append(Words(match.start(), match.end(), Decimal(_HALVES[raw]), Decimal(_HALVES[raw]) / 10))
            continue
        named = match.group()[0].isupper() and re.match(r"\s[A-ZÁÉÍÓÚÑ]", text[match.end() :])
        if named and re.search(r"[\w,:;(]\s$", text[: match.start()]):
            continue  # 'Tres Ceibas' is a place
        found.extend(_read(match.start(), match.group(), lang))
    return found


def _read(offset: int, raw: str, lang: str) -> list[Words]:
    """Read a run of number words; where the run cannot be one number, start another."""
    found: list[Words] = []
    tokens = [(m.group().lower(), m.start(), m.end()) for m in re.finditer(r"\w+", raw)]
    join = _JOIN[lang]
    at = 0
    while at < len(tokens):
        if tokens[at][0] == join:
            at += 1
            continue
        value, after = _one(tokens, at, lang)
        if after == at:
            at += 1
            continue
        scale = max((s for s in SCALES[lang].values() if value >= s and value % s == 0), default=1)
        step = Decimal(scale if scale >= 10**6 else 1)
        found.append(Words(offset + tokens[at][1], offset + tokens[after - 1][2], Decimal(value), step))
        at = after
    return found


def _one(tokens: list[tuple[str, int, int]], at: int, lang: str) -> tuple[int, int]:
    """The number that begins at token `at` and the token after it (`at` when none does)."""
    small, scales, groups = SMALL[lang], SCALES[lang], GROUPS[lang]
    total, current, i, last = 0, 0, at, 10**12
    room = 10**12  # the next small word must be below this: 'twenty three' yes, 'three twenty' no
    while i < len(tokens):
        word = tokens[i][0]
        follows = tokens[i + 1][0] if i + 1 < len(tokens) else ""
        if word in _ARTICLE[lang] and i == at and (follows in scales or follows in groups):
            current = 1
        elif word in groups and (i == at or (i == at + 1 and current)):
            return max(current, 1) * groups[word], i + 1
        elif word.rstrip("es") in _STEMS[lang] and i > at and 0 < current < 100:
            return current * _STEMS[lang][word.rstrip("es")], i + 1
        elif word == "hundred" and 0 < current < 100:
            current, room = current * 100, 100
        elif word in scales and scales[word] > 100 and scales[word] < last:
            last = scales[word]
            total, current, room = total + max(current, 1) * last, 0, 10**12
        elif word in scales and scales[word] > 100 and word.startswith("mill") and total and not current:
            total, last = total * scales[word], scales[word]  # 'mil millones'
        elif word in small and 0 < small[word] < room and small[word] < last:
            current, room = current + small[word], _room(small[word])
        elif word in small and small[word] == 0 and i == at:
            return 0, i + 1
        elif word == _JOIN[lang] and i > at and follows in small and small[follows] < _joined(current, lang):
            pass
        else:
            break
        i += 1
    return (total + current, i) if i > at and (total + current) else (0, at)


def _room(value: int) -> int:
    if value >= 100:
        return 100
    return 10 if value >= 20 and value % 10 == 0 else 0


def _joined(current: int, lang: str) -> int:
    """What may follow 'and': below a hundred after hundreds (English), a unit after tens (Spanish)."""
    if lang == "en":
        return 100 if current % 100 == 0 else 0
    return 10 if 30 <= current % 100 <= 90 and current % 10 == 0 else 0
