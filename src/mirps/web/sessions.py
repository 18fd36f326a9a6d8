"""Sessions in the database, read by a query that is compiled once: every page of somebody signed in reads its own.

Whose a session is stays the same while it bears its key. A process that has read it before asks for its reader and
for what it holds at once, and has the answer if the session still says so.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.notices.api import UNREAD
from mirps.base.prepared.api import Prepared, bare


def _open(key: Any, now: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_OPEN = Prepared(_open)
#: With how many notices they have not read, which every page says (web/pages/notices.count).
_READER = access.Account("unread", beside=lambda: {"unread": UNREAD})
#: The same with what their session holds.
_SITTING = access.Account(
    "unread", "session_data",
    beside=lambda **key: {"unread": UNREAD, "session_data": Subquery(_open(**key).values("session_data"))},
)  # fmt: skip
#: Whose each session was.
_WHOSE: dict[str, int] = {}
_MOST = 5_000


class SessionStore(db.SessionStore):
    """Its name is part of what a session is signed with: it stays Django's."""

    _reader: tuple[int, User | None] | None = None

    def _get_session_from_db(self) -> Session | None:
        key, now = str(self.session_key), timezone.now()
        if whose := _WHOSE.get(key):
            user: Any = _SITTING(whose, on=now.date(), key=key, now=now)
            if user and user.session_data:
                self._reader = (whose, user)
                made: Session = bare(Session, ("session_key", "session_data"), (key, user.session_data))
                return made
        found = next(iter(_OPEN(key=key, now=now)), None)
        if found is None:
            self._session_key = self._reader = None
        return found

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Whether a text was signed here is proved once."""
        told = _proved(str(session_data), self.key_salt)
        return super().decode(session_data) if told is None else json.loads(told)

    def reader(self, whose: int) -> User | None:
        """The account that this session names; once, what was asked with it."""
        known, self._reader = self._reader, None
        if known and known[0] == whose:
            return known[1]
        if len(_WHOSE) > _MOST:
            _WHOSE.clear()
        if self.session_key:
            _WHOSE[self.session_key] = whose
        return reader(whose)


@lru_cache(maxsize=_MOST)
def _proved(session_data: str, salt: str) -> str | None:
    """What a session holds, as JSON; None where it was not signed here."""
    try:
        return json.dumps(signing.loads(session_data, salt=salt, serializer=JSONSerializer))
    except (signing.BadSignature, ValueError):
        return None


def reader(whose: int) -> User | None:
    """An account, with its roles of today."""
    return _READER(whose, on=timezone.now().date())
