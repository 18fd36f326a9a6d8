"""Signing in and out. Reading never needs it."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.texts.api import say
from mirps.web.jinja import address
from mirps.web.pages.accounts.adapters import directory_of
from mirps.web.pages.accounts.backend import lets_in
from mirps.web.pages.accounts.door import TURNED_AWAY, refused
from mirps.web.pages.errors import error
from mirps.web.pages.page import explained, page, private
from mirps.web.pages.throttle import exceeded, spent

#: Misses from one address in five minutes. A whole ministry may sign in from one; its misses are counted,
#: not its people. Tries of one account are counted apart (settings, ACCOUNT_RATE_LIMITS).
MOST_MISSES = 30


def wanted(request: HttpRequest, lang: str) -> str:
    """Where the reader was going: a page of ours, else the home page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return address("home", lang=lang)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, lang: str) -> HttpResponse:
    leads, username = wanted(request, lang), request.POST.get("username", "")[:254]
    fault = " ".join(str(m) for m in get_messages(request))
    if request.method == "POST":
        if spent(request, "sign-in", MOST_MISSES):
            return _too_many(request)
        name = "email" if "@" in username else "username"
        given = {name: username, "password": request.POST.get("password", "")}
        try:
            user = get_adapter().authenticate(request, **given)
        except ValidationError:
            return _too_many(request)
        if user is not None and lets_in(user):
            request.session["lang"] = lang
            return private(perform_password_login(request, given, Login(user=user, redirect_url=leads)))
        exceeded(request, "sign-in", MOST_MISSES, 300)
        # One sentence for both: whether a name exists is nobody's to learn.
        fault = say("portal.account.wrong", lang)
    answer = page(
        request, "sign-in.html", 422 if fault else 200, next=leads, username=username, fault=fault,
        directories=settings.DIRECTORIES,
    )  # fmt: skip
    return explained(private(answer))


def _too_many(request: HttpRequest) -> HttpResponse:
    answer = error(request, 429)
    answer["Retry-After"] = "300"
    return answer


@require_safe
def with_directory(request: HttpRequest, lang: str, directory: str) -> HttpResponse:
    """Lead to a State's own directory, and back to where the reader was going."""
    if directory_of(directory) is None:
        raise Http404
    request.session["lang"] = lang
    start = reverse("openid_connect_login", kwargs={"provider_id": directory})
    return private(HttpResponseRedirect(f"{start}?{urlencode({'next': wanted(request, lang)})}"))


@require_safe
def refused_by_directory(request: HttpRequest, lang: str, reason: str) -> HttpResponse:
    if reason not in TURNED_AWAY:
        raise Http404
    return refused(request, f"accounts.oidc.{reason}", TURNED_AWAY[reason])


@require_POST
def sign_out(request: HttpRequest, lang: str) -> HttpResponse:
    logout(request)
    return private(HttpResponseRedirect(address("home", lang=lang)))


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """The account was closed: the page says whom to ask."""
    return refused(request, "accounts.closed")
