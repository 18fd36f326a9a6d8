"""The figure ledger's tables. Rows are added; nothing that was stated is changed.

`FigureRow` holds what was stated, once. What happened to it afterwards (submitted,
returned, approved, published, superseded) is a `FigureEvent`; `status` and
`superseded_by` are projections of those events, kept for speed and rebuilt by
`queries.rebuild`. `LedgerState.version` rises with every change, `LedgerState.public` when
the public may read something else than before: then public pages are made anew.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.evidence.figures.rules import Origin, Qualifier, Role, Status


def _choices(enum: type[Qualifier] | type[Origin] | type[Role] | type[Status]) -> list[tuple[str, str]]:
    return [(str(e.value), str(e.value)) for e in enum]


class FigureRow(models.Model):
    id = models.CharField(max_length=64, primary_key=True)
    round = models.CharField(max_length=40)
    document = models.CharField(max_length=20, blank=True)
    locator = models.CharField(max_length=300, blank=True)
    fragment = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=5)
    sector = models.CharField(max_length=40)
    measure = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(max_length=20)
    qualifier = models.CharField(max_length=10, choices=_choices(Qualifier))
    population = models.CharField(max_length=5, blank=True)
    dimensions = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    universe = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=80, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    as_of = models.DateField(null=True)
    compare_start = models.DateField(null=True)
    compare_end = models.DateField(null=True)
    source = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=80, blank=True)
    note_es = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    absence = models.CharField(max_length=2, blank=True)
    origin = models.CharField(max_length=10, choices=_choices(Origin))
    role = models.CharField(max_length=15, choices=_choices(Role))
    initial_status = models.CharField(max_length=10, choices=_choices(Status))
    status = models.CharField(max_length=10, choices=_choices(Status))
    supersedes = models.CharField(max_length=64, blank=True)
    superseded_by = models.CharField(max_length=64, blank=True)
    known_at = models.DateTimeField()  # from when the statement was known to its readers
    recorded_at = models.DateTimeField()  # from when this ledger holds it
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "measure"]),
            models.Index(fields=["measure", "state"]),
            models.Index(fields=["round", "state"]),
        ]

    def __str__(self) -> str:
        return self.id


class FigureEvent(models.Model):
    """Something that happened to a figure after it was stated."""

    figure = models.ForeignKey(FigureRow, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)  # a Status, or superseded, recommended, kept
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason_es = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    other = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.kind} {self.at:%Y-%m-%d}"


class Embargo(models.Model):
    """A State's figures of a round are kept from the public until a moment."""

    round = models.CharField(max_length=40)
    state = models.CharField(max_length=5)
    until = models.DateTimeField()
    by = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.round} {self.state} until {self.until:%Y-%m-%d %H:%M}"


class LedgerState(models.Model):
    """One row: the ledger's version, which rises with every change, the public one, which rises
    only when what the public may read changes, and how many changes were told of (LedgerChange)."""

    version = models.BigIntegerField(default=0)
    public = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.version} ({self.public})"


class LedgerChange(models.Model):
    """What a change was about, so that who holds the ledger in memory reads only that anew.

    Written for every change that the public may read, and for findings that it may come to read.
    A list that is null says: anything may have changed. They are numbered without a gap, so that one
    that is no longer here is missed.
    """

    n = models.BigIntegerField(primary_key=True)
    public = models.BigIntegerField(db_index=True)  # the public version after it
    figures = models.JSONField(null=True)  # ids
    findings = models.JSONField(null=True)  # codes

    class Meta:
        ordering: ClassVar = ["n"]

    def __str__(self) -> str:
        return f"{self.n} ({self.public})"
