"""A list of people that somebody asked to take out, and what became of it. Holds ids and codes alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Extract(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    purpose = models.CharField(max_length=20)
    office = models.CharField(max_length=40, blank=True)  # empty: all of the institution
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    columns = models.JSONField()
    people = models.JSONField()  # ids, as they were when it was asked for: that is what is approved
    request = models.UUIDField()  # custody.Request
    #: The system (the name under which it acts) that may fetch it, and the age key to which it is sealed: as they
    #: were approved. Empty: whoever asked takes it.
    receiver = models.CharField(max_length=40, blank=True)
    sealing = models.CharField(max_length=80, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "-at"], name="extract_of_institution")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """What the request to take it out is about."""
        return subject(self.pk)


def subject(id_: object) -> str:
    return f"extract/{id_}"
