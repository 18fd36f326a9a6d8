"""The secret side of a call: proposals, their papers, and everything that was done on the way to a decision.

No records: who may see a score or a recusal depends on the stage of the call and on who asks, which the
generic pages of records, their history, search, workbooks and API cannot know. All reading goes through
`seeing.may_see`.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class CallRun(models.Model):
    """A call that was opened: its terms as they stood then. `call` is the code of its record."""

    call = models.CharField(max_length=61, primary_key=True)
    terms = models.JSONField()  # the record's data
    number = models.IntegerField()  # of the record's change that they are
    clock_of = models.CharField(max_length=5, blank=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()  # later than in the terms where it was put off
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-closes", "call"]

    def __str__(self) -> str:
        return self.call


class Proposal(models.Model):
    """What an institution proposes. Its content as it stands; every writing is kept in ProposalVersion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(CallRun, on_delete=models.PROTECT, related_name="proposals")
    institution = models.CharField(max_length=60)
    state = models.CharField(max_length=5, blank=True)
    content = models.JSONField(default=dict)
    version = models.IntegerField(default=0)
    status = models.CharField(max_length=10, default="draft")  # draft, submitted, withdrawn
    #: How readers call it while they may not know whose it is; given when the first reading starts.
    label = models.CharField(max_length=4, blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["run", "made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.id}"


class ProposalVersion(models.Model):
    """One writing of a proposal. Never changed, never deleted."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    content = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["proposal", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposal_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"


class ProposalPaper(models.Model):
    """A file attached to a proposal, for one of the documents that the call asks for."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="papers")
    document = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    size = models.IntegerField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.document}"


class CallEvent(models.Model):
    """One act in a call. Never changed, never deleted; what a call has come to is folded from them
    (ledger.fold)."""

    run = models.ForeignKey(CallRun, on_delete=models.PROTECT, related_name="events")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=20)
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "what"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.what} {self.at:%Y-%m-%d %H:%M}"
