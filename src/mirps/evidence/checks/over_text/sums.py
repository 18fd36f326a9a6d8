"""Parts and their total, as sentences put them together."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings
from mirps.evidence.checks.reading import enumerations, lexicon, numbers
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.enumerations import Chain
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable, hit, named, pattern

_OF_WHOM = (
    r"of (?:whom|which|them|these|those)|de (?:los|las) (?:cuales|que)|de (?:ellos|ellas|quienes|estos|estas|esos|esas)"
    r"|from (?:whom|which)|entre (?:los|las) cuales"
)
_INCLUDING = (
    r"including|includes?|included|among (?:them|whom|which|these)|such as|like|incluid[oa]s|incluyendo|incluye[n]?"
    r"|entre (?:ellos|ellas|otros|otras|los que|las que|estos|estas)|e\.g\.?|por ejemplo|como|at least|with|con"
)
_VERB = (
    r"comprising|comprised of|consist(?:ing|s|ed) of|made up of|composed of|(?:sub)?divided (?:into|between|among|in)|broken down (?:as|into)"
    r"|split (?:into|between|among)|distributed (?:among|across|as|between|in)|grouped (?:in|into)|namely|formed by|specifically|that is"
    r"|compuest[oa]s? (?:por|de)|se componen? de|constan? de|se integran? por|integrad[oa]s? por|conformad[oa]s? por|formad[oa]s? por|dividid[oa]s? en|distribuid[oa]s?|desglosad[oa]s? en"
    r"|repartid[oa]s? (?:en|entre)|es decir|esto es|a saber|concretamente|específicamente|se desglosan?|se dividen?|se distribuyen?|se reparten"
    r"|entre (?=<)|as follows|de la siguiente (?:manera|forma)|así"
)
_SUM_WORDS = (
    r"(?:for |giving |with |making |reaching |bringing |adding up to |(?:which|that) (?:makes|gives|adds up to|totals?) |para |con |dando |lo que (?:da|suma|hace) |"
    r"hasta alcanzar |alcanzando )?(?:a |an |the |un |el )?(?:grand |overall |combined |cumulative )?"
    r"(?:total(?:l?ing|l?ed|s|iza(?:n|ndo)|es)?(?: number)?(?: general)?(?: (?:of|to|is|was|comes to|de|es de|fue de|es|asciende a))?"
    r"|adding up to|add(?:s|ed)? up to|summing(?: up)? to|sums? to|amount(?:s|ing)? to|equals?|sum(?:an|ando|aron|a)|que suman?"
    r"|lo que suma|ascienden? a|together|juntos|juntas|en conjunto|en total|in total|in all|altogether)[:,=]?\s*(?:son |fueron |se |were |there (?:are|were) )?"
)
_TOTAL_AFTER = re.compile(
    rf"^(?:[^<.()]|<[dhyr]\d+>|\)){{0,90}}?(?:\b{_SUM_WORDS}|\s=\s)(?P<mid>[^<.;]{{0,45}}?)<(?P<k>[cm])(?P<t>\d+)>"
)
#: '..., which allowed 61 people to be assessed': a result that long lists are summed up in.
_RESULT = re.compile(
    r"^(?:[^<.()]|\)){0,40}?,\s(?:which|allowing|reaching|benefiting|lo que|lo cual|beneficiando|alcanzando)\b[^<.;]{0,60}?<(?P<k>[c])(?P<t>\d+)>\s(?:people|persons|persona)"
)
_TOTAL_TRAILING = re.compile(
    r"^(?:[^<.()]|<[dhyr]\d+>|\)){0,90}?[,;(–—:-]\s*<(?P<k>[cm])(?P<t>\d+)>[^<.;,()]{0,45}?\b(?:in total|in all|altogether|overall|en total|en conjunto|combined)\b"
)
_NEXT = re.compile(
    rf"^(?:[\"“]|in particular,? |specifically,? |en concreto,? )?(?:{_OF_WHOM}|among (?:them|these)|entre (?:ellos|ellas|estos|estas)|"
    r"of the(?:se)? (?:total|[a-z-]+)|del total|de (?:est[oa]s|es[oa]s|l[oa]s) [a-záéíóúñ]+|of this (?:total|number|group)|de este (?:total|número|grupo))\b[^<]{0,60}$"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        previous = sentences[i - 1] if i and _near(sentences[i - 1], sent) else None
        for kind in ("c", "m"):
            for chain in enumerations.chains(sent, kind):
                found += _chain(sent, chain, previous, sentences[i + 1] if i + 1 < len(sentences) else None)
        found += _single(sent)
    return found


def _near(before: Sentence, after: Sentence) -> bool:
    return before.block is after.block or (before.number + 1 == after.number and not after.block.bullet)


def _chain(sent: Sentence, chain: Chain, previous: Sentence | None, following: Sentence | None) -> list[Hit]:
    """The chain against the total that its sentence, or a neighbour, gives it."""
    if any(
        sent.mentions[i].kin != sent.mentions[chain.items[0]].kin and sent.mentions[i].kind == "m"
        for i in chain.items
    ):
        return []
    after = _total_after(sent, chain, following)
    if after:
        return _verdict(sent, chain, after, "after")
    if len(chain.items) > 2 and re.search(
        r"\b(?:in total|in all|altogether|en total|en conjunto|all told)\b", chain.labels[-1]
    ):
        return _verdict(sent, _upto(chain), (sent, chain.items[-1]), "after")
    before = _total_before(sent, chain)
    if before:
        total, link, items = before
        return _verdict(sent, _cut(chain, items), (sent, total), link)
    if previous is not None:
        return _from_previous(sent, chain, previous)
    return []


def _upto(chain: Chain) -> Chain:
    return Chain(chain.kind, chain.items[:-1], chain.labels[:-1], chain.start, chain.end, chain.masked)


def _cut(chain: Chain, items: int) -> Chain:
    """The chain without its first `items` members (a total that stood in front of its own parts)."""
    return Chain(chain.kind, chain.items[items:], chain.labels[items:], chain.start, chain.end, chain.masked)


def _total_after(sent: Sentence, chain: Chain, following: Sentence | None) -> Place | None:
    rest = chain.masked[chain.end :]
    for shape in (_TOTAL_AFTER, _TOTAL_TRAILING, _RESULT):
        match = shape.search(rest)
        if shape is _RESULT and len(chain.items) < 4:
            continue
        if match and match["k"] == chain.kind:
            return sent, int(match["t"])
    if following is not None and _near(sent, following):
        match = re.match(
            rf"^(?:in total|en total|altogether|overall|the total|el total|juntos|together|en conjunto|this makes|esto suma)[^<.]{{0,50}}<{chain.kind}(?P<t>\d+)>",
            following.masked,
        )
        if match:
            return following, int(match["t"])
    return None


def _total_before(sent: Sentence, chain: Chain) -> tuple[int, str, int] | None:
    """(total, link, how many of the chain's first members are not parts)."""
    masked, first = chain.masked, chain.items[0]
    inner = _inside(chain)
    if inner:
        return first, inner, 1
    if _elliptic(sent, chain):
        return first, "colon", 1
    head = masked[: chain.start]
    after_first = masked[chain.start :].split(">", 1)[1]
    largest = max(sent.mentions[i].value for i in chain.items)
    sum_of = sum((sent.mentions[i].value for i in chain.items), Decimal(0))
    skipped = 0
    for token in reversed(list(re.finditer(rf"<{chain.kind}(\d+)>", head))):
        region, index = head[token.end() :], int(token.group(1))
        if re.search(r"<[pm]\d+>", region) and not re.fullmatch(r"[^<]*\(<[mpc]\d+>\)[^<]*", region):
            return None
        if 3 * sent.mentions[index].value < largest or (
            sent.mentions[index].value == len(chain.items) and sent.mentions[index].value < sum_of / 2
        ):  # 'the three centres: 1,204 in ...' counts the items
            skipped += 1
            continue
        link = _link(re.sub(r"<c\d+>", "x", region), head[: token.start()], after_first, chain)
        return (index, link, 0) if link and (not skipped or link != "of") else None
    return None


def _inside(chain: Chain) -> str:
    """A total that reads as the chain's first member: 'of the 92 participants, 73 are ..., 13 ...'."""
    if len(chain.items) < 3:
        return ""
    head = chain.masked[: chain.start]
    after = chain.masked[chain.start :].split("<", 2)
    second = chain.masked.split(f"<{chain.kind}{chain.items[1]}>", 1)[1]
    if re.fullmatch(
        r"[^<]{0,12}\b(?:and|to|y|a)\s", chain.masked[chain.start :].split(">", 1)[1].split("<", 1)[0]
    ):
        return ""  # 'between 2,500 and 3,000'
    if re.search(
        r"(?:^|[\s(\"“¿])(?:out )?(?:of|from|de|entre|among)(?: (?:a|un) total (?:of|de))?(?: the| these| those| all| l[oa]s| est[oa]s| es[oa]s)?\s*$",
        head,
    ):
        verb = after[1] if len(after) > 1 else ""
        if not re.search(r"\b(?:were|was|are|have|had|fueron|son|han|recib\w+|eran)\b", verb) or ", " in verb:
            return "of"
    if re.match(rf"\s*(?:{_OF_WHOM})\b", second):
        return "of"
    return ""


_SERIES = re.compile(
    r"\b(?:then|next|follow(?:s|ed|ing)|ahead|behind|first|second|third|largest|smallest|longest|highest|lowest|most|least|rest|voted|votes?|luego|después|le siguen?|segui\w+|primer\w*|segund\w*|"
    r"tercer\w*|mayor|menor|más \w+ (?:es|fue|son)|resto|demás|votos?|votaron)\b"
)


def _elliptic(sent: Sentence, chain: Chain) -> bool:
    """'Trained 76 officers, 41 at the border and the other 25 at airports': only the first names what is counted."""
    whole, *parts = (sent.mentions[i] for i in chain.items)
    if len(parts) < 2 or not whole.noun or whole.value <= max(p.value for p in parts):
        return False
    if _SERIES.search(sent.masked):
        return False  # one after another, not one out of the other
    openings = [re.match(r"\w+", label) for label in chain.labels]
    if openings[0] and openings[1] and openings[0].group() == openings[1].group():
        return False  # 'in Upala 12 people, in Los Chiles 9': all are told alike
    said = sum((p.value for p in parts), Decimal(0))
    if any(p.noun for p in parts):
        near = abs(said - whole.value) <= whole.value * 2 / 5
        return (
            near
            and all(p.kin == whole.kin == "person" for p in parts)
            and enumerations.closed_pair(chain.labels[1:])
        )
    return enumerations.closed(chain.labels[1:]) or abs(said - whole.value) <= whole.value / 5


def _each_with(region: str, head: str) -> bool:
    """'Labour with 41 answers, then Health with 37': each has its own."""
    return bool(
        re.search(r"\b(?:with|con)\s$", head) and re.search(r"\b(?:with|con)\b[^<;]{0,40}$", region[-75:])
    )


def _link(region: str, head: str, after_first: str, chain: Chain) -> str:
    """What joins a total to the parts behind it ('' when nothing does)."""
    if len(region) > 170 or _each_with(region, head):
        return ""
    tail = region[-75:]
    if re.search(rf"\b(?:{_INCLUDING})\b[^<;]{{0,40}}$", tail) or readings.partial(tail):
        return "including"
    if re.search(rf"\b(?:{_OF_WHOM})\b[^<.;]{{0,40}}$", tail) or re.match(
        rf"\s*(?:{_OF_WHOM})\b", after_first
    ):
        return "of"
    if len(chain.items) > 2 and re.fullmatch(r"[^<.;:,()]{0,50}\b(?:are|were|son|fueron|eran)\s", region):
        return "verb"
    if re.search(r"\([^()]{0,70}$", region) and not re.search(r"\)[^(]*$", region):
        return "bracket"
    if re.search(rf"\b(?:{_VERB})\b[^<.;]{{0,40}}$", tail):
        return "verb"
    if re.search(r":[^<.:;]{0,60}$", tail):
        return "colon"
    if re.search(r"(?:\s[–—-]\s|\s?—)[^<.;]{0,30}$", tail):
        return "dash"
    if re.fullmatch(r"[^<.;:]{0,70};\s[^<.;:]{0,30}", region):
        return "of"
    if re.search(
        r"(?:^|[\s(\"“])(?:out )?(?:of|from|de|entre|among)(?: (?:a|un) total (?:of|de))?(?: the| these| those| all| l[oa]s| est[oa]s| es[oa]s)?\s*$",
        head,
    ) and re.fullmatch(r"[^<.;:]{0,80},[^<.;:]{0,40}", region):
        return "of"
    if re.fullmatch(r"[^<.;:,]{0,80},\s*", region) and enumerations.closed_pair(chain.labels):
        return "apposition"
    return ""


def _from_previous(sent: Sentence, chain: Chain, previous: Sentence) -> list[Hit]:
    """'T people took part. Of these, A ... and B ...'; also 'A were women and B men'."""
    head = chain.masked[: chain.start]
    if re.search(r"<c\d+>(?: \w+)? (?:of the|de l[oa]s) [a-z]", chain.masked[chain.start :]):
        return []  # '30 are refugees, as are 42 of the boys': a base of its own
    opened = bool(_NEXT.match(head))
    if not opened and not (re.fullmatch(r"[^<]{0,25}", head) and enumerations.closed_pair(chain.labels)):
        return []
    candidates = [
        i
        for i, m in enumerate(previous.mentions)
        if m.kind == chain.kind and not m.weak and comparable(m, sent.mentions[chain.items[0]])
    ]
    if not candidates:
        return []
    if not opened:
        candidates = (
            [i for i in candidates if previous.mentions[i].kin == "person"]
            if len(candidates) > 1
            else candidates
        )
    verdicts = [_verdict(sent, chain, (previous, i), "of") for i in reversed(candidates)]
    return verdicts[0] if verdicts and all(verdicts) else []


def _verdict(sent: Sentence, chain: Chain, total: Place, link: str) -> list[Hit]:
    whole = total[0].mentions[total[1]]
    items = [i for i in chain.items if not (total[0] is sent and i == total[1])]
    labels = chain.labels[-len(items) :]
    parts = [sent.mentions[i] for i in items]
    if len(parts) < 2 or any(p.kind != whole.kind for p in parts):
        return []
    if 3 * whole.value < max(p.value for p in parts):
        return []
    fit = _fit(whole, parts, sent.lang)
    ratio = sum((p.value for p in parts), Decimal(0)) / whole.value if whole.value else Decimal(0)
    if fit == 0 or (fit == 1 and not Decimal("0.6") < ratio < Decimal("1.6")):
        return []
    if link != "after" and enumerations.overlapping(labels):
        breaches = [
            (relations.part_of(p.quantity(), whole.quantity()), i) for p, i in zip(parts, items, strict=True)
        ]
        return [Hit(b, sent, (total, (sent, i))) for b, i in breaches if b][:1]
    values = [m.value for m in sent.mentions if m.kind == whole.kind]
    if (len(values) > len(parts) and readings.balanced(values, len(parts))) or readings.accounted(values):
        return []  # another reading of the sentence holds
    if _TWICE_OVER.search(sent.text.lower()) or _per(total) or (link != "after" and _TOP.search(sent.masked)):
        return []
    if sum((p.value for p in parts), Decimal(0)) in [
        m.value for m in sent.mentions if m.kind == whole.kind and m not in parts
    ]:
        return []
    breach = relations.parts_and_total(
        whole.quantity(), [p.quantity() for p in parts], exhaustive=_exhaustive(link, labels, ratio)
    )
    if breach is None or _completed(sent, whole, parts):
        return []
    return [Hit(breach, sent, (total, *((sent, i) for i in items)))]


#: How far behind a sum, in characters, what it lacks may be told.
_BESIDE = 400


def _completed(sent: Sentence, whole: Mention, parts: Sequence[Mention]) -> bool:
    """Whether what is missing is told beside the parts, or in the sentences of the paragraph behind them."""
    missing = whole.value - sum((p.value for p in parts), Decimal(0))
    behind = sent.at + len(sent.text)
    rest = sent.block.text[behind : behind + _BESIDE]
    told = {
        n.value for n in numbers.scan(rest, sent.lang, numbers.Style(numbers.COMMA)) if n.value is not None
    }
    return missing > 0 and (
        missing in told or any(m.value == missing for m in sent.mentions if m not in parts)
    )


#: Words that say that one person may be in two parts.
_TWICE_OVER = re.compile(
    r"\b(?:both|overlap\w*|more than one|again|ambas?|ambos|las dos|los dos|más de un[oa]|de nuevo|otra vez|nuevamente)\b"
)


#: The parts that are told are only the largest.
_TOP = re.compile(
    r"\b(?:(?:most|more) (?:frequent|common|numerous|cited)|top|largest|leading|más (?:frecuentes|comunes|numeros[oa]s|citad[oa]s)|principales)\b"
)


def _per(total: Place) -> bool:
    """'18 per 1,000 births' counts no thousand births."""
    sent, index = total
    before = sent.masked.split(f"<{sent.mentions[index].kind}{index}>", 1)[0]
    return re.search(r"\b(?:per|every|each|cada|por)\s$", before) is not None


def _exhaustive(link: str, labels: tuple[str, ...], ratio: Decimal) -> bool:
    """Whether the parts are meant to be all of the total."""
    if link == "including":
        return False
    if link in ("bracket", "colon", "dash", "verb", "after", "apposition") or enumerations.closed(labels):
        return True
    return ratio >= (Decimal("0.8") if len(labels) > 2 else Decimal("0.9"))


def _fit(whole: Mention, parts: Sequence[Mention], lang: str) -> int:
    """2: the parts can add up to the whole; 1: doubtful; 0: they count other things."""
    if whole.kind == "m":
        return 2 if all(comparable(whole, p) for p in parts) else 0
    odd = [p for p in parts if p.kin and whole.kin and p.kin != whole.kin]
    if not odd:
        return 2
    if whole.noun in lexicon.GENERIC[lang] or not whole.kin:
        return 1 if any(p.kin == "person" for p in odd) else 2
    if whole.kin == "person":
        return 1 if all(len(p.noun_raw) > 3 for p in odd) else 0
    return 1


def _single(sent: Sentence) -> list[Hit]:
    """'45 of the 40 participants', '60 people, of whom 75 were women'."""
    found: list[Hit] = []
    shapes = (
        r"{cm:p}[^<.;:(),]{0,35}\b(?:out of|of|de entre|de)\s(?:the|these|those|all|its|las|los|estas|estos|esas|esos|un total de|a total of)\s?{cm:w}",
        r"{cm:p}[^<.;:()]{0,80},\s(?:out of|de un total de|de entre)\s(?:the|l[oa]s|a total of)?\s?{cm:w}",
        r"{cm:w}[^<.;:()]{0,60},\s(?:of (?:whom|which)|de (?:las|los) (?:cuales|que)|de (?:ellos|ellas|quienes)|including|incluid[oa]s|incluyendo|entre ellos|entre ellas)\s{cm:p}",
        r"{cm:w}[^<.;:()]{0,60},\s(?:and |y )?{cm:p}\s(?:\w+\s)?(?:of (?:whom|which|them|these)|de (?:ell[oa]s|l[oa]s cuales|las que|los que|quienes))\b",
    )
    for shape in shapes:
        for match in pattern(shape).finditer(sent.masked):
            part, whole = (sent.mentions[i] for i in named(match, "p", "w"))
            if comparable(part, whole) and not re.search(
                r"\b(?:more|más|menos|fewer|less|times|veces|doble|triple|double|twice)\b", match.group()
            ):
                found += hit(
                    relations.part_of(part.quantity(), whole.quantity()), sent, named(match, "w", "p")
                )
    return found
