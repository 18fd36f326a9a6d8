"""The registration desk that works with the line cut: its page, its parts, and the worker that keeps them.

Nothing here is anybody's own: page, parts and book are the same for everyone, so a browser may keep them.
Who works there is asked by sync.py.
"""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.web.jinja import address
from mirps.web.pages import kept
from mirps.web.pages.kept import plain
from mirps.web.pages.people import sync
from mirps.web.pages.people.desk_book import book
from mirps.web.pages.people.door import CAMERA

FOLDER = kept.STATIC / "desk"
WORKER = "worker.js"


@require_safe
def page(request: HttpRequest, lang: str) -> HttpResponse:
    answer = HttpResponse(_page(lang))
    answer["Cache-Control"] = "private, no-cache"  # the pages' cache would lose the next line
    answer["Permissions-Policy"] = CAMERA["Permissions-Policy"]
    return answer


@require_safe
def the_book(request: HttpRequest, lang: str) -> HttpResponse:
    return kept.asked_anew(book(), "application/json")


@require_safe
def worker(request: HttpRequest, lang: str) -> HttpResponse:
    return kept.asked_anew(_worker(lang), kept.SCRIPT)


@require_safe
def manifest(request: HttpRequest, lang: str) -> HttpResponse:
    """What lets the desk be put on a device as an application, whose data a browser keeps longest."""
    start = address("desk", lang=lang)
    told = {
        "name": f"MIRPS: {say('desk.title', lang)}", "short_name": "MIRPS", "lang": lang, "start_url": start,
        "scope": start, "display": "standalone", "theme_color": "#0b3554", "background_color": "#ffffff",
        "icons": [{"src": plain("site/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return HttpResponse(json.dumps(told), content_type="application/manifest+json")


@cache
def _page(lang: str) -> bytes:
    other = "en" if lang == "es" else "es"
    words = {
        "lang": lang, "other": other, "icon": plain("site/mark.svg"), "script": plain("desk/main.js"),
        "styles": [plain("site/site.css"), plain("desk/desk.css")],
    }  # fmt: skip
    return render_to_string("people/desk.html", words).encode()


@cache
def _worker(lang: str) -> str:
    return kept.worker(f"desk/{WORKER}", lang, parts(lang))


def parts(lang: str) -> dict[str, str]:
    """What the browser keeps, by address, each with its integrity (SHA-256)."""
    own = [
        f"desk/{p.name}" for p in sorted(FOLDER.iterdir()) if p.suffix in (".js", ".css") and p.name != WORKER
    ]
    return kept.parts(*own, "site/site.css") | {
        address("desk", lang=lang): kept.integrity(_page(lang)),
        address("desk-book", lang=lang): kept.integrity(book()),
    }


patterns: list[URLPattern] = [
    path("people/desk/", page, name="desk"),
    path("people/desk/book.json", the_book, name="desk-book"),
    path("people/desk/worker.js", worker, name="desk-worker"),
    path("people/desk/app.webmanifest", manifest, name="desk-manifest"),
    *sync.patterns,
]
