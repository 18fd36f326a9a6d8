"""Between a session and every page: its language, its second factor, and when it was last used."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from mirps.base.access import api as access
from mirps.base.access.rules import DEMO_PREFIX
from mirps.web.jinja import address, language_of
from mirps.web.pages.accounts.adapters import directory_of
from mirps.web.pages.accounts.door import refused
from mirps.web.pages.accounts.recording import GIVEN
from mirps.web.pages.page import private

#: Seconds within which the last use of a session is not written again.
SEEN_EVERY = 300
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

Answer = Callable[[HttpRequest], HttpResponse]


class Guard:
    """Who holds a role that writes goes no further without a second factor than to set one up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/static/"):
            return self.get_response(request)
        with translation.override(_language(request)):
            stopped = None
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                request.user = get_user(
                    request
                )  # itself, where Django's asks at every touch whether it is there
                if request.user.is_authenticated:
                    _seen(request)
                    stopped = _stopped(request)
            return stopped or self.get_response(request)


def _language(request: HttpRequest) -> str:
    """The page's; what stands under no language (the way back from a directory) keeps the session's."""
    if request.path_info.startswith("/account/") and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return str(request.session.get("lang") or language_of(request))
    return language_of(request)


def _stopped(request: HttpRequest) -> HttpResponse | None:
    user = request.user
    if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, access.User):
        return None
    if request.session.get(GIVEN) == user.pk or _leads_on(request.path_info):
        return None
    if _gave_one(request, user):
        request.session[GIVEN] = user.pk
        return None
    if not access.must_use_second_factor(user, on=timezone.now().date()):
        return None
    enrolled = is_mfa_enabled(user, _FACTORS)
    if not enrolled and _sets_up(request.path_info, request.method):
        return None
    lang = language_of(request)
    if request.method not in ("GET", "HEAD") or request.path_info.startswith("/api/"):
        return refused(request, "accounts.factor.first")
    if enrolled:
        back = quote(request.get_full_path())
        return private(HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?next={back}"))
    return private(HttpResponseRedirect(address("second-factor", lang=lang)))


def _leads_on(path: str) -> bool:
    """Pages by which one gives a second factor, comes in, or leaves."""
    return path.startswith("/account/oidc/") or path[3:].startswith(
        ("/account/confirm/", "/account/second-step/", "/account/password/reset/", "/account/closed/",
         "/sign-out/", "/sign-in/", "/invitation/")
    )  # fmt: skip


def _sets_up(path: str, method: str | None) -> bool:
    """Pages by which somebody who has no second factor sets one up, and reads what it is for. Nothing else
    of an account: with the password alone nobody lends a role, ends a session or changes the password."""
    rest = path[3:]
    return (rest == "/account/" and method in ("GET", "HEAD")) or rest in (
        "/account/second-factor/", "/account/app/", "/account/keys/add/", "/account/codes/",
        "/account/codes/new/",
    )  # fmt: skip


def _gave_one(request: HttpRequest, user: access.User) -> bool:
    if settings.DEMO and user.username.startswith(DEMO_PREFIX):
        return True
    for record in get_authentication_records(request, user):
        if record.get("method") == "mfa":
            return True
        directory = directory_of(str(record.get("provider", "")))
        if record.get("method") == "socialaccount" and directory and directory.asks_second_factor:
            return True
    return False


def _seen(request: HttpRequest) -> None:
    key = request.session.session_key
    if key and cache.add(f"seen:{key}", 1, SEEN_EVERY):
        UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
