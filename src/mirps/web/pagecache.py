"""Public pages, kept until the ledger changes.

The key holds the ledger's version, so a change shows at once and nothing needs to be
thrown away by hand. Only anonymous GETs of public pages are kept; the body is kept
compressed, ready to send. An ETag lets a slow line answer with 304.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from mirps.evidence.figures import api as figures

#: What a process keeps, in bytes of compressed pages; the least lately read go first.
MOST_BYTES = 48 * 1024 * 1024
#: One page above this is not kept.
MOST_PAGE = 2 * 1024 * 1024
#: Below this a compressed body is no smaller in packets.
WORTH_COMPRESSING = 600
#: Addresses longer than this are made up by someone.
LONGEST_ADDRESS = 300
_TEXT = ("text/", "application/json", "application/xml", "image/svg+xml")

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    body: bytes
    encoding: str
    etag: str
    type: str
    language: str


class Shelved:
    """Pages by key, bounded by their bytes. Safe to use from several threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.bytes = 0
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: Key, page: Kept) -> None:
        if len(page.body) > MOST_PAGE:
            return
        with self._lock:
            old = self._pages.pop(key, None)
            self.bytes += len(page.body) - (len(old.body) if old else 0)
            self._pages[key] = page
            while self.bytes > self.most:
                _, gone = self._pages.popitem(last=False)
                self.bytes -= len(gone.body)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0


pages = Shelved()


class PublicPageCache:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        encoding = accepted(request.headers.get("Accept-Encoding", ""))
        if not public(request):
            return self._finished(request, self.get_response(request), encoding)
        # The version is read before the page is made: a page may be newer than its key, never older.
        now = timezone.now()
        token = figures.cache_token(now)
        request.ledger_token = token  # type: ignore[attr-defined] # so that the page need not read it again
        version = f"{token} {now:%j}"  # some pages say what holds today
        key = (request.get_full_path(), request.COOKIES.get("country", "")[:8], encoding, version)
        found = pages.get(key)
        if found is None:
            response = self.get_response(request)
            if not keepable(response):
                return self._finished(request, response, encoding)
            found = kept(response, encoding)
            pages.put(key, found)
        return answer(request, found)

    def _finished(self, request: HttpRequest, response: HttpResponse, encoding: str) -> HttpResponse:
        """A page that is not kept is compressed all the same (unless it streams or is a file's bytes)."""
        kind = response.get("Content-Type", "")
        if (
            not response.streaming
            and not response.has_header("Content-Encoding")
            and kind.startswith(_TEXT)
            and len(response.content) >= WORTH_COMPRESSING
            and encoding
        ):
            response.content = compressed(response.content, encoding)
            response["Content-Encoding"] = encoding
            response["Content-Length"] = str(len(response.content))
        patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        return response


def public(request: HttpRequest) -> bool:
    """Whether the answer is the same for everyone: a GET by somebody who has not signed in."""
    return (
        request.method in ("GET", "HEAD")
        and not {settings.SESSION_COOKIE_NAME, settings.WINDOW_COOKIE_NAME} & set(request.COOKIES)
        and request.path_info.startswith(("/es/", "/en/"))
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def keepable(response: HttpResponse) -> bool:
    control = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "private" not in control
        and "no-store" not in control
        and response.get("Content-Type", "").startswith("text/html")
    )


def accepted(header: str) -> str:
    """The best encoding that the reader takes: br, gzip, or none."""
    offered = {}
    for part in header[:200].lower().split(","):
        name, _, rest = part.partition(";")
        offered[name.strip()] = rest.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((e for e in ("br", "gzip") if offered.get(e)), "")


def compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5))
    return gzip.compress(body, 6, mtime=0)


def kept(response: HttpResponse, encoding: str) -> Kept:
    body = response.content
    if encoding and len(body) >= WORTH_COMPRESSING:
        body = compressed(body, encoding)
    else:
        encoding = ""
    mark = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Kept(body, encoding, f'"{mark}"', response["Content-Type"], response.get("Content-Language", ""))


def answer(request: HttpRequest, page: Kept) -> HttpResponse:
    response: HttpResponse
    if page.etag in [
        t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")
    ]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(page.body, content_type=page.type)
        if page.encoding:
            response["Content-Encoding"] = page.encoding
        response["Content-Length"] = str(len(page.body))
    response["ETag"] = page.etag
    # Kept by the reader's browser, asked about each time: a slow line gets a 304.
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response
