"""Reading a report's files: report.yaml and one CommonMark file a section and language.

The texts' Markdown is that of `base.texts.prose`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from mirps.base.refusal import Refusal
from mirps.base.texts import prose
from mirps.base.texts.prose import DIRECTIVES, FORMS, inline_text
from mirps.sharing.reports.tree import Bind, Block, Heading, Line, Section

__all__ = [
    "DIRECTIVES", "FORMS", "Part", "Plan", "ReportFault", "fingerprint", "inline_text", "parse", "plain",
    "read_plan", "read_section", "split_front",
]  # fmt: skip
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


class ReportFault(Refusal):
    """A report's file that cannot be read. `key` and `values` name a text of the catalogue."""


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    original: str  # the language the section was written in
    runs_on: bool = False  # on paper, follows the section before it without a new page
    opener: bool = False  # opens as a chapter: its title and first key figures in one band
    story: int = 0  # tells of people, who agreed to it: the section of the round that it is


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
    follows: bool = False  # a corrected figure is named by its latest statement
    without: dict[str, dict[str, str]] = field(default_factory=dict)  # State -> why a round goes without it

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
            code=str(raw.get("code") or folder.name),
            folder=folder,
            title=_both(raw, "title"),
            subtitle=_both(raw, "subtitle"),
            author=_both(raw, "author"),
            round=str(raw["round"]),
            kind=raw["kind"],
            formats=tuple(raw["formats"]),
            published=raw["published"],
            parts=tuple(
                Part(
                    p["code"],
                    p["original"],
                    bool(p.get("runs_on")),
                    bool(p.get("opener")),
                    int(p.get("story") or 0),
                )
                for p in raw["sections"]
            ),
            per_state=bool(raw.get("per_state", False)),
            max_pages=int(raw.get("max_pages", 0)),
            note=_both(raw, "note") if "note" in raw else {},
            follows=bool(raw.get("follows", False)),
            without=dict(raw.get("without") or {}),
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


def parse(body: str, name: str) -> Iterator[Block]:
    """The blocks of a text. Raises ReportFault for what a report does not use."""
    for block in prose.parse(body):
        if not isinstance(block, prose.Unread):
            yield block
        elif block.detail:
            raise ReportFault("reports.fault.directive", file=name, line=block.at, detail=block.detail)
        else:
            raise ReportFault("reports.fault.markup", file=name, line=block.at, what=block.what)
