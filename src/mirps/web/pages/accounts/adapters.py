"""What the sign-in library (django-allauth) asks of us: no sign-up, our words, sealed secrets."""

from __future__ import annotations

import logging
import threading
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.notices import api as notices
from mirps.base.texts.api import say
from mirps.web.jinja import address, language_of
from mirps.web.pages.accounts.backend import lets_in
from mirps.web.pages.accounts.door import turned_away

log = logging.getLogger(__name__)

#: Seconds after proving who one is in which nothing asks for it again.
FRESH = 600


def _lang() -> str:
    return language_of(context.request)


class _OurWords:
    """Messages of forms in our own words, where we have them (data/texts/accounts.yaml)."""

    keys = {
        "incorrect_code": "accounts.fault.code",
        "incorrect_password": "accounts.fault.password",
        "enter_current_password": "accounts.fault.password",
        "too_many_login_attempts": "accounts.fault.too-many",
        "rate_limited": "accounts.fault.too-many",
        "invalid_password_reset": "accounts.fault.link",
        "cannot_delete_authenticator": "accounts.fault.last-factor",
    }

    def validation_error(self, code: str, *args: Any) -> Exception:
        from django.core.exceptions import ValidationError

        if code in self.keys:
            return ValidationError(say(self.keys[code], _lang()), code=code)
        found: Exception = super().validation_error(code, *args)  # type: ignore[misc]
        return found


class Accounts(_OurWords, DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **rest: Any) -> HttpResponse | None:
        """Whichever way somebody comes: a closed account lets nobody in."""
        if not lets_in(user):
            return HttpResponseRedirect(reverse("account_inactive"))
        found: HttpResponse | None = super().pre_login(request, user, **rest)
        return found

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return address("home", lang=language_of(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return address("account", lang=language_of(request)) + "?done=password"

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, rest = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": rest})
        return settings.ADDRESS + path  # never the host that a request claims

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after signing in: the person has just proved who they are."""
        records = get_authentication_records(context.request, context.request.user)
        age = timezone.now().timestamp() - max((r.get("at", 0) for r in records), default=0)
        return age > FRESH

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The one mail of its own that the library sends here: the link to a new password."""
        lang, name = _lang(), template_prefix.rpartition("/")[2]
        if name != "password_reset_key":
            return
        told = say("accounts.mail.reset", lang, link=context["password_reset_url"])
        later(EmailMessage(say("accounts.mail.reset-subject", lang), told, to=[email]))

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *_: Any, **__: Any
    ) -> None:
        """What is about the safety of an account goes the way of all notices."""
        kind = "account.password" if "password" in template_prefix else "account.second-factor"
        if isinstance(user, access.User):
            notices.tell(to=[user], kind=kind, about=notices.About(), by=user.username, at=timezone.now())


class SecondFactors(_OurWords, DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return access.seal(text, secret=settings.SECRET_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        return access.unseal(encrypted_text, secret=settings.SECRET_KEY)

    def get_totp_issuer(self) -> str:
        return "MIRPS"

    def _get_site_name(self) -> str:
        return "MIRPS"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Somebody whose role writes keeps at least one."""
        user = authenticator.user
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        left = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return left or not access.must_use_second_factor(user, on=timezone.now().date())


class Directories(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """People whom a State's own directory vouches for. Nobody becomes a user by it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        directory = directory_of(sociallogin.account.provider)
        user = sociallogin.user if sociallogin.is_existing else None
        if directory is None or not isinstance(user, access.User) or not user.is_active:
            raise ImmediateHttpResponse(turned_away(request, "unknown"))
        held = [access.grant(a) for a in user.roles.order_by("id")]
        if not access.may_vouch(directory.state, held, timezone.now().date()):
            raise ImmediateHttpResponse(turned_away(request, "other-state"))

    def on_authentication_error(self, request: HttpRequest, *_: Any, **__: Any) -> None:
        raise ImmediateHttpResponse(turned_away(request, "failed"))


def later(mail: EmailMessage) -> None:
    """Send beside the answer, so that how long it takes tells nobody whether an address is known."""

    def send() -> None:
        try:
            mail.send()
        except Exception:
            log.exception("a mail about an account could not be sent")

    threading.Thread(target=send).start()


def directory_of(id: str) -> access.Directory | None:
    found: list[access.Directory] = settings.DIRECTORIES
    return next((d for d in found if d.id == id), None)
