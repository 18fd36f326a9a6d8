"""The backlog planner's page. Public: what it starts from is published, nothing typed is kept, and a link says all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.evidence.backlog import api as backlog
from mirps.web.pages import backlog_brief, backlog_words
from mirps.web.pages.backlog_words import Asked
from mirps.web.pages.errors import error
from mirps.web.pages.page import Reader, explained, page, private
from mirps.web.pages.throttle import exceeded

#: Each question costs a fifth of a second. A reader who drags a slider asks about once a second.
MOST_A_MINUTE = 90


def _asked(request: HttpRequest) -> Asked | HttpResponse:
    """What is asked and found; a page of refusal for who asks too often."""
    r = Reader(request)
    known = backlog.states(r.shelf.book)
    given = request.GET.dict()
    state = given.get("state", known[0] if known else "")
    state = state if state in known else ""
    start = backlog.starting(r.shelf.book, state)
    values, wrong = backlog.read(given, {key: s.value for key, s in start.items()})
    if not wrong and exceeded(request, "backlog", MOST_A_MINUTE, 60):
        answer = error(request, 429)
        answer["Retry-After"] = "60"
        return answer
    outcomes = {} if wrong else backlog.compare(backlog.plans(values))
    return Asked(r, known, state, start, values, wrong, given, outcomes)


@require_safe
def planner(request: HttpRequest, lang: str) -> HttpResponse:
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    query = request.GET.urlencode()
    shown: dict[str, Any] = {
        "here": "planning",
        "query": f"?{query}" if query else "",
        "states": asked.states,
        "state": asked.state,
        "groups": backlog_words.groups(asked),
        "wrong": backlog_words.faults(asked),
        "sources": backlog_words.sources(asked),
        "runs": backlog_words.RUNS,
        "found": backlog_words.found(asked) if asked.outcomes else None,
    }
    if asked.wrong:
        return private(explained(page(request, "backlog.html", 422, **shown)))
    answer = page(request, "backlog.html", **shown)
    return private(answer) if query else answer


@require_safe
def brief(request: HttpRequest, lang: str) -> HttpResponse:
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    if asked.wrong:
        return planner(request, lang)
    page_ = request.build_absolute_uri(request.get_full_path().replace("/brief.pdf", "/", 1))
    answer = HttpResponse(backlog_brief.pdf(asked, page_), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="mirps-backlog-{lang}.pdf"'
    return private(answer)


patterns: list[URLPattern] = [
    path("backlog/", planner, name="backlog"),
    path("backlog/brief.pdf", brief, name="backlog-brief"),
]
