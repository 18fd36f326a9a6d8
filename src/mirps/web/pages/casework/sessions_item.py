"""A case before a body: its paper, who stands back, the vote, what it came to, and the act that a person then does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, NotPossible, Saying
from mirps.casework.conduct import api as conduct
from mirps.casework.procedures.model import Procedure
from mirps.casework.procedures.wording import in_lang
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions.api import Item, OnItem, SessionFault, SessionFile, Way, What
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments_common import Desk, Typed, may, with_right
from mirps.web.pages.casework.sessions import RUN, VOTE, about, act_name, file_of
from mirps.web.pages.casework.worklist import called

#: Fields by which a procedure's act may ask how a vote went, filled from the vote itself.
VOTES = {"votes_for": "for_", "votes_against": "against", "votes_abstained": "abstained"}
#: What the secretary does; the rest is a member's own.
_SECRETARY = {"paper", "put", "closed", "deferred"}


@require_http_methods(["GET", "HEAD", "POST"])
@with_right(RUN, VOTE)
def item(desk: Desk, id: UUID, item: UUID) -> HttpResponse:
    given = Typed(desk)
    do = given.get("do")
    if do in _SECRETARY:
        desk.require(RUN, state=desk.seat.state, body=desk.seat.institution)
    if do and _done(desk, given, id, item):
        return desk.go("session-item", f"?done={do}", id=id, item=item)
    with custody.seated(desk.seat):
        file, row = _found(desk, id, item)
        standing = cases.Standing.objects.filter(cases.seen(desk.seat), pk=row.case_id).first()
        names = called({m.user for m in file.members})
        holds = standing is not None and file.body.procedures.get(standing.procedure, "") in cases.roles_of(
            desk.username,
            standing.procedure,
            institution=desk.seat.institution,
            office="",
            on=desk.now.date(),
        )
    on = file.held.on(item)
    acts = sessions.acts_for(file.body, standing) if standing else []
    p = cases.version(row.case.standing.procedure, row.case.standing.version)
    return desk.page(
        "casework/session-item.html", given.status, **about(desk, file), given=given, row=row, on=on, names=names,
        paper=sessions.opened(row).get("paper", ""), stage=in_lang(p.stages[row.case.standing.stage].name, desk.lang),
        acts=[(a, in_lang(p.acts[a].name, desk.lang)) for a in acts],
        ballots=[(b, act_name(file, row, b.act, desk.lang)) for b in on.ballots], mine=_mine(desk, file, item),
        members={m.pk: m for m in file.members}, voters=file.may_vote(item), ways=list(Way), holds=holds,
        may_run=may(desk, RUN), chairs=file.chair is not None and file.chair.user == desk.username,
        needs=_needs(p, on), done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _found(desk: Desk, id: UUID, item: UUID) -> tuple[SessionFile, Item]:
    file = file_of(desk, id)
    row = next((i for i in file.items if i.pk == item), None)
    if row is None:
        raise Http404
    return file, row


def _mine(desk: Desk, file: SessionFile, item: UUID) -> int | None:
    """As which member the reader may vote."""
    return next((m.id for m in file.may_vote(item).values() if m.user == desk.username), None)


def _needs(p: Procedure, on: OnItem) -> list[str]:
    """What the act asks that the vote does not answer: then it is done on its own form."""
    act = p.acts.get(on.proposes)
    return [f for f in act.required if f not in VOTES] if act else []


def _done(desk: Desk, given: Typed, id: UUID, item: UUID) -> bool:
    here: dict[str, Any] = {"session": id, "item": item, "seat": desk.seat, "at": desk.now}
    do = given.get("do")
    try:
        with custody.seated(desk.seat):
            file, row = _found(desk, id, item)
        match do:
            case "paper":
                sessions.write_paper(text=given.get("paper"), **here)
            case "put":
                sessions.happen(what=What.PUT, act=given.get("act"), id=given.id, **here)
            case "recused":
                mine = next((m.pk for m in file.mine(desk.username)), None)
                sessions.happen(what=What.RECUSED, member=mine, why=given.get("why"), id=given.id, **here)
            case "voted":
                way = Way(given.get("way")) if given.get("way") in list(Way) else None
                sessions.happen(what=What.VOTED, member=_mine(desk, file, item), way=way, why=given.get("why"),
                                id=given.id, **here)  # fmt: skip
            case "closed" | "confirmed" | "deferred":
                sessions.happen(what=What(do), why=given.get("why"), id=given.id, **here)
            case "acted":
                _act(desk, given, file, row)
            case _:
                given.fault("", "sessions.fault.item")
    except SessionFault as e:
        given.refused(e, "why" if e.key.endswith(".why") else "")
    except NotPossible as e:
        for n, reason in enumerate(e.reasons):
            given.faults[f"reason-{n}"] = reason.say(desk.lang)
    except CaseFault as e:
        given.refused(e)
    return not given.faults


def _act(desk: Desk, given: Typed, file: SessionFile, row: Item) -> None:
    """Do in the case what was carried, and keep that it was: in one transaction, so that neither is without the
    other. Raises SessionFault, NotPossible, CaseFault."""
    on, standing = file.held.on(row.pk), row.case.standing
    if not on.proposes or on.last is None or on.last.result is None:
        raise SessionFault("sessions.fault.not-carried")
    p = cases.version(standing.procedure, standing.version)
    asked = p.acts[on.proposes].asked
    values = {f: getattr(on.last.result, part) for f, part in VOTES.items() if f in asked}
    said = Saying(given.id, on.proposes, desk.now, values, given.get("reason"))
    with transaction.atomic():
        done = conduct.do(
            row.case_id, said, seat=desk.seat, role=file.body.procedures[standing.procedure], at=desk.now
        )
        sessions.happen(
            session=file.session.pk, what=What.ACTED, item=row.pk, event=str(done.event), seat=desk.seat, at=desk.now
        )  # fmt: skip
