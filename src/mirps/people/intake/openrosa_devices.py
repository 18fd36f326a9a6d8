"""The codes by which devices sign in: made by a supervisor, shown once, kept as a hash, running out, revoked.

A code is no person's password: what it opens is the form and the sending of it, and it reads nothing. Devices
send it with every request (HTTP Basic), so a code that was proved once is not hashed again for some minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.refusal import Refusal
from mirps.people.intake.openrosa_models import Device
from mirps.people.registry.numbers import LETTERS

#: The right to make and revoke codes.
ACT = "device.issue"
#: 31 letters that are taken for no others, so 24 of them say 118 bits: nobody guesses one.
_LENGTH, _APART = 24, 6
MOST_DAYS = 400
_PROVED_FOR = 600
_SEEN_EVERY = timedelta(minutes=5)


class DeviceFault(Refusal):
    """A code that is not made: a text of data/texts/people-openrosa.yaml."""


def make(
    *, name: str, holder: access.User, state: str, institution: str, office: str, expires_at: datetime,
    by: access.User, at: datetime,
) -> tuple[Device, str]:  # fmt: skip
    """A device and its code, which is shown this once.

    Raises access.NotAllowed unless `by` may make codes there, DeviceFault where the holder may not register
    there, or the code would last too long.
    """
    _require(by, state=state, institution=institution, office=office, at=at)
    name = " ".join(name.split())
    if not 0 < len(name) <= 60:
        raise DeviceFault("openrosa.device.fault.name")
    if not at < expires_at <= at + timedelta(days=MOST_DAYS):
        raise DeviceFault("openrosa.device.fault.expires", days=MOST_DAYS)
    if not _may(holder, "person.register", state=state, institution=institution, office=office, at=at):
        raise DeviceFault("openrosa.device.fault.holder", name=holder.called)
    letters = _letters(_LENGTH)
    code = "-".join(letters[n : n + _APART] for n in range(0, _LENGTH, _APART))
    with transaction.atomic():
        device = Device.objects.create(
            id=uuid7(), login=f"d-{_letters(8).lower()}", secret=make_password(_plain(code)), name=name, state=state,
            institution=institution, office=office, holder=holder, made_at=at, by=by.username, expires_at=expires_at,
        )  # fmt: skip
        audit.record(by=by.username, at=at, act="device.issue", subject=f"device/{device.login}",
                     detail={"office": office, "holder": holder.username})  # fmt: skip
    return device, code


def revoke(*, device: Device, by: access.User, at: datetime) -> None:
    """From now on the code opens nothing. What the device still holds can be sent under a new one."""
    _require(by, state=device.state, institution=device.institution, office=device.office, at=at)
    with transaction.atomic():
        if Device.objects.filter(id=device.id, revoked_at=None).update(revoked_at=at, revoked_by=by.username):
            audit.record(by=by.username, at=at, act="device.revoke", subject=f"device/{device.login}")


def _may(user: access.User, act: str, *, state: str, institution: str, office: str, at: datetime) -> bool:
    """Whether somebody may do this at an office, or at all of its institution."""
    there = [g for g in access.grants_of(user, on=at.date()) if g.office in ("", office)]
    return user.is_active and access.may(there, act, state=state, body=institution, on=at.date())


def _require(by: access.User, *, state: str, institution: str, office: str, at: datetime) -> None:
    if not _may(by, ACT, state=state, institution=institution, office=office, at=at):
        raise access.NotAllowed(ACT, state)


def known(login: str, code: str, *, at: datetime) -> Device | None:
    """The device that this code is of, if it still opens anything."""
    device = Device.objects.select_related("holder").filter(login=login.strip().lower()).first()
    proved = device is not None and _proved(device, _plain(code))
    if device is None or not proved or device.revoked_at or device.expires_at <= at:
        return None
    if device.seen_at is None or at - device.seen_at > _SEEN_EVERY:
        Device.objects.filter(id=device.id).update(seen_at=at)
    return device


def _proved(device: Device, code: str) -> bool:
    mark = f"device:{device.id}"
    mine = hashlib.sha256(f"{device.secret}/{code}".encode()).hexdigest()
    if hmac.compare_digest(str(cache.get(mark, "")), mine):
        return True
    if not check_password(code, device.secret):
        return False
    cache.set(mark, mine, _PROVED_FOR)
    return True


def _letters(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _plain(code: str) -> str:
    """A code as it was typed, without its strokes."""
    return "".join(c for c in code.upper() if c.isalnum())
