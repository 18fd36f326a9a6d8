"""Appointments and what they need: rooms, working hours, interpreters and what is ordered of their suppliers.

What happened to an appointment or an order is added as an event and never changed; their own rows are folds over
those (rules.py). Names, wishes, reasons and notes are sealed. `Hold` is what keeps two from being booked at once:
a quarter of an hour of an officer, room, interpreter or case is held once, and the database says so.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mirps.casework.appointments.rules import Became, Done, Mode, Ordered, Sort, Stand
from mirps.casework.cases.models import Case, Held


class Kept(Held):
    """A row that somebody wrote at a moment."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        abstract = True


class Room(Kept):
    """A room of an office; `ended`: the first day on which it is no longer given."""

    name = models.CharField(max_length=80)
    for_children = models.BooleanField(default=False)
    step_free = models.BooleanField(default=False)
    ended = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "office"], name="casework_room_of")]

    def __str__(self) -> str:
        return self.name


class Hours(Kept):
    """Hours of a weekday at which an officer or interpreter can be booked (`whose`: rules.officer, .interpreter)."""

    whose = models.CharField(max_length=170)
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    starts = models.TimeField()
    ends = models.TimeField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day

    class Meta:
        ordering: ClassVar = ["whose", "weekday", "starts", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "office", "whose"], name="casework_hours_of")
        ]

    def __str__(self) -> str:
        return f"{self.whose} {self.weekday} {self.starts:%H:%M}"


class Away(Kept):
    """Days on which an interpreter or a room cannot be had. (Of officers: cases.Absence.)"""

    whose = models.CharField(max_length=170)
    starts = models.DateField()
    ends = models.DateField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "whose"], name="casework_away_of")]

    def __str__(self) -> str:
        return f"{self.whose} {self.starts}"


class Turn(Kept):
    """What became of a room, an interpreter or a supplier, and why: added, never changed. The days are those of
    the absence; of what ended, the first day on which it is no longer had."""

    id = models.UUIDField(primary_key=True, editable=False)
    whose = models.CharField(max_length=170)
    what = models.CharField(max_length=10, choices=Became.choices())
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    sealed = models.BinaryField()  # {"reason"}

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["institution", "whose"], name="casework_turn_of")]

    def __str__(self) -> str:
        return f"{self.whose} {self.what}"


class Supplier(Kept):
    """Who provides interpreters: sealed, since an individual is a person."""

    id = models.UUIDField(primary_key=True, editable=False)
    sort = models.CharField(max_length=14, choices=Sort.choices())
    sealed = models.BinaryField()  # {"name", "contact"}
    hour = models.DecimalField(max_digits=10, decimal_places=2)  # what an hour costs
    currency = models.CharField(max_length=3)
    ended = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["institution"], name="casework_supplier_of")]

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"


class Interpreter(Kept):
    id = models.UUIDField(primary_key=True, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="interpreters")
    sealed = models.BinaryField()  # {"name", "contact", "nationality", "origin", "community"}
    gender = models.CharField(max_length=12)
    modes = models.JSONField(default=list)
    ended = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["institution"], name="casework_interpreter_of")]

    def __str__(self) -> str:
        return str(self.id)


class Speaks(models.Model):
    interpreter = models.ForeignKey(Interpreter, on_delete=models.PROTECT, related_name="languages")
    language = models.CharField(max_length=10)
    dialect = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=12)

    class Meta:
        ordering: ClassVar = ["language", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interpreter", "language", "dialect"], name="casework_speaks_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interpreter_id} {self.language}"


class Conflict(Kept):
    """Why an interpreter may not serve a case: declared by them, or said by the person. Ended, never removed."""

    id = models.UUIDField(primary_key=True, editable=False)
    interpreter = models.ForeignKey(Interpreter, on_delete=models.PROTECT, related_name="conflicts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=12)
    sealed = models.BinaryField()  # what was said
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.interpreter_id} {self.sort}"


class Appointment(Held):
    """As its events leave it."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, choices=Mode.choices())
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    officer = models.CharField(max_length=150)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interpreter = models.ForeignKey(
        Interpreter, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    language = models.CharField(max_length=10, blank=True)  # in which it is held with an interpreter
    for_child = models.BooleanField(default=False)
    standing = models.CharField(max_length=10, choices=Stand.choices())
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "office", "starts"], name="casework_agenda"),
            models.Index(fields=["officer", "starts"], name="casework_agenda_of"),
            models.Index(fields=["case", "starts"], name="casework_appointment_of"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts:%Y-%m-%d %H:%M}"


class AppointmentEvent(Kept):
    id = models.UUIDField(primary_key=True, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=Done.choices())
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    officer = models.CharField(max_length=150, blank=True)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interpreter = models.ForeignKey(
        Interpreter, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BinaryField()  # {"reason", "wish", "dialect", "note"}

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.appointment_id}"


class Hold(Held):
    """A quarter of an hour (`cell`: rules.cells) of something, for one appointment."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="holds")
    whose = models.CharField(max_length=170)
    cell = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["cell", "whose"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["whose", "cell"], name="casework_held_once")]
        indexes: ClassVar = [models.Index(fields=["institution", "cell"], name="casework_held_at")]

    def __str__(self) -> str:
        return f"{self.whose} {self.cell}"


class Order(Held):
    """An interpreter ordered of a supplier for an appointment, as its events leave it."""

    id = models.UUIDField(primary_key=True, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    interpreter = models.ForeignKey(Interpreter, on_delete=models.PROTECT, related_name="orders")
    language = models.CharField(max_length=10)
    standing = models.CharField(max_length=10, choices=Ordered.choices())
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    ordered_at = models.DateTimeField()
    delivered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-ordered_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["institution", "standing", "-ordered_at"], name="casework_orders"),
            models.Index(fields=["institution", "delivered_on"], name="casework_delivered"),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.id}"


class OrderEvent(Kept):
    id = models.UUIDField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=Ordered.choices())
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    sealed = models.BinaryField()  # the note

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.order_id}"
