"""A case: whose turn it is, what can be done and what not and why, how its deadlines stand, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, CaseFile
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.model import Type
from mirps.people.custody import api as custody
from mirps.web.pages.casework import telling
from mirps.web.pages.casework.door import Desk, allows, file_of, row_of, with_cases
from mirps.web.pages.casework.hooks import ways
from mirps.web.pages.casework.worklist import called, today
from mirps.web.pages.people.person import in_view

#: What a page says after an act (`?done=`).
DONE = ("recorded", "opened", "taken", "given", "queued", "corrected", "again")


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody whom the case is about. Number and name are empty where they are not in view."""

    number: str
    name: str
    role: str


@require_safe
@with_cases()
def case(desk: Desk, number: str) -> HttpResponse:
    """The page of a case."""
    with custody.seated(desk.seat, looks=True):
        file = file_of(desk, number, names=True)
        people = whom(desk, file)
        may_act = allows(desk, "act")
        roles, plainly = roles_at(desk, file) if may_act else ((), ())
    names = called(telling.users(file))
    p, lang = file.procedure, desk.lang
    offers, triage = telling.offers(file, roles, plainly, lang), telling.triage(file)
    done = desk.request.GET.get("done", "")
    mend = desk.url("case-correct", number=number, event=telling.ANY) if roles else ""
    return desk.page(
        "casework/case.html", **header(desk, file, names), people=people, can=offers.can, cannot=offers.cannot,
        history=telling.history(file, names, lang, desk.locale, mend), triage=triage,
        triage_table=telling.triage_table(p, triage, lang), proposals=_proposals(desk, file, offers.every),
        roles=telling.listed(roles, p.roles, lang), more=ways(desk, number),
        said=_said(desk, file), origins=_origins(desk, file),
        done=done if done in DONE else "", may_act=may_act,
    )  # fmt: skip


def header(desk: Desk, file: CaseFile, names: dict[str, str]) -> dict[str, Any]:
    """What every page about a case says of it first."""
    p, lang, row = file.procedure, desk.lang, file.row
    stage = p.stages[file.state.stage]
    clocks = telling.clocks(file, lang)
    live = [c for c in clocks if c.live]
    modality = p.fields["modality"].options.get(row.modality) if "modality" in p.fields else None
    return {
        "file": file, "p": p, "number": file.case.number, "stage": wording.in_lang(stage.name, lang),
        "open": stage.open, "ending": stage.ending.value, "turn": telling.listed(file.turn, p.roles, lang),
        "clocks": clocks, "next": live[0] if live else None,
        "modality": wording.in_lang(modality, lang) if modality else "",
        "office": codelists.office_name(row.office, lang),
        "handler": names.get(file.handler, file.handler), "entered": row.entered,
    }  # fmt: skip


def roles_at(desk: Desk, file: CaseFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles of the procedure that this reader holds where the case is, and those held anywhere: in these
    they note what happened at whichever office a person comes to."""
    if file.roles or not file.whole:
        return file.roles, file.roles
    name, body = file.procedure.name, desk.seat.institution
    return (), cases.roles_of(desk.username, name, institution=body, office="", on=file.on)


def whom(desk: Desk, file: CaseFile) -> list[Whom]:
    """Whom it is about, with names where their files are in view; inside `seated`."""
    seen = {s.person_id for s in file.subjects if getattr(s, "in_sight", False) or in_view(desk, s.person)}
    names = file.names_of(seen)
    return [
        Whom(s.person.number, names.get(s.person_id, ""), s.role)
        if s.person_id in seen
        else Whom("", "", s.role)
        for s in file.subjects
    ]


def _proposals(desk: Desk, file: CaseFile, offers: Mapping[str, telling.Offer]) -> list[dict[str, Any]]:
    """What deadlines ask: told to whom, and the act that one of them proposes."""
    p = file.procedure
    return [
        {"name": wording.in_lang(p.deadlines[c.deadline].name, desk.lang), "lapsed": c.lapsed,
         "to": telling.listed([c.to], p.roles, desk.lang), "act": offers.get(c.act), "code": c.deadline,
         "left": telling.left(due, file.on, desk.lang) if (due := c.standing.due_day) else "",
         "missed": c.standing.missed}
        for c in file.calls
    ]  # fmt: skip


def _said(desk: Desk, file: CaseFile) -> list[tuple[str, str, bool]]:
    """What is known of the case now: label, answer, whether it is sensitive."""
    p = file.procedure
    return [
        (wording.in_lang(p.fields[k].name, desk.lang), telling.value(p.fields[k], k, v, desk.lang, desk.locale),
         p.fields[k].sensitive)
        for k, v in file.facts.items() if k in p.fields
    ]  # fmt: skip


def _origins(desk: Desk, file: CaseFile) -> list[tuple[str, str]]:
    """Countries that the case names, each with where the region's knowledge of it is read."""
    p = file.procedure
    codes = [str(v) for k, v in file.facts.items() if k in p.fields and p.fields[k].type is Type.COUNTRY]
    return [
        (c, codelists.country_name(c, desk.lang)) for c in dict.fromkeys(codes) if c in codelists.countries()
    ]


@require_safe
@with_cases()
def deadline(desk: Desk, number: str, code: str) -> HttpResponse:
    """One deadline of a case, day by day, each with why it counts or does not."""
    with custody.seated(desk.seat):
        file = file_of(desk, number)
    p = file.procedure
    d = p.deadlines.get(code)
    clock = next((c for c in telling.clocks(file, desk.lang) if c.code == code), None)
    if d is None or clock is None:
        raise Http404
    until = file.on.toordinal() if d.repeats or file.standing[code].due is None else None
    days = [
        (day.day, wording.day(day, p, desk.lang), bool(day.number), day.day == file.on)
        for day in procedures.day_by_day(d, file.state, file.calendar, until)
    ]
    return desk.page(
        "casework/deadline.html", **header(desk, file, {}), clock=clock, days=days, d=d, law=p.law[d.law],
        term=wording.term(d.term, desk.lang), starts=telling.listed(d.starts, p.acts, desk.lang),
        met_by=telling.listed(d.met_by, p.acts, desk.lang), on=file.on,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def hand(desk: Desk, number: str) -> HttpResponse:
    """Take a case in hand, hand it to a colleague, or give it back to the queue: never silently."""
    fault = ""
    with custody.seated(desk.seat):
        row = row_of(desk, number)
        p = cases.version(row.procedure, row.version)
        loads = {one.user: one for one in cases.loads(desk.seat, on=today(desk, p)) if one.user}
        passed = cases.handed(row.pk)[:10]
    names = called({*loads, row.handler, *(h.user for h, _ in passed), *(h.by for h, _ in passed)})
    if desk.request.method == "POST":
        to = desk.request.POST.get("to", "")
        to = desk.username if to == "me" else to
        note = desk.request.POST.get("note", "")[:2000]
        try:
            cases.assign(row.pk, to, note=note, seat=desk.seat, at=desk.now)
        except CaseFault as e:
            fault = fault_words(e, desk.lang)
        else:
            done = "queued" if not to else "taken" if to == desk.username else "given"
            return desk.go("case", f"?done={done}", number=number)
    listed = [(u, names.get(u, u), one) for u, one in loads.items() if u not in (row.handler, desk.username)]
    told = [(h.at, names.get(h.by, h.by), names.get(h.user, h.user), note) for h, note in passed]
    return desk.page(
        "casework/hand.html", 422 if fault else 200, number=number, p=p, open=row.open, colleagues=listed,
        stage=telling.name_of(p, row.stage, desk.lang), handler=names.get(row.handler, ""), passed=told, fault=fault,
    )  # fmt: skip


def fault_words(e: Refusal, lang: str) -> str:
    """What cannot be done, with whatever it names in the reader's language."""
    return say(e.key, lang, **{k: getattr(v, lang, v) for k, v in e.values.items()})
