"""Building a report: read, prove, bind, write. Nothing is written when there is a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mirps.base.codelists import api as lists
from mirps.base.texts.api import LANGUAGES, locale_for, say
from mirps.base.texts.literals import literals
from mirps.evidence.figures.api import Book
from mirps.sharing.reports import page, paper
from mirps.sharing.reports.binding import Binder, Findings
from mirps.sharing.reports.directives import bind, latest
from mirps.sharing.reports.proof import Fault, Unanswered, prove
from mirps.sharing.reports.reading import Plan, ReportFault, read_plan, read_section
from mirps.sharing.reports.tree import Document, Section, SourceList

FORMATS = ("html", "pdf", "docx")
CSS = Path(__file__).resolve().parents[2] / "web" / "static" / "report.css"


class Unfit(Exception):
    """A report that may not be written, with every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `base` goes before /es/figure/…; `state` is for a country brief."""

    lang: str
    state: str = ""
    draft: bool = False
    base: str = ""
    linked: bool = True  # drawings carry links, which only HTML can follow


@dataclass(frozen=True, slots=True)
class Made:
    document: Document
    excused: tuple[Fault, ...]  # what a draft was built in spite of


def folder() -> Path:
    return lists.data_folder() / "reports"


def plans() -> dict[str, Plan]:
    """The reports of this installation by code. Raises ReportFault."""
    return {p.parent.name: read_plan(p.parent) for p in sorted(folder().glob("*/report.yaml"))}


def plan_of(code: str) -> Plan:
    if not (folder() / code / "report.yaml").is_file() or "/" in code:
        raise ReportFault("reports.fault.no_report", code=code, known=", ".join(plans()))
    return read_plan(folder() / code)


def sections(plan: Plan, lang: str, state: str = "", book: Book | None = None) -> list[Section]:
    """Every section in one language. All unreadable sections are told at once (Unfit)."""
    filled = _filled(state, lang) if plan.per_state else None
    out, bad = [], []
    for part in plan.parts:
        try:
            out.append(read_section(plan, part, lang, filled))
        except ReportFault as e:
            values = dict(e.values)
            bad.append(
                Fault("form", str(values.get("file", "")), int(str(values.get("line", 0))), e.key, values)
            )
    if bad:
        raise Unfit(bad)
    return [latest(s, book) for s in out] if plan.follows and book is not None else out


def _filled(state: str, lang: str) -> dict[str, str]:
    return {"state": state, "name": lists.states()[state].name(lang)}


def faults(plan: Plan, book: Book, unanswered: Unanswered, state: str = "") -> list[Fault]:
    """Every fault of a report, in both languages."""
    both = []
    bad: list[Fault] = []
    for lang in LANGUAGES:
        try:
            both.append(sections(plan, lang, state, book))
        except Unfit as e:
            bad += e.faults
    if bad:
        return bad
    pairs = list(zip(*both, strict=True))
    return title_faults(plan) + prove(pairs, [p.original for p in plan.parts], book, unanswered)


def title_faults(plan: Plan) -> list[Fault]:
    """Numbers without a figure in what report.yaml prints."""
    file = f"{plan.code}/report.yaml"
    return [
        Fault("literal", file, 0, "reports.fault.literal", {"number": number})
        for lang in LANGUAGES
        for text in (plan.title[lang], plan.subtitle[lang], plan.author[lang], plan.note.get(lang, ""))
        for number in literals(text, lang)
    ]


def make(
    plan: Plan, request: Request, book: Book, unanswered: Unanswered, findings: Findings | None = None
) -> Made:
    """The bound document. Raises Unfit with every fault, or ReportFault for a wrong request."""
    if plan.per_state and request.state not in lists.member_states():
        raise ReportFault("reports.fault.no_state", known=", ".join(lists.member_states()))
    found = faults(plan, book, unanswered, request.state)
    if hard := [f for f in found if not (request.draft and f.excused_in_draft)]:
        raise Unfit(hard)
    return Made(document(plan, request, book, findings), tuple(found))


def document(plan: Plan, request: Request, book: Book, findings: Findings | None = None) -> Document:
    """The report in one language with every number in it, unproved."""
    lang = request.lang
    locale = locale_for(lang, request.state, lists.locales())
    binder = Binder(book, lang, locale, findings, base=request.base, linked=request.linked)
    bound = with_sources(tuple(bind(s, binder) for s in sections(plan, lang, request.state, book)), lang)
    name = f": {_filled(request.state, lang)['name']}" if request.state else ""
    return Document(
        code=plan.code,
        lang=lang,
        locale=locale,
        title=plan.title[lang] + name,
        subtitle=plan.subtitle[lang],
        author=plan.author[lang],
        published=plan.published,
        sections=bound,
        sources=binder.sources(),
        draft=say("reports.draft", lang) if request.draft else "",
        short=plan.max_pages > 0,
        states=tuple(lists.states()[code].extra[f"short_{lang}"] for code in lists.member_states()),
        note=plan.note.get(lang, ""),
        base=request.base,
    )


def with_sources(sections: tuple[Section, ...], lang: str) -> tuple[Section, ...]:
    """The sections with a list of sources: its own section at the end where the report gives it no place."""
    if any(isinstance(b, SourceList) for s in sections for b in s.blocks):
        return sections
    title = say("reports.sources", lang)
    return (*sections, Section("sources", title, (SourceList(title),)))


def write(document: Document, format: str, *, max_pages: int = 0) -> bytes:
    """The document's file in one format. The same document gives the same bytes."""
    writers: dict[str, Callable[[Document], bytes]] = {
        "html": lambda d: page.standalone(d, CSS.read_text(encoding="utf-8")),
        "pdf": paper.write,
        "docx": _docx,
    }
    made = writers[format](document)
    if format == "pdf" and max_pages and (pages := _pages(made)) > max_pages:
        values = {"pages": pages, "most": max_pages}
        raise Unfit([Fault("form", f"{document.code}.pdf", 0, "reports.fault.pages", values)])
    return made


def _docx(document: Document) -> bytes:
    from mirps.sharing.reports import office

    return office.write(document)


def _pages(pdf: bytes) -> int:
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)
