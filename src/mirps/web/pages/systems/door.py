"""Who stands at the pages about systems: who administers accounts, or answers for an institution's data."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from mirps.base.access import api as access
from mirps.base.access.api import NotAllowed, User
from mirps.base.clients import api as clients
from mirps.base.clients.api import Client
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import catalogue, say
from mirps.web import desk as desks
from mirps.web.desk import Refused

_MANAGES, _ANSWERS = "people.manage", "reading.read"


class Desk(desks.Desk):
    """The reader of a page about systems."""

    user: User  # the door lets in nobody who has not signed in

    @cached_property
    def areas(self) -> list[str]:
        """The States whose systems this person registers ("": all of them)."""
        return [s for s in ("", *codelists.member_states()) if self.may(_MANAGES, state=s)]

    @cached_property
    def bodies(self) -> list[str]:
        """The institutions for whose data this person answers."""
        return sorted(
            {g.body for g in self.grants if g.body and self.may(_ANSWERS, state=g.state, body=g.body)}
        )

    @property
    def rows(self) -> QuerySet[Client]:
        return Client.objects.filter(institution__in=self.bodies) | clients.of_states(self.areas)

    def client(self, id_: str) -> Client:
        """Raises Http404 for one that is none of theirs."""
        found = self.rows.filter(pk=id_).first()
        if found is None:
            raise Http404
        return found

    def manages(self, row: Client) -> bool:
        return "" in self.areas or row.state in self.areas

    def approves(self, row: Client) -> bool:
        """Whether this person is another pair of eyes than whoever registered it."""
        other = not access.same_person(self.username, [row.made_by])
        return row.stands == "waiting" and other and (self.manages(row) or row.institution in self.bodies)


def done(desk: Desk) -> str:
    """What the page before did, in words; nothing where it did nothing."""
    key = f"systems.done.{desk.request.GET.get('done', '')}"
    return say(key, desk.lang) if key in catalogue() else ""


View = Callable[..., HttpResponse]


def at_systems(view: View) -> View:
    """A view for those who administer systems or approve them: `view(desk, **parts of the address)`."""

    def standing(desk: Desk, **parts: Any) -> HttpResponse:
        if not desk.areas and not desk.bodies:
            raise Refused(desk.why_not(_MANAGES))
        try:
            return view(desk, **parts)
        except NotAllowed as e:
            raise Refused(desk.why_not(e.act, state=e.state)) from e

    @wraps(view)
    def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        return desks.admitted(Desk(request), standing, **parts)

    return opened
