"""Signing in and out. Reading never needs it."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mirps.base.texts.api import say
from mirps.web.jinja import address
from mirps.web.pages.errors import error
from mirps.web.pages.page import page, private
from mirps.web.pages.throttle import exceeded

#: Tries of a password from one address in five minutes.
MOST_TRIES = 10


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, lang: str) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if not wanted.startswith("/") or not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = address("home", lang=lang)
    username, fault = request.POST.get("username", "")[:150], ""
    if request.method == "POST":
        if exceeded(request, "sign-in", MOST_TRIES, 300):
            answer = error(request, 429)
            answer["Retry-After"] = "300"
            return answer
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
        if user is not None:
            login(request, user)
            return private(HttpResponseRedirect(wanted))
        # One sentence for both: whether a name exists is nobody's to learn.
        fault = say("portal.account.wrong", lang)
    answer = private(
        page(request, "sign-in.html", 422 if fault else 200, next=wanted, username=username, fault=fault)
    )
    answer.explained = True  # type: ignore[attr-defined]
    return answer


@require_POST
def sign_out(request: HttpRequest, lang: str) -> HttpResponse:
    logout(request)
    return private(HttpResponseRedirect(address("home", lang=lang)))
