"""Who is in a person's window: a word in a cookie of the browser's session, and nothing else of anybody.

No page of a window is kept: not in a cache, not in the address, not as where somebody came from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.casework.window import api as window
from mirps.casework.window.api import Visit
from mirps.web.jinja import address
from mirps.web.pages.page import explained
from mirps.web.pages.window import words

COOKIE, TONGUE = settings.WINDOW_COOKIE_NAME, "window-in"
#: Where "leave quickly" leads: a page that says nothing of whoever reads it.
ELSEWHERE = "https://www.wikipedia.org/"
View = Callable[..., HttpResponse]


class Guest:
    """Somebody at a window: their language, their clock, and who they are to it (None: not in)."""

    def __init__(self, request: HttpRequest, lang: str) -> None:
        self.request = request
        self.lang = lang
        self.now = timezone.now()
        self.tongue = words.chosen(request.GET.get("in") or request.COOKIES.get(TONGUE, ""), lang)
        self.visit: Visit | None = window.visit(request.COOKIES.get(COOKIE, ""), at=self.now)
        state = self.visit.access.state if self.visit else ""
        self.locale = texts.locale_for(lang, state, codelists.locales())
        self.clock = zone(state)

    @property
    def access(self) -> window.WindowAccess:
        assert self.visit is not None
        return self.visit.access

    def say(self, key: str, **values: object) -> str:
        """A text of the window in the person's language, or in the address's where there is none yet."""
        return words.say(f"window.{key}", self.tongue, self.lang, **values)

    def fault(self, refused: window.WindowFault) -> str:
        return words.say(refused.key, self.tongue, self.lang, **refused.values)

    def day(self, value: Any) -> str:
        return texts.day(value.astimezone(self.clock) if hasattr(value, "hour") else value, self.locale)

    def when(self, value: Any) -> str:
        return texts.moment(value.astimezone(self.clock), self.locale)

    def page(self, template: str, status: int = 200, /, **context: Any) -> HttpResponse:
        told = {
            "guest": self,
            "w": self.say,
            "languages": words.languages(),
            "pending": words.pending(self.tongue),
            "elsewhere": ELSEWHERE,
        } | context
        answer = unseen(render(self.request, template, told, status=status))
        if self.tongue != self.request.COOKIES.get(TONGUE, self.lang):
            answer.set_cookie(
                TONGUE, self.tongue, samesite="Strict", httponly=True, secure=settings.SESSION_COOKIE_SECURE
            )
        return explained(answer) if status >= 400 else answer

    def go(self, name: str = "window", mark: str = "", **kwargs: object) -> HttpResponse:
        return unseen(HttpResponseRedirect(address(name, lang=self.lang, **kwargs) + mark))


def unseen(answer: HttpResponse) -> HttpResponse:
    """Kept by nobody, found by no search, and told to no other page."""
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"  # with none at all, a browser would not say whose a form is
    answer["X-Robots-Tag"] = "noindex"
    return answer


def at_the_window(*, inside: bool = True) -> Callable[[View], View]:
    """A view of a window: `view(guest, **parts of the address)`. `inside`: who is not in is led to the door."""

    def decorated(view: View) -> View:
        @sensitive_post_parameters()
        @sensitive_variables()
        @wraps(view)
        def opened(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
            guest = Guest(request, lang)
            if inside and guest.visit is None:
                return guest.go(mark="?closed=1" if COOKIE in request.COOKIES else "")
            return view(guest, **parts)

        return opened

    return decorated


def let_in(guest: Guest, word: str) -> HttpResponse:
    answer = guest.go()
    answer.set_cookie(
        COOKIE, word, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )  # for as long as the browser is open; the window itself ends sooner
    return answer


def let_out(guest: Guest, to: str) -> HttpResponse:
    window.leave(guest.request.COOKIES.get(COOKIE, ""))
    answer = unseen(HttpResponseRedirect(to))
    for name in (COOKIE, TONGUE):
        answer.delete_cookie(name, samesite="Strict")
    answer["Clear-Site-Data"] = '"cache"'
    return answer
