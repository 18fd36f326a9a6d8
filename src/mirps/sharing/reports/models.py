"""Reports as built and published, each with the ledger it was built from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReportBuild(models.Model):
    report = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    format = models.CharField(max_length=5)
    params = models.JSONField(default=dict)  # e.g. the State of a country brief
    built_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    known_on = models.DateTimeField()  # the ledger as it was known then
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    file = models.CharField(max_length=200)  # under the installation's report folder
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-built_at", "id"]

    def __str__(self) -> str:
        return f"{self.report} {self.language} {self.format}"
