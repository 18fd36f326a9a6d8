"""What every page of accounts needs: who is signed in, what was typed, and names for what is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.planning.governance.api import governance
from mirps.sharing.portal.wording import state as state_name
from mirps.web import roles
from mirps.web.desk import to_sign_in
from mirps.web.jinja import address, language_of
from mirps.web.pages.page import explained, page, private

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """A view of somebody's own: `view(request, lang, user, …)`. Others are led to signing in and back."""

    @wraps(view)
    def checked(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        user = roles.signed_in(request)
        if user is None:
            return to_sign_in(request, lang)
        return private(view(request, lang, user, **parts))

    return checked


def refused(request: HttpRequest, key: str, status: int = 403) -> HttpResponse:
    """Why something may not be done, and what helps."""
    why = say(key, language_of(request))
    return explained(private(page(request, "accounts/refused.html", status, why=why)))


#: Why somebody does not come in by a directory (texts accounts.oidc.…), and the status that says so.
TURNED_AWAY = {"unknown": 403, "other-state": 403, "failed": 403, "silent": 502}


def turned_away(request: HttpRequest, reason: str) -> HttpResponse:
    """Lead from the address under no language, to which directories return, to a page in the reader's."""
    lang = str(request.session.get("lang") or language_of(request))
    return private(HttpResponseRedirect(address("sign-in-refused", lang=lang, reason=reason)))


class Typed:
    """A posted form: values as typed, and faults by the field that they belong to."""

    def __init__(self, request: HttpRequest, lang: str) -> None:
        self.posted = request.method == "POST"
        self.raw = {k: v[-1].strip()[:1000] for k, v in request.POST.lists() if v}
        self.lang = lang
        self.faults: dict[str, str] = {}

    def get(self, name: str, otherwise: object = "") -> str:
        return self.raw.get(name, "") if self.posted else str(otherwise or "")

    def fault(self, name: str, key: str, /, **values: object) -> None:
        self.faults.setdefault(name, say(key, self.lang, **values))

    def faulted(self, e: AccessFault) -> None:
        """The fault of an action, by the field that it is about."""
        self.fault(FIELD_OF.get(e.key, "form"), e.key, **e.values)

    def day(self, name: str, *, required: bool = True) -> date | None:
        given = self.raw.get(name, "")
        if not given and not required:
            return None
        try:
            return date.fromisoformat(given)
        except ValueError:
            self.fault(name, "accounts.fault.day")
            return None


FIELD_OF = {
    "accounts.fault.email": "email",
    "accounts.fault.email-taken": "email",
    "accounts.fault.name": "name",
    "accounts.fault.office": "state",
    "accounts.fault.office-of-body": "office",
    "accounts.fault.reason": "reason",
    "accounts.fault.ends-before": "ends",
    "accounts.fault.too-long": "ends",
    "accounts.fault.past": "ends",
    "accounts.fault.yourself": "taker",
    "accounts.fault.inactive": "taker",
    "accounts.fault.lent-already": "taker",
}


def role_name(role: str, lang: str) -> str:
    return say(f"portal.role-held.{role}", lang)


def where_name(state: str, body: str, lang: str, office: str = "") -> str:
    """For whom a role acts: an institution (and which office of it), a State, or the region."""
    if body:
        named = codelists.institutions().name(body, lang)
        return f"{named}, {codelists.offices().name(office, lang)}" if office else named
    return state_name(state, lang) if state else say("portal.finding.region", lang)


def via_name(via: str, lang: str) -> str:
    """The mandate by virtue of which a role is held."""
    if via == access.PRESIDENCY:
        return say("accounts.via.presidency", lang)
    body = next((b for b in governance().bodies.values() if b.short == via), None)
    return say("governance.via", lang, body=body.title(lang) if body else via)


def mandates_of(state: str, via: str) -> list[access.Mandate]:
    """When the State holds that mandate, the latest first."""
    return [m for m in reversed(access.mandates()) if m.body == via and m.state == state]


def managed(user: User) -> list[str]:
    """The States whose accounts the person administers; "" stands for the region, and so for everybody."""
    on = timezone.now().date()
    grants = access.grants_of(user, on=on)
    return [
        s for s in ("", *codelists.member_states()) if access.may(grants, "people.manage", state=s, on=on)
    ]
