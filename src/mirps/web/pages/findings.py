"""What does not add up: the list, a finding's page, and answering it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import ALLOWED, NotAllowed, User, allowed, require
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import partial_date, say
from mirps.evidence.findings import api as findings_api
from mirps.sharing.portal.shelf import Doubt, Reply, RoundInfo
from mirps.sharing.portal.telling import kind_name, told
from mirps.sharing.portal.wording import state as state_name
from mirps.web import roles
from mirps.web.jinja import address
from mirps.web.pages.errors import error
from mirps.web.pages.page import Reader, page, private

#: What a filter compares, by its name in the address.
FILTERS: dict[str, Callable[[Doubt], str]] = {
    "state": lambda d: d.state,
    "kind": lambda d: d.kind,
    "standing": lambda d: d.standing,
    "severity": lambda d: d.severity,
}


@require_safe
def contradictions(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    every, rounds, chosen_round = _of_round(r)
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    found = [d for d in every if all(not v or FILTERS[k](d) == v for k, v in chosen.items())]
    return page(
        request,
        "contradictions.html",
        here="contradictions",
        filters=[(name, _options(name, every, r.lang), chosen[name]) for name in FILTERS],
        found=[told(d, r.shelf, r.lang, r.locale) for d in found],
        any_at_all=bool(every),
        rounds=rounds,
        chosen=chosen_round,
    )


def _of_round(r: Reader) -> tuple[tuple[Doubt, ...], list[RoundInfo], RoundInfo | None]:
    """The findings of the round asked for, or of the latest that has any."""
    every = tuple(r.shelf.doubts.values())
    held = {d.round for d in every}
    rounds = [x for x in r.shelf.rounds if x.code in held]
    wanted = r.request.GET.get("round")
    chosen = next((x for x in rounds if x.code == wanted), rounds[0] if rounds else None)
    return tuple(d for d in every if chosen is None or d.round == chosen.code), rounds, chosen


def _options(name: str, doubts: tuple[Doubt, ...], lang: str) -> list[tuple[str, str, int]]:
    counts = Counter(FILTERS[name](d) for d in doubts)
    named: Callable[[str], str] = {
        "state": lambda c: state_name(c, lang),
        "kind": lambda c: kind_name(c, lang),
        "standing": lambda c: say(f"portal.standing.{c}", lang),
        "severity": lambda c: say(f"portal.severity.{c}", lang),
    }[name]
    order = list(codelists.states())
    keys = (
        sorted(counts, key=lambda c: order.index(c) if c in order else -1)
        if name == "state"
        else sorted(counts)
    )
    return [(c, named(c), counts[c]) for c in keys if c]


@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    r = Reader(request)
    doubt = r.shelf.doubts.get(code)
    if doubt is None:
        return _gone(request, r, code)
    faults: list[str] = []
    given = {k: request.POST.get(k, "").strip()[:4000] for k in ("kind", "reason_es", "reason_en", "figure")}
    if request.method == "POST":
        answer = _answered(request, r, doubt, given)
        if isinstance(answer, HttpResponse):
            return answer
        faults = answer
    return _shown(request, r, doubt, given, faults)


def _gone(request: HttpRequest, r: Reader, code: str) -> HttpResponse:
    """A finding that the checks no longer find, mostly because a figure was corrected. It stays to be
    read, with its answers; there is nothing left to answer."""
    held = findings_api.Finding.objects.filter(code=code).exclude(gone_at=None).first()
    if held is None or any(f not in r.shelf.public for f in held.figures):
        raise Http404
    if (held.round, held.state) in r.shelf.closed:
        raise Http404
    if request.method == "POST":
        return HttpResponseRedirect(address("finding", lang=r.lang, code=code))
    replies = tuple(
        Reply(a.kind, a.role, a.by, a.at, a.reason_es, a.reason_en, a.figure)
        for a in held.answers.order_by("at", "id")
    )
    doubt = Doubt(
        held.code, held.round, held.kind, held.severity, held.state, tuple(held.figures), held.stated,
        held.expected, held.params, held.found_at, findings_api.standing(a.kind for a in replies), replies,
    )  # fmt: skip
    return _shown(request, r, doubt, {}, [], gone=held.gone_at)


def _shown(
    request: HttpRequest, r: Reader, doubt: Doubt, given: dict[str, str], faults: list[str],
    gone: datetime | None = None,
) -> HttpResponse:  # fmt: skip
    user = roles.signed_in(request)
    may = _kinds_allowed(user, doubt, r) if user and not gone else []
    entries = [r.shelf.public[f] for f in doubt.figures]
    replies = [
        {
            "kind": a.kind,
            "role": _role_name(a.role, r.lang),
            "proposed": a.proposed,
            "at": a.at,
            "reason": a.reason(r.lang),
            "figure": a.figure if a.figure in r.shelf.public else "",
        }
        for a in doubt.replies
    ]
    answer = page(
        request,
        "finding.html",
        422 if faults else 200,
        here="contradictions",
        d=told(doubt, r.shelf, r.lang, r.locale),
        lines=r.lines(entries),
        places=_places(doubt, r.locale),
        replies=replies,
        may=may,
        correctable=r.lines(e for e in entries if not e.superseded_by)
        if findings_api.CORRECTED in may
        else [],
        gone=gone,
        why_not="" if may else _why_not(user, doubt, r.lang),
        faults=faults,
        given=given,
        kept=bool(user) and request.GET.get("kept") == "1",
    )
    if faults:
        answer.explained = True  # type: ignore[attr-defined]
    return private(answer) if user else answer


def _places(doubt: Doubt, locale: str) -> list[dict[str, str]]:
    """Where each of two dates stands, for a finding that is about dates and no figures."""
    p = doubt.params
    return [
        {
            "when": partial_date(p[f"{which}_when"], locale),
            **{name: p[f"{which}_{name}"] for name in ("document", "locator", "fragment")},
        }
        for which in ("first", "again")
        if not doubt.figures and p[f"{which}_document"]
    ]


def _role_name(role: str, lang: str) -> str:
    """The role in which somebody answered. Answers that came with the data name none: a proposal."""
    return say(f"portal.role-held.{role if role in ALLOWED else 'none'}", lang)


def _kinds_allowed(user: User, doubt: Doubt, r: Reader) -> list[str]:
    """The kinds of answer that this person's roles allow; taking an answer back needs one to take."""
    on = r.now.date()
    kinds = [k for k in findings_api.KINDS if allowed(user, findings_api.ACT[k], state=doubt.state, on=on)]
    return [k for k in kinds if k != findings_api.WITHDRAWN or doubt.standing != findings_api.OPEN]


def _why_not(user: User | None, doubt: Doubt, lang: str) -> str:
    """Why this person may not answer: an answer that names who may."""
    where = state_name(doubt.state, lang) if doubt.state else say("portal.finding.region", lang)
    return say("portal.finding.why-role" if user else "portal.finding.why-sign-in", lang, state=where)


def _answered(
    request: HttpRequest, r: Reader, doubt: Doubt, given: dict[str, str]
) -> HttpResponse | list[str]:
    """Keep the answer and lead back, or say what it lacks. Raises nothing that a person can cause."""
    user = roles.signed_in(request)
    act = findings_api.ACT.get(given["kind"])
    if user is None:
        return error(request, 403)
    if act is None:
        return [say("answer.fault.kind", r.lang)]
    try:
        require(user, act, state=doubt.state, on=r.now.date())
    except NotAllowed:
        return error(request, 403, _why_not(user, doubt, r.lang))
    if given["figure"] and given["figure"] not in r.shelf.public:
        return [say("portal.form.figure", r.lang, id=given["figure"])]
    try:
        findings_api.answer(
            finding=doubt.code, kind=given["kind"],
            role=roles.role_for(user, act, state=doubt.state, on=r.now.date()), reason_es=given["reason_es"],
            reason_en=given["reason_en"], by=user.username, at=r.now, figure=given["figure"],
        )  # fmt: skip
    except findings_api.AnswerFault as e:
        return [say(key, r.lang) for key in e.keys]
    return HttpResponseRedirect(address("finding", lang=r.lang, code=doubt.code) + "?kept=1")
