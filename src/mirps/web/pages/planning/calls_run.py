"""Running a call: opening it, answering, checking what came in, recusals, the reading, telling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.access.api import User
from mirps.base.notices.api import zone
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import CallFault, Fault, Proposal, Recusal, Stage, What
from mirps.web.pages.planning import calls_told
from mirps.web.pages.planning.calls_desk import RUN, At, Told, faults_of, test_words
from mirps.web.pages.planning.door import Desk, working

#: Acts that the desk lists.
MOST_HISTORY = 200


@require_http_methods(["GET", "HEAD", "POST"])
@working
def run(desk: Desk, code: str) -> HttpResponse:
    """The desk of whoever runs a call."""
    at = At(desk, code)
    at.require_runs()
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        step = STEPS.get(desk.request.POST.get("step", ""))
        if step is None:
            raise Http404
        try:
            with transaction.atomic():
                step(at, desk.role_for(RUN))
        except CallFault as e:
            faults = faults_of(desk, e)
        else:
            return desk.go("call-run", "?kept=1", code=code)
    return desk.page(
        "planning/call-run.html", 422 if faults else 200, at=at, faults=faults,
        kept=desk.request.GET.get("kept") == "1",
        trail=at.trail((say("calls.run.title", desk.lang), "")), **_state(desk, at),
    )  # fmt: skip


def _state(desk: Desk, at: At) -> dict[str, Any]:
    room = at.room
    empty: dict[str, Any] = dict.fromkeys(
        ("rows", "members", "recusals", "waiting", "lacks", "tell_lacks", "agreements", "history"), ()
    )
    if room is None:
        return empty | {
            "unready": faults_of(desk, calls.not_ready(at.terms, desk.now)),
            "count": 0,
            "hidden": 0,
        }
    stage = at.stage
    return empty | {
        "unready": (), "count": len(room.handed_in),
        "rows": [_row(desk, at, p) for p in room.handed_in if room.may(What.CHECK, p)],
        "hidden": sum(not room.may(What.CHECK, p) for p in room.handed_in) if stage.rank >= Stage.CLOSED.rank else 0,
        "members": [_member(at, m) for m in room.members] if stage.rank < Stage.TOLD.rank else (),
        "recusals": [_recusal(desk, at, m, p, r) for m, p, r in _recusals(at)],
        "waiting": [q for q in room.ledger.questions.values() if not q.answered_at],
        "lacks": faults_of(desk, calls.before_reading(room)) if stage is Stage.CLOSED else (),
        "tell_lacks": faults_of(desk, calls.before_telling(room)) if stage is Stage.DISCUSSION else (),
        "agreements": _agreements(at) if stage is Stage.TOLD else (),
        "history": _history(at),
    }  # fmt: skip


def _row(desk: Desk, at: At, p: Proposal) -> dict[str, Any]:
    room = at.inside
    failed = room.failed(p)
    return {
        "told": Told(at, p), "asked": at.money(calls.content_of(p).asked),
        "failed": [test_words(desk, t) for t in failed],
        "checked": room.ledger.checked.get(str(p.pk)),
    }  # fmt: skip


def _member(at: At, name: str) -> dict[str, Any]:
    room = at.inside
    ours = [p for p in room.eligible if name in room.readers(p)]
    done = sum(room.ledger.sheet(name, str(p.pk), 1) is not None for p in ours)
    return {
        "name": name, "words": person(name), "declared": name in room.ledger.declared,
        "excused": room.ledger.excused.get(name, ""), "all": len(ours), "done": done,
    }  # fmt: skip


def person(name: str) -> str:
    found = User.objects.filter(username=name).only("first_name").first()
    return (found.first_name if found else "") or name


def _recusals(at: At) -> list[tuple[str, Proposal, Recusal]]:
    room = at.inside
    seen = [p for p in room.handed_in if room.may(What.RECUSALS, p)]
    pairs = [(m, p) for p in seen for m in room.members]
    found = [(m, p, room.ledger.recused(m, str(p.pk), room.tie(m, p))) for m, p in pairs]
    return [(m, p, r) for m, p, r in found if r is not None]


def _recusal(desk: Desk, at: At, member: str, p: Proposal, r: Recusal) -> dict[str, Any]:
    said = at.inside.ledger.declared.get(member)
    return {
        "member": member, "words": person(member), "told": Told(at, p), "r": r,
        "why": say(f"calls.why.{r.why}", desk.lang),
        "rejectable": calls.rejectable(r), "note": said.note if said and r.why is calls.Why.DECLARED else "",
    }  # fmt: skip


def _agreements(at: At) -> list[dict[str, Any]]:
    room = at.inside
    chosen = [p for p in room.eligible if room.ledger.decisions[str(p.pk)].outcome == "selected"]
    return [
        {"told": Told(at, p), "a": room.ledger.agreements.get(str(p.pk)), "project": str(p.pk) in room.ledger.projects}
        for p in chosen
        if room.may(What.NAME, p)
    ]  # fmt: skip


def _history(at: At) -> list[dict[str, Any]]:
    """What was done, the latest first, as far as this person may know: of a proposal only where they may see
    it, of a question not who asked, of a reading that it was handed in and not what was given."""
    room = at.inside
    seen = {p.pk: Told(at, p) for p in room.run.proposals.order_by("id") if room.may(What.CHECK, p)}
    out = []
    for e in room.run.events.order_by("-id")[:MOST_HISTORY]:
        if (e.proposal_id and e.proposal_id not in seen) or (e.what == "given" and not e.data["final"]):
            continue
        who = "" if e.what == "asked" else person(e.by)
        told = seen[e.proposal_id].heading if e.proposal_id else ""
        out.append({"at": e.at, "who": who, "what": say(f"calls.event.{e.what}", at.lang), "of": told})
    return out


# --- steps: each reads its own form


def _post(at: At, name: str) -> str:
    return at.desk.request.POST.get(name, "").strip()[:6000]


def _both(at: At, name: str) -> dict[str, str]:
    return {lang: _post(at, f"{name}-{lang}") for lang in ("es", "en")}


def _open(at: At, role: str) -> None:
    calls.open_call(call=at.code, user=at.user, role=role, at=at.desk.now)
    calls_told.ties(At(at.desk, at.code))


def _extend(at: At, role: str) -> None:
    try:
        naive = datetime.fromisoformat(f"{_post(at, 'closes')}T{_post(at, 'closes-at') or '23:59'}")
    except ValueError:
        raise CallFault(Fault("calls.fault.moment", "closes")) from None
    closes = naive.replace(tzinfo=zone(at.inside.run.clock_of))
    calls.extend(
        call=at.code, closes=closes, reason=_both(at, "reason"), user=at.user, role=role, at=at.desk.now
    )
    calls_told.extended(at)


def _answer(at: At, role: str) -> None:
    asked = _post(at, "asked")
    calls.answer(
        call=at.code, asked=int(asked) if asked.isdecimal() and len(asked) < 12 else 0, question=_both(at, "question"),
        answer=_both(at, "answer"), user=at.user, role=role, at=at.desk.now,
    )  # fmt: skip
    calls_told.answered(at)


def _proposal(at: At) -> str:
    """The proposal named in the form, if it is of this call; 404 for any other."""
    named = _post(at, "proposal")
    if named not in {str(p.pk) for p in at.inside.handed_in}:
        raise Http404
    return named


def _check(at: At, role: str) -> None:
    calls.check(
        proposal=_proposal(at), eligible=_post(at, "eligible") == "yes", reason=_both(at, "reason"), user=at.user,
        role=role, at=at.desk.now,
    )  # fmt: skip


def _decide_recusal(at: At, role: str) -> None:
    calls.decide_recusal(
        proposal=_proposal(at), member=_post(at, "member"), confirm=_post(at, "confirm") == "yes",
        reason=_post(at, "reason"), user=at.user, role=role, at=at.desk.now,
    )  # fmt: skip


def _excuse(at: At, role: str) -> None:
    member, reason = _post(at, "member"), _post(at, "reason")
    calls.excuse(call=at.code, member=member, reason=reason, user=at.user, role=role, at=at.desk.now)


def _start(at: At, role: str) -> None:
    calls.start_reading(call=at.code, user=at.user, role=role, at=at.desk.now)
    calls_told.reading(at)


def _tell(at: At, role: str) -> None:
    calls_told.result(at, calls.tell(call=at.code, user=at.user, role=role, at=at.desk.now))


STEPS: dict[str, Callable[[At, str], None]] = {
    "open": _open, "extend": _extend, "answer": _answer, "check": _check, "recusal": _decide_recusal,
    "excuse": _excuse,
    "start": _start, "tell": _tell,
}  # fmt: skip

patterns: list[URLPattern] = [path("planning/calls/<str:code>/run/", run, name="call-run")]
