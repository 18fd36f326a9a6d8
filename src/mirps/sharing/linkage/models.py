"""Agreements between two States, who signed them, and the counts made under them. Nothing here is of a person who is
registered: rows are in packages (sharing/exchange), sealed to a key that is forgotten once they were compared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.base.crypto.api import Place
from mirps.sharing.exchange.models import Package


class Agreement(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    terms = models.JSONField()
    digest = models.CharField(max_length=64)
    #: Of this node's key file, from which its share of the key comes; 0 where this node has none.
    version = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: A user's name, or `node HND` where another State's node told it.
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"linkage {self.pk}"


class Signature(models.Model):
    """A person of this State's."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    user = models.CharField(max_length=150)
    name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "user"], name="linkage_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.user}"


class Sealed(models.Model):
    """The seal of a State's node, as it was signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="seals")
    node = models.CharField(max_length=5)
    text = models.TextField()
    share = models.CharField(max_length=64)
    persons = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["node"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "node"], name="linkage_sealed_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.node}"


class Count(models.Model):
    """One count: opened by whoever compares, once in a period. `secret`: what opens the rows, sealed under the key
    file; empty once they were compared, or anywhere else. `kept`: true values, for protecting the next count."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="counts")
    period = models.CharField(max_length=10)
    recipient = models.CharField(max_length=80)
    secret = models.BinaryField(null=True, blank=True)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent = models.JSONField(default=dict)
    compared_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=dict)
    result = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "period"], name="linkage_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.period}"

    @property
    def stands(self) -> str:
        return "done" if self.compared_at else "sent" if self.sent_at else "open"


def place_of(row: Count) -> Place:
    return Place("sharing_count", "secret", str(row.pk))


class Piece(models.Model):
    """A piece of a State's rows, at whoever compares: the package that it came in."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="pieces")
    node = models.CharField(max_length=5)
    number = models.IntegerField()
    of = models.IntegerField()
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["node", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "node", "number"], name="linkage_piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.count_id} {self.node} {self.number}/{self.of}"
