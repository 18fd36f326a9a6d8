"""One thing told again further on in a passage, with another value: 'the 17,830 calls answered in 2023'."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.reading.subjects import About
from mirps.evidence.figures.rules import Qualifier

#: How far apart, in sentences of one paragraph, a thing and its recall may stand.
REACH = 14
#: And how many quantities of its kind are remembered.
MOST = 16
#: Words that let two values of one subject differ: time moves on, a part is meant, a plan is told.
_MOVES = re.compile(
    r"\b(?:rose|risen|fell|fallen|grew|grown|went (?:up|down)|from|up from|down from|more|fewer|less|than|increas\w+|decreas\w+|doubl\w+|tripl\w+|new|newly|first|second|third|fourth|last|next|later|then|now|before|after|"
    r"previous\w*|initially|originally|revised|corrected|instead|not|without|until|since then|subió|bajó|creció|cayó|pasó|pasaron|más|menos|aument\w+|disminu\w+|duplic\w+|triplic\w+|nuev[oa]s?|primer\w*|segund\w*|tercer\w*|"
    r"cuart[oa]|últim[oa]s?|próxim\w+|luego|después|ahora|antes|anterior(?:es)?|inicialmente|corregid\w+|revisad\w+|no|sin)\b"
)
_DEFINITE = re.compile(r"\b(?:the|those|these|all|its|their|l[oa]s|est[oa]s|es[oa]s|sus|dich[oa]s)\s$")
_SETS_APART = re.compile(
    r"\b(?:remaining|other|rest|new|additional|further|extra|first|last|restantes|otr[oa]s|nuev[oa]s|demás|primer[oa]s|últim[oa]s)\s(?:<|\w+\s<)?|<\w+>\s(?:remaining|other|new|additional|more|further|restantes|nuev[oa]s|más|adicionales|primer[oa]s|últim[oa]s)\b"
)
#: Behind these words a phrase says which of the many are meant.
_NARROWS = frozenset(
    "at by in on from for with to of the during who which that whose a an por en de del con para a al la el los las que sin entre una un cuyas cuyos".split()
)
#: A finite verb ends a definite phrase: what comes behind it is new.
_FINITE = re.compile(
    r"\b(?:were|was|are|is|have|has|had|will|would|can|could|came|went|made|make|fueron|fue|son|eran|están|han|tienen|se|serán|podrán)\b|[.;,]"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        earlier = [s for s in sentences[max(0, i - REACH) : i + 1] if s.block is sent.block]
        if len(earlier) < 1 or not sent.mentions:
            continue
        known = list(subjects.counted(earlier, "cmp"))
        for place in subjects.counted([sent], "cmp"):
            found += _recall(place, known)
    return found


def _recall(place: Place, known: Sequence[Place]) -> list[Hit]:
    """The nearest earlier quantity of the same subject, when no earlier one has the value itself."""
    mention = _mention(place)
    before = [
        p
        for p in known
        if (p[0].number, p[1]) < (place[0].number, place[1]) and subjects.alike(_mention(p), mention)
    ][-MOST:]
    own = mention.quantity().interval()
    if not before or any(_q(p).interval().meets(own) for p in before):
        return []
    if _made_up(mention, before) or _SETS_APART.search(_around(place)):
        return []
    for one in reversed(before):
        if _same(one, place):
            breach = relations.restated(_q(one), mention.quantity())
            return [Hit(breach, place[0], (one, place))] if breach else []
    return []


def _mention(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _q(place: Place) -> relations.Quantity:
    return _mention(place).quantity()


def _around(place: Place) -> str:
    left, _, right = place[0].masked.partition(subjects.mark(place))
    return left[-22:] + subjects.mark(place) + right[:22]


def _made_up(mention: Mention, before: Sequence[Place]) -> bool:
    """The value is what two earlier ones make together, or what one leaves of another."""
    values = [_mention(p).value for p in before][-12:]
    pairs = {abs(x - y) for x in values for y in values} | {
        x + y for i, x in enumerate(values) for y in values[:i]
    }
    return mention.value in pairs or mention.value == sum(values, Decimal(0))


def _same(one: Place, again: Place) -> bool:
    a, b = subjects.about(one), subjects.about(again)
    first, second = subjects.clause(one), subjects.clause(again)
    if a.partial or b.partial or _MOVES.search(first) or _MOVES.search(second) or not _close(one, again):
        return False
    if a.traits != b.traits or _names_differ(a, b) or subjects.narrower((one, first), (again, second)):
        return False
    if _definite(one, again, a):
        return True
    if not _dates_agree(one, again, a, b) or (one[0] is again[0] and ";" not in again[0].masked):
        return False
    return _noun_said(one, again, a, b) and _retold(one, again, a, b)


def _noun_said(one: Place, again: Place, a: About, b: About) -> bool:
    """What is counted is named in both clauses."""
    nouns = {w for p in (one, again) for w in subjects.stems(_mention(p).noun)}
    return _mention(again).kind == "m" or (bool(nouns) and nouns <= a.words & b.words)


def _close(one: Place, again: Place) -> bool:
    x, y = _mention(one).value, _mention(again).value
    if x <= 0 or y <= 0:
        return False
    if Qualifier.EXACT not in (_mention(one).qualifier, _mention(again).qualifier):
        return False
    return Decimal("0.55") <= x / y <= Decimal("1.8")


def _dates_agree(one: Place, again: Place, a: About, b: About) -> bool:
    """Both clauses name the same dates; or one sentence names none, and the other's are no other year."""
    x, y = _dates(one, a), _dates(again, b)
    return x == y or (not (x and y) and not (x or y)) or _within(one, again, x, y)


def _dates(place: Place, about: About) -> frozenset[tuple[object, object]]:
    return about.dates or frozenset(d.period() for d in place[0].dates)


def _within(
    one: Place, again: Place, x: frozenset[tuple[object, object]], y: frozenset[tuple[object, object]]
) -> bool:
    keys = [subjects.when(p) for p in (one, again)]
    return bool(x and y) and keys[0] is not None and keys[0] == keys[1]


def _names_differ(a: About, b: About) -> bool:
    """Each names something that the other does not, or one narrows with a name what the other leaves wide."""
    return bool((a.names - b.names) and (b.names - a.names)) or bool(b.names - a.names)


def _shared(a: About, b: About) -> frozenset[str]:
    return a.words & b.words


def _definite(one: Place, again: Place, a: About) -> bool:
    """'The 17,830 calls answered in 2023': a definite phrase whose modifiers all were said before."""
    mention = _mention(again)
    left, _, right = again[0].masked.partition(subjects.mark(again))
    nouns = subjects.stems(mention.noun)
    if not _DEFINITE.search(left) or not nouns <= a.words or not nouns:
        return False
    run: set[str] = set()
    dates: set[tuple[object, object]] = set()
    phrase, last = _FINITE.split(right)[0], ""
    for word in re.findall(r"<\w+>|[a-záéíóúñü]+", phrase):
        if dated := re.fullmatch(r"<[dhyr](\d+)>", word):
            dates.add(again[0].dates[int(dated.group(1))].period())
        found = subjects.stems(word)
        if word.startswith("<c") or not found <= a.words:
            if last in _NARROWS and mention.value < _mention(one).value:
                return False  # 'the 8,730 calls answered in 2023 at night' are some of them
            break
        run |= found
        last = word
    if dates != a.dates and (dates or _dates(again, a) != a.dates):
        return False
    return len(run - nouns) + bool(dates) >= 2


def _retold(one: Place, again: Place, a: About, b: About) -> bool:
    """Two clauses of nearly the same words: what one says beyond the other is little."""
    shared = _shared(a, b)
    extra, fewer = len(a.words - b.words), len(b.words - a.words)
    dated = bool(a.dates and a.dates == b.dates)
    if len(shared) + dated < 3 or len(shared) < 2:
        return False
    return min(extra, fewer) == 0 and max(extra, fewer) <= 2
