"""How a thing went: words of rising, falling or standing still beside the two values that they speak of.

Also multiples ('doubled: 1,316 in the first half, 1,920 in the second') and rises told one after the
other ('to 800, and by a further 10 per cent to 940').
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import changes, solver
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier

#: Verbs and nouns of one direction; comparatives only where they stand with 'now', 'than before'.
_UP = re.compile(
    rf"\b(?:{changes._UP}|lengthen\w*|worsen\w*|multipli\w+|mounted|went on growing|se alarg\w+|alarg\w+|empeor\w+|se ampli\w+|ampliación|engros\w+)\b(?!\s(?:to|of)\s(?:the\s)?date)"
)
_DOWN = re.compile(
    rf"\b(?:{changes._DOWN}|shorter|shorten\w*|thinn\w+|dwindl\w+|halv\w+|se acort\w+|aliger\w+|se achic\w+|afloj\w+|mengu\w+|se encog\w+|adelgaz\w+|alivi\w+)\b"
)
_THAN = re.compile(
    r"\b(?:now|today|ahora|hoy|actualmente)\b[^.;]{0,40}\b(?P<a>more|fewer|less|más|menos)\b|\b(?P<b>more|fewer|less|más|menos)\b[^.;<]{0,25}\b(?:now|today|ahora|hoy)\b"
)
_STILL = re.compile(
    r"\b(?:unchanged|did not (?:change|vary|move)|has not (?:changed|varied|moved)|no change|stayed the same|remained (?:the same|stable|constant|at)|held steady|"
    r"no (?:varió|cambió|ha variado|ha cambiado|se movió|sufrió cambios)|sin (?:cambios|variación|variaciones)|se mantuvo (?:igual|estable|constante|sin cambios)|permaneció (?:igual|estable)|siguió igual)\b"
)
_NOT = re.compile(
    r"\b(?:despite|although|though|while|whereas|even|but|not|except|without|until|rate of|would|could|if|expected|planned|target|goal|avoid\w*|instead|other|"
    r"aunque|pese|pero|no|sin|mientras|salvo|excepto|ritmo de|tasa de|debía|debería|si|previst\w+|meta|evitar|en cambio|otr[oa]s?)\b"
)


#: A sentence this short, in characters, says no more than the value and its date.
SHORT = 60


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        after = [s for s in sentences[i + 1 : i + 3] if s.block is sent.block]
        found += _course(sent, after)
        found += _multiple(sent, after)
        found += _taken(sent)
        found += _step(sent, [s for s in sentences[max(0, i - 2) : i] if s.block is sent.block])
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _direction(text: str) -> int | None:
    """1 up, -1 down, 0 standing still, None when the words are silent or mixed."""
    if _STILL.search(text):
        return 0
    if _NOT.search(text):
        return None
    up, down = _UP.search(text) is not None, _DOWN.search(text) is not None
    if up == down:
        than = None if up else _THAN.search(text)
        if not than:
            return None
        return 1 if (than["a"] or than["b"]) in ("more", "más") else -1
    return 1 if up else -1


def _course(sent: Sentence, after: Sequence[Sentence]) -> list[Hit]:
    """'It shrank: 88 files in August, 112 in December', in one sentence or in the two behind it."""
    way = _direction(sent.masked)
    if way is None:
        return []
    own = subjects.counted([sent], "cmtp")
    places = own or subjects.counted(after, "cmt")
    if len(places) != 2 or any(_m(p).qualifier is not Qualifier.EXACT for p in places):
        return []
    if not _one_thing(places):
        return []
    if not own and not _told_of(sent, after, places):
        return []
    pair = (places[0], places[1]) if way == 0 else _in_order(places)
    if pair is None:
        return []
    one, other = (_m(p).quantity() for p in pair)
    breach = relations.change(one, other, direction=way) if way else relations.restated(one, other)
    return [Hit(breach, sent, pair)] if breach else []


def _one_thing(places: Sequence[Place]) -> bool:
    """Two values of one thing; beside money or a length of time a bare number is of its kind."""
    one, other = (_m(p) for p in places)
    bare = {one.kind, other.kind} in ({"c", "m"}, {"c", "t"}) and not (one if one.kind == "c" else other).noun
    return bare or subjects.alike(one, other)


def _changes(sent: Sentence) -> bool:
    return _UP.search(sent.masked) is not None or _DOWN.search(sent.masked) is not None


def _told_of(sent: Sentence, after: Sequence[Sentence], places: Sequence[Place]) -> bool:
    """Whether the sentences behind give the two values, one each, at dates of one grain, of what the first names."""
    if places[0][0] is places[1][0] or any(_NOT.search(s.masked) or _changes(s) for s in after):
        return False
    grains = [[d.kind for d in p[0].dates] for p in places]
    if grains[0] != grains[1] or grains[0] not in (["year"], ["month"], ["day"]):
        return False
    return bool(_m(places[0]).noun) and bool(
        subjects.stems(sent.masked) & subjects.stems(places[0][0].masked)
    ) | (len(places[1][0].masked) < SHORT)


_FROM_TO = re.compile(
    r"\b(?:from|del?|desde)\s(?:the\s|l[oa]s\s|un[oa]s\s)?<(?P<a>[cmtp]\d+)>[^<;]{0,40}\s(?:to|al?|hasta)\s(?:the\s|l[oa]s\s|un[oa]s\s)?<(?P<b>[cmtp]\d+)>"
)


def _in_order(places: Sequence[Place]) -> tuple[Place, Place] | None:
    """(before, after): 'from a to b', or as dates, 'before' and 'now' tell."""
    one, other = places
    if one[0] is other[0]:
        match = _FROM_TO.search(one[0].masked)
        if match and match["a"] == subjects.mark(one)[1:-1] and match["b"] == subjects.mark(other)[1:-1]:
            return one, other
        if dated := _beside_dates(one, other):
            return dated
        if told := _beside_words(one, other):
            return told
    return subjects.ordered(one, other)


def _beside_dates(one: Place, other: Place) -> tuple[Place, Place] | None:
    """Two values and two dates by turns: '15 in 2022 and 18 in 2023', 'in May 15, in June 18'."""
    sent = one[0]
    marks = re.findall(r"<([a-z]\d+)>", sent.masked)
    own = [subjects.mark(p)[1:-1] for p in (one, other)]
    row = [m for m in marks if m in own or m[0] in "dhy"]
    if len(row) != 4 or [m in own for m in row] not in (
        [True, False, True, False],
        [False, True, False, True],
    ):
        return None
    first, last = (subjects.key(sent.dates[int(m[1:])]) for m in row if m not in own)
    if first == last or (first[0] == 0) != (last[0] == 0):
        return None
    return (one, other) if first < last else (other, one)


def _beside_words(one: Place, other: Place) -> tuple[Place, Place] | None:
    """'It used to cost 2,600; they pay 2,800 now': the words of each value up to the next stop."""
    early, late = (
        [bool(words.search(_segment(p))) for p in (one, other)] for words in (subjects._EARLY, subjects._LATE)
    )
    if (early[0] and not early[1]) or (late[1] and not late[0]):
        return None if early[1] or late[0] else (one, other)
    if (early[1] and not early[0]) or (late[0] and not late[1]):
        return None if early[0] or late[1] else (other, one)
    return None


def _segment(place: Place) -> str:
    left, _, right = place[0].masked.partition(subjects.mark(place))
    return re.split(r"[;.,]\s(?=\S)|<[cmtp]\d+>", left)[-1] + re.split(r"[;.,]|<[cmtp]\d+>", right)[0]


_FACTORS = (
    (
        2,
        re.compile(
            r"\b(?:doubl(?:ed|ing)|duplic(?:ó|aron|ado|ando)|se duplica(?:n|ron)?|twice as (?:many|much)|el doble de)\b"
        ),
    ),
    (
        3,
        re.compile(
            r"\b(?:tripl(?:ed|ing)|triplic(?:ó|aron|ado|ando)|se triplica(?:n|ron)?|three times as (?:many|much)|el triple de)\b"
        ),
    ),
    (
        4,
        re.compile(
            r"\b(?:quadrupl(?:ed|ing)|cuadruplic(?:ó|aron|ado|ando)|se cuadruplica(?:n|ron)?|four times as (?:many|much))\b"
        ),
    ),
)
_LOOSE = re.compile(
    r"\b(?:more than|over|almost|nearly|not|did not|would|should|expected|about to|más (?:que|del?)|casi|no|sin|hasta|apenas|goal|target|meta)\s(?:se\s|have\s|has\s|had\s|ha\s|han\s)?$"
)


def _multiple(sent: Sentence, after: Sequence[Sentence]) -> list[Hit]:
    """A multiple and the only two values of one thing, whichever comes first."""
    told = [(n, m) for n, words in _FACTORS for m in words.finditer(sent.masked)]
    if len(told) != 1 or _LOOSE.search(sent.masked[: told[0][1].start()][-30:]):
        return []
    factor = told[0][0]
    own = subjects.counted([sent], "cm")
    places = own if len(own) > 1 else subjects.counted([sent, *after[:1]], "cm")
    if len(places) != 2 or any(_m(p).qualifier is not Qualifier.EXACT for p in places):
        return []
    if not subjects.alike(_m(places[0]), _m(places[1])) or _m(places[0]).kind == "p":
        return []
    low, high = sorted(places, key=lambda p: _m(p).value)
    ratio = _m(high).value / max(_m(low).value, Decimal(1))
    if not Decimal("1.15") < ratio < factor * 2:
        return []
    breach = relations.multiple(_m(low).quantity(), _m(high).quantity(), Decimal(factor))
    return [Hit(breach, sent, (low, high))] if breach else []


_BY = re.compile(
    r"(?P<w>[^<.;]{0,60})<p(?P<p>\d+)>(?P<g>[^<.;]{0,35}?)(?:,\s)?\b(?:to|reaching|until it reached|hasta(?: llegar a)?|a|para (?:llegar|quedar) (?:a|en)|y (?:llegó a|quedó en)|and reached|which makes|lo que da|con lo que (?:llegó a|quedó en))\s(?:l[oa]s\s)?<(?P<k>[cm])(?P<n>\d+)>"
)
_PLUS = re.compile(
    r"<(?P<k>[cm])(?P<a>\d+)>(?P<g>[^<.;]{0,25})\s(?P<w>plus|más|less|menos|minus)\s(?:a\s|the\s|el\s|un\s)?<p(?P<p>\d+)>[^<.;]{0,50}?\b(?:or|that is|i\.e|makes?|gives?|o|o sea|es decir|son|dan?|suman?|total\w*|hacen)\b[^<.;]{0,20}<(?P<j>[cm])(?P<n>\d+)>"
)


_AGAIN = re.compile(r"\b(?:further|another|again|otr[oa]|más|nuevamente|de nuevo)\b")
_AGAINST = re.compile(r"\b(?:than|compared|over|against|respecto|frente|que|comparad\w+|relación|of|de)\b")


def _step(sent: Sentence, before: Sequence[Sentence]) -> list[Hit]:
    """'The year after by a further 10 per cent, to 940' upon the value told last; '1,500 plus 13%, or 1,815'."""
    found: list[Hit] = []
    last = 0
    if not any(m.kind == "p" for m in sent.mentions):
        return found
    for match in _BY.finditer(sent.masked):
        share, result = int(match["p"]), int(match["n"])
        words = match["w"][-45:] + " " + match["g"]
        way = last = changes._direction(words) or (last if _AGAIN.search(words) else 0)
        bases = [
            p
            for p in subjects.counted([*before, sent], "cm")
            if (p[0] is not sent or p[1] < share) and _one_thing((p, (sent, result)))
        ]
        if way and bases and not _AGAINST.search(match["g"]):
            found += _grown(sent, bases, share, result, way)
    for match in _PLUS.finditer(sent.masked):
        way = 1 if match["w"] in ("plus", "más") else -1
        found += _grown(sent, [(sent, int(match["a"]))], int(match["p"]), int(match["n"]), way)
    return found[:1]


def _grown(sent: Sentence, bases: Sequence[Place], share: int, result: int, way: int) -> list[Hit]:
    said, rate = sent.mentions[result], sent.mentions[share]
    if (
        rate.qualifier is not Qualifier.EXACT
        or said.qualifier is not Qualifier.EXACT
        or rate.step == Decimal("2.5")
    ):
        return []
    room = rate.step / 100
    for place in bases[-4:]:
        base = _m(place).value
        low, high = sorted(
            (base * (1 + way * rate.value / 100 - room), base * (1 + way * rate.value / 100 + room))
        )
        if low - said.step <= said.value <= high + said.step:
            return []
        if solver.near(abs(said.value - base) / max(said.value, Decimal(1)) * 100, rate.value, rate.step):
            return []  # of the new value, some would say
    base = _m(bases[-1]).value
    expected = base * (1 + way * rate.value / 100)
    if not base or not Decimal("0.6") < said.value / expected < Decimal("1.7"):
        return []
    found = abs(said.value - base) / base * 100
    params = {"before": plain(base), "after": plain(said.value), "stated": plain(rate.value), "sign": "%"}
    params["expected"] = plain(found.quantize(Decimal("0.01")))
    breach = Breach("change_mismatch", CONTRADICTION, params["stated"], params["expected"], params)
    return [Hit(breach, sent, (bases[-1], (sent, share), (sent, result)))]


_TAKES = re.compile(
    r"\b(?:tak(?:es|ing)|took|brings?|bringing|brought|rais(?:es|ing|ed)|so that|pushing|lleva\w*|llev[óa]|eleva\w*|elev[óa]|hace\w* pasar|con lo que|pasa\w*|pas[óa])\b[^<]{0,60}\b(?:from|del?|desde)\s(?:the\s|l[oa]s\s)?<(?P<k>[cm])(?P<a>\d+)>[^<]{0,30}\s(?:to|al?|hasta)\s(?:the\s|l[oa]s\s)?<(?P<j>[cm])(?P<b>\d+)>"
)


def _taken(sent: Sentence) -> list[Hit]:
    """'Handed over 250 documents, which takes the number from 1,900 to 2,250': what is added is the difference."""
    masked = re.sub(r"<[dhyr]\d+>", "", sent.masked)
    match = _TAKES.search(masked)
    if not match:
        return []
    ends = [(sent, int(match["a"])), (sent, int(match["b"]))]
    added = [p for p in subjects.counted([sent], match["k"]) if p not in ends]
    if (
        len(added) != 1
        or any(_m(p).qualifier is not Qualifier.EXACT for p in (*ends, *added))
        or added[0][1] > ends[0][1]
    ):
        return []
    if not _one_thing(ends) or not _one_thing([added[0], ends[0]]) or _m(added[0]).value > _m(ends[1]).value:
        return []
    breach = relations.change(*(_m(p).quantity() for p in (*ends, added[0])))
    return [Hit(breach, sent, (*ends, added[0]))] if breach else []
