"""What did not add up, as a report tells it: the figures, what follows from them, the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from string import Template

from mirps.base.codelists import api as lists
from mirps.base.texts.api import number, partial_date, say
from mirps.evidence.checks.messages import TEXTS as SHARED
from mirps.evidence.checks.over_ledger.messages import TEXTS
from mirps.evidence.figures.api import Figure, span, universe
from mirps.evidence.findings import api as ledger
from mirps.sharing.reports import wording
from mirps.sharing.reports.binding import Binder, Findings
from mirps.sharing.reports.tree import Contradiction, Contradictions, Inline, Line, Text


def told(round: str, known_on: datetime | None = None) -> Findings:
    """The findings of a round, as they stood on `known_on`. Those of figures not in the book are left out."""

    def tell(binder: Binder, options: dict[str, object]) -> Contradictions:
        wanted = options.get("select")
        state, document = (
            ("", "")
            if not isinstance(wanted, dict)
            else (str(wanted.get("state", "")), str(wanted.get("document", "")))
        )
        held = [
            f
            for f in ledger.current().filter(round=round, severity="contradiction")
            if state in ("", f.state)
            and (known_on is None or f.found_at <= known_on)
            and (not document or document in _documents(f, binder))
            and all(id_ in binder.book and binder.book.get(id_).public for id_ in f.figures)
        ]
        limit = int(str(options.get("limit") or len(held)))
        return Contradictions(tuple(_one(f, binder, known_on) for f in held[:limit]))

    return tell


def _documents(finding: ledger.Finding, binder: Binder) -> set[str]:
    """The documents whose statements a finding sets side by side."""
    stated = {f.document for id_ in finding.figures if (f := binder.figure(id_))}
    return stated | {finding.params.get(f"{which}_document", "") for which in ("first", "again")}


def _one(finding: ledger.Finding, binder: Binder, known_on: datetime | None) -> Contradiction:
    answers = [a for a in finding.answers.all() if known_on is None or a.at <= known_on]
    standing, reason = ledger.OPEN, ""
    if answers and answers[-1].kind != ledger.WITHDRAWN:
        standing = answers[-1].kind
        reason = answers[-1].reason_es if binder.lang == "es" else answers[-1].reason_en
    # An answer that came with the data is our proposal, and no account has given it.
    proposed = standing != ledger.OPEN and answers[-1].by.startswith("data/")
    figures = [f for id_ in finding.figures if (f := binder.figure(id_))]
    about = _about_figures(finding, figures, binder) if figures else _about_dates(finding.params, binder)
    return Contradiction(
        code=finding.code,
        state=wording.state(finding.state, binder.lang),
        what=about[0],
        stated=about[1],
        follows=about[2],
        answer=say(f"reports.finding.{'proposed' if proposed else standing}", binder.lang, reason=reason),
        answered=standing != ledger.OPEN,
    )


About = tuple[str, Line, str]  # what it is about, what is stated where, what would follow


def _about_figures(finding: ledger.Finding, figures: Sequence[Figure], binder: Binder) -> About:
    measure = binder.book.measures.get(figures[0].measure)
    what = measure.name(binder.lang) if measure else figures[0].measure
    params = {"stated": finding.stated, "expected": finding.expected, **finding.params}
    if figures[0].value is not None:
        params.setdefault("value", f"{figures[0].value:f}")
    texts = TEXTS.get(finding.kind) or SHARED.get(finding.kind)
    key = "expected" if finding.expected else "stated"
    sentence = texts[binder.lang == "en"] if texts else say(f"reports.finding.{key}", binder.lang)
    said = {name: _written(value, binder) for name, value in params.items()}
    return what, _stated(figures, binder), Template(sentence).safe_substitute(said)


def _about_dates(params: Mapping[str, str], binder: Binder) -> About:
    """Dates that documents state: they are no figures, so nothing leads to a page."""
    said = [
        say(
            "reports.finding.says",
            binder.lang,
            document=wording.document(params[f"{which}_document"], binder.lang),
        )
        + f" {partial_date(params[f'{which}_when'], binder.locale)}"
        for which in ("first", "again")
        if params.get(f"{which}_when")
    ]
    stated = (Text("; ".join(said) + "."),) if said else ()
    return params[f"subject_{binder.lang}"], stated, params.get(f"note_{binder.lang}", "")


def _stated(figures: Sequence[Figure], binder: Binder) -> Line:
    """Which document states which figures, each told apart from the others in words."""
    apart = dict(zip((f.id for f in figures), _apart(figures, binder), strict=True))
    out: list[Inline] = []
    named = {f.id: binder.stated_in(f.id) for f in figures}
    for name in dict.fromkeys(named.values()):
        out.append(
            Text(("; " if out else "") + say("reports.finding.says", binder.lang, document=name) + " ")
        )
        for i, figure in enumerate(f for f in figures if named[f.id] == name):
            more = f" ({apart[figure.id]})" if apart[figure.id] else ""
            out += [*([Text(", ")] if i else []), binder.number(figure.id), *([Text(more)] if more else [])]
    return (*out, Text("."))


def _apart(figures: Sequence[Figure], binder: Binder) -> list[str]:
    """The words by which figures differ: unit, people, members, place, universe, period."""
    lang = binder.lang
    measures = binder.book.measures

    def facets(f: Figure) -> list[str]:
        measure = measures.get(f.measure)
        people = lists.populations().name(f.population, lang).lower() if f.population else ""
        return [
            measure.name(lang).lower() if measure else f.measure,
            people,
            ", ".join(wording.members(f, lang)),
            f.place,
            universe(f, lang),
            wording.when(f, lang, binder.locale),
        ]

    rows = [facets(f) for f in figures]
    differing = [i for i in range(len(rows[0])) if len({row[i] for row in rows}) > 1]
    return ["; ".join(row[i] for i in differing if row[i]) for row in rows]


_PIECES = re.compile(r"( [+\u00d7] )")


def _written(value: str, binder: Binder) -> str:
    """A finding's value as the reader writes it: a number, a sum, a day, a period `day/day`, a unit."""
    if value in lists.units():
        return lists.units().name(value, binder.lang)
    try:
        start, _, end = value.partition("/")
        first, last = date.fromisoformat(start), date.fromisoformat(end or start)
        return span(first, last, binder.lang, binder.locale, short=True)
    except ValueError:
        return "".join(_number(piece, binder) for piece in _PIECES.split(value))


def _number(text: str, binder: Binder) -> str:
    try:
        return number(Decimal(text), binder.locale) if text[:1] in "-0123456789" else text
    except InvalidOperation:
        return text
