"""Persons, registration groups, and what was said of them.

Clear here: ids, numbers made of ids, offices, moments, who is in whose group, kinds of facts. What tells
who somebody is stands in `Fact.sealed` alone (docs/adr/0017 says of each column why it may be clear).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Held(models.Model):
    """Whose it is, and since when."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by whoever registers (UUIDv7)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        abstract = True


class Person(Held):
    number = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=15)
    registered_at = models.DateTimeField()  # by the clock of the desk
    #: The person this one was found to be: a projection of Sameness, which can be parted again.
    stands_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="also", db_index=False
    )
    let_go_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-recorded_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "office", "-recorded_at"]),
            # Few stand for another: an index of the others would tell a planner that it finds nobody.
            models.Index(
                fields=["stands_for"],
                condition=models.Q(stands_for__isnull=False),
                name="people_person_stands_for",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Group(Held):
    number = models.CharField(max_length=22, unique=True)
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=15)
    registered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "office", "-recorded_at"])]

    def __str__(self) -> str:
        return self.number


class Fact(Held):
    """One fact (rules.Fact). Rows are added; only `in_force` and `sealed` (under a newer key) are ever set."""

    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    # Few facts are tied to these: their indexes hold those alone (below).
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    other = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="told_of", db_index=False
    )
    sealed = models.BinaryField()
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", db_index=False
    )
    withdrawn = models.BooleanField(default=False)
    in_force = models.BooleanField(default=True)  # a projection: sealed values need not be opened to skip
    sensitivity = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    device = models.CharField(max_length=80, blank=True)
    submission = models.UUIDField()

    class Meta:
        ordering: ClassVar = ["happened_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["submission"]),
            *(
                models.Index(
                    fields=[end], condition=models.Q((f"{end}__isnull", False)), name=f"people_fact_{end}"
                )
                for end in ("group", "other", "replaces")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Sameness(models.Model):
    """Two files were found to be one person's, or not to be after all: both are events, neither is undone."""

    id = models.UUIDField(primary_key=True, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joined")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joined_to")
    joined = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    second = models.CharField(max_length=150)  # who asked for it: never the same
    sealed = models.BinaryField()  # why

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kept_id} {'=' if self.joined else '≠'} {self.other_id}"


class SealedFile(models.Model):
    """A photo or a paper, sealed on the disk. Its token is made of the content with a key, so that nobody
    can tell from here whether a picture that they have is kept."""

    token = models.BinaryField(primary_key=True)
    version = models.PositiveSmallIntegerField()  # of the key: a token cannot tell its own
    digest = models.CharField(max_length=64)  # of what lies on the disk
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    #: Whether a fact names it, or a letter: it then goes with that alone. What nobody names goes some time
    #: after `loose_at`; None: a form that waits to be mended holds it.
    named = models.BooleanField(default=True)
    loose_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at"]
        indexes: ClassVar = [
            models.Index(fields=["loose_at"], condition=models.Q(named=False), name="people_sealedfile_loose")
        ]

    def __str__(self) -> str:
        return self.digest
