"""Sections of a round's report, every version of their texts, and consents to tell a person's story."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.evidence.rounds.models import Moved, Round
from mirps.evidence.rounds.workflow import Status


class Section(models.Model):
    """What a State (or, with no State, the presidency) is asked to write."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sections")
    state = models.CharField(max_length=5, blank=True)
    code = models.CharField(max_length=40)
    title_es = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    guidance_es = models.TextField(blank=True)
    guidance_en = models.TextField(blank=True)
    required = models.BooleanField(default=False)
    story = models.BooleanField(default=False)  # tells of people: needs a consent and changed names
    words = models.IntegerField(default=0)  # at most; 0: no limit
    order = models.IntegerField(default=0)
    status = models.CharField(max_length=16, default=Status.EMPTY, choices=[(s, s) for s in Status])
    withdrawn_at = models.DateTimeField(null=True)  # no longer asked for; what was written stays

    class Meta:
        ordering: ClassVar = ["round", "state", "order", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "state", "code"], name="section_once_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state} {self.code}"

    def title(self, lang: str) -> str:
        return str(self.title_es if lang == "es" else self.title_en)

    def guidance(self, lang: str) -> str:
        return str(self.guidance_es if lang == "es" else self.guidance_en)


class SectionText(models.Model):
    """One version of one language. `of` is the version of the other language that it translates
    (0: it is the original). `number` is null for a version that met another's change."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="texts")
    lang = models.CharField(max_length=2)
    number = models.IntegerField(null=True)
    base = models.IntegerField(default=0)
    of = models.IntegerField(default=0)
    text = models.TextField()
    client = models.UUIDField(unique=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "lang", "number"], name="section_text_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.lang} v{self.number}"


class SectionStep(Moved):
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="steps")

    class Meta(Moved.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.section_id} {self.step}"


class Consent(models.Model):
    """That a person agreed to their story being told. Holds no name: the signed paper stays with the
    institution, which is said where; `names_changed` says that the text uses other names."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="consents")
    called = models.CharField(max_length=80)  # the changed name that the text uses
    held_by = models.CharField(max_length=60)  # the institution that keeps the signed consent
    reference = models.CharField(max_length=80)  # its file number there
    given = models.DateField()
    until = models.DateField(null=True)
    uses = models.CharField(max_length=200)  # what it covers: report, portal, photograph …
    names_changed = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.section_id} {self.called}"
