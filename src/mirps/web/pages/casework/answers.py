"""The form of an act, made from the procedure's file: its boxes, what was typed into them, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import QueryDict
from uuid_utils.compat import uuid7

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Saying
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Because, Procedure, Reason
from mirps.casework.procedures.model import Act, Field, Type
from mirps.web.pages.casework.appointments_common import codes
from mirps.web.pages.casework.telling import LANGUAGE, OFFICE
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.door import Desk, offices_of
from mirps.web.pages.people.register_boxes import SHOWN_WHOLE, Box

_LONGEST = 4_000
#: A shorter answer has one line.
_AS = {Type.NUMBER: "number", Type.COUNTRY: "country", Type.DATE: "when", Type.YES: "radios", Type.TEXT: "line",
       Type.CHOICES: "ticks"}  # fmt: skip


@dataclass
class Answers:
    """What was typed into an act's form. `id` and `made` are of its first rendering, so that sent twice it is one."""

    id: UUID
    made: datetime
    typed: QueryDict
    faults: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return str(self.typed.get(name, "")).strip()[:_LONGEST]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For the summary of faults: the box that each leads to, and its words."""
        return [*(("", words) for words in self.others), *self.faults.items()]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """All of it, to be carried through a step of confirming."""
        return [
            (k, v) for k, vs in self.typed.lists() for v in vs if k not in ("csrfmiddlewaretoken", "sure")
        ]


def answers_of(desk: Desk) -> Answers:
    """What was posted; before that, an empty form with an id of its own."""
    post = desk.request.POST
    if desk.request.method != "POST":
        return Answers(UUID(str(uuid7())), desk.now, QueryDict())
    try:
        id_, made = UUID(post.get("id", "")), datetime.fromisoformat(post.get("made", ""))
    except ValueError:
        id_, made = UUID(str(uuid7())), desk.now
    if id_.version != 7 or made.tzinfo is None or made > desk.now:
        made = desk.now
    return Answers(id_ if id_.version == 7 else UUID(str(uuid7())), made, post)


def values_of(p: Procedure, act: Act | Iterable[str], given: Answers) -> dict[str, Any]:
    """The values of the form as an event holds them; what was left empty is not among them."""
    asked = act.asked if isinstance(act, Act) else act
    found = {code: _value(p.fields[code], f"f.{code}", given) for code in asked if code in p.fields}
    return {k: v for k, v in found.items() if v not in ("", [], None)}


def _value(f: Field, name: str, given: Answers) -> object:
    match f.type:
        case Type.YES:
            return {"yes": True, "no": False}.get(given.get(name))
        case Type.NUMBER:
            text = given.get(name)
            return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else text
        case Type.CHOICES:
            return [v for v in given.typed.getlist(name) if v]
        case Type.COUNTRY:
            return boxes.country(given.get(name)) if given.get(name) else ""
        case Type.DATE:
            return boxes.when(*(given.get(f"{name}.{part}") for part in "dmy"))
        case _:
            return given.get(name)


def when(p: Procedure, given: Answers, *, at: datetime, last: datetime | None) -> datetime:
    """When it happened: the day and hour that were said, else when the form was opened; or now, where something
    else has been recorded since."""
    zone = cases.clock(p)
    try:
        day = date.fromisoformat(given.get("day"))
    except ValueError:
        return at if last is not None and given.made <= last else given.made
    try:
        hour = time.fromisoformat(given.get("hour"))
    except ValueError:
        hour = time(12)
    said = datetime.combine(day, hour.replace(tzinfo=None), zone)
    return min(said, at) if said.date() == at.astimezone(zone).date() else said


def saying(p: Procedure, code: str, given: Answers, *, at: datetime, last: datetime | None) -> Saying:
    return Saying(
        given.id,
        code,
        when(p, given, at=at, last=last),
        values_of(p, p.acts[code], given),
        given.get("reason"),
    )


def tell(given: Answers, reasons: Iterable[Reason], lang: str) -> None:
    """Put each reason beside the box that it is about, or above them all."""
    for r in reasons:
        if r.because in (Because.REQUIRED, Because.VALUE):
            for code, name in zip(r.codes, r.names, strict=False):
                given.faults[f"f.{code}"] = Reason(r.because, (name,)).say(lang)
        elif r.because is Because.REASON:
            given.faults["reason"] = r.say(lang)
        elif r.because is Because.CLOCK:
            given.faults["day"] = r.say(lang)
        else:
            given.others.append(r.say(lang))


def boxes_of(
    desk: Desk, p: Procedure, act: Act | Iterable[str], given: Answers, start: Mapping[str, Any], *,
    institution: str = "",
) -> list[Box]:  # fmt: skip
    """The boxes of an act. `start`: what is proposed before anything is typed."""
    asked = act.asked if isinstance(act, Act) else tuple(act)
    needed = act.required if isinstance(act, Act) else ()
    fresh = not given.typed
    return [
        _box(desk, p.fields[code], code, given, start.get(code) if fresh else None, code in needed, institution)
        for code in asked if code in p.fields
    ]  # fmt: skip


def _box(desk: Desk, f: Field, code: str, given: Answers, start: Any, needed: bool, institution: str) -> Box:
    name, lang = f"f.{code}", desk.lang
    options = tuple((c, wording.in_lang(t, lang)) for c, t in f.options.items())
    as_ = _AS.get(f.type, "radios" if len(options) <= SHOWN_WHOLE else "pick")
    value = given.get(name)
    parts = tuple(given.get(f"{name}.{part}") for part in "dmy")
    if f.type is Type.YES:
        options = tuple((v, say(f"casework.answer.{v}", lang)) for v in ("yes", "no"))
    if f.type is Type.CHOICES:
        value = " ".join(given.typed.getlist(name))
    if code == OFFICE and f.type is Type.TEXT and institution:
        as_, options = "pick", tuple((o, codelists.offices().name(o, lang)) for o in offices_of(institution)
                                     if o in codelists.offices())  # fmt: skip
        as_ = as_ if options else "line"
    if start is not None:
        value, parts = _laid_out(f, start, lang)
    if code == LANGUAGE and f.type is Type.TEXT:
        as_, options = "pick", _languages(desk, value)
    return Box(name, as_, wording.in_lang(f.name, lang), value, options, parts, needed,  # type: ignore[arg-type]
               given.faults.get(name, ""), _LONGEST if f.type is Type.TEXT else 60)  # fmt: skip


def _languages(desk: Desk, said: str) -> tuple[tuple[str, str], ...]:
    """The languages that the registry knows; and what was once written in another way."""
    known = tuple(codes(desk, "languages"))
    return known if not said or said in dict(known) else (*known, (said, said))


def _laid_out(f: Field, value: Any, lang: str) -> tuple[str, tuple[str, str, str]]:
    """An answer as if somebody had typed it."""
    if f.type is Type.DATE:
        year, month, day = [*str(value)[:10].split("-"), "", ""][:3]
        return "", (day, month, year)
    if f.type is Type.YES:
        return ("yes" if value else "no"), ("", "", "")
    if f.type is Type.COUNTRY:
        return codelists.country_name(str(value), lang) if value in codelists.countries() else str(value), (
            "",
            "",
            "",
        )
    return (" ".join(value) if isinstance(value, list) else str(value)), ("", "", "")
