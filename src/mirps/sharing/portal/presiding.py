"""Who leads, in words for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mirps.base.texts.api import say
from mirps.planning.governance.api import LEADING, Term, bounds, governance, who_name
from mirps.planning.records import api as records
from mirps.sharing.portal.shelf import Shelf
from mirps.sharing.portal.wording import document, state


@dataclass(frozen=True, slots=True)
class Told:
    sentence: str
    facts: tuple[tuple[str, str], ...]
    source: str


def presiding(shelf: Shelf, on: date, lang: str) -> Told | None:
    """Who presides on a day; where no document speaks of that year, the last one that any names."""
    held = shelf.once("governance", governance)
    presidency = held.body("presidency")
    begun = [t for t in _leads(held.terms, presidency.key) if _first(t) <= on] if presidency else []
    if not begun:
        return None
    last = max(begun, key=_first)
    year = last.named_for
    key = "now" if year >= on.year else "last"
    sentence = say(f"portal.presiding.{key}", lang, state=state(last.member, lang), year=year, now=on.year)
    facts = []
    for body in held.bodies.values():
        leads = [t for t in _leads(held.terms, body.key) if _first(t) <= on]
        if body.type == "platform" and leads:
            facts.append((say("portal.presiding.chair", lang), _named(_latest(leads), lang)))
        elif body.type == "team" and leads:
            latest = _latest(leads)
            words = say(
                "portal.presiding.lead", lang, who=_named(latest, lang), year=max(map(_spoken, latest))
            )
            facts.append((body.title(lang), words))
    return Told(sentence, tuple(facts), _known(last, lang))


def _known(last: Term, lang: str) -> str:
    if not last.sources:
        return last.note(lang)
    source = say("portal.presiding.source", lang, document=document(last.sources[0].document, lang))
    return f"{source} {last.note(lang)}".strip()


def _leads(terms: Sequence[Term], body: str) -> list[Term]:
    return [t for t in terms if t.body == body and t.role in LEADING]


def _first(t: Term) -> date:
    """The first day of a term, or of the year that it is named for."""
    return bounds(t.starts or t.year or t.held or "9999")[0]


def _spoken(t: Term) -> int:
    """The last year of which a source says that they held it."""
    return int(max(t.year, t.held, t.starts)[:4])


def _latest(leads: Sequence[Term]) -> list[Term]:
    last = max(_first(t) for t in leads)
    return [t for t in leads if _first(t) == last]


def _named(terms: Sequence[Term], lang: str) -> str:
    names = [t.holder(lang) or who_name(t.member, t.institution, lang) for t in terms]
    return ", ".join(dict.fromkeys(names))


def in_the_framework(shelf: Shelf, code: str, lang: str) -> list[tuple[str, str]]:
    """A State's part in the MIRPS: since when, its presidencies, the teams it led, its projects."""
    held = shelf.once("governance", governance)
    out = []
    joined = next((m.joined for m in held.members if m.state == code), "")[:4]
    if joined:
        out.append((say("portal.presiding.joined", lang), joined))
    for body in held.bodies.values():
        led = [t for t in _leads(held.terms, body.key) if t.member == code and (t.year or t.starts or t.held)]
        years = ", ".join(str(y) for y in sorted({y for t in led for y in (t.named_for, _spoken(t))}))
        if body.type == "presidency" and led:
            words = ", ".join(str(t.named_for) for t in led)
            out.append((say("portal.presiding.presidencies", lang), words))
        elif body.type == "team" and led:
            out.append((say("governance.led", lang, body=body.title(lang)), years))
    recorded = shelf.once("projects", lambda: records.in_force("project"))
    projects = [records.title(r.kind, r.public or {}, lang) for r in recorded if r.state == code]
    if projects:
        out.append((say("portal.presiding.projects", lang), "; ".join(projects)))
    return out
