"""Numbers that stand in prose without a figure behind them, in Spanish and English.

Allowed: dates, years, ordinals, list numerals, Roman numerals, and the names of decrees,
laws and documents, recognised (`Decreto 44501`) or marked (`[name: 126 Te Orienta]`).
'one', 'un', 'una' are articles and pronouns far more often than numbers, and are allowed.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Stands in the text where a figure is bound; not a digit, not a letter.
BOUND = "\u25a1"

_MONTHS = {
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:[12]?\d|3[01])"
_COUNTED = {
    "es": r"personas?|solicitudes|refugiad[oa]s|solicitantes|niñ[oa]s|mujeres|hombres|familias|casos|permisos"
    r"|municipios|empresas|millones|mil|dólares|meses|días|años|por ciento",
    "en": r"people|persons?|applications|refugees|asylum-seekers|children|women|men|girls|boys|families|cases"
    r"|permits|municipalities|companies|million|thousand|dollars|months|days|years|per ?cent",
}
# Days in a row are counted, so that a long row of numbers is not tried from each of them to its end.
_ALLOWED = {
    "es": [
        rf"\b{_DAY}\.?[º°]?(?:(?:\s*[-–,]\s*|\s+(?:y|al?|o)\s+(?:el\s+)?){_DAY}){{0,9}}\s+de\s+(?:{_MONTHS['es']})\b"
        rf"(?:\s+(?:de|del)\s+{_YEAR})?",
        r"\b\d+(?:\.?[ºª°]|er|do|[rtmvn][oa])(?!\w)",
        r"\b(?:primer|segund|tercer|últim)[oa]?\s+(?:mitad|cuarto|tercio)\b",
    ],
    "en": [
        rf"\b{_DAY}(?:st|nd|rd|th)?(?:(?:\s*[-–,]\s*|\s+(?:and|to)\s+){_DAY}(?:st|nd|rd|th)?){{0,9}}\s+(?:of\s+)?"
        rf"(?:{_MONTHS['en']})\b(?:,?\s+{_YEAR})?",
        rf"\b(?:{_MONTHS['en']})\s+{_DAY}(?:st|nd|rd|th)?(?:(?:\s*[-–]\s*|\s+(?:to|and)\s+){_DAY})?\b(?:,?\s+{_YEAR})?",
        r"\b\d+(?:st|nd|rd|th)\b",
        r"\b(?:first|second|latter|third|last|final|other)\s+(?:half|quarter|third)\b",
    ],
}
_ALWAYS = [
    r"\b\d{4}-\d\d-\d\d\b",
    # decrees, laws, conventions: a word that names a text, then its number
    r"\b(?:[Dd]ecre(?:to|e)s?|[Ll]aw|[Ll]ey|[Aa]cuerdo|[Aa]greement|[Rr]esoluci[oó]n|[Rr]esolution"
    r"|[Aa]rt[ií]c(?:ulo|le)s?|[Nn]ote|[Oo]ficio|[Ff]ile|[Ee]xpediente)"
    r"(?:\s+(?:[Ee]jecutivo|[Ll]egislativo|[Gg]ubernativo|[Mm]inisterial))?"
    r"(?:\s+(?:[Nn][oº°]\.?|[Nn]\.[º°]|[Nn]úmero|[Nn]umber))?\s+[A-Z]*-?\d[\w./-]*\b",
    # letters that carry a number are a name (Cartagena+40, COVID-19), money is not
    r"(?<![\w$€])(?!(?:USD|EUR|CAD|HNL|GTQ|CRC|MXN|US|L|Q)[ .]?\d)[^\W\d_]+[-+]?\d+\b(?![.,]\d)",
    # a file number (DVM-AC-0080-01-2024), unless it begins with a currency
    r"\b(?!(?:USD|EUR|CAD|HNL|GTQ|CRC|MXN))[A-ZÁÉÍÓÚÑ]{2,}\w*(?:[-/]\w+)+\b",
    rf"(?<![\d.,$€]){_YEAR}s?(?:\s*[-–/]\s*{_YEAR})?\b(?![.,]\d|\s?%)",
    r"(?:^|(?<=[:;,(]\s)|(?<=\())\d{1,2}\)(?=\s)",
]
_WORDS = {
    "es": r"cero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince"
    r"|dieci\w+|veint[ei]\w*|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
    r"|cien(?:to)?s?|(?:dos|tres|cuatro|seis|ocho)cient[oa]s|quinient[oa]s|setecient[oa]s|novecient[oa]s"
    r"|mil(?:es|lar|lares)?|mill[oó]n(?:es)?|docenas?|decenas?|centenar(?:es)?|medi[oa]\s+(?:millón|docena)"
    r"|mitad|tercios?|(?:tercera|cuarta|quinta|décima)\s+partes?|el\s+doble|el\s+triple"
    r"|duplic\w+|triplic\w+|cuadruplic\w+",
    "en": r"zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?"
    r"|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|thirds|quarters"
    r"|(?:a|one)\s+(?:third|quarter|fifth|tenth)|twice|doubl(?:e|ed|ing)|tripl(?:e|ed|ing)|quadrupl\w+",
}
_NOT_WORDS = {"es": r"por\s+ciento\b|medio\s+ambiente", "en": r"\bper\s+cent\b"}

_allowed = {
    lang: re.compile("|".join([*_ALLOWED[lang], *_ALWAYS, _NOT_WORDS[lang]]), re.MULTILINE)
    for lang in ("es", "en")
}
_counted_year = {
    lang: re.compile(rf"(?<![\d.,]){_YEAR}(?=\s+(?:{_COUNTED[lang]})\b)", re.IGNORECASE)
    for lang in ("es", "en")
}
_literal = {
    lang: re.compile(
        rf"[¼½¾⅓⅔⅛]|\d[\d.,\u00a0\u202f]*\d\s?%|\d+\s?%|\d(?:[\d.,]*\d)?|\b(?:{_WORDS[lang]})\b",
        re.IGNORECASE,
    )
    for lang in ("es", "en")
}
NAME = re.compile(r"\[name:\s*([^\]]+)\]")


@lru_cache(maxsize=10_000)
def literals(text: str, lang: str) -> tuple[str, ...]:
    """The numbers of `text` that no figure stands behind, in order of reading.

    `text` has `BOUND` where a figure is bound and no longer holds marked names.
    """
    hits = [(m.start(), m.group()) for m in _counted_year[lang].finditer(text)]
    rest = _counted_year[lang].sub(lambda m: " " * len(m.group()), text)
    rest = _allowed[lang].sub(lambda m: " " * len(m.group()), rest)
    hits += [(m.start(), m.group()) for m in _literal[lang].finditer(rest)]
    return tuple(word for _, word in sorted(hits))
