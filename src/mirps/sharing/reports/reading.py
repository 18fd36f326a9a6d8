"""Reading a report's files: report.yaml and one CommonMark file a section and language.

CommonMark 0.31 by markdown-it-py, with two additions in a line, `[[figure-id]]` and
`[name: …]`, and fenced blocks whose name is a directive and whose content is YAML.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Directive,
    Heading,
    Inline,
    Line,
    Paragraph,
    Section,
    Text,
)

DIRECTIVES = ("figures", "chart", "map", "table", "sources", "findings")
FORMS = ("", "bare", "abs", "words")
_BIND = re.compile(r"\[\[([\w.$-]+)(?:\|(\w+))?\]\]")
_NAME = re.compile(r"\[name:\s*([^\]]+)\]")
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


class ReportFault(ValueError):
    """A report's file that cannot be read. `key` and `values` name a text of the catalogue."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key}: {values}")
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    original: str  # the language the section was written in
    runs_on: bool = False  # on paper, follows the section before it without a new page
    opener: bool = False  # opens as a chapter: its title and first key figures in one band


@dataclass(frozen=True, slots=True)
class Plan:
    """What report.yaml says."""

    code: str
    folder: Path
    title: dict[str, str]
    subtitle: dict[str, str]
    author: dict[str, str]
    round: str
    kind: str
    formats: tuple[str, ...]
    published: date
    parts: tuple[Part, ...]
    per_state: bool = False
    max_pages: int = 0
    note: dict[str, str] = field(default_factory=dict)  # under whose presidency, on the cover

    def path(self, part: str, lang: str) -> Path:
        return self.folder / lang / f"{part}.md"


def read_plan(folder: Path) -> Plan:
    """Read report.yaml. Raises ReportFault naming the file and the field."""
    try:
        text = (folder / "report.yaml").read_text(encoding="utf-8")
    except (ValueError, OSError) as e:
        raise ReportFault("reports.fault.plan", file=f"{folder.name}/report.yaml", detail=str(e)) from e
    return _plan(folder, text)


@lru_cache(maxsize=100)
def _plan(folder: Path, text: str) -> Plan:
    name = f"{folder.name}/report.yaml"
    try:
        raw: dict[str, Any] = yaml.safe_load(text)
        return Plan(
            code=folder.name,
            folder=folder,
            title=_both(raw, "title"),
            subtitle=_both(raw, "subtitle"),
            author=_both(raw, "author"),
            round=str(raw["round"]),
            kind=raw["kind"],
            formats=tuple(raw["formats"]),
            published=raw["published"],
            parts=tuple(
                Part(p["code"], p["original"], bool(p.get("runs_on")), bool(p.get("opener")))
                for p in raw["sections"]
            ),
            per_state=bool(raw.get("per_state", False)),
            max_pages=int(raw.get("max_pages", 0)),
            note=_both(raw, "note") if "note" in raw else {},
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as e:
        raise ReportFault("reports.fault.plan", file=name, detail=str(e)) from e


def _both(raw: dict[str, Any], field: str) -> dict[str, str]:
    value = raw[field]
    return {"es": value["es"], "en": value["en"]}


def read_section(plan: Plan, part: Part, lang: str, filled: dict[str, str] | None = None) -> Section:
    """One section in one language. `filled` replaces `{{name}}` (the State of a brief)."""
    path = plan.path(part.code, lang)
    name = f"{plan.code}/{lang}/{part.code}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise ReportFault("reports.fault.section", file=name, detail=str(e)) from e
    return _section(text, name, part, tuple((filled or {}).items()))


@lru_cache(maxsize=1_000)
def _section(text: str, name: str, part: Part, filled: tuple[tuple[str, str], ...]) -> Section:
    """A text is read for its proof and for each form of the report; its words decide what it says."""
    front, body = split_front(text, name)
    seen = fingerprint(body)
    for key, value in filled:
        body = body.replace("{{" + key + "}}", value)
    blocks = _of_state(tuple(parse(body, name)), dict(filled).get("state", ""))
    if not blocks or not isinstance(blocks[0], Heading) or blocks[0].level != 1:
        raise ReportFault("reports.fault.no_title", file=name)
    return Section(
        code=part.code,
        title=plain(blocks[0].line),
        blocks=blocks[1:],
        file=name,
        fingerprint=seen,
        translated_from=str(front.get("translated_from", "")),
        runs_on=part.runs_on,
        opener=part.opener,
    )


_STATE = re.compile(r"[A-Z]{3}")


def _of_state(blocks: tuple[Block, ...], state: str) -> tuple[Block, ...]:
    """What a section says of one State: a heading that is a State's code opens that State's own words."""
    if not state:
        return blocks
    out: list[Block] = []
    mine = True
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2 and _STATE.fullmatch(plain(block.line)):
            mine = plain(block.line) == state
        elif mine:
            out.append(block)
    return tuple(out)


def split_front(text: str, name: str = "") -> tuple[dict[str, Any], str]:
    """Front matter and body; the body keeps its line numbers."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    try:
        front = yaml.safe_load(found.group(1)) or {}
    except yaml.YAMLError as e:
        raise ReportFault("reports.fault.front", file=name, detail=str(e)) from e
    return front, "\n" * found.group(0).count("\n") + text[found.end() :]


def fingerprint(body: str) -> str:
    """A short hash of a text, by which its translation knows that it changed."""
    return hashlib.sha256("\n".join(body.split()).encode()).hexdigest()[:12]


def plain(line: Line) -> str:
    return "".join(p.words if not isinstance(p, Bind) else "" for p in line)


def _bind_rule(state: StateInline, silent: bool) -> bool:
    found = _BIND.match(state.src, state.pos)
    kind = "bind"
    if not found:
        found, kind = _NAME.match(state.src, state.pos), "name"
    if not found:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.content = found.group(1)
        token.info = (found.group(2) or "") if kind == "bind" else ""
    state.pos = found.end()
    return True


_md = MarkdownIt("commonmark", {"typographer": False})
_md.inline.ruler.before("link", "bind", _bind_rule)


def parse(body: str, name: str) -> Iterator[Block]:
    """The blocks of a text. Raises ReportFault for what a report does not use."""
    tokens = _md.parse(body)
    i = 0
    while i < len(tokens):
        token = tokens[i]
        at = (token.map[0] + 1) if token.map else 0
        if token.type == "heading_open":
            yield Heading(int(token.tag[1]), inline(tokens[i + 1], at), at=at)
            i += 3
        elif token.type == "paragraph_open":
            yield Paragraph(inline(tokens[i + 1], at), at=at)
            i += 3
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            end = _close(tokens, i)
            yield Bullets(tuple(_items(tokens[i + 1 : end])), token.type.startswith("o"), at=at)
            i = end + 1
        elif token.type == "fence" and token.info.strip() in DIRECTIVES:
            yield Directive(token.info.strip(), _options(token, name, at), at=at)
            i += 1
        else:
            raise ReportFault("reports.fault.markup", file=name, line=at, what=token.type)


def _close(tokens: Sequence[Token], start: int) -> int:
    return next(
        i
        for i in range(start + 1, len(tokens))
        if tokens[i].nesting < 0 and tokens[i].level == tokens[start].level
    )


def _items(tokens: Sequence[Token]) -> Iterator[Line]:
    for token in tokens:
        if token.type == "inline":
            yield inline(token, (token.map[0] + 1) if token.map else 0)


def _options(token: Token, name: str, at: int) -> dict[str, object]:
    try:
        found = yaml.safe_load(token.content) or {}
        if not isinstance(found, dict):
            raise TypeError("key: value")
    except (yaml.YAMLError, TypeError) as e:
        raise ReportFault("reports.fault.directive", file=name, line=at, detail=str(e)) from e
    return found


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
    tokens = _md.parseInline(text)
    return inline(tokens[0], at) if tokens else ()
