"""Totals that come after what they add up, in a sentence or a few short ones, and votes of a body.

Charitable: a total that any arithmetic of the passage explains is left alone, and so is one that
lies far from what its parts make.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings, solver
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable
from mirps.evidence.checks.relations import Quantity

REACH = 8
#: Words right before a total that gather what was told before it.
_GATHERS = re.compile(
    r"(?:\b(?:add(?:ing)? (?:them|it|these|those|both|all)(?: all)? up|that(?:'s| is| makes| gives)|which (?:makes|gives|comes to|adds up to|totals?)|(?:grand |overall |combined )?total(?:s|ling|led)?(?: (?:for|of) the \w+| admitted| so far)?|in all|altogether|all told|taken together|together|the sum|sums? to|adds? up to|making|bring\w* (?:it|the total|us) to|"
    r"so|thus|therefore|hence|i\.e\.?|closes? at|ends? at|sumad[oa]s|suman?|sumando|en total|total(?:es)?(?: (?:general|acumulado|del? \w+|de la \w+|según [a-z ]{3,20}))?|hacen|dan|lo que (?:da|hace|suma)|es decir|o sea|esto es|son|en conjunto|juntos|juntas|con lo (?:cual|que)|cierra en|por (?:lo )?tanto|así que|resultando|hasta un total de)"
    r"[,:]?\s(?:(?:of|is|was|were|de|es|fue|son|of the|are|el|la|los|las|the|a|an|un|una|just|year|año|cierra|en|comes?|came|to|al?|there|we|have|had|hay|:)[,:]?\s){0,4}|[=→]\s?|\btotal(?:es)?\b[^<.;:]{0,40}:\s)$"
)
_GATHERED_AFTER = re.compile(
    r"^[^<.;:,]{0,30}\b(?:thus|therefore|pues|in all|altogether|in total|all told|overall|en total|en conjunto|(?:in|over|for) (?:all|the) \w+ years)\b"
)
_ENDS = re.compile(
    r"\b(?:target|goals?|average|mean|capacity|promedio|media|meta|capacidad|more|fewer|less than|times|veces|más que|menos que)\b"
)
_APART = re.compile(
    r"\b(?:each|per|cada|times|veces|of (?:whom|which|them|these|those)|de (?:l[oa]s cuales|ell[oa]s|est[oa]s|quienes)|average|promedio|than|more than one|target|meta|minus|less|menos|both|ambos|ambas|incl\w+|doubl\w+|dobl\w+|half|mitad)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - REACH + 1) : i + 1] if s.block is sent.block]
        for index, total in enumerate(sent.mentions):
            if total.kind in "cmp" and not total.weak and _gathers(sent, index):
                found += _sum(scope, (sent, index))
        found += _equation(sent)
        found += _votes(sent)
    return found


def _gathers(sent: Sentence, index: int) -> bool:
    front, behind = sent.masked.split(f"<{sent.mentions[index].kind}{index}>", 1)
    return (_GATHERS.search(front) or _GATHERED_AFTER.match(behind)) is not None


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _sum(scope: Sequence[Sentence], total: Place) -> list[Hit]:
    """'Morning 42. Afternoon 29. Total of the day: 81.'"""
    said = _m(total)
    sent, index = total
    before = [
        p
        for p in subjects.counted(scope, said.kind)
        if (p[0] is not sent or p[1] < index) and _m(p).value < said.value
    ]
    parts = [p for p in before if comparable(_m(p), said) and _alike(_m(p), said)]
    if not 2 <= len(parts) <= 7 or len(parts) != len(before):
        return []
    text = " ".join(s.masked for s in scope)
    if (
        _APART.search(text)
        or readings.partial(text)
        or any(_ENDS.search(subjects.narrow(p)) for p in (*parts, total))
    ):
        return []
    others = [m for s in scope for m in s.mentions if m is not said]
    others += [m for s in scope for m in s.mentions if m.kind == "o"]
    added = sum((_m(p).value for p in parts), Decimal(0))
    if not Decimal("0.75") < said.value / added < Decimal("1.34") or solver.explained(said, others):
        return []
    labels = tuple(fold(subjects.clause(p)) for p in parts)
    values = [m.value for s in scope for m in s.mentions if m.kind == said.kind]
    if enumerations.overlapping(labels) or readings.accounted(values) or _dated_anew(parts, total):
        return []
    breach = relations.parts_and_total(_as(said), [_as(_m(p)) for p in parts], exhaustive=True)
    return [Hit(breach, sent, (total, *parts))] if breach else []


def _alike(part: Mention, total: Mention) -> bool:
    """The parts count what the total counts, or one of the two leaves it unsaid."""
    return (
        not part.noun
        or not total.noun
        or part.kin == total.kin
        or part.kind == "m"
        or total.kin in ("case", "caso", "person", "persona")
    )


def _dated_anew(parts: Sequence[Place], total: Place) -> bool:
    """A series ('1,500 in 2022, 3,000 in 2023, so 4,500 in 2024') is no sum."""
    when = subjects.when(total)
    times = {subjects.when(p) for p in parts}
    return when is not None and None not in times and when not in times and len(times) == len(parts)


def _as(m: Mention) -> Quantity:
    return Quantity(m.value, "percent" if m.kind == "p" else "", m.qualifier, m.step)


_EQUATION = re.compile(
    r"(?:<(?P<k>[cmp])(?P<t>\d+)>(?P<g>[^<.;:=]{0,30})=\s?)?(?P<sum>(?:<[cmp]\d+>[^<.;:=+]{0,40}\+\s?)+<[cmp]\d+>)(?:[^<.;:=]{0,40}(?:=|→)\s?<(?P<k2>[cmp])(?P<t2>\d+)>)?"
)


def _equation(sent: Sentence) -> list[Hit]:
    """'1,200 people = 700 adults + 400 children'."""
    for match in _EQUATION.finditer(sent.masked):
        index = match["t"] or match["t2"]
        if index is None:
            continue
        parts = [int(n) for n in re.findall(r"<[cmp](\d+)>", match["sum"])]
        whole = sent.mentions[int(index)]
        breach = relations.parts_and_total(
            _as(whole), [_as(sent.mentions[i]) for i in parts], exhaustive=True
        )
        if breach:
            return [Hit(breach, sent, ((sent, int(index)), *((sent, i) for i in parts)))]
    return []


_BODY = re.compile(
    r"<c(?P<n>\d+)>\s(?:[a-záéíóúñ]+\s)?(?:members?|councillors?|councilors?|judges?|magistrates?|States|delegat\w+|deput\w+|commissioners?|directors?|regidor\w*|concejal\w*|magistrad\w+|magistraturas|juec\w+|diputad\w+|miembros|integrantes|comisionad\w+|delegad\w+|vocales|countries|países|estados)\b"
)


def _votes(sent: Sentence) -> list[Hit]:
    """'Passed with 9 votes for and 4 against; all 12 councillors were there': more votes than voters."""
    if not re.search(
        r"\b(?:votes?|voted|votos?|votaron|votaci[oó]n|in favou?r|a favor|en contra|contra|against)\b",
        sent.masked,
    ):
        return []
    body = _BODY.search(sent.masked)
    if not body:
        return []
    n = int(body["n"])
    votes = [
        int(m.group(1))
        for m in re.finditer(
            r"<c(\d+)>(?=[^<.;]{0,25}\b(?:in favou?r|votes?|votos?|a favor|en contra|against|abst\w+|contra|opposed)\b)|(?:\b(?:contra|against|to|y|and)\s(?:[a-z]+\s)?)<c(\d+)>",
            sent.masked,
        )
        if m.group(1)
    ]
    votes += [
        int(m.group(1))
        for m in re.finditer(r"\b(?:contra|against|votos? a|votes? to)\s<c(\d+)>", sent.masked)
    ]
    parts = sorted({i for i in votes if i != n})
    if len(parts) < 2:
        return []
    whole = _as(sent.mentions[n])
    breach = relations.parts_and_total(whole, [_as(sent.mentions[i]) for i in parts], exhaustive=False)
    return [Hit(breach, sent, ((sent, n), *((sent, i) for i in parts)))] if breach else []
