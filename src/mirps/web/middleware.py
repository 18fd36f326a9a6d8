"""Headers that every answer carries, and pages for answers that failed without one.

One constant policy, so no library is needed for it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

#: Nothing from another host, no inline script or style, no frame.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and _unexplained(request, response):
            response = _explained(request, response)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path_info.startswith("/static/"):
            # Any page of somebody who has signed in shows whose it is: no cache on the way keeps it.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class ReaderClock:
    """Moments are shown by the clock of the reader's State, or the region's. After the sign-in's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from mirps.base.notices.api import zone
        from mirps.web.jinja import country_of

        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            request.home_country = request.user.country  # type: ignore[attr-defined]
        with timezone.override(zone(country_of(request))):
            return self.get_response(request)


def _unexplained(request: HttpRequest, response: HttpResponse) -> bool:
    """A failure of a page that nothing has explained yet. The API explains its own."""
    return not request.path_info.startswith(("/api/", "/static/")) and not getattr(
        response, "explained", False
    )


def _explained(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    from mirps.web.pages.errors import error  # pages need the settings that this module is named in

    page = error(request, response.status_code)
    for kept in ("Allow", "Retry-After"):
        if kept in response:
            page[kept] = response[kept]
    return page
