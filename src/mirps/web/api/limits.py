"""How much one network address may ask for in a minute.

django-ninja's own throttles keep the request's state on themselves, which threads share, and
take any X-Forwarded-For at its word; hence this one: a counter a minute in Django's cache.
With the cache in memory each server process counts for itself.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

WINDOW = 60  # seconds


class PerMinute(BaseThrottle):
    """At most `limit` requests of one kind from one address in each minute of the clock."""

    def __init__(self, scope: str, limit: int, clock: Callable[[], float] = time.time) -> None:
        self.scope = scope
        self.limit = limit
        self.clock = clock

    def allow_request(self, request: HttpRequest) -> bool:
        return self.admits(address(request))

    def admits(self, whose: str) -> bool:
        """Count one more request of theirs; whether it is within the limit."""
        minute = int(self.clock() // WINDOW)
        key = f"api-{self.scope}-{minute}-{hashlib.sha256(whose.encode()).hexdigest()[:24]}"
        cache.add(key, 0, timeout=2 * WINDOW)
        try:
            return cache.incr(key) <= self.limit
        except ValueError:  # dropped between the two: the cache is full, and nobody is kept out for it
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return max(1.0, WINDOW - self.clock() % WINDOW)


def address(request: HttpRequest) -> str:
    """The reader's network address. Behind our own TLS proxy, the last hop that the proxy itself wrote."""
    if settings.SECURE_PROXY_SSL_HEADER:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        return hops[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
    return str(request.META.get("REMOTE_ADDR", ""))


READ = PerMinute("read", 240)
EXPORT = PerMinute("export", 30)
