"""Growth, decline and multiples against both their ends."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import lexicon
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable, named, pattern

_UP = (
    r"increas(?:e|es|ed|ing)|rise|rises|rose|risen|rising|growth|grew|grown|growing|grow|surged?|jump(?:ed|s)?|climb(?:ed|s|ing)?|expan(?:ded|sion|d)|went up|gone up|up|hike[ds]?|gain(?:ed|s|ing)?|soar(?:ed)?|swell(?:ed)?|swelled|widened|rallied|advanced|raised|raising|improved|upturn|uptick"
    r"|aumento|aumentos|aumentó|aumentaron|aumentado|aumentando|aumenta|incremento|incrementó|incrementaron|incrementado|incrementando|crecimiento|creció|crecieron|crecido|crece|subida|subió|subieron|subido|sube|alza|repunte|repuntó|ampliado|amplió|ampliaron|encareció|encarecido|encarecieron|encarecimiento|elevó|elevaron|elevado|mejoró|mejoraron|mejora|ganad[oa]s|ganó|escaló|avance|avanzó"
)
_DOWN = (
    r"decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|drop(?:ped|s|ping)?|fall|falls|fell|fallen|falling|reduction|reduced|reducing|cut|cuts|dip(?:ped)?|went down|gone down|down|shrank|shrunk|lower(?:ed)?|contract(?:ed|ion)|slump(?:ed)?|plung(?:ed|e)|slid|lost|diminish(?:ed)?|shed|trimmed|lessen(?:ed)?|eased|saved|saving|shortened"
    r"|disminución|disminuyó|disminuyeron|disminuido|disminuye|reducción|redujo|redujeron|reducido|reduciendo|descenso|descendió|descendieron|caída|cayó|cayeron|caído|(?<!de )baja|bajó|bajaron|bajado|recorte|recortó|merma|mermó|decrecieron|decreció|abarató|abarataron|abaratado|retrocedió|retroceso|contracción|contrajo|perdid[oa]s|acortó|acortaron|ahorro"
)
_MORE = r"more|higher|greater|additional|más|superior(?:es)?|mayor(?:es)?|adicionales"
_LESS = r"fewer|less|lower|menos|inferior(?:es)?|menor(?:es)?"
_UP_RE, _DOWN_RE = re.compile(rf"\b(?:{_UP}|{_MORE})\b"), re.compile(rf"\b(?:{_DOWN}|{_LESS})\b")

#: Ways to say by how much: (pattern, group with the amount).
_STATED = tuple(
    pattern(p)
    for p in (
        rf"\b(?P<w>{_UP}|{_DOWN})(?:\s(?:se ha|ha|has|have|had))?(?:\s(?:of|by|de|del|en|en un|un|por|just|only|aproximada?mente))*\s(?:un |una |el |an? )?{{cmpto:s}}",
        rf"{{cmpto:s}}[\s-](?:\w+\s){{0,2}}?(?P<w>{_UP}|{_DOWN})\b",
        rf"{{cmpto:s}}\s(?:(?!or\b|o\b)\w+\s)?(?P<w>{_MORE}|{_LESS})\b",
        rf"\b(?P<w>{_UP}|{_DOWN})\b[^<.;()]{{0,40}}\((?:of |de |del )?[+–−-]?{{po:s}}\)",
        rf"\b(?P<w>{_UP}|{_DOWN})\b[^<.;()]{{0,45}}\s(?:of|by|de|del|en un|en)\s(?:un |el |an? )?{{cmpto:s}}",
    )
)
_DATE = r"(?:<[dhyr]\d+>)"
#: Ways to give both ends: a is before, b is after.
_ENDS = tuple(
    pattern(p)
    for p in (
        r"\b(?:from|del?|desde)\s(?:l[oa]s |un total de |a total of |some |el )?{cmpto:a}(?P<g>{gap})\s(?:to|al?|hasta)\s(?:l[oa]s |el |un total de |a total of )?{cmpto:b}",
        r"\b(?:to|a|hasta)\s{cmpto:b}(?P<g>{gap})\b(?:from|desde)\s{cmpto:a}",
        r"\b(?:compared (?:to|with)|in comparison (?:to|with)|versus|vs\.?|against|up from|down from|than|en comparación con|comparad[oa]s? con|en contraste con|"
        r"respecto (?:a|de)|con respecto a|en relación con|frente a|que|sobre)\s(?:the |those |a total of |l[oa]s |un total de |una? |el )?(?:[^<.;]{0,30}\s)?{cmpto:a}",
    )
)
_YEAR_BRACKET = pattern(r"<[yhdr](?P<t>\d+)>\s\({cm:a}\)")
_YEAR_TIGHT = pattern(
    r"{c:a}(?:(?!\s(?:and|y|e)\s)[^<.;(),]){0,30}?\s(?:in|en|during|durante)\s(?:el año |mid-)?<[yhdr](?P<t>\d+)>"
)
_YEAR_FIRST = pattern(
    r"(?:in|en|during|durante|for|by|(?:at|by) the end of|a fin(?:al)?es de|al cierre de|al final de|hasta)\s(?:el año |mid-)?<[yhdr](?P<t>\d+)>,?\s(?:[^<.;()]{0,75})?{c:a}"
)
_YEAR_LAST = pattern(
    r"{c:a}(?:[^<.;(),]{0,50}?\s(?:in|en|during|durante|for|by|as of|al?)\s(?:el año |mid-)?|[^<.;(),]{0,40}?\s\()<[yhdr](?P<t>\d+)>"
)


@dataclass(frozen=True, slots=True)
class _Stated:
    index: int | None
    direction: int
    start: int
    end: int


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        if not sent.mentions:
            continue
        previous = sentences[i - 1] if i and sentences[i - 1].block is sent.block else None
        found += _changes(sent, previous)
        found += _multiples(sent, previous)
    return found


def _changes(sent: Sentence, previous: Sentence | None) -> list[Hit]:
    moved = {i for m in _ENDS[0].finditer(sent.masked) if _moves(sent, m) for i in _both(sent, m)}
    stated = [s for s in _stated(sent) if s.index not in moved]
    ends = _ends(sent, {s.index for s in stated})
    found: list[Hit] = []
    points = [i for i, m in enumerate(sent.mentions) if m.kind == "o" and all(s.index != i for s in stated)]
    if ends and len(points) == 1:
        stated.append(_Stated(points[0], 0, ends[0][2], ends[0][3]))
    if not ends and stated:
        dated = _dated_ends(sent, previous, {s.index for s in stated})
        ends = [dated] if dated else []
    for before, after, start, end in ends:
        found += _verdict(sent, before, after, _nearest(sent, stated, start, end))
    return found[:2]


def _stated(sent: Sentence) -> list[_Stated]:
    made: list[_Stated] = []
    for shape in _STATED:
        for match in shape.finditer(sent.masked):
            index = int(match["s"])
            if any(s.index == index for s in made):
                continue
            made.append(_Stated(index, _direction(match["w"]), match.start(), match.end()))
    return made


def _direction(word: str) -> int:
    if _DOWN_RE.search(word):
        return -1
    return 1 if _UP_RE.search(word) else 0


def _ends(sent: Sentence, amounts: set[int | None]) -> list[tuple[Place, Place, int, int]]:
    made: list[tuple[Place, Place, int, int]] = []
    for shape in _ENDS:
        for match in shape.finditer(sent.masked):
            pair = _pair(sent, match, amounts)
            if pair is None:
                continue
            a, b = pair
            if a in amounts or b in amounts or any(a in (x[0][1], x[1][1]) for x in made):
                continue
            if not _same(sent.mentions[a], sent.mentions[b]):
                continue
            if shape is _ENDS[0] and not _moves(sent, match):
                continue
            made.append(((sent, a), (sent, b), match.start(), match.end()))
    return made


def _both(sent: Sentence, match: re.Match[str]) -> list[int]:
    a, b = named(match, "a", "b")
    return [a, b] if _same(sent.mentions[a], sent.mentions[b]) else []


def _pair(sent: Sentence, match: re.Match[str], amounts: set[int | None]) -> tuple[int, int] | None:
    """(before, after); after 'compared with A' the other end is the last fitting quantity in front."""
    a = int(match["a"])
    if "b" in match.groupdict():
        return a, int(match["b"])
    front = [
        i
        for i, m in enumerate(sent.mentions)
        if i < a
        and i not in amounts
        and _same(sent.mentions[a], m)
        and not m.weak
        and f"<{m.kind}{i}>" in sent.masked[max(0, match.start() - 170) : match.start()]
    ]
    if front:
        return a, front[-1]
    behind = [
        i for i, m in enumerate(sent.mentions) if i > a and i not in amounts and _same(sent.mentions[a], m)
    ]
    return (a, behind[0]) if behind and match.start() < 5 else None


def _moves(sent: Sentence, match: re.Match[str]) -> bool:
    """'From 10 to 20' moves only beside a verb of change; else it is a range."""
    told = re.match(
        rf"[^<.;]{{0,40}}<[cmpto]\d+>\s(?:(?!or\b|o\b)\w+\s)?(?:{_MORE}|{_LESS})\b",
        sent.masked[match.end() :],
    )
    return bool(told or _MOVES.search(sent.masked[max(0, match.start() - 80) : match.end() + 90]))


_MOVES = re.compile(
    rf"\b(?:{_UP}|{_DOWN}|went|gone|passed|moved|pas[óa]\w*|pasaron|pasar|pasando|doubl\w+|tripl\w+|duplic\w+|chang\w+|vari\w+|brought|brings|took|takes|llev[óa]\w*|triplic\w+|quadrupl\w+|cuadruplic\w+|"
    r"corrigi\w+|correct\w+|revis\w+|ampliaci\w+|extension|expansion|superior(?:es)?|inferior(?:es)?|higher|larger|smaller|down|up)\b"
)


def _same(a: Mention, b: Mention) -> bool:
    if {a.kind, b.kind} == {"c", "t"}:  # 'from 90 days to 60'
        return not (a if a.kind == "c" else b).noun
    return a.kind == b.kind and comparable(a, b)


def _dated_ends(
    sent: Sentence, previous: Sentence | None, amounts: set[int | None]
) -> tuple[Place, Place, int, int] | None:
    """Two counts of one thing, each with its year: 'In 2023, 140 cases ...; in 2024, 210'."""
    rows: list[tuple[tuple[int, int, int], Place]] = []
    for source in ([previous] if previous is not None else []) + [sent]:
        for index, mark in _dated(source):
            if source is sent and index in amounts:
                continue
            moment = source.dates[mark].first
            if moment.year is not None or moment.month is not None:
                rows.append(((moment.year or 0, moment.month or 0, moment.day or 0), (source, index)))
    rows = [r for r in rows if not r[1][0].mentions[r[1][1]].weak]
    rows.sort(key=lambda r: r[0])
    if len(rows) != 2 or rows[0][0] == rows[1][0] or (rows[0][0][0] == 0) != (rows[1][0][0] == 0):
        return None
    (s1, a), (s2, b) = rows[0][1], rows[1][1]
    if not _same(s1.mentions[a], s2.mentions[b]):
        return None
    return (s1, a), (s2, b), 0, len(sent.masked)


def _dated(sent: Sentence) -> list[tuple[int, int]]:
    """(count, its date): 'in 2023, 140 cases', '140 cases in 2023'."""
    made: dict[int, int] = {}
    used: set[int] = set()
    for shape in (_YEAR_BRACKET, _YEAR_TIGHT, _YEAR_FIRST, _YEAR_LAST):
        for match in shape.finditer(sent.masked):
            index, mark = int(match["a"]), int(match["t"])
            if index not in made and mark not in used:
                made[index] = mark
                used.add(mark)
    return list(made.items())


def _nearest(sent: Sentence, stated: list[_Stated], start: int, end: int) -> _Stated:
    """The amount said for these ends: inside or nearest; else only a direction word before them."""
    near = [s for s in stated if s.start < end + 100 and s.end > start - 100]
    if near:
        return min(near, key=lambda s: (max(0, start - s.end) + max(0, s.start - end), s.start))
    words = sent.masked[max(0, start - 70) : start]
    words = re.split(r"[.;]", words)[-1]
    up, down = bool(re.search(rf"\b(?:{_UP})\b", words)), bool(re.search(rf"\b(?:{_DOWN})\b", words))
    return _Stated(None, (1 if up else 0) - (1 if down else 0), start, end)


def _verdict(sent: Sentence, before: Place, after: Place, stated: _Stated) -> list[Hit]:
    a, b = (s.mentions[i] for s, i in (before, after))
    amount = sent.mentions[stated.index] if stated.index is not None else None
    if amount is not None and amount.kind in "cmt" and (amount.kind != a.kind or not _unit_fits(amount, a)):
        amount = None
    if a.kind in "po" and amount is not None and amount.kind not in "po":
        amount = None
    if amount is not None and _of_another(sent, stated, b if b.noun else a):
        return []
    quantity = amount.quantity() if amount is not None else None
    breach = relations.change(a.quantity(), b.quantity(), quantity, direction=stated.direction)
    if (
        breach
        and a.kind == "p"
        and amount is not None
        and amount.kind == "p"
        and breach.kind == "change_mismatch"
    ):
        grown = abs(b.value - a.value) / a.value * 100 if a.value else Decimal(0)
        if abs(grown - amount.value) <= max(amount.step, Decimal(1)):
            return []
    if breach and breach.kind == "change_mismatch" and _explained(sent, a, b):
        return []
    places = (before, after, *(((sent, stated.index),) if stated.index is not None and quantity else ()))
    return [Hit(breach, sent, places)] if breach else []


def _explained(sent: Sentence, a: Mention, b: Mention) -> bool:
    """Another amount of the sentence is the change between these ends."""
    others = [m for m in sent.mentions if m is not a and m is not b and m.kind in "cmpto"]
    fits = [m for m in others if m.kind in "po" or m.kind == a.kind]
    return any(relations.change(a.quantity(), b.quantity(), m.quantity()) is None for m in fits)


_OF_WHAT = re.compile(
    rf"^\s?(?:{_UP}|{_DOWN})?\s?(?:in|of|en|de|del)\s(?:the |el |la |l[oa]s )?(?:total )?(?:number of |número de |cantidad de )?(?P<np>[^<.,;()]{{3,60}})"
)


def _of_another(sent: Sentence, stated: _Stated, end: Mention) -> bool:
    """'From 250 to 510 interviews ..., leading to a 44% rise in the number of claims' is a rise of something else."""
    if stated.index is None or not end.noun:
        return False
    kind = sent.mentions[stated.index].kind
    after = sent.masked.split(f"<{kind}{stated.index}>", 1)[1]
    match = _OF_WHAT.match(after)
    if not match or re.match(r"(?:compar|respect|relaci|a year|one year|<)", match["np"]):
        return False
    words = {lexicon.lemma(w, sent.lang) for w in re.findall(r"[a-záéíóúñ-]+", match["np"])}
    kin = {lexicon.noun_class(w, w, sent.lang) for w in words}
    nouns = {w for w in words if w not in lexicon.TIME[sent.lang]}
    return bool(nouns) and end.noun not in words and end.kin not in kin


def _unit_fits(amount: Mention, end: Mention) -> bool:
    return amount.kind == "m" or not amount.kin or not end.kin or amount.kin == end.kin


_TIMES = {
    "double": 2,
    "doubl": 2,
    "duplic": 2,
    "twice": 2,
    "doble": 2,
    "tripl": 3,
    "treble": 3,
    "quadrupl": 4,
    "cuadruplic": 4,
    "quintuplic": 5,
    "halv": 0,
}
_MULTIPLE = re.compile(
    r"(?:\b|(?=<))(<c\d+>\s(?:times|veces)\s(?:the|as|more|l[oa]s|el|más|la)|doubl\w+|tripl\w+|quadrupl\w+|halv\w+|(?:se )?duplic\w+|(?:se )?triplic\w+|cuadruplic\w+|quintuplic\w+|a la mitad|by half|the double|twice|el doble|el triple)\b"
)


def _multiples(sent: Sentence, previous: Sentence | None) -> list[Hit]:
    """'Doubled from 120 to 240', 'se triplicó: de 20 a 60', 'twice the 120 of 2023'."""
    match = _MULTIPLE.search(sent.masked)
    if not match or re.match(r"\s(?:as much|as many|más)(?=[,.;]|$)", sent.masked[match.end() :]):
        return []
    word = match.group(1)
    times = re.match(r"<c(\d+)>\s(?:times|veces)", word)
    factor = (
        sent.mentions[int(times.group(1))].value
        if times
        else next((Decimal(n) for stem, n in _TIMES.items() if stem in word), Decimal(0)) or Decimal("0.5")
    )
    if re.search(
        r"\b(?:more than|más (?:que|de)|almost|nearly|casi|over|más del?)\s*(?:se\s)?$",
        sent.masked[: match.start()],
    ):
        return []
    pair: tuple[Place, Place] | None = None
    for before_end, after_end, _start, _end in _ends(sent, set()):
        pair = pair or (before_end, after_end)
    if pair is None:
        twice = pattern(
            r"{cm:b}(?P<g>{gap})(?:\b(?:double|twice|triple|el doble|el triple)\b|<c\d+>\s(?:times|veces))[^<.;]{0,40}\s{cm:a}"
        ).search(sent.masked)
        pair = ((sent, int(twice["a"])), (sent, int(twice["b"]))) if twice else None
    if pair is None:
        dated = _dated_ends(sent, previous, set())
        pair = (dated[0], dated[1]) if dated else None
    if pair is None:
        return []
    before, after = (s.mentions[i] for s, i in pair)
    breach = relations.multiple(before.quantity(), after.quantity(), factor)
    return [Hit(breach, sent, pair)] if breach else []
