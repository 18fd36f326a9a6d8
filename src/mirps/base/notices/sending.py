"""Taking the mails that wait to the server, one after the other, and keeping what it says of each.

A mail is claimed in the database before the server is spoken to, and marked as sent after it has taken
it. A sender that dies in between leaves a claim, which grows old: that one mail may come twice, under
one Message-ID, and no mail is lost.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from mirps.base.access.api import User
from mirps.base.notices import actions, queries, rules
from mirps.base.notices.composing import Paths, mail_of
from mirps.base.notices.models import Mail, Notice
from mirps.base.notices.rules import Verdict

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
#: A pass ends of itself after this long, well before its claims could be thought dead.
PASS = timedelta(minutes=4)


@dataclass
class Tally:
    """What one pass did. `away`: what the server said, if it could not be worked with."""

    sent: int = 0
    postponed: int = 0
    bounced: int = 0
    away: str = ""

    def plus(self, other: Tally) -> Tally:
        """Both passes told as one."""
        return Tally(
            self.sent + other.sent, self.postponed + other.postponed, self.bounced + other.bounced,
            self.away or other.away,
        )  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """Why the server did not take a mail, and what that means for its address."""

    verdict: Verdict
    code: int
    fault: str


def send(*, clock: Clock, paths: Paths) -> Tally:
    """Send every mail that is due. A server that is away ends the pass: the rest waits for the next."""
    tally, begun = Tally(), clock()
    connection: BaseEmailBackend = get_connection()
    try:
        while not tally.away and clock() - begun < PASS and (mail := actions.claim(at=clock())) is not None:
            _one(mail, connection, clock, paths, tally)
    finally:
        hang_up(connection)
    return tally


def _one(mail: Mail, connection: BaseEmailBackend, clock: Clock, paths: Paths, tally: Tally) -> None:
    user = User.objects.get(pk=mail.user_id)
    left = [n for n in _notices(mail) if n.read_at is None or rules.kind_of(n.kind).always]
    if not left or not user.is_active or not user.email:
        actions.given_up(mail=mail, fault="nobody is left to tell", at=clock())
        return
    mail.address = user.email  # it may have been put right since the mail was made
    try:
        validate_email(user.email)
        made = _made(mail, user, left, paths, clock())
    except ValidationError:
        actions.bounced(mail=mail, code=0, fault="not an address", at=clock())
        tally.bounced += 1
        return
    except Exception as e:
        # A fault of ours in one mail must not hold up all the others.
        log.exception("mail %s could not be written", mail.pk)
        actions.postponed(mail=mail, fault=f"could not be written: {type(e).__name__}", at=clock())
        tally.postponed += 1
        return
    refusal = hand_over(connection, made, user.email)
    _keep(mail, refusal, clock(), tally)


def _keep(mail: Mail, refusal: Refusal | None, at: datetime, tally: Tally) -> None:
    if refusal is None:
        actions.sent(mail=mail, at=at)
        tally.sent += 1
    elif refusal.verdict is Verdict.BOUNCED:
        actions.bounced(mail=mail, code=refusal.code, fault=refusal.fault, at=at)
        tally.bounced += 1
    else:
        actions.postponed(mail=mail, fault=refusal.fault, at=at)
        tally.postponed += 1
        if refusal.verdict is Verdict.SERVER:
            tally.away = refusal.fault
            log.warning("the mail server cannot be worked with: %s", refusal.fault)


def _notices(mail: Mail) -> list[Notice]:
    return list(Notice.objects.filter(items__mail=mail).order_by("pk"))


def _made(
    mail: Mail, user: User, notices: list[Notice], paths: Paths, at: datetime
) -> EmailMultiAlternatives:
    today = at.astimezone(queries.clock(user, at.date())).date()
    made = mail_of(
        user, mail.form, notices, paths=paths, message_id=mail.message_id, lang=mail.language, today=today
    )
    made.message()  # raises now what it would raise on the way
    return made


def hand_over(connection: BaseEmailBackend, made: EmailMultiAlternatives, address: str) -> Refusal | None:
    """Hand the mail to the server. None when it has taken it."""
    try:
        connection.open()  # once: the mails of a pass share it
        connection.send_messages([made])
    except smtplib.SMTPRecipientsRefused as e:
        code, reply = next(iter(e.recipients.values()), (0, b""))
        return _refused(code, reply, at_recipient=True)
    except smtplib.SMTPDataError as e:
        return _refused(e.smtp_code, e.smtp_error, at_recipient=False)
    except (smtplib.SMTPException, OSError) as e:
        hang_up(connection)
        return Refusal(Verdict.SERVER, 0, f"{type(e).__name__}: {e}")
    return None


def _refused(code: int, reply: bytes | str, *, at_recipient: bool) -> Refusal:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return Refusal(rules.verdict(code, text, at_recipient=at_recipient), code, f"{code} {text}")


def hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        log.info("the mail server was gone before it was told goodbye")
