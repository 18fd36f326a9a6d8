"""Doing something in a case: the act's form, what will be sent before anything adverse, and the act itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFile, NotPossible, Saying
from mirps.casework.conduct import api as conduct
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Event
from mirps.casework.procedures.model import Act
from mirps.people.custody import api as custody
from mirps.web.pages.casework import answers, citing, telling
from mirps.web.pages.casework.answers import Answers, answers_of
from mirps.web.pages.casework.case import fault_words, header, roles_at
from mirps.web.pages.casework.door import Desk, file_of, with_cases
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.people import register_boxes as boxes


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def act(desk: Desk, number: str, code: str) -> HttpResponse:
    """The form of an act; what is adverse is shown once more, with what the person will be told, before it is."""
    given = answers_of(desk)
    with custody.seated(desk.seat, looks=True):
        file = file_of(desk, number)
        roles, plainly = roles_at(desk, file)
    found = file.procedure.acts.get(code)
    if found is None or found.opens:
        raise Http404
    offer = telling.offers(file, roles, plainly, desk.lang).every[code]
    if desk.request.method == "POST" and recorded(file, given.id):
        return desk.go("case", "?done=again", number=number)
    if desk.request.method != "POST":
        given.others.extend(offer.reasons)
        return _page(desk, file, code, given, status=200)
    if found.cites and given.get(citing.LOOK):
        return _page(desk, file, code, given, status=200)
    if found.adverse and not given.get("sure"):
        return _look(desk, file, code, given, offer.role)
    return _done(desk, file, code, given, offer.role)


def recorded(file: CaseFile, id_: UUID) -> bool:
    """Whether an event of this id stands in the case already: the form was sent twice."""
    s, told = file.state, str(id_)
    return any(e.id == told for e in (*(x.event for x in s.steps), *(e for e, _ in s.aside), *s.voided))


def last_of(file: CaseFile) -> datetime | None:
    return max((x.event.happened for x in file.state.steps), default=None)


def _saying(desk: Desk, file: CaseFile, code: str, given: Answers) -> Saying:
    return answers.saying(file.procedure, code, given, at=desk.now, last=last_of(file))


def _look(desk: Desk, file: CaseFile, code: str, given: Answers, role: str) -> HttpResponse:
    """Before an adverse act: everything that is wrong with it, or what will be sent and which ways stay open."""
    p, said = file.procedure, _saying(desk, file, code, given)
    event = Event(str(said.id), code, said.happened, desk.now, desk.username, role, file.row.office, p.rule,
                  dict(said.values), said.reason)  # fmt: skip
    on = said.happened.astimezone(cases.clock(p)).date()
    reasons = procedures.refused(p, file.state, event, file.calendar, on)
    if reasons:
        answers.tell(given, reasons, desk.lang)
        return _page(desk, file, code, given, status=422)
    found = p.acts[code]
    return desk.page(
        "casework/confirm.html", **_context(desk, file, code), given=given, reason=said.reason,
        said=[(wording.in_lang(p.fields[k].name, desk.lang), telling.value(p.fields[k], k, v, desk.lang, desk.locale))
              for k, v in said.values.items()],
        notice=p.documents[found.notice] if found.notice else None, ways=_remedies(desk, file, found),
        leads=telling.listed(p.targets(code, file.state.stage), p.stages, desk.lang),
    )  # fmt: skip


def _remedies(desk: Desk, file: CaseFile, found: Act) -> list[tuple[str, str]]:
    """What the person can do against it, and until when as far as the file says."""
    p = file.procedure
    terms = {a: wording.term(d.term, desk.lang) for d in p.deadlines.values() for a in d.met_by}
    return [(wording.in_lang(p.acts[r].name, desk.lang), terms.get(r, "")) for r in found.remedies]


def _done(desk: Desk, file: CaseFile, code: str, given: Answers, role: str) -> HttpResponse:
    try:
        done = conduct.do(
            file.case.id, _saying(desk, file, code, given), seat=desk.seat, role=role, at=desk.now,
            cites=citing.chosen(given) if file.procedure.acts[code].cites else (), seen=file,
        )  # fmt: skip
    except NotPossible as e:
        answers.tell(given, e.reasons, desk.lang)
    except Refusal as e:  # of the case, or of the letter that comes with it: then neither is kept
        given.others.append(fault_words(e, desk.lang))
    else:
        return desk.go("case", f"?done={'again' if done.again else 'recorded'}", number=file.case.number)
    with custody.seated(desk.seat):  # somebody else may have been quicker: what stands now is shown
        now = cases.case(file.case.number, seat=desk.seat, at=desk.now) or file
    if recorded(now, given.id):
        return desk.go("case", "?done=again", number=file.case.number)
    if len(now.state.steps) != len(file.state.steps):
        last = now.state.steps[-1]
        who = called([last.event.by]).get(last.event.by, last.event.by)
        given.others.insert(0, say("casework.act.quicker", desk.lang, who=who,
                                   act=telling.listed([last.event.act], now.procedure.acts, desk.lang),
                                   stage=telling.name_of(now.procedure, last.after, desk.lang)))  # fmt: skip
    return _page(
        desk, now, code, given, status=409 if now is not file and now.state.stage != file.state.stage else 422
    )


def _context(desk: Desk, file: CaseFile, code: str) -> dict[str, Any]:
    p = file.procedure
    return {**header(desk, file, called([file.handler] if file.handler else [])), "code": code, "act": p.acts[code],
            "title": wording.in_lang(p.acts[code].name, desk.lang)}  # fmt: skip


def _page(desk: Desk, file: CaseFile, code: str, given: Answers, *, status: int) -> HttpResponse:
    p = file.procedure
    found = p.acts[code]
    start = {k: v for k, v in file.facts.items() if k in found.asked}
    outcome = telling.triage(file) if "modality" in found.asked else None
    if outcome is not None and outcome.then:
        start["modality"] = outcome.then
    return desk.page(
        "casework/act.html", status, **_context(desk, file, code), given=given, triage=outcome,
        triage_table=telling.triage_table(p, outcome, desk.lang),
        boxes=answers.boxes_of(desk, p, found, given, start, institution=file.case.institution),
        countries=boxes.country_names(desk.lang), laws=[(c, p.law[c]) for c in found.law if c in p.law],
        cites=citing.offered(desk, file, given) if found.cites else None,
        possible=not given.others, issues=telling.listed(found.issues, p.documents, desk.lang),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def correct(desk: Desk, number: str, event: UUID) -> HttpResponse:
    """Mend what an event says, or annul it; take back what was set aside. All stays in the history, with why."""
    given = answers_of(desk)
    with custody.seated(desk.seat):
        file = file_of(desk, number)
        roles, _ = roles_at(desk, file)
    s, p, wanted = file.state, file.procedure, str(event)
    of = next((x.event for x in s.steps if x.event.id == wanted and x.event.act in p.acts), None)
    aside = next((e for e, _ in s.aside if e.id == wanted), None) if of is None else None
    if of is None and aside is None:
        raise Http404
    found = p.acts.get((of or aside).act)  # type: ignore[union-attr]
    shown = [c for c in found.asked if c not in file.hidden] if found and of else []
    role = next((r for r in roles if aside or (found and r in found.by)), "")
    if not role:
        given.others.append(say("casework.correct.no-role", desk.lang))
    elif desk.request.method == "POST" and _mended(desk, file, of, event, shown, given, role):
        return desk.go("case", "?done=corrected", number=number)
    start = dict(of.values) if of else {}
    title = wording.in_lang(found.name, desk.lang) if found else (of or aside).act  # type: ignore[union-attr]
    return desk.page(
        "casework/correct.html", 422 if given.summary and desk.request.method == "POST" else 200,
        **header(desk, file, {}), title=title, given=given, of=of or aside, aside=aside is not None,
        countries=boxes.country_names(desk.lang),
        boxes=answers.boxes_of(desk, p, shown, given, start, institution=file.case.institution),
    )  # fmt: skip


def _mended(
    desk: Desk, file: CaseFile, of: Event | None, event: UUID, shown: list[str], given: Answers, role: str
) -> bool:
    """Keep a correction; False, with what is wrong among the faults, where it cannot be."""
    void = of is None or bool(given.get("annul"))
    values: dict[str, Any] = {}
    if of is not None and not void:
        values = {
            k: v for k, v in answers.values_of(file.procedure, shown, given).items() if of.values.get(k) != v
        }
        if not values:
            given.others.append(say("casework.correct.same", desk.lang))
            return False
    said = Saying(given.id, "void" if void else "correct", desk.now, values, given.get("reason"), event)
    try:
        if of is None:
            cases.settle(file.case.id, event, said, seat=desk.seat, role=role, at=desk.now)
        else:
            conduct.do(file.case.id, said, seat=desk.seat, role=role, at=desk.now)
    except NotPossible as e:
        answers.tell(given, e.reasons, desk.lang)
    except Refusal as e:
        given.others.append(fault_words(e, desk.lang))
    else:
        return True
    return False
