"""The door to the audit: one entry for each act, in the act's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mirps.base.audit.models import AuditEntry
from mirps.base.prepared.api import insert

__all__ = ["AuditEntry", "entries_about", "record"]


def record(
    *, by: str, at: datetime, act: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    told = {"at": at, "by": by, "act": act, "subject": subject, "detail": dict(detail or {})}
    insert(AuditEntry, [told])


def entries_about(subject: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(subject=subject))
