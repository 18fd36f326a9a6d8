"""What is counted: the noun phrase that follows a number, and its head."""

# ruff: noqa: SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re

from mirps.evidence.checks.reading import lexicon

_ADJECTIVES_ES = frozenset(
    "nuevas nuevos primeras primeros grandes principales distintas distintos diferentes otras otros últimas últimos "
    "próximas próximos siguientes mismos mismas propias diversos diversas grandes nueva nuevo".split()
)
#: '60 aprobadas y 40 pendientes': an adjective stands for a noun said before.
_PARTICIPLE_ES = re.compile(
    r"(?<!est)(?<!merc)(?<!juzg)(?<!pobl)(?<!diplom)(?<!certific)(?:ad|id)[oa]s?$|^(?:pendientes?|restantes?|activ[oa]s?|abiert[oa]s?|inscrit[oa]s?|resuelt[oa]s?|urban[oa]s?|rural(?:es)?|vigentes?|virtual(?:es)?|presencial(?:es)?)$"
)
_COLLECTIVE = re.compile(
    r"(?:mill[oó]n(?:es)?|millar|centenar|decena|docena|quincena|veintena|dozen)s?$", re.IGNORECASE
)
_PLURALS = frozenset(("people", "children", "women", "men", "staff", "youth"))


def noun_phrase(text: str, pos: int, raw: str, lang: str) -> tuple[str, str, str]:
    """(head lemma, head as written, phrase) of what is counted, read to the right of a number."""
    rest = text[pos:]
    if _COLLECTIVE.search(raw):
        rest = re.sub(r"^\s+(?:de|of)\b", "", rest)
    words: list[str] = []
    for match in re.finditer(r"(\s+|^-)[\"“'‘]?([\wÀ-ÿ][\wÀ-ÿ'’/-]*)", rest):
        if match.start() != sum(len(w) for w in words):
            break
        word = match.group(2)
        if word.lower() in lexicon.STOP[lang] or len(words) > 6 or word[0].isdigit():
            break
        words.append(match.group())
    plain = [w.strip().strip("\"“'‘-") for w in words]
    head = _head_en(plain) if lang == "en" else _head_es(plain)
    if head < 0:
        return "", "", ""
    return lexicon.lemma(plain[head], lang), plain[head], " ".join(plain)


def _head_en(words: list[str]) -> int:
    """The last plural of the run ('temporary work permits processed')."""
    plural = [
        i
        for i, w in enumerate(words)
        if w.lower() in _PLURALS or (lexicon.lemma(w, "en") != w.lower() and not w.endswith("'s"))
    ]
    if plural:
        return plural[-1]
    person = [i for i, w in enumerate(words) if lexicon.lemma(w, "en") in lexicon.PERSON["en"]]
    return person[-1] if person else -1


def _head_es(words: list[str]) -> int:
    for i, word in enumerate(words):
        if word.lower() in _ADJECTIVES_ES:
            continue
        noun = lexicon.lemma(word, "es")
        known = noun in lexicon.PERSON["es"] or noun in lexicon.GENERIC["es"] or noun in lexicon.UNITS
        return i if known or not _PARTICIPLE_ES.search(word.lower()) else -1
    return -1
