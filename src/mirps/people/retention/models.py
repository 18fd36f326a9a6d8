"""What the rules would let go of, listed on a day; approved by a second person; carried out once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Sweep(models.Model):
    """A dry run for one institution, and what became of it. Holds ids alone."""

    id = models.UUIDField(primary_key=True, editable=False)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    found = models.JSONField()  # key of the rule (or actions.HELD) -> ids of the facts, files or cases
    more = models.BooleanField(default=False)  # a rule found more than one sweep takes
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    done = models.JSONField(default=dict)  # key of the rule -> how many were let go

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "-at"], name="sweep_of_institution")]

    def __str__(self) -> str:
        return f"{self.institution} {self.at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """What a request to carry it out is about."""
        return f"sweep/{self.pk}"
