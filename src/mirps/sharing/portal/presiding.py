"""Who leads, in words for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mirps.base.texts.api import say
from mirps.planning.governance.api import governance
from mirps.sharing.portal.wording import document, institution, state


@dataclass(frozen=True, slots=True)
class Told:
    sentence: str
    facts: tuple[tuple[str, str], ...]
    source: str


def presiding(on: date, lang: str) -> Told | None:
    """Who presides on a day; where no document speaks of that year, the last one that any names."""
    held = governance()
    last = held.latest(on) if held else None
    if held is None or last is None:
        return None
    key = "now" if last.year >= on.year else "last"
    sentence = say(
        f"portal.presiding.{key}", lang, state=state(last.state, lang), year=last.year, now=on.year
    )
    facts = []
    if held.chairs:
        chair = max(held.chairs, key=lambda c: c.number)
        facts.append((say("portal.presiding.chair", lang), institution(chair.institution, lang)))
    for team in held.teams:
        if team.leads:
            year = max(y for y, _, _ in team.leads)
            who = [institution(i, lang) if i else state(s, lang) for y, s, i in team.leads if y == year]
            leads = say("portal.presiding.lead", lang, who=", ".join(dict.fromkeys(who)), year=year)
            facts.append((say("portal.presiding.team", lang, team=team.name(lang)), leads))
    source = say("portal.presiding.source", lang, document=document(last.document, lang))
    return Told(sentence, tuple(facts), f"{source} {last.note(lang)}".strip())


def in_the_framework(code: str, lang: str) -> list[tuple[str, str]]:
    """A State's part in the MIRPS: since when, its presidencies, the teams it led, its projects."""
    held = governance()
    if held is None:
        return []
    out = []
    if joined := held.joined.get(code, "")[:4]:
        out.append((say("portal.presiding.joined", lang), joined))
    if years := [str(p.year) for p in held.of_state(code)]:
        out.append((say("portal.presiding.presidencies", lang), ", ".join(years)))
    for team, led in held.led_by(code):
        words = ", ".join(str(y) for y in led)
        out.append((say("portal.presiding.led", lang, team=team.name(lang)), words))
    if projects := held.projects_of(code):
        out.append((say("portal.presiding.projects", lang), "; ".join(p.title(lang) for p in projects)))
    return out
