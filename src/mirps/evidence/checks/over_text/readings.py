"""Relations read from cues where no set phrase fits, charitably: silent when any reading holds.

A sentence that says 'a recognition rate of', 'brought the total from ... to', 'in all' and the
like relates its quantities. If some assignment of roles makes it true, it is left alone; if its
quantities leave only one assignment and that fails, it is a finding.
"""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, product

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import enumerations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, comparable, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Quantity, plain
from mirps.evidence.figures.rules import Qualifier


def balanced(values: Sequence[Decimal], parts: int = 2) -> bool:
    """Whether one of the values is the sum of `parts` or more of the others."""
    if not 3 <= len(values) <= 9:
        return False
    for i, total in enumerate(values):
        rest = [*values[:i], *values[i + 1 :]]
        for size in range(parts, len(rest) + 1):
            if any(sum(group) == total for group in combinations(rest, size)):
                return True
    return False


def accounted(values: Sequence[Decimal]) -> bool:
    """Whether some signs make all the values a true sum: what was, what came and went, what is."""
    if not 3 <= len(values) <= 6:
        return False
    first, *rest = values
    return any(
        sum((v * s for v, s in zip(rest, signs, strict=True)), first) == 0
        for signs in product((1, -1), repeat=len(rest))
    )


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        if len(sent.mentions) < 2 or len(sent.mentions) > 9:
            continue
        if not _borne_out(sent, sentences[max(0, i - 2) : i + 3]):
            found += _rate(sent)
        found += _growth(sent)
        found += _account(sent)
        found += _whole(sent)
        found += _complement(sent)
        found += _all_shares(sent)
    return found


_NAMED_RATE = re.compile(
    r"\b(?:rate|coverage|execution|proportion|share|tasa|cobertura|ejecución|proporción|porcentaje)\b[^<.;]{0,45}<p\d+>"
    r"|<p\d+>[^<.;]{0,12}\b(?:rate|coverage|of them|de ell[oa]s)\b|[,:;—–(]\s?(?:or\s|o\s|casi\s|barely\s|just\s|nearly\s|apenas\s|es decir,\s|that is,\s)?(?:el\s|un\s)?<p\d+>(?:\sof them|\sde ell[oa]s)?\s?(?:[.),;—–]|$)"
    r"|<p\d+>[^<.;:()]{0,20}(?:<[cm]\d+>[^<.;:()]{0,45})?,\s(?:a total of\s)?<[cm]\d+>\s?(?:,|\.|of them|in number|en total|de ell[oa]s|en número)"
)
_CHANGE = re.compile(
    r"\b(?:increas\w+|rose|rise|risen|grew|grow\w*|growth|declin\w+|decreas\w+|fell|fall\w*|drop\w*|reduc\w+|cut|up|down|higher|lower|more|less|fewer|climb\w*|jump\w*|shr[au]nk"
    r"|aument\w+|increment\w+|creci\w+|disminu\w+|redu[cj]\w+|descen\w+|baj[óoa]\w*|sub[ií]\w*|cay[óe]\w*|supera\w*|más|menos|alza|caída)\b"
)


def _rate(sent: Sentence) -> list[Hit]:
    """'Decided 1,250 cases and recognised 500, a recognition rate of 50%'."""
    shares = [i for i, m in enumerate(sent.mentions) if m.kind == "p"]
    counts = [i for i, m in enumerate(sent.mentions) if m.kind in "cm" and not m.weak]
    if any(sent.mentions[i].qualifier in (Qualifier.AT_LEAST, Qualifier.AT_MOST) for i in counts):
        return []  # 'half of them owed less than 900'
    if len(shares) != 1 or len(counts) != 2 or not _NAMED_RATE.search(sent.masked):
        return []
    front, behind = sent.masked.split(f"<p{shares[0]}>", 1)
    if _CHANGE.search(front[-16:]) or _CHANGE.search(behind[:25]):
        return []
    share, (a, b) = sent.mentions[shares[0]], sorted(counts, key=lambda i: sent.mentions[i].value)
    part, base = sent.mentions[a], sent.mentions[b]
    found = part.value / base.value * 100 if base.value else share.value
    if not Decimal("0.4") < found / max(share.value, Decimal("0.01")) < Decimal("2.5"):
        return []  # a slip comes near what is right; this is a share of something else
    if (
        part.kind != base.kind
        or (part.kind == "m" and part.unit != base.unit)
        or not _shared_noun(part, base)
    ):
        return []
    return hit(
        relations.share_of(part.quantity(), base.quantity(), share.quantity()), sent, [b, a, shares[0]]
    )


def _borne_out(sent: Sentence, near: Sequence[Sentence]) -> bool:
    """Whether two quantities of the sentences around give the sentence's share."""
    shares = [m.quantity() for m in sent.mentions if m.kind == "p"]
    known = [m for s in near if s.block is sent.block for m in s.mentions if m.kind in "cm"] if shares else []
    if len(known) > 12:
        return True  # among so many, some pair gives nearly any share
    pairs = [
        (low.quantity(), high.quantity())
        for low in known
        for high in known
        if low.kind == high.kind and low.value < high.value
    ]
    return any(relations.bears_out(low, high, share) for share in shares for low, high in pairs)


def _shared_noun(part: Mention, base: Mention) -> bool:
    return comparable(part, base) or "person" in (part.kin, base.kin)


def _growth(sent: Sentence) -> list[Hit]:
    """One percentage of change and two quantities: 'an increase of 12% brought the grant from 1,600 to 1,900'."""
    shares = [i for i, m in enumerate(sent.mentions) if m.kind == "p"]
    ends = [i for i, m in enumerate(sent.mentions) if m.kind in "cm" and not m.weak]
    if len(shares) != 1 or len(ends) != 2 or sent.mentions[shares[0]].step == Decimal("2.5"):
        return []
    mark = f"<p{shares[0]}>"
    left, right = sent.masked.split(mark, 1)
    if not (_CHANGE.search(left[-32:]) or _CHANGE.search(right[:28])) or re.match(
        r"\s(?:of|de|del)\s(?:the|them|l[oa]s|ell[oa]s|all|women|men)\b", right
    ):
        return []
    one, other = (sent.mentions[i] for i in ends)
    if (
        one.kind != other.kind
        or not comparable(one, other)
        or re.search(r"\b(?:of (?:whom|which|them)|de (?:l[oa]s (?:cuales|que)|ell[oa]s))\b", sent.masked)
    ):
        return []
    if not _based(sent, ends):
        return []
    stated = sent.mentions[shares[0]].quantity()
    verdicts = [relations.change(x.quantity(), y.quantity(), stated) for x, y in ((one, other), (other, one))]
    breach = next((v for v in verdicts if v), None)
    return hit(breach, sent, [*ends, shares[0]]) if all(verdicts) else []


def _based(sent: Sentence, ends: Sequence[int]) -> bool:
    """One of the two is the earlier value, by the words around it."""
    words = r"\b(?:from|previous|before|earlier|last year|stood|january|compared|than|on the|over the|was|were|had been|ago|brought|desde|anterior(?:es)?|antes|previo|respecto|era|eran|hab[ií]an?|pasad[oa]|llev[óa]|ciclo|a los)\b"
    return (
        any(re.search(words, sent.masked.split(f"<{sent.mentions[i].kind}{i}>")[0][-45:]) for i in ends)
        or len(sent.dates) >= 2
    )


_ENDING = re.compile(
    r"\b(?:leaving|leaves|ended?\b|ending|closed (?:the year )?with|finish\w*|now|remain\w*|bringing|brings|brought|so that|total|quedan\w*|quedando|quedaron|dejando|cerró|cerr\w+ con|termin\w+ con|ahora|de modo que|por lo que|con lo que|"
    r"pasó de|restan|había)\b"
)
_MOVE = re.compile(
    r"\b(?:add\w*|further|more|join\w*|left|opened|closed|hired|new|another|removed|lost|received|died|returned|withdrew|resigned|entered|departed|sum\w+|agreg\w+|incorpor\w+|se fueron|ingres\w+|salieron|abri\w+|cerr\w+|otr[oa]s|más|nuev\w+|"
    r"renunci\w+|contrat\w+|perdi\w+|se uni\w+|resolv\w+|egres\w+|retir\w+|started|starting|inicial\w*|beginning|llegaron|llegó)\b"
)


def _account(sent: Sentence) -> list[Hit]:
    """A running account: a start, what came and went, and an end; silent if any signs make it true."""
    items = [i for i, m in enumerate(sent.mentions) if m.kind in "cm" and not m.weak]
    if not 3 <= len(items) <= 5 or not _ENDING.search(sent.masked) or not _MOVE.search(sent.masked):
        return []
    first = sent.mentions[items[0]]
    if re.search(
        r"\b(?:since it|since the start|to date|so far|desde que|desde su|hasta la fecha)\b", sent.masked
    ):
        return []  # a total of more than the sentence tells
    if any(not comparable(sent.mentions[i], first) for i in items) or any(
        m.kind == "p" for m in sent.mentions
    ):
        return []
    if re.search(
        r"\b(?:of (?:whom|which|these)|de (?:l[oa]s cuales|l[oa]s que|quienes)|each|per|cada|incl\w+|average|promedio|between|entre|times|veces|percent)\b",
        sent.masked,
    ):
        return []
    values = [sent.mentions[i].value for i in items]
    if accounted(values):
        return []
    start, *moves, end = values
    expected = _signed(sent, items, start, moves)
    if expected is None or not Decimal("0.6") <= end / expected <= Decimal("1.7"):
        return []
    params = {
        "parts": " , ".join(plain(v) for v in values[:-1]),
        "stated": plain(end),
        "expected": plain(expected),
    }
    return hit(Breach("account_mismatch", CONTRADICTION, plain(end), plain(expected), params), sent, items)


_LOSS = re.compile(
    r"\b(?:left|leave|closed|removed|lost|died|returned|withdr\w+|resigned|departed|resolved|decided|dropped|se fueron|salieron|cerr\w+|renunci\w+|perdi\w+|resolv\w+|retir\w+|egres\w+|abandon\w+|archiv\w+|transferred|trasladad\w+)\b"
)


def _signed(sent: Sentence, items: Sequence[int], start: Decimal, moves: Sequence[Decimal]) -> Decimal | None:
    """Start plus and minus the moves, each by the verb nearest behind or before its number."""
    total = start
    for index, move in zip(items[1:-1], moves, strict=True):
        m = sent.mentions[index]
        around = sent.masked.split(f"<{m.kind}{index}>", 1)
        own = around[0][-22:] + " " + re.split(r"[<,;]", around[1])[0][:30]
        total += -move if _LOSS.search(own) else move
    return total if total > 0 else None


_ALL = re.compile(
    r"\b(?:broken down|by sex|split|spread|divided|distributed|comprising|comprises?|made up|consist\w*|composed|either|entirely|wholly|in full|no other|all of (?:them|which|whom)|nothing left|namely|the rest|the other|in all|altogether|"
    r"repart\w+|desglos\w+|íntegramente|ya sea|compon\w+|integr\w+|distribu\w+|dividi\w+|correspondiendo|no hubo otr[oa]|en su totalidad|así|se compone|el resto|l[oa]s demás|sin que sobrara|ningun[oa] otr[oa]|a saber)\b|:"
)
_PARTIAL = re.compile(
    r"\b(?:(?:most|more) (?:frequent|common|numerous|cited)|top|largest|leading|más (?:frecuentes|comunes|numeros[oa]s|citad[oa]s)|principales|chiefly|mainly|mostly|principally|notably|among others|including|includes|such as|particularly|especially|above all|at least|largely|overlap\w*|both|also|each|per|average|more than one|"
    r"sobre todo|principalmente|en especial|entre otr[oa]s|incluid\w+|incluy\w+|particularmente|mayormente|como|también|ambas?|ambos|cada|promedio|las dos|los dos)\b"
)


def partial(text: str) -> bool:
    return bool(_PARTIAL.search(text))


#: A remainder without its number.
_UNTOLD = re.compile(r"\b(?:the (?:rest|others)|el resto|l[oa]s demás)\b[^<]*$")


_NAMED = re.compile(r"(?<![.!?] )\b[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]+,?:?\s\(?$")


def _whole(sent: Sentence) -> list[Hit]:
    """A total and all its parts in one sentence, in any order, where words say that nothing is left out."""
    for kind in "cm":
        items = [i for i, m in enumerate(sent.mentions) if m.kind == kind and not m.weak]
        if (
            not 3 <= len(items) <= 8
            or not _ALL.search(sent.masked)
            or partial(sent.masked)
            or _UNTOLD.search(sent.masked)
        ):
            continue
        total = max(items, key=lambda i: sent.mentions[i].value)
        parts = [i for i in items if i != total]
        whole = sent.mentions[total]
        if any(m.kind in "pt" for m in sent.mentions) or any(
            not _fits(whole, sent.mentions[i]) for i in parts
        ):
            continue
        if all(_NAMED.search(sent.text[: sent.mentions[i].begin]) for i in items):
            continue  # 'By department: Yoro 90, Colón 66 and Atlántida 21': all of them are parts
        said = sum((sent.mentions[i].value for i in parts), Decimal(0))
        values = [sent.mentions[i].value for i in items]
        if balanced(values) or not Decimal("0.75") < said / whole.value < Decimal("1.35"):
            continue
        if total not in (items[0], items[-1]) or enumerations.overlapping(_labels(sent, parts)):
            continue
        breach = relations.parts_and_total(
            whole.quantity(), [sent.mentions[i].quantity() for i in parts], exhaustive=True
        )
        return hit(breach, sent, [total, *parts])
    return []


def _fits(whole: Mention, part: Mention) -> bool:
    return comparable(whole, part) and (whole.kind == "m" or bool(whole.noun) or not part.noun)


def _labels(sent: Sentence, items: Sequence[int]) -> tuple[str, ...]:
    made = []
    for i in items:
        behind = sent.masked.split(f"<{sent.mentions[i].kind}{i}>", 1)[1]
        made.append(fold(re.split(r"[<,;.)]", behind)[0]))
    return tuple(made)


_OTHER = re.compile(
    r"<c(?P<a>\d+)>\s(?:of|out of|de)\s(?:the\s|its\s|l[oa]s\s|est[oa]s\s|sus\s)?<c(?P<b>\d+)>[^<]{0,90}?\b(?:the (?:other|remaining|rest,?)|l[oa]s (?:otr[oa]s|restantes|demás)|remaining|other)\s<c(?P<c>\d+)>"
    r"|<c(?P<a2>\d+)>\s(?:of|out of|de)\s(?:the\s|its\s|l[oa]s\s|est[oa]s\s|sus\s)?<c(?P<b2>\d+)>[^<]{0,90}?\bl[oa]s\s<c(?P<c2>\d+)>\s(?:restantes|que (?:faltan|quedan))"
)


def _complement(sent: Sentence) -> list[Hit]:
    """'Four of the seven have reported; the other two will in May'."""
    match = _OTHER.search(sent.masked)
    if not match:
        return []
    got = match.groupdict()
    a, b, c = (int(got[k] or got[k + "2"]) for k in "abc")
    some, whole, rest = (sent.mentions[i].quantity() for i in (a, b, c))
    return hit(relations.parts_and_total(whole, [some, rest], exhaustive=True), sent, [b, a, c])


_COVERS = re.compile(
    r"\b(?:the rest|the remain\w+|the other|others?|el resto|lo demás|l[oa]s demás|l[oa] otr[oa]|l[oa]s otr[oa]s|otr[oa]s|covering all|all respondents|the whole|the three categories|no other|total de|queda cubierto|distributed thus|"
    r"distributed as follows|by age|por edad|by sex|por sexo|by nationality|por nacionalidad|se reparten?|se distribuyen?|distribución|breakdown|ages were)\b"
)


def _all_shares(sent: Sentence) -> list[Hit]:
    """Every percentage of the sentence together, where its words say that they make the whole."""
    items = [i for i, m in enumerate(sent.mentions) if m.kind == "p"]
    if re.search(r"\b(?:of (?:which|whom)|de (?:l[oa]s (?:cuales|que)|quienes)|de quienes)\b", sent.masked):
        return []
    if not 2 <= len(items) <= 8 or _CHANGE.search(sent.masked) or partial(sent.masked):
        return []
    labels = tuple(a + " " + b for a, b in zip(_heads(sent, items), _labels(sent, items), strict=True))
    if not (_COVERS.search(sent.masked) or (len(items) == 2 and enumerations.closed_pair(labels))):
        return []
    own = [
        label
        for label in labels
        if re.search(
            r"^\W*(?:of|de|del) (?:the |l[oa]s )?(?:women|men|girls|boys|mujeres|hombres|ninas|ninos)\b",
            label.strip(),
        )
        or re.search(r"\b(?:of|de) (?:the |l[oa]s )?(?:women|men|mujeres|hombres)$", label)
    ]
    if own:
        return []
    parts = [sent.mentions[i].quantity() for i in items]
    said = sum((p.value for p in parts), Decimal(0))
    counted = [Quantity(p.value, p.unit, p.qualifier, min(p.step, Decimal(1))) for p in parts]
    if not Decimal(70) < said < Decimal(150):
        return []
    return hit(relations.shares(counted, exhaustive=True), sent, items)


def _heads(sent: Sentence, items: Sequence[int]) -> tuple[str, ...]:
    made = []
    for i in items:
        front = sent.masked.split(f"<{sent.mentions[i].kind}{i}>", 1)[0]
        made.append(fold(re.split(r"[>,;.(]", front)[-1]))
    return tuple(made)
