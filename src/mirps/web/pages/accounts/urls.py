"""Addresses of signing in, accounts and people.

The sign-in library makes addresses without naming a language; those of its pages are under the
language that is active (`in_language`), which the guard sets from the page's own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path

from mirps.web.pages.accounts import inviting, mine, people, signing
from mirps.web.pages.accounts.door import refused, turned_away
from mirps.web.pages.page import private

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """A page of the library's: kept by no cache."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse) and not answer.is_rendered:
            answer.render()
        return private(answer)

    return kept


def mine_alone(view: View) -> View:
    return own(login_required(view))


def reached(view: View) -> View:
    """A step with a State's directory; one that does not answer is told as such."""

    @wraps(view)
    def tried(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            return private(view(request, **parts))
        except OSError:  # what the library's client raises for no answer, a late one and one it cannot read
            log.exception("the directory %s did not answer", parts)
            return turned_away(request, "silent")

    return tried


@login_required
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a passkey away, unless it is the last second factor of somebody who needs one."""
    held = Authenticator.objects.filter(pk=pk, user_id=request.user.pk).first()
    if held is not None and not get_adapter().can_delete_authenticator(held):
        return refused(request, "accounts.fault.last-factor")
    answer: HttpResponse = keys.remove_webauthn(request, pk=pk)
    return answer


_RESET = "account/password/reset/"
#: The library's pages, each under the name by which it looks it up.
_LIBRARY: tuple[tuple[str, View, str], ...] = (
    ("account/confirm/", mine_alone(account.reauthenticate), "account_reauthenticate"),
    ("account/confirm/code/", mine_alone(factor.reauthenticate), "mfa_reauthenticate"),
    ("account/confirm/key/", mine_alone(keys.reauthenticate_webauthn), "mfa_reauthenticate_webauthn"),
    ("account/second-step/", own(factor.authenticate), "mfa_authenticate"),
    ("account/app/", mine_alone(totp.activate_totp), "mfa_activate_totp"),
    ("account/app/remove/", mine_alone(totp.deactivate_totp), "mfa_deactivate_totp"),
    ("account/codes/", mine_alone(codes.view_recovery_codes), "mfa_view_recovery_codes"),
    ("account/codes/new/", mine_alone(codes.generate_recovery_codes), "mfa_generate_recovery_codes"),
    ("account/keys/add/", mine_alone(keys.add_webauthn), "mfa_add_webauthn"),
    ("account/keys/<int:pk>/remove/", own(remove_key), "mfa_remove_webauthn"),
    ("account/keys/sign-in/", own(keys.login_webauthn), "mfa_login_webauthn"),
    ("account/password/", mine_alone(account.password_change), "account_change_password"),
    ("account/closed/", signing.inactive, "account_inactive"),
    (_RESET, own(account.password_reset), "account_reset_password"),
    (_RESET + "sent/", own(account.password_reset_done), "account_reset_password_done"),
    (_RESET + "done/", own(account.password_reset_from_key_done), "account_reset_password_from_key_done"),
    (
        _RESET + "<slug:uidb36>/<str:key>/",
        own(account.password_reset_from_key),
        "account_reset_password_from_key",
    ),
)


def _ours(view: View) -> View:
    """The library's view under our address, whose language it is not told."""

    @wraps(view)
    def shown(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        return view(request, **parts)

    return shown


#: Under /es/ and /en/, with the language as a part of the address.
patterns: list[URLPattern] = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-in/with/<slug:directory>/", signing.with_directory, name="sign-in-with"),
    path("sign-in/refused/<slug:reason>/", signing.refused_by_directory, name="sign-in-refused"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("invitation/", inviting.invitation, name="invitation"),
    path("invitation/<str:secret>/", inviting.opened, name="invitation-link"),
    path("account/", mine.account, name="account"),
    path("account/second-factor/", mine.second_factor, name="second-factor"),
    path("account/language/", mine.language, name="account-language"),
    path("account/sessions/end/", mine.end_session, name="session-end"),
    path("account/standing-in/", mine.lend, name="lend"),
    path("account/standing-in/<int:id>/end/", mine.take_back, name="take-back"),
    path("accounts/", people.people, name="people"),
    path("accounts/invite/", people.invite, name="invite"),
    path("accounts/<str:username>/", people.person, name="person"),
    *(path(route, _ours(view), name=name) for route, view, name in _LIBRARY),
]

#: The same addresses, as the library makes them: under the language that is active. Never reached, since
#: `patterns` stand before them.
in_language: list[URLPattern | URLResolver] = i18n_patterns(
    path("sign-in/", signing.sign_in, name="account_login"),
    path("account/", mine.account, name="mfa_index"),
    path("account/", mine.account, name="mfa_list_webauthn"),
    *(path(route, view, name=name) for route, view, name in _LIBRARY),
)

#: Under no language: a directory knows one way back to us.
without_language: list[URLPattern] = [
    path("account/oidc/<slug:provider_id>/", reached(oidc.login), name="openid_connect_login"),
    path("account/oidc/<slug:provider_id>/back/", reached(oidc.callback), name="openid_connect_callback"),
]
