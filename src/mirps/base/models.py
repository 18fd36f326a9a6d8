"""The tables of this band, by area."""

from mirps.base.access.models import RoleAssignment, User
from mirps.base.audit.models import AuditEntry
from mirps.base.notices.models import Bounce, Choice, Mail, MailItem, Notice

__all__ = ["AuditEntry", "Bounce", "Choice", "Mail", "MailItem", "Notice", "RoleAssignment", "User"]
