"""Directives: what a fenced block of a section asks for, and the block that it becomes.

    figures   cards of key figures        figures: {id: label} or select: {...}
    chart     kind: bars | columns | stacked | shares | line; figures, or series: {name: {id: label}}
    map       figures: {id: label}: a State or a place each
    table     figures: {id: label}, or head and rows whose cells hold [[id]]; or select; or pairs: {id: id of the
              round before}, with `now` and `last` naming the rounds, and changed: {id: why they cannot be compared}
    findings  the contradictions and how they were answered; select: {state: …}
    sources   where the list of sources stands

`select` takes round, institution, state, document, sector, measure, population, dimensions, unit, measures
(a list, in order of preference), totals (only figures without dimensions), once (one figure a measure) and limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mirps.base.codelists import api as lists
from mirps.base.texts.api import say
from mirps.evidence.figures.api import Book, Figure
from mirps.sharing.reports import pictures, wording
from mirps.sharing.reports.binding import Binder
from mirps.sharing.reports.reading import inline_text
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Card,
    Cards,
    Contradictions,
    Directive,
    Grid,
    Heading,
    Line,
    Paragraph,
    Section,
    SourceList,
    Text,
)

_BOOK_KEYS = ("measure", "state", "population", "dimensions", "document", "sector")


def bind(section: Section, binder: Binder) -> Section:
    """A section with its numbers, charts, maps and tables made."""
    blocks: list[Block] = []
    binder.file = section.file
    for block in section.blocks:
        match block:
            case Directive():
                if (made := resolve(block, binder)) is not None:
                    blocks.append(made)
            case Paragraph(line, at):
                blocks.append(Paragraph(binder.line(line), at))
            case Bullets(items, ordered, at):
                blocks.append(Bullets(tuple(binder.line(i) for i in items), ordered, at))
            case Heading(level, line, _, at):
                blocks.append(Heading(level, binder.line(line), anchor(binder, section.code, line), at))
            case _:
                blocks.append(block)
    return replace(section, blocks=tuple(blocks))


def anchor(binder: Binder, code: str, line: Line) -> str:
    """An address inside the page, from a heading's words, unique in the report."""
    words = "".join(p.words for p in line if isinstance(p, Text)).lower()
    base = f"{code}-" + "-".join("".join(c if c.isalnum() else " " for c in words).split()[:6])
    name, n = base, 2
    while name in binder.anchors:
        name, n = f"{base}-{n}", n + 1
    binder.anchors.add(name)
    return name


def latest(section: Section, book: Book) -> Section:
    """The section with each figure under the id of its latest statement."""
    return replace(section, blocks=tuple(_latest(b, book) for b in section.blocks))


def _latest(block: Block, book: Book) -> Block:
    match block:
        case Directive():
            return replace(block, options={k: _renamed(v, book) for k, v in block.options.items()})
        case Heading(line=line) | Paragraph(line=line):
            return replace(block, line=_line(line, book))
        case Bullets(items):
            return replace(block, items=tuple(_line(i, book) for i in items))
        case _:
            return block


def _line(line: Line, book: Book) -> Line:
    return tuple(replace(p, figure=book.latest(p.figure)) if isinstance(p, Bind) else p for p in line)


def _renamed(value: object, book: Book) -> object:
    if isinstance(value, dict):
        return {_renamed(k, book): _renamed(v, book) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, book) for v in value]
    return book.latest(value) if isinstance(value, str) else value


def resolve(directive: Directive, binder: Binder) -> Block | None:
    """The block that a directive becomes, with its numbers. None when its `select` finds no figure."""
    o = directive.options
    if isinstance(o.get("select"), dict) and directive.kind != "findings" and not labelled(o, binder.book):
        return None
    match directive.kind:
        case "figures":
            return Cards(
                tuple(_card(id_, label, binder) for id_, label in labelled(o, binder.book)), _title(o)
            )
        case "chart" | "map":
            return pictures.draw(directive, _named_groups(o, binder), binder)
        case "table":
            return _table(directive, binder)
        case "findings":
            told = binder.findings(binder, o) if binder.findings else Contradictions(())
            return told if told.items else Paragraph((Text(say("reports.finding.none", binder.lang)),))
        case _:
            return SourceList(_title(o) or say("reports.sources", binder.lang))


def named(directive: Directive, book: Book) -> list[str]:
    """The figures that a directive prints, in reading order."""
    o = directive.options
    out = [id_ for group in groups(o, book).values() for id_ in group]
    out += [id_ for id_ in _labels(o.get("pairs")).values() if id_]
    for cell in _cells(o):
        out += [p.figure for p in inline_text(cell, directive.at) if isinstance(p, Bind)]
    return out


def texts(directive: Directive) -> Iterator[str]:
    """Every word of a directive that a reader sees."""
    o = directive.options
    for key in ("title", "note", "first", "now", "last"):
        if isinstance(o.get(key), str):
            yield str(o[key])
    yield from _labels(o.get("changed")).values()
    yield from _cells(o)
    series = o.get("series")
    if isinstance(series, dict):
        yield from (str(name) for name in series)
    for group in [o.get("figures"), *(series.values() if isinstance(series, dict) else ())]:
        if isinstance(group, dict):
            yield from (str(label) for label in group.values() if label)


def _cells(o: Mapping[str, object]) -> Iterator[str]:
    for cell in _list(o.get("head")):
        yield str(cell)
    for row in _list(o.get("rows")):
        yield from (str(cell) for cell in _list(row))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def groups(o: Mapping[str, object], book: Book) -> dict[str, dict[str, str]]:
    """Series name -> figure id -> label, from `figures`, `series` and `select`."""
    series = o.get("series")
    if isinstance(series, dict):
        return {str(name): _labels(group) for name, group in series.items()}
    out = _labels(o.get("figures")) | dict.fromkeys(_labels(o.get("pairs")), "")
    if isinstance(o.get("select"), dict):
        out |= {f.id: "" for f in select(o["select"], book)}  # type: ignore[arg-type]
    return {"": out} if out else {}


def labelled(o: Mapping[str, object], book: Book) -> list[tuple[str, str]]:
    return [pair for group in groups(o, book).values() for pair in group.items()]


def _labels(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(k): str(v or "") for k, v in value.items()}
    return {str(k): "" for k in _list(value)}


def select(wanted: Mapping[str, object], book: Book) -> list[Figure]:
    """Published figures that match, by sector and id, or in the order of `measures`."""
    asked = repr(wanted)  # a directive is read for its proof and for its drawing, table and sources
    if asked not in book.chosen:
        book.chosen[asked] = _selected(wanted, book)
    return list(book.chosen[asked])


def _selected(wanted: Mapping[str, object], book: Book) -> list[Figure]:
    matching = book.select(**{k: str(wanted[k]) for k in _BOOK_KEYS if k in wanted})
    found = [e.figure for e in matching if "round" not in wanted or e.round == str(wanted["round"])]
    if "institution" in wanted:
        found = [f for f in found if f.source == wanted["institution"]]
    measures = [str(m) for m in _list(wanted.get("measures"))]
    if measures:
        found = [f for f in found if f.measure in measures]
    elif "measure" not in wanted:
        found = [f for f in found if f.sector != "stories"]
    if "unit" in wanted:
        found = [f for f in found if f.unit == wanted["unit"]]
    if wanted.get("totals"):
        found = [f for f in found if not f.dimensions and not f.place and f.value is not None]
    sectors = list(lists.sectors())

    def order(f: Figure) -> tuple[int, str]:
        by = measures.index(f.measure) if measures else sectors.index(f.sector) if f.sector in sectors else 99
        return by, f.id

    found.sort(key=order)
    if wanted.get("once"):
        best: dict[str, Figure] = {}
        for f in found:
            if f.measure not in best or _weight(f) > _weight(best[f.measure]):
                best[f.measure] = f
        found = sorted(best.values(), key=order)
    limit = wanted.get("limit")
    return found[: int(str(limit))] if limit else found


def _weight(f: Figure) -> tuple[bool, bool, str]:
    """Which figure of a measure speaks for it: a count before a share, a total before a part, the latest."""
    counted = (
        lists.units()[f.unit].extra["kind"] not in {"share", "change"} if f.unit in lists.units() else True
    )
    return counted, not f.dimensions, str(f.when or "")


def label_of(figure: Figure | None, binder: Binder, *, short: bool = False) -> str:
    """What a figure counts, for a row or a bar that the section gave no label."""
    if figure is None:
        return "?"
    if short and figure.measure in binder.book.measures:
        return binder.book.measures[figure.measure].name(binder.lang)
    return wording.label(figure, binder.book.measures.get(figure.measure), binder.lang)


def _named_groups(o: Mapping[str, object], binder: Binder) -> dict[str, dict[str, str]]:
    """The groups of a drawing, every figure with a label."""
    return {
        name: {id_: label or label_of(binder.figure(id_), binder, short=True) for id_, label in group.items()}
        for name, group in groups(o, binder.book).items()
    }


def _title(o: Mapping[str, object]) -> str:
    return str(o.get("title") or "")


def _card(id_: str, label: str, binder: Binder) -> Card:
    figure = binder.figure(id_)
    detail = wording.when(figure, binder.lang, binder.locale) if figure else ""
    return Card(binder.number(id_), label or label_of(figure, binder), detail)


def _table(directive: Directive, binder: Binder) -> Grid:
    o = directive.options
    if o.get("rows"):
        head = tuple(_cell(str(c), binder) for c in _list(o.get("head")))
        rows = tuple(tuple(_cell(str(c), binder) for c in _list(row)) for row in _list(o["rows"]))
        return Grid(_title(o), head, rows, tuple(_numeric(rows, i) for i in range(len(head))))
    if isinstance(o.get("pairs"), dict):
        return _beside(o, binder)
    return listing(_title(o), labelled(o, binder.book), binder, first=str(o.get("first") or ""))


def _beside(o: Mapping[str, object], binder: Binder) -> Grid:
    """A row a figure with the value of the round before beside it. Where the measure changed no value
    stands beside it, and the row says why."""
    pairs, changed, last = _labels(o.get("pairs")), _labels(o.get("changed")), str(o.get("last") or "")
    names = [say("reports.column.what", binder.lang), str(o.get("now") or ""), *([last] if last else [])]
    rows: list[tuple[Line, ...]] = []
    for id_, before in pairs.items():
        label = label_of(binder.figure(id_), binder)
        if id_ in changed:
            label += f" – {say('reports.round.changed', binder.lang, why=changed[id_]).strip(' :')}"
        row: tuple[Line, ...] = ((Text(label),), (binder.number(id_),))
        if last:
            row = (*row, (binder.number(before),) if before else (Text("–"),))
        rows.append(row)
    numeric = (False, *(True for _ in names[1:]))
    return Grid(_title(o), tuple((Text(n),) for n in names), tuple(rows), numeric)


def listing(title: str, figures: list[tuple[str, str]], binder: Binder, *, first: str = "") -> Grid:
    """A row a figure: what is counted, the value, the date."""
    head = [
        first or say("reports.column.what", binder.lang),
        *(say(f"reports.column.{k}", binder.lang) for k in ("value", "when")),
    ]
    rows = []
    for id_, label in figures:
        figure = binder.figure(id_)
        when = wording.when(figure, binder.lang, binder.locale) if figure else ""
        rows.append(((Text(label or label_of(figure, binder)),), (binder.number(id_),), (Text(when or "–"),)))
    return Grid(title, tuple((Text(h),) for h in head), tuple(rows), (False, True, False))


def _cell(text: str, binder: Binder) -> Line:
    return binder.line(inline_text(text, 0))


def _numeric(rows: tuple[tuple[Line, ...], ...], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    return bool(cells) and sum(len(c) == 1 and not isinstance(c[0], Text) for c in cells) * 2 >= len(cells)
