"""Governance: States, bodies, who was in charge of each on a day, the rotation, institutions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.planning.governance import api as governance
from mirps.planning.governance.api import Body, Book, Term
from mirps.planning.records import api as records
from mirps.sharing.portal import queries as portal
from mirps.sharing.portal.shelf import Shelf
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.planning import governance_words as words
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import FOLLOWS, Desk, reading
from mirps.web.pages.planning.record import whole

#: Where a body stands on the page, by the type of the one that it is within at last.
GROUPS = {
    "presidency": "presidency", "secretariat": "presidency", "team": "team", "platform": "platform",
    "fund": "fund", "dialogue": "dialogue", "national-team": "national-team",
}  # fmt: skip
ORDER = ("presidency", "team", "platform", "fund", "dialogue", "national-team", "roundtable")
ACT = "governance.write"
#: How many turns of the rotation are computed forward: one round.
TURNS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A body in the list, with who is in charge of it on the day."""

    body: Body
    depth: int
    said: words.Said
    last: str


@require_safe
@reading
def front(desk: Desk) -> HttpResponse:
    """Everything of governance on a day (`?on=`, else today), and the answer for one body (`?body=`)."""
    held = book_of(desk)
    ask = desk.request.GET
    on, wrong = day_of(desk)
    asked = held.body(ask.get("body", "")) if ask.get("body") else None
    faults = {"on": say("governance.ask.wrong-day", desk.lang)} if wrong else {}
    if ask.get("body") and asked is None:
        faults["body"] = say("governance.ask.wrong-body", desk.lang)
    return desk.page(
        "planning/governance.html", 422 if faults else 200,
        held=held, on=on, today=desk.now.date(), asked=asked, faults=faults,
        answer=words.said(desk, held, asked, governance.who(asked, held.terms, on)) if asked else None,
        words=words, may_hand_over=any(desk.may(ACT, state=g.state, body=g.body) for g in desk.grants),
        trail=[(say("governance.short", desk.lang), "")], **_told(desk, held, on),
    )  # fmt: skip


def book_of(desk: Desk) -> Book:
    """Governance as it is in force, read once for each version of what the public may read."""
    return _shelf(desk).once("governance-book", governance.book)


def _shelf(desk: Desk) -> Shelf:
    return portal.shelf(desk.now, getattr(desk.request, "ledger_token", ""))


def _told(desk: Desk, held: Book, on: date) -> dict[str, Any]:
    """All that the page says of a day whoever asks: made once for it, by language and way of writing."""
    presidency = held.body("presidency")

    def made() -> dict[str, Any]:
        return {
            "groups": list(_groups(desk, held, on)), "members": _members(held),
            "choices": [(b.code, b.title(desk.lang)) for b in held.bodies.values()],
            "rotation": _rotation(desk, held, presidency) if presidency else None,
        }  # fmt: skip

    return _shelf(desk).once(("governance", on, desk.lang, desk.locale), made)


def day_of(desk: Desk) -> tuple[date, bool]:
    """The day asked for, and whether what was typed is none; without one, today."""
    on = desk.day("on")
    if on is None or not 1990 <= on.year <= 2100:
        return desk.now.date(), bool(desk.request.GET.get("on"))
    return on, False


def _groups(desk: Desk, held: Book, on: date) -> Iterable[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {name: [] for name in ORDER}
    for body in held.bodies.values():
        if body.within in held.bodies:
            continue
        found[GROUPS.get(body.type, "roundtable")] += list(_rows(desk, held, body, on, 0))
    return ((name, rows) for name, rows in found.items() if rows)


def _rows(desk: Desk, held: Book, body: Body, on: date, depth: int) -> Iterable[Row]:
    answer = governance.who(body, held.terms, on)
    last = answer.open or answer.before
    told = say("governance.last", desk.lang, who=words.names(desk, last, dated=True)) if last else ""
    yield Row(body, depth, words.said(desk, held, body, answer), told)
    if depth < 5:
        for part in held.within(body):
            yield from _rows(desk, held, part, on, depth + 1)


def _members(held: Book) -> list[tuple[governance.Member, str, Body | None]]:
    """Each State with the years that it presided and its national team."""
    presidency = held.body("presidency")
    years: dict[str, list[str]] = {}
    for year, state in governance.presided(held.terms, presidency) if presidency else ():
        years.setdefault(state, []).append(str(year))
    teams = {b.state: b for b in held.bodies.values() if b.type == "national-team"}
    return [(m, ", ".join(years.get(m.state, ())), teams.get(m.state)) for m in held.members]


def _rotation(desk: Desk, held: Book, presidency: Body) -> dict[str, Any]:
    """The order, what is written of it, how it explains the past, and the turns ahead."""
    order = governance.order(held.present(), "es")
    past = governance.presided(held.terms, presidency)
    explained = governance.explained(order, past)
    terms = {(t.year or t.starts)[:4]: t for t in held.of(presidency) if t.role == "presidency"}
    return {
        "order": ", ".join(state_name(s, desk.lang) for s in order),
        "same": order == governance.order(held.present(), "en"),
        "past": [(year, state, _past_why(desk, order, past, n, explained[year]), terms.get(str(year)))
                 for n, (year, state) in enumerate(past)],
        "ahead": [(t, words.why(desk, t, order)) for t in words.ahead(held, presidency, TURNS)],
        "sources": presidency.sources,
    }  # fmt: skip


def _past_why(
    desk: Desk, order: list[str], past: list[tuple[int, str]], n: int, turn: governance.Turn | None
) -> str:
    if turn is not None:
        return words.why(desk, turn, order)
    if n < 2:
        return say("governance.rotation.unexplained", desk.lang)
    due = governance.ahead(order, past[:n], 1)[0]
    return say("governance.rotation.out-of-order", desk.lang, state=state_name(due.state, desk.lang))


@require_safe
@reading
def body(desk: Desk, code: str) -> HttpResponse:
    """One body: who has been in charge as a line of time, every term with its source, its parts."""
    record = desk.record("body", code)
    held = book_of(desk)
    found = held.body(code)
    if found is None:  # withdrawn, or a draft: the page that all kinds share shows it
        return desk.page("planning/record.html", **whole(desk, record))
    on, wrong = day_of(desk)
    own = held.of(found)
    leading = [t for t in own if t.role in found.in_charge]
    answer = governance.who(found, held.terms, on)
    above = held.bodies.get(found.within)
    parts = held.within(found)
    context = whole(desk, record) | {"on": on}
    within = {p.key for p in parts}
    linked = [
        (name, [shown for shown in listed if shown[0].key not in within])
        for name, listed in context["naming"]
    ]
    context["naming"] = [(name, listed) for name, listed in linked if listed]
    context["trail"] = [
        (say("governance.short", desk.lang), desk.url("governance")),
        *([(above.title(desk.lang), desk.url("body", code=above.code))] if above else []),
        (found.title(desk.lang), ""),
    ]
    return desk.page(
        "planning/governance-body.html", 422 if wrong else 200,
        b=found, body_above=above, parts=parts, today=desk.now.date(), words=words,
        faults={"on": say("governance.ask.wrong-day", desk.lang)} if wrong else {},
        answer=words.said(desk, held, found, answer), line=words.timeline(leading),
        seats=governance.troika(found, held.terms, on) if found.seats else [],
        leading=_ordered(leading), others=_by_role(t for t in own if t not in leading),
        may_add=desk.may(ACT, state=found.state),
        may_hand_over=found.type in governance.ROLES and desk.may(ACT, state=found.state),
        left_behind=bool(governance.via(found)) and desk.may(ACT) and governance.drift(),
        done=_done(desk, own), entered=_entered(desk, own), **context,
    )  # fmt: skip


def _entered(desk: Desk, terms: Iterable[Term]) -> dict[str, str]:
    """Of each term that no document tells of: where it is on record, as whoever entered it said; that is for those
    who work on it, others read that it was entered here."""
    found = {}
    for key in (t.key for t in terms if not t.sources):
        told = [c.reason for c in records.history(key) if c.reason]
        found[key] = told[0] if told and desk.works_on(records.get(key)) else ""
    return found


def _ordered(terms: Iterable[Term]) -> list[Term]:
    """The latest first."""
    found = list(terms)
    spans = governance.spans(found)
    return sorted(found, key=lambda t: (spans[t.key].last_start, t.key), reverse=True)


def _by_role(terms: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    order = records.kinds()["term"]["role"].options
    found: dict[str, list[Term]] = {role: [] for role in order}
    for t in terms:
        found[t.role].append(t)
    return [(role, held) for role, held in found.items() if held]


def _done(desk: Desk, own: list[Term]) -> Term | None:
    """The term that was just recorded, named in the address."""
    key = f"term/{desk.request.GET.get('done', '')}"
    return next((t for t in own if t.key == key), None)


@dataclass(frozen=True, slots=True)
class Found:
    """An institution, and the name by which it was found where that is not its own."""

    code: str
    name: str
    acronym: str
    state: str
    kind: str
    aliases: tuple[str, ...]
    by: str


@require_safe
@reading
def institutions(desk: Desk) -> HttpResponse:
    """The institutions that there are, found by name, acronym or any other name they go by."""
    ask = desk.request.GET
    q, area = ask.get("q", "")[:100], ask.get("state", "")
    members = [m for m in codelists.states() if codelists.states()[m].extra.get("kind") == "state"]
    if area not in ("", "region", *members):
        raise Http404
    found = list(_find(desk, records.folded(q), area, members))
    return desk.page(
        "planning/governance-institutions.html", q=q, area=area, members=members, found=found,
        trail=[(say("governance.short", desk.lang), desk.url("governance")),
               (say("governance.institutions.title", desk.lang), "")],
    )  # fmt: skip


def _find(desk: Desk, q: str, area: str, members: list[str]) -> Iterable[Found]:
    for code, i in codelists.institutions().items():
        state = i.extra["state"]
        if area and (state in members if area == "region" else state != area):
            continue
        aliases = tuple(a for a in i.extra["aliases"].split("|") if a)
        own = [i.name(desk.lang), i.extra["acronym"], code]
        other = [i.name("en" if desk.lang == "es" else "es"), *aliases]
        by = ""
        if q and not any(q in records.folded(name) for name in own):
            by = next((name for name in other if q in records.folded(name)), "")
            if not by:
                continue
        yield Found(code, own[0], own[1], state, i.extra["kind"], aliases, by)


patterns: list[URLPattern] = [
    path("planning/governance/", front, name="governance"),
    path("planning/body/<str:code>/", body, name="body"),
    path("planning/institutions/", institutions, name="institutions"),
]


def _follow(desk: Desk) -> None:
    """Rights follow the terms that are recorded, whoever writes them by whatever page."""
    governance.follow(by=desk.username, at=desk.now)


FOLLOWS["body"] = FOLLOWS["term"] = _follow
showing.PAGES["body"] = "body"
lists.LEADS["governance"] = "governance"
