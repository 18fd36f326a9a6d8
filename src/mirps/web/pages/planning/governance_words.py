"""Terms and answers in words: who, when, how sure, and what is nearest where no source says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import partial_date, say
from mirps.planning.governance import api as governance
from mirps.planning.governance.api import Answer, Body, Book, Term
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.planning.door import Desk

_DAY = timedelta(days=1)
#: Holders that one sentence names.
MOST_NAMED = 8


def who(desk: Desk, term: Term, *, where: bool = True) -> str:
    """Who holds a term; an institution or municipality with its State."""
    name = term.holder(desk.lang)
    if not name and term.institution:
        name = codelists.institutions().name(term.institution, desk.lang)
    state = state_name(term.member, desk.lang) if term.member else ""
    if not name:
        return state
    return f"{name} ({state})" if where and state else name


def when(desk: Desk, term: Term) -> str:
    """From when until when, as exact as it is known."""

    def told(date_: str) -> str:
        words = partial_date(date_, desk.locale)
        return f"el {words}" if desk.lang == "es" and len(date_) == 10 else words

    parts = []
    if term.starts and term.ends:
        parts.append(say("governance.when.both", desk.lang, starts=told(term.starts), ends=told(term.ends)))
    elif term.starts:
        parts.append(say("governance.when.from", desk.lang, starts=told(term.starts)))
    elif term.ends:
        parts.append(say("governance.when.until", desk.lang, ends=told(term.ends)))
    if term.year and not parts:
        parts.append(say("governance.when.year", desk.lang, year=partial_date(term.year, desk.locale)))
    elif term.year and term.year[:4] != (term.starts or term.ends)[:4]:
        parts[-1] += " " + say("governance.when.year-beside", desk.lang, year=term.year)
    if term.held and not term.ends:
        key = "held-day" if len(term.held) == 10 else "held"
        parts.append(say(f"governance.when.{key}", desk.lang, held=told(term.held)))
    return "; ".join(parts) or say("governance.when.none", desk.lang)


def names(desk: Desk, terms: Sequence[Term], *, dated: bool = False) -> str:
    """Several holders in one sentence, each once."""
    told = dict.fromkeys(
        f"{who(desk, t)}, {when(desk, t)}" if dated else who(desk, t) for t in terms[:MOST_NAMED]
    )
    left = len(terms) - MOST_NAMED
    return "; ".join(told) + (f"; +{left}" if left > 0 else "")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: the sentence, how it stands (known, named, nobody), and what is nearest."""

    sentence: str
    standing: str
    nearest: tuple[str, ...]
    terms: tuple[Term, ...]


def said(desk: Desk, held: Book, body: Body, answer: Answer) -> Said:
    """Who was in charge of a body on a day, as a page says it."""
    lang = desk.lang
    if answer.known:
        key = "together" if answer.together else "known"
        also = [_a("named", lang, who=names(desk, answer.named, dated=True))] if answer.named else []
        return Said(_a(key, lang, who=names(desk, answer.known)), "known", tuple(also), answer.known)
    if answer.named:
        key = "named-together" if answer.together else "named"
        return Said(
            _a(key, lang, who=names(desk, answer.named)), "named", tuple(_open(desk, answer)), answer.named
        )
    return Said(_silent(desk, body, answer), "nobody", tuple(_nearest(desk, held, body, answer)), ())


def _a(key: str, lang: str, **values: object) -> str:
    return say(f"governance.answer.{key}", lang, **values)


def _silent(desk: Desk, body: Body, answer: Answer) -> str:
    if answer.before_it:
        return _a("not-yet", desk.lang, when=partial_date(body.created, desk.locale))
    if answer.after_it:
        return _a("no-longer", desk.lang, when=partial_date(body.ended, desk.locale))
    if not (answer.open or answer.before or answer.after):
        return _a("nothing", desk.lang)
    return _a("nobody", desk.lang)


def _open(desk: Desk, answer: Answer) -> Iterable[str]:
    if answer.open:
        yield _a("open", desk.lang, who=names(desk, answer.open, dated=True))


def _nearest(desk: Desk, held: Book, body: Body, answer: Answer) -> Iterable[str]:
    yield from _open(desk, answer)
    if answer.before and not answer.open:
        yield _a("before", desk.lang, who=names(desk, answer.before, dated=True))
    if answer.after:
        yield _a("after", desk.lang, who=names(desk, answer.after, dated=True))
    turn = by_rotation(held, body, answer.on)
    if turn:
        yield _a("rotation", desk.lang, state=state_name(turn.state, desk.lang))
    above = held.bodies.get(body.within)
    if above:
        yield _a("above", desk.lang, body=above.title(desk.lang))


def by_rotation(held: Book, body: Body, on: date) -> governance.Turn | None:
    """The turn of the rotation for the year of a day after the last presidency that anything tells of."""
    if body.type != "presidency":
        return None
    turns = ahead(held, body, 20)
    return next((t for t in turns if t.year == on.year), None)


def ahead(held: Book, presidency: Body, years: int) -> list[governance.Turn]:
    return governance.ahead(
        governance.order(held.present(), "es"), governance.presided(held.terms, presidency), years
    )


def why(desk: Desk, turn: governance.Turn, order: Sequence[str]) -> str:
    """The reason of a turn, in words."""
    wraps = order.index(turn.state) <= order.index(turn.after) if turn.after in order else False
    key = "why-first" if wraps else "why"
    words = [say(f"governance.rotation.{key}", desk.lang, after=state_name(turn.after, desk.lang))]
    if turn.skipped:
        key = "skipped" if len(turn.skipped) == 1 else "skipped-many"
        listed = ", ".join(state_name(s, desk.lang) for s in turn.skipped)
        words.append(say(f"governance.rotation.{key}", desk.lang, states=listed))
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Bar:
    """One holder of a seat on the line of time. Places in thousandths of its length."""

    term: Term
    sure: tuple[int, int] | None  # from, length
    named: tuple[tuple[int, int], ...]  # the years and months that a source names it for
    open: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Timeline:
    years: tuple[int, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[int, ...]


def timeline(terms: Sequence[Term]) -> Timeline | None:
    """Bars of the terms over whole years, from the first to the last that anything written names."""
    written = [w for t in terms for w in (t.year, t.starts, t.ends, t.held) if w]
    if not written:
        return None
    edges = [governance.bounds(w) for w in written]
    first, last = min(e[0].year for e in edges), max(e[1].year for e in edges) + 1
    begin, length = date(first, 1, 1), (date(last, 1, 1) - date(first, 1, 1)).days

    def place(day: date) -> int:
        return round(1000 * min(max((day - begin).days, 0), length) / length)

    def stretch(from_: date, until: date) -> tuple[int, int]:
        return place(from_), place(until) - place(from_)

    spans = governance.spans(terms)
    bars = []
    for t in sorted(terms, key=lambda t: (spans[t.key].last_start, spans[t.key].first_end)):
        s = spans[t.key]
        periods = [governance.bounds(w) for w in (t.year, t.held, t.starts, t.ends) if w and len(w) < 10]
        named = [stretch(max(a, s.first_start), min(b + _DAY, s.last_end)) for a, b in periods]
        sure = stretch(s.last_start, s.first_end) if s.last_start < s.first_end else None
        bars.append(Bar(t, sure, tuple(x for x in named if x[1] > 0), stretch(s.first_start, s.last_end)))
    years = tuple(range(first, last))
    return Timeline(years, tuple(bars), tuple(place(date(y, 1, 1)) for y in years[1:]))
