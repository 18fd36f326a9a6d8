"""Stating a figure anew from the shell: who may, and in which role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mirps.base.access.api import User, allowed
from mirps.evidence.errata import api as errata
from mirps.evidence.errata.api import Corrected, Refused
from mirps.web.roles import role_for

__all__ = ["Refused", "state_anew"]


def state_anew(
    *,
    old: str,
    new: str,
    changes: Mapping[str, str],
    reason_es: str,
    reason_en: str,
    username: str,
    at: datetime,
) -> Corrected:
    """Supersede `old`. Raises Refused or PackageFaults; then nothing has changed."""
    held = errata.standing(old)
    user = User.objects.filter(username=username).first()
    if user is None or not allowed(user, "figure.correct", state=held.state, on=at.date()):
        raise Refused("export.fault.not_allowed", user=username, state=held.state)
    role = role_for(user, "figure.correct", state=held.state, on=at.date())
    return errata.correct(
        old=old, changes=changes, role=role, reason_es=reason_es, reason_en=reason_en, by=username, at=at,
        new=new,
    )  # fmt: skip
