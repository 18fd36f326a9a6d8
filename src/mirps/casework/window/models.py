"""Who may enter by which code; tries; visits; what came in through a window, and what was answered.

Clear here: ids, codes, moments. The second secret is kept as argon2id, and that sealed: whoever has the database
without its keys cannot try six digits. What people wrote is sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.cases.models import Case, Held


class WindowAccess(Held):
    """A person's window: opened at an office, with a secret that is set anew only there."""

    person = models.OneToOneField(
        "people.Person", primary_key=True, on_delete=models.PROTECT, related_name="window"
    )
    code = models.CharField(max_length=22, unique=True)
    sealed = models.BinaryField()  # argon2id of the second secret
    set_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class WindowTry(models.Model):
    """Tries under a code that failed, whether there is such a code or not: both are told the same."""

    token = models.BinaryField(primary_key=True, max_length=16)
    failed = models.PositiveSmallIntegerField(default=0)
    last = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # no try counts before

    class Meta:
        indexes: ClassVar = [models.Index(fields=["last"], name="casework_window_tries")]

    def __str__(self) -> str:
        return f"{self.failed}"


class WindowVisit(models.Model):
    """Somebody who is in. The browser holds a random word, of which this is the digest."""

    token = models.BinaryField(primary_key=True, max_length=32)
    access = models.ForeignKey(WindowAccess, on_delete=models.CASCADE, related_name="visits")
    began = models.DateTimeField()
    last = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.began:%Y-%m-%d}"


class WindowItem(Held):
    """What came in: a question, a complaint, a change of contact, data confirmed, consent withdrawn."""

    class Kind(models.TextChoices):
        QUESTION = "question"
        COMPLAINT = "complaint"
        CONTACT = "contact"
        CONFIRM = "confirm"
        CONSENT = "consent"

    id = models.UUIDField(primary_key=True, editable=False)
    access = models.ForeignKey(WindowAccess, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="window_items"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    sealed = models.BinaryField()
    #: When somebody settled it; what they said is in its answers.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "settled_at", "at"], name="casework_window_items")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WindowAnswer(models.Model):
    """What an officer answered; the person reads it in their window."""

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(WindowItem, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=12)  # answered, confirmed, declined
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    sealed = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.outcome} {self.id}"
