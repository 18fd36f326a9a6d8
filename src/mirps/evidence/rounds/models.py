"""A round: what is asked of the States for a period, by when, and what has happened to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.evidence.rounds.rules import Ask, Change, Due, Kind, Stage


class Round(models.Model):
    """`stage` is kept for speed; the events say how it came to be."""

    code = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=10, default=Kind.LOADED, choices=[(k, k) for k in Kind])
    stage = models.CharField(max_length=10, default=Stage.LOADED, choices=[(s, s) for s in Stage])
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField()
    cut_off = models.DateField(null=True)  # figures are as of this day unless an ask says otherwise
    previous = models.CharField(max_length=40, blank=True)  # the round it was set up from
    report = models.CharField(max_length=40, blank=True)  # the report that publishing builds
    loaded_at = models.DateTimeField(null=True)
    digest = models.CharField(
        max_length=64, blank=True
    )  # of a loaded package: the same twice changes nothing

    class Meta:
        ordering: ClassVar = ["-ends", "code"]

    def __str__(self) -> str:
        return self.code

    def title(self, lang: str) -> str:
        return str(self.title_es if lang == "es" else self.title_en)


class RoundEvent(models.Model):
    """Made, opened, extended, closed, opened again, published. Never changed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.kind}"


class DueDate(models.Model):
    """By when. The last word for an institution counts before its State's, that before the round's."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="due_dates")
    step = models.CharField(max_length=12, choices=[(d, d) for d in Due])
    state = models.CharField(max_length=5, blank=True)
    institution = models.CharField(max_length=60, blank=True)
    due = models.DateTimeField()
    set_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["set_at", "id"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.step} {self.due:%Y-%m-%d %H:%M}"


class Asked(models.Model):
    """One thing asked of one institution in a round (see rules.Ask for what each column means)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="asked")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=60)
    sector = models.CharField(max_length=40)
    measure = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    population = models.CharField(max_length=5, blank=True)
    dimensions = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    universe = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=80, blank=True)
    series = models.CharField(max_length=80, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    as_of = models.DateField(null=True)
    breakdown = models.CharField(max_length=60, blank=True)
    required = models.BooleanField(default=False)
    low = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    change = models.CharField(max_length=10, default=Change.NEW, choices=[(c, c) for c in Change])
    previous = models.CharField(max_length=64, blank=True)
    change_es = models.TextField(blank=True)
    change_en = models.TextField(blank=True)
    guidance_es = models.TextField(blank=True)
    guidance_en = models.TextField(blank=True)
    order = models.IntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)  # no longer asked; what was answered stays

    class Meta:
        ordering: ClassVar = ["round", "state", "institution", "order", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "code"], name="asked_once_a_round"),
        ]
        indexes: ClassVar = [models.Index(fields=["round", "state", "institution"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.code}"

    def ask(self) -> Ask:
        return Ask(
            **{name: getattr(self, name) for name in Ask.__slots__ if name != "change"},
            change=Change(self.change),
        )


class Moved(models.Model):
    """A step that an answer took (workflow.Step). The tables of the areas above inherit it."""

    step = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["id"]
