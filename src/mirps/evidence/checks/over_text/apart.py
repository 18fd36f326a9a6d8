"""Changes told in one sentence whose two ends stand in others, or whose ends only time tells apart.

Charitable: when any two quantities of the passage make the stated change true, it is left alone.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import changes
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import Breach, Quantity

#: How far back the ends of a change may stand, in sentences.
REACH = 8
#: And how many quantities are looked at: a passage with more is a table.
MOST = 16
_BACK = re.compile(
    r"\b(?:this|that|that's|it is an?|these|those|such|the (?:increase|rise|growth|drop|fall|decline|reduction|difference|gain|jump)|est[ea]|est[oa]s|es[ea]|es[oa]s|dich[oa]s?|"
    r"el (?:aumento|incremento|crecimiento|descenso|alza)|la (?:subida|caída|reducción|baja|diferencia|disminución))\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH) : i + 2] if s.block is sent.block]
        amounts = _amounts(sent)
        for amount in amounts[:4]:
            found += _against_ends(sent, amount, {n for n, _ in amounts}, scope)
        found += _multiple(sent, scope)
    return found


def _amounts(sent: Sentence) -> list[tuple[int, int]]:
    """(mention, direction) of every amount of change whose ends its own sentence does not set out."""
    stated = changes._stated(sent)
    if changes._ends(sent, {s.index for s in stated}):
        return []
    made = {s.index: s.direction for s in stated if s.index is not None}
    for i, m in enumerate(sent.mentions):
        if m.kind == "o":
            made.setdefault(i, 0)
        elif m.kind == "p" and i not in made and (way := _way(sent, i)):
            made[i] = way
    return list(made.items())


def _way(sent: Sentence, index: int) -> int:
    """1 or -1 when words of change stand close to a percentage, and it is not 'x% of something'."""
    left, right = sent.masked.split(f"<p{index}>", 1)
    if re.match(r"\s(?:of|de)\s(?:the|all|them|l[oa]s|ell[oa]s|tod[oa]s)\b", right):
        return 0
    near = re.split(r"[.;<]", left)[-1][-40:] + " " + re.split(r"[.;<,]", right)[0][:25]
    return changes._direction(near)


def _against_ends(
    sent: Sentence, amount: tuple[int, int], told: set[int], scope: Sequence[Sentence]
) -> list[Hit]:
    index, direction = amount
    stated = sent.mentions[index]
    kinds = {"o": "p", "p": "cm"}.get(stated.kind, stated.kind)
    kinds += "c" if kinds == "m" else ""
    places = [p for p in subjects.counted(scope, kinds) if p[0] is not sent or p[1] not in told]
    places = places[-MOST:]
    more = _MORE_OF.match(sent.masked.split(subjects.mark((sent, index)), 1)[1])
    if stated.kind == "c" and more:
        places = [p for p in places if subjects.stem(_mention(p).noun) in ("", subjects.stem(more["np"]))]
    places = [p for p in places if stated.kind in "pom" or subjects.alike(stated, p[0].mentions[p[1]])]
    pairs = [(a, b) for a, b in combinations(places, 2) if _ends_fit(a, b)]
    if stated.kind == "m":
        pairs = [p for p in pairs if "m" in (_mention(p[0]).kind, _mention(p[1]).kind)]
    timed = [pair for pair in map(_in_time, pairs) if pair]
    ends = {(_quantity(a), _quantity(b)) for a, b in timed}
    if not timed or any(_true(a, b, stated) for a, b in ends):
        return []
    since = _since(sent, index)
    linked = [
        pair
        for pair in timed
        if _linked(sent, index, pair) and (not since or (subjects.when(pair[0]) or (0,))[0] in since)
    ]
    if not linked:
        return []
    before, after = linked[-1]
    breach = relations.change(_quantity(before), _quantity(after), stated.quantity(), direction=direction)
    return [Hit(breach, sent, (before, after, (sent, index)))] if breach else []


#: 'Six more posts': the noun behind the word of comparing.
_MORE_OF = re.compile(
    r"\s(?:more|fewer|less|additional|más|menos|adicionales)\s(?!(?:than|in|on|at|by|and|or|to|que|en|de|por|y|o|a|the|el|la|l[oa]s)\b)(?P<np>[a-záéíóúñ]{3,})"
)
_THAN = re.compile(
    r"(?:than|que|over|on|compared|respecto|versus|vs|frente|since|desde|from|comparad\w+|relación)\b[^<.;]{0,30}<[yhd](?P<d>\d+)>"
)


def _since(sent: Sentence, index: int) -> set[int]:
    """The year that the change is measured from, when it is said beside it: '8% more than in 2022'."""
    behind = sent.masked.split(f"<{sent.mentions[index].kind}{index}>", 1)[1]
    match = _THAN.search(re.split(r"<[cmpto]", behind)[0])
    year = sent.dates[int(match["d"])].first.year if match else None
    return {year, -1} if year else set()


def _mention(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _quantity(place: Place) -> Quantity:
    return _mention(place).quantity()


def _ends_fit(a: Place, b: Place) -> bool:
    one, other = _mention(a), _mention(b)
    bare = {one.kind, other.kind} == {"c", "m"} and not (one.noun or other.noun)
    return subjects.alike(one, other) or (bare and a[0] is b[0])  # 'cost 3,200 lempiras and now 3,840'


def _in_time(pair: tuple[Place, Place]) -> tuple[Place, Place] | None:
    return subjects.ordered(*pair)


def _true(one: Quantity, other: Quantity, stated: Mention) -> bool:
    if stated.kind == "o":
        return relations.change(one, other, stated.quantity()) is None
    return any(relations.change(x, y, stated.quantity()) is None for x, y in ((one, other), (other, one)))


def _linked(sent: Sentence, index: int | None, pair: tuple[Place, Place]) -> bool:
    """Whether both ends speak of one subject, and the change of the same."""
    a, b = (subjects.about(p) for p in pair)
    if a.partial or b.partial or _apart(a.traits, b.traits) or _apart(a.names, b.names):
        return False
    own = subjects.describe(sent, subjects.clause((sent, index)) if index is not None else sent.masked)
    back = _BACK.search(sent.masked) is not None
    if _apart(own.traits, a.traits) or (a.traits & b.traits and not own.traits and not back):
        return False
    inside = pair[0][0] is sent and pair[1][0] is sent
    nouns = {subjects.stem(_mention(p).noun) for p in pair} - {""}
    if not (a.words & b.words or (nouns and all(_mention(p).noun for p in pair)) or inside):
        return False
    told = (a.words | b.words | nouns) & (own.words | subjects.stems(sent.masked))
    return inside or bool(told) or (back and _near(sent, pair))


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and one != other)


def _near(sent: Sentence, pair: tuple[Place, Place]) -> bool:
    return sent.number - pair[1][0].number <= 2


_FACTOR = re.compile(
    r"\b(?:(?P<two>doubl\w+|twice|twofold|two-fold|(?:se |había )?duplic(?:ó|aron|ado|ando|an?)\b|(?:el|al) doble)|(?P<three>tripl\w+|trebl\w+|thrice|threefold|three-fold|(?:se )?triplic(?:ó|aron|ado|ando|an?)\b|(?:el|al) triple)|"
    r"(?P<four>quadrupl\w+|fourfold|four-fold|(?:se )?cuadruplic(?:ó|aron|ado|ando|an?)\b|(?:el|al) cuádruple)|(?P<five>quintupl\w+|fivefold|five-fold|(?:se )?quintuplic(?:ó|aron|ado|ando|an?)\b|(?:el|al) quíntuple)|"
    r"(?P<half>halved|halving|by half|half as many|half what|a la mitad|la mitad de (?:l[oa]s|lo|l|las) (?:que|de)))\b"
)
_TIMES = re.compile(
    r"<c(?P<n>\d+)>\s(?:times|veces)\s(?:(?:as|more|the|what|that|larger|higher|bigger|greater|more than)\b|(?:más|el|la|l[oa]s|lo|mayor|superior)\b)|"
    r"\bby\s<c(?P<k>\d+)>\s(?:times|veces)|\bpor\s<c(?P<m>\d+)>\s(?:\(|,|\.|:|$)|<c(?P<o>\d+)>[\s-](?:to|a)[\s-](?:one|un[oa]|<c\d+>)\b"
)
_VAGUE = re.compile(
    r"\b(?:more than|over|almost|nearly|close to|about|around|up to|than|not|did not|double[sd]? (?:shift|check|room|bed)\w*|más (?:que|de|del)|casi|cerca de|alrededor de|no|hasta|turno)\s*(?:se\s|el\s|the\s)?$"
)
#: 'Mexico twice as much': as much as what, another place tells.
_ALONE = re.compile(r"\s(?:as much|as many|más)(?=[,.;]|\s(?:and|y)\b|$)|\s?[,.;]\s(?:and|y)\b")
_AMONG = re.compile(
    r"\b(?:against|compared|versus|vs|than|as (?:in|many|much)|that of|those of|frente a|contra|respecto|que (?:en|la|el|l[oa]s|hace)|el de|la de|l[oa]s de|comparad\w+|outnumber\w*|superan?|había\w*|from|desde|de)\b"
)
_SIZES = {"two": 2, "three": 3, "four": 4, "five": 5}


def _multiple(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'The number of children tripled' after a count of 2021 and one of 2022; 'five times the 60 of then'."""
    match = _FACTOR.search(sent.masked) or _TIMES.search(sent.masked)
    if (
        not match
        or _ALONE.match(sent.masked, match.end())
        or _VAGUE.search(sent.masked[: match.start()][-24:])
    ):
        return []
    factor, used = _factor(sent, match)
    if factor is None:
        return []
    own = [p for p in subjects.counted([sent], "cm") if p[1] not in used]
    inside = [(a, b) for a, b in combinations(own, 2) if _ends_fit(a, b)]
    if inside:
        if len(own) != 2 or not _AMONG.search(sent.masked):
            return []
        return _ratio(sent, inside, inside[0], factor)
    places = [p for p in subjects.counted(scope, "cm") if not (p[0] is sent and p[1] in used)][-MOST:]
    pairs = [(a, b) for a, b in combinations(places, 2) if _ends_fit(a, b)]
    linked = [p for p in map(_in_time, pairs) if p and _linked(sent, None, p)]
    return _ratio(sent, pairs, linked[-1], factor) if linked else []


def _factor(sent: Sentence, match: re.Match[str]) -> tuple[Decimal | None, set[int]]:
    got = match.groupdict()
    named = next((n for n in _SIZES if got.get(n)), "")
    if named:
        return Decimal(_SIZES[named]), set()
    if got.get("half"):
        return Decimal(2), set()
    index = next((int(got[k]) for k in ("n", "k", "m", "o") if got.get(k)), None)
    if index is None or not 2 <= sent.mentions[index].value <= 30:
        return None, set()
    used = {index} | {int(n) for n in re.findall(r"<c(\d+)>", match.group())}
    return sent.mentions[index].value, used


def _ratio(
    sent: Sentence, pairs: Sequence[tuple[Place, Place]], linked: tuple[Place, Place], factor: Decimal
) -> list[Hit]:
    verdicts: list[Breach | None] = []
    for a, b in pairs:
        low, high = sorted((_quantity(a), _quantity(b)), key=lambda q: q.value)
        verdicts.append(relations.multiple(low, high, factor))
    a, b = linked
    low, high = sorted((_quantity(a), _quantity(b)), key=lambda q: q.value)
    breach = relations.multiple(low, high, factor)
    return [Hit(breach, sent, (a, b))] if breach and all(verdicts) else []
