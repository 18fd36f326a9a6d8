"""The same thing said twice in one document. Conservative: what is not clearly the same is left alone."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated, Moment
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.patterns import Hit, comparable, hit, named, pattern
from mirps.evidence.checks.relations import CONTRADICTION, Breach
from mirps.evidence.figures.rules import Qualifier


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        found += _adjacent(sent)
        found += _that_is(sent)
    found += _of_bodies(sentences)
    found += _named_periods(sentences)
    found += _instruments(sentences)
    found += _events(sentences)
    found += _twice(sentences)
    return found


_ADJACENT = pattern(
    r"{cmpt:a}\s?\((?:that's |that is,? |i\.e\.,? |es decir,? |o sea,? |esto es,? )?{cmpt:b}\)"
)


def _adjacent(sent: Sentence) -> list[Hit]:
    """'Twelve (21) offices'; 'more than 500 people (480)'."""
    found: list[Hit] = []
    for match in _ADJACENT.finditer(sent.masked):
        a, b = named(match, "a", "b")
        one, other = sent.mentions[a], sent.mentions[b]
        if (one.kind == other.kind and (one.kind != "m" or one.unit == other.unit)) or {
            one.kind,
            other.kind,
        } <= {"c", "t"}:
            found += hit(relations.restated(one.quantity(), other.quantity()), sent, [a, b])
    shape = pattern(
        r"{cm:a}(?P<np>[^<.;(),]{1,40})\s\((?:exactly |exactamente |precisely |in fact |en concreto |concretamente )?{cm:b}(?: in total| en total| exactly| exactamente)?\)"
    )
    for match in shape.finditer(sent.masked):
        a, b = named(match, "a", "b")
        if sent.mentions[a].qualifier is not Qualifier.EXACT and comparable(
            sent.mentions[a], sent.mentions[b]
        ):
            found += hit(
                relations.restated(sent.mentions[a].quantity(), sent.mentions[b].quantity()), sent, [a, b]
            )
    return found


_THAT_IS = pattern(
    r"{cmpt:a}(?P<np>[^<.;:()]{0,50})(?:,|\s\(|\s[–—-]|:)\s?(?:or\s)?(?:that is|i\.e\.|es decir|o sea|specifically|exactly|precisely|exactamente|concretamente|en concreto|to be (?:exact|precise)|"
    r"para ser exactos|esto es|namely|in other words|en otras palabras|in fact|de hecho),?:?\s(?:a total of |un total de |exactly |exactamente )?{cmpt:b}(?P<z>[^<.;]{0,40})"
)


_TO_BE_EXACT = pattern(
    r"{cmt:a}(?P<np>[^<.;:()]{0,60}),\s(?:con |with |or |o )?{cmt:b}(?P<z>[^<.,;]{0,25}?,?\s(?:to be (?:exact|precise)|exactly|precisely|exactamente|para ser exact[oa]s|en concreto|en realidad))\b"
)


def _that_is(sent: Sentence) -> list[Hit]:
    """'More than 500 people, that is, 480'."""
    found: list[Hit] = []
    for match in _TO_BE_EXACT.finditer(sent.masked):
        a, b = named(match, "a", "b")
        if comparable(sent.mentions[a], sent.mentions[b]):
            found += hit(
                relations.restated(sent.mentions[a].quantity(), sent.mentions[b].quantity()), sent, [a, b]
            )
    for match in _THAT_IS.finditer(sent.masked):
        a, b = named(match, "a", "b")
        one, other = sent.mentions[a], sent.mentions[b]
        if re.search(r"(?:\bat|@|\ba razón de|\bat the rate of)\s$", sent.masked[: match.start()]):
            continue  # '11 nights at USD 74, i.e. USD 814'
        if re.match(
            r"\s*(?:\w+\s)?(?:more|fewer|less|más|menos|higher|lower|of|out of|de cada|girls|boys|women|men|niñ|per|por)\b",
            match["z"],
        ):
            continue
        if (
            re.search(r"\b(?:each|apiece|cada|further|otr[oa]s?)\b", sent.masked[: match.start("np")])
            or one.weak
        ):
            continue
        if re.search(
            r"<p\d+>[^<.;]{0,25}\b(?:of|de|del)\s(?:the |l[oa]s |est[oa]s )?$", sent.masked[: match.start()]
        ):
            continue  # '27% of the 400, that is, 108'
        after = sent.masked[match.end("b") + 1 :][:60]
        if a > 0 and re.search(r"\b(?:in all|in total|altogether|en total|en conjunto)\b", after):
            continue  # 'A, B and C, that is, so many in all'
        if (
            one.kind != other.kind
            or not comparable(one, other)
            or re.match(r"[^<.]*(?:,| and | y )\s?<[cm]", after)
        ):
            continue
        found += hit(relations.restated(one.quantity(), other.quantity()), sent, [a, b])
    return found


_BODY = re.compile(
    r"^(?P<np>[^.;:()\d,]{1,60}?)\s(?:that (?:are|form) (?:part|members) of|which make up|that make up|members of|of|de|del|que (?:integran|conforman|forman parte de)|miembros de|integrantes de)\s(?:the|el|la|l)?\s?"
    r"(?P<body>[A-ZÁÉÍÓÚÑ][\w-]+(?:\s(?:(?:for|of|the|on|and|de|del|la|las|los|para|y|el|a|en|in)\s){0,3}[A-ZÁÉÍÓÚÑ][\w-]+){2,})"
)


def _of_bodies(sentences: Sequence[Sentence]) -> list[Hit]:
    """'25 institutions of the ... Commission' here and 18 there: how many a named body has."""
    seen: dict[tuple[str, str], tuple[Sentence, int]] = {}
    found: list[Hit] = []
    for sent in sentences:
        for index, mention in enumerate(sent.mentions):
            if mention.kind != "c" or not mention.noun or mention.kin == "person":
                continue
            match = _BODY.match(sent.text[mention.end :])
            noun = mention.noun
            if not match:
                continue
            heads = re.findall(r"[a-záéíóúñ]+", match["np"].lower())
            noun = "institution" if any(w.startswith("institu") for w in heads) else noun
            key = (noun, " ".join(fold(match["body"]).split()[:5]))
            if key in seen:
                other = seen[key]
                breach = relations.restated(other[0].mentions[other[1]].quantity(), mention.quantity())
                if breach and other[0] is not sent:
                    found.append(Hit(breach, sent, (other, (sent, index))))
            else:
                seen[key] = (sent, index)
    return found


_SMALL = frozenset("of the on for and in a an de del la las los el en para y a al".split())
_TITLED = re.compile(
    r"(?P<name>[A-ZÁÉÍÓÚÑ][\w-]+(?:\s(?:(?:for|of|the|on|and|in|de|del|la|las|los|para|y|el|a|en)\s){0,3}[A-ZÁÉÍÓÚÑ][\w-]+){2,})\s?[(,]?\s?$"
)


def _named_periods(sentences: Sequence[Sentence]) -> list[Hit]:
    """'Public Policy on ... (2023-2033)' here and 2024-2034 there."""
    rows: list[tuple[Sentence, Dated, frozenset[str]]] = []
    found: list[Hit] = []
    for sent in sentences:
        for dated in sent.dates:
            if dated.kind != "years":
                continue
            title = _TITLED.search(sent.text[: dated.start])
            if not title:
                continue
            words = frozenset(w for w in fold(title["name"]).split() if w not in _SMALL)
            for other, when, known in rows:
                alike = len(words & known) / len(words | known)
                if alike >= 0.75 and when.period() != dated.period():
                    said, before = sent.text[dated.start : dated.end], other.text[when.start : when.end]
                    params = {"first": before, "again": said, "name": title["name"]}
                    found += hit(Breach("restated_period", CONTRADICTION, said, before, params), sent, [])
                    break
            else:
                rows.append((sent, dated, words))
    return found


_INSTRUMENT = re.compile(
    r"\b(?P<kind>(?:executive |legislative )?decree|law|resolution|agreement|decreto(?: ejecutivo| legislativo)?|ley|resolución|acuerdo)\s*\(?(?:no\.?|number|núm(?:ero)?\.?|n[.º°]*)?\s*(?P<n>\d[\d/-]{1,12})",
    re.IGNORECASE,
)
_MADE = r"(?:issued|approved|adopted|published|signed|enacted|emitid[oa]|emitió|aprobad[oa]|aprobó|adoptad[oa]|publicad[oa]|publicó|firmad[oa]|promulgad[oa])"


@dataclass(frozen=True, slots=True)
class _Made:
    sent: Sentence
    dated: Dated


def _instruments(sentences: Sequence[Sentence]) -> list[Hit]:
    """A numbered decree or law whose issue is dated twice, differently."""
    seen: dict[str, _Made] = {}
    found: list[Hit] = []
    for sent in sentences:
        for match in _INSTRUMENT.finditer(sent.text):
            dated = _made_on(sent, match)
            if dated is None:
                continue
            known = seen.setdefault(match["n"], _Made(sent, dated))
            if known.sent is not sent and _apart(known.dated.first, dated.first):
                said, before = (
                    sent.text[dated.start : dated.end],
                    known.sent.text[known.dated.start : known.dated.end],
                )
                params = {"first": before, "again": said, "name": match.group().strip()}
                found += hit(Breach("restated_period", CONTRADICTION, said, before, params), sent, [])
    return found


def _made_on(sent: Sentence, instrument: re.Match[str]) -> Dated | None:
    """The day or month beside a verb of issuing, near the instrument."""
    for dated in sent.dates:
        if dated.kind not in ("day", "month"):
            continue
        between = sent.text[min(dated.end, instrument.end()) : max(dated.start, instrument.start())]
        if len(between) > 110 or not re.search(_MADE, between, re.IGNORECASE):
            continue
        if instrument.end() <= dated.start and not re.search(
            rf"{_MADE}\s(?:in|on|en|el)\s(?:early |late )?$", between, re.IGNORECASE
        ):
            continue
        return dated
    return None


def _apart(a: Moment, b: Moment) -> bool:
    pairs = ((a.year, b.year), (a.month, b.month), (a.day, b.day))
    return any(x is not None and y is not None and x != y for x, y in pairs)


def _events(sentences: Sequence[Sentence]) -> list[Hit]:
    """One event, told twice in nearly the same words, on two days close to each other."""
    rows: dict[tuple[str, ...], list[tuple[Sentence, Dated]]] = {}
    for sent in sentences:
        full = [d for d in sent.dates if d.kind == "day" and d.first.year and d.first.exists()]
        if len(full) != 1:
            continue
        words = re.findall(r"[a-záéíóúñ]+", fold(sent.text))
        for at in range(len(words) - 8):
            rows.setdefault(tuple(words[at : at + 9]), []).append((sent, full[0]))
    found: list[Hit] = []
    told: set[tuple[int, int]] = set()
    for places in rows.values():
        for (one, d1), (other, d2) in combinations(places[:3], 2):
            pair = (one.number, other.number)
            if one is other or pair in told or not _close(d1.first, d2.first):
                continue
            told.add(pair)
            said, before = other.text[d2.start : d2.end], one.text[d1.start : d1.end]
            found += hit(
                Breach(
                    "restated_period",
                    CONTRADICTION,
                    said,
                    before,
                    {"first": before, "again": said, "name": ""},
                ),
                other,
                [],
            )
    return found


def _close(a: Moment, b: Moment) -> bool:
    return (
        a.year == b.year and a.month == b.month and a.day != b.day and abs((a.day or 0) - (b.day or 0)) <= 7
    )


_COMMON = frozenset(
    "the of in to a an and was were is are been has have had by for with that this it its at on as from or during de la el los las en y a al del que se un una por con para su sus fue fueron es son "
    "ha han este esta total people persons personas also según according report informe which who quienes cual some more than over about más unos unas".split()
)
_CONTRAST = re.compile(
    r"\b(?:another|additional|further|other|others|otr[oa]s?|adicional(?:es)?|más|previous|anterior(?:es)?|target|meta|planned|expected|goal|prev[ée]\w*|estimated|capacity|compared|while|mientras|only|sólo|solo|of (?:these|them|whom)|de (?:ell[oa]s|est[oa]s))\b"
)


@lru_cache(maxsize=4096)
def _key_words(text: str) -> frozenset[str]:
    return _keys(text)


@lru_cache(maxsize=4096)
def _keys(masked: str) -> frozenset[str]:
    words = re.findall(r"[a-záéíóúñü]{3,}", fold(re.sub(r"<\w+>", " ", masked)))
    return frozenset(w[:6] for w in words if w not in _COMMON)


def _dates_of(sent: Sentence) -> frozenset[tuple[Moment, Moment]]:
    return frozenset(d.period() for d in sent.dates)


#: Quantities of one noun that are compared with one another, and findings that are enough of one document.
MOST, ENOUGH = 240, 40


def _twice(sentences: Sequence[Sentence]) -> list[Hit]:
    """Two sentences with the same words, the same dates and the same counted noun, and two values."""
    rows: dict[tuple[str, str, str], list[tuple[Sentence, int]]] = {}
    for sent in sentences:
        for index, mention in enumerate(sent.mentions):
            if mention.kind in "cmp" and not mention.weak and _alone(sent, index) and _tells(sent.masked):
                about = (mention.kind, mention.kin or mention.unit, mention.noun)
                rows.setdefault(about, []).append((sent, index))
    found: list[Hit] = []
    for places in rows.values():
        for (one, i), (other, j) in combinations(places[:MOST], 2):
            if (
                one is other
                or one.mentions[i].value == other.mentions[j].value
                or not _same_thing(one, other)
            ):
                continue
            if subjects.narrower(((one, i), one.masked), ((other, j), other.masked)):
                continue
            breach = relations.restated(one.mentions[i].quantity(), other.mentions[j].quantity())
            if breach:
                found.append(Hit(breach, other, ((one, i), (other, j))))
            if len(found) > ENOUGH:
                return found
    return found


def _alone(sent: Sentence, index: int) -> bool:
    m = sent.mentions[index]
    return sum(1 for x in sent.mentions if x.kind == m.kind and (x.kin == m.kin or not x.kin)) == 1


@lru_cache(maxsize=4096)
def _tells(masked: str) -> bool:
    """Whether a sentence has words enough to be known again, and none that set it apart."""
    return len(_key_words(masked)) >= 3 and not _CONTRAST.search(masked)


def _same_thing(one: Sentence, other: Sentence) -> bool:
    a, b = _key_words(one.masked), _key_words(other.masked)
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    if len(small & large) / len(small) < 0.75:
        return False
    if one.dates and other.dates and _dates_of(one) != _dates_of(other):
        return False
    if bool(one.dates) != bool(other.dates) and len(small & large) < len(small):
        return False
    if len(small - large) and len(large - small) and _traits(one.text) != _traits(other.text):
        return False
    if _places(one.text) - _words(other.text) or _places(other.text) - _words(one.text):
        return False
    return _traits(one.text) == _traits(other.text) and not (
        _names(one.text) - _names(other.text) and _names(other.text) - _names(one.text)
    )


@lru_cache(maxsize=4096)
def _places(text: str) -> frozenset[str]:
    """Names behind 'in', 'of', 'from': where a thing is, or whose."""
    return frozenset(
        fold(w)
        for w in re.findall(
            r"\b(?:in|at|of|from|en|de|desde|del)\s(?:the\s|la\s|el\s)?([A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+)", text
        )
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


@lru_cache(maxsize=4096)
def _traits(text: str) -> frozenset[str]:
    plain = fold(text)
    return frozenset(
        m.group()[:5] for words in enumerations._DIMENSION.values() for m in words.finditer(plain)
    )


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    return frozenset(fold(w) for w in re.findall(r"(?<=[a-záéíóúñ,] )[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+", text))
