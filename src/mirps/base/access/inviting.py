"""Accounts are made by invitation alone: a one-time link by which the person sets a password."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from mirps.base.access.actions import AccessFault
from mirps.base.access.models import Invitation, RoleAssignment, User
from mirps.base.access.rules import DEMO_PREFIX
from mirps.base.audit.api import record

#: How long a link lets somebody in.
GOOD_FOR = timedelta(days=7)


def digest(secret: str) -> str:
    """What is kept of a link's secret: it has 256 bits, so that a plain digest cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_account(*, email: str, name: str, language: str, by: str, at: datetime) -> User:
    """An account without a password. Raises AccessFault for an address that cannot be one or is taken."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise AccessFault("accounts.fault.email", email=address) from None
    if not name.strip():
        raise AccessFault("accounts.fault.name")
    if User.objects.filter(email__iexact=address).exists():
        raise AccessFault("accounts.fault.email-taken", email=address)
    user = User(username=_free_name(address), email=address, first_name=name.strip()[:150], language=language)
    user.set_unusable_password()
    user.save()
    # The administrator answers for the address: a directory or a reset link may be matched by it.
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    record(by=by, at=at, act="account.made", subject=user.username, detail={"email": address})
    return user


def _free_name(address: str) -> str:
    """A user name from an address: its local part in plain letters, numbered when it is taken."""
    local = unicodedata.normalize("NFKD", address.partition("@")[0]).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9._-]", "", local.lower())[:40].strip("._-") or "person"
    base = base.replace(DEMO_PREFIX, "person-", 1) if base.startswith(DEMO_PREFIX) else base
    name, n = base, 1
    while User.objects.filter(username=name).exists():
        n += 1
        name = f"{base}{n}"
    return name


@transaction.atomic
def invite(*, user: User, by: str, at: datetime) -> str:
    """Make the one link of a person anew and return its secret; links sent before no longer open."""
    User.objects.select_for_update().get(pk=user.pk)
    Invitation.objects.filter(user=user, used_at=None).delete()
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(user=user, digest=digest(secret), made_at=at, expires_at=at + GOOD_FOR)
    record(by=by, at=at, act="account.invited", subject=user.username, detail={"email": user.email})
    return secret


def invited(secret: str, *, at: datetime) -> Invitation | None:
    """The invitation that a link's secret opens; None when it never did, no longer does, or was used."""
    found = Invitation.objects.filter(digest=digest(secret), used_at=None, expires_at__gt=at)
    return found.select_related("user").filter(user__is_active=True).first()


@transaction.atomic
def accept(*, secret: str, password: str, at: datetime) -> User:
    """Set the password of the person invited; the link is used up. Raises AccessFault if it is not open."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("user")
    held = found.filter(digest=digest(secret), used_at=None, expires_at__gt=at, user__is_active=True).first()
    if held is None:
        raise AccessFault("accounts.fault.link")
    held.used_at = at
    held.save(update_fields=["used_at"])
    held.user.set_password(password)
    held.user.save(update_fields=["password"])
    record(by=held.user.username, at=at, act="account.opened", subject=held.user.username)
    return held.user


@transaction.atomic
def first_administrator(*, email: str, name: str, language: str, at: datetime) -> tuple[User, str]:
    """The account that makes the others, and the secret of its link. Only while nobody can sign in as
    an administrator of the region: then the same address is given a new link."""
    from mirps.base.access.actions import give_role

    held = RoleAssignment.objects.filter(role="administrator", state="", user__is_active=True)
    people = [a.user for a in held.exclude(ends__lt=at.date()).select_related("user").order_by("id")]
    if any(u.has_usable_password() for u in people):
        raise AccessFault("accounts.fault.administrator-already")
    by = "mirps people first-administrator"
    user = next((u for u in people if u.email.casefold() == email.strip().casefold()), None)
    if user is None:
        user = make_account(email=email, name=name, language=language, by=by, at=at)
    give_role(user=user, role="administrator", state="", starts=at.date(), ends=None, by=by, at=at)
    return user, invite(user=user, by=by, at=at)
