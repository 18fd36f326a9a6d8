"""Words that bound or blur a quantity: 'more than', 'about', 'hasta', 'o más'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re

from mirps.evidence.checks.reading import lexicon
from mirps.evidence.figures.rules import Qualifier

#: How much of a text before a number is looked at, and how much first.
_NEAR, _PHRASE = 70, 48
#: 'Add up to 40', 'rose 20%, up to 880': reached, not bounded.
_REACHES = re.compile(
    r"\b(?:hand(?:s|ed|ing)?|took|taken?|takes|taking|turn(?:s|ed)?|carr(?:y|ied)|brought|left|moved)\s\|over|\b(?:add|sum|count)\w*\s\|up to|(?:%|per cent|percent|por ciento),?\s\|(?:up to|hasta)",
    re.IGNORECASE,
)
_LINK = r"l?\s?(?:(?:a total of|un total de|an estimated|the|las|los|el)\s)?$"
_QUALIFIERS = {
    lang: [(re.compile(rf"(?<![\w-])(?:{p}){_LINK}", re.IGNORECASE), q) for p, q in rows]
    for lang, rows in lexicon.QUALIFIERS.items()
}
#: Any of them, looked for first: most numbers are not qualified.
_QUALIFIED = {
    lang: re.compile(rf"(?<![\w-])(?:{'|'.join(p for p, _ in rows)}){_LINK}", re.IGNORECASE)
    for lang, rows in lexicon.QUALIFIERS.items()
}
#: 'No school had fewer than 20', 'no superó los 80': a bound denied is the opposite bound.
_NEGATED = re.compile(
    r"\b(?:(?:did|does|do|has|have|had|will|was|were|is|are)(?: not|n't)|never|nunca|tampoco|no(?: se| han?| había)?|(?:no|ningún|ninguna) (?!less|fewer|more)[a-záéíóúñ]+ (?:had|has|have|got|took|saw|tenía|tiene|tuvo|recibió))\s$",
    re.IGNORECASE,
)
_OPPOSITE = {Qualifier.AT_LEAST: Qualifier.AT_MOST, Qualifier.AT_MOST: Qualifier.AT_LEAST}
_BEHIND = {
    lang: [(re.compile(rf"\s?(?:{p})(?!\w)", re.IGNORECASE), q) for p, q in rows]
    for lang, rows in lexicon.AFTER_QUALIFIERS.items()
}


def qualifier(text: str, start: int, end: int, lang: str) -> tuple[int, Qualifier]:
    """Where a quantity begins with its qualifier, and which that is."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + 12]
    for pattern, kind in _BEHIND[lang]:
        if pattern.match(after):
            return start, kind
    for pattern, kind in _QUALIFIERS[lang] if _QUALIFIED[lang].search(before[-_PHRASE:]) else ():
        found = pattern.search(before)
        if found and _REACHES.search(before[: found.start()] + "|" + found.group()):
            continue
        if found and kind is not Qualifier.ABOUT and _NEGATED.search(before[: found.start()]):
            return found.start() + max(0, start - _NEAR), _OPPOSITE[kind]
        if found and not _compares(before[: found.start()], found.group()):
            return found.start() + max(0, start - _NEAR), kind
    return start, Qualifier.EXACT


def _compares(before: str, words: str) -> bool:
    """'21 fewer than 340' compares; it does not qualify 340. So does 'up 5% over 300'."""
    if not re.match(r"(?:more|fewer|less|over|above|below|under|más|menos)\b", words, re.IGNORECASE):
        return False
    return (
        re.search(
            r"(?:\d|%|\bper cent|\bpercent|por ciento|puntos|points|[\s-]times|veces|\b(?:third|quarter|half|fifth|tenth|tercio|mitad|cuarto|quinto)"
            r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|dozen|hundred|thousand|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|\w+ce|\w+nta(?: y \w+)?|dieci\w+|veinti\w+|cien(?:to)?|mil)(?:\s[a-záéíóúñ]+)?|\d\s[a-záéíóúñ]+)\s*$",
            before,
            re.IGNORECASE,
        )
        is not None
    )
