"""The tables of this band, by area."""

from mirps.base.access.models import Delegation, Invitation, Mandate, RoleAssignment, User
from mirps.base.audit.models import AuditEntry
from mirps.base.clients.models import Client, SpentAssertion
from mirps.base.crypto.models import KeyMark
from mirps.base.notices.models import Bounce, Choice, Mail, MailItem, Notice

__all__ = [
    "AuditEntry",
    "Bounce",
    "Choice",
    "Client",
    "Delegation",
    "Invitation",
    "KeyMark",
    "Mail",
    "MailItem",
    "Mandate",
    "Notice",
    "RoleAssignment",
    "SpentAssertion",
    "User",
]
