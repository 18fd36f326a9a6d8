"""Groups whose size a word tells: 'these four cities', 'both municipalities', 'the trio of donors', 'son tres las ...'."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import lists, passage_lists
from mirps.evidence.checks.reading import lexicon
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.patterns import Hit, hit
from mirps.evidence.checks.relations import Quantity

_SIZES = {
    "both": 2,
    "amb": 2,
    "pair": 2,
    "duo": 2,
    "par": 2,
    "dúo": 2,
    "trio": 3,
    "trío": 3,
    "quar": 4,
    "cuar": 4,
    "quin": 5,
}
_GROUP = re.compile(
    r"\b(?:(?P<a>Both|Ambos|Ambas|both|ambos|ambas)\s(?P<n>[a-záéíóúñ]+(?:\s[a-záéíóúñ]+)?)|(?:[Tt]he|[Aa]|[Uu]n|[Ee]l)\s(?P<b>pair|duo|trio|quartet|quintet|par|dúo|trío|cuarteto|quinteto)\s(?:of|de)\s(?P<m>[a-záéíóúñ]+(?:\s[a-záéíóúñ]+)?))"
    r"(?:\s?(?P<open>\(|[—–]|\s-\s|,)\s?)(?P<list>[^()—–.;:\d]{5,300})"
)
_CLOSE = {"(": r"\)", "—": "—", "–": "–", " - ": r"\s-\s"}
_POINTING = re.compile(
    r"\b(?:[Tt]hese|[Tt]hose|[Ee]st[oa]s|[Ee]s[oa]s|[Dd]ich[oa]s|[Tt]he said|[Ll][oa]s mencionad[oa]s|[Ll][oa]s citad[oa]s)\s$"
)
_SON = re.compile(
    r"\b(?:son|eran|fueron|serán)\s(?:sólo\s|solo\s)?<c(?P<n>\d+)>\sl[oa]s\s[a-záéíóúñ]+(?:\s[a-záéíóúñ]+){0,3}:\s(?P<list>[^:;.<]{5,400})"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        found += _grouped(sent)
        found += _are(sent)
        found += _apposed(sent)
        if i and sentences[i - 1].block is sent.block:
            found += _pointed(sent, sentences[i - 1])
    return found


def _grouped(sent: Sentence) -> list[Hit]:
    """'Both municipalities (Upala, Los Chiles and La Cruz)'; 'the trio of donors, A, B, C and D, renewed'."""
    for match in _GROUP.finditer(sent.text):
        word = (match["a"] or match["b"]).lower()
        size = next(n for w, n in _SIZES.items() if word.startswith(w))
        text = match["list"]
        if match["open"].strip() == ",":
            named = lists._NAMES.match(text)
            if not named or not re.match(r"\s?(?:,|$|\.)|\s[a-záéíóúñ]+", text[named.end() :] or ","):
                continue
            text = named.group()
        elif match["open"] in _CLOSE and not re.match(_CLOSE[match["open"]], sent.text[match.end() :]):
            continue
        span = lists.items(text)
        if span and span[0] >= 2:
            breach = relations.list_count(Quantity(Decimal(size)), *span)
            if breach:
                return hit(breach, sent, [])
    return []


def _are(sent: Sentence) -> list[Hit]:
    """'Son tres las provincias priorizadas: Darién, Chiriquí, Colón y Veraguas.'"""
    match = _SON.search(sent.masked)
    if not match:
        return []
    index = int(match["n"])
    at = sent.text.find(": ", sent.mentions[index].end)
    span = lists.items(sent.text[at + 2 :]) if at > 0 else None
    return hit(relations.list_count(sent.mentions[index].quantity(), *span), sent, [index]) if span else []


#: What a text lists by name, for 'A, B and C, two departments on the border'.
_BODIES = frozenset(
    "department province country city municipality state institution organisation organization ministry agency district town canton language university partner donor company "
    "departamento provincia país ciudad municipio estado institución organización ministerio secretaría agencia distrito cantón idioma universidad socio donante empresa pueblo".split()
)
#: What is listed without capitals too: 'the four topics were asylum, statelessness and resettlement'.
_HEADS = _BODIES | frozenset(
    "topic theme subject area pillar priority objective axis phase stage component winner signatory service module aim goal "
    "tema área pilar prioridad objetivo eje fase etapa componente ganador firmante servicio módulo meta".split()
)
_FOLLOWS = re.compile(
    r"^(?:[.,;)]|$|\s(?:on|in|of|with|that|which|bordering|near|along|del?|que|con|en|ubicad\w+|situad\w+|fronteriz\w+|limítrofes?))"
)
_WERE = re.compile(
    r"^(?:\s[a-záéíóúñ-]+){1,3}?(?:\s(?:of|del?)\s[^,.;:\d]{2,40}?)?\s(?:are|were|son|fueron|eran|serán)\s(?P<list>[^,.;:\d]{2,45}(?:,\s[^,.;:\d]{2,45})+?,?\s(?:and|y|e)\s[^,.;:\d]{2,45})[.]?$"
)


#: As `lists._NAMES`, and with an article before the last: 'OIM, UNICEF y la Cruz Roja'.
_LISTED = re.compile(
    rf"{lists._NAME}(?:,\s{lists._NAME})*,?\s(?:and|y|e)\s(?:the\s|la\s|el\s|l[oa]s\s)?{lists._NAME}"
)


def _apposed(sent: Sentence) -> list[Hit]:
    """'Petén, Izabal and Zacapa, two departments on the border'; 'A, B and C (five organisations)'; 'the four topics were a and b'."""
    for index, m in enumerate(sent.mentions):
        if not passage_lists._may(m) or m.noun not in _HEADS:
            continue
        front, behind = sent.text[: m.begin], sent.text[m.end :]
        told = _WERE.match(behind)
        span = lists.items(told["list"]) if told and not _STATES.search(told["list"]) else None
        if span is None and m.noun in _BODIES:
            span = _led(front, behind, m.noun_raw)
        if span and span[0] >= 2 and abs(m.value - span[0]) <= 3:
            return hit(relations.list_count(m.quantity(), *span), sent, [index])
    return []


#: Between a list and the number of its members.
_JOINED = re.compile(
    r"(?:,\s(?P<x>(?:that is|i\.e\.|namely|in other words|es decir|o sea|esto es),?\s)?(?:in\s|en\s)?(?:the\s|l[oa]s\s)?|\s\()"
)


def _led(front: str, behind: str, noun: str) -> tuple[int, int] | None:
    """How many names stand right before a number that sums them up."""
    named = list(_LISTED.finditer(front))
    joined = _JOINED.fullmatch(front[named[-1].end() :]) if named else None
    if not named or not joined:
        return None
    opened = _OPENED.search(front[: named[-1].start()]) or _OPENED.search(
        named[-1].group().split(" ")[0] + " "
    )
    said = re.match(rf"\s(?:[a-záéíóúñ]+\s)?{re.escape(noun)}(?:\s[a-záéíóúñ]+[aoe]s)?(?P<rest>.*)", behind)
    rest = said["rest"] if said else "?"
    if front.endswith("("):
        alone = re.match(r"(?:\s(?!and\b|y\b|e\b)[a-záéíóúñ]+){0,4}\)", rest) is not None
    else:
        alone = _FOLLOWS.match(rest) is not None and not opened
    return lists.items(named[-1].group()) if alone or joined["x"] else None


_OPENED = re.compile(r"\b(?:[Ii]n|[Ee]n|[Aa]t|[Ff]or|[Pp]ara|[Ff]rom|[Dd]esde)\s(?:the\s)?$")


#: 'The two offices were closed, cleaned and reopened': states, no list.
_STATES = re.compile(
    r"^\w+(?:ed|[ai]d[oa]s)\b|\bnamely\b|(?:\w(?:ed|[ai]d[oa]s)\b.*){2}|\b(?:very|too|muy|not|no|small|large|new|pequeñ|nuev|grand)"
)


def _pointed(sent: Sentence, before: Sentence) -> list[Hit]:
    """'Workshops were held in Tegucigalpa, Choluteca and Danlí. In these four cities 120 people attended.'"""
    for index, m in enumerate(sent.mentions):
        if not passage_lists._may(m) or m.noun not in passage_lists._NAMED | {
            "city",
            "place",
            "lugar",
            "ciudad",
        }:
            continue
        if not _POINTING.search(sent.text[: m.start]) or any(x.noun == m.noun for x in before.mentions):
            continue
        named = list(lists._NAMES.finditer(before.text))
        alone = [n for n in named if n.start() > 0]
        if len(alone) != 1 or _others(before, alone[0], m.noun):
            return []
        span = lists.items(alone[0].group())
        if span and abs(m.value - span[0]) <= 3:
            return hit(relations.list_count(m.quantity(), *span), sent, [index])
    return []


def _others(before: Sentence, named: re.Match[str], noun: str) -> bool:
    """Whether the sentence names more than its one list, or the noun in its singular ('and the city of ...')."""
    rest = before.text[: named.start()] + " " + before.text[named.end() :]
    words = re.findall(r"(?<=[a-záéíóúñ,] )[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+", rest)
    single = any(w == noun and lexicon.lemma(w, before.lang) == w for w in rest.lower().split())
    return (
        bool(words)
        or single
        or re.search(r"\b(?:also|as well as|plus|too|también|además|así como)\b", rest) is not None
    )
