"""Stated counts against lists that stand elsewhere: in a later sentence, with figures, by marks, by bullets."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import lists, solver
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

REACH = 6
#: Bodies and places that a text lists by name.
_NAMED = frozenset(
    "ministry municipality country institution department organisation organization agency state language city company university member partner office province shelter town village district region signatory nationality council "
    "ministerio municipio municipalidad país institución departamento organización agencia estado idioma ciudad empresa universidad miembro socio oficina provincia albergue cantón secretaría pueblo distrito región firmante nacionalidad sede comunidad lengua".split()
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        before = [s for s in sentences[max(0, i - REACH) : i] if s.block is sent.block]
        found += _figured(sent)
        found += _numbered(sent)
        found += _in_places(sent)
        found += _told_later(sent, before)
        found += _marked_before(sent)
    found += _bullet_sums(sentences)
    return found


def _may(m: Mention) -> bool:
    return (
        m.kind == "c"
        and not m.weak
        and 2 <= m.value <= 15
        and m.qualifier is Qualifier.EXACT
        and bool(m.noun)
    )


_FIGURED = re.compile(
    r"^(?P<np>[^<.;:()]{1,60}?)(?::|\s\()\s?(?P<list>(?:[^<.;:()]{2,40}?[\s(:]<[cmp]\d+>[^<.;:,()]{0,25}\)?(?:[,;]\s?(?:and\s|y\s|e\s)?|\s(?:and|y|e)\s|[.)]|$)){2,14})"
)


def _figured(sent: Sentence) -> list[Hit]:
    """'Beds in the four shelters: Catacamas 45, Juticalpa 38, Trojes 31, Danlí 20, El Paraíso 16'."""
    for index, m in enumerate(sent.mentions):
        if not _may(m):
            continue
        match = _FIGURED.match(sent.masked.split(f"<c{index}>", 1)[1])
        if not match or re.search(r"\b(?:total|other|otr[oa]s|rest|resto|both|ambos)\b", match["list"]):
            continue
        listed = [int(n) for n in re.findall(r"<[cmp](\d+)>", match["list"])]
        kinds = {sent.mentions[i].kind for i in listed}
        labels = re.split(r"<[cmp]\d+>[^,;]*[,;]?", match["list"])[:-1]
        if len(listed) < 3 or len(kinds) > 1 or not all(re.search(r"[a-záéíóúñ]{3}", x) for x in labels):
            continue
        rest = sent.masked.split(match["list"], 1)[1]
        if re.search(r"[a-záéíóúñ]{3}", re.split(r"[.;)]", rest)[0]):
            continue  # an item without a figure stands behind
        if listed[-1] != len(sent.mentions) - 1 or abs(len(listed) - m.value) > 2 or m.kin == "person":
            continue
        return hit(relations.list_count(m.quantity(), len(listed), len(listed)), sent, [index])
    return []


_NUMBERED = re.compile(
    r"\b(?P<u>sections?|articles?|chapters?|pages?|clauses?|items?|annexes|grades?|artículos?|capítulos?|páginas?|numerales|cláusulas?|incisos?|grados?|secciones)\s(?:from\s|del?\s|l[oa]s\s|el\s)*(?P<a>\d{1,3}|<c\d+>)\s?(?:to|a|al|through|[-–])\s?(?P<b>\d{1,3}|<c\d+>)(?P<g>[^.;]{0,60}?)<c(?P<n>\d+)>\s(?:[a-z]+\s)?(?P<v>[a-záéíóúñ]+)"
)


def _numbered(sent: Sentence) -> list[Hit]:
    """'Sections 12 to 18, being six consecutive sections'."""
    for match in _NUMBERED.finditer(sent.masked):
        if subjects.stem(match["u"]) != subjects.stem(match["v"]) and match["v"] not in ("in", "en"):
            continue
        low, high = (
            int(sent.mentions[int(v[2:-1])].value) if v.startswith("<") else int(v)
            for v in (match["a"], match["b"])
        )
        index = int(match["n"])
        if 0 < high - low < 100 and not re.search(
            r"\b(?:of|de|only|sólo|solo)\s(?:the\s|l[oa]s\s)?$", match["g"]
        ):
            return hit(
                relations.list_count(sent.mentions[index].quantity(), high - low + 1, high - low + 1),
                sent,
                [index],
            )
    return []


_IN_PLACES = re.compile(
    rf"^(?P<np>(?:\s[a-záéíóúñ-]+){{1,3}}),\s(?:in|at|en|of|de)\s(?P<list>{lists._NAMES.pattern})(?:,|\.$)"
)


def _in_places(sent: Sentence) -> list[Hit]:
    """'Two new offices, in Lago Azul, Pinares and Santa Rita, receive claims'."""
    for index, m in enumerate(sent.mentions):
        match = (
            _IN_PLACES.match(sent.text[m.end :])
            if _may(m) and m.kin != "person" and m.noun not in lists._EVENTS
            else None
        )
        span = lists.items(match["list"]) if match else None
        if span:
            return hit(relations.list_count(m.quantity(), *span), sent, [index])
    return []


_SUBJECT = re.compile(
    r"^(?:They|These|Those|The (?P<en>[a-z]+)|Its (?P<en2>[a-z]+)|Son|Fueron|Est[oa]s|L[oa]s (?P<es>[a-záéíóúñ]+)|Sus (?P<es2>[a-záéíóúñ]+)|Se trata de)\s?(?:are|were|include only|son|fueron|eran)?:?\s(?:the\s)?(?P<list>[A-ZÁÉÍÓÚÑ].+?)\.?$"
)


def _told_later(sent: Sentence, before: Sequence[Sentence]) -> list[Hit]:
    """'Adopted by seven ministries. ... The signatories were Interior, Health ... and Social Protection.'"""
    match = _SUBJECT.match(sent.text)
    span = lists.items(match["list"]) if match and not sent.mentions else None
    if match is None or not span or not lists._capitals(match["list"]) or span[0] < 2:
        return []
    noun = next((match[g] for g in ("en", "en2", "es", "es2") if match[g]), "")
    named = [p for s in before for p in subjects.counted([s], "c") if _may(_m(p)) and _m(p).noun in _NAMED]
    same = [p for p in named if noun and subjects.stem(_m(p).noun) == subjects.stem(noun)]
    told = re.match(r"(?:signator\w+|members?|partners?|firmantes|miembros|integrantes|socios|)$", noun)
    place = same[-1] if same else named[0] if told and len(named) == 1 else None
    if place is None or abs(_m(place).value - span[0]) > 3:
        return []
    breach = relations.list_count(_m(place).quantity(), *span)
    return [Hit(breach, sent, (place,))] if breach else []


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


_ORDINALS = (
    "primer[oa]?",
    "segund[oa]",
    "tercer[oa]?",
    "cuart[oa]",
    "quint[oa]",
    "sext[oa]",
    "séptim[oa]",
    "octav[oa]",
)
_FIRSTS = ("first(?:ly)?", "second(?:ly)?", "third(?:ly)?", "fourth(?:ly)?", "fifth(?:ly)?", "sixth(?:ly)?")
_ALL = re.compile(
    r"(?:\b(?:the|these|those|all|all of the|l[oa]s|est[oa]s|es[oa]s|en total|pues,?|tod[oa]s l[oa]s)\s)(?:<c(?P<n>\d+)>)"
)


#: How far before its count, in characters, a marked list may begin.
_BACK = 4000


def _marked_before(sent: Sentence) -> list[Hit]:
    """'It was agreed (a) to ..., (b) to ... and (c) to .... The four agreements ...': counted by their marks."""
    match = _ALL.search(sent.masked)
    if not match:
        return []
    index = int(match["n"])
    m = sent.mentions[index]
    if m.kind != "c" or not 2 <= m.value <= 12 or m.kin == "person":
        return []
    before = sent.block.text[max(0, sent.at - _BACK) : sent.at]
    counted = max(_marks(before), _ordinals(before))
    if counted < 2 or abs(counted - m.value) > 2:
        return []
    return hit(relations.list_count(m.quantity(), counted, counted), sent, [index])


def _marks(text: str) -> int:
    marks = [m.group("m") for m in lists._MARK.finditer(text)]
    best = 0
    for style in (tuple(str(n) for n in range(1, 20)), tuple("abcdefghijkl"), lists._ROMAN):
        n = 0
        for mark in marks:
            if n < len(style) and mark == style[n]:
                n += 1
        best = max(best, n)
    return best


def _ordinals(text: str) -> int:
    """'PRIMERO, ... SEGUNDO, ... TERCERO, ...' at the beginning of clauses."""
    for words in (_ORDINALS, _FIRSTS):
        n = 0
        at = 0
        while n < len(words):
            found = re.compile(rf"(?:^|[.;:]\s)\W*{words[n]}[,:.]", re.IGNORECASE).search(text, at)
            if not found:
                break
            at = found.end() - 1
            n += 1
        if n >= 2:
            return n
    return 0


_TOTAL_ITEM = re.compile(
    r"\b(?:total\w*|complet[oa]|all|overall|in all|sum|suma|altogether|entire|whole|en conjunto|general)\b"
)


def _bullet_sums(sentences: Sequence[Sentence]) -> list[Hit]:
    """'Officials trained, 95:' over bullets of 44, 21 and 38; or a last bullet that gives their total."""
    found: list[Hit] = []
    at = 0
    while at < len(sentences):
        run: list[Sentence] = []
        end = at
        while end < len(sentences) and sentences[end].block.bullet:
            run.append(sentences[end])
            end += 1
        if len(run) >= 2:
            found += _listed(
                run, sentences[at - 1] if at else None, sentences[end] if end < len(sentences) else None
            )
        at = max(end, at + 1)
    return found


def _listed(run: Sequence[Sentence], head: Sentence | None, after: Sentence | None) -> list[Hit]:
    places = [(s, len(s.mentions) - 1) for s in run if s.mentions]
    if (
        len(places) != len(run)
        or len({s.block.locator for s in run}) != len(run)
        or any(len(s.mentions) > 2 for s in run)
    ):
        return []
    kind = _m(places[0]).kind
    if kind not in "cmt" or any(_m(p).kind != kind for p in places):
        return []
    if len(places) > 2 and _TOTAL_ITEM.search(fold(run[-1].text)):
        return _added(places[:-1], places[-1])
    if (
        head is not None
        and head.text.rstrip().endswith(":")
        and head.mentions
        and head.mentions[-1].kind == kind
    ):
        return _added(places, (head, len(head.mentions) - 1))
    if (
        after is not None
        and not after.block.bullet
        and re.match(r"\W*(?:total|suma|in all|en total|overall)\b", after.masked)
    ):
        totals = [i for i, m in enumerate(after.mentions) if m.kind == kind]
        return _added(places, (after, totals[0])) if len(totals) == 1 else []
    return []


def _added(places: Sequence[Place], total: Place) -> list[Hit]:
    said = sum((_m(p).value for p in places), Decimal(0))
    whole = _m(total)
    if not Decimal("0.7") < said / max(whole.value, Decimal(1)) < Decimal("1.5"):
        return []
    if solver.explained(whole, [m for s, _ in places for m in s.mentions]):
        return []
    parts = [Quantity(m.value, "", m.qualifier, m.step) for m in map(_m, places)]
    breach = relations.parts_and_total(
        Quantity(whole.value, "", whole.qualifier, whole.step), parts, exhaustive=True
    )
    return [Hit(breach, total[0], (total, *places))] if breach else []
