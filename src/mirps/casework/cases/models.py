"""Cases and what happened in them: an append-only ledger, whose state is folded from it, and read models.

Clear here: ids, numbers made of ids, offices, moments, acts, stages. What was said (the values of a form, the
reason of an act) is sealed to its event: it may tell who somebody is or why they fled.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Held(models.Model):
    """Whose it is."""

    state = models.CharField(max_length=5)
    institution = models.CharField(max_length=40)
    office = models.CharField(max_length=40)

    class Meta:
        abstract = True


class Case(Held):
    """A case under a procedure. `office`: where it was opened (where it is now: Standing)."""

    id = models.UUIDField(primary_key=True, editable=False)  # made by whoever opens it (UUIDv7)
    number = models.CharField(max_length=22, unique=True)
    procedure = models.CharField(max_length=60)
    #: The case from which this one came (a family's reunification, a cessation).
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="further"
    )
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    #: Of a case that was let go its acts and days stand on, under an id and a number by chance.
    let_go_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-recorded_at", "id"]

    def __str__(self) -> str:
        return self.number


class Subject(models.Model):
    """Of whom a case is. Rows are added and ended, never changed."""

    class Role(models.TextChoices):
        PRINCIPAL = "principal"
        DEPENDANT = "dependant"
        GUARDIAN = "guardian"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="subjects")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cases")
    role = models.CharField(max_length=12, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class Party(models.Model):
    """Another institution that has a part in a case: it sees what its own acts need, and no more.

    `whole`: one whose body decides in the case sees it whole, once it has been its turn.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    institution = models.CharField(max_length=40)
    whole = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "institution"], name="casework_party_once")
        ]
        indexes: ClassVar = [models.Index(fields=["institution", "case"], name="casework_party_of")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.institution}"


class CaseEvent(Held):
    """One act (procedures.Event). Rows are added; only `sealed` (under a newer key) is ever set."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=60)
    rule = models.CharField(max_length=80)  # procedure@version that the writer had before them
    sealed = models.BinaryField()  # {"values": {...}, "reason": "..."}
    target = models.UUIDField(null=True, blank=True)  # the event that a correction is about
    device = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["happened_at", "recorded_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "-recorded_at"], name="casework_event_recorded")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"


class Standing(Held):
    """How a case stands: a projection of its events, for worklists. Rebuilt from them, it is the same again."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="standing")
    procedure = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    stage = models.CharField(max_length=60)
    open = models.BooleanField()
    modality = models.CharField(max_length=60, blank=True)
    entered = models.DateField()  # the day on which the stage was reached
    #: The next end of a deadline that is running or has lapsed unmet, and which it is.
    due = models.DateField(null=True, blank=True)
    due_of = models.CharField(max_length=60, blank=True)
    missed = models.PositiveSmallIntegerField(default=0)  # in a row, of a deadline that repeats
    aside = models.PositiveSmallIntegerField(default=0)  # events that did not fit: for a person to settle
    events = models.PositiveIntegerField()
    last = models.DateTimeField()  # when its last event was recorded
    handler = models.CharField(max_length=150, blank=True)  # the user name of who has it in hand
    #: The days that what is running hangs on (rules.runs), so that a decree's new dates need no event opened.
    runs = models.JSONField(default=dict)
    decree = models.PositiveIntegerField(default=0)  # how many of the State's decrees `due` knows
    counted = models.DateField()  # the day for which `missed` was counted

    class Meta:
        ordering: ClassVar = ["due", "case_id"]
        indexes: ClassVar = [
            # Each holds all that lists ask of it (worklists.py): counted there alone, and read in its order.
            models.Index(
                fields=["institution", "state", "office", "procedure", "stage", "due", "case", "version", "handler"],
                condition=models.Q(open=True), name="casework_worklist",
            ),
            models.Index(
                fields=["institution", "state", "office", "due", "case", "procedure", "stage", "version", "handler"],
                condition=models.Q(open=True), name="casework_indue",
            ),
            models.Index(
                fields=["institution", "state", "procedure", "stage", "due", "case", "office", "version", "handler"],
                condition=models.Q(open=True), name="casework_nationwide",
            ),
            models.Index(
                fields=["institution", "state", "due", "case"], condition=models.Q(open=True), name="casework_overdue"
            ),
            models.Index(
                fields=["institution", "state", "due", "case", "office", "procedure", "stage"],
                condition=models.Q(open=False), name="casework_closed",
            ),
            models.Index(fields=["handler", "open", "due"], name="casework_mine"),
            models.Index(fields=["state", "decree"], condition=models.Q(open=True), name="casework_undated"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


class Handling(models.Model):
    """Who had a case in hand, since when and by whom given: a case is handed over, never taken silently."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handlings")
    user = models.CharField(max_length=150, blank=True)  # empty: back to the office's queue
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    sealed = models.BinaryField()  # the note for who takes over

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user}"


class Post(Held):
    """Somebody holds a role of a procedure (as its file names it) at an office; empty office: all of them."""

    user = models.CharField(max_length=150)
    procedure = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["user", "procedure", "role"]
        indexes: ClassVar = [models.Index(fields=["user"], name="casework_post_of")]

    def __str__(self) -> str:
        return f"{self.user} {self.procedure} {self.role}"


class Absence(Held):
    """Days on which somebody is away, and who stands in for them (empty: their cases go to the queue)."""

    user = models.CharField(max_length=150)
    starts = models.DateField()
    ends = models.DateField()
    stands_in = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "ends"], name="casework_absence_ends")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts}"


class Decree(models.Model):
    """An act that changes which days count (base/calendars), beside those of data/calendars: one moves every case.

    `ended`: of a suspension without end, the day from which days count again, set by a later act.
    """

    number = models.AutoField(primary_key=True)
    state = models.CharField(max_length=5)
    sort = models.CharField(max_length=12)  # holiday, working, suspension
    starts = models.DateField()
    until = models.DateField(null=True, blank=True)
    places = models.JSONField(default=list)
    authorities = models.JSONField(default=list)
    procedures = models.JSONField(default=list)
    published = models.DateField()
    title_es = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    source = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)  # who entered it
    second = models.CharField(
        max_length=150, blank=True
    )  # who confirmed it: never the same; empty: not in force
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: The decree that this one ends or replaces.
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.state} {self.sort} {self.starts}"
