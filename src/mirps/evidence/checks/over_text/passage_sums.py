"""Parts and totals that a passage sets out over several sentences, with other matters in between.

Charitable: when any two or more of the passage's quantities make another, the passage is left alone.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, islice, pairwise

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings
from mirps.evidence.checks.reading import enumerations, subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import Quantity

#: How far behind its total a part may stand, in sentences.
REACH = 8
#: And how many parts it may have.
MOST = 6
#: Words before or behind a number that make it the last part of something told before.
_LAST = re.compile(
    r"\b(?:the (?:rest|others?|remain\w+)|remaining|the other|everything else|all (?:the )?others|the balance|(?:the )?(?:third|fourth|fifth|sixth|final|last)(?:,? (?:and|y) (?:last|final))?|last of (?:the|all)|completes?|"
    r"el resto|l[oa]s? (?:otr[oa]s?|demás|restantes?)|restantes?|lo demás|lo restante|(?:tercer[oa]?|cuart[oa]|quint[oa]|sext[oa])(?: y últim[oa])?|últim[oa]s?|completan?|saldo)\b"
)
_OF_THESE = re.compile(
    r"\b(?:of|from|among|de|entre)\s(?:these|those|them|whom|which|the|that|est[oa]s?|es[oa]s?|ell[oa]s|l[oa]s|dich[oa]s)\b"
)
#: What is no part: aims, means, comparisons, other times.
_APART = re.compile(
    r"\b(?:target|goals?|planned|expected|average|mean|each|per|capacity|than|compared|times|every|more than one|both(?![^<.;,]{1,30}\sand\b)|previous|last year|"
    r"metas?|previst\w+|esperad\w+|promedio|cada|capacidad|que en|veces|ambos|ambas|anterior(?:es)?|a la vez|también|also|as well)\b"
)
_WHOLE = re.compile(
    r"\b(?:in all|altogether|(?:in|a|the|un|el|en) total|overall|sum|suman?|together|en conjunto|todas juntas)\b"
)
_NO_MORE = re.compile(
    r"\b(?:no other|nothing else|no more|sin más|ningun[oa] otr[oa]|no hubo otr[oa]s?|únic[oa]s|every one|each one|nothing else|tod[oa]s y cada|sole|only (?:source|these)|in full|wholly|entirely|íntegramente|por completo|each (?:of them )?in one)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for block in passages(sentences):
        for i, sent in enumerate(block):
            for index, whole in enumerate(sent.mentions):
                if whole.kind in "cm" and not whole.weak:
                    found += _parts(block, i, index)
    return found


def passages(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences with quantities, paragraph by paragraph; a paragraph of one is no passage."""
    made: list[list[Sentence]] = []
    for sent in sentences:
        if made and made[-1][0].block is sent.block:
            made[-1].append(sent)
        else:
            made.append([sent])
    return [block for block in made if len(block) > 1]


def _parts(block: Sequence[Sentence], at: int, index: int) -> list[Hit]:
    """The later quantities that are told as parts of one quantity, when they are all of it."""
    total = (block[at], index)
    whole = block[at].mentions[index]
    kinds = "cm" if whole.kind == "m" else "c"
    told = (p for p in subjects.counted(block[at : at + REACH], kinds) if _part_of(p, total))
    places = list(islice(told, MOST + 1))
    if not 2 <= len(places) <= MOST or all(s is total[0] for s, _ in places):
        return []
    values = [s.mentions[i].value for s, i in places]
    if any(v > whole.value for v in values) or readings.balanced([*values, whole.value]):
        return []
    said = sum(values, Decimal(0))
    if not Decimal("0.65") < said / whole.value < Decimal("1.5") or _summed_elsewhere(
        block, [*values, whole.value]
    ):
        return []
    if enumerations.overlapping(_labels(places)) or not _told_whole(block, at, total, places, said):
        return []
    parts = [Quantity(m.value, "", m.qualifier, m.step) for m in (s.mentions[i] for s, i in places)]
    breach = relations.parts_and_total(
        Quantity(whole.value, "", whole.qualifier, whole.step), parts, exhaustive=True
    )
    return [Hit(breach, places[-1][0], (total, *places))] if breach else []


def _summed_elsewhere(block: Sequence[Sentence], values: Sequence[Decimal]) -> bool:
    """Whether the parts make another quantity of the passage: then that one is their total."""
    known = {m.value for s in block for m in s.mentions}
    sums = {sum(group, Decimal(0)) for n in range(2, len(values) + 1) for group in combinations(values, n)}
    return bool(sums & known)


def _part_of(place: Place, total: Place) -> bool:
    """Whether a quantity is told as part of the total: one noun, no noun, or 'another', 'of these'."""
    sent, index = place
    part, whole = sent.mentions[index], total[0].mentions[total[1]]
    if (sent is total[0] and index <= total[1]) or part.value == whole.value:
        return False
    text = subjects.narrow(place)
    if _APART.search(text) or (sent is not total[0] and _WHOLE.search(text)):
        return False
    times, own = _periods(total), _periods(place)
    if times and own - times:
        return False
    if whole.kind == "m":
        large = part.kind == "c" and not part.noun and part.step >= 1000
        return large or (part.kind == "m" and part.unit == whole.unit)
    noun = _noun(place)
    return not noun or subjects.stem(noun) == subjects.stem(whole.noun)


def _noun(place: Place) -> str:
    """What a part counts by its own words: '' when it leans on the total for it ('a further 9 lacked ...')."""
    sent, index = place
    part = sent.mentions[index]
    before, after = sent.masked.split(subjects.mark(place), 1)
    if not part.noun:
        beside = re.match(r"\s(?:a|to|and|y|o|or|e|or|-|–)\s<c(\d+)>", after)
        return sent.mentions[int(beside.group(1))].noun if beside else ""
    leans = re.search(
        r"(?:another|a further|the (?:other|remaining|rest,?)|l[oa]s (?:otr[oa]s|demás|restantes),?|otr[oa]s)\s$",
        before,
    )
    verb = re.match(r"(?:\w+ed|had|were|went|came|got|took|se|l[oa]s)\b", part.phrase)
    return "" if verb and (leans or len(part.phrase.split()) > 1) else part.noun


def framed(place: Place) -> bool:
    """'Among the 300 women, 66% ...': a quantity that its sentence makes a base is no part."""
    sent, _ = place
    front = sent.masked.split(subjects.mark(place), 1)[0]
    return (
        re.search(r"(?:^|[.;,]\s)\W*(?:of|among|out of|de|entre)\s(?:the|these|l[oa]s|est[oa]s)\s$", front)
        is not None
    )


def _periods(place: Place) -> set[object]:
    sent, _ = place
    return {sent.dates[int(n)].period() for n in re.findall(r"<[dhyr](\d+)>", subjects.narrow(place))}


def _told_whole(
    block: Sequence[Sentence], at: int, total: Place, places: Sequence[Place], said: Decimal
) -> bool:
    """Whether words, or a stated number of parts, say that nothing is left out."""
    last = places[-1][0]
    front, behind = last.masked.split(subjects.mark(places[-1]), 1)
    own = re.split(r"[;.]", front)[-1][-75:] + " | " + re.split(r"[;.,<]|\s(?:and|y)\s", behind)[0][:30]
    if _LAST.search(re.split(r"<[cmp]\d", behind)[0]) and not _BEHIND.match(behind):
        return False  # a remainder without its number: '..., and the rest were withdrawn'
    bound = _bound(total, places)
    if _ADJOINING.search(front) or _BEHIND.match(behind) or _halves(total, places):
        return bound or total[0].number + 1 >= places[0][0].number
    if not total[0].mentions[total[1]].noun and total[0].mentions[total[1]].kind == "c":
        return len(places) > 2 and bool(_NO_MORE.search(last.masked))
    if _LAST.search(own) or any(_NO_MORE.search(s.masked) for s in (total[0], last)):
        return bound or len(places) > 2
    if _EXCLUSIVE.search(last.masked):
        return said > total[0].mentions[total[1]].value
    if not bound or not _parallel(places):
        return False
    numbers = {m.value for s in block[max(0, at - 2) : at + 1] for m in s.mentions if m.kind == "c"}
    if Decimal(len(places)) in numbers:
        return True
    return len(places) > 2 and said > total[0].mentions[total[1]].value


#: The remainder, said right at its number: 'the other six', 'los 43 restantes', 'the five who failed'.
_ADJOINING = re.compile(
    r"\b(?:the (?:other|remaining|rest,?|remainder,?|balance,?)|all the others,?|l[oa]s (?:otr[oa]s|demás,?|restantes)|el resto,?|l[oa]s que (?:quedan|faltan|restan),?)\s(?:of\s)?$"
)
_BEHIND = re.compile(
    r"^\s(?:[a-záéíóúñ]+\s)?(?:restantes?\b|remaining\b|que (?:quedan|faltan|restan)\b|left over\b)"
)
_EXCLUSIVE = re.compile(
    r"\b(?:no \w+ (?:\w+ ){0,3}(?:in|into|under) both|none (?:\w+ ){0,4}both|not overlap|no overlap|without overlap|mutually exclusive|ningun[oa] (?:\w+ ){0,5}(?:amb[oa]s|l[oa]s dos)|sin (?:traslapes?|duplicar|repetir)|excluyentes)\b"
)


def _halves(total: Place, places: Sequence[Place]) -> bool:
    """Two parts that name both halves of the total: those who passed and those who failed."""
    labels = _labels(places)
    return (
        len(places) == 2 and enumerations.closed_pair(labels) and total[0].number + 1 >= places[0][0].number
    )


def _bound(total: Place, places: Sequence[Place]) -> bool:
    """One part at least names what the total counts, or points back to it."""
    whole = total[0].mentions[total[1]]
    if whole.kind == "m":
        return True
    return any(
        s.mentions[i].noun == whole.noun
        or _OF_THESE.search(subjects.narrow((s, i)))
        or subjects.stem(whole.noun) in subjects.stems(subjects.clause((s, i)))
        for s, i in places
    )


def _parallel(places: Sequence[Place]) -> bool:
    """The parts' clauses are built alike: each shares a verb or a head with the one before it."""
    words = [subjects.stems(subjects.clause(p)) for p in places]
    return all(a & b or (not a or not b) for a, b in pairwise(words))


def _labels(places: Sequence[Place]) -> tuple[str, ...]:
    return tuple(fold(subjects.clause(p)) for p in places)
