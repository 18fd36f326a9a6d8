"""Counts on their way out of a State's node: what was protected, what people decided, what was agreed in advance."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7

from mirps.evidence.releases.rules import Stage


class Release(models.Model):
    """The figures of indicators that are protected together, of one State and period.

    While nobody has approved it, the next count takes its place; once it is out it stands for ever, since the next
    must not undo it. `shown` holds what may be read by anybody once it is out, `report` what the audit says in
    numbers. True values, and why each cell is hidden, are sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=5)
    round = models.CharField(max_length=40)
    family = models.CharField(max_length=80)  # the first of its indicators
    indicators = models.JSONField(default=list)
    first = models.DateField(null=True)  # of a stock none
    last = models.DateField()
    known_on = models.DateField()
    counted_at = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Stage])
    persons = models.SmallIntegerField(default=1)  # who must approve it
    shown = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    sealed = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["state", "family", "last", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "stage"], name="evidence_release_waiting")]

    def __str__(self) -> str:
        return f"{self.state} {self.family} {self.last} {self.stage}"


class ReleaseStep(models.Model):
    """Something that was decided of a release. Never changed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)  # a Stage, or SIGNED
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    figures = models.IntegerField(default=0)  # stated by it

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.release_id} {self.step}"


class StandingApproval(models.Model):
    """A person agreed that provisional figures of an indicator may go out by themselves, once protected."""

    state = models.CharField(max_length=5)
    indicator = models.CharField(max_length=80)
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    reason = models.TextField()
    until = models.DateField(null=True)  # the last day on which it holds
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["state", "indicator"], name="evidence_standing_of")]

    def __str__(self) -> str:
        return f"{self.state} {self.indicator}"
