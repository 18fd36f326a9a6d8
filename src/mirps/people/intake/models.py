"""What came in, by which door, and what a person has to settle about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Arrival(models.Model):
    """A submission that was taken: its row is the receipt."""

    class Door(models.TextChoices):
        PAGE = "page"
        DESK = "desk"  # the desk in the browser, which may have been without a line
        OPENROSA = "openrosa"
        API = "api"  # an institution's own system
        CHECK = "check"  # a check of identity that a person accepted

    id = models.UUIDField(primary_key=True, editable=False)  # the submission's
    #: Of the submission as it was sent, with a key: the same id with other words is told apart.
    token = models.BinaryField()
    door = models.CharField(max_length=10, choices=Door.choices)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    device = models.CharField(max_length=80)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()  # by the desk's clock
    at = models.DateTimeField()
    #: When its new people were compared with everybody registered before; None: they wait for it.
    compared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "office", "-at"]),
            models.Index(fields=["at"], condition=models.Q(compared_at=None), name="people_arrival_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.id}"


class Task(models.Model):
    """Something that only a person can settle: nothing is overwritten meanwhile."""

    class Kind(models.TextChoices):
        CONTRADICTION = "contradiction"  # two answers stand where one can
        CLOCK = "clock"  # the desk's clock was far off when this was said

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    group = models.ForeignKey(
        "people.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    of = models.CharField(max_length=20, blank=True)  # the kind of facts that contradict each other
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="tasks")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "office", "closed_at", "opened_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
