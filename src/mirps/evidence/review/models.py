"""What reviewers and institutions say to each other about an answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.evidence.entries.models import Cell
from mirps.evidence.narratives.models import Section
from mirps.evidence.rounds.models import Round


class Remark(models.Model):
    """A question, an answer or a comment about a cell, a section, or a State's whole return.

    `answers` is the remark it replies to. A question stays open until it or an answer to it is resolved.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="remarks")
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=60, blank=True)
    cell = models.ForeignKey(Cell, null=True, on_delete=models.PROTECT, related_name="remarks")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=10)  # question, answer, comment
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    lang = models.CharField(max_length=2)
    version = models.IntegerField(default=0)  # of the answer that it speaks of
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
