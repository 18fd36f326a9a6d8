"""How a page is made: its template, its reader, and what the shelf holds for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from mirps.base.texts.api import LANGUAGES, say
from mirps.sharing.portal import queries
from mirps.sharing.portal.shelf import Shelf
from mirps.web.jinja import language_of, locale_of
from mirps.web.said import in_language


class Reader:
    """Who reads, and what of the ledger: what every view needs."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.lang = language_of(request)
        self.locale = locale_of(request)
        self.now = timezone.now()
        self.shelf: Shelf = queries.shelf(self.now, getattr(request, "ledger_token", ""))

    def lines(self, entries: Any) -> list[Any]:
        return [self.shelf.line(e, self.lang, self.locale) for e in entries]


def page(request: HttpRequest, template: str, status: int = 200, /, **context: Any) -> HttpResponse:
    return render(request, in_language(template, language_of(request)), context, status=status)


def private(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of every cache: it is for one person or one moment."""
    response["Cache-Control"] = "private, no-store"
    return response


def explained(response: HttpResponse) -> HttpResponse:
    """Mark an error answer that already says what happened and what helps."""
    response.explained = True  # type: ignore[attr-defined]
    return response


def told(status: int, key: str, /, **values: object) -> HttpResponse:
    """What another program is answered where it is refused: {"why", "es", "en"}."""
    words = {lang: say(key, lang, **values) for lang in LANGUAGES}
    return explained(private(JsonResponse({"why": key, **words}, status=status)))
