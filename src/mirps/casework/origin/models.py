"""Publications on countries of origin, as an institution keeps them for its assessments: public, about nobody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.cases.models import Held


class OriginSource(Held):
    """One version of a source. A change, or a withdrawal with its reason, is a new row; none is ever changed, so
    that what a case cites is still there as it was."""

    id = models.UUIDField(primary_key=True, editable=False)  # made with the form (UUIDv7)
    source = models.UUIDField()  # the id of its first version
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    country = models.CharField(max_length=3)  # alpha-3
    published = models.DateField()
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    topics = models.CharField(max_length=400, blank=True)  # ,gangs,justice,
    file = models.CharField(max_length=64, blank=True)  # SHA-256 of a PDF
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["source", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "version"], name="casework_origin_version")
        ]
        indexes: ClassVar = [models.Index(fields=["institution", "country"], name="casework_origin_of")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def about(self) -> list[str]:
        return [t for t in self.topics.split(",") if t]
