"""Proving a report before it is written. Every fault is found; each says what to do.

(a) no number in the prose without a figure; (b) every figure may be published; (c) both
languages carry the same figures, block by block; (d) no translation is older than its
original. A draft may be built in spite of (b) and (d).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from mirps.base.texts.literals import BOUND, literals
from mirps.evidence.figures.api import Book, Status
from mirps.sharing.reports.directives import named, texts
from mirps.sharing.reports.reading import FORMS, inline_text
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Directive,
    Heading,
    Line,
    Paragraph,
    Section,
    Text,
)

Unanswered = Callable[[Iterable[str]], Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `key` is a text of data/texts/reports.yaml that `values` fill in."""

    rule: str  # literal | figure | parity | stale | form
    file: str
    line: int
    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def excused_in_draft(self) -> bool:
        return self.rule in {"figure", "stale"}


def prove(
    pairs: Sequence[tuple[Section, Section]], originals: Sequence[str], book: Book, unanswered: Unanswered
) -> list[Fault]:
    """Every fault of a report. `pairs` are (Spanish, English) sections in order."""
    found: list[Fault] = []
    for (es, en), original in zip(pairs, originals, strict=True):
        found += literal_faults(es, "es")
        found += literal_faults(en, "en")
        found += parity_faults(es, en, book)
        found += stale_faults(es, en, original)
    found += figure_faults([s for pair in pairs for s in pair], book, unanswered)
    return found


def lines_of(block: Block) -> Iterator[tuple[int, Line]]:
    """The lines of text of a block with the line of the file where each stands."""
    match block:
        case Heading(_, line, _, at) | Paragraph(line, at):
            yield at, line
        case Bullets(items, _, at):
            yield from ((at, item) for item in items)
        case Directive():
            yield from ((block.at, inline_text(t, block.at)) for t in texts(block))


def bound_in(block: Block, book: Book) -> list[str]:
    """The figures of a block, in reading order."""
    if isinstance(block, Directive):
        return named(block, book)
    return [p.figure for _, line in lines_of(block) for p in line if isinstance(p, Bind)]


def literal_faults(section: Section, lang: str) -> Iterator[Fault]:
    title = Heading(1, (Text(section.title),), at=1)
    for block in (title, *section.blocks):
        for at, line in lines_of(block):
            text = "".join(BOUND if isinstance(p, Bind) else "" if _named(p) else p.words for p in line)
            for word in literals(text, lang):
                at_line = _where(line, word, at)
                yield Fault("literal", section.file, at_line, "reports.fault.literal", {"number": word})
            for part in line:
                if isinstance(part, Bind) and part.form not in FORMS:
                    yield Fault("form", section.file, part.line, "reports.fault.form", {"form": part.form})


def _named(part: object) -> bool:
    return isinstance(part, Text) and part.name


def _where(line: Line, word: str, at: int) -> int:
    """The line of the file: a soft break inside a paragraph is a line of its own."""
    for part in line:
        if isinstance(part, Text):
            if part.words == " ":
                at += 1
            elif not part.name and word in part.words:
                return at
    return at


def figure_faults(sections: Iterable[Section], book: Book, unanswered: Unanswered) -> list[Fault]:
    """Every unfit figure in every place that names it, each file and line once."""
    places: dict[str, dict[tuple[str, int], None]] = {}
    for section in sections:
        for block in section.blocks:
            named_on = _lines_of_figures(block)
            for id_ in bound_in(block, book):
                for line in named_on.get(id_) or [getattr(block, "at", 0)]:
                    places.setdefault(id_, {})[section.file, line] = None
    open_ = unanswered([id_ for id_ in places if id_ in book])
    return [
        Fault("figure", file, line, key, {"figure": id_, **values})
        for id_, where in places.items()
        for key, values in _why_not(id_, book, open_.get(id_, ()))
        for file, line in where
    ]


def _why_not(id_: str, book: Book, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, object]]]:
    if id_ not in book:
        yield "reports.fault.unknown", {}
        return
    entry = book.get(id_)
    if entry.status is not Status.PUBLISHED:
        yield "reports.fault.unpublished", {"status": entry.status.value}
    if entry.embargoed:
        yield "reports.fault.embargoed", {"state": entry.figure.state}
    if entry.superseded_by:
        yield "reports.fault.superseded", {"by": entry.superseded_by}
    if codes:
        yield "reports.fault.contradicted", {"codes": ", ".join(codes)}


def _lines_of_figures(block: Block) -> dict[str, list[int]]:
    """The lines of the file that name each figure; one that a block selects has none but the block's own."""
    out: dict[str, list[int]] = {}
    for _, line in lines_of(block):
        for p in line:
            if isinstance(p, Bind) and p.line:
                out.setdefault(p.figure, []).append(p.line)
    return out


def parity_faults(es: Section, en: Section, book: Book) -> Iterator[Fault]:
    """Both languages carry the same figures, block by block and section by section."""
    for one, other in zip_longest(es.blocks, en.blocks):
        at = getattr(other or one, "at", 0)
        if one is None or other is None:
            file = en.file if one is None else es.file
            yield Fault("parity", file, at, "reports.fault.block_alone")
            return
        if _kind(one) != _kind(other):
            values = {"es": _kind(one), "en": _kind(other), "line": getattr(one, "at", 0)}
            yield Fault("parity", en.file, at, "reports.fault.block_kind", values)
            return
        a, b = sorted(bound_in(one, book)), sorted(bound_in(other, book))
        if a != b:
            values = {"es": _only(a, b), "en": _only(b, a), "line": getattr(one, "at", 0)}
            yield Fault("parity", en.file, at, "reports.fault.parity", values)


def _only(a: list[str], b: list[str]) -> str:
    rest = list(b)
    out = []
    for id_ in a:
        if id_ in rest:
            rest.remove(id_)
        else:
            out.append(id_)
    return ", ".join(out) or "–"


def _kind(block: Block) -> str:
    match block:
        case Directive(kind):
            return kind
        case Heading(level):
            return f"heading {level}"
        case Bullets(items):
            return f"list of {len(items)}"
        case _:
            return type(block).__name__.lower()


def stale_faults(es: Section, en: Section, original: str) -> Iterator[Fault]:
    """A translation names the original that it was read against; another one makes it stale."""
    first, second = (es, en) if original == "es" else (en, es)
    if second.translated_from != first.fingerprint:
        key = "reports.fault.stale" if second.translated_from else "reports.fault.unconfirmed"
        values = {"original": first.file, "section": first.code, "lang": "en" if original == "es" else "es"}
        yield Fault("stale", second.file, 1, key, values)
