"""Devices that fill the form outside the house, and the forms that they sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Device(models.Model):
    """A telephone or tablet with ODK Collect or KoboCollect. It signs in with a code of its own, never with
    anybody's password; what it sends is said by its holder, whose rights it has and no others."""

    id = models.UUIDField(primary_key=True, editable=False)
    login = models.CharField(max_length=20, unique=True)
    secret = models.CharField(max_length=128)  # argon2
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices")
    made_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "-made_at"])]

    def __str__(self) -> str:
        return self.login


class SentForm(models.Model):
    """A filled form, by its instanceID. Sealed is what is still needed of it: the answers until they are taken,
    then what tells how an edit of them differs (openrosa.Ledger)."""

    class Stage(models.TextChoices):
        WAITING = "waiting"  # for files that it names
        TAKEN = "taken"
        MEND = "mend"  # it came whole, and the registry does not take it as it is
        REPLACED = "replaced"  # an edit of it was taken in its stead
        DROPPED = "dropped"  # a person decided that it is not taken

    id = models.UUIDField(primary_key=True, editable=False)  # the instanceID
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="sent")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    replaces = models.UUIDField(null=True, blank=True, db_index=True)  # the instanceID that it edits
    #: Of the XML, with a key: the same id with other answers is told apart, and nobody can guess at answers.
    token = models.BinaryField()
    sealed = models.BinaryField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "stage", "at"])]

    def __str__(self) -> str:
        return f"{self.form} {self.id}"
