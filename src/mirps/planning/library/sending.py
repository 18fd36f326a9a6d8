"""Taking the newsletter's mails to the server, as those of notices are (base.notices.sending)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from mirps.base.notices import api as notices
from mirps.base.notices.api import Tally, Verdict
from mirps.base.notices.sending import PASS
from mirps.planning.library import actions
from mirps.planning.library.models import Letter

log = logging.getLogger(__name__)

#: The mail of a letter; None where the newsletter is no longer in force.
Compose = Callable[[Letter], EmailMultiAlternatives | None]


def send(*, clock: Callable[[], datetime], compose: Compose) -> Tally:
    """Send every newsletter mail that is due. A server that is away ends the pass: the rest waits."""
    tally, begun = Tally(), clock()
    connection: BaseEmailBackend = get_connection()
    try:
        while not tally.away and clock() - begun < PASS and (letter := actions.claim(at=clock())) is not None:
            _one(letter, connection, clock, compose, tally)
    finally:
        notices.hang_up(connection)
    return tally


def _one(
    letter: Letter,
    connection: BaseEmailBackend,
    clock: Callable[[], datetime],
    compose: Compose,
    tally: Tally,
) -> None:
    try:
        mail = compose(letter)
        if mail is not None:
            mail.message()  # raises now what it would raise on the way
    except Exception as e:
        # A fault of ours in one mail must not hold up all the others.
        log.exception("newsletter mail %s could not be written", letter.pk)
        actions.postponed(letter=letter, fault=f"could not be written: {type(e).__name__}", at=clock())
        tally.postponed += 1
        return
    if mail is None:
        actions.given_up(letter=letter, fault="no longer in force", at=clock())
        return
    refusal = notices.hand_over(connection, mail, letter.subscriber.address)
    if refusal is None:
        actions.sent(letter=letter, at=clock())
        tally.sent += 1
    elif refusal.verdict is Verdict.BOUNCED:
        actions.bounced(letter=letter, at=clock())
        tally.bounced += 1
    else:
        actions.postponed(letter=letter, fault=refusal.fault, at=clock())
        tally.postponed += 1
        if refusal.verdict is Verdict.SERVER:
            tally.away = refusal.fault
