"""Two registrations that may be one person's, until somebody says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Suspicion(models.Model):
    """A pair to compare. Why they look alike is reckoned anew when it is shown: no name is kept here."""

    class Answer(models.TextChoices):
        OPEN = ""
        SAME = "same"
        DIFFERENT = "different"

    id = models.UUIDField(primary_key=True, editable=False)
    one = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="suspected")
    other = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="suspected_with")
    millibits = models.IntegerField()
    verdict = models.CharField(max_length=10)  # duplicates.Verdict: likely, possible
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)  # of the later registration
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True, choices=Answer.choices)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    #: Under four eyes (custody.Request): what was asked for, while it waits.
    request = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-millibits", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="people_suspicion_pair")
        ]
        indexes: ClassVar = [models.Index(fields=["institution", "answer", "-millibits"])]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"
