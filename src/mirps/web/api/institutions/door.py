"""Who comes in: a client with a token for the scope, within its limits; and how a refusal is told."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from mirps.base.clients import api as clients
from mirps.people.custody import api as custody
from mirps.web.api import problems
from mirps.web.api.limits import PerMinute
from mirps.web.api.problems import Problem
from mirps.web.api.service import View

ROOT = "/api/institutions/v1/"
WRITE = frozenset({"registration.submit"})


class Caller:
    """A client at work: what it may do now, and from which seat."""

    def __init__(self, bearer: clients.Bearer, scope: str) -> None:
        self.client = bearer.client
        self.scope = clients.terms().scopes[scope]
        self.now = timezone.now()

    @property
    def seat(self) -> custody.Seat:
        """All of its institution, for the purpose of the scope; cleared for nothing that only some may know."""
        return custody.Seat(
            self.client.user, self.client.state, self.client.institution, purpose=self.scope.purpose
        )


class Needs:
    """The `auth` of an operation: a token that holds this scope. What it is called with is `request.auth`."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.limit = PerMinute(f"client-{scope}", 0)

    def __call__(self, request: HttpRequest) -> Caller:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        found = clients.bearer(text.strip(), at=timezone.now()) if kind.casefold() == "bearer" else None
        if found is None:
            raise Problem(401, "token", "token", title="unauthorised", address="/oauth/token")
        if self.scope not in found.scopes:
            raise Problem(403, "scope", "scope", title="forbidden", scope=self.scope)
        a_minute = clients.terms().a_minute
        self.limit.limit = a_minute["write" if self.scope in WRITE else "read"]
        if not self.limit.admits(found.client.pk):
            raise _waits(self.limit.limit, self.limit.wait())
        return Caller(found, self.scope)


def _waits(limit: int, seconds: float) -> Problem:
    return Problem(429, "too_many_client", "wait_client", limit=limit, seconds=int(seconds))


class InstitutionsAPI(NinjaAPI):
    """Every answer is for one client and kept by nobody; every other address is an explained 404."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            assert isinstance(pattern, URLPattern)
            pattern.callback = answered(_nowhere if pattern.name == "api-root" else pattern.callback)
        return [*patterns, path("<path:rest>", answered(_nowhere))], app, namespace


def answered(view: View) -> View:
    """What every address does around its own work."""

    @csrf_exempt
    @sensitive_variables()
    @wraps(view)
    def wrapped(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return problems.response_of(request, Problem(413, "too_long", "too_long", title="too_long"))
        answer = view(request, **parts)
        answer["Cache-Control"] = "no-store"
        answer["Vary"] = "Accept-Language, Authorization"
        if answer.status_code == 401:
            answer["WWW-Authenticate"] = 'Bearer realm="mirps", error="invalid_token"'
        if answer.status_code == 405:
            return _no_such_method(request, answer)
        return answer

    return wrapped


def _no_such_method(request: HttpRequest, answer: HttpResponseBase) -> HttpResponse:
    allowed = answer.get("Allow", "")
    told = problems.response_of(
        request,
        Problem(405, "method", "methods", title="method_not", found=request.method or "", known=allowed),
    )
    told["Allow"] = allowed
    return told


def _nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.response_of(request, Problem(404, "nowhere", "missing", found=request.path, address=ROOT))


def _limit_met(request: HttpRequest, met: custody.TooMany) -> HttpResponse:
    """A limit of reads: whoever answers for the institution's data is told, as of a person who meets one."""
    caller = request.auth  # type: ignore[attr-defined]
    custody.tell_of_limit(seat=caller.seat, met=met, at=caller.now)
    return problems.response_of(request, _waits(met.most, (met.until - caller.now).total_seconds() + 1))


def _invalid(request: HttpRequest, e: ValidationError) -> HttpResponse:
    """The first part of what was sent that is not as the contract has it."""
    error = e.errors[0]
    where = ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "wanted", "given"))
    problem = Problem(
        422, "shape", "shape", title="bad_content", parameter=where or "body", address=f"{ROOT}openapi.json"
    )
    return problems.response_of(request, problem)


def _unread(request: HttpRequest, e: HttpError) -> HttpResponse:
    if e.status_code == 400:
        return problems.response_of(request, Problem(400, "json", "json", title="bad_content"))
    return problems.broken(request, e)


def explain_errors(api: NinjaAPI) -> None:
    """Every error that an operation raises becomes application/problem+json."""
    handlers: dict[type[Exception], Any] = {
        Problem: problems.response_of, ValidationError: _invalid, custody.TooMany: _limit_met,
        Http404: lambda request, e: _nowhere(request), HttpError: _unread, Exception: problems.broken,
        RequestDataTooBig: lambda request, e: problems.response_of(
            request, Problem(413, "too_long", "too_long", title="too_long")
        ),
    }  # fmt: skip
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
