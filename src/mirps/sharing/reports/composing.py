"""A worked round's report in words: the template of data/reports/round, what was approved, the figures.

What is composed are the files of a report as people write them (docs/reports.md), so that everything
after reads it as any other. Nothing here holds a number: tables, charts and cards name figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from mirps.base.codelists import api as lists
from mirps.base.texts import prose
from mirps.base.texts.api import LANGUAGES, say
from mirps.base.texts.literals import literals
from mirps.evidence.figures.api import (
    MONEY,
    SHARES,
    Book,
    Entry,
    Figure,
    Measure,
    institution_name,
    state_name,
)
from mirps.sharing.reports import wording
from mirps.sharing.reports.reading import Part, Plan, ReportFault, fingerprint, split_front

Words = Mapping[str, str]  # by language
CARDS = 4
BARS = 6
_BLANKS = re.compile(r"\n{3,}")
_HASHES = re.compile(r"^ {0,3}#{1,6}")


@dataclass(frozen=True, slots=True)
class Text:
    """An approved text: `state` is empty for the region's own."""

    state: str
    code: str
    original: str
    title: Words
    text: Words
    story: int = 0  # the section's key, where it tells of people: then it stands alone, to be taken out


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the round. `before`: the one of the round before that its series continues.
    `changed`: why last round's value cannot stand beside it, where the measure changed."""

    figure: str
    state: str
    sector: str
    required: bool = False
    before: str = ""
    changed: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Material:
    """All that a round's report is made of. `now` and `last` name the round and the one before it in
    the heads of tables; `without`: State -> why the report goes without it."""

    code: str
    round: str
    kind: str
    title: Words
    published: date
    now: str
    last: str
    texts: Sequence[Text]
    pairs: Sequence[Pair]
    book: Book
    without: Mapping[str, Words] = field(default_factory=dict)

    def entry(self, pair: Pair) -> Entry:
        return self.book.get(pair.figure)

    def states(self) -> list[str]:
        """The States that the report has a chapter of, in the order of the code list."""
        told = {p.state for p in self.pairs} | {t.state for t in self.texts if t.state}
        return [s for s in lists.states() if s in told]


def composed(m: Material, template: Path) -> dict[str, str]:
    """The report's files: path -> content. Raises ReportFault for a template that cannot be read."""
    about = _about(template)
    out: dict[str, str] = {}
    parts: list[dict[str, object]] = []

    def add(code: str, original: str, bodies: Words, *, stale: bool = False, **more: object) -> None:
        parts.append({"code": code, "original": original, **more})
        for lang in LANGUAGES:
            seen = "" if stale else fingerprint(bodies[original])
            front = "" if lang == original else f"---\ntranslated_from: {seen!r}\n---\n"
            out[f"{lang}/{code}.md"] = front + bodies[lang]

    def add_text(t: Text, *, runs_on: bool) -> None:
        bodies = {lang: f"# {_line(t.title[lang])}\n\n{releveled(t.text[lang], 2)}\n" for lang in LANGUAGES}
        add(f"{t.state.lower() or 'region'}-{t.code}", t.original, bodies, story=t.story, runs_on=runs_on)

    for n, t in enumerate(t for t in m.texts if not t.state):
        add_text(t, runs_on=n > 0)
    given = about["parts"]
    for code in ("overview", *m.states(), "sources"):
        part = code if code in given else "state"
        bodies = {lang: _filled(m, template, part, code, lang, about) for lang in LANGUAGES}
        stale = _unread(template, part, given[part]["original"])
        add(code.lower(), given[part]["original"], bodies, stale=stale, runs_on=True, opener=part == "state")
        for t in m.texts:
            if t.story and t.state == code:
                add_text(t, runs_on=True)
    out["report.yaml"] = yaml.safe_dump(_front_page(m, about, parts), allow_unicode=True, sort_keys=False)
    return out


def template_plan(template: Path) -> Plan:
    """The template as a plan, whose translations somebody confirms like any other's. Raises ReportFault."""
    about = _about(template)
    parts = tuple(Part(code, part["original"]) for code, part in about["parts"].items())
    return Plan(
        template.name,
        template,
        about["title"],
        about["subtitle"],
        about["author"],
        "",
        "",
        (),
        date.min,
        parts,
    )


def _about(template: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load((template / "template.yaml").read_text(encoding="utf-8"))
        return {k: found[k] for k in ("title", "subtitle", "author", "formats", "measures", "parts")}
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as e:
        name = f"{template.name}/template.yaml"
        raise ReportFault("reports.fault.plan", file=name, detail=str(e)) from e


def _front_page(m: Material, about: Mapping[str, Any], parts: list[dict[str, object]]) -> dict[str, object]:
    def both(words: Words) -> dict[str, str]:
        return {
            lang: words[lang].replace("{{title}}", m.title[lang]).replace("{{round}}", m.round)
            for lang in LANGUAGES
        }

    return {
        "code": m.code, "title": both(about["title"]), "subtitle": both(about["subtitle"]),
        "author": both(about["author"]), "round": m.round, "kind": m.kind, "formats": about["formats"],
        "published": m.published, "follows": True,
        "without": {s: dict(why) for s, why in sorted(m.without.items())}, "sections": parts,
    }  # fmt: skip


def _unread(template: Path, part: str, original: str) -> bool:
    """Whether nobody has read the template's translation against its original as it is now."""
    other = next(lang for lang in LANGUAGES if lang != original)
    front, _ = split_front(_file(template, part, other))
    _, body = split_front(_file(template, part, original))
    return str(front.get("translated_from", "")) != fingerprint(body)


def _file(template: Path, part: str, lang: str) -> str:
    path = template / lang / f"{part}.md"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        name = f"{template.name}/{lang}/{part}.md"
        raise ReportFault("reports.fault.section", file=name, detail=str(e)) from e


def _filled(m: Material, template: Path, part: str, state: str, lang: str, about: Mapping[str, Any]) -> str:
    """A part of the template with its places filled; one that nothing fills is left out."""
    _, body = split_front(_file(template, part, lang))
    if part == "state":
        made = _of_state(m, state, lang, about["measures"])
    else:
        made = {
            "figures": _one_a_state(m, lang, about["measures"]),
            "reported": _reported(m, lang),
            "without": _left_out(m, lang),
        }
    for key, words in {**made, "round": m.round, "title": m.title[lang]}.items():
        body = body.replace("{{" + key + "}}", words)
    return _BLANKS.sub("\n\n", body).strip() + "\n"


def _of_state(m: Material, state: str, lang: str, measures: Sequence[str]) -> dict[str, str]:
    pairs = [p for p in m.pairs if p.state == state]
    texts = [t for t in m.texts if t.state == state and not t.story]
    return {
        "name": state_name(state, lang),
        "figures": _cards(m, pairs, measures),
        "tables": "\n\n".join(_tables(m, pairs, lang)) or say("reports.round.no-figures", lang),
        "chart": _compared(m, pairs, measures, lang),
        "map": _map(m, pairs, state, lang),
        "opening": _text(texts[0], lang) if texts else "",
        "texts": "\n\n".join(_text(t, lang) for t in texts[1:]),
        "findings": _block("findings", {"select": {"state": state}}),
    }


def _text(t: Text, lang: str) -> str:
    return f"## {_line(t.title[lang])}\n\n{releveled(t.text[lang], 3)}"


def _line(words: str) -> str:
    return " ".join(words.split())


def _block(kind: str, options: Mapping[str, object]) -> str:
    text = yaml.safe_dump(dict(options), allow_unicode=True, sort_keys=False, width=10**6)
    return f"```{kind}\n{text}```"


def releveled(text: str, top: int) -> str:
    """A text whose headings begin at level `top`, skip no level on the way down (PDF/UA asks for that),
    and go no deeper than the fourth."""
    lines = text.split("\n")
    changed: list[tuple[int, int, str]] = []
    above: list[int] = []
    for t in prose.tokens(text):
        if t.type != "heading_open" or not t.map:
            continue
        level = int(t.tag[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        start, end = t.map
        held = lines[start : end if t.markup.startswith("#") else end - 1]  # === and --- underline a title
        words = " ".join(_HASHES.sub("", line).strip() for line in held)
        changed.append((start, end, f"{'#' * min(top + len(above) - 1, 4)} {words}"))
    for start, end, line in reversed(changed):
        lines[start:end] = [line]
    return "\n".join(lines)


def _speaks(m: Material, p: Pair) -> bool:
    """Whether a figure can speak for its State in large type: a count, of no part, of no one story."""
    f = m.entry(p).figure
    return (
        f.value is not None
        and not (f.dimensions or f.place)
        and f.sector != "stories"
        and f.unit not in MONEY | SHARES
    )


def _foremost(m: Material, pairs: Sequence[Pair], measures: Sequence[str]) -> list[Pair]:
    """Figures that can speak for their State: what the round requires first, then the measures in their
    order, then what counts all before what counts within one programme."""
    rank = {code: n for n, code in enumerate(measures)}

    def order(p: Pair) -> tuple[bool, int, bool]:
        f = m.entry(p).figure
        return not p.required, rank.get(f.measure, len(rank)), bool(f.universe)

    return sorted((p for p in pairs if _speaks(m, p)), key=order)


def _cards(m: Material, pairs: Sequence[Pair], measures: Sequence[str]) -> str:
    """A State's key figures, one of each measure."""
    once: dict[str, str] = {}
    for p in _foremost(m, pairs, measures):
        once.setdefault(m.entry(p).figure.measure, p.figure)
    return _block("figures", {"figures": list(once.values())[:CARDS]}) if once else ""


def _one_a_state(m: Material, lang: str, measures: Sequence[str]) -> str:
    """The first figure of each State that reported, with the State's name."""
    first: dict[str, str] = {}
    for p in _foremost(m, m.pairs, measures):
        first.setdefault(p.state, p.figure)
    labels = {first[s]: _label(m, first[s], s, lang) for s in m.states() if s in first}
    return _block("figures", {"figures": labels}) if labels else ""


def _label(m: Material, id_: str, state: str, lang: str) -> str:
    """'Honduras: asylum applications'; the ledger's own words where a name holds a number."""
    measure = m.book.measures.get(m.book.get(id_).figure.measure)
    said = {
        x: f"{state_name(state, x)}: {_lower(measure.name(x))}" if measure else state_name(state, x)
        for x in LANGUAGES
    }
    return "" if any(literals(words, x) for x, words in said.items()) else said[lang]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _reported(m: Material, lang: str) -> str:
    """A line a State: the institutions whose figures were published."""
    lines = []
    for s in m.states():
        held = dict.fromkeys(m.entry(p).figure.source for p in m.pairs if p.state == s)
        names = [f"[name: {_bare(institution_name(code, lang))}]" for code in held]
        lines.append(
            f"- **{state_name(s, lang)}**: {'; '.join(names) or say('reports.round.texts-only', lang)}"
        )
    return "\n".join(lines)


def _bare(name: str) -> str:
    return name.replace("]", ")").replace("[", "(")


def _left_out(m: Material, lang: str) -> str:
    if not m.without:
        return ""
    order = list(lists.states())
    lines = [
        f"- **{state_name(s, lang)}**: {_line(m.without[s][lang])}"
        for s in sorted(m.without, key=order.index)
    ]
    return f"## {say('reports.round.without', lang)}\n\n" + "\n".join(lines)


def _tables(m: Material, pairs: Sequence[Pair], lang: str) -> Iterator[str]:
    """A table a sector, the value of the round before beside where the series is the same."""
    for sector in _sectors(m, pairs):
        own = [p for p in pairs if p.sector == sector]
        name = lists.sectors().name(sector, lang) if sector in lists.sectors() else sector
        options: dict[str, object] = {"title": name, "now": m.now, "pairs": {p.figure: p.before for p in own}}
        if m.last:
            options["last"] = m.last
        if changed := {p.figure: _line(p.changed.get(lang, "")) for p in own if p.changed}:
            options["changed"] = changed
        yield _block("table", options)


def _sectors(m: Material, pairs: Iterable[Pair]) -> list[str]:
    held = {p.sector for p in pairs}
    known = [s for s in lists.sectors() if s in held]
    return [*known, *sorted(held - set(known))]


def _compared(m: Material, pairs: Sequence[Pair], measures: Sequence[str], lang: str) -> str:
    """The chart of what both rounds counted alike: one unit, a pair of bars for each thing counted."""
    held = [p for p in _foremost(m, pairs, measures) if p.before and _speaks(m, replace(p, figure=p.before))]
    both = [(p, m.entry(p).figure, m.book.get(p.before).figure) for p in held]
    both = [x for x in both if x[1].unit == x[2].unit and min(x[1].value or 0, x[2].value or 0) >= 0]
    if not both or not m.last:
        return ""
    unit = Counter(f.unit for _, f, _ in both).most_common(1)[0][0]
    once: dict[str, Pair] = {}
    for p, f, _ in both:
        if f.unit == unit:
            once.setdefault(_counted(m, f, lang), p)
    chosen = list(once.items())[:BARS]
    series = {
        m.last: {p.before: label for label, p in chosen},
        m.now: {p.figure: label for label, p in chosen},
    }
    title = say("reports.round.compared", lang)
    return _block("chart", {"kind": "grouped", "title": title, "series": series, "optional": True})


def _counted(m: Material, f: Figure, lang: str) -> str:
    """What a bar counts, with what it is restricted to, unless that holds a number: then the measure's name."""
    measure = m.book.measures.get(f.measure)
    whole = {x: wording.label(f, measure, x) for x in LANGUAGES}
    if any(literals(words, x) for x, words in whole.items()):
        return measure.name(lang) if measure else f.measure
    return whole[lang]


def _map(m: Material, pairs: Sequence[Pair], state: str, lang: str) -> str:
    """The map of the places that figures speak of: the measure that most places have."""
    held = [e.figure for p in pairs if (e := m.entry(p)).figure.place and e.figure.value is not None]
    held = [f for f in held if not f.dimensions and f.unit not in ("percent", "percent_change")]
    if not held:
        return ""
    measure, _ = Counter(f.measure for f in held).most_common(1)[0]
    placed = {f.id: f.place for f in held if f.measure == measure}
    known: Measure | None = m.book.measures.get(measure)
    title = known.name(lang) if known else measure
    return _block("map", {"title": title, "area": state, "figures": placed, "optional": True})
