"""Sessions in the database, read by a query that is compiled once: every page of somebody signed in reads its own."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from mirps.base.prepared.api import Prepared

_OPEN = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    """Its name is part of what a session is signed with: it stays Django's."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(_OPEN(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found
