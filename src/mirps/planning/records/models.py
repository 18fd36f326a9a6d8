"""Records of planning: each an append-only list of changes, and what they add up to today."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.planning.records.flow import Act, Status, Step


class Record(models.Model):
    """What the changes of a record add up to (flow.fold); can be rebuilt from them."""

    key = models.CharField(max_length=100, primary_key=True)  # "kind/code"
    kind = models.CharField(max_length=32)
    parent = models.CharField(max_length=100, blank=True)  # the key of what it stands under
    root = models.CharField(
        max_length=100
    )  # the key of what everything above it stands under: itself, if nothing
    place = models.IntegerField(default=0)  # among what stands under the same parent
    state = models.CharField(max_length=5, blank=True)  # whose it is; empty: the region's
    body = models.CharField(
        max_length=40, blank=True
    )  # the institution or team whose it is; empty: all of the State
    audience = models.CharField(max_length=8)
    status = models.CharField(max_length=10, default=Status.DRAFT, choices=[(s, s) for s in Status])
    number = models.IntegerField(default=0)  # of the last change
    data = models.JSONField(default=dict)
    public = models.JSONField(null=True)  # what is in force
    known_at = models.DateTimeField(null=True)  # since when what is in force is known
    changed_at = models.DateTimeField()
    words_es = models.TextField(blank=True)  # folded, for the search; of what is in force
    words_en = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["root", "parent", "place", "key"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "state"]),
            models.Index(fields=["kind", "audience", "known_at", "state"]),  # how many are in force
            models.Index(fields=["kind", "parent", "place", "key"]),  # a list in its order
            models.Index(fields=["root"]),
            models.Index(fields=["parent"]),
            models.Index(fields=["changed_at"]),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def code(self) -> str:
        return str(self.key.partition("/")[2])


class Change(models.Model):
    """One act on a record and the data that stood after it. Never changed, never deleted."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="changes")
    number = models.IntegerField()
    act = models.CharField(max_length=10, choices=[(a, a) for a in Act])
    data = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    known_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["record", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="record_change_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.number} {self.act}"

    @property
    def step(self) -> Step:
        return Step(self.number, Act(self.act), self.by, self.at, self.known_at, self.data)


class Link(models.Model):
    """That a record names another in a field: the threads from a pledge to its result. `public` when
    what is in force names it."""

    source = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links")
    field = models.CharField(max_length=32)
    target = models.CharField(max_length=100)
    public = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["target", "field"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.field} {self.target}"


class Comment(models.Model):
    """What somebody remarked on a record, and whether it was settled."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comments")
    cell = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.at:%Y-%m-%d} {self.by}"


class Paper(models.Model):
    """A file attached to a record, found by its digest; kept once however often it is attached."""

    digest = models.CharField(max_length=64)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    size = models.IntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "digest"], name="paper_once_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.name}"
