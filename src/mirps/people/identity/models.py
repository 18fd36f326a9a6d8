"""The sealed index: entries under labels, and the sounds that anybody here bears. No person is named in either."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """What stands under a label (base/crypto/postings.py), and the version of the key that made both.

    On SQLite the table is its own primary key (WITHOUT ROWID): half the size, and no order of writing.
    """

    label = models.BinaryField(primary_key=True, max_length=16)
    version = models.SmallIntegerField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.label).hex()


class Fresh(models.Model):
    """What a registration is to be found by, until it is in the index (fresh.py). The id tells nothing."""

    id = models.UUIDField(primary_key=True, editable=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class Sound(models.Model):
    """One sound of a name's part, once, whoever bears it. `id` is the order in which sounds came."""

    token = models.BinaryField(unique=True, max_length=16)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.token).hex()
