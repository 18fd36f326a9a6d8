"""The door for other nodes (docs/exchange.md): a visit, what waits here for the visitor, and what it brings.

What is refused is told in both languages: {"why", "es", "en"}. A node is known by its signature over our challenge,
never by an account; where this process plays every node (MIRPS_NODE is not set) there is no door.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.texts.api import LANGUAGES, say
from mirps.sharing.exchange import api as exchange
from mirps.web.pages.page import explained, private, told
from mirps.web.pages.people.sync import durably
from mirps.web.pages.throttle import exceeded, spent

#: The time that counts here. Tests set nodes' clocks by it.
clock: Callable[[], Any] = timezone.now
#: What a visitor may say of how far it has come.
MOST_VISIT = 2 * 1024 * 1024
#: Visits that were not let in, of one address in five minutes.
TRIES, IN_SECONDS = 60, 300
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_BLOCK = 64 * 1024

View = Callable[..., HttpResponse]


def for_nodes(view: View) -> View:
    """A view whose every answer is for a node."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        if not settings.NODE:
            raise Http404
        if spent(request, "exchange", TRIES):
            return told(429, "exchange.refused.too-often")
        try:
            return private(view(request, **parts))
        except exchange.NotTaken as e:
            status = {"key": 401, "ticket": 401, "unknown": 403, "paused": 403}.get(e.why, 400)
            if e.why != "ticket" and not getattr(request, "let_in", False):
                exceeded(request, "exchange", TRIES, IN_SECONDS)
            return told(status, e.key, **e.values)
        except (OperationalError, OSError) as e:
            if isinstance(e, UnreadablePostError):
                return told(400, "exchange.refused.broken")
            return told(507, "exchange.refused.full")

    return answered


def for_visitors(view: View) -> View:
    """A view for a peer that was let in: `view(request, peer, **parts of the address)`."""

    @for_nodes
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        ticket = request.headers.get("Authorization", "").removeprefix("Bearer ")
        peer = exchange.visits.visitor(ticket)
        request.let_in = True  # type: ignore[attr-defined]  # a peer's faults are not a stranger's tries
        return view(request, peer, **parts)

    return answered


@require_safe
@for_nodes
def card(request: HttpRequest) -> HttpResponse:
    """Who this node is; to be believed once its fingerprint was compared by telephone."""
    return HttpResponse(exchange.card(exchange.current()) + "\n", content_type="application/jose")


@require_safe
@for_nodes
def challenge(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"challenge": exchange.visits.challenge()})


@require_POST
@for_nodes
def enter(request: HttpRequest) -> HttpResponse:
    text = request.read(MOST_VISIT + 1)
    if len(text) > MOST_VISIT:
        raise exchange.NotTaken("form")
    answer = exchange.visits.enter(text.decode("ascii", "replace"), at=clock())
    return HttpResponse(answer, content_type="application/jose")


@require_safe
@for_visitors
def out(request: HttpRequest, peer: exchange.Peer, stream: str, number: int) -> HttpResponse:
    """A package that waits here for the visitor, from the byte that it asks for."""
    return _ranged(request, exchange.visits.waiting_there(peer, stream, number, at=clock()))


@require_safe
@for_visitors
def own_numbers(request: HttpRequest, peer: exchange.Peer, stream: str) -> HttpResponse:
    since = request.GET.get("since", "1")
    numbers = exchange.visits.kept_of(
        peer, stream, int(since) if since.isdecimal() and len(since) < 10 else 1
    )
    return JsonResponse({"numbers": numbers})


@require_safe
@for_visitors
def own(request: HttpRequest, peer: exchange.Peer, stream: str, number: int) -> HttpResponse:
    """A package of the visitor's own, which it lost."""
    return _ranged(request, exchange.visits.given_back(peer, stream, number))


@require_http_methods(["GET", "PUT"])
@for_visitors
def into(request: HttpRequest, peer: exchange.Peer, digest: str) -> HttpResponse:
    """How much of a package is here; or the next part of it, and, once it is whole, what became of it."""
    if not _DIGEST.match(digest):
        raise exchange.NotTaken("form")
    if request.method == "GET":
        return JsonResponse({"have": exchange.visits.have(peer, digest)})
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isdecimal() or len(offset) > 12:
        raise exchange.NotTaken("form")
    try:
        with durably():
            became = exchange.visits.receive(peer, digest, int(offset), _blocks(request), at=clock())
    except exchange.visits.OutOfStep as e:
        return explained(JsonResponse({"have": e.have}, status=409))
    if isinstance(became, int):
        return JsonResponse({"have": became}, status=202)
    words = {lang: say(became.reason, lang, **became.values) for lang in LANGUAGES} if became.reason else {}
    status = 200 if became.state else 422
    return explained(JsonResponse({"state": became.state, "why": became.reason, **words}, status=status))


def _blocks(request: HttpRequest) -> Iterator[bytes]:
    """What is posted, as it comes: where the line breaks, what came until then was used."""
    while True:
        try:
            block = request.read(_BLOCK)
        except (UnreadablePostError, OSError):
            return
        if not block:
            return
        yield block


def _ranged(request: HttpRequest, data: bytes | None) -> HttpResponse:
    if data is None:
        raise Http404
    found = re.fullmatch(r"bytes=(\d{1,12})-", request.headers.get("Range", ""))
    since = int(found[1]) if found else 0
    if since == 0 or since > len(data):
        return HttpResponse(data, content_type="application/octet-stream")
    answer = HttpResponse(data[since:], status=206, content_type="application/octet-stream")
    answer["Content-Range"] = f"bytes {since}-{len(data) - 1}/{len(data)}"
    return answer


patterns: list[URLPattern] = [
    path("exchange/v1/card/", card, name="exchange-card"),
    path("exchange/v1/challenge/", challenge, name="exchange-challenge"),
    path("exchange/v1/enter/", enter, name="exchange-enter"),
    path("exchange/v1/out/<slug:stream>/<int:number>/", out, name="exchange-out"),
    path("exchange/v1/own/<slug:stream>/", own_numbers, name="exchange-own-numbers"),
    path("exchange/v1/own/<slug:stream>/<int:number>/", own, name="exchange-own"),
    path("exchange/v1/in/<slug:digest>/", into, name="exchange-in"),
]
