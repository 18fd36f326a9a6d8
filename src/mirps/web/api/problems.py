"""Errors as application/problem+json (RFC 9457), in the reader's language: which parameter, what, what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse

from mirps.base.texts.api import LANGUAGES, say

MEDIA = "application/problem+json"
log = logging.getLogger(__name__)

_TITLES = {400: "bad_parameter", 404: "not_found", 405: "method", 429: "too_many", 500: "broken"}
_SHOWN = 80  # characters of what was sent that an error repeats


class Problem(Exception):
    """Something that the answer must say. `detail` and `remedy` are texts of data/texts/exports.yaml."""

    def __init__(
        self, status: int, detail: str, remedy: str, *, parameter: str = "", title: str = "", **values: object
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.parameter = parameter
        self.title = title or _TITLES[status]
        self.values = {k: str(v)[:_SHOWN] if k == "found" else v for k, v in values.items()}


def unknown_code(parameter: str, found: str, known: Iterable[str]) -> Problem:
    """A code that no list holds: the nearest are named, or all of a short list."""
    codes = [str(c) for c in known]
    near = (
        codes
        if len(codes) <= 25
        else get_close_matches(found[:_SHOWN], codes, n=10, cutoff=0.3) or codes[:10]
    )
    return Problem(400, "code", "known", parameter=parameter, found=found, known=", ".join(near))


def bad_value(parameter: str, found: str, remedy: str, *, known: str = "", address: str = "") -> Problem:
    return Problem(400, "value", remedy, parameter=parameter, found=found, known=known, address=address)


def missing(request: HttpRequest, address: str) -> Problem:
    """`address`: where to see what there is."""
    return Problem(404, "missing", "missing", found=request.path, address=address)


def language_of(request: HttpRequest) -> str:
    """The parameter lang; without it, the first of our languages in Accept-Language; without that, Spanish."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    for part in request.headers.get("Accept-Language", "")[:200].lower().split(","):
        if part.strip()[:2] in LANGUAGES:
            return part.strip()[:2]
    return "es"


def response_of(request: HttpRequest, problem: Problem) -> HttpResponse:
    lang = language_of(request)
    values = {"parameter": problem.parameter, **problem.values}
    body = {
        "type": f"urn:mirps:problem:{problem.title.replace('_', '-')}",
        "title": say(f"api.problem.{problem.title}", lang),
        "status": problem.status,
        "detail": say(f"api.detail.{problem.detail}", lang, **values),
        "instance": request.path,
        "remedy": say(f"api.remedy.{problem.remedy}", lang, **values),
    }
    if problem.parameter:
        body["parameter"] = problem.parameter
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=problem.status, content_type=MEDIA)
    response["Content-Language"] = lang
    response["Cache-Control"] = "no-store"
    return response


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Our own fault: noted with its trace, told without it."""
    log.exception("the API failed at %s", request.path, exc_info=error)
    return response_of(request, Problem(500, "broken", "broken"))
