"""Errata: published figures that were stated anew. Rows are added and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from mirps.evidence.errata.rules import Correction


class Erratum(models.Model):
    """What was published as `old` is stated anew as `new`. Both stay citable."""

    round = models.CharField(max_length=40)
    number = models.IntegerField()  # in its round, from 1
    state = models.CharField(max_length=5)
    old = models.CharField(max_length=64, unique=True)
    new = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40)  # in which they corrected: what the public reads
    reason_es = models.TextField()
    reason_en = models.TextField()
    finding = models.CharField(max_length=40, blank=True)  # the doubt that it answers

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="erratum_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.code}"

    @property
    def code(self) -> str:
        return f"E{self.number}"

    def reason(self, lang: str) -> str:
        return str(self.reason_es if lang == "es" else self.reason_en)

    def correction(self) -> Correction:
        return Correction(self.round, self.old, self.new, self.at, self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("an erratum is never changed")
        super().save(*args, **kwargs)
