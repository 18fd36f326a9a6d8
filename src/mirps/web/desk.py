"""Who stands at a page, and what they may do there: what the pages of people at work share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.sharing.portal.wording import state as state_name
from mirps.web.jinja import address, at_home, language_of, locale_of
from mirps.web.pages.errors import error
from mirps.web.pages.page import explained, page, private
from mirps.web.roles import held, role_among, signed_in


class Refused(Exception):
    """Somebody may not do this. `why` is a sentence in their language that names who may."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Desk:
    """The reader of a page, signed in or not, and the moment at which they read it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = timezone.now()
        self.user = signed_in(request)
        self._may: dict[tuple[str, str, str], bool] = {}  # a page asks for the same again and again
        if not getattr(request, "home_country", "") and len(home := {g.state for g in self.grants}) == 1:
            at_home(request, home.pop())
        self.lang = language_of(request)
        self.locale = locale_of(request)

    @property
    def username(self) -> str:
        """Under which name what this person does is kept; empty for a reader who has not signed in."""
        return self.user.username if self.user else ""

    def day(self, name: str) -> date | None:
        """The day that the address, or a form that was posted, says; None for none and for what is no day."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        try:
            return date.fromisoformat(given.get(name, ""))
        except ValueError:
            return None

    @cached_property
    def grants(self) -> list[access.Grant]:
        """The roles in which this person may act today; none for somebody not signed in."""
        return held(self.request)

    def may(self, act: str, *, state: str = "", body: str = "") -> bool:
        """Whether this person may do `act` for the State (empty: the region) and institution."""
        asked = (act, state, body)
        if asked not in self._may:
            self._may[asked] = bool(
                self.user
                and self.user.is_active
                and access.may(self.grants, act, state=state, body=body, on=self.now.date())
            )
        return self._may[asked]

    def require(self, act: str, *, state: str = "", body: str = "") -> None:
        """Raises Refused, which the page explains, unless this person may."""
        if not self.may(act, state=state, body=body):
            raise Refused(self.why_not(act, state=state, body=body))

    def why_not(self, act: str, *, state: str = "", body: str = "") -> str:
        """Which roles may do `act`, and for whom: an answer that leads on."""
        roles = sorted(
            r for r, acts in access.ALLOWED.items() if act in acts and (body or r not in access.OF_A_BODY)
        )
        return say(
            "rounds.why-not", self.lang, act=self.act_name(act),
            roles=", ".join(say(f"portal.role-held.{r}", self.lang) for r in roles),
            where=self.institution_name(body) if body else (
                state_name(state, self.lang) if state else say("portal.finding.region", self.lang)
            ),
        )  # fmt: skip

    def act_name(self, act: str) -> str:
        return say(f"rounds.act.{act}", self.lang)

    def role_for(self, act: str, *, state: str = "", body: str = "") -> str:
        """The role in which this person does `act`: the nearest one held (body, State, region)."""
        return role_among(self.grants, act, state=state, body=body, on=self.now.date())

    def institution_name(self, code: str) -> str:
        return codelists.institutions().name(code, self.lang)

    def url(self, name: str, **kwargs: object) -> str:
        return address(name, lang=self.lang, **kwargs)

    def go(self, name: str, mark: str = "", **kwargs: object) -> HttpResponse:
        """Lead to a page; `mark` (`#part` or `?kept=1`) is put after its address."""
        return private(HttpResponseRedirect(self.url(name, **kwargs) + mark))

    def page(self, template: str, status: int = 200, /, **context: Any) -> HttpResponse:
        """A page of this person's own, never kept by anyone on the way."""
        answer = private(page(self.request, template, status, desk=self, **context))
        return explained(answer) if status >= 400 else answer


D = TypeVar("D", bound=Desk)
R = TypeVar("R", bound=HttpResponseBase)


def answered(desk: D, view: Callable[..., R], /, **parts: Any) -> R | HttpResponse:
    """The answer of `view(desk, **parts)`; what this person may not do is answered with why."""
    try:
        return view(desk, **parts)
    except Refused as e:
        return error(desk.request, 403, e.why)


def admitted(desk: D, view: Callable[..., R], /, **parts: Any) -> R | HttpResponse:
    """The same behind a door: whoever has not signed in is led to signing in and back."""
    return answered(desk, view, **parts) if desk.user else to_sign_in(desk.request, desk.lang)


def to_sign_in(request: HttpRequest, lang: str) -> HttpResponse:
    """Lead somebody to signing in, and back to where they were going."""
    return private(
        HttpResponseRedirect(f"{address('sign-in', lang=lang)}?next={quote(request.get_full_path())}")
    )
