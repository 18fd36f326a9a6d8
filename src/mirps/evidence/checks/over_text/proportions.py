"""A share beside two quantities that leave one reading: part, base, and what part of it that is.

Charitable: any pair of the passage's quantities that gives the share, or its remainder, clears it;
and the two must come near the share, as a slip does and a share of something else seldom does.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings, solver
from mirps.evidence.checks.over_text.passage_sums import framed
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import HUNDRED, Quantity
from mirps.evidence.figures.rules import Qualifier

#: Words that tie a share to the quantities beside it.
_TIED = re.compile(
    r"\b(?:turnout|attendance|asistencia|cumplimiento|rate|coverage|proportion|share|participación|participation|portion|percentage|quota|represents?|representing|represented|account\w*|made up|makes? up|making up|constitut\w+|equal\w*|equivalent|equivale\w*|amount\w*|that is|that's|i\.e|which is|or|means?|meaning|"
    r"funded|covered|complet\w+|executed|spent|achiev\w+|reached|raised|filled|received|respon\w+|already|so|thus|therefore|hence|barely|only|just|left over|what is left|unspent|"
    r"of (?:them|these|those|the|all|its|our|whom|which)|tasa|cobertura|proporción|porcentaje|cuota|represent\w+|constituy\w+|equivalent\w*|suman?|es decir|o sea|esto es|lo que es|financiad\w+|cubiert\w+|ejecut\w+|gastad\w+|alcanz\w+|"
    r"apenas|solo|sólo|respuesta|ya|así|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s|quienes|cada)|del|o|el|es|son|utiliz\w+|us[oó]|usad\w+|aplic\w+)\b|[(=—–]"
)
_ELSE = re.compile(
    r"\b(?:previous|last year|earlier|before|than|target|goals?|planned|compared|national\w*|interest|inflation|discount|margin|error|rebate|tax|fee|commission|"
    r"sube\w*|rises?|climbs?|anterior\w*|pasado|antes|meta|previst\w+|interés|inflación|descuento|impuesto|comisión|margen|respecto|más que|menos que)\b"
)


#: More quantities than this are a table in words.
MANY = 12


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        window = [s for s in sentences[max(0, i - 1) : i + 2] if s.block is sent.block]
        for index, share in enumerate(sent.mentions):
            if (
                share.kind == "p"
                and share.value > 0
                and share.value < HUNDRED
                and share.qualifier in (Qualifier.EXACT, Qualifier.ABOUT)
            ):
                found += _share(window, (sent, index))
    return found


def _share(window: Sequence[Sentence], place: Place) -> list[Hit]:
    sent, _ = place
    around = _NO_CHANGE.sub("", _around(place))
    if readings._CHANGE.search(around) or re.search(r"\b(?:plus one|más un[oa])\b", around):
        return []
    alone = len(_counts([sent])) >= 2
    return (_in_scope([sent], window, place, around) if alone else []) or _in_scope(
        window, window, place, around
    )


def _in_scope(scope: Sequence[Sentence], window: Sequence[Sentence], place: Place, around: str) -> list[Hit]:
    sent, index = place
    share = sent.mentions[index]
    counts = _counts(scope)
    if len(counts) > MANY or len(_counts(window)) > MANY:
        return []  # among so many, some pair gives nearly any share
    if sum(m.kind == "p" for s in scope for m in s.mentions) > 2 or not 2 <= len(counts) <= 4:
        return []
    left = _LEFT.search(" ".join(s.masked for s in window)) is not None
    if any(_gives(a, b, share, left) for a, b in combinations(_counts(window), 2)) or _shares_give(
        window, share
    ):
        return []
    pairs = [(a, b) if _m(a).value < _m(b).value else (b, a) for a, b in combinations(counts, 2)]
    counts = [p for p in counts if _m(p).qualifier in (Qualifier.EXACT, Qualifier.ABOUT)]
    pairs = [(a, b) for a, b in pairs if a in counts and b in counts]
    close = [
        (a, b)
        for a, b in pairs
        if _base_ok(b, place)
        and not framed(a)
        and _together(a, b, place)
        and _near(a, b, share, left)
        and _one_thing(a, b, place)
        and (_explicit(a, b) or _told(around))
    ]
    if len(close) != 1:
        return []
    part, base = close[0]
    found = _m(part).value / _m(base).value * HUNDRED
    known = [m.value for m in sent.mentions if m.kind == "p"]
    if min(known) < found < max(known):
        return []  # a mean of the shares of two groups
    breach = relations.share_of(_q(part), _q(base), share.quantity())
    return [Hit(breach, sent, (base, part, place))] if breach else []


_NO_CHANGE = re.compile(r"\b(?:made|makes?|making) up\b|\bbajo\b|\b(?:more|less|más|menos) (?:of|de)\b")
#: Words of a remainder: then the share may be that of what is left.
_LEFT = re.compile(
    r"\b(?:left|remain\w*|rest|others?|unfunded|missing|short\w*|gap|deficit|brecha|déficit|still|not|no|without|except|unspent|lack\w*|falta\w*|qued\w+|restan\w*|restantes?|resto|demás|otr[oa]s?|sin|pendientes?)\b"
)


def _base_ok(base: Place, share: Place) -> bool:
    """'Among the 300 women, 66% did' names the base of the share: no other will do."""
    sent, _ = share
    front = sent.masked.split(subjects.mark(share), 1)[0]
    framed = re.search(
        r"\b(?:of|among|out of|de|entre)\s(?:the\s|these\s|l[oa]s\s|est[oa]s\s)<([cm]\d+)>[^<.;]{0,40},[^<.;]{0,30}$",
        front,
    )
    led = re.search(
        r"<([cm]\d+)>[^<;.]{0,40},?\s(?:of (?:which|whom)|de l[oa]s (?:que|cuales)|de quienes)\s[^<]{0,12}$",
        front,
    )
    framed = framed or led
    return framed is None or (base[0] is sent and subjects.mark(base) == f"<{framed[1]}>")


def _together(part: Place, base: Place, share: Place) -> bool:
    """A part beside the share and a base elsewhere: only words of equating may stand between the first two."""
    sent, _ = share
    if part[0] is not sent or base[0] is sent:
        return True
    one, other = sorted((subjects.mark(part), subjects.mark(share)), key=sent.masked.index)
    between = sent.masked.split(one, 1)[1].split(other, 1)[0]
    return (
        len(between) < 45
        and re.search(
            r"[(=:]|\b(?:or|that is|i\.e|es decir|o sea|esto es|made up|makes? up|represent\w*|account\w*|equal\w*|equival\w*|constitut\w+|constituy\w+|is|are|were|was|son|es|fueron|lo que|turnout|attendance|rate|proportion|share|asistencia|tasa|proporción|porcentaje)\b",
            between,
        )
        is not None
    )


def _told(around: str) -> bool:
    front, _, behind = around.partition("#")
    return _TIED.search(around) is not None and _ELSE.search(front + behind.split(",")[0]) is None


def _explicit(part: Place, base: Place) -> bool:
    """'40 out of 200', 'of the 200, 40': the words make the one part of the other."""
    if part[0] is not base[0]:
        return False
    text, mark, other = part[0].masked, subjects.mark(base), subjects.mark(part)
    before = rf"\b(?:of|de|out of|from|entre|del total de)\s(?:the\s|these\s|l[oa]s\s|est[oa]s\s|un total de\s|a total of\s|una vida de\s|a life of\s)?{mark}"
    return bool(
        re.search(before + rf"[^<.;]{{0,40}},\s[^<.;]{{0,40}}{other}", text)
        or re.search(rf"{other}[^<.;,]{{0,30}}?{before}", text)
    )


def _shares_give(window: Sequence[Sentence], share: Mention) -> bool:
    """Whether the share follows from the other shares of the window."""
    others = [m for s in window for m in s.mentions if m.kind == "p" and m is not share]
    values = [m.value for m in others if m.value]
    return (
        any(solver.near(v, share.value, share.step) for v in (*solver.results([*values, HUNDRED]),))
        if values
        else False
    )


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _q(place: Place) -> Quantity:
    return _m(place).quantity()


def _counts(scope: Sequence[Sentence]) -> list[Place]:
    return [
        p for p in subjects.counted(scope, "cm") if _m(p).value >= 2 and _m(p).noun not in ("time", "vez")
    ]


def _around(place: Place) -> str:
    """The words about a share, up to the next semicolon, percentage or full stop."""
    left, right = place[0].masked.split(subjects.mark(place), 1)
    return re.split(r"[;]|<p\d+>", left)[-1][-60:] + " # " + re.split(r"[;]|<p\d+>", right)[0][:50]


def _gives(a: Place, b: Place, share: Mention, left: bool) -> bool:
    """Whether one of the two is the share of the other, or of both; or, with words of it, the remainder."""
    low, high = sorted((a, b), key=lambda p: _m(p).value)
    said = [share.quantity()]
    if left:
        said.append(Quantity(HUNDRED - share.value, "percent", share.qualifier, share.step))
    ends = [(_q(low), _q(high))]
    if not _explicit(low, high):
        whole = Quantity(_m(low).value + _m(high).value)
        ends += [(_q(low), whole), (_q(high), whole)]
    return any(relations.bears_out(part, base, s) for s in said for part, base in ends)


def _near(part: Place, base: Place, share: Mention, left: bool) -> bool:
    """A slip comes near what is right, or misses it by a nought; a share of something else seldom does."""
    found = _m(part).value / _m(base).value * HUNDRED
    wide = Decimal("0.45") if share.step == Decimal("2.5") else Decimal("0.55")
    for said in (share.value, HUNDRED - share.value) if left else (share.value,):
        slip = found / said
        if wide <= slip <= 1 / wide or any(
            abs(slip / n - 1) < Decimal("0.01") for n in (Decimal(10), Decimal("0.1"))
        ):
            return True
    return False


def _one_thing(part: Place, base: Place, share: Place) -> bool:
    """Part and base can count one thing, and the share is not of a group of its own."""
    a, b = _m(part), _m(base)
    if a.kind != b.kind or (a.kind == "m" and a.unit != b.unit) or a.value == b.value:
        return False
    group = re.match(
        r"\s(?:of|de|del)\s(?:the\s|these\s|those\s|all\s|l[oa]s\s|est[oa]s\s|es[oa]s\s|sus\s|su\s|its\s|our\s|their\s)?(?P<w>(?!(?:the|these|those|all|l[oa]s|est[oa]s|es[oa]s|sus?|its|our|their)\b)[a-záéíóúñ-]+)",
        share[0].masked.split(subjects.mark(share), 1)[1],
    )
    word = subjects.stem(group["w"]) if group else ""
    known = {subjects.stem(m.noun) for m in (a, b)} | subjects.stems(" ".join((a.phrase, b.phrase)))
    pointing = group and group["w"] in (
        "them",
        "these",
        "those",
        "whom",
        "which",
        "ellas",
        "ellos",
        "estas",
        "estos",
        "esas",
        "esos",
        "quienes",
        "cuales",
        "total",
        "it",
    )
    if group and not pointing and word not in known:
        own = any(words.search(group["w"]) for words in enumerations._DIMENSION.values())
        if own or (word not in subjects.stems(subjects.clause(base)) and not _explicit(part, base)):
            return False
    if _restating(share):
        return part[0] is share[0]
    if a.kin == b.kin or not a.kin or not b.kin:
        return part[0] is share[0] or base[0] is share[0] or bool(pointing) or _back(share)
    return part[0] is base[0] is share[0] and (
        {a.kin, b.kin} <= {"person", a.kin} or "person" not in (a.kin, b.kin)
    )


def _restating(share: Place) -> bool:
    """'Missing in 666 homes, which is to say in 34 per cent'."""
    front = share[0].masked.split(subjects.mark(share), 1)[0]
    return (
        re.search(
            r"<c\d+>[^<.;]{0,25},\s(?:which is to say|that is(?: to say)?|i\.e\.|or|es decir|o sea|esto es),?\s(?:in\s|en\s)?(?:the\s|el\s|un\s)?$",
            front,
        )
        is not None
    )


def _back(share: Place) -> bool:
    """'They promised 15,000, 300 stand. That is 20%.'"""
    return (
        re.match(r"\W*(?:eso|esto|that|this|which|it|es decir|o sea|lo que)\b", share[0].masked) is not None
    )
