"""A check of identity: who asked which engine about whom, what it answered, and what a person made of that.

What was sent is not kept, nor any template; the engine's reference is sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class IdentityCheck(models.Model):
    class Stand(models.TextChoices):
        ASKED = "asked"  # the engine has it, or nobody knows whether it has
        FAILED = "failed"
        ANSWERED = "answered"  # proposed: nothing follows from it by itself
        ACCEPTED = "accepted"
        SET_ASIDE = "set-aside"

    id = models.UUIDField(primary_key=True, editable=False)  # the question's
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="checks")
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40, blank=True)
    engine = models.CharField(max_length=40)
    about = models.CharField(max_length=10)
    fact = models.UUIDField(null=True, blank=True)  # the document that was compared
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    stand = models.CharField(max_length=10, choices=Stand.choices, default=Stand.ASKED)
    result = models.CharField(max_length=10, blank=True)
    band = models.CharField(max_length=10, blank=True)
    sealed = models.BinaryField()  # {"why", "reference", "said"}
    fault = models.CharField(max_length=60, blank=True)  # a text that says why it failed
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="people_check_of")]

    def __str__(self) -> str:
        return f"{self.engine} {self.id}"
