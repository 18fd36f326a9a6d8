"""From a case to what its letter says, in both languages. Pure: what is needed was read before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from mirps.base.calendars.api import Calendar, due
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import locale_for, partial_date, say
from mirps.casework.letters import fields, numbers, templates
from mirps.casework.letters.drawing import CARD, Face
from mirps.casework.letters.fields import Words
from mirps.casework.letters.templates import Template, Value
from mirps.casework.procedures.api import Event, Procedure
from mirps.casework.procedures.citing import Citation
from mirps.casework.procedures.model import Document
from mirps.casework.procedures.wording import in_lang, term
from mirps.people.registry import api as registry

#: Where a letter is verified and the window is, in the language of the paper: short, to be typed.
VERIFY = {"es": "/verificar/", "en": "/verify/"}
#: What a letter needs to know of a person: kinds of facts; and what a card needs besides.
SAID, ON_CARDS = ("name", "birth", "nationality"), ("photo", "consent")
WINDOW = {"es": "/ventana/", "en": "/window/"}


@dataclass(frozen=True, slots=True)
class Whose:
    """A person as a letter names them. `born`: ISO 8601, as exact as it is known. `window`: the code of theirs.
    `photo`: SHA-256 of the photo that their card may bear; empty where there is none, or they do not agree."""

    id: UUID
    number: str
    name: str
    born: str
    nationality: tuple[str, ...] = ()  # alpha-3
    window: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter is made of. `facts`: what the case's reader may know; `step`: the stage after the act."""

    procedure: Procedure
    code: str  # of the document
    event: Event
    stage: str
    facts: Mapping[str, Any]
    case: str
    office: str
    person: Whose
    family: tuple[Whose, ...]
    serial: str
    issued: date
    until: date | None
    clock: tzinfo
    address: str
    cited: tuple[Citation, ...] = ()  # by whatever was done until then

    @property
    def document(self) -> Document:
        return self.procedure.documents[self.code]


def until(d: Document, issued: date, calendar: Calendar) -> date | None:
    """The last day on which a document of that day holds; None: it has no end."""
    if d.valid is None:
        return None
    last = due(d.valid, issued.toordinal(), calendar)
    return date.fromordinal(last) if last is not None else None


def words(lang: str, state: str) -> Words:
    return Words(lang, locale_for(lang, state, codelists.locales()), codelists.country_name)


def values(t: Told, lang: str) -> dict[str, Value]:
    """Every field's value; empty where there is nothing to say."""
    p, w = t.procedure, words(lang, t.procedure.state)
    act = p.acts.get(t.event.act)
    stage = p.stages.get(t.stage)
    bases = dict.fromkeys([t.document.law, *(act.law if act else ())])
    return {
        **fields.said(p, t.facts, w),
        "name": t.person.name, "born": _partial(t.person.born, w),
        "nationality": ", ".join(w.country(c, lang) for c in t.person.nationality),
        "person_number": t.person.number, "family": tuple(f"{f.name} ({f.number})" for f in t.family),
        "case_number": t.case, "procedure": in_lang(p.title, lang), "document": in_lang(t.document.name, lang),
        "authority": institution(p.authority, lang), "office": office(t.office, lang),
        "state": codelists.states().name(p.state, lang), "act": in_lang(act.name, lang) if act else "",
        "act_day": w.day(t.event.happened.astimezone(t.clock).date()),
        "stage": in_lang(stage.name, lang) if stage else "", "reason": t.event.reason,
        "remedies": tuple(remedies(p, t.event.act, lang)),
        "law": tuple(in_lang(p.law[b].text, lang) for b in bases if b in p.law and not p.law[b].certainty.uncertain),
        "cited": tuple(c.line for c in t.cited), "issued": w.day(t.issued), "valid_until": w.day(t.until),
        "serial": t.serial, "window_code": t.person.window, "window_address": t.address + WINDOW[lang],
        "verify_address": t.address + VERIFY[lang],
    }  # fmt: skip


def remedies(p: Procedure, code: str, lang: str) -> list[str]:
    """What can be done against an act, each with its time."""
    act = p.acts.get(code)
    out = []
    for remedy in act.remedies if act else ():
        name = in_lang(p.acts[remedy].name, lang)
        terms = [d.term for d in p.deadlines.values() if remedy in d.met_by]
        out.append(f"{name}: {term(terms[0], lang)}" if terms else name)
    return out


def face(t: Told, template: Template, lang: str, *, paper: str, control: str, kid: str) -> Face:
    """A letter in one language."""
    said = values(t, lang)
    shown = ["serial", "issued", "valid_until"]
    shown = ["name", *shown] if t.document.paper == CARD else ["case_number", "person_number", *shown]
    rows = [(say(f"letters.row.{name}", lang), str(said[name])) for name in shown if said[name]]
    lines = (
        say("letters.proof.signed", lang, address=str(said["verify_address"]).partition("://")[2]),
        say("letters.proof.control", lang, control=f"{control[:4]}-{control[4:]}", born=t.person.born or "–"),
        say("letters.proof.key", lang, kid=kid),
    )
    return Face(
        lang=lang, state=str(said["state"]), authority=str(said["authority"]), title=str(said["document"]),
        rows=tuple(rows), blocks=tuple(templates.fill(template, said)), lines=lines,
        foot=f"{said['authority']} · {t.serial}", alt=say("letters.proof.alt", lang, serial=t.serial), paper=paper,
    )  # fmt: skip


def institution(code: str, lang: str) -> str:
    known = codelists.institutions()
    return known.name(code, lang) if code in known else code


def office(code: str, lang: str) -> str:
    known = codelists.offices()
    return known.name(code, lang) if code in known else institution(code, lang) if code else ""


def whose(person: UUID, number: str, state: str, standing: Sequence[Any], *, at: datetime) -> Whose:
    """From what stands of a person in the registry (facts of SAID). `at`: local time, for consents that end."""
    born = next((str(f.data["date"]) for f in reversed(standing) if f.kind == "birth"), "")
    countries = [
        str(f.data["country"]) for f in standing if f.kind == "nationality" and f.data.get("country")
    ]
    return Whose(
        person, number, registry.shown_name(standing), born, tuple(dict.fromkeys(countries)),
        numbers.window_code(state, person), _photo(standing, at),
    )  # fmt: skip


def _photo(standing: Sequence[Any], at: datetime) -> str:
    """The photo that stands, unless the person said no to photos (lists/consent-purposes.csv), or no longer agrees."""
    held = next((str(f.data["file"]) for f in reversed(standing) if f.kind == "photo"), "")
    return held if registry.consents(standing, on=at).get("photo", True) else ""


def _partial(born: str, w: Words) -> str:
    return partial_date(born, w.locale) if born else ""
