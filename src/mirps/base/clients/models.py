"""Clients, and the assertions that they have used up. Nothing here is of a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Client(models.Model):
    """The system of an institution. Registered by one person, in force once another has approved it.

    `keys`: its public keys (JWK). `secret`: the digest of its secret, `before` of the one before that, taken until
    `before_until`. `sealing`: its age key, to which lists are sealed.
    """

    id = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    scopes = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    secret = models.CharField(max_length=64, blank=True)
    before = models.CharField(max_length=64, blank=True)
    before_until = models.DateTimeField(null=True, blank=True)
    sealing = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["institution", "name", "id"]
        indexes: ClassVar = [models.Index(fields=["institution"], name="base_client_of")]

    def __str__(self) -> str:
        return self.id

    @property
    def user(self) -> str:
        """Under which name what it does is kept: nobody signs in by it."""
        return f"client:{self.id}"

    @property
    def stands(self) -> str:
        """waiting, in-force or ended: a text `interop.stands.…`."""
        if self.ended_at:
            return "ended"
        return "in-force" if self.approved_at else "waiting"


class SpentAssertion(models.Model):
    """An assertion that was used: no second token is given for it. Kept until it would have run out."""

    id = models.CharField(primary_key=True, max_length=64)  # the digest of client and jti
    until = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["until", "id"]

    def __str__(self) -> str:
        return self.id
