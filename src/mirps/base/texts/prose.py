"""Reading the Markdown that reports and the sections of a round are written in. Pure.

CommonMark 0.31 by markdown-it-py, with two additions in a line, `[[figure-id]]` and `[name: …]`, and
fenced blocks whose name is a directive and whose content is YAML. What a text says is read into a small
tree; HTML is never passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

DIRECTIVES = ("figures", "chart", "map", "table", "sources", "findings")
#: How a bound figure may be written: with its qualifier, without, without its sign either.
FORMS = ("", "bare", "abs", "words")
BIND = re.compile(r"\[\[([\w.$-]+)(?:\|(\w+))?\]\]")
_NAME = re.compile(r"\[name:\s*([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Text:
    words: str
    strong: bool = False
    em: bool = False
    href: str = ""
    name: bool = False  # marked as a name: its digits are no figure


@dataclass(frozen=True, slots=True)
class Bind:
    """`[[figure-id]]` or `[[figure-id|form]]`, as the prose holds it."""

    figure: str
    form: str = ""
    strong: bool = False
    em: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """A bound figure in words. `note` is its number in the list of sources."""

    figure: str
    words: str
    note: int
    strong: bool = False
    em: bool = False


Inline = Text | Bind | Number
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 is the section's own title
    line: Line
    anchor: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    at: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]
    ordered: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class Directive:
    """A fenced block: what it is (`chart`, `table` ...) and its YAML."""

    kind: str
    options: dict[str, object] = field(default_factory=dict)
    at: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A block that texts of ours do not use (`what`: its CommonMark name), or a directive whose YAML
    cannot be read (`detail` says why)."""

    what: str
    at: int = 0
    detail: str = ""


Prose = Heading | Paragraph | Bullets | Directive | Unread


def _bind_rule(state: StateInline, silent: bool) -> bool:
    found = BIND.match(state.src, state.pos)
    kind = "bind"
    if not found:
        found, kind = _NAME.match(state.src, state.pos), "name"
    if not found:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.content = found.group(1)
        token.info = (found.group(2) or "") if kind == "bind" else ""
        token.markup = found.group()
    state.pos = found.end()
    return True


_md = MarkdownIt("commonmark", {"typographer": False})
_md.inline.ruler.before("link", "bind", _bind_rule)


def tokens(body: str) -> list[Token]:
    """The CommonMark tokens of a text, with `bind` and `name` among those of a line."""
    return _md.parse(body)


def parse(body: str) -> Iterator[Prose]:
    """The blocks of a text, in order."""
    found = tokens(body)
    i = 0
    while i < len(found):
        token = found[i]
        at = (token.map[0] + 1) if token.map else 0
        end = _close(found, i) if token.nesting > 0 else i
        if token.type == "heading_open":
            yield Heading(int(token.tag[1]), inline(found[i + 1], at), at=at)
        elif token.type == "paragraph_open":
            yield Paragraph(inline(found[i + 1], at), at=at)
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            yield Bullets(tuple(_items(found[i + 1 : end])), token.type.startswith("o"), at=at)
        elif token.type == "fence" and token.info.strip() in DIRECTIVES:
            yield _directive(token, at)
        else:
            yield Unread(token.type, at)
        i = end + 1


def _close(found: Sequence[Token], start: int) -> int:
    return next(
        i
        for i in range(start + 1, len(found))
        if found[i].nesting < 0 and found[i].level == found[start].level
    )


def _items(found: Sequence[Token]) -> Iterator[Line]:
    for token in found:
        if token.type == "inline":
            yield inline(token, (token.map[0] + 1) if token.map else 0)


def _directive(token: Token, at: int) -> Directive | Unread:
    kind = token.info.strip()
    try:
        found = yaml.safe_load(token.content) or {}
        if not isinstance(found, dict):
            raise TypeError("key: value")
    except (yaml.YAMLError, TypeError) as e:
        return Unread(kind, at, str(e))
    return Directive(kind, found, at=at)


def inline(token: Token, at: int) -> Line:
    """A line of text and figures from an inline token that begins on line `at`."""
    out: list[Inline] = []
    strong = em = False
    href = ""
    for child in token.children or []:
        match child.type:
            case "strong_open" | "strong_close":
                strong = child.type.endswith("open")
            case "em_open" | "em_close":
                em = child.type.endswith("open")
            case "link_open":
                href = str(child.attrs.get("href", ""))
            case "link_close":
                href = ""
            case "softbreak" | "hardbreak":
                at += 1
                out.append(Text(" ", strong, em, href))
            case "bind":
                out.append(Bind(child.content, child.info, strong, em, at))
            case "name":
                out.append(Text(child.content, strong, em, href, name=True))
            case _:
                if child.content:
                    out.append(Text(child.content, strong, em, href))
    return tuple(out)


@lru_cache(maxsize=10_000)
def inline_text(text: str, at: int) -> Line:
    """A short text of a directive (a cell, a label) read as a line."""
    found = _md.parseInline(text)
    return inline(found[0], at) if found else ()
