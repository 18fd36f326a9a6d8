"""The link of an invitation: how it is sent, and the page that it opens."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, User
from mirps.base.texts.api import say
from mirps.web.jinja import address
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.errors import error
from mirps.web.pages.page import explained, page, private
from mirps.web.pages.throttle import exceeded

log = logging.getLogger(__name__)
#: In the session: the secret of the link that was opened.
OPENED = "invitation"
#: Links opened from one address in five minutes.
MOST_LINKS = 30


def link(person: User, secret: str) -> str:
    return settings.ADDRESS + address("invitation-link", lang=person.language, secret=secret)


def send_link(person: User, secret: str) -> bool:
    """Send the link; whether a mail could leave. The invitation stands in either case."""
    lang = person.language
    told = say(
        "accounts.mail.invitation", lang, name=person.called, link=link(person, secret),
        days=access.GOOD_FOR.days,
    )  # fmt: skip
    try:
        EmailMessage(say("accounts.mail.invitation-subject", lang), told, to=[person.email]).send()
    except (OSError, SMTPException):
        log.exception("the link of an invitation could not be sent")
        return False
    return True


@require_safe
def opened(request: HttpRequest, lang: str, secret: str) -> HttpResponse:
    """The link of the mail: its secret goes into the session, and out of addresses and logs."""
    request.session[OPENED] = secret[:100]
    return private(HttpResponseRedirect(address("invitation", lang=lang)))


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, lang: str) -> HttpResponse:
    """Set a password with a one-time link. Opening the page uses nothing up: mail programs look ahead."""
    if exceeded(request, "invitation", MOST_LINKS, 300):
        return error(request, 429)
    now, typed, secret = timezone.now(), Typed(request, lang), str(request.session.get(OPENED, ""))
    held = access.invited(secret, at=now)
    if held is None:
        return _closed(request)
    if request.method == "POST":
        password = request.POST.get("password", "")
        _check(typed, password, request.POST.get("again", ""), held.user)
        if not typed.faults:
            try:
                user = access.accept(secret=secret, password=password, at=now)
            except AccessFault:
                return _closed(request)
            return _in(request, lang, user)
    answer = page(
        request, "accounts/invitation.html", 422 if typed.faults else 200, person=held.user, f=typed,
        until=held.expires_at,
    )  # fmt: skip
    return explained(private(answer))


def _in(request: HttpRequest, lang: str, user: User) -> HttpResponse:
    logout(request)  # whoever was signed in on this device is not the person invited
    request.session["lang"] = lang
    needs = access.must_use_second_factor(user, on=timezone.now().date())
    leads = address("second-factor" if needs else "account", lang=lang)
    given = {"username": user.username}
    return private(perform_password_login(request, given, Login(user=user, redirect_url=leads)))


def _closed(request: HttpRequest) -> HttpResponse:
    return explained(private(page(request, "accounts/link-closed.html", 410)))


def _check(typed: Typed, password: str, again: str, user: User) -> None:
    if password != again:
        typed.fault("again", "accounts.fault.again")
    try:
        validate_password(password, user)
    except ValidationError as e:
        typed.faults.setdefault("password", " ".join(e.messages))
