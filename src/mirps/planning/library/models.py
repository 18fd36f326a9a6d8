"""Who asked for the newsletter by mail, and the mails that carry it.

No records: an address is somebody's own, and is forgotten as soon as they leave. An address that was
not confirmed by its owner is not kept at all.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Subscriber(models.Model):
    """An address whose owner confirmed that they want the newsletter."""

    address = models.EmailField(unique=True)
    language = models.CharField(max_length=2)
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Letter(models.Model):
    """One newsletter to one subscriber: waiting, then claimed by a sender, then sent or given up."""

    newsletter = models.CharField(max_length=100)  # the record's key
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="letters")
    message_id = models.CharField(max_length=120, unique=True)  # the same at every try
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not to be tried before
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)  # what the server last said

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["newsletter", "subscriber"], name="letter_once_a_subscriber"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True) & Q(given_up_at__isnull=True),
                name="letter_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsletter} to {self.subscriber_id}"
