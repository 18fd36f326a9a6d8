"""Many parts of a plan written at once: one a line, indented under what they belong to. Pure.

    Mejores datos | Better data
      [action] Encuesta | Survey | 2025-06 | HND.INE

A line is: level in brackets (or the usual one for its depth), title in Spanish, in English, date by which
it is due, codes of the institutions responsible parted by `;`. All but one title may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from mirps.planning.plans.rules import LEVELS, MOST_DEPTH, NEXT

_LINE = re.compile(r"(?P<indent>[ \t]*)(?:[-*•]\s+)?(?:\[(?P<level>[^\]]*)\]\s*)?(?P<rest>.*)\Z")
_WHEN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
MOST_LINES = 500
MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A part to be made. `above` is the number of the line that it stands under; 0: where all are put."""

    line: int
    above: int
    level: str
    es: str
    en: str
    due: str = ""
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    line: int
    key: str
    found: str = ""


@dataclass(frozen=True)
class Outline:
    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...] = field(default=())


def parsed(
    text: str,
    under: str,
    *,
    institutions: Collection[str],
    words: dict[str, str] | None = None,
    depth: int = 0,
) -> Outline:
    """`under` is the level of what they are put under ("" for the plan), `words` other names of levels
    (acción -> action), `depth` how deep that stands."""
    lines: list[Line] = []
    wrong: list[Wrong] = []
    open_: list[tuple[int, Line]] = []  # indent and line of what stands above, outermost first
    given = [(n, raw) for n, raw in enumerate(text.expandtabs(4).splitlines(), start=1) if raw.strip()]
    if len(given) > MOST_LINES:
        return Outline((), (Wrong(given[MOST_LINES][0], "plans.outline.many", str(len(given))),))
    for n, raw in given:
        m = _LINE.match(raw)
        assert m is not None
        indent = len(m["indent"])
        while open_ and open_[-1][0] >= indent:
            open_.pop()
        above = open_[-1][1] if open_ else None
        made, faults = _line(n, above, above.level if above else under, m, institutions, words or {})
        if depth + len(open_) + 1 > MOST_DEPTH:
            faults.append(Wrong(n, "plans.outline.deep", str(MOST_DEPTH)))
        wrong += faults
        lines.append(made)
        open_.append((indent, made))
    return Outline(tuple(lines), tuple(wrong))


def _line(
    n: int,
    above: Line | None,
    level_above: str,
    m: re.Match[str],
    institutions: Collection[str],
    words: dict[str, str],
) -> tuple[Line, list[Wrong]]:
    wrong: list[Wrong] = []
    level = NEXT[level_above]
    if m["level"] is not None:
        said = m["level"].strip().casefold()
        level = words.get(said, said)
        if level not in LEVELS:
            wrong.append(Wrong(n, "plans.outline.level", m["level"].strip()[:40]))
            level = NEXT[level_above]
    parts = [p.strip() for p in m["rest"].split("|")]
    if len(parts) > 4:
        wrong.append(Wrong(n, "plans.outline.parts", str(len(parts))))
    es, en, due, codes = [*parts, "", "", "", ""][:4]
    if not (es or en):
        wrong.append(Wrong(n, "plans.outline.untitled"))
    if max(len(es), len(en)) > MOST_TITLE:
        wrong.append(Wrong(n, "plans.outline.long", str(MOST_TITLE)))
    if due and not _dated(due):
        wrong.append(Wrong(n, "plans.outline.due", due[:40]))
    who = tuple(dict.fromkeys(c.strip() for c in codes.split(";") if c.strip()))
    wrong += [Wrong(n, "plans.outline.institution", c[:40]) for c in who if c not in institutions]
    return Line(n, above.line if above else 0, level, es, en, due, who), wrong


def _dated(text: str) -> bool:
    from datetime import date

    if not _WHEN.match(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return 1900 <= int(text[:4]) < 2200
