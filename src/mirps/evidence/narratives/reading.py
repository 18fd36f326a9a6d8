"""Reading a section's text: numbers without a figure and where they stand, figures it names, what a
report cannot print. Pure.

What counts as an unbound number is decided by `base.texts.literals` alone, as in reports; here it is told
where in the text as typed each one stands.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from mirps.base.texts import prose
from mirps.base.texts.literals import BOUND, literals
from mirps.base.texts.prose import Bind, Bullets, Heading, Line, Paragraph, Prose, Text, Unread

#: Characters that nobody sees and that change how a text reads: control characters, and marks that turn
#: the direction of writing. What parts lines becomes a line break.
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_ENTITY = re.compile(r"&(?:#\w+|\w+);")
_BRACKETS = re.compile(r"\[\[|\]\]")
_STATE = re.compile(r"[A-Z]{3}")
_WORD = re.compile(r"\w", re.UNICODE)


def clean(text: str) -> str:
    """The text as it is kept: composed (NFC), `\\n` between lines, nothing unseen in it, no blank end."""
    seen = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", seen).rstrip()


@dataclass(frozen=True, slots=True)
class Spot:
    """Something in a text: `start` and `end` count characters from 0, `line` and `column` from 1."""

    words: str
    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of prose as it is read (marks gone), and where each of its characters was typed."""

    text: str
    at: tuple[int, ...]


def rows(text: str) -> Iterator[Row]:
    """The lines of prose of a text, in order. A bound figure is `BOUND`; marked names are left out."""
    typed = text.split("\n")
    begins = [0]
    for line in typed:
        begins.append(begins[-1] + len(line) + 1)
    for token in prose.tokens(text):
        if token.type == "inline" and token.map:
            yield _row(token, _typed_at(token, typed, begins))


def _typed_at(token: Token, typed: Sequence[str], begins: Sequence[int]) -> list[int]:
    """Where each character of a token's content was typed."""
    out: list[int] = []
    first = token.map[0] if token.map else 0
    for n, part in enumerate(token.content.split("\n")):
        line = typed[first + n] if first + n < len(typed) else ""
        bare = line.rstrip()
        if line.endswith(part):
            start = len(line) - len(part)
        elif bare.endswith(part.rstrip()):
            start = len(bare) - len(part.rstrip())
        else:
            start = max(line.find(part), 0)
        begin = begins[min(first + n, len(begins) - 1)] + start
        out += range(begin, begin + len(part) + 1)
    return out


def _row(token: Token, at: Sequence[int]) -> Row:
    content, cursor = token.content, 0
    chars: list[str] = []
    places: list[int] = []

    def put(char: str, where: int) -> None:
        chars.append(char)
        places.append(at[min(where, len(at) - 1)])

    for child in token.children or []:
        if child.type in ("bind", "name"):
            found = content.find(child.markup, cursor)
            if child.type == "bind":
                put(BOUND, found)
            cursor = found + len(child.markup)
        elif child.type in ("softbreak", "hardbreak"):
            found = content.find("\n", cursor)
            put(" ", found)
            cursor = found + 1
        elif child.type == "link_close":
            if content.startswith("](", cursor):
                cursor = max(content.find(")", cursor), cursor)
        elif child.content:
            cursor = _follow(child.content, content, cursor, put)
    return Row("".join(chars), tuple(places))


def _follow(words: str, content: str, cursor: int, put: Callable[[str, int], None]) -> int:
    """Find the words of a child from `cursor` on, put each character; where the next child begins."""
    found = content.find(words, cursor)
    if found >= 0:
        for n, char in enumerate(words):
            put(char, found + n)
        return found + len(words)
    for char in words:  # some were typed as `\*` or `&amp;`
        ahead = cursor
        while ahead < len(content) and content[ahead] != char:
            entity = _ENTITY.match(content, ahead)
            if entity and html.unescape(entity.group()) == char:
                break
            ahead += 1
        if ahead == len(content):
            put(char, cursor)
            continue
        put(char, ahead)
        entity = _ENTITY.match(content, ahead) if content[ahead] == "&" and char != "&" else None
        cursor = entity.end() if entity else ahead + 1
    return cursor


def unbound(text: str, lang: str) -> list[Spot]:
    """The numbers that no figure stands behind, where they were typed."""
    found, begins = [], _begins(text)
    for row in rows(text):
        cursor = 0
        for word in literals(row.text, lang):
            start = row.text.find(word, cursor)
            if start < 0:
                start = row.text.find(word)
            cursor = start + len(word)
            found.append(_spot(begins, word, row.at[start], row.at[cursor - 1] + 1))
    return found


def _begins(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(m.end() for m in re.finditer("\n", text))]


def _spot(begins: Sequence[int], words: str, start: int, end: int) -> Spot:
    line = bisect_right(begins, start)
    return Spot(words, start, end, line, start - begins[line - 1] + 1)


def stray_brackets(text: str) -> list[Spot]:
    """`[[` and `]]` that name no figure: one that was left open, or holds what is no figure's id."""
    bare = prose.BIND.sub(lambda m: " " * len(m.group()), text)
    begins = _begins(text)
    return [_spot(begins, m.group(), m.start(), m.end()) for m in _BRACKETS.finditer(bare)]


def blocks(text: str) -> list[Prose]:
    return list(prose.parse(text))


def lines_of(block: Prose) -> list[Line]:
    match block:
        case Heading(_, line) | Paragraph(line):
            return [line]
        case Bullets(items):
            return list(items)
        case _:
            return []


def bound(text: str) -> list[Bind]:
    """The figures that a text names, in reading order."""
    return [p for b in blocks(text) for line in lines_of(b) for p in line if isinstance(p, Bind)]


def words(text: str) -> int:
    """How many words a reader reads. A figure is one."""
    return sum(bool(_WORD.search(w)) or BOUND in w for row in rows(text) for w in row.text.split())


@dataclass(frozen=True, slots=True)
class Unfit:
    """Something that a report cannot print, and its line. `what`: block, title, state, form."""

    what: str
    line: int
    found: str = ""


def unfit(text: str) -> list[Unfit]:
    """What of a text a report cannot print: tables, pictures, HTML, quotations, a title of its own."""
    out = []
    for block in blocks(text):
        if isinstance(block, Unread | prose.Directive):
            out.append(Unfit("block", block.at, block.what if isinstance(block, Unread) else block.kind))
        elif isinstance(block, Heading) and block.level == 1:
            out.append(Unfit("title", block.at))
        elif isinstance(block, Heading) and _STATE.fullmatch(_plain(block.line)):
            # A heading that is a State's code parts the States' words from each other (docs/reports.md).
            out.append(Unfit("state", block.at, _plain(block.line)))
        for line in lines_of(block):
            out += [
                Unfit("form", p.line, p.form)
                for p in line
                if isinstance(p, Bind) and p.form not in prose.FORMS
            ]
    return out


def _plain(line: Line) -> str:
    return "".join(p.words for p in line if isinstance(p, Text))


@dataclass(frozen=True, slots=True)
class Apart:
    """The first place where the two languages do not carry the same: `block` from 1, and what each has."""

    block: int
    es: str
    en: str
    figures: bool  # the figures differ; else the kinds of blocks


def apart(es: str, en: str) -> Apart | None:
    """Where two languages part, as reports compare them: block by block, with the same figures in each."""
    one, other = blocks(es), blocks(en)
    for n in range(max(len(one), len(other))):
        a = _kind(one[n]) if n < len(one) else ""
        b = _kind(other[n]) if n < len(other) else ""
        if a != b:
            return Apart(n + 1, a, b, False)
        mine, theirs = _named(one[n]), _named(other[n])
        if mine != theirs:
            return Apart(n + 1, ", ".join(_less(mine, theirs)), ", ".join(_less(theirs, mine)), True)
    return None


def _named(block: Prose) -> list[str]:
    return sorted(p.figure for line in lines_of(block) for p in line if isinstance(p, Bind))


def _less(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    rest = list(theirs)
    out = []
    for id_ in mine:
        if id_ in rest:
            rest.remove(id_)
        else:
            out.append(id_)
    return out


def _kind(block: Prose) -> str:
    match block:
        case Heading(level):
            return f"heading-{level}"
        case Bullets(items):
            return f"list-{len(items)}"
        case Paragraph():
            return "paragraph"
        case _:
            return "other"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a line as a preview shows it: `kind` is text, number (without a figure) or figure."""

    kind: str
    words: str
    strong: bool = False
    em: bool = False
    href: str = ""
    form: str = ""  # of a figure; `words` is its id


def marked(line: Line, lang: str) -> list[Part]:
    """A line with its unbound numbers apart."""
    said = [BOUND if isinstance(p, Bind) else "" if _named_words(p) else _words_of(p) for p in line]
    whole, spans, cursor = "".join(said), [], 0
    for word in literals(whole, lang):
        start = max(whole.find(word, cursor), 0)
        cursor = start + len(word)
        spans.append((start, cursor))
    out: list[Part] = []
    begin = 0
    for part, own in zip(line, said, strict=True):
        if isinstance(part, Bind):
            out.append(Part("figure", part.figure, part.strong, part.em, form=part.form))
        elif isinstance(part, Text):
            runs = [("text", part.words)] if part.name else _runs(own, begin, spans)
            out += [Part(kind, words, part.strong, part.em, part.href) for kind, words in runs]
        begin += len(own)
    return out


def _named_words(part: object) -> bool:
    return isinstance(part, Text) and part.name


def _words_of(part: object) -> str:
    return part.words if isinstance(part, Text) else ""


def _runs(words: str, begin: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """The words of a part in turns, text and number, where `spans` of the whole line say so."""
    at = 0
    for start, end in spans:
        a, b = max(start - begin, 0), min(end - begin, len(words))
        if a < b:
            if a > at:
                yield "text", words[at:a]
            yield "number", words[a:b]
            at = b
    if at < len(words):
        yield "text", words[at:]
