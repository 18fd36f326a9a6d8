"""From paragraphs to sentences with their quantities and dates: what the relations work on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from mirps.evidence.checks.reading import dates, mentions, numbers
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.mentions import Mention


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or table row of a document, with its place in it.

    `lines`: where in the text each further place begins, as (offset in characters, locator), in order.
    """

    text: str
    locator: str
    bullet: bool = False
    table: tuple[tuple[str, ...], ...] = ()
    lines: tuple[tuple[int, str], ...] = ()

    def locator_at(self, offset: int) -> str:
        """The place of a character of the text."""
        return next((place for start, place in reversed(self.lines) if start <= offset), self.locator)


@dataclass(frozen=True, slots=True)
class Claim:
    """One quantitative statement, as the report of a check gives it."""

    id: str
    text: str
    value: Decimal
    unit: str
    qualifier: str
    locator: str


@dataclass(slots=True)
class Sentence:
    """A sentence whose quantities stand as <c0>, <p1> ... and whose dates as <d0>, <r1> ... in `masked`."""

    text: str
    lang: str
    block: Block
    number: int
    mentions: list[Mention] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    masked: str = ""
    claims: list[str] = field(default_factory=list)
    at: int = 0  # where it begins in the text of its block
    memo: dict[int, object] = field(default_factory=dict)  # what rules have read about its mentions

    @property
    def locator(self) -> str:
        return self.block.locator_at(self.at)


_ABBREVIATIONS = (
    r"(?:b/|mr|mrs|ms|dr|dra|sr|sra|h\.e|e\.g|i\.e|etc|no|núm|num|art|vs|st|approx|aprox|p\.ej|ee\.uu|u\.s|lps|inc|"
    r"fig|vol|pp|pág|ca|cf|lic|ing|jan|feb|mar|apr|jun|jul|aug|sept|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun|lun|mié|jue|vie|sáb|dom|\b[a-z])"
)
_END = re.compile(r"[.!?…][\"”’)\]]*[¹²³⁴⁵⁶⁷⁸⁹⁰]*\s+(?=[\"“‘(\[¿¡*]*[A-ZÁÉÍÓÚÑÜ\d])")
_NOT_END = re.compile(rf"(?:^|[\s(]){_ABBREVIATIONS}\.$", re.IGNORECASE)


def split_sentences(text: str) -> list[str]:
    """Sentences of a paragraph; abbreviations, initials and decimals do not end one."""
    parts: list[str] = []
    start = 0
    for match in _END.finditer(text):
        upto = text[max(start, match.start() - 11) : match.start() + 1]
        if text[match.start()] == "." and _NOT_END.search(upto):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [piece for p in parts if p for piece in _bounded(p)]


#: No sentence is longer than this: what is, is a list or an attack, and is read in pieces.
MAX_SENTENCE = 1800


def _bounded(text: str) -> list[str]:
    pieces: list[str] = []
    while len(text) > MAX_SENTENCE:
        cut = max(text.rfind(mark, 0, MAX_SENTENCE) for mark in ("; ", ", ", " "))
        cut = cut if cut > MAX_SENTENCE // 2 else MAX_SENTENCE
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]


def read(blocks: Sequence[Block], lang: str) -> tuple[list[Sentence], numbers.Style]:
    """All sentences of a document that hold a quantity or a date, in order."""
    raws = [m.group() for b in blocks for m in numbers.raw_numbers(b.text)]
    style = numbers.detect_style(raws, lang)
    found: list[Sentence] = []
    known: dict[str, Sentence] = {}
    for n, block in enumerate(blocks):
        boxed = n + 1 < len(blocks) and bool(_CAPITALS.match(blocks[n + 1].text))
        at = 0
        for text in split_sentences(block.text) if not block.table else ():
            at = block.text.index(text, at)
            if at == 0 and not boxed and _LABEL.fullmatch(text):
                found.append(Sentence(text, lang, block, len(found), masked=text))
            else:
                made = known.get(text)
                if made is None:
                    made = known[text] = sentence(text, lang, block, len(found), style)
                else:
                    made = replace(made, block=block, number=len(found), claims=[], memo={})
                made.at = at
                found.append(made)
            at += len(text)
    return found, style


#: The label of an indicator box, under its number: 511 / NUMBER OF PERSONS recognised.
_CAPITALS = re.compile(r"\W*[A-ZÁÉÍÓÚÑ]{2,}\W+[A-ZÁÉÍÓÚÑ]{2,}")

#: What opens a paragraph and counts nothing: the number of a page, the numeral of a list item.
_LABEL = re.compile(r"\d{1,4}|\(?\d{1,3}[.)]-?")


#: Marks of notes: '247,090[149]'.
_NOTES = re.compile(r"(?<=\S)(?:\[\d{1,3}\])+")


def sentence(text: str, lang: str, block: Block, number: int, style: numbers.Style) -> Sentence:
    text = _NOTES.sub("", text.replace("<", " ").replace(">", " "))
    made = Sentence(text, lang, block, number)
    if not re.search(r"\d", text) and len(text) > 2000:
        made.masked = text.lower()
        return made
    made.dates = dates.scan(text, lang, partial(mentions.is_year, lang))
    made.mentions, made.unread = mentions.scan(text, lang, style, made.dates)
    made.masked = _mask(made)
    return made


_DATE_MARKS = {"day": "d", "month": "h", "year": "y", "days": "r", "months": "r", "years": "r"}


def _mask(made: Sentence) -> str:
    spans = [(m.begin, m.end, f"<{m.kind}{i}>") for i, m in enumerate(made.mentions)]
    spans += [(d.start, d.end, f"<{_DATE_MARKS[d.kind]}{i}>") for i, d in enumerate(made.dates)]
    pieces: list[str] = []
    at = 0
    for start, end, mark in sorted(spans):
        if start < at:  # a qualifier that reaches into the span before it
            start = at
        pieces += [made.text[at:start], mark]
        at = max(end, at)
    pieces.append(made.text[at:])
    return "".join(pieces).lower()


def claims(sentences: Iterable[Sentence]) -> list[Claim]:
    """Number the mentions of all sentences as claims c1, c2 ... and note them in each sentence."""
    made: list[Claim] = []
    for sent in sentences:
        sent.claims = []
        for mention in sent.mentions:
            name = f"c{len(made) + 1}"
            sent.claims.append(name)
            text = snippet(sent.text, mention.begin, mention.end)
            unit = mention.unit or "number"
            made.append(Claim(name, text, mention.value, unit, str(mention.qualifier), sent.locator))
    return made


def snippet(text: str, start: int, end: int, room: int = 60) -> str:
    """The words around a place, cut at spaces."""
    left, right = max(0, start - room), min(len(text), end + room)
    cut = text[left:right]
    if left:
        cut = "… " + cut[cut.find(" ") + 1 :] if " " in cut[: start - left] else cut
    if right < len(text) and " " in cut:
        cut = cut[: cut.rfind(" ")] + " …"
    return cut.strip()
