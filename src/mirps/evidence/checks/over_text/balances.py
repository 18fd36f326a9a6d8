"""Totals that grow or shrink in a sentence: 'bringing the total to 19', 'leaving 40 open'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.patterns import Hit, comparable, hit, named, pattern


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        before = sentences[i - 1] if i else None
        near = before is not None and (
            before.block is sent.block or (before.number + 1 == sent.number and not sent.block.bullet)
        )
        found += _grown(sent, before if near else None)
        found += _left(sent)
    return found


_MORE = r"(?:more|additional|further|new|other|another|others|más|adicionales|nuev[oa]s|otr[oa]s)"
_BRINGING = pattern(
    r"(?:bringing|brings|brought|taking|takes|raising|raises|pushing|elevando|eleva|elevó|llevando|lleva|llevó|con lo que|con lo cual|alcanzando|para llegar a|so that|which makes|sumando|making)"
    r"\s[^<.;]{0,50}?\btotal\b[^<.;]{0,40}?{cm:t}"
)


def _grown(sent: Sentence, previous: Sentence | None) -> list[Hit]:
    """'Nine in 2023 ... ten more, bringing the total to 19'."""
    match = _BRINGING.search(sent.masked)
    if not match:
        return []
    total = int(match["t"])
    before = [
        (sent, i) for i, m in enumerate(sent.mentions) if i < total and m.kind == sent.mentions[total].kind
    ]
    if len(before) == 1 and previous is not None:
        before = [
            (previous, i) for i, m in enumerate(previous.mentions) if m.kind == sent.mentions[total].kind
        ][-1:] + before
    if len(before) != 2 or any(not comparable(s.mentions[i], sent.mentions[total]) for s, i in before):
        return []
    added = sent.masked[: match.start()]
    if not re.search(
        rf"{_MORE}\s?<|<[cm]\d+>\s(?:\w+\s)?{_MORE}\b|\b(?:added|add|joined|joins?|sum\w+|incorpor\w+|agreg\w+|uni\w+)\b",
        added,
    ):
        return []
    parts = [s.mentions[i].quantity() for s, i in before]
    breach = relations.parts_and_total(sent.mentions[total].quantity(), parts, exhaustive=True)
    return [Hit(breach, sent, ((sent, total), *before))] if breach else []


_LEFT = pattern(
    r"{cm:a}{gap}{cm:b}{gap}(?:leaving|which leaves|leaves|so(?: that)?|quedando|quedan|quedaron|dejando|con lo que quedan|por lo que quedan|lo que deja|restan)"
    r"\s[^<.;]{0,40}?{cm:c}(?P<after>[^<.;]{0,60})"
)


def _left(sent: Sentence) -> list[Hit]:
    """'Of 100 cases, 60 were closed, leaving 40 open'."""
    found: list[Hit] = []
    for match in _LEFT.finditer(sent.masked):
        whole, gone, left = (sent.mentions[i] for i in named(match, "a", "b", "c"))
        text = match.group()
        if not re.search(r"leav|qued|dej|restan", text) and not re.search(r"\b(?:remain|left|still)", text):
            continue
        values = [m.value for m in sent.mentions if m.kind == whole.kind]
        if comparable(whole, gone) and comparable(whole, left) and not readings.accounted(values):
            breach = relations.parts_and_total(
                whole.quantity(), [gone.quantity(), left.quantity()], exhaustive=True
            )
            found += hit(breach, sent, named(match, "a", "b", "c"))
    return found
