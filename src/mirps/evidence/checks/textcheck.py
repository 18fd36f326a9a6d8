"""The checker over a text: claims, the relations between them, and the findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mirps.evidence.checks.messages import message
from mirps.evidence.checks.over_text import (
    again,
    amounts,
    apart,
    balances,
    begun,
    bounded_shares,
    bounds,
    changes,
    charity,
    conversions,
    courses,
    deltas,
    echoes,
    elapsed,
    limits,
    lists,
    means,
    named_groups,
    orders,
    passage_lists,
    passage_products,
    passage_shares,
    passage_sums,
    passage_totals,
    products,
    proportions,
    ratios,
    readings,
    recalls,
    remainders,
    restated,
    running,
    series,
    shares,
    spells,
    sums,
    tables,
    tallies,
    thresholds,
    times,
    trends,
    wholes,
)
from mirps.evidence.checks.reading import claims, numbers, spans
from mirps.evidence.checks.reading.claims import Block, Claim, Sentence
from mirps.evidence.checks.reading.patterns import Hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach

#: A sentence with more quantities than this is a table in disguise: its claims are read, not related.
MAX_MENTIONS = 40
#: One with more than this is a list: related within itself, not with its neighbours.
MAX_PROSE = 12
#: A sentence told more often than this in one paragraph says nothing new.
SAME = 2
#: A paragraph has no more sentences than this; what stands behind is only related within itself.
PARAGRAPH = 200
_WORDS = re.compile(r"[^\W\d_]|%")
_WITHIN = (sums, balances, shares, changes, lists, products, times, spans, elapsed, series)
_ACROSS = (
    restated,
    bounds,
    conversions,
    again,
    apart,
    recalls,
    remainders,
    trends,
    passage_lists,
    passage_products,
    passage_shares,
    passage_sums,
    passage_totals,
    proportions,
    readings,
    courses,
    orders,
    echoes,
    wholes,
    means,
    spells,
    limits,
    tallies,
    thresholds,
    deltas,
    running,
    begun,
    named_groups,
    amounts,
    ratios,
    bounded_shares,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction (or doubt) in a document, explained in both languages."""

    kind: str
    severity: str
    claims: tuple[str, ...]
    stated: str
    expected: str
    locator: str
    message: dict[str, str]
    text: str = ""


@dataclass(slots=True)
class Checked:
    sentences: list[Sentence]
    claims: list[Claim]
    findings: list[Finding] = field(default_factory=list)


_SPANISH = re.compile(
    r"\b(?:el|la|los|las|de|del|que|en|por|con|para|una|un|se|y|fueron|personas|al|su|entre)\b", re.IGNORECASE
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|to|for|were|was|with|by|is|are|a|people|from|that|between|on)\b", re.IGNORECASE
)


def detect_language(text: str) -> str:
    """'es' or 'en', by the small words of either; a tie is read as Spanish."""
    sample = text[:20000]
    return "en" if len(_ENGLISH.findall(sample)) > len(_SPANISH.findall(sample)) else "es"


#: Two bare quantities side by side are columns of a table, not prose.
_COLUMNS = re.compile(r"<c\d+> <c\d+>")


def _printed(sent: Sentence) -> bool:
    """A cell or label of a printed page: columns side by side, or words without an end."""
    if _COLUMNS.search(sent.masked):
        return True
    paged = sent.locator.startswith("page ") and not sent.block.bullet
    return paged and re.search(r"[.:;!?][\"”’)\]¹²³]*\s*$", sent.text) is None


def check_blocks(blocks: Sequence[Block], lang: str) -> Checked:
    """Every claim of a document and every relation that does not hold. `lang`: 'es' or 'en'."""
    blocks = _expand(blocks)
    sentences, _style = claims.read(blocks, lang)
    done = Checked(sentences, claims.claims(sentences))
    sound = _sound(sentences)
    prose = _prose(sound)
    hits = [h for rule in _WITHIN for h in rule.check(sound)]
    hits += [h for rule in _ACROSS for h in rule.check(prose)]
    done.findings = [*_styles(sentences), *findings(charity.kept(hits, sound))]
    return done


def _sound(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that are related: prose, not tables, and no more than twice the same in a paragraph."""
    told: Counter[tuple[int, str]] = Counter()
    made: list[Sentence] = []
    for s in sentences:
        if (
            s.unread
            or len(s.mentions) > MAX_MENTIONS
            or not (s.dates or _WORDS.search(s.text))
            or _printed(s)
        ):
            continue
        told[id(s.block), s.text] += 1
        if told[id(s.block), s.text] <= SAME:
            made.append(s)
    return made


def _prose(sound: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that are related to their neighbours: no lists, and paragraphs as people write them."""
    told: Counter[int] = Counter()
    made: list[Sentence] = []
    for s in sound:
        told[id(s.block)] += 1
        if len(s.mentions) <= MAX_PROSE and told[id(s.block)] <= PARAGRAPH:
            made.append(s)
    return made


def _expand(blocks: Sequence[Block]) -> list[Block]:
    return [made for block in blocks for made in (tables.expand(block) if block.table else [block])]


def findings(hits: Sequence[Hit]) -> list[Finding]:
    """Hits in reading order, each set of claims reported once, by the first rule that found it."""
    made: list[Finding] = []
    keys: set[frozenset[str]] = set()
    told: dict[str, set[str]] = {}
    for h in hits:
        names = tuple(s.claims[i] for s, i in h.places)
        key = frozenset(names)
        if key and (key in keys or key & told.get(h.breach.kind, set())):
            continue
        keys.add(key)
        told.setdefault(h.breach.kind, set()).update(key)
        b = h.breach
        made.append(
            Finding(
                b.kind, b.severity, names, b.stated, b.expected, h.sentence.locator, message(b), _quote(h)
            )
        )
    return made


def _quote(h: Hit) -> str:
    own = [h.sentence.mentions[i] for s, i in h.places if s is h.sentence]
    if not own:
        return claims.snippet(h.sentence.text, 0, min(len(h.sentence.text), 80))
    return claims.snippet(h.sentence.text, min(m.begin for m in own), max(m.end for m in own), 40)


def _said_both_ways(sent: Sentence, raw: str) -> bool:
    """'1,250.75, printed elsewhere as 1.250,75': read in its own style it is a value of the sentence."""
    read = numbers.read_digits(raw, numbers.lean(raw)[0]) if re.fullmatch(r"[\d.,'’\s]+", raw) else None
    return read is not None and any(m.value == read[0] for m in sent.mentions)


def _styles(sentences: Sequence[Sentence]) -> list[Finding]:
    made: list[Finding] = []
    for sent in sentences:
        for raw in [r for r in sent.unread if not _said_both_ways(sent, r)][:1]:
            b = Breach("number_style", CONTRADICTION, raw, "", {"number": raw})
            made.append(
                Finding(
                    b.kind,
                    b.severity,
                    (),
                    raw,
                    "",
                    sent.locator,
                    message(b),
                    claims.snippet(sent.text, 0, 80),
                )
            )
    return made[:20]
