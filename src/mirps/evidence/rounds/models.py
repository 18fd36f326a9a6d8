"""A round: what the States reported together for a period."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Round(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField()
    loaded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the package's files: loading the same twice changes nothing

    class Meta:
        ordering: ClassVar = ["-ends", "code"]

    def __str__(self) -> str:
        return self.code
