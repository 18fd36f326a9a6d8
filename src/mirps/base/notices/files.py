"""Mails kept as files, where no mail server is set: one .eml each, in HOME/mail."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


def folder() -> Path:
    return Path(settings.HOME) / "mail"


class EmailBackend(BaseEmailBackend):
    """Keeps each mail under its Message-ID, so that the same mail kept twice is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            made = mail.message()
            name = hashlib.blake2b(str(made["Message-ID"]).encode(), digest_size=12).hexdigest()
            part = place / f"{name}.part"
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(made.as_bytes())
            part.rename(place / f"{name}.eml")
        return len(email_messages)


def kept(most: int = 50) -> list[tuple[str, Parsed]]:
    """The last mails kept, newest first, each by its name."""
    if not folder().is_dir():
        return []
    newest = sorted(folder().glob("*.eml"), key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)
    return [(p.stem, _read(p)) for p in newest[:most]]


def one(name: str) -> Parsed | None:
    path = folder() / f"{name}.eml"
    return _read(path) if name.isalnum() and path.is_file() else None


def _read(path: Path) -> Parsed:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
