"""Referrals between two institutions, and what each of the two did. Within a node both see the same rows; each of two
nodes has a copy, which the other's letters keep equal (sharing/exchange).

Clear here: ids, States, institutions, the service, days, acts. What is said of the person lies in parts, one for each
sensitivity, sealed to its row; reasons and words of an act are sealed to the act.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.cases.models import Held
from mirps.casework.referrals.rules import Side


class Referral(models.Model):
    """`person`: in whose file it was made, at the sender's own node; `registered`: whom the receiver registered or knew
    already. Neither is told to the other. `stage` to `final` are a projection of the events."""

    id = models.UUIDField(primary_key=True, editable=False)  # made with the form (UUIDv7)
    number = models.CharField(max_length=22)
    from_state = models.CharField(max_length=5)
    from_institution = models.CharField(max_length=40)
    from_office = models.CharField(max_length=40)
    to_state = models.CharField(max_length=5)
    to_institution = models.CharField(max_length=40)
    to_office = models.CharField(max_length=40, blank=True)  # the one that took it
    service = models.CharField(max_length=40)
    sensitivity = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField()
    answer_by = models.DateField()
    outcome = models.PositiveSmallIntegerField()  # days from an answer to what came of it
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="referred"
    )
    consent = models.UUIDField(null=True, blank=True)  # the fact in which the person agreed
    registered = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="referred_here"
    )
    #: The referral after which this one was made: referred again, or further on.
    follows = models.UUIDField(null=True, blank=True)
    stage = models.CharField(max_length=10)
    turn = models.CharField(max_length=8, blank=True)
    due = models.DateField(null=True, blank=True)
    final = models.BooleanField(default=False)
    #: The node has something to do by itself: it is not final, the other node has yet to be told, or its contents are
    #: yet to go.
    watched = models.BooleanField(default=True)
    owes = models.BooleanField(default=False)  # the other node has yet to hear that something of it came
    seen_to_on = models.DateField(null=True, blank=True)  # the day for which the clerk has seen to it

    class Meta:
        ordering: ClassVar = ["-sent_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["to_institution", "final", "due"], name="casework_referral_to"),
            models.Index(fields=["from_institution", "final", "due"], name="casework_referral_from"),
            models.Index(fields=["id"], condition=models.Q(watched=True), name="casework_referral_watched"),
        ]

    def __str__(self) -> str:
        return self.number

    def of(self, side: Side) -> tuple[str, str, str]:
        """State, institution and office of a side."""
        if side is Side.SENDER:
            return self.from_state, self.from_institution, self.from_office
        return self.to_state, self.to_institution, self.to_office


class ReferralPart(models.Model):
    """What is said of the person, of one sensitivity. It goes once it is withdrawn, or was kept long enough."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="parts")
    sensitivity = models.CharField(max_length=20, blank=True)
    sealed = models.BinaryField()  # {"items": [...], "words": "...", "reply": "..."}

    class Meta:
        ordering: ClassVar = ["referral", "sensitivity"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "sensitivity"], name="casework_referralpart_once")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.sensitivity}"


class ReferralEvent(Held):
    """One act (rules.Event), of whichever side. Rows are added; set later are only when the other node was last sent
    it, and when it was known to have it."""

    id = models.UUIDField(primary_key=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    side = models.CharField(max_length=8)
    n = models.PositiveIntegerField()
    act = models.CharField(max_length=10)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    sealed = models.BinaryField()  # {"reason", "words", "day"}
    told_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["referral", "side", "n", "id"]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"
