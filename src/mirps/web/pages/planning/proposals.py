"""Proposing: begin, write, attach, hand in, take back; read what was decided; sign the agreement."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.files.api import MOST_BYTES, FileFault
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import (
    CallFault,
    Content,
    Line,
    Overtaken,
    Proposal,
    ProposalPaper,
    Room,
    Stage,
    What,
)
from mirps.planning.records import api as records
from mirps.web.pages.page import private
from mirps.web.pages.planning.calls import clock_words
from mirps.web.pages.planning.calls_desk import (
    APPLY,
    At,
    Told,
    fault_words,
    faults_of,
    of_proposal,
    owned,
    test_words,
)
from mirps.web.pages.planning.door import Desk, working

#: Empty lines of the budget offered beyond those written.
MORE_LINES = 3
LONGEST = 30_000
SANDBOX = "default-src 'none'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
@working
def new(desk: Desk, code: str) -> HttpResponse:
    """Begin a proposal: for whom, and whether they may apply at all."""
    at = At(desk, code)
    if not at.may_apply_for:
        desk.require(APPLY)
    faults: list[tuple[str, str]] = []
    chosen = desk.request.POST.get("institution", "")
    if desk.request.method == "POST":
        if chosen not in at.may_apply_for:
            desk.require(APPLY, state=chosen.partition(".")[0], body=chosen or "?")
        try:
            role = desk.role_for(APPLY, state=chosen.partition(".")[0], body=chosen)
            made = calls.begin(
                call=at.inside.run.call, institution=chosen, user=at.user, role=role, at=desk.now
            )
        except CallFault as e:
            faults = faults_of(desk, e)
        else:
            return desk.go("proposal-edit", proposal=made.pk)
    options = [(c, desk.institution_name(c), _barred(desk, at.inside, c)) for c in at.may_apply_for]
    return desk.page(
        "planning/proposal-new.html", 422 if faults else 200, at=at, faults=faults, options=options, chosen=chosen,
        tests=[test_words(desk, t) for t in at.terms.tests], clock=clock_words(at),
        trail=at.trail((say("calls.task.apply", desk.lang), "")),
    )  # fmt: skip


def _barred(desk: Desk, room: Room, institution: str) -> list[str]:
    return [test_words(desk, t) for t in calls.may_apply(room.terms, room.would_apply(institution))]


@require_safe
@working
def proposal(desk: Desk, proposal: UUID) -> HttpResponse:
    """A proposal as its applicant, or whoever runs the call after its closing, reads it."""
    at, held = of_proposal(desk, proposal)
    room = at.inside
    if not room.may(What.NAME, held):  # a reader reads it where scores are given
        raise Http404
    return _page(desk, at, held)


def _page(desk: Desk, at: At, held: Proposal, faults: list[tuple[str, str]] | None = None) -> HttpResponse:
    room, key = at.inside, str(held.pk)
    owns = desk.may(APPLY, state=held.state, body=held.institution) and room.owns(room.name, held)
    writes = owns and at.stage is Stage.OPEN
    told = Told(at, held)
    papers = {x["paper"].document: x for x in told.papers}
    decided = room.ledger.decisions.get(key) if room.may(What.RESULT, held) else None
    checked = room.ledger.checked.get(key)
    return desk.page(
        "planning/proposal.html", 422 if faults else 200, at=at, p=held, told=told, owns=owns, writes=writes,
        faults=faults or [],
        lacks=faults_of(desk, calls.lacking(room, held)) if writes and held.status == "draft" else [],
        failed=[test_words(desk, t) for t in room.failed(held)] if owns else [],
        named=_named(told, at) if writes else [],
        documents=[(d, d.words[desk.lang], papers.get(d.code)) for d in at.terms.documents],
        decided=decided, refused=checked if checked and not checked.eligible and at.stage is Stage.TOLD else None,
        feedback=_feedback(at, held) if room.may(What.FEEDBACK, held) else [], most=MOST_BYTES // 1024 // 1024,
        agreement=room.ledger.agreements.get(key) if decided else None, project=room.ledger.projects.get(key, ""),
        clock=clock_words(at), asked=at.money(told.content.asked), whole=at.money(told.content.whole),
        kept=desk.request.GET.get("kept", ""), granted=at.money(decided.amount) if decided else "",
        trail=at.trail((told.heading, "")),
    )  # fmt: skip


def _named(told: Told, at: At) -> list[str]:
    """Names of the applicant that stand in answers which the first reading will show (masked)."""
    shown = {q.code for q in at.terms.questions if not q.names}
    texts_ = [
        told.content.summary,
        *told.content.title.values(),
        *(told.content.answers.get(c, "") for c in shown),
    ]
    names = calls.names_of(told.p.institution, told.p.state)
    return list(dict.fromkeys(n for t in texts_ for n in calls.names_in(t, names)))


def _feedback(at: At, held: Proposal) -> list[tuple[str, str]]:
    """The means by criterion, without any reader."""
    mark = at.inside.mark(held)
    return [
        (c.words[at.lang], texts.number(v, at.desk.locale))
        for c in at.terms.criteria
        if (v := calls.shown(mark.by_criterion.get(c.code))) is not None
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@working
def edit(desk: Desk, proposal: UUID) -> HttpResponse:
    """The form of the call. It keeps what is not whole: only handing in asks for all."""
    at, held = owned(desk, proposal)
    if at.stage is not Stage.OPEN or held.status == "submitted":
        return desk.go("proposal", proposal=proposal)
    content, base, status = calls.content_of(held), held.version, 200
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        content, faults = _read(desk, at)
        given = desk.request.POST.get("base", "")
        base = int(given) if given.isdecimal() and len(given) < 9 else -1
        if not faults:
            try:
                calls.write(proposal=str(held.pk), content=content, base=base, user=at.user, at=desk.now)
                return desk.go("proposal", "?kept=1", proposal=proposal)
            except Overtaken as e:
                faults, base, status = faults_of(desk, e), e.held.version, 409
            except CallFault as e:
                faults = faults_of(desk, e)
        status = status if status != 200 else 422
    return desk.page(
        "planning/proposal-edit.html", status, at=at, p=held, p_content=content, base=base, faults=faults,
        nodes=_nodes(desk, held),
        rows=[*content.lines, *[None] * MORE_LINES], trail=at.trail((say("calls.proposal.edit", desk.lang), "")),
        lacks={} if desk.request.method == "POST" or not held.version else _cells(desk, at, held), node_of=_node_words,
    )  # fmt: skip


def _cells(desk: Desk, at: At, held: Proposal) -> dict[str, str]:
    found: dict[str, str] = {}
    for f in calls.lacking(at.inside, held):
        found.setdefault(f.cell, fault_words(desk, f))
    return found


def _nodes(desk: Desk, held: Proposal) -> list[tuple[str, str]]:
    """Nodes of plans in force that a line may serve: those of the applicant's State and the region's."""
    found = [r for r in records.in_force("node") if r.state in ("", held.state)]
    return [(r.key, f"{r.code} · {records.title('node', r.public or {}, desk.lang)}") for r in found][:1500]


def _node_words(key: str) -> str:
    return key.partition("/")[2]


def _read(desk: Desk, at: At) -> tuple[Content, list[tuple[str, str]]]:
    post = desk.request.POST

    def text(name: str) -> str:
        return post.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]

    months = text("months")
    lines, faults = _read_lines(desk)
    tests = at.terms.tests
    return Content(
        title={lang: " ".join(text(f"title-{lang}").split())[:300] for lang in ("es", "en") if text(f"title-{lang}")},
        summary=text("summary"), months=int(months) if months.isdecimal() and len(months) < 4 else None,
        answers={q.code: text(f"answer-{q.code}") for q in at.terms.questions if text(f"answer-{q.code}")},
        lines=tuple(lines), confirmed=frozenset(n for n in range(len(tests)) if post.get(f"confirmed-{n}")),
    ), faults  # fmt: skip


def _read_lines(desk: Desk) -> tuple[list[Line], list[tuple[str, str]]]:
    """Lines of the budget; an amount that cannot be read is a fault, and nothing of the form is kept."""
    post, lines, faults = desk.request.POST, [], []
    for n in range(60):
        what, typed = " ".join(post.get(f"what-{n}", "").split())[:200], post.get(f"amount-{n}", "").strip()
        node = post.get(f"node-{n}", "").split(" · ")[0].strip()[:61]
        if not (what or typed):
            continue
        try:
            amount = Decimal(texts.read_number(typed, desk.locale)) if typed else Decimal(0)
        except (texts.NotANumber, InvalidOperation, ValueError):
            faults.append((f"amount-{n}", say("calls.fault.number", desk.lang, found=typed[:40], n=n + 1)))
            amount = Decimal(0)
        payer = post.get(f"payer-{n}", "fund")
        lines.append(
            Line(what, amount, payer if payer in calls.PAYERS else "fund", f"node/{node}" if node else "")
        )
    return lines, faults


@require_POST
@working
def act(desk: Desk, proposal: UUID) -> HttpResponse:
    """Hand in, take back or withdraw."""
    at, held = owned(desk, proposal)
    what = desk.request.POST.get("act", "")
    given: dict[str, Any] = {
        "proposal": str(held.pk), "user": at.user, "at": desk.now,
        "role": desk.role_for(APPLY, state=held.state, body=held.institution),
    }  # fmt: skip
    try:
        if what == "submit":
            calls.submit(**given)
        elif what == "take-back":
            calls.take_back(**given)
        elif what == "withdraw":
            calls.withdraw(reason=desk.request.POST.get("reason", ""), **given)
        else:
            raise Http404
    except CallFault as e:
        held.refresh_from_db()
        return _page(desk, At(desk, at.code), held, faults_of(desk, e))
    return desk.go("proposal", f"?kept={what}", proposal=proposal)


@require_POST
@working
def attach(desk: Desk, proposal: UUID) -> HttpResponse:
    """One paper more, or one less."""
    at, held = owned(desk, proposal)
    sent, off = desk.request.FILES.get("file"), desk.request.POST.get("off", "")
    try:
        with transaction.atomic():
            if off:
                if not held.papers.filter(pk=int(off) if off.isdecimal() else 0, withdrawn_at=None).exists():
                    raise Http404
                calls.take_off(paper=int(off), user=at.user, at=desk.now)
            elif sent is None or sent.file is None:
                raise FileFault("entries.file.none")
            else:
                calls.attach(
                    proposal=str(held.pk), document=desk.request.POST.get("document", ""), file=sent.file,
                    name=sent.name or "", user=at.user, at=desk.now,
                )  # fmt: skip
    except FileFault as wrong:
        return _page(desk, at, held, [("papers", say(wrong.key, desk.lang, **dict(wrong.values)))])
    except CallFault as e:
        return _page(desk, at, held, faults_of(desk, e))
    return desk.go("proposal", "?kept=paper#papers", proposal=proposal)


@require_safe
@working
def paper(desk: Desk, paper: int) -> HttpResponse:
    """A paper, to be saved and never shown in the page's own place; only to who may open it now."""
    held = ProposalPaper.objects.filter(pk=paper, withdrawn_at=None).select_related("proposal").first()
    if held is None:
        raise Http404
    at, p = of_proposal(desk, held.proposal_id)
    told = Told(at, p)
    if held.pk not in {x["id"] for x in told.papers}:
        raise Http404
    try:
        content = calls.open_paper(held)
    except FileNotFoundError:
        raise Http404 from None
    ending = held.name.rpartition(".")[2]
    name = held.name if told.named else f"{p.label}-{held.document}.{ending}"
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=held.media)
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return private(answer)  # type: ignore[arg-type]


patterns: list[URLPattern] = [
    path("planning/calls/<str:code>/apply/", new, name="proposal-new"),
    path("planning/proposals/<uuid:proposal>/", proposal, name="proposal"),
    path("planning/proposals/<uuid:proposal>/write/", edit, name="proposal-edit"),
    path("planning/proposals/<uuid:proposal>/act/", act, name="proposal-act"),
    path("planning/proposals/<uuid:proposal>/papers/", attach, name="proposal-papers"),
    path("planning/papers/<int:paper>/", paper, name="proposal-paper"),
]
