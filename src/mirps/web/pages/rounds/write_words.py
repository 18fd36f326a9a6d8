"""What the pages of writing say: who may do what with a section, its text with values, what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import locale_for, say
from mirps.base.texts.prose import Bullets, Heading, Paragraph
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Figures, Held, Lack, Nameable, Part, Section
from mirps.evidence.rounds.api import Stage, Status
from mirps.sharing.portal import wording
from mirps.web.jinja import at_home, country_of, locale_of
from mirps.web.pages.rounds.door import Desk, Refused

#: In addresses, the region goes by this.
REGION = "MIRPS"
#: Acts that let somebody read what a State writes.
READ = ("narrative.write", "narrative.translate", "entry.review", "entry.approve-state")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a preview. Of a figure: its value, and what the reader is told of it."""

    kind: str  # text, number, figure, unknown
    words: str
    strong: bool = False
    em: bool = False
    href: str = ""
    about: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of a preview: heading, paragraph, list, ordered, or what no report prints."""

    kind: str
    lines: tuple[tuple[Run, ...], ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure to insert: its id, its value in words, what it is."""

    id: str
    value: str
    name: str
    detail: str
    standing: str  # in words; empty for a published one


class Writing:
    """A State's (or the region's) part of what a round writes, for one person."""

    def __init__(self, desk: Desk, state: str) -> None:
        if state != REGION and state not in codelists.member_states():
            raise Http404
        self.desk, self.address = desk, state
        self.state = "" if state == REGION else state
        self.lang = desk.lang
        self.writes = desk.may("narrative.write", state=self.state)
        self.translates = self.writes or self._translates()
        if not self.translates and not any(desk.may(act, state=self.state) for act in READ):
            raise Refused(desk.why_not("narrative.write", state=self.state))
        at_home(desk.request, self.state)
        desk.locale = locale_of(desk.request)

    def _translates(self) -> bool:
        """Whether this person translates for the State: in a role of all of it, or of an institution."""
        act = "narrative.translate"
        if self.desk.may(act, state=self.state):
            return True
        return bool(self.state) and self.state in {s for s, _ in self.desk.institutions(act)}

    @property
    def name(self) -> str:
        return wording.state(self.state, self.lang) if self.state else say("portal.finding.region", self.lang)

    @cached_property
    def figures(self) -> Figures:
        found = narratives.nameable(self.desk.round.code, self.state)
        return found if self.desk.of_state(self.state) else narratives.veiled(found)

    def section(self, code: str) -> Section:
        found = Section.objects.filter(round=self.desk.round, state=self.state, code=code, withdrawn_at=None)
        if (held := found.first()) is None:
            raise Http404
        return held

    def shut(self, section: Section, held: Held, lang: str) -> str:
        """Why this person cannot write this language of the section now; nothing when they can."""
        if not self.translates:
            return self.desk.why_not("narrative.write", state=self.state)
        if not self.writes and held.original in ("", lang):
            return say("narratives.locked.original", self.lang)
        why = narratives.writable(Stage(self.desk.round.stage), Status(section.status))
        return say(why, self.lang) if why else ""

    def locale(self, lang: str) -> str:
        """How the reader's country writes numbers in a language."""
        return locale_for(lang, country_of(self.desk.request), codelists.locales())

    def value(self, figure: Figure, lang: str, form: str = "") -> str:
        words = figures.amount(figure, lang, self.locale(lang), size=form == "abs")
        return words if form else figures.qualified(words, figure, lang)

    def about(self, x: Nameable, lang: str) -> str:
        """What a figure is, in one line."""
        f, measure = x.figure, figures.measures().get(x.figure.measure)
        more = [
            wording.state(f.state, lang),
            *wording.details(f, lang),
            wording.when(f, lang, self.locale(lang)),
        ]
        return " · ".join(filter(None, [measure.name(lang) if measure else f.measure, *more]))

    def choice(self, x: Nameable, lang: str) -> Choice:
        f, measure = x.figure, figures.measures().get(x.figure.measure)
        detail = [wording.state(f.state, self.lang), *wording.details(f, self.lang),
                  wording.when(f, self.lang, self.locale(self.lang)), wording.acronym(f.source, self.lang)]  # fmt: skip
        value = self.value(f, lang) if f.value is not None or f.absence else "–"
        name = measure.name(self.lang) if measure else f.measure
        own = say(f"narratives.standing.{x.standing.value}", self.lang) if x.own else ""
        return Choice(x.id, value, name, " · ".join(filter(None, detail)), own)

    def choices(self, query: str, lang: str) -> list[Choice]:
        found = narratives.search(query[:120], self.figures, state=self.state)
        return [self.choice(x, lang) for x in found]

    def offers(self, words: str, lang: str) -> list[Choice]:
        """Figures with the value that was typed."""
        found = narratives.offers(words, self.figures, locale=self.locale(lang), state=self.state)
        return [self.choice(x, lang) for x in found]

    def preview(self, text: str, lang: str) -> list[Shown]:
        return [self._shown(b, lang) for b in narratives.blocks(text)]

    def _shown(self, block: object, lang: str) -> Shown:
        match block:
            case Heading(level, line):
                return Shown("heading", (self._line(line, lang),), min(max(level, 2), 4))
            case Paragraph(line):
                return Shown("paragraph", (self._line(line, lang),))
            case Bullets(items, ordered):
                return Shown("ordered" if ordered else "list", tuple(self._line(x, lang) for x in items))
            case _:
                return Shown("left-out", ((Run("text", say("narratives.preview.left-out", self.lang)),),))

    def _line(self, line: tuple[object, ...], lang: str) -> tuple[Run, ...]:
        return tuple(self._run(p, lang) for p in narratives.marked(line, lang))  # type: ignore[arg-type]

    def _run(self, p: Part, lang: str) -> Run:
        if p.kind != "figure":
            href = p.href if p.href.startswith(("https://", "http://")) else ""
            return Run(p.kind, p.words, p.strong, p.em, href)
        x = self.figures.of(p.words)
        if x is None:
            return Run("unknown", f"[[{p.words}]]", p.strong, p.em)
        words = self.value(x.figure, lang, p.form) if x.figure.value is not None or x.figure.absence else "–"
        standing = say(f"narratives.standing.{x.standing.value}", self.lang) if x.own else ""
        return Run("figure", words, p.strong, p.em, about=self.about(x, self.lang), standing=standing)

    def sentence(self, lack: Lack) -> str:
        """What a section lacks, with its language and line."""
        values: dict[str, object] = dict(lack.values)
        if lack.key == "narratives.lack.blocks-apart":
            values["es"], values["en"] = self._kind(values["es"]), self._kind(values["en"])
        elif lack.key == "narratives.lack.figures-apart":
            values["es"], values["en"] = values["es"] or "–", values["en"] or "–"
        words = say(lack.key, self.lang, **values)
        place = [say(f"narratives.language.in-{lack.lang}", self.lang)] if lack.lang else []
        if lack.line:
            place.append(say("narratives.line", self.lang, line=lack.line))
        return f"{', '.join(place)}: {words}" if place else words

    def _kind(self, kind: object) -> str:
        name, _, n = str(kind).partition("-")
        return say(f"narratives.block.{name or 'none'}", self.lang, n=n)

    def sentences(self, found: Iterable[Lack]) -> list[tuple[str, str, int]]:
        """(language, sentence, line), each once."""
        return list(dict.fromkeys((x.lang, self.sentence(x), x.line) for x in found))

    def trail(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        here = self.desk.url("write", code=self.desk.round.code, state=self.address) if more else ""
        return [(say("narratives.title", self.lang, state=self.name), here), *more]

    def url(self, name: str, section: Section, mark: str = "", **more: object) -> str:
        about = {"code": self.desk.round.code, "state": self.address, "section": section.code, **more}
        return self.desk.url(name, **about) + mark


def status_of(held: Held, lang: str) -> str:
    """How far a language is: none, original, translation or stale."""
    if not held.version(lang).text.strip():
        return "none"
    if held.original == lang:
        return "original"
    return "stale" if held.stale else "translation"


def by_language(found: Sequence[tuple[str, str, int]]) -> Mapping[str, list[tuple[str, int]]]:
    out: dict[str, list[tuple[str, int]]] = {}
    for lang, words, line in found:
        out.setdefault(lang, []).append((words, line))
    return out
