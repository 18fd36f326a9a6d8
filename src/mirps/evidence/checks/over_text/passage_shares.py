"""Percentages that a passage sets apart from their parts and bases, or from each other.

Charitable: a share that any two quantities of the passage bear out is left alone.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text.passage_sums import framed, passages
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

REACH = 8
_CHANGE = re.compile(
    r"\b(?:increas\w+|rose|rise|risen|grew|grow\w*|declin\w+|decreas\w+|fell|fall\w*|drop\w*|reduc\w+|higher|lower|more than in|fewer|compared|up from|down from|interest|discount|inflation|"
    r"aument\w+|increment\w+|creci\w+|disminu\w+|redu[cj]\w+|descen\w+|baj[óoa]\w*|sub[ií]\w*|cay[óe]\w*|alza|caída|interés|descuento|inflación|respecto|frente a)\b"
)
_REST = re.compile(
    r"\b(?:the (?:rest|others?|remain\w+)|remaining|everything else|all (?:the )?others|the balance|(?:third|fourth|fifth|sixth|final|last) and (?:last|final)|"
    r"el resto|l[oa]s? (?:otr[oa]s?|demás|restantes?)|restantes?|lo demás|lo restante|(?:tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]) y últim[oa]|últim[oa] (?:fuente|grupo|categor\w+|rubro|partida)|completan?)\b"
)
_RATE = re.compile(
    r"\b(?:rate|coverage|proportion|share|percentage|tasa|cobertura|proporción|porcentaje|índice)\b"
)
_OTHER_TIME = re.compile(
    r"\b(?:previous|last year|earlier|before|anterior|pasado|antes|target|goal|meta|planned|previst\w+|national|nacional)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for block in passages(sentences):
        for i, sent in enumerate(block):
            scope = block[max(0, i - REACH) : i + 2]
            for index, share in enumerate(sent.mentions):
                if share.kind == "p" and share.qualifier in (Qualifier.EXACT, Qualifier.ABOUT):
                    found += _against(scope, (sent, index))
        found += _together(block)
    return found


def _against(scope: Sequence[Sentence], place: Place) -> list[Hit]:
    """'630 of the 1,400 would leave again ... That 54% of those asked would leave again shows ...'."""
    sent, index = place
    share = sent.mentions[index]
    if (
        _CHANGE.search(subjects.narrow(place))
        or _OTHER_TIME.search(subjects.narrow(place))
        or share.value > 100
    ):
        return []
    counts = [p for p in subjects.counted(scope, "cm") if _mention(p).value > 2]
    if len(counts) > 14:
        return []  # so many numbers bear out anything
    pairs = [pair for a, b in combinations(counts, 2) for pair in ((a, b), (b, a)) if _can(*pair)]
    stated = share.quantity()
    if any(
        relations.share_of(_mention(a).quantity(), _mention(b).quantity(), stated) is None for a, b in pairs
    ):
        return []
    fitting = [(a, b) for a, b in pairs if _near(a, b, share) and _meant(place, a, b)]
    if not fitting:
        return []
    part, base = fitting[-1]
    breach = relations.share_of(_mention(part).quantity(), _mention(base).quantity(), stated)
    return [Hit(breach, sent, (base, part, place))] if breach else []


def _mention(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _can(part: Place, base: Place) -> bool:
    a, b = _mention(part), _mention(base)
    return a.value < b.value and comparable(a, b) and not framed(part)


def _near(part: Place, base: Place, share: Mention) -> bool:
    """A slip comes near what is right; a share of something else seldom does."""
    found = _mention(part).value / _mention(base).value * 100
    return Decimal("0.5") <= found / max(share.value, Decimal("0.1")) <= Decimal(2)


def _meant(share: Place, part: Place, base: Place) -> bool:
    """The share's words are those of the part (what they did) and of the base (who they are)."""
    if share[0] is part[0] is base[0]:
        return False  # one sentence: read by its own grammar
    own = subjects.stems(_around(share))
    did, who = subjects.about(part), subjects.about(base)
    if did.partial and not re.search(
        r"\b(?:of (?:these|those|them|whom)|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s))\b", part[0].masked
    ):
        return False
    nouns = {subjects.stem(_mention(p).noun) for p in (base, part)} - {""}
    telling = (did.words & own) - nouns - who.words
    if not telling:
        return False
    if _RATE.search(share[0].masked):
        return _tied(part, base)
    return bool(nouns & own or (who.words - nouns) & own) and _tied(part, base)


def _around(place: Place) -> str:
    """The clause of a share, commas included: 'that 54% of the people asked would leave again'."""
    sent, _ = place
    left, right = sent.masked.split(subjects.mark(place), 1)
    return re.split(r"[;.]", left)[-1][-60:] + " " + re.split(r"[;.]|<[cmp]\d+>", right)[0][:90]


def _tied(part: Place, base: Place) -> bool:
    """The part is told as part of the base: 'of these', 'of those asked', 'of the claims', or one noun."""
    a, b = _mention(part), _mention(base)
    text = part[0].masked
    if part[0].number < base[0].number:
        return False
    pointing = re.search(
        r"\b(?:of|de|entre|among)\s(?:these|those|them|whom|which|the|est[oa]s|es[oa]s|ell[oa]s|l[oa]s|dich[oa]s)\b",
        text,
    )
    return part[0] is base[0] or bool(pointing) or (bool(a.noun) and a.noun == b.noun)


def _together(block: Sequence[Sentence]) -> list[Hit]:
    """Shares of one whole told one after the other, the last as 'the rest' or 'the third and last'."""
    places = [
        p
        for p in subjects.counted(block, "p")
        if not _CHANGE.search(subjects.narrow(p)) and _mention(p).value <= 100
    ]
    for n, last in enumerate(places):
        before = [p for p in places[:n] if p[0].number >= last[0].number - REACH]
        if not _REST.search(_before(last)) or not 1 <= len(before) <= 5:
            continue
        if all(s is last[0] for s, _ in before) or _one_whole(before, last) is False:
            continue
        values = [_mention(p).value for p in before]
        room = Decimal("0.5") * (len(values) + 1)
        sums = [
            sum(g, _mention(last).value) for k in range(1, len(values) + 1) for g in combinations(values, k)
        ]
        if any(abs(s - 100) <= room for s in sums) or not 70 < sums[-1] < 150:
            continue
        quantities = [
            Quantity(m.value, "percent", m.qualifier, min(m.step, Decimal(1)))
            for m in map(_mention, (*before, last))
        ]
        breach = relations.shares(quantities, exhaustive=True)
        if breach:
            return [Hit(breach, last[0], (*before, last))]
    return []


def _before(place: Place) -> str:
    left, right = place[0].masked.split(subjects.mark(place), 1)
    return re.split(r"[;.]", left)[-1][-90:] + " | " + re.split(r"[;.,<]", right)[0][:25]


def _one_whole(before: Sequence[Place], last: Place) -> bool:
    """No share in between is of something else: 'repayment stood at 94%', 'half of the women'."""
    own = re.compile(
        r"^\s(?:of|de|del)\s(?!(?:it|them|these|those|the (?:total|budget|money)|ell[oa]s?|est[oa]s?|es[oa]s?|l[oa]s (?:fondos|recursos)|total)\b)"
    )
    rest = [p[0].masked.split(subjects.mark(p), 1)[1] for p in before]
    return sum(bool(own.match(r)) for r in rest) < len(rest) or len(rest) > 1
