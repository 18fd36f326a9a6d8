"""Which keys this database is sealed under: fingerprints, which tell a wrong key file and nothing else."""

from __future__ import annotations

from django.db import models


class KeyMark(models.Model):
    version = models.SmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.version} {self.fingerprint}"
