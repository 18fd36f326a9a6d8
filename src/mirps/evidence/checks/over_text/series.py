"""Totals that run on: what is counted since a beginning cannot fall."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.patterns import Hit, Place, comparable

_RUNNING = re.compile(
    r"\b(?:cumulative\w*|running total|year.to.date|accumulat\w+|to date|so far|since (?:the|its|it|<[dhyr]\d+>|\w+ began)|grand total since|all.time|"
    r"acumul\w+|hasta la fecha|desde (?:el inicio|su inicio|su creación|la apertura|que|el comienzo|<[dhyr]\d+>)|en lo que (?:va|iba)|total histórico|conteo desde|se llevaban?|llevaba)(?!\w)"
)
_STANDING = re.compile(
    r"\b(?:as of|by|al|a|hasta)\b[^<;]{0,12}<[dh]\d+>[^;]{0,70}\b(?:in total|in all|en total|total de|running)\b"
)
#: Words that put a value earlier than its neighbour, whatever the order of telling.
_EARLIER = re.compile(
    r"\b(?:had already|a (?:month|week|year) ago|earlier|previously|had been|after (?:the )?minister|ya|había\w*|hace (?:un|dos|tres)|antes|iba del?|en lo que iba)\b"
)
#: 'In 2023 it paid 3,900': what one period alone brought.
_WITHIN = re.compile(r"\b(?:in|during|en|durante)\s<[hy]\d+>(?![^;.]*\b(?:total|had|había\w*)\b)")
_STEPS = ("first|primer\\w*", "second|segund\\w*", "third|tercer\\w*", "fourth|cuart\\w*", "fifth|quint\\w*")


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        window = [sent]
        if i and sentences[i - 1].block is sent.block and not _items([sent], sent)[1:]:
            window = [sentences[i - 1], sent]
        found += _falls(window)
    return found


def _items(window: Sequence[Sentence], last: Sentence) -> list[Place]:
    places = [(s, i) for s in window for i, m in enumerate(s.mentions) if m.kind in "cmp" and not m.weak]
    if not places:
        return []
    head = places[-1][0].mentions[places[-1][1]]
    same = [(s, i) for s, i in places if s.mentions[i].kind == head.kind and comparable(s.mentions[i], head)]
    return same if same and same[-1][0] is last else []


def _falls(window: Sequence[Sentence]) -> list[Hit]:
    text = " ".join(s.masked for s in window)
    if not (_RUNNING.search(text) or _STANDING.search(text)):
        return []
    if re.search(
        r"\b(?:of (?:whom|which|these|them)|de (?:ell[oa]s|l[oa]s cuales)|new|nuev[oa]s|per|por mes|target|meta|goal|revised|correct\w+|corrig\w+|revis\w+|depur\w+|net|net[oa]s)\b",
        text,
    ):
        return []
    items = _items(window, window[-1])
    if not 2 <= len(items) <= 6:
        return []
    if any(not _RUNNING.search(p[0].masked) and _WITHIN.search(_clause(p)) for p in items):
        return []
    ordered = _ordered(items)
    if ordered is None:
        return []
    breach = relations.cumulative([s.mentions[i].quantity() for s, i in ordered])
    return [Hit(breach, window[-1], tuple(ordered))] if breach else []


def _clause(place: Place) -> str:
    """The words that belong to one value: up to the values beside it, or a semicolon."""
    sent, index = place
    mark = f"<{sent.mentions[index].kind}{index}>"
    left, right = sent.masked.split(mark, 1)
    return re.split(r"<[cmp]\d+>|;", left)[-1] + mark + re.split(r"<[cmp]\d+>|;", right)[0]


def _ordered(items: Sequence[Place]) -> list[Place] | None:
    """The values by time: by their dates, by 'first ... second', or by 'a month ago' against now."""
    dates = [_date(p) for p in items]
    if all(d is not None for d in dates):
        keys = [_key(d) for d in dates if d is not None]
        if any(re.search(r"\b(?:alone|only|solo|sólo|solamente)\b", _clause(p)) for p in items):
            return None
        if len(set(keys)) == len(keys):
            years = {k[0] == 0 for k in keys}
            return (
                [p for _, p in sorted(zip(keys, items, strict=True), key=lambda x: x[0])]
                if len(years) == 1
                else None
            )
    steps = [
        next((n for n, words in enumerate(_STEPS) if re.search(rf"\b(?:{words})\b", _clause(p))), None)
        for p in items
    ]
    if (
        all(s is not None for s in steps)
        and steps == sorted(steps, key=lambda s: s or 0)
        and len(set(steps)) == len(steps)
    ):
        return list(items)
    if len(items) == 2:
        early = [bool(_EARLIER.search(_clause(p))) for p in items]
        if early[1] and not early[0]:
            return [items[1], items[0]]
        if early[0] and not early[1]:
            return list(items)
    return None


def _date(place: Place) -> Dated | None:
    """The date nearest to a value within its clause; 'since 2019' is a beginning, not its date."""
    sent, index = place
    mark = f"<{sent.mentions[index].kind}{index}>"
    left, _, right = _clause(place).partition(mark)
    behind = re.split(r"[,;]|\b(?:and|y|e)\b", right)[0]
    before = re.split(r"[;]|\b(?:and|y|e)\b", left)[-1]
    for part, nearest in ((behind, 0), (before, -1), (right, 0)):
        marks = [
            int(m.group(1))
            for m in re.finditer(r"<[dhyr](\d+)>", part)
            if not re.search(r"\b(?:since|desde|from)\s(?:el\s)?$", part[: m.start()])
        ]
        if marks:
            return sent.dates[marks[nearest]]
    return None


def _key(dated: Dated) -> tuple[int, int, int]:
    return (dated.last.year or 0, dated.last.month or 0, dated.last.day or 0)
