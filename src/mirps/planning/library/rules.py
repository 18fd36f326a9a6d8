"""The newsletter: proposed from what happened, and proved before anybody reads it. Pure.

A newsletter is Markdown in both languages, as reports are (base.texts.prose). A number stands in it only
as a figure of the ledger, `[[figure]]`, or within a name: `[name: Forum of 2023]`, or the title by which a page
of ours is linked. Dates and years are free.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mirps.base.texts.literals import BOUND, literals
from mirps.base.texts.prose import Bind, Bullets, Heading, Line, Paragraph, Prose, Text, parse
from mirps.planning.records.values import Fault

LANGUAGES = ("es", "en")
#: Of each kind of record, so many are named; the others are for whoever edits to add.
MOST_NAMED = 8
#: Blocks that a newsletter may hold.
_BLOCKS = (Heading, Paragraph, Bullets)
_ESCAPED = r"\\\1"
_MARKS = re.compile(r"([\\`*_\[\]<>])")


@dataclass(frozen=True, slots=True)
class Item:
    """Something to tell. `sort`: entry, figures, erratum, or the kind of a record; `title` and `text` by language
    (`text`: paragraphs that are taken over whole); `fresh`: it was not in force before."""

    sort: str
    title: Mapping[str, str]
    at: datetime
    link: Mapping[str, str]
    text: Mapping[str, str] | None = None
    figure: str = ""  # of an erratum: the figure that now stands
    fresh: bool = True


#: Words of the catalogue: (key, language, values) -> text.
Say = Callable[..., str]


def proposed(items: Iterable[Item], order: Sequence[str], say: Say) -> dict[str, str]:
    """A text in each language: what was published, then what changed kind by kind (in `order`), then what
    was corrected. Empty where nothing happened."""
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda i: i.at, reverse=True):
        groups.setdefault(item.sort, []).append(item)
    kinds = [k for k in order if k in groups]
    out = {}
    for lang in LANGUAGES:
        parts = [_entry(i, lang) for i in groups.get("entry", ())]
        if documents := groups.get("figures"):
            lines = [f"- {_linked(i, lang)}" for i in documents]
            parts.append("\n".join([f"## {say('newsletter.figures', lang)}", "", *lines]))
        for kind in kinds:
            parts.append(_kind(kind, groups[kind], lang, say))
        if errata := groups.get("erratum"):
            lines = [f"- {_linked(i, lang)}: [[{i.figure}]]" for i in errata]
            parts.append("\n".join([f"## {say('newsletter.errata', lang)}", "", *lines]))
        out[lang] = "\n\n".join(parts)
    return out


def _entry(item: Item, lang: str) -> str:
    text = (item.text or {}).get(lang, "")
    return f"## {named(item.title[lang])}\n\n{text}".strip()


def _kind(kind: str, items: Sequence[Item], lang: str, say: Say) -> str:
    heading = say(f"kind.{kind}.many", lang)
    lines = [f"## {heading[:1].upper()}{heading[1:]}", ""]
    for fresh in (True, False):
        mine = [i for i in items if i.fresh is fresh]
        if mine:
            lines += [say(f"newsletter.{'new' if fresh else 'changed'}", lang), ""]
            lines += [f"- {_linked(i, lang)}" for i in mine[:MOST_NAMED]]
            if len(mine) > MOST_NAMED:
                lines.append(f"- {say('newsletter.and-more', lang)}")
            lines.append("")
    return "\n".join(lines).strip()


def _linked(item: Item, lang: str) -> str:
    return f"[{_MARKS.sub(_ESCAPED, item.title[lang])}]({item.link[lang]})"


def named(title: str) -> str:
    """A title as it may stand in the text: its digits, if it has any, are part of a name."""
    if any(c.isdigit() for c in title):
        return f"[name: {title.replace('[', '(').replace(']', ')')}]"
    return _MARKS.sub(_ESCAPED, title)


def bound(text: str) -> list[str]:
    """The figures that a text names, in order."""
    return [part.figure for line in _lines(text) for part in line if isinstance(part, Bind)]


def faults(data: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with a newsletter whatever the ledger holds: blocks that it may not hold, numbers that
    no figure stands behind, languages that do not carry the same figures, days that are the wrong way round."""
    found = []
    for field in ("title", "lead", "text"):
        for lang in LANGUAGES:
            text = (data.get(field) or {}).get(lang, "")
            if field == "text" and any(not isinstance(b, _BLOCKS) for b in parse(text)):
                found.append(Fault(f"{field}.{lang}", "newsletter.fault.form"))
            if typed := [n for line in _lines(text) for n in literals(_plain(line), lang)]:
                found.append(
                    Fault(f"{field}.{lang}", "newsletter.fault.literal", {"numbers": ", ".join(typed[:5])})
                )
    text = data.get("text") or {}
    if sorted(bound(text.get("es", ""))) != sorted(bound(text.get("en", ""))):
        found.append(Fault("text.en", "newsletter.fault.languages"))
    if str(data.get("since", "")) > str(data.get("until", "")):
        found.append(Fault("until", "newsletter.fault.days"))
    return found


def _lines(text: str) -> list[Line]:
    return [line for block in parse(text) for line in lines_of(block)]


def lines_of(block: Prose) -> tuple[Line, ...]:
    """The lines of a block that a newsletter may hold."""
    if isinstance(block, (Heading, Paragraph)):
        return (block.line,)
    return block.items if isinstance(block, Bullets) else ()


def _plain(line: Line) -> str:
    """A line as its numbers are looked for: figures as one sign; names left out, and what a link to a page
    of ours is called, which is a name too."""
    out = []
    for part in line:
        if isinstance(part, Text):
            out.append(" " if part.name or part.href.startswith("/") else part.words)
        else:
            out.append(BOUND)
    return "".join(out)


def next_since(untils: Iterable[str], first: date) -> date:
    """The day from which the next newsletter tells: the last one's end (for what came later that day), or
    `first` where there is none."""
    last = max((u for u in untils if u), default="")
    return date.fromisoformat(last) if last else first
