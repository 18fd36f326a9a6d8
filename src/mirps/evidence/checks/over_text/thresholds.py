"""Bounds told in words and the values that they are to hold for: goals, majorities, caps, 'more than'."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import limits
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

#: Values further from their bound than this speak of something else.
FAR = Decimal("2.5")
_ABOVE = re.compile(
    r"\b(?:exceed(?:ed|s|ing)?|surpass(?:ed|es|ing)?|passed|topped|went (?:over|beyond|past)|superó|superaron|supera|rebas(?:ó|aron|a)|sobrepas(?:ó|aron|a)|pas(?:ó|aron) de)\s(?:the\s|a\s|l[oa]s\s|el\s)?$"
)
_BELOW = re.compile(
    r"\b(?:(?:did|does|do) not (?:reach|exceed|surpass|get to)|never (?:reached|exceeded)|fell short of|remained (?:under|below)|short of|"
    r"no (?:llegaron?|llegó|alcanzaron?|alcanzó|super(?:ó|aron)|rebas(?:ó|aron)|pas(?:ó|aron) de)(?: a)?|sin llegar a|quedar?on? por debajo de|apenas|barely|scarcely|hardly)\s(?:the\s|l[oa]s\s|a\s)?$"
)
#: Words that own up to a limit that was not kept, or that set a part, an exception or another subject apart.
_APART = re.compile(
    r"\b(?:although|though|despite|yet|however|but|only|while|whereas|except\w*|besides|over\s?crowd\w*|beyond|exceed\w*|surpass\w*|more than|above|over|another|others?|also|additional|further|extra|previous|last year|each|every|per|average|of (?:whom|which|these|those|them)|among (?:them|these)|remaining|rest|not|outside|out of|delay\w*|late|overdue|"
    r"aunque|pese|pero|sin embargo|s[oó]lo|solamente|mientras|salvo|excepto|hacinam\w*|sobrecupo|sobrepobla\w*|exced\w*|super\w+|sobrepas\w*|rebas\w*|más de|otr[oa]s?|además|adicional\w*|anterior\w*|pasado|cada|promedio|de (?:ell[oa]s|l[oa]s cuales|est[oa]s)|entre ell[oa]s|restantes?|resto|no|fuera de|vencid\w+|demora\w*|retras\w*|atras\w*|incumpl\w*|breach\w*|violat\w*|viol[óa]\w*)\b"
)
_RULE = re.compile(
    r"\b(?:can|may|must|allow\w*|limit\w*|cap(?:ped)?|maximum|minimum|capacity|any|never|ningún|ninguna|nunca|require\w*|rule|law|up to|no more than|at most|within|takes?|is|are|lasts?|"
    r"puede\w*|podía\w*|debe\w*|permit\w+|límite|tope|máximo|mínimo|cupo|capacidad|exig\w+|ley|norma|reglamento|hasta|no más de|tarda\w*|toma\w*|dura\w*|es|son)\b"
)


_ALWAYS = re.compile(r"\b(?:in any|at any|ever|en ningún|en ninguna|nunca)\b")


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        near = [s for s in sentences[max(0, i - 1) : i + 1] if s.block is sent.block]
        found += _goals(sent, near) or _bounded(sent, near) or _parts(sent, near)
        found += _majority(sent)
        found += _fraction(sent)
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _front(place: Place) -> str:
    return place[0].masked.split(subjects.mark(place), 1)[0]


def _words(place: Place) -> str:
    """What leads to a value, its own qualifier included."""
    return _front(place) + place[0].text[_m(place).begin : _m(place).start].lower()


def bound(place: Place) -> Qualifier | None:
    """Which way a value is bounded by the words before it."""
    front = _words(place)[-60:]
    if _BELOW.search(front):
        return Qualifier.AT_MOST
    if _ABOVE.search(front):
        return Qualifier.AT_LEAST
    return limits._bound(place)


def _bounded(sent: Sentence, near: Sequence[Sentence]) -> list[Hit]:
    """'No more than 30 days; the last one took 45 days'; 'attendance exceeded 300, with 287 people signing in'."""
    places = subjects.counted(near, "cmt")
    for edge in places:
        kind = bound(edge)
        if kind not in (Qualifier.AT_LEAST, Qualifier.AT_MOST):
            continue
        behind = [p for p in places if _later(edge, p) and p[0] is sent]
        if not 1 <= len(behind) <= 2 or len(places) > 4:
            continue
        value = behind[0]
        breach = _breach(edge, kind, value) if _same(edge, kind, value, len(behind) > 1) else None
        if breach:
            return [Hit(breach, sent, (edge, value))]
    return []


#: 'Up to 200 a day': a rate says nothing of a week.
_A_TIME = re.compile(
    r"\b(?:a (?:day|week|month|year)|per (?:day|week|month|year)|daily|weekly|monthly|a diario|diari\w+|al (?:día|mes|año)|por (?:día|semana|mes|año)|semanal\w*|mensual\w*)\b"
)


_ONE_TIME = re.compile(
    r"<d\d+>|\b(?:one|that|last|a single) (?:day|night|morning)|\b(?:un|una|ese|esa|aquel) (?:día|noche|mañana|sola? \w+)\b"
)


def _rated(edge: Place, kind: Qualifier, value: Place) -> bool:
    """A bound on each day holds for one day ('on 12 May it served 94'), not for a week."""
    if not _A_TIME.search(subjects.clause(edge)):
        return False
    return kind is not Qualifier.AT_MOST or not _ONE_TIME.search(subjects.clause(value))


def _parts(sent: Sentence, near: Sequence[Sentence]) -> list[Hit]:
    """'Fewer than 60 teachers; 38 were women and 27 men': parts that cover a bounded whole keep its bound."""
    places = subjects.counted(near, "cm")
    if not 3 <= len(places) <= 7 or any(m.kind == "p" for s in near for m in s.mentions):
        return []
    edge, parts = places[0], places[1:]
    kind = bound(edge)
    if kind is not Qualifier.AT_MOST or any(p[0] is not sent for p in parts) or any(bound(p) for p in parts):
        return []
    labels = [subjects.describe(sent, _beside(p)) for p in parts]
    sexes = [a.traits for a in labels]
    apart = all(sexes) and len(set(sexes)) == len(sexes) == 2
    named = all(_NAMED.search(sent.text[: _m(p).begin]) for p in parts)
    if not (apart or named) or _APART.search(_between(edge, parts[0])):
        return []
    if any(_m(p).kind != _m(edge).kind or _m(p).value > _m(edge).value for p in parts):
        return []
    whole = Quantity(_m(edge).value, _m(edge).unit, kind, _m(edge).step)
    breach = relations.parts_and_total(whole, [_m(p).quantity() for p in parts], exhaustive=False)
    return [Hit(breach, sent, (edge, *parts))] if breach else []


_NAMED = re.compile(r"\b[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+,?:?\s\(?$")


def _beside(place: Place) -> str:
    right = place[0].masked.split(subjects.mark(place), 1)[1]
    return subjects.mark(place) + re.split(r"<[cmp]\d+>|[;.,]|\s(?:and|y|e)\s", right)[0]


def _later(one: Place, other: Place) -> bool:
    return (one[0].number, one[1]) < (other[0].number, other[1])


def _breach(edge: Place, kind: Qualifier, value: Place) -> relations.Breach | None:
    e, v = _m(edge), _m(value)
    if v.qualifier is not Qualifier.EXACT or bound(value) or e.value <= 0 or v.value <= 0:
        return None
    least = Decimal("0.6") if kind is Qualifier.AT_LEAST else 1 / FAR
    if not least < v.value / e.value < FAR:
        return None
    limit = Quantity(e.value, e.unit, kind, e.step)
    return relations.restated(limit, Quantity(v.value, e.unit, v.qualifier, v.step))


def _same(edge: Place, kind: Qualifier, value: Place, more: bool) -> bool:
    """Whether the value is one that the bound speaks of: alike, and no part, time or place of its own below a least."""
    e, v = _m(edge), _m(value)
    between = _between(edge, value)
    summed = _SUMMED.fullmatch(between) is not None
    if not _alike(e, v) or (not e.noun and not v.noun and e.kind == "c" and not summed):
        return False
    if _APART.search(between) or _APART.search(_behind(value)):
        return False
    one, other = subjects.about(edge), subjects.about(value)
    shared = one.words & other.words or _whole(edge) & subjects.stems(subjects.clause(value))
    told = _TELLS.search(between) and (v.noun in ("", e.noun) or e.kin == v.kin == "person" or not e.noun)
    if (e.kind == "c" and not (shared or summed or told)) or _rated(edge, kind, value):
        return False
    if kind is Qualifier.AT_MOST and (_RULE.search(_words(edge)[-60:]) or _ALWAYS.search(_behind(edge))):
        return not other.traits - one.traits
    if other.partial or more or other.traits - one.traits or other.names - one.names:
        return False
    if subjects.narrower((edge, subjects.clause(edge)), (value, subjects.clause(value))):
        return False
    near = subjects.clause(value)
    if not other.dates and (subjects._LATE.search(near) or subjects._EARLY.search(near)):
        return not one.dates and not _NOW.search(near)
    return not other.dates or other.dates == one.dates


#: 'It now has 410': another time than that of the bound.
_NOW = re.compile(r"\b(?:now|today|currently|ago|ahora|hoy|actualmente|hace)\b")


_TELLS = re.compile(
    r"[:;(]|\b(?:with|record|register|list|registro|lista|según|according|con|sumaron|fueron|were)\b"
)


#: 'Stayed below 2,000: they came to 2,140.'
_SUMMED = re.compile(
    r"\s?(?:[:;,(—–]|\sand|\sy)\s?(?:there\s|they\s|it\s|en total\s|in all\s|exactly\s)?(?:were|was|came to|totalled|numbered|reached|fueron|eran|sumaron|totalizaron|llegaron a|ascendieron a|se registraron|hubo)?\s?(?:exactly\s|en total\s|in all\s|a\s)?"
)
_ANYONE = frozenset(
    "person participant attendee people individual beneficiary persona participante asistente individuo beneficiario beneficiaria".split()
)


def _alike(a: Mention, b: Mention) -> bool:
    """One kind and noun, as far as both are named; 'people' are participants."""
    if a.kind == b.kind == "c" and a.kin == b.kin == "person" and {a.noun, b.noun} & _ANYONE:
        return a.noun in _ANYONE and b.noun in _ANYONE
    return subjects.alike(a, b)


def _whole(place: Place) -> frozenset[str]:
    return subjects.stems(re.split(r"[;:]", _front(place))[-1] + " " + _behind(place))


def _behind(place: Place) -> str:
    return re.split(r"[.;]|<[cmpt]\d+>", place[0].masked.split(subjects.mark(place), 1)[1])[0][:60]


def _between(one: Place, other: Place) -> str:
    if one[0] is other[0]:
        return one[0].masked.split(subjects.mark(one), 1)[1].split(subjects.mark(other), 1)[0]
    return one[0].masked.split(subjects.mark(one), 1)[1] + " ; " + _front(other)


_GOAL = re.compile(
    r"\b(?:target|goal|objective|quota|threshold|meta|objetivo|cuota|umbral)\b[^<.;:]{0,30}\s(?:of|at|was|is|de|en|era de|fue de|fijad[oa] en)\s(?:reaching\s|training\s|l[oa]s\s|alcanzar\s|[a-záéíóúñ]+r\s)?(?:a\s)?$"
)
_NO = r"(?:not|never|n't|no|sin|nunca)\s(?:\w+\s){0,2}"
_MET = re.compile(
    rf"(?P<no>{_NO})?\b(?:met|reach(?:ed)?|surpass(?:ed)?|exceed(?:ed)?|achiev(?:ed|e)|attain(?:ed)?|beat(?:en)?|outperform\w*|fulfill?(?:ed)?|filled|cleared|"
    r"cumpli\w+|cubri\w+|cubierta|alcanz\w+|super(?:ó|ada|ado|aron|ándose)|rebas\w+|sobrepas\w+|logr(?:ó|ada|ado|aron))\b"
)
_MISSED = re.compile(
    r"\b(?:missed|fell short|falling short|short of|incumpli\w+|por debajo de|no se lleg\w+|quedó corta)\b"
)


def _goals(sent: Sentence, near: Sequence[Sentence]) -> list[Hit]:
    """'The target of 2,000 was surpassed: by December they had given 1,870'."""
    places = subjects.counted(near, "cmp")
    goals = [p for p in places if _GOAL.search(_front(p)[-80:])]
    rest = [p for p in places if p not in goals]
    if len(goals) != 1 or len(rest) != 1 or sent not in (goals[0][0], rest[0][0]):
        return []
    goal, value = goals[0], rest[0]
    if _m(value).qualifier is not Qualifier.EXACT or not subjects.alike(_m(goal), _m(value)):
        return []
    text = goal[0].masked if goal[0] is sent else goal[0].masked + " " + sent.masked
    told = list(_MET.finditer(text))
    missed = bool(_MISSED.search(text)) or any(t["no"] for t in told)
    met = any(not t["no"] for t in told)
    if met == missed or re.search(
        r"\b(?:more|fewer|less|additional|previous|last year|más que|menos que|adicional\w*|anterior|exceso|excess|by\s<[cmp]|en\s<[cmp]\d+>\s)",
        text,
    ):
        return []
    kind = Qualifier.AT_LEAST if met else Qualifier.AT_MOST
    edge = _m(goal).value if met else _m(goal).value - Decimal(1)
    if not 1 / FAR < _m(value).value / max(edge, Decimal(1)) < FAR:
        return []
    breach = relations.restated(Quantity(edge, _m(goal).unit, kind, _m(goal).step), _m(value).quantity())
    return [Hit(breach, sent, (goal, value))] if breach else []


_MOST = re.compile(
    r"\b(?:the (?:vast |great |large |overwhelming )?majority|most|more than half|over half|(?:la (?:gran |amplia )?|una )mayoría|más de la mitad)\s(?:of|de|del)\s[^<.;,()]{1,50}?(?:,\s(?:or\s|o\s|el\s)?|\s\((?:el\s)?)<p(?P<p>\d+)>\s?(?:[,)])"
)
_FEW = re.compile(
    r"\b(?:(?:a|only a|the) (?:small |tiny )?minority|una (?:pequeña )?minoría)\s(?:of|de|del)\s[^<.;,()]{1,50}?(?:,\s(?:or\s|o\s|el\s)?|\s\((?:el\s)?)<p(?P<p>\d+)>\s?(?:[,)])"
)


def _majority(sent: Sentence) -> list[Hit]:
    """'The majority of the applicants, 43%, were women'; not 'the majority (43%), followed by ...'."""
    if sum(m.kind == "p" for m in sent.mentions) > 1 or re.search(
        r"\b(?:follow\w+|seguid\w+|relativa)\b", sent.masked
    ):
        return []
    for words, kind in ((_MOST, Qualifier.AT_LEAST), (_FEW, Qualifier.AT_MOST)):
        match = words.search(sent.masked)
        if match:
            index = int(match["p"])
            half = Quantity(Decimal(50), "percent", kind, Decimal("0.01"))
            return hit(relations.restated(half, sent.mentions[index].quantity()), sent, [index])
    return []


_APPOSED = re.compile(
    r"<p(?P<a>\d+)>(?:\s(?:of|de|del)\s[^<.;,()]{1,60}?|(?:\s[a-záéíóúñ]+){1,2}?)?(?:,\s(?:or\s|that is,?\s|i\.e\.,?\s|o\s|o sea,?\s|es decir,?\s)?(?:el\s|un\s)?|\s\((?:el\s|un\s)?)<p(?P<b>\d+)>\s?(?:[,)]|\b(?!\s(?:of|de)))"
)


def _fraction(sent: Sentence) -> list[Hit]:
    """'Under a quarter of those registered, 31%'; 'four fifths of the homes, 60%'."""
    for match in _APPOSED.finditer(sent.masked):
        a, b = int(match["a"]), int(match["b"])
        one, other = sent.mentions[a], sent.mentions[b]
        if (
            one.step != Decimal("2.5")
            or other.step == Decimal("2.5")
            or other.qualifier is not Qualifier.EXACT
        ):
            continue
        if sum(m.kind == "p" for m in sent.mentions) > 2:
            continue
        step = Decimal("0.5") if one.qualifier in (Qualifier.AT_LEAST, Qualifier.AT_MOST) else Decimal("7")
        return hit(
            relations.restated(Quantity(one.value, "percent", one.qualifier, step), other.quantity()),
            sent,
            [a, b],
        )
    return []
