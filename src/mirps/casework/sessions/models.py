"""Bodies that decide in session. What happens in a session is added as events and never changed; how it stands is
a fold over them (rules.py). How somebody voted, why they dissent and why they stand back are sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.cases.models import Case, Held


class Membership(Held):
    """Who sits in a seat of a body (data/bodies), or stands in for whoever does. Ended, never removed."""

    body = models.CharField(max_length=60)
    seat = models.CharField(max_length=60)
    user = models.CharField(max_length=150)
    substitute = models.BooleanField(default=False)
    chair = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day of the term
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["body", "seat", "substitute", "since", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "body"], name="casework_members_of"),
            models.Index(fields=["user"], name="casework_member"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.seat} {self.user}"


class Session(Held):
    """A session that was called; `rule`: the body's file as it stood then (`body@version`)."""

    id = models.UUIDField(primary_key=True, editable=False)
    body = models.CharField(max_length=60)
    rule = models.CharField(max_length=80)
    number = models.PositiveIntegerField()  # of the year
    year = models.PositiveSmallIntegerField()
    starts = models.DateTimeField()
    open = models.BooleanField(default=True)  # a projection of its events
    called_at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-starts", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "body", "year", "number"], name="casework_session_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}/{self.year}"


class Item(models.Model):
    """A case on a session's agenda."""

    id = models.UUIDField(primary_key=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()  # the paper: what the members read

    class Meta:
        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "case"], name="casework_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.place}"


class SessionEvent(Held):
    id = models.UUIDField(primary_key=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=12)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()  # {"act", "way", "why", "event"}, as `what` needs
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["session", "at"], name="casework_in_session")]

    def __str__(self) -> str:
        return f"{self.what} {self.session_id}"
