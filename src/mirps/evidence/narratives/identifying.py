"""Words that could tell who a person is, in a text that tells their story. Pure.

Simple patterns in both languages, our own proposal: they ask a person to look again and decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UPPER = "A-ZÁÉÍÓÚÜÑ"
_LOWER = "a-záéíóúüñ"
_NAME = re.compile(
    rf"\b[{_UPPER}][{_LOWER}]+(?:\s+(?:(?:de|del|la|los|las|y)\s+)*[{_UPPER}][{_LOWER}]+){{1,4}}\b"
)
#: Words that begin sentences, so that 'Cuando María' is not taken for a name and a surname.
_OPENERS = frozenset(
    re.findall(
        r"\S+",
        """
    a al ante antes así aunque como con cuando cuánto de del desde después donde dónde durante el ella ellas ellos en
    entonces era es ese esa esta este esto fue ha hace hasta hoy la las le les lo los luego más mi mientras muy
    nadie ni no nos nuestra nuestro para pero poco por porque pues que quien se según si sin sobre solo su sus
    también tan tras tu un una uno y ya yo
    after all although an and as at before both but by during each every for from he her here his how i if in it its
    many my no not now of on once only or our she since so some still that the their then there these they this
    those through to today until we what when where while who with without yet you
    """,
    )
)
_AGE = (
    r"(?:\d{1,3}|(?:dieci\w+|veint\w+|(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?:\s+y\s+\w+)?"
    r"|once|doce|trece|catorce|quince))\s+años\b|\baged\s+\d{1,3}\b|\b\d{1,3}[\s-]years?[\s-]old\b"
)
_AGES = re.compile(_AGE, re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{4}[ .-]\d{4}(?![\w-])|\+\d[\d .-]{7,}\d"
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,64}")
_DOCUMENT = re.compile(
    r"\b\d{8}-\d\b|\b\d{4}-\d{4}-\d{5}\b|\b\d{4} \d{5} \d{4}\b|\b\d{13}\b|\b\d-\d{4}-\d{4}\b"
    r"|\b\d{1,2}-\d{2,4}-\d{3,6}\b"
    r"|\b[A-Z]{4}\d{6}[HM][A-Z]{5}\w\d\b|\b[A-Z]{1,2}\d{6,8}\b"
    r"|\b(?:pasaporte|passport|c[ée]dula|DPI|DUI|DNI|CURP|expediente|case file|case number)"
    r"\W{1,5}(?:\w{1,20}\W{1,5}){0,2}?[A-Z/-]{0,12}\d[\w/-]{0,30}",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\b(?:naci[óo]\s+el|born\s+on|fecha\s+de\s+nacimiento|date\s+of\s+birth)\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that could identify a person: `kind` is name, age-place, phone, mail, document or birth."""

    kind: str
    found: str
    line: int


def signs(text: str, *, places: frozenset[str], known: str) -> list[Sign]:
    """What to look at again, in order. `places`: folded names of towns; `known`: folded names of States,
    towns and institutions, a space before and after each: no person's."""
    found: list[tuple[int, str, str]] = []
    for kind, pattern in (("document", _DOCUMENT), ("phone", _PHONE), ("mail", _MAIL), ("birth", _BIRTH)):
        taken = [range(at, at + len(words)) for at, _, words in found]
        found += [
            (m.start(), kind, m.group())
            for m in pattern.finditer(text)
            if not any(m.start() in r for r in taken)
        ]
    found += [(at, "name", name) for at, name in _names(text, known)]
    for sentence in _SENTENCE.finditer(text):
        age = _AGES.search(sentence.group())
        if age and _names_place(sentence.group(), places):
            found.append((sentence.start() + age.start(), "age-place", age.group()))
    return [Sign(kind, words, text.count("\n", 0, at) + 1) for at, kind, words in sorted(found)]


def _names(text: str, known: str) -> Iterator[tuple[int, str]]:
    for m in _NAME.finditer(text):
        parts = m.group().split()
        start = m.start()
        if parts[0].casefold() in _OPENERS:
            start += len(parts[0]) + 1
            parts = parts[1:]
        own = [p for p in parts if p[0].isupper()]
        phrase = " ".join(parts)
        if len(own) >= 2 and f" {_fold(phrase)} " not in known:
            yield start, phrase


def _names_place(sentence: str, places: frozenset[str]) -> bool:
    words = [_fold(w) for w in re.findall(r"\w+", sentence)]
    runs = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return not runs.isdisjoint(places)


_PLAIN = str.maketrans("áéíóúüñ", "aeiouun")


def _fold(word: str) -> str:
    return word.casefold().translate(_PLAIN)
