"""Bounds and what is said to keep them: caps, minima, majorities, extremes and their mean."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Quantity, plain
from mirps.evidence.figures.rules import Qualifier

REACH = 3
_MOST = re.compile(
    r"\b(?:capped at|cap of|ceiling of|limit(?:ed)? (?:of|to|is|was)|maximum(?: \w+)?(?: capacity)?(?: of| is| was)?|capacity (?:of|for)|at most|no more than|not exceed|cupo(?: máximo| autorizado)?(?: de| para| es de| era de)?|"
    r"tope(?: máximo)?(?: de| es de| era de)?|límite(?: máximo)?(?: de| es de)?|techo de|máximo(?: \w+)?(?: de| es de| era de)?|capacidad (?:máxima )?(?:de|para)|como máximo|a lo sumo)\s(?:the\s|l[oa]s\s)?$"
)
_LEAST = re.compile(
    r"\b(?:minimum(?: \w+)?(?: of| is| was)?|at least|no fewer than|no less than|floor of|mínimo(?: \w+)?(?: de| es de| era de)?|al menos|por lo menos|como mínimo|no menos de)\s(?:the\s|l[oa]s\s)?$"
)
_KEPT = re.compile(
    r"\b(?:within (?:the|its|that|this)|respects?|respected|complie[sd]|comply|complying|meets?|met|satisf\w+|in line with|as required|in keeping|fulfils?|observes?|"
    r"dentro (?:del?|de la)|respet\w+|cumpl\w+|satisfac\w+|ajusta\w*|acata\w*|conforme|observa\w*)\b"
)
_NOT_KEPT = re.compile(
    r"\b(?:not|nor|never|without|fail\w*|exceed\w*|above|beyond|over its|breach\w*|violat\w*|no|nunca|sin|incumpl\w+|exced\w+|supera\w*|sobrepas\w+|rebas\w+|viol\w+)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        stretch = [s for s in sentences[max(0, i - REACH + 1) : i + 1] if s.block is sent.block]
        found += _bracket(sent)
        found += _rule(sent, stretch[-2:])
        found += _majority(sent, stretch[-2:])
        found += _unanimous(sent)
        found += _short(sent)
        found += _mean(stretch, sent)
        found += _ages(sent)
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


_IN_BRACKET = re.compile(
    r"<(?P<k>[cm])(?P<a>\d+)>[^<.;()]{0,45}\((?:[a-záéíóúñ ]{0,25}\s)?<(?P<j>[cm])(?P<b>\d+)>(?:,[^()<]*|\s(?:according|by|in|on|según|por|en)[^()<]*)?\)"
)


def _bracket(sent: Sentence) -> list[Hit]:
    """'More than 500 people (488, by the sign-in sheet)'."""
    for match in _IN_BRACKET.finditer(sent.masked):
        bound, exact = sent.mentions[int(match["a"])], sent.mentions[int(match["b"])]
        if (
            bound.qualifier is Qualifier.EXACT
            or exact.noun
            or exact.qualifier is not Qualifier.EXACT
            or not subjects.alike(bound, exact)
        ):
            continue
        if Decimal("0.5") < exact.value / max(bound.value, Decimal(1)) < 2:
            breach = relations.restated(bound.quantity(), exact.quantity())
            if breach:
                return hit(breach, sent, [int(match["a"]), int(match["b"])])
    return []


def _bound(place: Place) -> Qualifier | None:
    """Whether a value is told as a limit, and of which kind."""
    front = place[0].text[: _m(place).start].lower()
    if _MOST.search(front[-45:]) or _m(place).qualifier is Qualifier.AT_MOST:
        return Qualifier.AT_MOST
    if _LEAST.search(front[-45:]) or _m(place).qualifier is Qualifier.AT_LEAST:
        return Qualifier.AT_LEAST
    return None


def _rule(sent: Sentence, stretch: Sequence[Sentence]) -> list[Hit]:
    """'At most 45 people; last night 52 slept there, within the authorised number'."""
    if not _KEPT.search(sent.masked):
        return []
    places = subjects.counted(stretch, "cmt")
    bounds = [(p, kind) for p in places if (kind := _bound(p))]
    rest = [p for p in places if all(p != b for b, _ in bounds)]
    if len(bounds) != 1 or not 1 <= len(rest) <= 2:
        return []
    (limit, kind) = bounds[0]
    clause = re.split(r"[;.]", sent.masked[: _KEPT.search(sent.masked).end()])[-1]  # type: ignore[union-attr]
    if _NOT_KEPT.search(clause[-40:]):
        return []
    for place in rest:
        value, edge = _m(place), _m(limit)
        bare = {value.kind, edge.kind} in ({"c", "t"}, {"c", "m"}) or subjects.alike(value, edge)
        if place[0] is not sent or value.qualifier is not Qualifier.EXACT or not bare:
            continue
        above = kind is Qualifier.AT_MOST and value.value > edge.value
        below = kind is Qualifier.AT_LEAST and value.value < edge.value
        if (above or below) and Decimal("0.3") < value.value / max(edge.value, Decimal("0.1")) < 4:
            bound = Quantity(edge.value, edge.unit, kind, edge.step)
            breach = relations.restated(bound, Quantity(value.value, edge.unit, value.qualifier, value.step))
            return [Hit(breach, sent, (limit, place))] if breach else []
    return []


_OF_VOTES = re.compile(
    r"<p(?P<p>\d+)>\s(?:majority\s)?(?:of|de|del?)\s(?:the\s|l[oa]s\s|its\s|sus\s|total de\s)?<c(?P<n>\d+)>"
)
_PASSED = re.compile(
    r"\b(?:so it passed|passed|carried|approved|adopted|reached|met|obtain\w* the|with the required|alcanzó|alcanzaron|se aprobó|fue aprobad[oa]|aprobad[oa]|logró|cumplió|cumplieron)\b"
)
_FAILED = re.compile(
    r"\b(?:failed|fell short|did not|was not|rejected|no (?:alcanz|se aprob|logr|cumpl)\w+|rechazad[oa]|sin alcanzar)\b"
)


def _majority(sent: Sentence, stretch: Sequence[Sentence]) -> list[Hit]:
    """'Two thirds of the 90 votes; it got 52, so it passed'."""
    for source in stretch:
        match = _OF_VOTES.search(source.masked)
        if not match:
            continue
        base, share = (source, int(match["n"])), source.mentions[int(match["p"])]
        got = [
            p
            for p in subjects.counted(stretch, "c")
            if p != base and _m(p).value < _m(base).value and (p[0] is not source or p[1] > base[1])
        ]
        passed, failed = _PASSED.search(sent.masked), _FAILED.search(sent.masked)
        if (
            len(got) != 1
            or bool(passed) == bool(failed)
            or share.kind != "p"
            or sent not in (got[0][0], source)
        ):
            continue
        found = _m(got[0]).value / _m(base).value * 100
        if (passed and found + Decimal("0.5") < share.value) or (
            failed and found > share.value + Decimal("0.5")
        ):
            breach = relations.share_of(
                _m(got[0]).quantity(),
                _m(base).quantity(),
                Quantity(share.value, "percent", Qualifier.EXACT, Decimal("0.01")),
            )
            return [Hit(breach, sent, (base, got[0]))] if breach else []
    return []


_UNANIMOUS = re.compile(
    r"\b(?:unanim\w+|por unanimidad|unánime\w*|without (?:a )?dissent|sin votos en contra)\b"
)
_AGAINST = re.compile(
    r"<c(?P<n>\d+)>\s(?:votes?\s|votos?\s)?(?:against|en contra)\b|\b(?:against|en contra),?\s<c(?P<m>\d+)>"
)


def _unanimous(sent: Sentence) -> list[Hit]:
    """'Adopted unanimously, with 15 votes in favour and 4 against'."""
    told, match = _UNANIMOUS.search(sent.masked), _AGAINST.search(sent.masked)
    if (
        not told
        or not match
        or re.search(r"\b(?:not|no|nor|without|almost|casi|nearly)\s(?:\w+\s)?$", sent.masked[: told.start()])
    ):
        return []
    index = int(match["n"] or match["m"])
    value = sent.mentions[index].value
    if value < 1:
        return []
    params = {"first": "0", "again": plain(value)}
    return hit(Breach("restated", CONTRADICTION, plain(value), "0", params), sent, [index])


_NOT_REACHED = re.compile(
    r"\b(?:did not (?:reach|number|exceed|get to)|fell short of|fewer than|no (?:llegaron|llegó|alcanzaron|alcanzó|pasaron|pasó) (?:a|de|los|las)?|sin llegar a)\s(?:l[oa]s\s|the\s)?$"
)
_WERE = re.compile(
    r"(?::|;|,|—)\s(?:there\s|they\s)?(?:were|was|came to|fueron|eran|sumaron|exactly|exactamente)\s(?:exactly\s|exactamente\s)?<c(?P<n>\d+)>"
)


def _short(sent: Sentence) -> list[Hit]:
    """'Those who slept there did not reach a thousand: they were 1,024'."""
    match = _WERE.search(sent.masked)
    if not match:
        return []
    exact = (sent, int(match["n"]))
    for place in subjects.counted([sent], "c"):
        front = sent.text[: _m(place).start].lower()
        if (
            place == exact
            or place[1] > exact[1]
            or not _NOT_REACHED.search(front[-40:])
            or not subjects.alike(_m(place), _m(exact))
        ):
            continue
        if _m(place).value <= _m(exact).value < _m(place).value * 2:
            bound = Quantity(_m(place).value - 1, "", Qualifier.AT_MOST)
            breach = relations.restated(bound, _m(exact).quantity())
            return [Hit(breach, sent, (place, exact))] if breach else []
    return []


_LARGEST = re.compile(
    r"\b(?:largest|biggest|highest|fullest|busiest|longest|maximum|peak|most crowded|mayor|más (?:grande|alt[oa]|larg[oa]|llen[oa]|numeros[oa])|máxim[oa])\b[^<.;,]{0,30}$"
)
_SMALLEST = re.compile(
    r"\b(?:smallest|lowest|shortest|quietest|minimum|least|menor|más (?:pequeñ[oa]|baj[oa]|cort[oa]|chic[oa])|mínim[oa])\b[^<.;,]{0,30}$"
)
_AVERAGE = re.compile(r"\b(?:average|mean|promedio|media|medi[oa])\b[^<.;]{0,30}$")


def _mean(stretch: Sequence[Sentence], sent: Sentence) -> list[Hit]:
    """'The smallest class had 35 pupils and the largest 40. The average class, at 44': a mean lies between."""
    told: dict[str, Place] = {}
    for place in subjects.counted(stretch, "cmt"):
        front = place[0].masked.split(subjects.mark(place), 1)[0][-60:]
        for name, words in (("high", _LARGEST), ("low", _SMALLEST), ("mean", _AVERAGE)):
            if words.search(front):
                told[name] = place
    mean = told.get("mean")
    if (
        mean is None
        or len(told) < 2
        or mean[0] is not sent
        or len({d for p in told.values() for d in subjects.about(p).dates}) > 1
    ):
        return []
    low, high = told.get("low"), told.get("high")
    for edge, wrong in (
        (high, high is not None and _m(mean).value > _m(high).value),
        (low, low is not None and _m(mean).value < _m(low).value),
    ):
        if edge is not None and wrong and (subjects.alike(_m(edge), _m(mean)) or not _m(mean).noun):
            params = {
                "value": plain(_m(mean).value),
                "low": plain(_m(low).value) if low else "·",
                "high": plain(_m(high).value) if high else "·",
            }
            span = f"{params['low']}-{params['high']}"
            breach = Breach("range_conflict", CONTRADICTION, params["value"], span, params)
            return [Hit(breach, sent, tuple(told.values()))]
    return []


_OLDER = re.compile(r"\b(?:mayores de|over|above|older than|más de|at least|al menos)\s$")
_YOUNGER = re.compile(r"\b(?:menores de|under|below|younger than|menos de|up to|hasta)\s$")
_YOUNGEST = re.compile(r"\b(?:youngest|más jov(?:en|enes)|de menor edad)\b")
_OLDEST = re.compile(r"\b(?:oldest|eldest|más (?:viej[oa]|mayor|ancian[oa])|de mayor edad|de más edad)\b")


def _ages(sent: Sentence) -> list[Hit]:
    """'Only for those over 60, and all meet it; the youngest is 54'."""
    young, old = _YOUNGEST.search(sent.masked), _OLDEST.search(sent.masked)
    if bool(young) == bool(old):
        return []
    cue = (young or old).start()  # type: ignore[union-attr]
    words = _OLDER if young else _YOUNGER
    rows = [(i, m) for i, m in enumerate(sent.mentions) if m.kind in "act" and m.value <= 110]
    limits = [
        (i, m)
        for i, m in rows
        if words.search(sent.text[: m.start].lower()) and sent.masked.find(f"<{m.kind}{i}>") < cue
    ]
    told = [(i, m) for i, m in rows if sent.masked.find(f"<{m.kind}{i}>") > cue]
    if len(limits) != 1 or len(told) != 1:
        return []
    (a, limit), (b, value) = limits[0], told[0]
    if (young and value.value < limit.value) or (old and value.value > limit.value):
        low, high = (limit.value, Decimal(110)) if young else (Decimal(0), limit.value)
        params = {"low": plain(low), "high": plain(high), "value": plain(value.value)}
        return hit(
            Breach(
                "range_conflict", CONTRADICTION, plain(value.value), f"{plain(low)}-{plain(high)}", params
            ),
            sent,
            [a, b],
        )
    return []
