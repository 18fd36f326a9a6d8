"""The planner's answer on one page of paper: tagged PDF, in the reader's language."""

from __future__ import annotations

import re

from mirps.base.paper.api import compile_pdf, quote
from mirps.base.texts.api import day
from mirps.web.pages import backlog_words as words
from mirps.web.pages.backlog_words import Asked

_LAYOUT = """
#set document(title: {title}, author: "MIRPS")
#set page(paper: "a4", margin: (x: 2cm, y: 1.6cm))
#set text(font: "Noto Sans", size: 8.5pt, lang: {lang}, fill: rgb("#1b2430"))
#set par(leading: .55em)
#let deep = rgb("#0b3554")
#let thread = rgb("#c98a1b")
#text(size: 10pt, weight: "bold", fill: deep, "MIRPS") #h(1fr) #text(size: 8pt, {made})
#line(length: 100%, stroke: 1.5pt + thread)
#heading(level: 1, text(size: 17pt, fill: deep, {title}))
@said@
#align(center, image(bytes({svg}), format: "svg", width: 78%, alt: {alt}))
#text(size: 8pt, {about})
#table(columns: (1.5fr, 2fr, 1fr, 2fr, 2fr), stroke: (x: none, y: .5pt + luma(190)), inset: 4pt,
  table.header(@head@), @cells@)
#text(size: 8pt, {how})
#heading(level: 2, text(size: 11pt, fill: deep, {whence}))
#text(size: 8pt)[
@sources@]
#v(1fr)
#text(size: 8pt, {caution}) \\
#text(size: 8pt, {model}) \\
#text(size: 7pt, link({address}, {shown}))
"""
_COLUMNS = ("name", "cleared", "capacity", "at_end", "wait")
#: What the page of paper has room for of a long address.
MOST_ADDRESS = 110


def pdf(asked: Asked, address: str) -> bytes:
    """One page: the answer, the drawing, the plans side by side, and what is published of its numbers."""
    said = "".join(f"- #{quote(line)}\n" for line in words.headline(asked))
    head = ", ".join(f"[*#{quote(x)}*]" for x in _head(asked))
    cells = ", ".join(f"[#{quote(row[c])}]" for row in words.rows(asked) for c in _COLUMNS)
    values = {
        "title": f"{asked.say('title')}: {words.state_name(asked)}", "lang": asked.lang,
        "made": day(asked.reader.now.date(), asked.reader.locale), "svg": words.drawing(asked, 640, link=False),
        "alt": asked.say("chart.title", n=asked.years), "about": asked.say("chart.about", runs=words.RUNS),
        "how": asked.say("table.how"), "whence": asked.say("whence.title"), "caution": asked.say("caution"),
        "model": asked.say("demo"), "address": address,
        "shown": address if len(address) <= MOST_ADDRESS else address[: MOST_ADDRESS - 1] + "…",
    }  # fmt: skip
    made = {"said": said, "head": head, "cells": cells, "sources": _sources(asked)}
    # In one pass: what stands in a text is never read as a place to be filled.
    source = re.sub(r"\{(\w+)\}|@(\w+)@", lambda m: quote(values[m[1]]) if m[1] else made[m[2]], _LAYOUT)
    return compile_pdf(source, at=asked.reader.now)


def _head(asked: Asked) -> list[str]:
    return [
        asked.say("table.plan"), asked.say("table.cleared"), asked.say("table.capacity"),
        asked.say("table.at-end", n=asked.years), asked.say("table.wait"),
    ]  # fmt: skip


def _sources(asked: Asked) -> str:
    """What stands in a document or follows from it, then each figure once, with its document and place."""
    out = ""
    figures: dict[str, dict[str, str]] = {}
    for one in words.sources(asked):
        if one["figures"]:
            line = " ".join(filter(None, (f"{one['name']}: {one['value']}.", one["why"])))
            out += f"- #{quote(line)}\n"
            figures |= {f["id"]: f for f in one["figures"]}
    places = "; ".join(
        f"{f['value']}: {f['document']}, {f['heading']}, {f['paragraph']} ({id_})"
        for id_, f in figures.items()
    )
    return out + (f"- #{quote(places)}\n" if places else "")
