"""Who stands at the page of a round, and what they may do there.

A view is decorated with `at_the_door`; it is given a `Desk` and answers with `desk.page(...)`.
Somebody not signed in is led to signing in and back; what somebody may not do is answered with why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, wraps
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Round, Stage
from mirps.sharing.portal.wording import state as state_name
from mirps.web.jinja import address, at_home, language_of, locale_of
from mirps.web.pages.errors import error
from mirps.web.pages.page import explained, page, private

#: Acts that make somebody a worker of rounds; a reader without any sees no desk.
WORK = (
    "entry.write", "entry.submit", "entry.review", "entry.approve-state", "entry.review-region",
    "entry.approve-region", "narrative.write", "narrative.translate", "round.setup", "round.publish",
    "watch.read",
)  # fmt: skip


class Refused(Exception):
    """Somebody may not do this. `why` is a sentence in their language that names who may."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Desk:
    """The reader of a round's page. `round` is None on pages of no one round."""

    def __init__(self, request: HttpRequest, code: str = "") -> None:
        self.request = request
        self.now: datetime = timezone.now()
        assert isinstance(request.user, User)
        self.user: User = request.user
        if not getattr(request, "home_country", "") and len(home := {g.state for g in self._grants}) == 1:
            at_home(request, home.pop())
        self.lang = language_of(request)
        self.locale = locale_of(request)
        self._code = code

    @cached_property
    def round(self) -> Round:
        """The round of the address. 404 for none; one that was loaded from documents has no desk."""
        found = Round.objects.filter(pk=self._code).exclude(stage=Stage.LOADED).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def due_dates(self) -> list[rounds.DueDate]:
        return list(self.round.due_dates.all())

    def due(self, step: Due, *, state: str = "", institution: str = "") -> datetime | None:
        return rounds.due(self.due_dates, step, state=state, institution=institution)

    @cached_property
    def _grants(self) -> list[access.Grant]:
        return access.grants_of(self.user, on=self.now.date())

    def may(self, act: str, *, state: str = "", body: str = "") -> bool:
        """Whether this person may do `act` for the State (empty: the region) and institution."""
        return self.user.is_active and access.may(
            self._grants, act, state=state, body=body, on=self.now.date()
        )

    def require(self, act: str, *, state: str = "", body: str = "") -> None:
        """Raises Refused, which the page explains, unless this person may."""
        if not self.may(act, state=state, body=body):
            raise Refused(self.why_not(act, state=state, body=body))

    def why_not(self, act: str, *, state: str = "", body: str = "") -> str:
        """Which roles may do `act`, and for whom: an answer that leads on."""
        roles = sorted(r for r, acts in access.ALLOWED.items() if act in acts)
        return say(
            "rounds.why-not", self.lang, act=say(f"rounds.act.{act}", self.lang),
            roles=", ".join(say(f"portal.role-held.{r}", self.lang) for r in roles),
            where=self.institution_name(body) if body else (
                state_name(state, self.lang) if state else say("portal.finding.region", self.lang)
            ),
        )  # fmt: skip

    def of_state(self, state: str) -> bool:
        """Whether this person holds a role of the State itself (or of the region, where it is named)."""
        return any(g.state == state for g in self._grants)

    def role_for(self, act: str, *, state: str = "", body: str = "") -> str:
        """The role in which this person does `act`: the nearest one held (body, State, region)."""
        found = access.role_for(self._grants, act, state=state, body=body, on=self.now.date())
        return found.role if found else ""

    def states(self, act: str) -> list[str]:
        """The member States for which this person may do `act` for the whole State."""
        return [s for s in member_states() if self.may(act, state=s)]

    def institutions(self, act: str) -> list[tuple[str, str]]:
        """(State, institution) that the round asks and for which this person may do `act`."""
        asked = rounds.asked(self.round.code).values_list("state", "institution")
        pairs = sorted(set(asked.order_by()))
        return [(s, i) for s, i in pairs if self.may(act, state=s, body=i)]

    @cached_property
    def works(self) -> bool:
        """Whether this person has any work in rounds at all."""
        return any(act in access.ALLOWED.get(g.role, frozenset()) for g in self._grants for act in WORK)

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


def member_states() -> list[str]:
    """The codes of the seven States."""
    return [c for c, s in codelists.states().items() if s.extra.get("kind") == "state"]


View = Callable[..., HttpResponse]


def at_the_door(view: View) -> View:
    """A view of people who work in rounds: `view(desk, **parts of the address)`."""

    @wraps(view)
    def checked(request: HttpRequest, lang: str, code: str = "", **parts: Any) -> HttpResponse:
        if not isinstance(request.user, User) or not request.user.is_authenticated:
            sign_in = address("sign-in", lang=lang)
            return private(HttpResponseRedirect(f"{sign_in}?next={quote(request.get_full_path())}"))
        desk = Desk(request, code)
        try:
            if code:
                _ = desk.round
            if not desk.works:
                raise Refused(say("rounds.no-work", desk.lang))
            return view(desk, **parts)
        except Refused as e:
            return error(request, 403, e.why)

    return checked
