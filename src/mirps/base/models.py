"""The tables of this band, by area."""

from mirps.base.access.models import Delegation, Invitation, Mandate, RoleAssignment, User
from mirps.base.audit.models import AuditEntry
from mirps.base.crypto.models import KeyMark
from mirps.base.notices.models import Bounce, Choice, Mail, MailItem, Notice

__all__ = [
    "AuditEntry",
    "Bounce",
    "Choice",
    "Delegation",
    "Invitation",
    "KeyMark",
    "Mail",
    "MailItem",
    "Mandate",
    "Notice",
    "RoleAssignment",
    "User",
]
