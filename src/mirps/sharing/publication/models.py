"""States that a publication goes without, and what is told when a round is published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LeftOut(models.Model):
    """A State whose answers a round is published without, and why. Taken back by its `ended_at`."""

    round = models.CharField(max_length=40)
    state = models.CharField(max_length=5)
    reason_es = models.TextField()
    reason_en = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.round} without {self.state}"


class News(models.Model):
    """An entry of the newsletter, in both languages, its numbers bound to figures (`[[id]]`)."""

    round = models.CharField(max_length=40)
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_es = models.TextField()
    text_en = models.TextField()
    published_at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title_en

    def title(self, lang: str) -> str:
        return str(self.title_es if lang == "es" else self.title_en)

    def text(self, lang: str) -> str:
        return str(self.text_es if lang == "es" else self.text_en)
