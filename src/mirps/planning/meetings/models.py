"""The address of a private calendar. No record: it is one person's secret, and nobody reads or publishes it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """An address that a person made for their own calendar. Only the digest of its token is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_on = models.DateField(null=True, blank=True)  # the last day on which a program read it

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
