"""Cells, what was written into them, and the steps they took.

`Statement` and `CellStep` are only added to. The columns of `Cell` below `order` are a projection of
the two, kept so that a page of a hundred cells is one query; `queries.rebuilt` makes it again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.evidence.figures.api import Qualifier
from mirps.evidence.rounds.models import Asked, Moved, Round
from mirps.evidence.rounds.workflow import Status


class Cell(models.Model):
    """What one value is written into; becomes one figure of the ledger when it is submitted."""

    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="cells")
    dimensions = models.CharField(max_length=200, blank=True)
    order = models.IntegerField(default=0)
    version = models.IntegerField(default=0)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    absence = models.CharField(max_length=2, blank=True)
    qualifier = models.CharField(max_length=10, default=Qualifier.EXACT)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    written_by = models.CharField(max_length=150, blank=True)
    written_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=16, default=Status.EMPTY, choices=[(s, s) for s in Status])
    figure = models.CharField(max_length=64, blank=True)  # the last statement in the ledger

    class Meta:
        ordering: ClassVar = ["asked", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "dimensions"], name="cell_once_an_ask"),
        ]
        indexes: ClassVar = [models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.asked_id} {self.dimensions or 'total'}"


class Statement(models.Model):
    """One version of a cell, as somebody wrote it.

    `number` is null for one that met another's change and was not taken: it is kept for its writer
    to choose. `client` is made where it was written, so that the same post twice is one statement.
    """

    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="statements")
    number = models.IntegerField(null=True)
    base = models.IntegerField(default=0)  # the version that its writer saw
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    absence = models.CharField(max_length=2, blank=True)
    qualifier = models.CharField(max_length=10, default=Qualifier.EXACT)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    client = models.UUIDField(unique=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    via = models.CharField(max_length=10)  # form, grid, workbook, shell

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cell", "number"], name="statement_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cell_id} v{self.number}"


class CellStep(Moved):
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="steps")
    figure = models.CharField(max_length=64, blank=True)

    class Meta(Moved.Meta):
        indexes: ClassVar = [models.Index(fields=["cell", "id"])]

    def __str__(self) -> str:
        return f"{self.cell_id} {self.step}"


class Attachment(models.Model):
    """A file that bears out what an institution entered. Kept by its content, never changed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="attachments")
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=60)
    asked = models.ForeignKey(Asked, null=True, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)  # media type, as found in the content
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256: also its name on disk
    public = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A workbook that was taken in. The same bytes for the same institution are taken once."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="uploads")
    institution = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    outcome = models.JSONField(default=dict)  # counts: written, same, refused, conflicts

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "institution", "digest"], name="workbook_taken_once"),
        ]

    def __str__(self) -> str:
        return self.name
