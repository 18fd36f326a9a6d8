"""What is left, missing, freed or gained: the difference between the two quantities beside it.

Charitable: if any of the quantities is the sum of two others the passage is left alone.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Interval, plain

_BEFORE = re.compile(
    r"\b(?:leav(?:es|ing)(?:\sus|\sonly|\swith)?|left with|which left|remaining|remainder(?: of| is|,)?|the rest,|balance(?: not executed| left| remaining)?(?: of| is|,|:)?|surplus of|deficit of|shortfall of|gap of|(?:difference|variation)(?:\s[\w-]+){0,3}?(?: of| is| was|:)|"
    r"margin of|short by|missing|still lack\w*|still need\w*|the extra|an extra|extra|saving(?:s)?(?: of)?|sav(?:es|ed)|freed|frees up|freeing|unspent|unfilled|vacant|"
    r"deja(?:n|ndo)?|dejó|dejaron|quedan?(?: por \w+)?|quedaron|quedaban|restan|faltan?|faltaron|faltaban|sobran?|sobraron|saldo(?: de| por ejecutar)?(?:,|:)?|remanente de|superávit de|déficit de|brecha de|(?:diferencia|variación)(?:\s[\w-]+){0,3}?(?: de| es de| fue de|:)|"
    r"margen de|ahorro de|ahorra(?:n|ndo)?|ahorró|se liberan|l[oa]s restantes|el resto,|sin ejecutar,?)\s(?:just\s|only\s|about\s|a\s|the\s|solo\s|sólo\s|apenas\s|otr[oa]s\s|l[oa]s\s|un\s|una\s|,\s)?$"
)
_AFTER = re.compile(
    r"^(?:\s[\wáéíóúñ-]+){0,2}?\s(?:left|remain\w*|to spare|to go|still to|(?:are |is |were )?(?:still )?(?:missing|unspent|vacant|unfilled|lacking|short)|so freed|freed|saved|in hand|to be (?:spent|filled|delivered)|restantes|de sobra|"
    r"por (?:ejecutar|entregar|cubrir|llenar|gastar|repartir|instalar|resolver)|sin (?:ejecutar|cubrir|gastar|entregar|repartir)|que (?:faltan|sobran|quedan|restan|quedaban|faltaban)|de (?:ahorro|diferencia|margen|saldo)|libres|sobrantes)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:each|per|apiece|cada|average|promedio|times|veces|times as|between|entre|of (?:whom|which)|de (?:l[oa]s cuales|quienes)|about|around)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        rests = [j for j, m in enumerate(sent.mentions) if m.kind in "cmpt" and _rest(sent, j)]
        if len(rests) != 1 or _OTHERWISE.search(sent.masked):
            continue
        for reach in (0, 3):
            scope = [s for s in sentences[max(0, i - reach) : i + 1] if s.block is sent.block]
            others = [
                p
                for p in subjects.counted(scope, "cmpt")
                if p != (sent, rests[0]) and _fits(sent, rests[0], p)
            ]
            if len(others) >= 2:
                found += _verdict((sent, rests[0]), others)
                break
    return found


def _rest(sent: Sentence, index: int) -> bool:
    left, _, right = sent.masked.partition(f"<{sent.mentions[index].kind}{index}>")
    return bool(_BEFORE.search(left[-45:]) or _AFTER.match(right))


def _fits(sent: Sentence, index: int, other: Place) -> bool:
    one, two = sent.mentions[index], other[0].mentions[other[1]]
    if one.kind != two.kind:
        bare = one if one.kind == "c" else two
        if {one.kind, two.kind} == {"c", "t"}:
            return not bare.noun and (two.kind == "c" or two.value >= one.value)
        return bool({one.kind, two.kind} == {"c", "m"} and other[0] is sent and not (one.noun or two.noun))
    return subjects.alike(one, two)


def _verdict(rest: Place, others: Sequence[Place]) -> list[Hit]:
    """Two quantities whose difference is said; more than two are an account, and another rule's."""
    if len(others) != 2:
        return []
    (one, other), said = (_of(p) for p in others), _of(rest)
    if said.value >= max(one.value, other.value) or one.value == other.value:
        return []
    values = sorted([said.value, one.value, other.value])
    if values[0] + values[1] == values[2] or _percent(said, one, other):
        return []
    a, b = one.quantity().interval(), other.quantity().interval()
    gaps = [abs(x - y) for x in a for y in b]
    if Interval(min(gaps), max(gaps)).meets(said.quantity().interval()):
        return []
    gap = abs(one.value - other.value)
    if not Decimal("0.4") <= said.value / gap <= Decimal("2.5"):
        return []
    first, last = sorted((one.value, other.value), reverse=True)
    params = {
        "before": plain(first),
        "after": plain(last),
        "stated": plain(said.value),
        "expected": plain(gap),
        "sign": "",
    }
    breach = Breach("change_mismatch", CONTRADICTION, params["stated"], params["expected"], params)
    return [Hit(breach, rest[0], (*others, rest))]


def _of(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _percent(said: Mention, one: Mention, other: Mention) -> bool:
    """Percentages may be of one another, not only apart."""
    if said.kind != "p":
        return False
    return any(
        relations.share_of(x.quantity(), y.quantity(), said.quantity()) is None
        for x, y in combinations((one, other), 2)
    )
