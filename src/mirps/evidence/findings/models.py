"""What the checks found, and how people answered. A finding is never silently mended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Finding(models.Model):
    """Something that does not add up. `code` is stable: the same doubt found again is the same row."""

    code = models.CharField(max_length=40, unique=True)
    round = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=15)
    state = models.CharField(max_length=5, blank=True)
    figures = models.JSONField(default=list)  # figure ids, the stated one first
    stated = models.CharField(max_length=80, blank=True)
    expected = models.CharField(max_length=80, blank=True)
    params = models.JSONField(default=dict)  # what its message needs, in no language
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)  # not found any more by a later run

    class Meta:
        ordering: ClassVar = ["state", "kind", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class Answer(models.Model):
    """One answer to a finding: explained, acknowledged or corrected, by someone in a role."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=15)
    role = models.CharField(max_length=40)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason_es = models.TextField()
    reason_en = models.TextField()
    figure = models.CharField(max_length=64, blank=True)  # the correcting figure

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.kind} by {self.by}"
