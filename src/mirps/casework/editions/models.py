"""Versions of procedures that were written here: drafts, and those that two people have put in force.

A procedure's text tells of nobody: nothing here is sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Edition(models.Model):
    """One version of a procedure, as YAML. Once published it is never changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    procedure = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    base = models.CharField(max_length=80, blank=True)  # procedure@version from which it was copied
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)
    #: The first signature. What is changed afterwards is signed anew.
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=150, blank=True)
    #: The second, by which it is published: never the same person's, nor of whoever wrote it last.
    published_at = models.DateTimeField(null=True, blank=True)
    second = models.CharField(max_length=150, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure", "version"], condition=models.Q(published_at__isnull=False),
                name="casework_edition_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.procedure}@{self.version}"


class Moving(models.Model):
    """Open cases that go over to a version, asked for by one person and done by another: each case by an event."""

    id = models.UUIDField(primary_key=True, editable=False)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    procedure = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    second = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.procedure}@{self.version}"
