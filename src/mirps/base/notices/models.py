"""Notices to people who work here, how each wants them, and the mails that carry them.

No table here holds free text that a person wrote: a notice points at what it is about.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Notice(models.Model):
    """Something that one person is told. Told again before it was read, it is the same notice with a count."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    urgency = models.CharField(max_length=6)  # now, digest: as the kind had it when it was told
    # What it is about. Empty parts are not meant; all empty is the person's own account.
    round = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=5, blank=True)
    institution = models.CharField(max_length=60, blank=True)
    section = models.CharField(max_length=80, blank=True)
    figure = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    merge = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField()  # the last time
    waits_since = models.DateTimeField()  # when the first telling was told that no mail has carried
    due = models.DateField(null=True, blank=True)  # by when the person must have acted
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)  # when a server last took a mail with it
    count = models.PositiveIntegerField(default=1)  # times told
    settled = models.PositiveIntegerField(default=0)  # how many of those need no (further) mail
    folded = models.BooleanField(default=False)  # was to go at once; there were too many, so it waits

    class Meta:
        ordering: ClassVar = ["-told_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "merge"],
                condition=Q(read_at__isnull=True) & ~Q(merge=""),
                name="notice_told_twice_is_one",
            ),
            models.CheckConstraint(condition=Q(settled__lte=F("count")), name="notice_settled_at_most_told"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "read_at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(settled__lt=F("count")), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"


class Choice(models.Model):
    """How a person wants one kind of notice by mail. Without a row, as the kind has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    way = models.CharField(max_length=6)

    class Meta:
        ordering: ClassVar = ["user_id", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="notice_one_choice_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.way}"


class Bounce(models.Model):
    """An address that a mail server refused for good. It holds until the person's address is another."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254)
    code = models.PositiveSmallIntegerField()  # the server's reply, 500 to 599; 0: not an address at all
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["user_id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"


class Mail(models.Model):
    """One mail to one person: waiting, then claimed by a sender, then sent (or refused)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=6)  # now, digest
    day = models.DateField()  # the person's own day on which it was made
    address = models.EmailField()
    language = models.CharField(max_length=2)
    message_id = models.CharField(max_length=120, unique=True)  # the same at every try
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not to be tried before
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=200, blank=True)  # what the server last said

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "day"],
                condition=Q(form="digest") & Q(given_up_at__isnull=True),
                name="mail_one_digest_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True) & Q(given_up_at__isnull=True),
                name="mail_to_send",
            ),
            models.Index(fields=["user", "form", "made_at"], name="mail_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.form} to {self.user_id} on {self.day}"


class MailItem(models.Model):
    """A notice in a mail: its tellings after `since` up to `told`."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="items")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    since = models.PositiveIntegerField()
    told = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mail", "notice"], name="mail_holds_a_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} in {self.mail_id}"
