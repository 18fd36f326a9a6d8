"""Running totals along any row of moments: quarters, weeks, anniversaries, mid-year and year-end, bulletins."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.figures.rules import Qualifier

#: Words of a count that is kept since a beginning.
RUNNING = re.compile(
    r"\b(?:all-time|aggregate(?:d)? \w+|agregad[oa]s?|históric[oa]|since opening|since (?:its|their) \w+ing|cumulative\w*|cumulatively|running (?:total|count|tally)|year.to.date|accumulat\w+|to date|so far|all told|since (?:the |its |their |our )?(?:start|launch|beginning|opening|outset|inception|creation|foundation|onset|first|it|they|we|then|<[dhyr]\d+>|january|[a-z]+ began)|"
    r"from (?:its|the) (?:launch|start|beginning|opening|outset)|acumul\w+|(?:hasta|a) la fecha|en lo que va|hasta (?:ahora|el momento|hoy)|desde (?:que|su|el (?:inicio|arranque|comienzo|lanzamiento)|la (?:apertura|puesta|creación)|(?:el )?<[dhyr]\d+>|enero)|(?:se )?llevan?\b|(?:se )?llevaban?)(?!\w)"
)
#: 'By the second, ... a total of': a count up to a moment, of what had been done.
_UPTO = re.compile(
    r"\b(?:had|habían?)\s(?:been\s)?\w+(?:ed|en|[ai]d[oa]s?)\s(?:\w+\s){0,2}?(?:by|up to|until|a|hasta|al)\s<[dhyr]\d+>|\b(?:by|up to|until|as of|as at|at the end of|al|hasta|a)\b[^<;.]{0,30}(?:<[dhyr]\d+>|anniversary|year|quarter|month|week|aniversario|año|trimestre|mes|semana|cierre|fin)[^.;]{0,70}?\b(?:had|have|has|habían?|han?)\s(?:been\s|sido\s|already\s)?\w+(?:ed|en|[ai]d[oa]s?|uilt|ught|pent|aid|eld|ade|hecho|escrito|abierto|visto)\b"
)
_TOTAL = re.compile(r"\b(?:a total of|the total|in total|total|en total|el total)\b")
_ALONE = re.compile(
    r"\b(?:in|during|en|durante)\s(?:the\s|el\s|la\s|l[oa]s\s)?(?:<[hyr]\d+>|(?:first|second|third|fourth|last|same|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|últim[oa]s?|mism[oa])\b)|\b(?:alone|only|new|during|per|monthly|weekly|daily|each|every|pending|waiting|currently|active|open|hosted|housed|capacity|target|goal|planned|revised|correct\w+|net|withdr\w+|of (?:whom|which|these|them)|average|rate|occupied|living|there (?:are|were)|"
    r"s[oó]lo|solamente|nuev[oa]s|por mes|mensual\w*|semanal\w*|diari\w+|cada|pendientes?|en espera|activ[oa]s|vigentes?|albergad[oa]s|alojad[oa]s|capacidad|meta|previst\w+|corrig\w+|revis\w+|depur\w+|net[oa]s?|de (?:ell[oa]s|l[oa]s cuales)|promedio|tasa|hay|había(?!n?\s\w+[ai]do)|against|compared|versus|contra|frente a|comparad\w+|respecto)\b"
)
_NTH = (
    ("first", "primer", "q1", "1st", "1er", "i "),
    ("second", "segund", "q2", "2nd", "2do"),
    ("third", "tercer", "q3", "3rd", "3er"),
    ("fourth", "cuart", "q4", "4th", "4to"),
    ("fifth", "quint"),
    ("sixth", "sext"),
)
_EARLIER = re.compile(
    r"\b(?:(?:previous|prior|last|earlier|preceding) (?:bulletin|report|update|edition|statement)|(?:end|close) of (?:the )?(?:previous|last|preceding) \w+|mid-?year|half-?year|"
    r"(?:boletín|informe|edición|reporte|corte) (?:anterior|previ[oa]|pasad[oa])|(?:cierre|fin|final) del? (?:\w+ )?\w+ (?:anterior|pasad[oa]|previ[oa])|mitad de(?:l)? año|medio año)\b"
)
_LATER = re.compile(
    r"\b(?:(?:a|one|two|six) (?:year|month|quarter|week)s? (?:later|afterwards|on)|later|then|now|this (?:bulletin|report|quarter|month|edition)|year-?end|end of the year|(?:un|dos|seis) (?:año|mes|trimestre|meses|años)(?: m[aá]s tarde| después)|después|luego|ahora|hoy|est[ea] (?:boletín|informe|trimestre|mes|edición)|cierre(?: del año)?|fin de año|to date|a la fecha)\b"
)


_STATE = re.compile(
    r"\b(?:stood|stands|read|reads|figure|count|counter|tally|total was|is now|marcaba|marca|sumaba|suma|iba|era de|es de|cuenta|cifra|contador|conteo)\b"
)
_AGO = re.compile(
    r"\b(?:(?:months?|years?|weeks?) ago|hace (?:un|una|dos|tres|seis|<t\d+>)|six months ago)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        near = [s for s in sentences[max(0, i - 1) : i + 1] if s.block is sent.block]
        found += _widening(sent) or _falls(sent, [sent]) or (_falls(sent, near) if len(near) > 1 else [])
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _falls(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'75 communities by Q1, 83 by Q2, 81 by Q3'; 'to date 3,400; at the end of the previous quarter 3,520'."""
    text = " ".join(s.masked for s in scope)
    running = RUNNING.search(text)
    told = _UPTO.search(scope[0].masked) and (_UPTO.search(sent.masked) or _TOTAL.search(sent.masked))
    if not running and not told:
        return []
    places = [p for p in subjects.counted(scope, "cm") if not _names_a_moment(p)]
    if not 2 <= len(places) <= 6 or any(s not in [p[0] for p in places] for s in scope):
        return []
    if any(m.kind == "p" for s in scope for m in s.mentions) or _ALONE.search(_reduced(text)):
        return []
    if any(not _same(_m(a), _m(b)) for a, b in pairwise(places)):
        return []
    if len({_whose(p) for p in places}) > 1:
        return []
    ordered = _ordered(places)
    if ordered is None:
        return []
    low, high = _m(ordered[0]).value, _m(ordered[-1]).value
    if low <= 0 or not 0.4 < high / low < 2.5:
        return []
    breach = relations.cumulative([_m(p).quantity() for p in ordered])
    return [Hit(breach, sent, tuple(ordered))] if breach else []


def _whose(place: Place) -> tuple[frozenset[str], frozenset[str]]:
    """The names and classes that the clause of a value sets it apart by."""
    found = subjects.about(place)
    return found.names, found.traits


def _widening(sent: Sentence) -> list[Hit]:
    """'1,204 (January-March), 2,310 (January-June), 2,190 (January-September)': the longer period holds no less."""
    places = subjects.counted([sent], "cm")
    if (
        not 2 <= len(places) <= 6
        or len(sent.dates) != len(places)
        or any(d.kind != "months" for d in sent.dates)
    ):
        return []
    if re.findall(r"<([cm]|r)\d+>", sent.masked) != ["c", "r"] * len(places) or any(
        not _same(_m(a), _m(b)) for a, b in pairwise(places)
    ):
        return []
    starts = {(d.first.year, d.first.month) for d in sent.dates}
    ends = [(d.last.year or 0, d.last.month or 0) for d in sent.dates]
    if len(starts) > 1 or len(set(ends)) < len(ends) or _WINDOW.search(sent.masked):
        return []
    ordered = [p for _, p in sorted(zip(ends, places, strict=True), key=lambda x: x[0])]
    breach = relations.cumulative([_m(p).quantity() for p in ordered])
    return [Hit(breach, sent, tuple(ordered))] if breach else []


_WINDOW = re.compile(r"\b(?:average|mean|median|promedio|media|rate|tasa|price|precio|per|por)\b")


def _reduced(text: str) -> str:
    """Without 'the last two years' of a running total and other phrases that only look like a period of its own."""
    return re.sub(r"\b(?:en la <c\d+>|in week <c\d+>|en lo que va|there was a total)\b", " ", text)


def _same(a: Mention, b: Mention) -> bool:
    exact = a.qualifier in (Qualifier.EXACT, Qualifier.ABOUT) and b.qualifier in (
        Qualifier.EXACT,
        Qualifier.ABOUT,
    )
    return exact and subjects.alike(a, b)


def _names_a_moment(place: Place) -> bool:
    """'In week 12', 'en la 11': numbers that are moments."""
    front = place[0].masked.split(subjects.mark(place), 1)[0]
    return (
        re.search(
            r"\b(?:week|weeks|semanas?|day|día|round|ronda|bulletin|boletín|month|mes|en la|en el|a la|al)\s(?:no\.?\s)?$",
            front[-14:],
        )
        is not None
        and _m(place).value < 60
        and not _m(place).noun
    )


def _clause(place: Place) -> str:
    """The words about a value: from the value before it to the next, cut at commas on the far side."""
    left, _, right = place[0].masked.partition(subjects.mark(place))
    first = re.search(r"<[cm]\d+>", left) is None
    left = re.split(r"<[cm]\d+>", left)[-1]
    return (
        re.split(r"[;.]" if first else r"[;.]|,(?=.*\w+\s+\w+)|\s(?:and|y|e)\s", left)[-1]
        + "#"
        + re.split(r"[;,.]|\s(?:and|y|e)\s|<[cm]\d+>", right)[0]
    )


def _ordered(places: Sequence[Place]) -> list[Place] | None:
    """The values along a row of moments, when every one of them has its own."""
    tails = _tails(places)
    behind = all(_EARLIER.search(t) or _LATER.search(t) or _step(t) for t in tails)
    clauses = ["#" + t for t in tails] if behind else [_clause(p) for p in places]
    steps = [_step(c) for c in clauses]
    if None not in steps and len(set(steps)) == len(steps):
        known = [s for s in steps if s is not None]
        return [p for _, p in sorted(zip(known, places, strict=True), key=lambda x: x[0])]
    times = [
        subjects.when(p) if re.search(r"<[dhyr]\d+>", c) else None
        for p, c in zip(places, clauses, strict=True)
    ]
    if None not in times and len(set(times)) == len(times) and len({t[0] == 0 for t in times if t}) == 1:
        dated = [t for t in times if t is not None]
        return [p for _, p in sorted(zip(dated, places, strict=True), key=lambda x: x[0])]
    if len(places) == 2:
        early = [bool(_EARLIER.search(c)) for c in clauses]
        late = [bool(_LATER.search(c)) for c in clauses]
        if (early == [True, False]) or (late == [False, True] and early == [False, False]):
            return list(places)
        if early == [False, True] and late != [False, True]:
            return [places[1], places[0]]
        was = [bool(subjects._EARLY.search(c)) for c in clauses]
        now = [bool(subjects._LATE.search(c)) for c in clauses]
        if _STATE.search(" ".join(clauses)) and was != now and sorted(was) == sorted(now) == [False, True]:
            return [places[was.index(True)], places[was.index(False)]]
        ago = [bool(_AGO.search(c)) for c in clauses]
        if sum(ago) == 1:
            return [places[ago.index(True)], places[ago.index(False)]]
    moments = [
        re.search(r"\b(?:weeks?|semanas?|en la|round|ronda)\s(?:no\.?\s)?<c\d+>|<[dhyr]\d+>|\bq[1-4]\b", c)
        for c in _tails(places)
    ]
    return list(places) if len(places) > 2 and all(moments) else None


def _tails(places: Sequence[Place]) -> list[str]:
    """The words behind each value, up to the next comma or 'and'."""
    made = []
    for place in places:
        right = place[0].masked.split(subjects.mark(place), 1)[1]
        made.append(re.split(r"[;,.]|\s(?:and|y|e)\s", right)[0])
    return made


def _step(clause: str) -> int | None:
    found = [
        n for n, words in enumerate(_NTH, 1) if any(re.search(rf"\b{re.escape(w)}", clause) for w in words)
    ]
    return found[0] if len(found) == 1 else None
