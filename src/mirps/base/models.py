"""The tables of this band, by area."""

from mirps.base.access.models import RoleAssignment, User
from mirps.base.audit.models import AuditEntry

__all__ = ["AuditEntry", "RoleAssignment", "User"]
