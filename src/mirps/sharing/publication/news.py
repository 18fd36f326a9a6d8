"""The news of a round: proposed from its figures, checked, and put into words for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import LANGUAGES, say
from mirps.base.texts.literals import BOUND, NAME, literals
from mirps.base.texts.prose import BIND
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book, FigureRow
from mirps.evidence.rounds.api import Round, Status
from mirps.sharing.publication.rules import Draft
from mirps.sharing.reports import api as reports

#: Figures that a proposed entry tells of.
MOST_TOLD = 4
Faults = dict[str, tuple[str, dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of an entry; `figure` is the one that stands behind them, if one does."""

    words: str
    figure: str = ""


def proposed(round: Round, *, without: Iterable[str]) -> Draft:
    """An entry made from the round: who reported, its first required totals, where to read."""
    left = set(without)
    cells = (
        Cell.objects.filter(asked__round=round, asked__withdrawn_at=None, order=0, status=Status.REGION)
        .exclude(asked__state__in=sorted(left)).exclude(value=None).select_related("asked")
        .order_by("-asked__required", "asked__order", "asked_id")
    )  # fmt: skip
    chosen: dict[str, Cell] = {}  # one of each State, so that no State speaks alone
    for c in cells:
        chosen.setdefault(c.asked.state, c)
    states = sorted({c.asked.state for c in cells}, key=list(codelists.states()).index)
    told = list(chosen.values())[:MOST_TOLD]
    title = {lang: say("publication.news.title", lang, round=round.title(lang)) for lang in LANGUAGES}
    text = {lang: _text(round, lang, states, told, sorted(left)) for lang in LANGUAGES}
    return Draft(title["es"], title["en"], text["es"], text["en"])


def _text(round: Round, lang: str, states: Sequence[str], told: Sequence[Cell], left: Sequence[str]) -> str:
    name = codelists.states().name
    lines = [say("publication.news.who", lang, states=_listed([name(s, lang) for s in states], lang))]
    for c in told:
        measure = figures.measures()[c.asked.measure].name(lang)
        lines.append(f"- {name(c.asked.state, lang)}: {measure.lower()}, [[{c.figure}]].")
    if left:
        lines.append(
            say("publication.news.without", lang, states=_listed([name(s, lang) for s in left], lang))
        )
    lines.append(say("publication.news.read", lang))
    return "\n\n".join(lines)


def _listed(names: Sequence[str], lang: str) -> str:
    if len(names) < 2:
        return "".join(names)
    last = say("publication.news.and", lang)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def faults(draft: Draft, code: str) -> Faults:
    """What an entry lacks, by field (publication.fault.*)."""
    out: Faults = {}
    named: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        for field in (f"title_{lang}", f"text_{lang}"):
            text = getattr(draft, field).strip()
            if not text:
                out[field] = ("publication.fault.empty", {})
                continue
            bound = BIND.sub(BOUND, NAME.sub(" ", text))
            if typed := literals(bound, lang):
                out[field] = ("publication.fault.literal", {"numbers": ", ".join(typed[:5])})
        named[lang] = sorted(m.group(1) for m in BIND.finditer(getattr(draft, f"text_{lang}")))
    known = _known({i for ids in named.values() for i in ids}, code)
    for lang, ids in named.items():
        if other := sorted(set(ids) - known):
            out.setdefault(f"text_{lang}", ("publication.fault.figure", {"figures": ", ".join(other[:5])}))
    if named["es"] != named["en"]:
        out.setdefault("text_en", ("publication.fault.languages", {}))
    return out


def _known(ids: set[str], code: str) -> set[str]:
    """Those that are this round's and approved, or public already; none superseded."""
    rows = FigureRow.objects.filter(pk__in=ids, superseded_by="").order_by("id")
    return {
        r.id
        for r in rows
        if r.status == figures.Status.PUBLISHED or (r.round == code and r.status == figures.Status.APPROVED)
    }


def told(text: str, lang: str, locale: str, book: Book) -> list[list[Part]]:
    """An entry's paragraphs, its figures as the reader's country writes them. A figure that the reader
    may not see leaves its id in brackets."""
    return [_parts(p, lang, locale, book) for p in text.split("\n\n") if p.strip()]


def _parts(paragraph: str, lang: str, locale: str, book: Book) -> list[Part]:
    out, at = [], 0
    for m in BIND.finditer(paragraph):
        out.append(Part(paragraph[at : m.start()]))
        entry = book.entries.get(m.group(1))
        if entry is not None and entry.public:
            out.append(Part(reports.value(entry.figure, lang, locale, m.group(2) or ""), m.group(1)))
        else:
            out.append(Part(f"[{m.group(1)}]"))
        at = m.end()
    out.append(Part(paragraph[at:]))
    return [Part(NAME.sub(r"\1", p.words), p.figure) for p in out if p.words]
