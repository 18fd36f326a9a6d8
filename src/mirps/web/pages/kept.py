"""Pages that a browser keeps for when there is no line: their parts, known by content, and the worker that keeps them.

Such a page is the same for everyone, so that a browser may keep it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse

STATIC = Path(__file__).resolve().parents[1] / "static"
#: What the house's look rests on, besides a page's own.
SHARED = ("site/mark.svg", "vendor/fonts/noto-sans-regular.woff2", "vendor/fonts/noto-sans-bold.woff2")
_WORKER = "site/keep-worker.js"


def plain(name: str) -> str:
    """A part's address without its content's mark: modules name each other so, and the worker proves them."""
    return f"{settings.STATIC_URL}{name}"


def integrity(content: bytes) -> str:
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def parts(*names: str) -> dict[str, str]:
    """Files of static by address, each with its integrity (SHA-256); those that all pages share too."""
    return {plain(n): integrity((STATIC / n).read_bytes()) for n in (*names, *SHARED)}


def worker(own: str, lang: str, held: dict[str, str], **named: str) -> str:
    """The service worker: what it keeps, with a version in front, and how it keeps; then the page's `own` text.
    Another byte of any part makes another worker."""
    version = hashlib.sha256(json.dumps(held).encode()).hexdigest()[:12]
    told = {"LANG": lang, "VERSION": version, "PARTS": held} | named
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    return head + "".join((STATIC / n).read_text(encoding="utf-8") for n in (_WORKER, own))


def asked_anew(content: bytes | str, sort: str) -> HttpResponse:
    """An answer that a browser asks for each time, and keeps."""
    answer = HttpResponse(content, content_type=sort)
    answer["Cache-Control"] = "no-cache"
    return answer


SCRIPT = "text/javascript; charset=utf-8"
