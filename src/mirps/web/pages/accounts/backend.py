"""Whom a password, a passkey or a session lets in at all."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.access.rules import DEMO_PREFIX
from mirps.base.notices.api import UNREAD
from mirps.base.prepared.api import Prepared, piped


def lets_in(user: AbstractBaseUser) -> bool:
    """Whether the account is open. The demo's accounts have a password that everybody knows: outside the
    demo they are nobody's."""
    return user.is_active and (settings.DEMO or not user.get_username().startswith(DEMO_PREFIX))


#: With how many notices they have not read, which every page says (web/pages/notices.count).
_USER = Prepared(lambda pk: User.objects.filter(pk=pk).annotate(unread=UNREAD))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        """Every page of somebody who has signed in asks it."""
        with piped():
            asked = access.asked_with(_USER.sent(pk=user_id), user_id, on=timezone.now().date())
        return next(filter(lets_in, asked()), None)

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        return lets_in(user)
