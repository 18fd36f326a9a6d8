"""Who stands at the page of a round, and what they may do there.

A view is decorated with `at_the_door`; it is given a `Desk` and answers with `desk.page(...)`.
Somebody not signed in is led to signing in and back; what somebody may not do is answered with why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Round, Stage
from mirps.web import desk as desks
from mirps.web.desk import Refused
from mirps.web.roles import works_in_rounds

__all__ = ["Desk", "Refused", "View", "at_the_door"]


class Desk(desks.Desk):
    """The reader of a round's page. `round` is None on pages of no one round."""

    user: User  # the door lets in nobody who has not signed in

    def __init__(self, request: HttpRequest, code: str = "") -> None:
        super().__init__(request)
        self.code = code

    @cached_property
    def round(self) -> Round:
        """The round of the address. 404 for none; one that was loaded from documents has no desk."""
        found = Round.objects.filter(pk=self.code).exclude(stage=Stage.LOADED).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def due_dates(self) -> list[rounds.DueDate]:
        return list(self.round.due_dates.all())

    def due(self, step: Due, *, state: str = "", institution: str = "") -> datetime | None:
        return rounds.due(self.due_dates, step, state=state, institution=institution)

    def of_state(self, state: str) -> bool:
        """Whether this person holds a role of the State itself (or of the region, where it is named)."""
        return any(g.state == state for g in self.grants)

    def states(self, act: str) -> list[str]:
        """The member States for which this person may do `act` for the whole State."""
        return [s for s in codelists.member_states() if self.may(act, state=s)]

    def institutions(self, act: str) -> list[tuple[str, str]]:
        """(State, institution) that the round asks and for which this person may do `act`."""
        asked = rounds.asked(self.round.code).values_list("state", "institution")
        pairs = sorted(set(asked.order_by()))
        return [(s, i) for s, i in pairs if self.may(act, state=s, body=i)]

    @cached_property
    def works(self) -> bool:
        """Whether this person has any work in rounds at all."""
        return works_in_rounds(self.grants)


View = Callable[..., HttpResponse]


def at_the_door(view: View) -> View:
    """A view of people who work in rounds: `view(desk, **parts of the address)`."""

    def inside(desk: Desk, **parts: Any) -> HttpResponse:
        if desk.code:
            _ = desk.round
        if not desk.works:
            raise Refused(say("rounds.no-work", desk.lang))
        return view(desk, **parts)

    @wraps(view)
    def checked(request: HttpRequest, lang: str, code: str = "", **parts: Any) -> HttpResponse:
        return desks.admitted(Desk(request, code), inside, **parts)

    return checked
