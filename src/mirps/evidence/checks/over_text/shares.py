"""Percentages: together, and against the part and the base that a text gives beside them."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import enumerations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.enumerations import Chain
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable, hit, named, pattern

_GROWTH = re.compile(
    r"\b(?:increas\w+|rose|risen|rise|grew|grown|growth|declin\w+|decreas\w+|fell|fall|drop\w*|reduc\w+|higher|lower|more than in|aument\w+|increment\w+"
    r"|creci\w+|disminu\w+|redu\w+|descen\w+|baj[óo]\w*|sub\w+|cay\w+|menos que|más que|alza|caída|compared|respecto|frente a|variaci\w+|complete|executed|avance|ejecut\w+)\b"
)
#: A count and its percentage side by side, either way round.
_PAIRS = tuple(
    pattern(p)
    for p in (
        r"{cm:a}(?P<g>[^<.;()]{0,45})\s?\((?:[^<()]{0,25}\s)?{p:b}[^()<]{0,40}\)",
        r"{p:b}(?P<g>[^<.;()]{0,50})\s?\((?:[^<()]{0,25}\s)?{cm:a}[^()<]{0,40}\)",
        r"{cm:a}(?P<g>[^<.;()]{0,45}),?\s(?:or|o|o sea|es decir|i\.e\.|that is|equal to|equivalent to|equivalentes? a|lo que equivale a|"
        r"which is|representing|which represents?|represents?|representan?|que representan?|lo que representa|accounting for|account for|making up|"
        r"constitut\w+|constituyen|equivalen? al?|correspond\w+ (?:to|al?)),?\s(?:el |al |un |about )?{p:b}",
        r"{cm:a}(?P<g>[^<.;()]{0,45})\s[–—-]\s(?:el |un )?{p:b}",
        r"{p:b}(?P<g>[^<.;()]{0,45}),\s(?:or|o|o sea|es decir|i\.e\.|that is|equivalentes? a|namely|equal to|equivalent to),?\s(?:unas? |a total of )?{cm:a}",
    )
)
#: The base named in words beside the share: 'P% of the N', 'out of N'.
_BASE_AFTER = pattern(
    r"^(?:[^<.;:()]{0,60}?\)?\s?,?\s?)\b(?:of|out of|from among|among|de|del|sobre|sobre un total de|entre)\s(?:the|these|all|a|los|las|l[oa]s|un|una|est[oa]s)?\s?"
    r"(?:total(?: number)?(?: of| de)?\s)?(?:the |los |las )?{cm:n}"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        if not any(m.kind == "p" for m in sent.mentions):
            continue
        for chain in enumerations.chains(sent, "p"):
            found += _together(sent, chain)
        near = i and (sentences[i - 1].block is sent.block)
        found += _against_base(sent, sentences[i - 1] if near else None)
        found += _of_base(sent)
        found += _fraction(sent)
        found += _beyond(sent)
    return found


#: '61% of the women and 57% of the men': each share has a base of its own.
_OWN_GROUPS = re.compile(
    r"<p\d+> (?:of|de) (?:the |l[oa]s )?(?:women|girls|mujeres|niñas)\b[^<]*<p\d+> (?:of|de) (?:the |l[oa]s )?(?:men|boys|hombres|niños)\b|<p\d+> (?:of|de) (?:the |l[oa]s )?(?:men|boys|hombres|niños)\b[^<]*<p\d+> (?:of|de) (?:the |l[oa]s )?(?:women|girls|mujeres|niñas)\b"
)


#: Several answers a person may add up to more than the whole.
_ANSWERS = re.compile(
    r"\b(?:(?:several|multiple|more than one|various) (?:answers?|responses?|options?|choices|reasons?|replies)|respuestas? múltiples?|opciones múltiples|(?:varias|más de una) (?:respuestas?|opci\w+|raz\w+)|may overlap|pueden (?:coincidir|sumar más))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _answered(passage: str) -> bool:
    return bool(_ANSWERS.search(passage))


def _together(sent: Sentence, chain: Chain) -> list[Hit]:
    if _answered(sent.block.text):
        return []
    if re.search(
        r"\b(?:both|ambos|ambas|las dos|los dos|more than one)\b", sent.masked
    ) or _OWN_GROUPS.search(sent.masked):
        return []
    if _GROWTH.search(sent.masked) or enumerations.overlapping(chain.labels):
        return []
    masked = chain.masked[: chain.end]
    if any(
        re.search(rf"<p{i}>\s?(?:of|de|del)\s(?:the\s|l[oa]s\s|[a-z])", masked) for i in chain.items
    ) and _own_bases(sent, chain):
        return []
    if re.search(r"\brespective(?:ly|mente)\b|\bcomplet\w+|ejecu\w+", sent.masked) or _scattered(sent, chain):
        return []
    parts = [sent.mentions[i].quantity() for i in chain.items]
    said = sum((p.value for p in parts), Decimal(0))
    if _completed(sent, chain, said):
        return []
    more = _continued(sent, chain)
    if more is not None:
        parts.append(sent.mentions[more].quantity())
    exhaustive = enumerations.closed(chain.labels) or _bracketed_whole(sent, chain)
    if exhaustive and said < 60 and not enumerations.closed(chain.labels):
        exhaustive = False
    loose = not enumerations.closed(chain.labels) and not enumerations.closed_pair(chain.labels)
    if loose and (len(parts) == 2 or said > 130 or sum(p.value > 50 for p in parts) > 1):
        return []  # shares without a common question, or several answers a person, are facts of their own
    items = [*chain.items, *([more] if more is not None else [])]
    return hit(relations.shares(parts, exhaustive=exhaustive), sent, items)


def _completed(sent: Sentence, chain: Chain, said: Decimal) -> bool:
    """Whether shares told beside the chain ('other or not stated 0.2%') bring it to a hundred."""
    beside = [m for i, m in enumerate(sent.mentions) if m.kind == "p" and i not in chain.items]
    return any(abs(said + m.value - 100) <= m.step for m in beside)


def _scattered(sent: Sentence, chain: Chain) -> bool:
    """Verbs of their own between the shares ('80% attended and 75% passed') make separate facts."""
    verbs = r"\b(?:said|reported|report|attended|passed|have|had|has|received|need\w*|lack\w*|indic\w+|report\w+|tien\w+|ten[ií]a\w*|recib\w+|declar\w+|manifest\w+|señal\w+|carec\w+|cuenta\w*)\b"
    return sum(bool(re.search(verbs, label)) for label in chain.labels) >= min(2, len(chain.labels))


def _own_bases(sent: Sentence, chain: Chain) -> bool:
    """'40% of women and 70% of men': each share has its own base."""
    own = [
        re.match(
            r"(?:of|de|del)\s(?!(?:the\s|l[oa]s\s)?(?:total|participants|people|them|ellas|ellos|personas|participantes))",
            label,
        )
        for label in chain.labels
    ]
    return sum(bool(o) for o in own) >= 2


def _continued(sent: Sentence, chain: Chain) -> int | None:
    """A last share in the next breath: 'other nationalities accounted for 3.1%' is read with its own chain."""
    match = pattern(
        r"^[^<]{0,40}[;,]?\s(?:the (?:rest|remaining)|el resto|l[oa]s demás|others|otr[oa]s)\b[^<.]{0,40}{p:r}"
    ).search(chain.masked[chain.end :])
    return int(match["r"]) if match and int(match["r"]) not in chain.items else None


def _bracketed_whole(sent: Sentence, chain: Chain) -> bool:
    """'By nationality: A (50%), B (30%) and C (20%)': a breakdown announced as one."""
    head = chain.masked[: chain.start]
    words = r"\b(?:distribut\w+|breakdown|broken down|composed|composition|divided|by (?:sex|age|nationality|type|area|department)|distribu\w+|desglos\w+|compo\w+|divid\w+|por (?:sexo|edad|nacionalidad|tipo|zona|departamento)|repart\w+)\b"
    return len(chain.items) > 1 and bool(re.search(words, head))


def _against_base(sent: Sentence, previous: Sentence | None) -> list[Hit]:
    found: list[Hit] = []
    seen: set[int] = set()
    for shape in _PAIRS:
        for match in shape.finditer(sent.masked):
            a, b = int(match["a"]), int(match["b"])
            part, share = sent.mentions[a], sent.mentions[b]
            if b in seen or _GROWTH.search(sent.masked[max(0, match.start() - 60) : match.end() + 30]):
                continue
            base = _base(sent, previous, match, a, b)
            if base is None:
                continue
            seen.add(b)
            whole = base[0].mentions[base[1]]
            if whole.value < part.value or share.value > 100 or _borne_out(sent, previous, part, share):
                continue
            breach = relations.share_of(part.quantity(), whole.quantity(), share.quantity())
            if breach:
                found.append(Hit(breach, sent, (base, (sent, a), (sent, b))))
    return found


def _borne_out(sent: Sentence, previous: Sentence | None, part: Mention, share: Mention) -> bool:
    """Whether another quantity of the two sentences is the base that the share is right for."""
    known = [m for s in (sent, previous) if s is not None for m in s.mentions]
    return any(
        relations.share_of(part.quantity(), m.quantity(), share.quantity()) is None
        for m in known
        if (m.kind == part.kind or (not part.noun and {m.kind, part.kind} == {"c", "m"}))
        and m.value > part.value
    )


def _base(sent: Sentence, previous: Sentence | None, match: re.Match[str], a: int, b: int) -> Place | None:
    """The count that the share is of: named after it, before the part in its sentence, or just before."""
    part = sent.mentions[a]
    after = _BASE_AFTER.match(sent.masked[match.end() :])
    inside = _BASE_AFTER.match(match["g"]) if match["g"] else None
    if after and not inside and comparable(part, sent.mentions[int(after["n"])]):
        return sent, int(after["n"])
    head = sent.masked[: match.start()]
    candidates = [
        i
        for i, m in enumerate(sent.mentions)
        if i < min(a, b) and m.kind == part.kind and not m.weak and _base_like(m, part)
    ]
    framed = [
        i
        for i in candidates
        if re.search(
            rf"\b(?:of|out of|de|del total de|entre)\s(?:the |these |all |l[oa]s |est[oa]s |un total de |a total of )?<[cm]{i}>",
            head,
        )
    ]
    linked = re.search(
        r"\b(?:of (?:whom|which|them|these)|de (?:l[oa]s (?:cuales|que)|ell[oa]s|quienes|est[oa]s)|including|incluid[oa]s|incluyendo)\b[^.]*$|[:(][^.]*$",
        head,
    )
    if framed:
        return sent, framed[0]
    if candidates and (linked or part.kin == sent.mentions[candidates[0]].kin or not part.kin):
        return sent, candidates[0]
    return _earlier_base(sent, previous, part) if previous is not None and not candidates else None


def _earlier_base(sent: Sentence, previous: Sentence, part: Mention) -> Place | None:
    """The one count of the sentence before, when 'of these' points back to it."""
    pointing = r"\b(?:of (?:whom|which|them|these|those)|de (?:ell[oa]s|est[oa]s|l[oa]s cuales)|del total|of the total)\b"
    earlier = [
        i
        for i, m in enumerate(previous.mentions)
        if m.kind == part.kind and not m.weak and _base_like(m, part)
    ]
    return (previous, earlier[0]) if len(earlier) == 1 and re.search(pointing, sent.masked) else None


def _base_like(m: Mention, part: Mention) -> bool:
    return m.value >= part.value and comparable(m, part)


_OF_BASE = tuple(
    pattern(p)
    for p in (
        # 46% of the 250 participants, that is 115 / (115)
        r"{p:s}\s(?:of|de)\s(?:the|these|all|los|las|l[oa]s|est[oa]s|its|sus)?\s?(?:total of |total de )?{cm:n}(?P<g>[^<.;()]{0,60}?)(?:\(|,\s(?:or|that is|i\.e\.|namely|es decir|o sea|"
        r"equivalent to|equivalentes? a|lo que equivale a|which is|amounting to|a total of|esto es)[,:]?\s|\s[–—-]\s(?:that is,? |es decir,? )?|\s(?:equals?|equivalen? a|is|are|son|represents?)\s)(?:[a-z ]{0,12})?{cm:p}",
        # 115 of the 250 participants (46%) / , or 46%
        r"{cm:p}(?P<g>[^<.;()]{0,40}?)\s(?:out of|of|de)\s(?:the|these|all|los|las|l[oa]s|est[oa]s|un total de|a total of|its|sus|every)?\s?{cm:n}[^<.;()]{0,50}?(?:\(|,\s(?:or|that is|i\.e\.|es decir|o sea|equivalent to|"
        r"representing|equivalentes? al?|lo que equivale al?|which is|lo que representa|representan|el|un|o)\s(?:el |un |al )?|\s[–—-]\s(?:el |un )?|\s(?:represents?|representan?|equivalen? al?|is|are|son)\s(?:el |un )?){p:s}",
        # 1.39% of 25,161: the 350
        r"{cm:n}[^<.;()]{0,60},\s(?:of (?:whom|which)\s)?{p:s}\s?(?:of (?:whom|which)\s)?[^<.;()]{0,50}\((?:[a-z ]{0,15})?{cm:p}\)",
    )
)


def _of_base(sent: Sentence) -> list[Hit]:
    found: list[Hit] = []
    for shape in _OF_BASE:
        for match in shape.finditer(sent.masked):
            part, base, share = (sent.mentions[i] for i in named(match, "p", "n", "s"))
            if not comparable(part, base) or part.value > base.value or _GROWTH.search(match.group()):
                continue
            found += hit(
                relations.share_of(part.quantity(), base.quantity(), share.quantity()),
                sent,
                named(match, "n", "p", "s"),
            )
    return found


def _fraction(sent: Sentence) -> list[Hit]:
    """'A third (33%)', 'three in five, or 60%': a share said twice."""
    found: list[Hit] = []
    shape = pattern(
        r"{p:a}[^<.;()]{0,45}?(?:\(|,\s(?:or|o|that is|es decir|i\.e\.|o sea|el)\s(?:el |un )?){p:b}(?P<z>[^<.;]{0,12})"
    )
    for match in shape.finditer(sent.masked):
        first, again = (sent.mentions[i] for i in named(match, "a", "b"))
        if first.step == Decimal("2.5") and re.match(r"\s?[),]|$", match["z"] or ""):
            found += hit(relations.restated(first.quantity(), again.quantity()), sent, named(match, "a", "b"))
    return found


def _beyond(sent: Sentence) -> list[Hit]:
    """'120% of the participants were women': no share is above the whole."""
    found: list[Hit] = []
    shape = pattern(
        r"{p:a}\s(?:of|de|del)\s(?:the|all|l[oa]s|sus|their|total)\s?[^<.;]{0,50}\b(?:are|were|have|had|was|is|son|eran|fueron|es|fue|han|correspond\w+|recib\w+)\b"
    )
    for match in shape.finditer(sent.masked):
        share = sent.mentions[int(match["a"])]
        if share.value > 100 and not _GROWTH.search(sent.masked):
            breach = relations.Breach(
                "shares_exceed_whole", relations.CONTRADICTION, relations.plain(share.value), "100",
                {"parts": relations.plain(share.value), "sum": relations.plain(share.value)},
            )  # fmt: skip
            found += hit(breach, sent, named(match, "a"))
    return found
