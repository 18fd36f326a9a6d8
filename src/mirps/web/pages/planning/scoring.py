"""The committee: what ties its members, the blind reading, the discussion, the ranking, the decision."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import CallFault, Fault, Place, Proposal, Stage, What
from mirps.web.desk import Refused
from mirps.web.pages.planning.calls_desk import SCORE, At, Told, faults_of
from mirps.web.pages.planning.calls_run import person
from mirps.web.pages.planning.door import Desk, working

#: Institutions that can be named in one declaration.
MOST_TIES = 6


@require_http_methods(["GET", "HEAD", "POST"])
@working
def interests(desk: Desk, code: str) -> HttpResponse:
    """What ties a member to States and institutions: said before anything of a proposal is shown."""
    at = At(desk, code)
    at.require_seat()
    room = at.inside
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        codes, faults = _declared(desk)
        if not faults:
            try:
                calls.declare(
                    call=code, codes=codes, note=desk.request.POST.get("note", ""), user=at.user, role=_role(at),
                    at=desk.now
                )  # fmt: skip
                return desk.go("call", "?done=1", code=code)
            except CallFault as e:
                faults = faults_of(desk, e)
    said = room.ledger.declared.get(room.name)
    states = [c for c, s in codelists.states().items() if s.extra.get("kind") == "state"]
    held = sorted(said.codes) if said else []
    return desk.page(
        "planning/call-interests.html", 422 if faults else 200, at=at, faults=faults, said=said, states=states,
        held=held,
        institutions=[(c, f"{c} · {i.name(desk.lang)}") for c, i in codelists.institutions().items()], most=MOST_TIES,
        own=sorted(room.ties(room.name).states | room.ties(room.name).institutions),
        bodies=[c for c in held if c not in states], trail=at.trail((say("calls.task.declare", desk.lang), "")),
    )  # fmt: skip


def _role(at: At) -> str:
    return at.desk.role_for(SCORE, body=at.terms.committee) or "committee-member"


def _declared(desk: Desk) -> tuple[list[str], list[tuple[str, str]]]:
    post = desk.request.POST
    codes = [c for c in post.getlist("state") if c in codelists.states()]
    faults = []
    for n in range(MOST_TIES):
        typed = post.get(f"body-{n}", "").split(" · ")[0].strip()
        if typed and typed not in codelists.institutions():
            faults.append((f"body-{n}", say("calls.fault.institution", desk.lang, found=typed[:60])))
        elif typed:
            codes.append(typed)
    if not post.get("sure"):
        faults.append(("sure", say("calls.fault.sure", desk.lang)))
    return codes, faults


@require_safe
@working
def reading(desk: Desk, code: str) -> HttpResponse:
    """What a member has to read, by its letter, and how far they are."""
    at = At(desk, code)
    at.require_seat()
    room = at.inside
    if room.name not in room.ledger.declared:
        return desk.go("call-interests", code=code)
    rows = [
        {"told": Told(at, p), "status": _status(at, p)} for p in room.eligible if room.may(What.CONTENT, p)
    ]
    return desk.page(
        "planning/call-reading.html", at=at, rows=rows, aside=len(room.eligible) - len(rows),
        done=desk.request.GET.get("done", ""),
        left=sum(r["status"] != "in" for r in rows), trail=at.trail((say("calls.task.read", desk.lang), "")),
    )  # fmt: skip


def _status(at: At, p: Proposal) -> str:
    draft = at.inside.ledger.draft(at.inside.name, str(p.pk))
    return "in" if draft and draft.final else "kept" if draft else "none"


def _by_label(desk: Desk, code: str, label: str) -> tuple[At, Proposal]:
    """A proposal by its letter; one that may not be seen is as little there as one that is not."""
    at = At(desk, code)
    at.require_seat()
    for p in at.inside.eligible:
        if p.label == label and at.inside.may(What.CONTENT, p):
            return at, p
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@working
def score(desk: Desk, code: str, label: str) -> HttpResponse:
    """One proposal as a member reads it: to score it, and in the discussion to decide on it."""
    at, p = _by_label(desk, code, label)
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        step = desk.request.POST.get("step", "")
        try:
            to = _STEPS[step](at, p)
        except KeyError:
            raise Http404 from None
        except CallFault as e:
            faults = faults_of(desk, e)
        else:
            return desk.go(*to[:1], to[1], **to[2])
    return desk.page("planning/call-score.html", 422 if faults else 200, **_scored(desk, at, p, faults))


def _scored(desk: Desk, at: At, p: Proposal, faults: list[tuple[str, str]]) -> dict[str, Any]:
    room, key, post = at.inside, str(p.pk), desk.request.POST
    mine = room.ledger.draft(room.name, key)
    seen, decided = room.may(What.SHEETS, p), room.ledger.decisions.get(key)
    held = {k: texts.number(v, desk.locale) for k, v in mine.scores.items()} if mine else {}
    if post.get("step") == "give":
        held = {c.code: post.get(f"score-{c.code}", "") for c in at.terms.criteria}
    person_ = room.person(p)
    return {
        "at": at, "p": p, "told": Told(at, p), "faults": faults, "mine": mine, "held": held, "seen": seen,
        "post": post,
        "comment": post.get("comment", mine.comment if mine else ""), "kept": desk.request.GET.get("kept", ""),
        "may_score": calls.may_score(person_, at.stage) and not (at.stage is Stage.READING and mine and mine.final),
        "deliberates": calls.may_deliberate(person_, at.stage), "sheets": _sheets(at, p) if seen else [],
        "mark": _mark(at, room.mark(p)) if seen else None, "led": room.proposed.get(key) if seen else None,
        "decided": decided if room.may(What.DELIBERATION, p) else None, "settled": seen and room.settled(p),
        "voices": _voices(at, p) if seen else [], "voiced": bool(decided and room.name in decided.voices),
        "granted": at.money(decided.amount) if decided and seen else "", "asked": at.money(calls.content_of(p).asked),
        "asked_plain": texts.number(calls.content_of(p).asked, desk.locale), "quorum": at.terms.quorum,
        "top": {c.code: texts.number(c.top, desk.locale) for c in at.terms.criteria},
        "recusals": _recused(at, p) if room.may(What.RECUSALS, p) else [],
        "trail": at.trail((say("calls.task.read", at.lang), desk.url("call-reading", code=at.code)), (p.label, "")),
    }  # fmt: skip


def _recused(at: At, p: Proposal) -> list[tuple[str, str]]:
    room = at.inside
    found = ((m, room.recusal(m, p)) for m in sorted(room.recused_from(p)))
    return [(person(m), say(f"calls.why.{r.why}", at.lang)) for m, r in found if r]


def _sheets(at: At, p: Proposal) -> list[dict[str, Any]]:
    """What each reader gave: the last, and in small the first where it was changed."""
    room, out = at.inside, []
    for g in room.ledger.sheets(str(p.pk), room.recused_from(p)):
        first = room.ledger.sheet(g.reader, str(p.pk), 1)
        changed = first is not None and first.scores != g.scores
        out.append(
            {
                "who": person(g.reader), "comment": g.comment, "reason": g.reason,
                "scores": [_score(at, g.scores.get(c.code)) for c in at.terms.criteria],
                "before": [_score(at, first.scores.get(c.code)) for c in at.terms.criteria if changed] if first else [],
            }
        )  # fmt: skip
    return out


def _score(at: At, value: Decimal | None) -> str:
    return say("calls.rank.missing", at.lang) if value is None else texts.number(value, at.desk.locale)


def _voices(at: At, p: Proposal) -> list[tuple[str, bool, str]]:
    held = at.inside.ledger.decisions.get(str(p.pk))
    readers = at.inside.readers(p)
    return [(person(m), yes, note) for m, (yes, note) in held.voices.items() if m in readers] if held else []


def _percent(at: At, value: Fraction | None) -> str:
    found = calls.shown(value)
    return "" if found is None else texts.number(found, at.desk.locale, 1)


def _mark(at: At, m: calls.Mark) -> dict[str, Any]:
    criteria = {c.code: c.words[at.lang] for c in at.terms.criteria}
    lacks = ""
    if m.lacks == "readers":
        lacks = say("calls.rank.few", at.lang, n=m.readers, need=at.terms.readers)
    elif m.lacks:
        lacks = say("calls.rank.unscored", at.lang, criterion=criteria[m.lacks])
    return {
        "total": _percent(at, m.total), "lacks": lacks, "wide": m.wide, "readers": m.readers, "missing": m.missing,
        "spread": f"{_percent(at, m.lowest)} – {_percent(at, m.highest)}" if m.by_reader else "",
        "means": [_percent(at, m.by_criterion.get(c.code)) for c in at.terms.criteria],
    }  # fmt: skip


@require_safe
@working
def ranking(desk: Desk, code: str) -> HttpResponse:
    """The ranking as it follows from the scores, with what breaks ties, how far readers are apart, what was
    decided. For the committee and who runs the call, each without what they are recused from."""
    at = At(desk, code)
    if not at.runs:
        at.require_seat()
    room = at.inside
    if at.stage.rank < Stage.DISCUSSION.rank:
        raise Refused(say("calls.rank.not-yet", desk.lang))
    by_id = {str(p.pk): p for p in room.eligible}
    places = [_place(at, place, by_id[place.mark.proposal]) for place in room.ranking_seen()]
    return desk.page(
        "planning/call-ranking.html", at=at, places=places, aside=len(by_id) - len(places),
        granted=at.money(room.granted()),
        total=at.money(at.terms.total), settled=sum(x["settled"] for x in places),
        trail=at.trail((say("calls.task.ranking", desk.lang), "")),
    )  # fmt: skip


def _place(at: At, place: Place, p: Proposal) -> dict[str, Any]:
    room, key = at.inside, str(p.pk)
    criteria = {c.code: c.words[at.lang] for c in at.terms.criteria}
    tie = say("calls.rank.shared", at.lang) if place.shared else ""
    if place.broke:
        tie = say("calls.rank.broke", at.lang, criterion=criteria[place.broke])
    decided, led = room.ledger.decisions.get(key), room.proposed[key]
    return {
        "told": Told(at, p), "position": place.position, "tie": tie, "mark": _mark(at, place.mark), "led": led,
        "decided": decided, "settled": room.settled(p), "agreed": decided.agreed(room.readers(p)) if decided else 0,
        "asked": at.money(calls.content_of(p).asked), "granted": at.money(decided.amount) if decided else "",
        "reads": room.person(p).sits and not room.person(p).runs,
    }  # fmt: skip


# --- steps of the score page: what to do, and where it leads


def _give(at: At, p: Proposal) -> tuple[str, str, dict[str, Any]]:
    post, final = at.desk.request.POST, at.desk.request.POST.get("keep") != "draft"
    scores = {c.code: _plain(at, post.get(f"score-{c.code}", "")) for c in at.terms.criteria}
    calls.give(
        proposal=str(p.pk), scores=scores, comment=post.get("comment", ""), final=final, reason=post.get("reason", ""),
        user=at.user, role=_role(at), at=at.desk.now,
    )  # fmt: skip
    if at.stage is Stage.READING:
        return "call-reading", f"?done={p.label if final else ''}", {"code": at.code}
    return "call-score", "?kept=1", {"code": at.code, "label": p.label}


def _plain(at: At, typed: str) -> str:
    """A score in the plain form; what cannot be read is left for the act to refuse."""
    try:
        return f"{texts.read_number(typed, at.desk.locale):f}" if typed.strip() else ""
    except texts.NotANumber:
        return typed[:40]


def _decide(at: At, p: Proposal) -> tuple[str, str, dict[str, Any]]:
    post = at.desk.request.POST
    typed = post.get("amount", "").strip()
    try:
        amount = texts.read_number(typed, at.desk.locale) if typed else None
    except texts.NotANumber:
        raise CallFault(Fault("calls.fault.amount", "amount", {"most": calls.content_of(p).asked})) from None
    calls.decide(
        proposal=str(p.pk), outcome=post.get("outcome", ""), amount=amount, departs=post.get("departs", ""),
        reason={lang: post.get(f"reason-{lang}", "") for lang in ("es", "en")}, user=at.user, role=_role(at),
        at=at.desk.now,
    )  # fmt: skip
    return "call-score", "?kept=1#decision", {"code": at.code, "label": p.label}


def _agree(at: At, p: Proposal) -> tuple[str, str, dict[str, Any]]:
    post = at.desk.request.POST
    number = post.get("number", "")
    calls.agree(
        proposal=str(p.pk), number=int(number) if number.isdecimal() and len(number) < 9 else 0,
        agrees=post.get("agrees") == "yes", note=post.get("note", ""), user=at.user, role=_role(at), at=at.desk.now,
    )  # fmt: skip
    return "call-score", "?kept=1#decision", {"code": at.code, "label": p.label}


def _recuse(at: At, p: Proposal) -> tuple[str, str, dict[str, Any]]:
    reason = at.desk.request.POST.get("reason", "")
    calls.recuse_oneself(proposal=str(p.pk), reason=reason, user=at.user, role=_role(at), at=at.desk.now)
    return "call-reading", "?done=recused", {"code": at.code}


_STEPS = {"give": _give, "decide": _decide, "agree": _agree, "recuse": _recuse}

patterns: list[URLPattern] = [
    path("planning/calls/<str:code>/interests/", interests, name="call-interests"),
    path("planning/calls/<str:code>/reading/", reading, name="call-reading"),
    path("planning/calls/<str:code>/reading/<str:label>/", score, name="call-score"),
    path("planning/calls/<str:code>/ranking/", ranking, name="call-ranking"),
]
