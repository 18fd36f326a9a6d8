"""The registration desk that works with the line cut: its page, its parts, and the worker that keeps them.

Nothing here is anybody's own: page, parts and book are the same for everyone, so a browser may keep them.
Who works there is asked by sync.py.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.web.jinja import address
from mirps.web.pages.people import sync
from mirps.web.pages.people.desk_book import book
from mirps.web.pages.people.door import CAMERA

FOLDER = Path(__file__).resolve().parents[2] / "static" / "desk"
STATIC = FOLDER.parent
#: Not the desk's own, but its look rests on them.
SHARED = (
    "site/site.css",
    "site/mark.svg",
    "vendor/fonts/noto-sans-regular.woff2",
    "vendor/fonts/noto-sans-bold.woff2",
)
WORKER = "worker.js"


@require_safe
def page(request: HttpRequest, lang: str) -> HttpResponse:
    answer = HttpResponse(_page(lang))
    answer["Cache-Control"] = "private, no-cache"  # the pages' cache would lose the next line
    answer["Permissions-Policy"] = CAMERA["Permissions-Policy"]
    return answer


@require_safe
def the_book(request: HttpRequest, lang: str) -> HttpResponse:
    answer = HttpResponse(book(), content_type="application/json")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def worker(request: HttpRequest, lang: str) -> HttpResponse:
    """The service worker, with its version in front: another byte of any part makes another worker."""
    answer = HttpResponse(_worker(lang), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest, lang: str) -> HttpResponse:
    """What lets the desk be put on a device as an application, whose data a browser keeps longest."""
    start = address("desk", lang=lang)
    told = {
        "name": f"MIRPS: {say('desk.title', lang)}", "short_name": "MIRPS", "lang": lang, "start_url": start,
        "scope": start, "display": "standalone", "theme_color": "#0b3554", "background_color": "#ffffff",
        "icons": [{"src": _plain("site/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return HttpResponse(json.dumps(told), content_type="application/manifest+json")


@cache
def _page(lang: str) -> bytes:
    other = "en" if lang == "es" else "es"
    words = {
        "lang": lang, "other": other, "icon": _plain("site/mark.svg"), "script": _plain("desk/main.js"),
        "styles": [_plain("site/site.css"), _plain("desk/desk.css")],
    }  # fmt: skip
    return render_to_string("people/desk.html", words).encode()


@cache
def _worker(lang: str) -> str:
    held = parts(lang)
    version = hashlib.sha256(json.dumps(held).encode()).hexdigest()[:12]
    named = {"LANG": lang, "VERSION": version, "PARTS": held}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in named.items())
    return head + (FOLDER / WORKER).read_text(encoding="utf-8")


def parts(lang: str) -> dict[str, str]:
    """What the browser keeps, by address, each with its integrity (SHA-256)."""
    own = [
        f"desk/{p.name}" for p in sorted(FOLDER.iterdir()) if p.suffix in (".js", ".css") and p.name != WORKER
    ]
    held = {_plain(name): _integrity((STATIC / name).read_bytes()) for name in (*own, *SHARED)}
    return held | {
        address("desk", lang=lang): _integrity(_page(lang)),
        address("desk-book", lang=lang): _integrity(book()),
    }


def _plain(name: str) -> str:
    """A part's address without its content's mark: modules name each other so, and the worker proves them."""
    return f"{settings.STATIC_URL}{name}"


def _integrity(content: bytes) -> str:
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


patterns: list[URLPattern] = [
    path("people/desk/", page, name="desk"),
    path("people/desk/book.json", the_book, name="desk-book"),
    path("people/desk/worker.js", worker, name="desk-worker"),
    path("people/desk/app.webmanifest", manifest, name="desk-manifest"),
    *sync.patterns,
]
