"""A real mail server on loopback whose answers a test can set, and people to tell."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings
from tests.product import free_port

from mirps.base.access.api import User
from mirps.base.notices import api
from mirps.web.pages.notices import PATHS

#: A Monday; 10:00 in Honduras (UTC-6): no quiet hour, after the digest of the day.
MONDAY = datetime(2025, 11, 3, 16, 0, tzinfo=UTC)
#: The next morning at 07:31 in Honduras: the digest is due.
TUESDAY = datetime(2025, 11, 4, 13, 31, tzinfo=UTC)
ROUND = api.About(round="2025", state="HND", institution="HND.INM")


class Post:
    """What the mail server does with what it is handed, and what it has taken."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.at_recipient: list[str] = []  # replies to give in turn, before it accepts
        self.at_data: list[str] = []
        self.silence = 0.0  # seconds before it answers to DATA
        self.hang_up = 0  # how many times it closes the line instead of answering to DATA

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.silence)
        if self.hang_up:
            self.hang_up -= 1
            server.transport.abort()
            return "421 4.3.2 gone"
        if self.at_data:
            return self.at_data.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 2.0.0 OK"

    def texts(self) -> list[str]:
        return [str(m.get_body(("plain",)).get_content()) for m in self.taken]  # type: ignore[union-attr]


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """A mail server that listens, and the product set to use it."""
    handler, port = Post(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=10)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    settings.DEFAULT_FROM_EMAIL = "MIRPS <mirps@example.org>"
    server.start()
    yield handler
    server.stop()


Make = Callable[..., User]


@pytest.fixture
def person(db: None) -> Make:
    """Makes people who work in Honduras and read Spanish, unless said otherwise."""
    made = defaultdict(int)

    def make(name: str = "ana", **given: object) -> User:
        made[name] += 1
        username = name if made[name] == 1 else f"{name}{made[name]}"
        held = {"email": f"{username}@example.org", "country": "HND", "language": "es", "first_name": "Ana"}
        return User.objects.create_user(username, **{**held, **given})

    return make


def tell(user: User, kind: str = "returned", at: datetime = MONDAY, n: int = 0, **given: object) -> int:
    """Tell one person of one thing (the `n`-th of its sort)."""
    about = given.pop("about", api.About(round="2025", state="HND", figure=f"cell-{n}"))
    return api.tell(to=[user], kind=kind, about=about, by="reviewer", at=at, **given)  # type: ignore[arg-type]


def mail_out(at: datetime = MONDAY) -> api.Tally:
    """One pass: make what is due and take it to the server."""
    api.digests(at=at)
    return api.send(clock=lambda: at, paths=PATHS)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


__all__ = ["MONDAY", "ROUND", "TUESDAY", "Make", "Post", "mail_out", "minutes", "tell"]
