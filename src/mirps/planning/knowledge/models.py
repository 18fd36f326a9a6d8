"""Who learns: enrolments, attendance, certificates. Not records: these are people's, who may leave and be
forgotten, and a record keeps everything that ever stood in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Enrolment(models.Model):
    """One person in one course. `course` is the key of its record; `person` a user name."""

    course = models.CharField(max_length=100)
    person = models.CharField(max_length=150)
    enrolled_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    #: As it stands on the certificate; and since when the person agrees that its page shows it to anybody.
    name = models.CharField(max_length=150)
    shown_since = models.DateTimeField(null=True)
    days = models.JSONField(default=list)  # on which the person attended: "2025-03-14"
    marked_by = models.CharField(max_length=150, blank=True)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["course", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "person"], name="enrolment_once_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.person}"


class Certificate(models.Model):
    """That somebody attended a course, as the course was when it was given. `code` is what verifies it."""

    code = models.CharField(max_length=24, primary_key=True)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="certificate")
    course = models.JSONField()  # the course's data as it was in force
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["issued_at", "code"]

    def __str__(self) -> str:
        return self.code
