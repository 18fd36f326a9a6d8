"""The API as one thing: every answer readable from any page, revalidated cheaply, its errors explained."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from mirps.web.api import limits, problems
from mirps.web.api.ledger import etag
from mirps.web.api.problems import Problem, language_of, missing

View = Callable[..., HttpResponseBase]
READING = ("GET", "HEAD", "OPTIONS")
ROOT = "/api/v1/"


class PublicAPI(NinjaAPI):
    """A read-only API: GET, HEAD and OPTIONS at every address, and an explained 404 at every other."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            assert isinstance(pattern, URLPattern)
            pattern.callback = public(pattern.callback)
        return [*patterns, path("<path:rest>", public(_nowhere))], app, namespace


def _nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.response_of(request, missing(request, ROOT))


def public(view: View) -> View:
    """What every address does around its own work: methods, unknown parameters, 304, headers."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
        elif request.method not in READING:
            refused = Problem(405, "method", "method", found=request.method or "")
            response = problems.response_of(request, refused)
        else:
            response = _read(request, view, kwargs)
        if response.status_code in (204, 405):
            response["Allow"] = ", ".join(READING)
        _open(response)
        return response

    return wrapped


def _read(request: HttpRequest, view: View, kwargs: dict[str, Any]) -> HttpResponseBase:
    try:
        lang = language_of(request)
        _known_parameters(request)
        mark = etag(request.get_full_path(), lang)
        if mark in [t.strip() for t in request.headers.get("If-None-Match", "")[:2000].split(",")]:
            response: HttpResponseBase = HttpResponse(status=304)
        else:
            method, request.method = request.method, "GET"  # for HEAD the server sends the headers alone
            response = view(request, **kwargs)
            request.method = method
    except Problem as e:
        return problems.response_of(request, e)
    if response.status_code in (200, 304):
        response["ETag"] = mark
        response["Cache-Control"] = "no-cache"
        response["Content-Language"] = lang
        response["Vary"] = "Accept-Language"
    return response


def _open(response: HttpResponseBase) -> None:
    """Any page may read this: it is public, and no cookie changes it (CORS)."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = ", ".join(READING)
    response["Access-Control-Allow-Headers"] = "If-None-Match, Accept-Language"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, Content-Language"
    response["Access-Control-Max-Age"] = "86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"


@cache
def _parameters() -> dict[str, frozenset[str]]:
    """Operation -> the names of its parameters in the query."""
    from mirps.web.api.reference import described

    return {
        op["operationId"]: frozenset(p["name"] for p in op.get("parameters", ()) if p["in"] == "query")
        for methods in described("en")["paths"].values()
        for op in methods.values()
    }


def _known_parameters(request: HttpRequest) -> None:
    """A misspelt filter must not answer with everything. Raises Problem naming it."""
    name = request.resolver_match.url_name if request.resolver_match else None
    known = _parameters().get(name or "", frozenset({"lang"}))
    for given in request.GET:
        if given not in known:
            raise Problem(
                400, "unknown", "known", title="unknown_parameter", parameter=given[:80],
                known=", ".join(sorted(known)),
            )  # fmt: skip
        if len(request.GET.getlist(given)) > 1:
            raise problems.bad_value(given, ", ".join(request.GET.getlist(given)), "value", address=ROOT)


def _invalid(request: HttpRequest, e: ValidationError) -> HttpResponse:
    """The first parameter that does not have its type, with what would be right."""
    error = e.errors[0]
    where = [str(part) for part in error["loc"]]
    name = where[-1]
    found = request.GET.get(name, "")
    if "expected" in error.get("ctx", {}):
        known = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        problem = problems.bad_value(name, found, "known", known=known)
    elif name == "known_on":
        problem = problems.bad_value(name, found, "date")
    elif name == "limit":
        problem = problems.bad_value(name, found, "limit")
    else:
        problem = problems.bad_value(name, found, "value", address=ROOT)
    return problems.response_of(request, problem)


def _throttled(request: HttpRequest, e: Throttled) -> HttpResponse:
    limit = limits.EXPORT.limit if "/rounds/" in request.path else limits.READ.limit
    problem = Problem(429, "too_many", "wait", limit=limit, seconds=ceil(e.wait or limits.WINDOW))
    return problems.response_of(request, problem)


def explain_errors(api: NinjaAPI) -> None:
    """Every error that an operation raises becomes application/problem+json."""
    api.add_exception_handler(Problem, problems.response_of)  # type: ignore[arg-type]
    api.add_exception_handler(ValidationError, _invalid)  # type: ignore[arg-type]
    api.add_exception_handler(Throttled, _throttled)  # type: ignore[arg-type]
    api.add_exception_handler(Http404, lambda request, e: _nowhere(request))
    api.add_exception_handler(HttpError, problems.broken)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, problems.broken)  # type: ignore[arg-type]
