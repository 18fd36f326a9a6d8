"""Who read what; emergency access; acts that take two; shares. None knows a person but by id.

What somebody wrote or typed (a search, a reason) is sealed: it names people.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn
from uuid import uuid4

from django.db import models


class Kept(models.QuerySet[Any]):
    """Rows that are added and never changed. The database holds it as well (rows.py)."""

    def update(self, **kwargs: object) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is never changed")

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is never removed")


class Sat(models.Model):
    """From which seat something was done."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.CharField(max_length=150)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Reading(Sat):
    """One look: a search, a file opened, printed, its history, a list taken out. Rows are added and never
    changed; the database refuses it."""

    act = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20, blank=True)
    shown = models.PositiveIntegerField()  # how many people
    typed = models.BinaryField(null=True)

    objects = Kept.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["by", "-at"], name="reading_by"),
            models.Index(fields=["institution", "-at"], name="reading_of_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.act} {self.shown}"


class ReadingOf(models.Model):
    """A person who was shown. The reader's seat stands here too, for the database to judge by."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="people")
    subject = models.UUIDField()
    by = models.CharField(max_length=150)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)

    objects = Kept.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["subject"], name="reading_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} in {self.reading_id}"


class Glass(Sat):
    """Emergency access: somebody opened files that are not of their institution, for a reason, for a time.
    `at` is when; the holders are those whose files they are."""

    until = models.DateTimeField()
    sealed = models.BinaryField()  # why
    closed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=12, blank=True)  # justified, unjustified
    said = models.BinaryField(null=True)  # what the reviewer wrote

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["by", "-until"], name="glass_by")]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"


class GlassOf(models.Model):
    """A file (a person's or a group's) that the glass opened, and whose it is."""

    glass = models.ForeignKey(Glass, on_delete=models.PROTECT, related_name="files")
    subject = models.UUIDField()
    holder_state = models.CharField(max_length=5, blank=True)
    holder = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["subject"], name="glass_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} in {self.glass_id}"


class Request(Sat):
    """An act that takes two people: asked by one, decided by another, then done once."""

    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)  # an id, never a name
    sealed = models.BinaryField()  # what exactly, and why
    in_place_of = models.CharField(max_length=150, blank=True)  # for whom the asker stands in
    until = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)  # approved, refused
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    said = models.BinaryField(null=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "-at"], name="request_of_institution")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class Share(models.Model):
    """A file that another institution may see for a purpose, as the person agreed (`consent`: the fact), or as
    long as a body has their case on its agenda (`consent`: the item)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject = models.UUIDField()
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    consent = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-since", "id"]
        indexes: ClassVar = [models.Index(fields=["subject", "institution"], name="share_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.institution}"
