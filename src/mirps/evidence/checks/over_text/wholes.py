"""A whole and what it is made of, wherever in a few sentences they stand, when words say that nothing is left out.

Charitable: every quantity of one kind in the stretch must be used, the sum must come near, and no
other sum of them may be exact.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

#: Sentences of a paragraph that are read together.
REACH = 4
_COMPLETE = re.compile(
    r"\b(?:nobody|no[- ]one|none|no others?|nothing else|no more|any other|without exception|each (?:one|of them) (?:only )?once|in full|fully|entirely|wholly|makes? up|made up|between them|together|in all|in total|altogether|"
    r"all told|th(?:e|ese|ose) (?:two|three|four|five) (?:\w+ )?together|these (?:two|three|four|five)|both lists|only these|sole|"
    r"nadie|nada más|ningun[oa] (?:otr|más|aparece)\w*|no hubo otr\w+|sin excepción|por completo|en su totalidad|íntegramente|compon\w+|entre (?:l[oa]s|tod[oa]s)|en total|en conjunto|junt[oa]s|suman?|sumados|es[oa]s (?:dos|tres|cuatro)|"
    r"est[oa]s (?:dos|tres|cuatro)|that is|es decir|o sea|esto es|with the|sumad[oa]s|con l[oa]s|con ambos|ambos aportes|únic[oa]s)\b"
)
_ELSE = re.compile(
    r"\b(?:target|goals?|planned|expected|capacity|average|mean|each|per|every|times|veces|times as|previous\w*|last year|rose|fell|grew|more than|less than|fewer|compared|than|including|includes|such as|mainly|mostly|also|overlap\w*|both (?:a|an|the)|half|doubl\w+|"
    r"metas?|previst\w+|capacidad|promedio|cada|por|anterior\w*|año pasado|(?<!se )(?:subi|baj)\w+|creci\w+|menos|que en|incluid\w+|incluy\w+|principalmente|también|mitad|dobl\w+|percent|rate)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        stretch = [s for s in sentences[max(0, i - REACH + 1) : i + 1] if s.block is sent.block]
        found += _halves(sent, stretch)
        found += _outgrown(sent, stretch[-2:])
        found += _framed(sent)
        found += _bracketed(sent)
        found += _kept(sent)
        found += _by_age(sent, stretch[-2:])
        for size in range(1, len(stretch) + 1):
            if made := _all_of_it(stretch[-size:], sent):
                found += made
                break
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _as(place: Place) -> Quantity:
    m = _m(place)
    return Quantity(m.value, "", m.qualifier, m.step)


def _plain(places: Sequence[Place]) -> bool:
    return all(_m(p).qualifier is Qualifier.EXACT for p in places)


def _verdict(total: Place, parts: Sequence[Place], sent: Sentence) -> list[Hit]:
    values = [_m(p).value for p in (total, *parts)]
    if readings.balanced(values) or not _plain((total, *parts)):
        return []
    breach = relations.parts_and_total(_as(total), [_as(p) for p in parts], exhaustive=True)
    return [Hit(breach, sent, (total, *parts))] if breach else []


def _all_of_it(stretch: Sequence[Sentence], sent: Sentence) -> list[Hit]:
    """'The bus carried 55: 29 to the capital, 16 to Tecún Umán, 8 to Zacapa. Nobody else was on board.'"""
    text = " ".join(s.masked for s in stretch)
    if not _COMPLETE.search(text) or len(text) > 700:
        return []
    for kind in "mc":
        places = [p for p in subjects.counted(stretch, kind) if _m(p).value > 2 or kind == "m"]
        places = [p for p in places if not _counts_them(p, len(places))]
        if not 3 <= len(places) <= 6:
            continue
        total = max(places, key=lambda p: _m(p).value)
        parts = [p for p in places if p != total]
        if total not in (places[0], places[-1]) or not (
            all(_part_of(p, total) for p in parts) or (total == places[-1] and _gathered(total))
        ):
            continue
        said = sum((_m(p).value for p in parts), Decimal(0))
        if not Decimal("0.88") < said / _m(total).value < Decimal("1.15") or said == _m(total).value:
            continue
        if any(_ELSE.search(subjects.narrow(p)) for p in places) or any(
            m.kind == "p" for s in stretch for m in s.mentions
        ):
            continue
        if enumerations.overlapping(tuple(_label(p) for p in parts)) or _dated_apart(parts, total):
            continue
        return _verdict(total, parts, sent)
    return []


def _gathered(total: Place) -> bool:
    """'214 cases and 96 appeals, that is, 300 cases'."""
    front = total[0].masked.split(subjects.mark(total), 1)[0]
    return (
        re.search(
            r"(?:\b(?:that is|i\.e\.|in all|making|es decir|o sea|en total|esto es|total of|total de),?|=)\s$",
            front,
        )
        is not None
    )


def _counts_them(place: Place, listed: int) -> bool:
    """'Three points', 'those two': the number of the parts is none of them."""
    m = _m(place)
    return m.value in (listed - 2, listed - 1) and m.value < 7


def _part_of(part: Place, total: Place) -> bool:
    a, b = _m(part), _m(total)
    if a.kind == "m":
        return subjects.alike(a, b)
    return a.step == b.step and (not a.noun or a.kin == b.kin or (not b.noun and a.kin == "person"))


def _dated_apart(parts: Sequence[Place], total: Place) -> bool:
    """Values at dates of their own are a series."""
    times = [subjects.when(p) for p in (*parts, total)]
    return None not in times and len(set(times)) == len(times)


def _label(place: Place) -> str:
    """The words beside a value, up to the next value."""
    sent, _ = place
    left, _, right = sent.masked.partition(subjects.mark(place))
    noun = _m(place).noun_raw
    behind = re.split(r"<[cmp]\d+>|[;.]", right)[0]
    front = re.split(r"<[cmp]\d+>|[;.,]", left)[-1][-30:]
    if re.match(r"\W*(?:and|y|e)\s", behind):
        behind = ""  # 'with children 212 and without 131': its words stand in front
    return fold(f"{noun} {behind}" if noun or len(behind.strip()) > 2 else front)


_PAIRS = (
    (r"\b(?:wom[ae]n|females?|mujer(?:es)?)\b", r"\b(?:m[ae]n|males?|hombres?|varones)\b"),
    (r"\b(?:girls?|ninas)\b", r"\b(?:boys?|ninos)\b"),
    (r"\bwith (?!the|a )\w+", r"\bwithout\b"),
    (r"\bcon (?!l|el)\w+", r"\bsin\b"),
    (r"\b(?:adults?|adult[oa]s)\b", r"\b(?:child(?:ren)?|minors?|menores|ninez)\b"),
    (r"\burban\w*", r"\brural\w*"),
    (r"\b(?:approved|granted|accepted|aprobad\w+|concedid\w+)\b", r"\b(?:rejected|denied|refused|rechazad\w+|denegad\w+|negad\w+)\b"),
    (r"\b(?:in favou?r|a favor)\b", r"\b(?:against|en contra)\b"),
    (r"\b(?:in person|presencial\w*)\b", r"\b(?:online|virtual\w*|remot\w+|en linea)\b"),
)  # fmt: skip


def _halves(sent: Sentence, stretch: Sequence[Sentence]) -> list[Hit]:
    """Both halves of a whole in one sentence, the whole in it or just before."""
    places = [p for p in subjects.counted([sent], "c") if _m(p).value > 2]
    if not 2 <= len(places) <= 3 or any(m.kind == "p" for m in sent.mentions):
        return []
    if (
        _ELSE.search(sent.masked)
        or readings.partial(sent.masked)
        or enumerations._CLOSERS.search(sent.masked)
    ):
        return []
    labels = {p[1]: _label(p) for p in places}
    pair = next(
        (
            (p, q)
            for one, other in _PAIRS
            for p in places
            for q in places
            if p != q
            and re.search(one, labels[p[1]])
            and re.search(other, labels[q[1]])
            and not re.search(other, labels[p[1]])
            and not re.search(one, labels[q[1]])
        ),
        None,
    )
    if pair is None:
        return []
    known = [p for p in places if p not in pair] or [
        p for p in subjects.counted(stretch[-2:-1], "c") if _m(p).value > 2
    ]
    totals = [
        p
        for p in known
        if _m(p).kin == "person" or (_m(p).noun and _m(p).noun in (_m(pair[0]).noun, _m(pair[1]).noun, ""))
    ]
    if len(totals) != 1 or (_m(totals[0]).kin != "person" and not _bare(pair)):
        return []
    total = totals[0]
    said = _m(pair[0]).value + _m(pair[1]).value
    if _m(total).value <= max(_m(p).value for p in pair) or not Decimal("0.7") < said / _m(
        total
    ).value < Decimal("1.4"):
        return []
    return _verdict(total, pair, sent)


def _bare(pair: Sequence[Place]) -> bool:
    return any(not _m(p).noun for p in pair)


_KEEPS = re.compile(
    r"<c(?P<a>\d+)>\s(?:of|out of|de)\s(?:its|the|their|sus|l[oa]s|est[oa]s)\s<c(?P<b>\d+)>(?P<g>[^<]{0,80}?)\b(?:keeps?|kept|retains?|retained|still has|now has|has now|is left with|remain\w*|conserva\w*|mantiene\w*|le quedan|se queda con|queda\w*|siguen?|tiene ahora|cuenta ahora con)\s(?:only\s|with\s|solo\s|con\s)?<c(?P<c>\d+)>"
)
_GONE = re.compile(
    r"\b(?:los(?:t|ing|es)|clos\w+|shut\w*|gave up|sold|perd\w+|cerr\w+|vend\w+|retir\w+|tras|after|withdr\w+)\b"
)


def _kept(sent: Sentence) -> list[Hit]:
    """'After losing 6 of its 41 offices, it keeps 37'."""
    match = _KEEPS.search(sent.masked)
    if not match or not _GONE.search(sent.masked):
        return []
    gone, whole, left = ((sent, int(match[g])) for g in "abc")
    return _verdict(whole, (gone, left), sent)


_BY_AGE = re.compile(
    r"\b(?:by age|ages?(?: groups?)?|por (?:grupos? de )?edad|edades|según (?:la )?edad)\b[:,]?\s"
)


def _by_age(sent: Sentence, stretch: Sequence[Sentence]) -> list[Hit]:
    """'2,755 people ... By age, 402 were under 12, 893 between 12 and 29 and 1,199 older'."""
    match = _BY_AGE.search(sent.masked)
    ages = sum(m.kind == "a" for m in sent.mentions)
    if not match or ages < 2 or any(m.kind == "p" for m in sent.mentions):
        return []
    parts = [p for p in subjects.counted([sent], "c") if sent.masked.find(subjects.mark(p)) >= match.end()]
    before = [p for p in subjects.counted(stretch, "c") if p not in parts and _m(p).kin == "person"]
    if not 3 <= len(parts) <= 8 or not before or _ELSE.search(sent.masked[match.end() :]):
        return []
    total = max(before, key=lambda p: _m(p).value)
    said = sum((_m(p).value for p in parts), Decimal(0))
    if not Decimal("0.8") < said / _m(total).value < Decimal("1.25"):
        return []
    breach = relations.parts_and_total(_as(total), [_as(p) for p in parts], exhaustive=True)
    return [Hit(breach, sent, (total, *parts))] if breach and _plain((total, *parts)) else []


_OF_THEM = re.compile(
    r"<c(?P<n>\d+)>\s(?:of (?:them|these|those|whom|which)|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s cuales))\b"
)


def _outgrown(sent: Sentence, stretch: Sequence[Sentence]) -> list[Hit]:
    """'Eleven replied; twelve of them in time': a part above its whole."""
    match = _OF_THEM.search(sent.masked)
    if not match:
        return []
    part = (sent, int(match["n"]))
    own = [p for p in subjects.counted([sent], "c") if p[1] < part[1]]
    known = own or subjects.counted(stretch[:-1], "c")
    if (
        len(known) != 1
        or not _m(known[0]).noun
        or not _plain([*known, part])
        or _m(part).value > _m(known[0]).value * 3
    ):
        return []
    breach = relations.part_of(_m(part).quantity(), _m(known[0]).quantity())
    return [Hit(breach, sent, (known[0], part))] if breach else []


_FRAME = re.compile(
    r"^\W*(?:of|out of|from|de|entre|del total de)\s(?:the|these|those|all|l[oa]s|est[oa]s|es[oa]s|sus|its|their)\s(?:total of\s)?<c(?P<n>\d+)>"
)
_OTHERS = re.compile(
    r"\b(?:another|a further|the other|others?|the rest|the remaining|otr[oa]s|l[oa]s (?:otr[oa]s|demás|restantes))\s$"
)


def _framed(sent: Sentence) -> list[Hit]:
    """'Of the 120 places 73 went to women and another 58 to men': parts that outgrow their base."""
    match = _FRAME.match(sent.masked)
    if (
        not match
        or _ELSE.search(sent.masked)
        or re.search(r"\b(?:both|amb[oa]s|more than one|más de un)\b", sent.masked)
    ):
        return []
    total = (sent, int(match["n"]))
    parts = [p for p in subjects.counted([sent], "c") if p[1] > total[1] and _m(p).value > 1]
    if not 2 <= len(parts) <= 5 or any(
        _m(p).noun and _m(p).noun != _m(total).noun and _m(p).kin != "person" for p in parts
    ):
        return []
    last = sent.masked.split(subjects.mark(parts[-1]), 1)[0]
    labels = tuple(_label(p) for p in parts)
    if not (_OTHERS.search(last) or enumerations.closed_pair(labels)) or enumerations.overlapping(labels):
        return []
    said = sum((_m(p).value for p in parts), Decimal(0))
    if not _m(total).value < said < _m(total).value * 2:
        return []
    return _verdict(total, parts, sent)


_BRACKET = re.compile(r"<c(?P<n>\d+)>(?P<np>[^<.;()]{0,40})\s\((?P<in>[^()]*<c\d+>[^()]*<c\d+>[^()]*)\)")


def _bracketed(sent: Sentence) -> list[Hit]:
    """'231 in Oluta (131 adults and 90 children) and 189 in Acayucan (...)': each bracket against its own count."""
    found: list[Hit] = []
    for match in _BRACKET.finditer(sent.masked):
        total = (sent, int(match["n"]))
        parts = [(sent, int(n)) for n in re.findall(r"<c(\d+)>", match["in"])]
        labels = tuple(_label(p) for p in parts)
        if (
            re.search(r"<[pmt]\d+>", match["in"])
            or _ELSE.search(match["in"])
            or not enumerations.closed_pair(labels)
        ):
            continue
        said = sum((_m(p).value for p in parts), Decimal(0))
        if Decimal("0.6") < said / max(_m(total).value, Decimal(1)) < Decimal("1.6") and len(parts) == 2:
            found += _verdict(total, parts, sent)
    return found
