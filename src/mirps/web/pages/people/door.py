"""Who sits at a page about registered people: their institution, their office, and what for.

A view is decorated with `at_the_desk`; it is given a `Desk` and answers with `desk.page(...)`. Whatever it
reads of people it reads inside `custody.seated(desk.seat)`, and says so with `custody.shown`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.web import desk as desks
from mirps.web.desk import Refused

__all__ = ["CAMERA", "Desk", "Refused", "View", "at_the_desk", "with_camera"]

#: In the session: the seat ("MEX.COMAR MEX.COMAR.TAP") and what for (a code of lists/purposes.csv).
SEAT, PURPOSE = "people-seat", "people-purpose"
CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}


#: Pages of casework, by whoever may do one of these at their seat.
_WAYS = {
    "cases": ("case.read",), "cases-supervise": ("case.supervise",), "referrals": ("referral.read",),
    "appointments": ("case.read",), "interpreters": ("interpreter.manage",),
    "sessions": ("session.run", "session.vote"), "window-inbox": ("case.act",), "origin-sources": ("case.read",),
    "letter-texts": ("letter.template",), "people-search": ("person.search",),
}  # fmt: skip


class Desk(desks.Desk):
    """The reader of a page about registered people, at their seat."""

    user: User  # the door lets in nobody who has not signed in

    @cached_property
    def seats(self) -> list[custody.Seat]:
        return custody.seats_of(self.username, self.grants, on=self.now.date())

    @cached_property
    def places(self) -> list[tuple[custody.Seat, str]]:
        """Where this person may sit: each seat with each office that it covers."""
        return [(s, o) for s in self.seats for o in ([s.office] if s.office else offices_of(s.institution))]

    @cached_property
    def _sat(self) -> tuple[custody.Seat, str] | None:
        """The place that was chosen: in this session, or else the last one; None where it is theirs no more."""
        by_name = {f"{s.institution} {o}": (s, o) for s, o in self.places}
        found = (by_name.get(str(n)) for n in (self.request.session.get(SEAT), self.user.seat))
        return next(filter(None, found), None)

    @cached_property
    def seat(self) -> custody.Seat:
        """The seat, with what it is used for (empty until this person has said)."""
        return (self._sat or self.places[0])[0].for_purpose(self.purpose)

    @property
    def office(self) -> str:
        """The office in which what is said here is kept."""
        return (self._sat or self.places[0])[1]

    @cached_property
    def purpose(self) -> str:
        given = str(self.request.session.get(PURPOSE, ""))
        return given if given in custody.purposes() else ""

    @property
    def chosen(self) -> bool:
        """Whether the place is known: the only one, or one that was chosen."""
        return len(self.places) == 1 or self._sat is not None

    def sit(self, place: str, purpose: str) -> None:
        """Choose a place and a purpose for the pages to come; what this person may not choose is left out."""
        session = self.request.session
        if place != session.get(SEAT) and any(f"{s.institution} {o}" == place for s, o in self.places):
            session[SEAT] = place
            access.sit_down(user=self.user, seat=place)
        if purpose != session.get(PURPOSE) and purpose in custody.purposes():
            session[PURPOSE] = purpose
        for known in ("_sat", "purpose", "seat"):
            self.__dict__.pop(known, None)

    def allows(self, right: str) -> bool:
        """Whether this person may `right` (search, read, register, amend) here."""
        return self.may(f"person.{right}", state=self.seat.state, body=self.seat.institution)

    def ways(self) -> tuple[str, ...]:
        """The pages of casework open to this person here, by name."""
        return tuple(
            name for name, acts in _WAYS.items()
            if any(self.may(a, state=self.seat.state, body=self.seat.institution) for a in acts)
        )  # fmt: skip

    def demand(self, right: str) -> None:
        """Raises Refused, which the page explains, unless this person may `right` here."""
        self.require(f"person.{right}", state=self.seat.state, body=self.seat.institution)

    def place_name(self) -> str:
        return place_name(self.seat.institution, self.office, self.lang)

    def purpose_name(self) -> str:
        return custody.purposes().name(self.purpose, self.lang) if self.purpose else ""


def offices_of(institution: str) -> list[str]:
    """The offices of an institution; one of which none is listed is an office itself."""
    found = [c.code for c in codelists.offices().values() if c.extra["institution"] == institution]
    return found or [institution]


def place_name(institution: str, office: str, lang: str) -> str:
    short = codelists.institutions()[institution].extra.get("acronym") if office != institution else ""
    return f"{short or codelists.institutions().name(institution, lang)}" + (
        f", {codelists.offices().name(office, lang)}" if office != institution else ""
    )


def with_camera(answer: HttpResponse) -> HttpResponse:
    """For pages that take a photo or scan a card: no other page may ask for the camera."""
    answer["Permissions-Policy"] = CAMERA["Permissions-Policy"]
    return answer


View = Callable[..., HttpResponse]


def at_the_desk(right: str = "read") -> Callable[[View], View]:
    """A view for those who may `right` (read, search, register, amend): `view(desk, **parts of the address)`."""

    def decorated(view: View) -> View:
        def sitting(desk: Desk, **parts: Any) -> HttpResponse:
            if not desk.seats:
                raise Refused(say("custody.no-seat", desk.lang))
            desk.demand(right)
            try:
                return view(desk, **parts)
            except custody.TooMany as met:
                custody.tell_of_limit(seat=desk.seat, met=met, at=desk.now)
                return desk.page("people/too-many.html", 429, met=met)

        @sensitive_post_parameters()
        @sensitive_variables()
        @wraps(view)
        def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
            return desks.admitted(Desk(request), sitting, **parts)

        return opened

    return decorated
