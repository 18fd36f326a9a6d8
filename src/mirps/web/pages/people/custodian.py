"""Who answers for files without reading them: the door of the pages about custody.

Somebody stands here for an institution at which one of their roles may do one of the page's acts. What the page
looks up of persons it looks up from a seat of the duty it is for (`desk.seat_of`), which opens no fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, wraps
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

from mirps.base.access.api import NotAllowed, User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Seat
from mirps.web import desk as desks
from mirps.web.desk import Refused

ON_A_PAGE = 50
#: Whoever holds one of these somewhere has something to do in custody.
ACTS = ("person.read", "reading.read", "glass.review", "person.merge", "retention.run")


class Custodian(desks.Desk):
    """The reader of a page about custody."""

    user: User  # the door lets in nobody who has not signed in
    acts: tuple[str, ...] = ACTS

    @cached_property
    def bodies(self) -> list[tuple[str, str]]:
        """The (State, institution) pairs at which this person may do one of the page's acts."""
        held = sorted({(g.state, g.body) for g in self.grants if g.state and g.body})
        return [(s, b) for s, b in held if any(self.may(act, state=s, body=b) for act in self.acts)]

    @cached_property
    def body(self) -> tuple[str, str]:
        """The institution chosen (`?institution=`), or the first."""
        given = self.request.GET.get("institution", "")
        return next((b for b in self.bodies if b[1] == given), self.bodies[0])

    def why_nowhere(self) -> str:
        """Who may open this page, for somebody who works at an institution's files but not at this."""
        held = next(((g.state, g.body) for g in self.grants if g.state and g.body), None)
        return (
            self.why_not(self.acts[0], state=held[0], body=held[1])
            if held
            else say("custody.no-seat", self.lang)
        )

    def seat_of(self, duty: Duty) -> Seat:
        """The seat of that duty at the institution. Raises Refused where this person has none there."""
        on = self.now.date()
        found = custody.seat_of(self.username, self.grants, self.body[1], on=on, duty=duty)
        if found is None:
            self.require(custody.SITS[duty], state=self.body[0], body=self.body[1])
            raise Refused(say("custody.no-seat", self.lang))
        return found

    def office_name(self, code: str) -> str:
        return codelists.office_name(code, self.lang)

    def part(self, rows: Any) -> Page[Any]:
        """The page of a long list that the address asks for."""
        return Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("page"))

    def called(self, usernames: Iterable[str]) -> dict[str, str]:
        """User name -> the name to show."""
        found = User.objects.filter(username__in=set(usernames)).order_by("pk")
        return {u.username: u.called for u in found}


View = Callable[..., HttpResponse]


def answering(*acts: str) -> Callable[[View], View]:
    """A view for those who may do one of `acts` at some institution: `view(desk, **parts of the address)`."""

    def decorated(view: View) -> View:
        def standing(desk: Custodian, **parts: Any) -> HttpResponse:
            desk.acts = acts or ACTS
            if not desk.bodies:
                raise Refused(desk.why_nowhere())
            try:
                return view(desk, **parts)
            except NotAllowed as e:
                raise Refused(desk.why_not(e.act, state=e.state, body=desk.body[1])) from e

        @wraps(view)
        def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
            return desks.admitted(Custodian(request), standing, **parts)

        return opened

    return decorated
