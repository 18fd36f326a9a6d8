"""Who is told of what, what was sent and what was answered. Nothing here is of a person: ids and kinds alone."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from mirps.base.clients.api import Client


class Subscription(models.Model):
    """An address of a client's that is told of some kinds. `seen`: how far the ledgers were read for it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)
    sealed = models.BinaryField()  # {"secret", "before", "until"}
    seen = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    failing_since = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_why = models.CharField(max_length=10, blank=True)  # gone, failing, by-hand
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["client", "address", "id"]

    def __str__(self) -> str:
        return f"{self.client_id} {self.address}"

    @property
    def stands(self) -> str:
        """ended, off, failing or on: a text `hooks.stands.…`."""
        if self.ended_at:
            return "ended"
        return "off" if self.off_at else "failing" if self.failing_since else "on"


class Delivery(models.Model):
    """One message to one subscription; its id is the message's, the same with every try."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given-up"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    about = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "kind", "source"], name="sharing_delivery_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="sharing_delivery_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Attempt(models.Model):
    """One try and what was answered."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()  # 0: no answer
    answered = models.CharField(max_length=300, blank=True)
    ms = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status}"
