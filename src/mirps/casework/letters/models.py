"""Letters and what became of them; the texts that offices approved; the public keys that verify.

Clear here: ids, serial numbers, which document of which act, days. Whose it is and what it says is sealed to its
row. Nothing is changed once written: a letter that no longer holds has an event that says so.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.cases.models import Case, CaseEvent, Held


class LetterTemplate(Held):
    """A version of an office's own text for a document. In force: the last that was approved by a second person
    and not taken back; `office` empty: for all of the institution."""

    id = models.UUIDField(primary_key=True, editable=False)
    procedure = models.CharField(max_length=60)
    document = models.CharField(max_length=60)
    es = models.TextField()
    en = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    approved_at = models.DateTimeField(null=True, blank=True)
    second = models.CharField(max_length=150, blank=True)  # who approved it: never the same
    ended_at = models.DateTimeField(null=True, blank=True)  # refused, taken back, or followed by another
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "procedure", "document"], name="casework_template_of")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.document} {self.at:%Y-%m-%d}"


class SigningKey(models.Model):
    """A public key of an institution. Its private half comes from the node's key file and is written nowhere;
    when that is rotated, the next letter is signed by another, and this one goes on verifying."""

    kid = models.CharField(primary_key=True, max_length=12)
    institution = models.CharField(max_length=40)
    public = models.BinaryField()
    since = models.DateTimeField()
    #: When it became known that somebody else may sign with it: nothing that it signed is taken any more.
    doubted_since = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["since", "kid"]

    def __str__(self) -> str:
        return f"{self.institution} {self.kid}"


class Letter(Held):
    """A letter as it was issued. `slot` is its place in the list of what no longer holds."""

    slot = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, editable=False)
    serial = models.CharField(max_length=22, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="letters")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="letters")
    document = models.CharField(max_length=60)
    paper = models.CharField(max_length=12)
    template = models.CharField(max_length=60)  # the version of the text: an id, or `default/<paper>`
    language = models.CharField(max_length=2)  # the State's own; the other is given on request
    issued = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    #: The letter in whose place this one stands.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    sealed = models.BinaryField()  # filling.Content, what was signed, and which files hold the PDFs

    class Meta:
        ordering: ClassVar = ["slot"]
        constraints: ClassVar = [  # an act issues each document once for each person, and a letter is replaced once
            models.UniqueConstraint(
                fields=["event", "document", "person"], condition=models.Q(replaces=None), name="casework_letter_once"
            ),
            models.UniqueConstraint(fields=["replaces"], name="casework_letter_replaced_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.serial


class LetterEvent(models.Model):
    """What became of a letter: tried to deliver, delivered, refused, not found, annulled, replaced."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered"
        REFUSED = "refused"
        NOT_FOUND = "not-found"
        ANNULLED = "annulled"
        REPLACED = "replaced"

    id = models.UUIDField(primary_key=True, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="became")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    means = models.CharField(max_length=12, blank=True)  # by-hand, post, e-mail, message, edict
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    sealed = models.BinaryField()  # {"to", "note", "proof": SHA-256 of a sealed file}

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class VoidSlot(models.Model):
    """The place of a letter that no longer holds, and who issued it: all that a list for everybody needs."""

    slot = models.BigIntegerField(primary_key=True)
    issuer = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["slot"]
        indexes: ClassVar = [models.Index(fields=["issuer", "slot"], name="casework_void_of")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.slot}"
