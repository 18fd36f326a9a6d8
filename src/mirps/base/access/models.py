"""Who may do what: people who sign in, and roles given to them for a body and a time."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who signs in. Displaced people are never users of this table."""

    language = models.CharField(max_length=2, default="es", choices=[("es", "es"), ("en", "en")])
    country = models.CharField(max_length=5, blank=True)
    #: Where they sat last at the pages about people: "institution office". Which places are theirs, roles say.
    seat = models.CharField(max_length=81, blank=True)

    @property
    def called(self) -> str:
        """The name to show to colleagues."""
        return self.get_full_name() or self.username


class RoleAssignment(models.Model):
    """A role that a user holds for a State or the region, from a day until a day.

    With `via` it is held by virtue of a mandate (rules.in_force): `state` is then the State whose
    mandate it is, and the role acts for the region on the days of that mandate.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=5, blank=True)  # empty: the region
    body = models.CharField(max_length=40, blank=True)
    office = models.CharField(max_length=40, blank=True)  # of the body; empty: all of it
    via = models.CharField(max_length=40, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["user_id", "role", "state", "id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.state or 'region'}"


class Mandate(models.Model):
    """Which State heads the MIRPS or a technical team, and when (rules.Mandate): told from above."""

    body = models.CharField(max_length=40)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=10)

    class Meta:
        ordering: ClassVar = ["body", "starts", "id"]

    def __str__(self) -> str:
        return f"{self.body} {self.state} {self.starts}"


class Delegation(models.Model):
    """`taker` acts for `giver` from a day to a day, until revoked."""

    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lent")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="borrowed")
    starts = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts", "-id"]

    def __str__(self) -> str:
        return f"{self.taker_id} for {self.giver_id} {self.starts} {self.ends}"


class Invitation(models.Model):
    """A one-time link by which a person sets a password. Only a digest of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
