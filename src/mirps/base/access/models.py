"""Who may do what: people who sign in, and roles given to them for a body and a time."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who signs in. Displaced people are never users of this table."""

    language = models.CharField(max_length=2, default="es", choices=[("es", "es"), ("en", "en")])
    country = models.CharField(max_length=5, blank=True)


class RoleAssignment(models.Model):
    """A role that a user holds for a State or the region, from a day until a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=5, blank=True)  # empty: the region
    body = models.CharField(max_length=40, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["user_id", "role", "state", "id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.state or 'region'}"
